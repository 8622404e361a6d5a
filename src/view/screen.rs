//! The whole screen as data: the content of each part of it, ready to be painted.
//!
//! Borrowed from the owners of its parts, and made for one frame. Must not know cells.

use std::ops::Range;

use super::charts::Charts;
use super::detail::{Detail, DetailLine, Scroll};
use super::dialog::Sheet;
use super::found::Shelves;
use super::panes::{RunsPane, Shared, SuspendedPane};
use super::problems::ProblemCursor;
use super::sending::Progress;
use super::summary::Summary;
use super::timeline::{Timeline, TimelineCourse};
use super::{Layout, LogClock, Notice, Pane};
use crate::control::Why;
use crate::input::{Action, Binding, Keymap, Mode};
use crate::model::id::RunId;
use crate::model::states::StateTable;
use crate::view::arrange::{Direction, Grouping, Sort};

/// The whole screen.
#[derive(Debug)]
pub struct Screen<'a> {
    /// The geometry.
    pub layout: Layout,
    /// The mode of the keys.
    pub mode: Mode,
    /// The chosen pane, even while a page or a dialog has the keys.
    pub focus: Pane,
    /// The first line.
    pub header: Header<'a>,
    /// The line of the query and the order.
    pub filter: Filter<'a>,
    /// Facts that the panes share.
    pub shared: Shared<'a>,
    /// The content between the filter and the time line.
    pub page: PageView<'a>,
    /// The time line; none in the present.
    pub time: Option<TimeLine<'a>>,
    /// The progress of many cancels.
    pub progress: Option<Progress>,
    /// The last line.
    pub footer: Footer<'a>,
    /// The dialog over everything.
    pub question: Option<Question>,
}

/// The page of the screen.
#[derive(Debug)]
pub enum PageView<'a> {
    /// The panes, of which some are on the screen.
    Panes {
        /// Runs in sections.
        runs: Box<RunsPane<'a>>,
        /// Runs on hold.
        suspended: SuspendedPane<'a>,
        /// The problems of the log.
        problems: ProblemsPane<'a>,
    },
    /// The drawings of the queue's life, and the lines of them above the screen.
    Charts(Charts<'a>, u16),
    /// A run, and how far its page is scrolled.
    Detail(Box<Detail<'a>>, Scroll),
    /// A run that does not exist at the instant of the view.
    Absent(RunId),
    /// Lines of text.
    Text(TextPage),
    /// The keys and signs.
    Help(HelpPage<'a>),
}

/// A page of lines: those on the screen.
#[derive(Debug)]
pub struct TextPage {
    /// Its title.
    pub title: String,
    /// The lines on the screen.
    pub lines: Vec<DetailLine>,
    /// True if there is more above the lines, and below them.
    pub more: (bool, bool),
}

impl TextPage {
    /// Lines from `top` on of a page of `len` lines, of which `height` fit; `lines` yields them.
    #[must_use]
    pub fn of(
        title: impl Into<String>,
        (top, len): (usize, usize),
        height: usize,
        lines: impl FnOnce(usize) -> Vec<DetailLine>,
    ) -> Self {
        let top = top.min(len.saturating_sub(height));
        Self { title: title.into(), lines: lines(top), more: (top > 0, top + height < len) }
    }
}

/// The help page.
#[derive(Debug, Clone, Copy)]
pub struct HelpPage<'a> {
    /// The meaning of keys.
    pub keymap: &'a Keymap,
    /// The states of the log's engine.
    pub states: &'static StateTable,
    /// Facts that the log tells and those that it does not, a line each, where its engine is a foreign one.
    pub tells: &'static [String],
    /// Lines above the screen.
    pub top: usize,
    /// The reason why nothing can be sent, if that is so.
    pub off: Option<Why>,
}

/// The pane of problems.
#[derive(Debug, Clone, Copy)]
pub struct ProblemsPane<'a> {
    /// The cursor.
    pub cursor: ProblemCursor,
    /// Lines of the list.
    pub height: usize,
    /// Words about what lies beside a log without its first events.
    pub earlier: Option<&'a str>,
}

/// The first line.
#[derive(Debug)]
pub struct Header<'a> {
    /// The state of the log.
    pub summary: Summary<'a>,
    /// Tells instants.
    pub clock: LogClock<'a>,
    /// True if the mouse is in use.
    pub uses_mouse: bool,
}

/// The line of the query and the order.
#[derive(Debug, Clone, Copy)]
pub struct Filter<'a> {
    /// The runs that are shown.
    pub shelves: Shelves<'a>,
    /// The query in force.
    pub query: Option<&'a str>,
    /// The query that is being typed.
    pub typed: Option<TypedLine<'a>>,
    /// True if a query or a command is being typed.
    pub is_typing: bool,
    /// Progress of the first look through the runs, in percent.
    pub looked_through: Option<u8>,
    /// The column that runs are sorted by, and the end that comes first.
    pub sort: (Sort, Direction),
    /// The grouping of runs.
    pub grouping: Grouping,
}

/// A line that is being typed.
#[derive(Debug, Clone, Copy)]
pub struct TypedLine<'a> {
    /// The text.
    pub text: &'a str,
    /// The byte at which the caret is.
    pub caret: usize,
    /// The bytes of an error, and its message.
    pub wrong: Option<&'a (Range<usize>, String)>,
    /// Completions of the word at the caret.
    pub candidates: &'a [CompletionRow],
}

/// A completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionRow {
    /// The bytes that it replaces.
    pub at: Range<usize>,
    /// The text.
    pub text: String,
    /// Its name in a list of them.
    pub label: String,
}

/// The last line.
#[derive(Debug, Clone, Copy)]
pub struct Footer<'a> {
    /// The line that is being typed.
    pub typed: Option<TypedLine<'a>>,
    /// The latest notice.
    pub notice: Option<&'a Notice>,
    /// True if a dialog is open that lists its own keys.
    pub has_question: bool,
    /// The latest instant of the log, as an example of what can be typed: its sequence and second.
    pub edge: (u64, u64),
    /// Tells instants.
    pub clock: LogClock<'a>,
    /// The keys that mean something.
    pub hints: Hints<'a>,
}

/// The keys that are available.
#[derive(Debug, Clone, Copy)]
pub struct Hints<'a> {
    /// The meaning of keys.
    pub keymap: &'a Keymap,
    /// The mode of the keys.
    pub mode: Mode,
    /// True if the log has problems.
    pub has_problems: bool,
    /// True if a list of runs has the keys.
    pub has_list: bool,
    /// True if there is a past to go to.
    pub has_past: bool,
    /// True if the view is in the past: the time line lists its keys.
    pub looks_back: bool,
    /// True if cancels can be sent.
    pub sends: bool,
}

impl<'a> Hints<'a> {
    /// Yields the rows of the keys, each with its hint.
    pub fn rows(self) -> impl Iterator<Item = (&'a Binding, &'static str)> {
        let rows = self.keymap.in_mode(self.mode).filter(move |row| self.applies(row));
        rows.filter_map(|row| Some((row, row.hint?)))
    }

    fn applies(&self, row: &Binding) -> bool {
        match row.action {
            // The time line lists these keys in the past.
            Action::Pause | Action::Follow | Action::NextProblem | Action::StepBack if self.looks_back => {
                false
            }
            Action::NextProblem => self.has_problems,
            Action::Open if self.mode == Mode::Problems => self.has_problems,
            Action::Open if self.mode == Mode::Board => self.has_list,
            Action::Follow => self.has_list,
            Action::CancelRun => self.sends && (self.has_list || self.mode == Mode::Detail),
            // A mark is of use only for a cancel.
            Action::MarkRun => self.sends && self.has_list,
            Action::StepBack | Action::GoTo => self.has_past,
            _ => true,
        }
    }
}

/// The time line.
#[derive(Debug, Clone, Copy)]
pub struct TimeLine<'a> {
    /// The log's time.
    pub line: Timeline<'a>,
    /// The movement of the view through the log.
    pub course: TimelineCourse,
    /// The sequences of the view's instant and of the latest one.
    pub sequences: (u64, u64),
    /// True if the log's clocks contradict each other.
    pub is_timeless: bool,
    /// True if the log is replayed rather than followed, so that there is no present to return to.
    pub is_replay: bool,
    /// Tells instants.
    pub clock: LogClock<'a>,
    /// The meaning of keys.
    pub keymap: &'a Keymap,
}

/// A dialog.
#[derive(Debug)]
pub struct Question {
    /// The box with its text.
    pub sheet: Sheet,
    /// True if it asks for confirmation; false if it explains why nothing can be sent.
    pub is_asked: bool,
    /// A remark on an answer that came too soon.
    pub remark: Option<String>,
}
