//! The confirmation dialog of a cancel: every fact that matters before a yes.

mod everything;
mod many;
mod sheet;

pub use everything::{WholeQuestion, by_state, whole_effect};
pub use many::{MAX_NAMED_TASKS, Questions};
pub use sheet::{ANSWER_GAP_COLUMNS, Sheet};

use super::detail::{DetailLine, Tone};
use super::format;
use super::row::RunRow;
use super::summary::{Flow, Summary};
use crate::control::Why;
use crate::engine;
use crate::model::clock::LogClock;
use crate::model::id::RunId;
use crate::model::states::{CancelProof, Phase, StateTable};
use crate::model::{text, time};
use crate::store::Store;

use super::detail::{fact, indented};

/// The minimum columns of a dialog in its whole form; a narrower one has a line a fact.
const MIN_WHOLE_COLUMNS: usize = 50;

/// The facts of the question.
#[derive(Debug, Clone, Copy)]
pub struct DialogQuestion<'a> {
    /// The store of the run.
    pub store: &'a Store,
    /// The run.
    pub run: RunId,
    /// The instant of the view.
    pub now: u64,
    /// Time since the view was frozen, in seconds.
    pub frozen_for: Option<u64>,
    /// The state of the log.
    pub summary: &'a Summary<'a>,
    /// Formats instants.
    pub clock: LogClock<'a>,
    /// The way of the command.
    pub route: &'a CommandRoute,
}

/// The way of commands, safe for a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandRoute {
    /// They go to this place.
    To(String),
    /// Each runs this command line.
    Runs(String),
}

impl CommandRoute {
    /// The label of the fact, and its value.
    fn fact(&self) -> (&'static str, &str) {
        match self {
            Self::To(target) => ("goes to", target),
            Self::Runs(line) => ("command", line),
        }
    }

    /// The same in a line of its own.
    fn brief(&self) -> String {
        match self {
            Self::To(target) => format!("to {target}"),
            Self::Runs(line) => format!("runs {line}"),
        }
    }
}

impl DialogQuestion<'_> {
    /// The forms of the question, in lines of at most `width` columns: the longest first.
    #[must_use]
    pub fn forms(&self, width: usize) -> Vec<Vec<DetailLine>> {
        if width < MIN_WHOLE_COLUMNS {
            vec![self.brief(width)]
        } else {
            vec![self.whole(width), self.brief(width)]
        }
    }

    /// A line a fact, without its label: all of it must be on the screen at once.
    fn brief(&self, width: usize) -> Vec<DetailLine> {
        let id = self.store.id_text(self.run);
        let whole = one_line(&id, width);
        // Two ids may differ in their last letters alone, so that none is cut.
        let mut lines = if whole == text::clean(&id) {
            vec![DetailLine::empty().with(Tone::Plain, " ").with(Tone::Title, whole)]
        } else {
            indented(" ", Tone::Title, &id, width)
        };
        let mut add = |tone, words: &str| {
            lines.push(DetailLine::empty().with(Tone::Plain, " ").with(tone, one_line(words, width)));
        };
        let row = self.store.find(self.run).map(|key| RunRow::of(self.store, key, self.now));
        let Some(row) = row else {
            add(Tone::Bad, "the log knows it no more");
            return lines;
        };
        let task = row.description.map_or_else(|| self.store.id_text(row.task).into_owned(), str::to_owned);
        if engine::recorded(self.store).tasks {
            add(if is_unusual(&task) { Tone::Warn } else { Tone::Plain }, &task);
        }
        let ago = row.age_words();
        let word = if row.state.is_terminal() { "since" } else { "for" };
        let attempts = row.attempts.counted_words();
        let words = format!("{} {word} {ago}, attempts {attempts}", row.state.name());
        add(Tone::State(row.state), &words);
        let (tone, words) = brief_age_of_view(self.summary, self.clock);
        add(tone, &words);
        lines.extend(indented(" ", Tone::Plain, &self.route.brief(), width));
        let subject = final_subject(self.store.states());
        lines.push(DetailLine::empty().with(Tone::Plain, format!(" {subject} cannot be undone.")));
        lines.extend(brief_unconfirmed(self.store.states()));
        lines
    }

    fn whole(&self, width: usize) -> Vec<DetailLine> {
        let mut lines = Vec::new();
        let mut add = |label: &str, tone, value: &str| lines.extend(fact(label, tone, value, width));
        add("run", Tone::Title, &text::clean(&self.store.id_text(self.run)));
        let Some(key) = self.store.find(self.run) else {
            add("state", Tone::Bad, "the log knows it no more");
            return lines;
        };
        let row = RunRow::of(self.store, key, self.now);
        let task = row.description.map_or_else(|| self.store.id_text(row.task).into_owned(), str::to_owned);
        if engine::recorded(self.store).tasks {
            add("task", Tone::Plain, &one_line(&task, 2 * width));
        }
        if is_unusual(&task) {
            add("", Tone::Warn, UNUSUAL_NAME);
        }
        let ago = row.age_words();
        if row.state.is_terminal() {
            let words = format!("{} {ago} ago: there is nothing left to cancel", row.state.name());
            add("state", Tone::Warn, &words);
        } else {
            add("state", Tone::State(row.state), &format!("{} for {ago}", row.state.name()));
        }
        let cap = row.attempts.cap.map_or_else(|| "?".to_owned(), |cap| cap.to_string());
        let uncounted = match row.attempts.uncounted {
            0 => String::new(),
            n => format!(", and {n} not counted"),
        };
        let of_cap = if row.attempts.cap.is_none() && !row.attempts.is_capped {
            String::new()
        } else {
            format!(" of {cap}")
        };
        add("attempts", Tone::Plain, &format!("{}{of_cap}{uncounted}", row.attempts.counted_words()));
        let (tone, words) = self.age_of_view();
        add("this view", tone, &words);
        let (label, value) = self.route.fact();
        add(label, Tone::Plain, value);
        lines.push(DetailLine::empty());
        lines.extend(indented("  ", Tone::Plain, &warning(self.store.states(), row.state.phase()), width));
        lines
    }

    fn age_of_view(&self) -> (Tone, String) {
        age_of_view(self.summary, self.frozen_for, self.clock)
    }
}

fn age_of_view(summary: &Summary<'_>, frozen_for: Option<u64>, clock: LogClock<'_>) -> (Tone, String) {
    let Summary { flow, paused, .. } = summary;
    let sequence = format::sequence(summary.sequence);
    if let Some(backlog) = paused {
        let more = if backlog.is_full { " and more" } else { "" };
        let ago = frozen_for.map_or_else(|| "?".to_owned(), time::words);
        return (
            Tone::Warn,
            format!(
                "paused {ago} ago at {sequence}, {}{more} behind",
                format::counted(backlog.lines, "line", "lines")
            ),
        );
    }
    match flow {
        Flow::Live => (Tone::Plain, format!("live, at {sequence}")),
        // Events that are not read yet may have changed the run.
        Flow::Loading { behind, left, .. } => {
            let left = left.map(|left| format!(", {} of reading", time::words(left))).unwrap_or_default();
            (Tone::Warn, format!("{} behind{left}", format::counted(*behind, "byte", "bytes")))
        }
        Flow::Unavailable { since } => {
            (Tone::Bad, format!("old: the log is unavailable since {}", clock.minute(*since)))
        }
        Flow::Past { .. } | Flow::Replay => (Tone::Warn, "old: this is the past".to_owned()),
        Flow::Ended => (Tone::Warn, format!("old: the log ended at {sequence}")),
        Flow::Opening | Flow::Waiting => (Tone::Warn, "there is no log yet".to_owned()),
    }
}

/// The age of the view in at most 36 columns.
fn brief_age_of_view(summary: &Summary<'_>, clock: LogClock<'_>) -> (Tone, String) {
    match (&summary.paused, &summary.flow) {
        (Some(backlog), _) => {
            let lines = format::counted(backlog.lines, "line", "lines");
            (Tone::Warn, format!("paused, {lines}{} behind", if backlog.is_full { " and more" } else { "" }))
        }
        (None, Flow::Loading { behind, .. }) => {
            (Tone::Warn, format!("{} behind", format::counted(*behind, "byte", "bytes")))
        }
        (None, Flow::Unavailable { since }) => {
            (Tone::Bad, format!("old: unavailable since {}", clock.minute(*since)))
        }
        _ => age_of_view(summary, None, clock),
    }
}

/// The warning before a run in a phase is canceled.
fn warning(states: &'static StateTable, phase: Phase) -> String {
    let words = final_words(states);
    match states.why_goes_on() {
        Some(why) if phase == Phase::Running => format!("{words} It does not mean stopped: {why}."),
        _ => words,
    }
}

/// The warning before any cancel.
#[must_use]
pub fn final_words(states: &'static StateTable) -> String {
    let words = format!("{} is final and cannot be undone.", final_subject(states));
    match states.cancel_proof() {
        CancelProof::Canceled | CancelProof::End => words,
        CancelProof::Unconfirmed => format!("{words} {UNCONFIRMED_WARNING}"),
    }
}

/// The warning that the log will not prove a cancel, where it is so, in a line of its own.
fn brief_unconfirmed(states: &'static StateTable) -> Option<DetailLine> {
    let is_unconfirmed = states.cancel_proof() == CancelProof::Unconfirmed;
    is_unconfirmed.then(|| DetailLine::empty().with(Tone::Warn, format!(" {UNCONFIRMED_WARNING}")))
}

/// The engine's word for what a cancel makes of a run.
fn final_subject(states: &'static StateTable) -> &'static str {
    states.canceled().unwrap_or("A cancel")
}

/// The warning about a log that proves no cancel.
const UNCONFIRMED_WARNING: &str = "This log will not confirm it.";

/// A warning about a name with characters that are not shown as written: it may imitate another one.
const UNUSUAL_NAME: &str = "its name contains unusual characters";

/// True if a name is not shown as it is written.
fn is_unusual(name: &str) -> bool {
    text::clean(name) != name
}

/// A text without its line breaks, cut to `columns`.
fn one_line(value: &str, columns: usize) -> String {
    text::clean_fit(value, columns).into_owned()
}

/// The reason why nothing can be sent, and the next step.
#[must_use]
pub fn why_not(why: Why, width: usize) -> Vec<DetailLine> {
    let mut lines = indented("  ", Tone::Plain, &format!("{why}."), width);
    if why == Why::NoTarget {
        lines.push(DetailLine::empty());
        let example = "runwatch LOG --control file:commands.jsonl";
        lines.extend(indented("  ", Tone::Title, example, width));
        lines.push(DetailLine::empty());
        let words = "The engine's side reads that file. Nothing beside a log can set it.";
        lines.extend(indented("  ", Tone::Dim, words, width));
    }
    lines
}
