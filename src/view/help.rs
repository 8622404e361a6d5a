//! The help page: the key table in words, and what the marks of the screen mean.

use crate::input::{Binding, COMMANDS, CommandRow, Group, Keymap};

/// One line of the page.
#[derive(Debug, Clone, Copy)]
pub enum HelpLine<'a> {
    /// Between two groups.
    Empty,
    /// What the lines below are good for.
    Heading(&'static str),
    /// Keys of one meaning.
    Keys(&'a [Binding]),
    /// A command.
    Command(&'static CommandRow),
    /// A mark, and what it means.
    Mark(&'static str, &'static str),
}

/// What stands on the screen without a word beside it.
const MARKS: &[(&str, &str)] = &[
    ("2/5", "on the second of five attempts"),
    ("+3", "three more were suspended or awaited, and do not count"),
    ("!", "the log did something to the run that it may not do"),
    ("~", "the log was joined late: what came before is not known"),
    ("?", "the log does not say, or a clock lies"),
    ("\u{25c6}", "marked: what c asks about"),
    ("RO", "read-only: nothing can be sent"),
    ("#182,233", "the sequence of the last event that was applied"),
    ("+12,403", "while paused: lines that were read and wait"),
];

/// The whole page, from top to bottom.
pub fn lines(keymap: &Keymap) -> impl Iterator<Item = HelpLine<'_>> {
    let keys = Group::ALL.into_iter().flat_map(move |group| {
        let heading = [HelpLine::Empty, HelpLine::Heading(group.label())];
        heading.into_iter().chain(keymap.entries(group).map(HelpLine::Keys))
    });
    let marks = MARKS.iter().map(|(mark, words)| HelpLine::Mark(mark, words));
    let commands = COMMANDS.iter().map(HelpLine::Command);
    keys.skip(1)
        .chain([HelpLine::Empty, HelpLine::Heading("Commands")])
        .chain(commands)
        .chain([HelpLine::Empty, HelpLine::Heading("Marks")])
        .chain(marks)
}
