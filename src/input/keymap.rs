//! The key table: a row a key, with where it holds, what it means and how the help page says so.
//!
//! The dispatcher, the footer, the help page and the README read these rows; nothing else names a key. The only
//! file besides the terminal's own that knows crossterm.

use std::borrow::Cow;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::Action::{self, *};

/// What the keys talk to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The panes.
    Board,
    /// One run, whole.
    Detail,
    /// The problems of the log.
    Problems,
    /// The help page.
    Help,
    /// The drawings of the queue's life.
    Charts,
    /// What is different from an instant that was marked.
    Changes,
    /// What became of each cancel.
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
    pub const ALL: [Self; 12] = [
        Self::Board,
        Self::Detail,
        Self::Problems,
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
    /// Whether letters are typed in it.
    #[must_use]
    pub const fn is_typed(self) -> bool {
        matches!(self, Self::Prompt | Self::Find | Self::Command)
    }
}

/// What a key is good for: the headings of the help page, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
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

impl Group {
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

/// A key, with Ctrl or without. Letters are case-sensitive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    ctrl: bool,
}

/// One row of the table.
#[derive(Debug)]
pub struct Binding {
    /// The key.
    pub key: Key,
    /// Where it holds.
    pub modes: &'static [Mode],
    /// What it means.
    pub action: Action,
    /// What it does, for the help page. Rows in a row with the same words are one entry there.
    pub help: &'static str,
    /// Under which heading.
    pub group: Group,
    /// One word for the footer, where the key deserves a place in it.
    pub hint: Option<&'static str>,
}

const ALL: &[Mode] = &Mode::ALL;
const PAGES: &[Mode] =
    &[Mode::Board, Mode::Detail, Mode::Problems, Mode::Charts, Mode::Changes, Mode::Ledger, Mode::Help];
const VIEWS: &[Mode] =
    &[Mode::Board, Mode::Detail, Mode::Problems, Mode::Charts, Mode::Changes, Mode::Ledger];
const LISTS: &[Mode] = &[Mode::Board, Mode::Problems];
const RUNS: &[Mode] = &[Mode::Board, Mode::Detail];
const DETAIL: &[Mode] = &[Mode::Detail];
const BOARD: &[Mode] = &[Mode::Board];
const INNER: &[Mode] = &[Mode::Detail, Mode::Problems, Mode::Charts, Mode::Changes, Mode::Ledger, Mode::Help];
const DIALOG: &[Mode] = &[Mode::Dialog, Mode::Count];
const COUNT: &[Mode] = &[Mode::Count];
const PROMPT: &[Mode] = &[Mode::Prompt];
const TYPED: &[Mode] = &[Mode::Prompt, Mode::Find, Mode::Command];
const RECALLED: &[Mode] = &[Mode::Find, Mode::Command];
const FIND: &[Mode] = &[Mode::Find];
const COMMAND: &[Mode] = &[Mode::Command];
const HELP: &[Mode] = &[Mode::Help];

use Group::{Cancel, Look, Move, Program, Time, Watch};

/// Every key there is.
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
    bind(Look, key(KeyCode::Enter), LISTS, Open, "details of a run; open or fold a state").hint("details"),
    bind(Look, key(KeyCode::Esc), PAGES, Back, "back; never quits"),
    bind(Look, key(KeyCode::Tab), VIEWS, NextPane, "next pane").hint("pane"),
    bind(Look, key(KeyCode::BackTab), VIEWS, PreviousPane, "pane before"),
    bind(Look, ch('1'), VIEWS, Pane(1), "runs by state"),
    bind(Look, ch('2'), VIEWS, Pane(2), "attempts"),
    bind(Look, ch('3'), VIEWS, Pane(3), "suspended and awaiting runs"),
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
    bind(Group::Find, ch('/'), VIEWS, Find, "type a query: show only the runs that it finds").hint("find"),
    bind(Group::Find, key(KeyCode::Enter), FIND, Accept, "in a query: keep it").hint("keep"),
    bind(Group::Find, key(KeyCode::Esc), FIND, Keep, "in a query: back to the one before").hint("back"),
    bind(Group::Find, key(KeyCode::Tab), RECALLED, Complete, "where text is typed: complete it")
        .hint("complete"),
    bind(Group::Find, key(KeyCode::Up), RECALLED, Older, "where text is typed: what was typed before"),
    bind(Group::Find, key(KeyCode::Down), RECALLED, Newer, "where text is typed: what was typed after that"),
    bind(Group::Find, key(KeyCode::Backspace), TYPED, Erase, "where text is typed: take a letter back"),
    bind(
        Group::Find,
        key(KeyCode::Delete),
        TYPED,
        Delete,
        "where text is typed: take the letter at the caret away",
    ),
    bind(Group::Find, ctrl('w'), TYPED, EraseWord, "where text is typed: take a word back"),
    bind(Group::Find, ctrl('u'), TYPED, EraseLine, "where text is typed: take all back up to the caret"),
    bind(Group::Find, key(KeyCode::Left), TYPED, CaretLeft, "where text is typed: a letter to the left"),
    bind(Group::Find, key(KeyCode::Right), TYPED, CaretRight, "where text is typed: a letter to the right"),
    bind(Group::Find, key(KeyCode::Home), TYPED, CaretStart, "where text is typed: to its start"),
    bind(Group::Find, ctrl('a'), TYPED, CaretStart, "where text is typed: to its start"),
    bind(Group::Find, key(KeyCode::End), TYPED, CaretEnd, "where text is typed: to its end"),
    bind(Group::Find, ctrl('e'), TYPED, CaretEnd, "where text is typed: to its end"),
    bind(Group::Find, ch('s'), BOARD, NextSort, "sort by the next column"),
    bind(Group::Find, ch('S'), BOARD, PreviousSort, "sort by the column before"),
    bind(Group::Find, ch('i'), BOARD, InvertSort, "turn the order round"),
    bind(Group::Find, ch('o'), BOARD, NextGrouping, "group by state, by task, by owner, or not at all"),
    bind(Group::Find, ch(':'), VIEWS, Command, "a command by its name, for all that has no key"),
    bind(Group::Find, key(KeyCode::Enter), COMMAND, Accept, "a command: do it").hint("do it"),
    bind(Group::Find, key(KeyCode::Esc), COMMAND, Keep, "a command: leave it").hint("leave it"),
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
    bind(Program, ctrl('l'), ALL, Redraw, "paint the screen anew"),
    bind(Program, ctrl('z'), ALL, Suspend, "go to the background"),
];

const fn bind(group: Group, key: Key, modes: &'static [Mode], action: Action, help: &'static str) -> Binding {
    Binding { key, modes, action, help, group, hint: None }
}

impl Binding {
    const fn hint(self, word: &'static str) -> Self {
        Self { hint: Some(word), ..self }
    }
}

const fn key(code: KeyCode) -> Key {
    Key { code, ctrl: false }
}

const fn ch(c: char) -> Key {
    key(KeyCode::Char(c))
}

const fn ctrl(c: char) -> Key {
    Key { code: KeyCode::Char(c), ctrl: true }
}

/// What a key means in a mode. A release means nothing, and a key that is held down only repeats what may repeat.
#[must_use]
pub fn action(event: &KeyEvent, mode: Mode) -> Option<Action> {
    let key = Key::of(event)?;
    let action = lookup(key, mode).or_else(|| key.letter(mode))?;
    match event.kind {
        KeyEventKind::Press => Some(action),
        KeyEventKind::Repeat => action.repeats().then_some(action),
        KeyEventKind::Release => None,
    }
}

/// What a key means in a mode, when it is pressed once.
#[must_use]
pub fn lookup(key: Key, mode: Mode) -> Option<Action> {
    in_mode(mode).find(|binding| binding.key == key).map(|binding| binding.action)
}

/// The rows that hold in a mode.
pub fn in_mode(mode: Mode) -> impl Iterator<Item = &'static Binding> {
    KEYMAP.iter().filter(move |binding| binding.modes.contains(&mode))
}

/// The rows of a group, with the keys of one meaning together: an entry of the help page each.
pub fn entries(group: Group) -> impl Iterator<Item = &'static [Binding]> {
    KEYMAP.chunk_by(|a, b| a.help == b.help && a.group == b.group).filter(move |rows| rows[0].group == group)
}

impl Key {
    /// The key of an event. Shift is told by the letter itself; Alt and the like mean nothing here.
    fn of(event: &KeyEvent) -> Option<Self> {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let rest = event.modifiers.difference(KeyModifiers::CONTROL | KeyModifiers::SHIFT);
        let code = match event.code {
            // Some terminals tell Shift-Tab so.
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            // The caps lock is no reason not to quit.
            KeyCode::Char(c) if ctrl => KeyCode::Char(c.to_ascii_lowercase()),
            code => code,
        };
        rest.is_empty().then_some(Self { code, ctrl })
    }

    /// What a letter means where text is typed.
    fn letter(self, mode: Mode) -> Option<Action> {
        match self.code {
            KeyCode::Char(c) if mode.is_typed() && !self.ctrl => Some(Action::Type(c)),
            KeyCode::Char(c) if mode == Mode::Count && c.is_ascii_digit() && !self.ctrl => {
                Some(Action::Type(c))
            }
            _ => None,
        }
    }

    /// The key that is called so on the screen, if the table has it.
    #[must_use]
    pub fn named(label: &str) -> Option<Self> {
        KEYMAP.iter().map(|binding| binding.key).find(|key| key.label() == label)
    }

    /// What it is called on the screen.
    #[must_use]
    pub fn label(self) -> Cow<'static, str> {
        let name = match self.code {
            KeyCode::Char(' ') => "Space",
            KeyCode::Char(c) if self.ctrl => return format!("Ctrl-{c}").into(),
            KeyCode::Char(c) => return c.to_string().into(),
            KeyCode::Enter => "Enter",
            KeyCode::Esc => "Esc",
            KeyCode::Tab => "Tab",
            KeyCode::BackTab => "Shift-Tab",
            KeyCode::Up => "Up",
            KeyCode::Down => "Down",
            KeyCode::Left => "Left",
            KeyCode::Right => "Right",
            KeyCode::Backspace => "Backspace",
            KeyCode::Delete => "Delete",
            KeyCode::F(2) => "F2",
            KeyCode::Home => "Home",
            KeyCode::End => "End",
            KeyCode::PageUp => "PgUp",
            KeyCode::PageDown => "PgDn",
            _ => "?",
        };
        name.into()
    }
}

/// The presses that a text stands for in tests: letters as they are, others by their names in angle brackets.
#[cfg(test)]
pub(crate) fn typed(keys: &str) -> Vec<KeyEvent> {
    let mut presses = Vec::new();
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        let (code, length) = match rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            Some(("enter", _)) => (KeyCode::Enter, "<enter>".len()),
            Some(("esc", _)) => (KeyCode::Esc, "<esc>".len()),
            Some(("tab", _)) => (KeyCode::Tab, "<tab>".len()),
            Some(("space", _)) => (KeyCode::Char(' '), "<space>".len()),
            Some(("f2", _)) => (KeyCode::F(2), "<f2>".len()),
            Some(("home", _)) => (KeyCode::Home, "<home>".len()),
            Some(("up", _)) => (KeyCode::Up, "<up>".len()),
            Some(("end", _)) => (KeyCode::End, "<end>".len()),
            Some(("backspace", _)) => (KeyCode::Backspace, "<backspace>".len()),
            _ => (KeyCode::Char(c), c.len_utf8()),
        };
        presses.push(KeyEvent::new(code, KeyModifiers::NONE));
        rest = &rest[length..];
    }
    presses
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn press(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
        KeyEvent::new(code, modifiers)
    }

    #[test]
    fn no_key_means_two_things_in_one_mode() {
        for mode in Mode::ALL {
            let mut keys = HashSet::new();
            for binding in in_mode(mode) {
                assert!(keys.insert(binding.key), "{} in {mode:?}", binding.key.label());
            }
        }
    }

    #[test]
    fn every_action_has_a_key_and_every_key_a_name_and_words() {
        use Action::*;
        // A variant that is added to the enum breaks this match, and is to be added to the list.
        let name_all = |action: Action| match action {
            Down | Up | PageDown | PageUp | Top | Bottom | NextSection | PreviousSection | Open | Back
            | Leave | Quit | NextPane | PreviousPane | Pane(_) | Zoom | Pause | Follow | NextProblem
            | PreviousProblem | StepBack | StepForward | PreviousOfRun | NextOfRun | MinuteBack
            | MinuteForward | NextEvent | PreviousEvent | Start | End | GoTo | Accept | Erase | Faster
            | Find | Command | EraseWord | EraseLine | Delete | CaretLeft | CaretRight | CaretStart
            | CaretEnd | Older | Newer | Complete | NextSort | PreviousSort | InvertSort | NextGrouping
            | MarkRun | MarkRange | MarkAll | CopyId | CopyRow | Mouse | Slower | Mark | Changes
            | CancelRun | Confirm | Keep | Help | Redraw | Suspend => action,
            // Every other letter, where text is typed.
            Type(_) => action,
        };
        let every = [
            Down,
            Up,
            PageDown,
            PageUp,
            Top,
            Bottom,
            NextSection,
            PreviousSection,
            Open,
            Back,
            Leave,
            Quit,
            NextPane,
            PreviousPane,
            Pane(1),
            Pane(2),
            Pane(3),
            Pane(4),
            Pane(5),
            Zoom,
            Pause,
            Follow,
            NextProblem,
            PreviousProblem,
            StepBack,
            StepForward,
            PreviousOfRun,
            NextOfRun,
            MinuteBack,
            MinuteForward,
            NextEvent,
            PreviousEvent,
            Start,
            End,
            Mark,
            Changes,
            GoTo,
            Find,
            Command,
            Accept,
            Erase,
            EraseWord,
            EraseLine,
            Delete,
            CaretLeft,
            CaretRight,
            CaretStart,
            CaretEnd,
            Older,
            Newer,
            Complete,
            NextSort,
            PreviousSort,
            InvertSort,
            NextGrouping,
            MarkRun,
            MarkRange,
            MarkAll,
            CopyId,
            CopyRow,
            Mouse,
            Faster,
            Slower,
            CancelRun,
            Confirm,
            Keep,
            Help,
            Redraw,
            Suspend,
        ];
        for action in every.map(name_all) {
            assert!(KEYMAP.iter().any(|binding| binding.action == action), "{action:?}");
        }
        for binding in KEYMAP {
            assert!(every.contains(&binding.action), "{:?}", binding.action);
            assert!(binding.key.label() != "?" || binding.key == ch('?'), "{:?}", binding.key);
            assert!(!binding.help.is_empty() && !binding.modes.is_empty());
        }
    }

    #[test]
    fn the_help_page_shows_every_row_once() {
        let shown: usize = Group::ALL.into_iter().flat_map(entries).map(<[Binding]>::len).sum();
        assert_eq!(shown, KEYMAP.len());
    }

    #[test]
    fn letters_have_case_and_strange_keys_mean_nothing() {
        let none = KeyModifiers::NONE;
        for (code, modifiers, mode, expected) in [
            (KeyCode::Char('c'), none, Mode::Board, Some(CancelRun)),
            (KeyCode::Char('C'), KeyModifiers::SHIFT, Mode::Board, None),
            (KeyCode::Char('c'), none, Mode::Dialog, None),
            (KeyCode::Char('c'), KeyModifiers::CONTROL, Mode::Dialog, Some(Quit)),
            (KeyCode::Char('C'), KeyModifiers::CONTROL, Mode::Board, Some(Quit)),
            (KeyCode::Char('c'), KeyModifiers::ALT, Mode::Board, None),
            (KeyCode::Char('G'), KeyModifiers::SHIFT, Mode::Board, Some(Bottom)),
            (KeyCode::Char('y'), none, Mode::Board, Some(CopyId)),
            (KeyCode::Char('y'), none, Mode::Dialog, Some(Confirm)),
            (KeyCode::Char('Y'), KeyModifiers::SHIFT, Mode::Dialog, None),
            (KeyCode::Enter, none, Mode::Dialog, Some(Keep)),
            (KeyCode::Char(' '), none, Mode::Dialog, None),
            (KeyCode::Tab, KeyModifiers::SHIFT, Mode::Board, Some(PreviousPane)),
            (KeyCode::BackTab, KeyModifiers::SHIFT, Mode::Board, Some(PreviousPane)),
            (KeyCode::F(7), none, Mode::Board, None),
            (KeyCode::Char('q'), none, Mode::Prompt, Some(Type('q'))),
            (KeyCode::Char('#'), KeyModifiers::SHIFT, Mode::Prompt, Some(Type('#'))),
            (KeyCode::Char('c'), KeyModifiers::CONTROL, Mode::Prompt, Some(Quit)),
            (KeyCode::Enter, none, Mode::Prompt, Some(Accept)),
            (KeyCode::F(7), none, Mode::Prompt, None),
            (KeyCode::Char('й'), none, Mode::Board, None),
        ] {
            assert_eq!(action(&press(code, modifiers), mode), expected, "{code:?} in {mode:?}");
        }
    }

    #[test]
    fn a_held_key_moves_and_never_confirms() {
        let held = |c| KeyEvent::new_with_kind(KeyCode::Char(c), KeyModifiers::NONE, KeyEventKind::Repeat);
        assert_eq!(action(&held('j'), Mode::Board), Some(Down));
        assert_eq!(action(&held('c'), Mode::Board), None);
        assert_eq!(action(&held('y'), Mode::Dialog), None);
        assert_eq!(action(&held('q'), Mode::Board), None);
        let released = KeyEvent::new_with_kind(KeyCode::Char('j'), KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(action(&released, Mode::Board), None);
    }
}
