//! The help page: the key table in words, and the meaning of the signs on the screen.

use super::Fold;
use super::arrange::Direction;
use super::detail::Stroke;
use crate::input::{Binding, COMMANDS, CommandRow, KeyGroup, Keymap};
use crate::model::states::StateTable;

/// One line of the page.
#[derive(Debug, Clone, Copy)]
pub enum HelpLine<'a> {
    /// A blank line between two groups.
    Empty,
    /// The title of the lines below.
    Heading(&'static str),
    /// Keys of one meaning.
    Keys(&'a [Binding]),
    /// A command.
    Command(&'static CommandRow),
    /// A mark, and its meaning.
    Mark(&'static str, &'static str),
    /// A fact that the log tells, or does not.
    Told(&'static str),
    /// A graphic sign, and its meaning.
    Sign(Sign, &'static str),
}

/// A graphic sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// One of the page of a run, or of a state.
    Drawn(Stroke),
    /// The fold of a section: all of its runs, none, or some.
    Fold(Fold),
    /// The mark of a run.
    Marked,
    /// An order: ascending or descending.
    Order(Direction),
    /// Trouble on the time line, from little to much.
    Trouble,
    /// The instant of the view on the time line.
    Here,
    /// A movement through the past.
    Course(HelpTopic),
}

/// A movement through the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words are beside each")]
pub enum HelpTopic {
    Playing,
    Going,
    Still,
}

/// Texts on the screen that have no word beside them.
const MARKS: &[(&str, &str)] = &[
    ("2/5", "on the second of five attempts"),
    ("+3", "three more were suspended or awaited, and do not count"),
    ("!", "the log did something to the run that it may not do"),
    ("~", "the log was joined late: what came before is not known"),
    ("?", "the log does not say, or a clock lies"),
    ("RO", "read-only: nothing can be sent"),
    ("#182,233", "the sequence of the last event that was applied"),
    ("+12,403", "while paused: lines that were read and wait"),
    ("12.4k  3M", "12,400 and more, 3 million and more: in short"),
    ("44 ev/s", "events a second, as the queue writes them"),
];

/// Graphic signs, and their meaning.
const SIGNS: &[(Sign, &str)] = &[
    (Sign::Drawn(Stroke::Lapse), "timeout: an attempt, a lease or a wait ran out of time"),
    (Sign::Marked, "marked: what c asks about"),
    (Sign::Fold(Fold::Open), "a section with its runs"),
    (Sign::Fold(Fold::Closed), "a section whose runs are not shown"),
    (Sign::Fold(Fold::Peek), "there are more, or a text is cut"),
    (Sign::Order(Direction::Up), "the least first; on a page: there is more above"),
    (Sign::Order(Direction::Down), "the most first; on a page: there is more below"),
    (Sign::Drawn(Stroke::Bar), "time in a state; runs in proportion; how much was read"),
    (Sign::Drawn(Stroke::Brief), "too short for the scale, drawn longer"),
    (Sign::Drawn(Stroke::Ahead), "still to come"),
    (Sign::Drawn(Stroke::Break), "the sides of a quiet stretch that is drawn short"),
    (Sign::Drawn(Stroke::Thin), "an attempt, a lease, or the axis"),
    (Sign::Drawn(Stroke::Begin), "a lease begins"),
    (Sign::Drawn(Stroke::Beat), "a heartbeat of it"),
    (Sign::Drawn(Stroke::End), "it ends"),
    (Sign::Drawn(Stroke::Tick), "when the time below it was"),
    (Sign::Drawn(Stroke::Here), "the event, or the instant, that is looked at"),
    (Sign::Drawn(Stroke::Hair), "the same in the lanes above"),
    (Sign::Trouble, "failures and problems, from few to many"),
    (Sign::Here, "the instant at hand on the time line"),
    (Sign::Course(HelpTopic::Playing), "the past is played"),
    (Sign::Course(HelpTopic::Going), "on the way to another instant"),
    (Sign::Course(HelpTopic::Still), "the past, not playing"),
];

/// Yields the lines of the page, from top to bottom: first what the log tells, where that is to be said.
pub fn lines<'a>(
    keymap: &'a Keymap,
    states: &'static StateTable,
    tells: &'static [String],
) -> impl Iterator<Item = HelpLine<'a>> {
    let heading = [HelpLine::Empty, HelpLine::Heading("This log")];
    let heading = heading.into_iter().filter(|_| !tells.is_empty());
    let told = heading.chain(tells.iter().map(|line| HelpLine::Told(line)));
    let keys = KeyGroup::ALL.into_iter().flat_map(move |group| {
        let heading = [HelpLine::Empty, HelpLine::Heading(group.label())];
        heading.into_iter().chain(keymap.entries(group).map(HelpLine::Keys))
    });
    let sign = |state| HelpLine::Sign(Sign::Drawn(Stroke::Sign(state)), states.meaning(state));
    let states = states.listed().map(sign);
    let signs = SIGNS.iter().map(|(sign, words)| HelpLine::Sign(*sign, words));
    let marks = MARKS.iter().map(|(mark, words)| HelpLine::Mark(mark, words));
    let ids =
        HelpLine::Mark("\u{2026}d4e5f6a7", "the end of an id, as others begin alike: id:d4e5f6a7 finds it");
    let commands = COMMANDS.iter().map(HelpLine::Command);
    told.chain(keys)
        .skip(1)
        .chain([HelpLine::Empty, HelpLine::Heading("Commands")])
        .chain(commands)
        .chain([HelpLine::Empty, HelpLine::Heading("Marks")])
        .chain(marks)
        .chain([ids, HelpLine::Empty, HelpLine::Heading("Signs")])
        .chain(states)
        .chain(signs)
}
