//! The key table: a row a key, with where it holds, what it means and how the help page says so.
//!
//! These rows are the default of a [`Keymap`], which a user may rebind. The dispatcher, the footer, the
//! help page and the README read a keymap; nothing else names a key.

mod modes;
mod rebind;
impl Key {
    /// The key with this label, if the table has it.
    #[must_use]
    pub fn named(label: &str) -> Option<Self> {
        KEYMAP.iter().map(|binding| binding.key).find(|key| key.label() == label)
    }
}

#[cfg(test)]
mod tests;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};

use super::Action::{self, *};
use super::key::{Key, alt, ch, ctrl, held, key};

pub use modes::Modes;
pub use rebind::{KeymapFault, Rebinding};

/// Part of the screen that receives the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The panes.
    Board,
    /// One run, whole.
    Detail,
    /// The problems of the log.
    Problems,
    /// One problem with its line of the log.
    Line,
    /// The help page.
    Help,
    /// The drawings of the queue's life.
    Charts,
    /// Differences from an instant that was marked.
    Changes,
    /// Outcome of each cancel.
    Ledger,
    /// The question whether to cancel a run.
    Dialog,
    /// The question whether to cancel many, which is answered with their number first.
    Count,
    /// The question which instant to go to.
    Prompt,
    /// The query that narrows what is shown, while it is typed.
    Find,
    /// A command, while it is typed.
    Command,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 13] = [
        Self::Board,
        Self::Detail,
        Self::Problems,
        Self::Line,
        Self::Help,
        Self::Charts,
        Self::Changes,
        Self::Ledger,
        Self::Dialog,
        Self::Count,
        Self::Prompt,
        Self::Find,
        Self::Command,
    ];
}

impl Mode {
    /// Returns true if letters are typed in it.
    #[must_use]
    pub const fn is_typed(self) -> bool {
        matches!(self, Self::Prompt | Self::Find | Self::Command)
    }

    /// Returns true if a letter is typed in it: any one, or a digit where a number is asked for.
    #[must_use]
    pub const fn takes(self, letter: char) -> bool {
        self.is_typed() || matches!(self, Self::Count) && letter.is_ascii_digit()
    }

    /// Returns the name used in a config file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::Detail => "detail",
            Self::Problems => "problems",
            Self::Line => "line",
            Self::Help => "help",
            Self::Charts => "charts",
            Self::Changes => "changes",
            Self::Ledger => "ledger",
            Self::Dialog => "dialog",
            Self::Count => "count",
            Self::Prompt => "prompt",
            Self::Find => "find",
            Self::Command => "command",
        }
    }
}

/// Groups of keys: the headings of the help page, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyGroup {
    /// Going from row to row.
    Move,
    /// Going from pane to pane and from page to page.
    Look,
    /// Narrowing what is shown, and putting it in order.
    Find,
    /// Following, and what is wrong.
    Watch,
    /// Going to other instants.
    Time,
    /// Canceling.
    Cancel,
    /// The program itself.
    Program,
}

impl KeyGroup {
    /// Every group, in the order of the help page.
    pub const ALL: [Self; 7] =
        [Self::Move, Self::Look, Self::Find, Self::Watch, Self::Time, Self::Cancel, Self::Program];

    /// Its heading.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Look => "Look",
            Self::Find => "Find",
            Self::Watch => "Watch",
            Self::Time => "Time",
            Self::Cancel => "Cancel",
            Self::Program => "Program",
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// The key.
    pub key: Key,
    /// Where it holds.
    pub modes: Modes,
    /// Action it triggers.
    pub action: Action,
    /// Purpose, for the help page. Adjacent rows with the same words are one entry there.
    pub help: &'static str,
    /// Under which heading.
    pub group: KeyGroup,
    /// One word for the footer, where the key deserves a place in it.
    pub hint: Option<&'static str>,
}

const ALL: &[Mode] = &Mode::ALL;
const PAGES: &[Mode] = &[
    Mode::Board,
    Mode::Detail,
    Mode::Problems,
    Mode::Line,
    Mode::Charts,
    Mode::Changes,
    Mode::Ledger,
    Mode::Help,
];
const VIEWS: &[Mode] =
    &[Mode::Board, Mode::Detail, Mode::Problems, Mode::Line, Mode::Charts, Mode::Changes, Mode::Ledger];
const PROBLEMS: &[Mode] = &[Mode::Problems];
const LINE: &[Mode] = &[Mode::Line];
const RUNS: &[Mode] = &[Mode::Board, Mode::Detail];
const DETAIL: &[Mode] = &[Mode::Detail];
const BOARD: &[Mode] = &[Mode::Board];
const INNER: &[Mode] =
    &[Mode::Detail, Mode::Problems, Mode::Line, Mode::Charts, Mode::Changes, Mode::Ledger, Mode::Help];
const DIALOG: &[Mode] = &[Mode::Dialog, Mode::Count];
const COUNT: &[Mode] = &[Mode::Count];
const PROMPT: &[Mode] = &[Mode::Prompt];
const TYPED: &[Mode] = &[Mode::Prompt, Mode::Find, Mode::Command];
/// Those, and the number that a question about many runs is answered with.
const EDITED: &[Mode] = &[Mode::Prompt, Mode::Find, Mode::Command, Mode::Count];
const RECALLED: &[Mode] = &[Mode::Find, Mode::Command];
const FIND: &[Mode] = &[Mode::Find];
const COMMAND: &[Mode] = &[Mode::Command];
const HELP: &[Mode] = &[Mode::Help];

use KeyGroup::{Cancel, Look, Move, Program, Time, Watch};

const AT_CARET: &str = "where text is typed: take the letter at the caret away";
const TO_START: &str = "where text is typed: take letters back to the start of the word";
const TO_END: &str = "where text is typed: take letters away to the end of the word";
const WORD_LEFT: &str = "where text is typed: to the start of the word";
const WORD_RIGHT: &str = "where text is typed: to the end of the word";

/// The default keys.
pub const KEYMAP: &[Binding] = &[
    bind(Move, ch('j'), PAGES, Down, "next row, or scroll down"),
    bind(Move, key(KeyCode::Down), PAGES, Down, "next row, or scroll down"),
    bind(Move, ch('k'), PAGES, Up, "row before, or scroll up"),
    bind(Move, key(KeyCode::Up), PAGES, Up, "row before, or scroll up"),
    bind(Move, ctrl('d'), PAGES, PageDown, "half a page down"),
    bind(Move, key(KeyCode::PageDown), PAGES, PageDown, "half a page down"),
    bind(Move, ctrl('u'), PAGES, PageUp, "half a page up"),
    bind(Move, key(KeyCode::PageUp), PAGES, PageUp, "half a page up"),
    bind(Move, ch('g'), PAGES, Top, "first row"),
    bind(Move, ch('G'), PAGES, Bottom, "last row"),
    bind(Move, ch('l'), BOARD, NextSection, "next state"),
    bind(Move, key(KeyCode::Right), BOARD, NextSection, "next state"),
    bind(Move, ch('h'), BOARD, PreviousSection, "state before"),
    bind(Move, key(KeyCode::Left), BOARD, PreviousSection, "state before"),
    bind(Look, key(KeyCode::Enter), BOARD, Open, "details of a run; open or fold a state").hint("details"),
    bind(Look, key(KeyCode::Enter), PROBLEMS, Open, "on a problem: its line of the log").hint("line"),
    bind(Look, key(KeyCode::Enter), LINE, Open, "on the line of a problem: details of its run").hint("run"),
    bind(Look, key(KeyCode::Esc), PAGES, Back, "back; never quits"),
    bind(Look, key(KeyCode::Tab), VIEWS, NextPane, "next pane").hint("pane"),
    bind(Look, key(KeyCode::BackTab), VIEWS, PreviousPane, "pane before"),
    bind(Look, ch('1'), VIEWS, Pane(1), "runs by state"),
    bind(Look, ch('2'), VIEWS, Pane(2), "attempts"),
    bind(Look, ch('3'), VIEWS, Pane(3), "runs on hold: suspended and awaiting ones"),
    bind(Look, ch('4'), VIEWS, Pane(4), "problems of the log"),
    bind(Look, ch('5'), VIEWS, Pane(5), "charts of the queue's life"),
    bind(
        Look,
        ch('n'),
        DETAIL,
        NextEvent,
        "on a run's page: select the next event, whose line is shown whole",
    )
    .hint("next event"),
    bind(Look, ch('p'), DETAIL, PreviousEvent, "on a run's page: select the event before"),
    bind(Look, ch('z'), BOARD, Zoom, "this pane alone, or all of them"),
    bind(KeyGroup::Find, ch('/'), VIEWS, Find, "type a query: show only the runs that it finds").hint("find"),
    bind(KeyGroup::Find, key(KeyCode::Enter), FIND, Accept, "in a query: keep it").hint("keep"),
    bind(KeyGroup::Find, key(KeyCode::Esc), FIND, Keep, "in a query: back to the one before").hint("back"),
    bind(KeyGroup::Find, key(KeyCode::Tab), RECALLED, Complete, "where text is typed: complete it")
        .hint("complete"),
    bind(KeyGroup::Find, key(KeyCode::Up), RECALLED, Older, "where text is typed: what was typed before"),
    bind(KeyGroup::Find, ctrl('p'), RECALLED, Older, "where text is typed: what was typed before"),
    bind(
        KeyGroup::Find,
        key(KeyCode::Down),
        RECALLED,
        Newer,
        "where text is typed: what was typed after that",
    ),
    bind(KeyGroup::Find, ctrl('n'), RECALLED, Newer, "where text is typed: what was typed after that"),
    bind(KeyGroup::Find, key(KeyCode::Backspace), TYPED, Erase, "where text is typed: take a letter back"),
    bind(KeyGroup::Find, key(KeyCode::Delete), TYPED, Delete, AT_CARET),
    bind(KeyGroup::Find, ctrl('d'), TYPED, Delete, AT_CARET),
    bind(
        KeyGroup::Find,
        ctrl('w'),
        EDITED,
        EraseWord,
        "where text is typed: take a word back, to the blank before it",
    ),
    bind(KeyGroup::Find, alt(KeyCode::Backspace), EDITED, ErasePart, TO_START),
    bind(KeyGroup::Find, alt(KeyCode::Char('d')), TYPED, DeletePart, TO_END),
    bind(KeyGroup::Find, ctrl('u'), EDITED, EraseLine, "where text is typed: take all back up to the caret"),
    bind(
        KeyGroup::Find,
        ctrl('k'),
        TYPED,
        EraseRest,
        "where text is typed: take all away that follows the caret",
    ),
    bind(KeyGroup::Find, key(KeyCode::Left), TYPED, CaretLeft, "where text is typed: a letter to the left"),
    bind(KeyGroup::Find, ctrl('b'), TYPED, CaretLeft, "where text is typed: a letter to the left"),
    bind(
        KeyGroup::Find,
        key(KeyCode::Right),
        TYPED,
        CaretRight,
        "where text is typed: a letter to the right",
    ),
    bind(KeyGroup::Find, ctrl('f'), TYPED, CaretRight, "where text is typed: a letter to the right"),
    bind(KeyGroup::Find, held(KeyCode::Left), TYPED, CaretWordLeft, WORD_LEFT),
    bind(KeyGroup::Find, alt(KeyCode::Char('b')), TYPED, CaretWordLeft, WORD_LEFT),
    bind(KeyGroup::Find, held(KeyCode::Right), TYPED, CaretWordRight, WORD_RIGHT),
    bind(KeyGroup::Find, alt(KeyCode::Char('f')), TYPED, CaretWordRight, WORD_RIGHT),
    bind(KeyGroup::Find, key(KeyCode::Home), TYPED, CaretStart, "where text is typed: to its start"),
    bind(KeyGroup::Find, ctrl('a'), TYPED, CaretStart, "where text is typed: to its start"),
    bind(KeyGroup::Find, key(KeyCode::End), TYPED, CaretEnd, "where text is typed: to its end"),
    bind(KeyGroup::Find, ctrl('e'), TYPED, CaretEnd, "where text is typed: to its end"),
    bind(KeyGroup::Find, ch('s'), BOARD, NextSort, "sort by the next column"),
    bind(KeyGroup::Find, ch('S'), BOARD, PreviousSort, "sort by the column before"),
    bind(KeyGroup::Find, ch('i'), BOARD, InvertSort, "turn the order round"),
    bind(KeyGroup::Find, ch('o'), BOARD, NextGrouping, "group by state, by task, by owner, or not at all"),
    bind(KeyGroup::Find, ch(':'), VIEWS, Command, "a command by its name, for all that has no key"),
    bind(KeyGroup::Find, key(KeyCode::Enter), COMMAND, Accept, "a command: do it").hint("do it"),
    bind(KeyGroup::Find, key(KeyCode::Esc), COMMAND, Keep, "a command: leave it").hint("leave it"),
    bind(Watch, ch(' '), VIEWS, Pause, "freeze the view, or go on; in the past, play or stop").hint("pause"),
    bind(Watch, ch('f'), VIEWS, Follow, "stay at the live edge; from the past, return to it").hint("follow"),
    bind(Watch, ch('e'), VIEWS, NextProblem, "next problem of the log; in the past, also the next failure")
        .hint("problems"),
    bind(Watch, ch('E'), VIEWS, PreviousProblem, "the problem before, or the failure"),
    bind(Cancel, ch('m'), BOARD, MarkRun, "mark the run, or take its mark away").hint("mark"),
    bind(Cancel, ch('v'), BOARD, MarkRange, "mark a range: from here to where it is pressed again"),
    bind(Cancel, ch('M'), BOARD, MarkAll, "mark every run that the query shows, or none"),
    bind(
        Cancel,
        ch('c'),
        RUNS,
        CancelRun,
        "ask the engine to cancel the marked runs, else this one, after a question",
    )
    .hint("cancel"),
    bind(Cancel, ch('y'), DIALOG, Confirm, "in the question: cancel the run").hint("Cancel run"),
    bind(Cancel, key(KeyCode::Backspace), COUNT, Erase, "in the question about many: take a digit back"),
    bind(Cancel, ch('n'), DIALOG, Keep, "in the question: keep it running").hint("Keep running"),
    bind(Cancel, key(KeyCode::Esc), DIALOG, Keep, "in the question: keep it running"),
    bind(Cancel, key(KeyCode::Enter), DIALOG, Keep, "in the question: keep it running"),
    bind(Cancel, ch('q'), DIALOG, Keep, "in the question: keep it running"),
    bind(Time, ch(','), VIEWS, StepBack, "one event back").hint("back"),
    bind(Time, ch('.'), VIEWS, StepForward, "one event on"),
    bind(Time, ch('{'), VIEWS, PreviousOfRun, "the event before of the run under the cursor"),
    bind(Time, ch('}'), VIEWS, NextOfRun, "the next event of the run under the cursor"),
    bind(Time, ch('['), VIEWS, MinuteBack, "a minute back"),
    bind(Time, ch(']'), VIEWS, MinuteForward, "a minute on"),
    bind(Time, key(KeyCode::Home), VIEWS, Start, "the start of the log; in the present, the first row"),
    bind(Time, key(KeyCode::Home), HELP, Top, "the start of the log; in the present, the first row"),
    bind(Time, key(KeyCode::End), VIEWS, End, "the end of the log; in the present, the last row"),
    bind(Time, key(KeyCode::End), HELP, Bottom, "the end of the log; in the present, the last row"),
    bind(Time, ch('b'), VIEWS, GoTo, "go to an instant: #182233, 14:03:10, -5m").hint("go to"),
    bind(Time, key(KeyCode::Enter), PROMPT, Accept, "in the question where to: go there").hint("go there"),
    bind(Time, key(KeyCode::Esc), PROMPT, Keep, "in the question where to: stay here").hint("stay here"),
    bind(Time, ch('D'), VIEWS, Mark, "mark this instant").hint("mark time"),
    bind(Time, ch('d'), VIEWS, Changes, "what is different from the instant that was marked, or left alone")
        .hint("changes"),
    bind(Time, ch('+'), VIEWS, Faster, "play faster, up to 10,000 seconds a second and as fast as it goes"),
    bind(Time, ch('='), VIEWS, Faster, "play faster, up to 10,000 seconds a second and as fast as it goes"),
    bind(Time, ch('-'), VIEWS, Slower, "play slower"),
    bind(Look, ch('y'), RUNS, CopyId, "copy the id of the run"),
    bind(Look, ch('Y'), RUNS, CopyRow, "copy the run as JSON"),
    bind(Program, key(KeyCode::F(2)), VIEWS, Mouse, "use the mouse here, or leave it to the terminal"),
    bind(Program, ch('?'), PAGES, Help, "the keys and the marks, or back").hint("help"),
    bind(Program, ch('q'), BOARD, Leave, "back; from the panes, quit").hint("quit"),
    bind(Program, ch('q'), INNER, Leave, "back; from the panes, quit").hint("back"),
    bind(Program, ctrl('c'), ALL, Quit, "quit, wherever you are"),
    bind(Program, ctrl('l'), ALL, Redraw, "paint the whole screen again"),
    bind(Program, ctrl('z'), ALL, Suspend, "go to the background"),
];

const fn bind(
    group: KeyGroup,
    key: Key,
    modes: &'static [Mode],
    action: Action,
    help: &'static str,
) -> Binding {
    Binding { key, modes: Modes::of(modes), action, help, group, hint: None }
}

impl Binding {
    const fn hint(self, word: &'static str) -> Self {
        Self { hint: Some(word), ..self }
    }
}

/// The keys in use: those of the table, or others that the user has bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    rows: Vec<Binding>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self { rows: KEYMAP.to_vec() }
    }
}

impl Keymap {
    /// Finds the action of a key in a mode. A release means nothing, and a key that is held down only repeats
    /// what may repeat.
    #[must_use]
    pub fn action(&self, event: &KeyEvent, mode: Mode) -> Option<Action> {
        let action = self.meaning(Key::of(event)?, mode)?;
        match event.kind {
            KeyEventKind::Press => Some(action),
            KeyEventKind::Repeat => action.repeats().then_some(action),
            KeyEventKind::Release => None,
        }
    }

    /// Finds the action of a key in a mode, or else of the key at its place on an English keyboard.
    fn meaning(&self, key: Key, mode: Mode) -> Option<Action> {
        let letter = |key: Key| key.letter().filter(|c| mode.takes(*c)).map(Type);
        let own = self.lookup(key, mode).or_else(|| letter(key));
        let own = own.or_else(|| self.lookup(key.twin()?, mode));
        own.or_else(|| {
            let there = key.at_place()?;
            // A yes is never guessed.
            self.lookup(there, mode).filter(|action| *action != Confirm).or_else(|| letter(there))
        })
    }

    /// Explains to the user why a letter of another script does nothing.
    #[must_use]
    pub fn why_nothing(&self, event: &KeyEvent, mode: Mode) -> Option<String> {
        let key = Key::of(event).filter(|_| event.kind == KeyEventKind::Press)?;
        let letter = key.foreign()?;
        let confirms = key.at_place().is_some_and(|there| self.lookup(there, mode) == Some(Confirm));
        let words = match (self.label(Confirm, mode), self.label(Help, mode)) {
            (Some(yes), _) if confirms => format!("only `{yes}` answers yes"),
            (_, Some(help)) => format!("`{letter}` is no key: Latin letters are keys, {help} shows them"),
            (_, None) => format!("`{letter}` is no key here: Latin letters are keys"),
        };
        Some(words)
    }

    /// Finds the action of a key in a mode, when it is pressed once.
    #[must_use]
    pub fn lookup(&self, key: Key, mode: Mode) -> Option<Action> {
        self.in_mode(mode).find(|binding| binding.key == key).map(|binding| binding.action)
    }

    /// The rows that hold in a mode.
    pub fn in_mode(&self, mode: Mode) -> impl Iterator<Item = &Binding> {
        self.rows.iter().filter(move |binding| binding.modes.has(mode))
    }

    /// The first key of an action in a mode, as it is called on the screen; none where it has none.
    #[must_use]
    pub fn label(&self, action: Action, mode: Mode) -> Option<String> {
        self.in_mode(mode)
            .find(|binding| binding.action == action)
            .map(|binding| binding.key.label().into_owned())
    }

    /// The rows of a group, with the keys of one meaning together: an entry of the help page each.
    pub fn entries(&self, group: KeyGroup) -> impl Iterator<Item = &[Binding]> {
        self.rows
            .chunk_by(|a, b| a.help == b.help && a.group == b.group)
            .filter(move |rows| rows[0].group == group)
    }
}
