//! The whole screen as data: what each part of it says, ready to be painted.
//!
//! Borrowed from those who own it, and made for one frame. Must not know cells.

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
    /// The meaning of the keys.
    pub mode: Mode,
    /// The pane that is chosen, whatever has the keys.
    pub focus: Pane,
    /// The first line.
    pub header: Header<'a>,
    /// The line that tells what is shown of all runs.
    pub filter: Filter<'a>,
    /// Facts that the panes share.
    pub shared: Shared<'a>,
    /// Between the filter and the time line.
    pub page: PageView<'a>,
    /// The time line; none in the present.
    pub time: Option<TimeLine<'a>>,
    /// The progress of many cancels.
    pub progress: Option<Progress>,
    /// The last line.
    pub footer: Footer<'a>,
    /// The question over everything.
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
    /// A run that is not there at the instant at hand.
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
    /// Whether there is more above, and below.
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
    /// Whether the mouse is used here.
    pub uses_mouse: bool,
}

/// The line that tells what is shown of all runs.
#[derive(Debug, Clone, Copy)]
pub struct Filter<'a> {
    /// The runs that are shown.
    pub shelves: Shelves<'a>,
    /// The query in force.
    pub query: Option<&'a str>,
    /// The query that is being typed.
    pub typed: Option<TypedLine<'a>>,
    /// Whether anything is being typed.
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
    /// The bytes that are wrong, and why.
    pub wrong: Option<&'a (Range<usize>, String)>,
    /// Texts that may be put where something was begun.
    pub candidates: &'a [CompletionRow],
}

/// A text that may be put where something was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionRow {
    /// The bytes that it takes the place of.
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
    /// Whether a question says itself what its keys do.
    pub has_question: bool,
    /// The latest instant of the log, as an example of what can be typed: its sequence and second.
    pub edge: (u64, u64),
    /// Tells instants.
    pub clock: LogClock<'a>,
    /// The keys that mean something.
    pub hints: Hints<'a>,
}

/// The keys that mean something at the moment.
#[derive(Debug, Clone, Copy)]
pub struct Hints<'a> {
    /// The meaning of keys.
    pub keymap: &'a Keymap,
    /// The place in which the keys are pressed.
    pub mode: Mode,
    /// Whether the log has problems.
    pub has_problems: bool,
    /// Whether a list of runs has the keys.
    pub has_list: bool,
    /// Whether there is a past to go to.
    pub has_past: bool,
    /// Whether the past is looked at: the time line says what its keys do.
    pub looks_back: bool,
    /// Whether cancels can be sent.
    pub sends: bool,
}

impl<'a> Hints<'a> {
    /// The rows of the keys, each with its word.
    pub fn rows(self) -> impl Iterator<Item = (&'a Binding, &'static str)> {
        let rows = self.keymap.in_mode(self.mode).filter(move |row| self.applies(row));
        rows.filter_map(|row| Some((row, row.hint?)))
    }

    fn applies(&self, row: &Binding) -> bool {
        match row.action {
            // The time line says what these do in the past.
            Action::Pause | Action::Follow | Action::NextProblem | Action::StepBack if self.looks_back => {
                false
            }
            Action::NextProblem => self.has_problems,
            Action::Open if self.mode == Mode::Problems => self.has_problems,
            Action::Open if self.mode == Mode::Board => self.has_list,
            Action::Follow => self.has_list,
            Action::CancelRun => self.sends && (self.has_list || self.mode == Mode::Detail),
            // A mark is good for nothing but a cancel.
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
    /// The movement of the instant at hand.
    pub course: TimelineCourse,
    /// The sequence of the instant at hand, and that of the latest.
    pub sequences: (u64, u64),
    /// Whether the log's clocks contradict each other.
    pub is_timeless: bool,
    /// Whether the log is looked back on, so that there is no present to return to.
    pub is_replay: bool,
    /// Tells instants.
    pub clock: LogClock<'a>,
    /// The meaning of keys.
    pub keymap: &'a Keymap,
}

/// The question over everything.
#[derive(Debug)]
pub struct Question {
    /// The box with its words.
    pub sheet: Sheet,
    /// Whether it is asked, and not only explained why nothing can be.
    pub is_asked: bool,
    /// A remark on an answer that came too soon.
    pub remark: Option<String>,
}
