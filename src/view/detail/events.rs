//! The events of a run, one a line, and below the selected one its line of the log.

use super::line::{DetailLine, Stroke, Tone, indented, title};
use super::{Detail, DetailLines};
use crate::engine::run_event::{RunEvent, RunStep};
use crate::model::deadline::Deadline;
use crate::model::facts::LeaseStep;
use crate::model::json::pretty;
use crate::model::text::{self, telling_line};
use crate::view::format::{count, sequence, thousands};

/// The number of an event: its sequence, or else that of its line.
pub(super) fn number(event: &RunEvent) -> String {
    match event.sequence {
        Some(number) => sequence(number),
        None => format!("line {}", thousands(event.place.line())),
    }
}

/// Columns of the longest name of a kind.
const KIND_COLUMNS: usize = 27;
/// The minimum width of a page that aligns the names of kinds.
const MIN_WIDE_COLUMNS: usize = 76;

impl Detail<'_> {
    /// The title, a note on missing lines, and the last event when no line is in memory.
    pub(super) fn events_title(&self) -> Vec<DetailLine> {
        let mut lines = title("Events");
        let n_moments = self.moments.len();
        if let Some(line) = lines.last_mut().filter(|_| n_moments > 0) {
            *line = std::mem::take(line).with(Tone::Dim, format!("  {}", count(n_moments)));
        }
        match (self.lines, n_moments) {
            (DetailLines::Whole, _) => (),
            (DetailLines::Awaited, _) => {
                lines.extend(indented("  ", Tone::Dim, "Their lines are being read.", self.width));
            }
            (DetailLines::Gone, 0) => {
                let words = "Only the last one is at hand.";
                lines.extend(indented("  ", Tone::Dim, words, self.width));
            }
            (DetailLines::Gone, _) => {
                let words = "Some of their lines cannot be read again.";
                lines.extend(indented("  ", Tone::Warn, words, self.width));
            }
        }
        if n_moments == 0 {
            let last = self.store.run(self.key).last;
            let words = format!(
                "{} {}, {}",
                sequence(last.sequence),
                self.store.side().kind_name(last.kind),
                last.place
            );
            lines.extend(indented("  ", Tone::Plain, &words, self.width));
            lines.extend(self.line());
        }
        lines
    }

    /// An event: its sequence, instant and kind, and its content in words. The selected one, or else the last, is
    /// followed by its line.
    pub(super) fn event(&self, index: usize) -> Vec<DetailLine> {
        let moment = &self.moments[index];
        let is_selected = self.selected == Some(index);
        let sequence_columns = self.moments.last().map_or(0, |last| number(last).len());
        let line = if is_selected {
            DetailLine::empty().drawn(Tone::Chosen, Stroke::Cursor, 1).with(Tone::Plain, " ")
        } else {
            DetailLine::empty().with(Tone::Plain, "  ")
        };
        let form = self.form();
        let time = moment.at.map_or_else(|| "-".to_owned(), |at| self.listed_exactly(at, form));
        let kind = moment.kind;
        let kind =
            if self.width >= MIN_WIDE_COLUMNS { format!("{kind:<KIND_COLUMNS$}") } else { kind.to_owned() };
        let first =
            format!("{:>sequence_columns$}  {time:<1$}  ", number(moment), self.clock.exact_columns(form));
        let used = 2 + first.len() + kind.len() + 2;
        let (tone, words) = self.words(moment);
        let words = text::clean_fit(&words, self.width.saturating_sub(used)).into_owned();
        let kind_tone = if is_selected { Tone::Chosen } else { Tone::Plain };
        let mut lines =
            vec![line.with(Tone::Dim, first).with(kind_tone, kind).with(Tone::Plain, "  ").with(tone, words)];
        if is_selected || (self.selected.is_none() && index + 1 == self.moments.len()) {
            lines.extend(self.line());
        }
        lines
    }

    /// The line of the log that was read again.
    fn line(&self) -> Vec<DetailLine> {
        self.raw.map(|raw| raw_lines(raw, self.width)).unwrap_or_default()
    }

    /// The content of an event, in a few words; not yet safe for a screen.
    fn words(&self, moment: &RunEvent) -> (Tone, String) {
        let id = self.store.run(self.key).id;
        if moment.is_of_another(id) {
            let other = moment.run.map_or_else(String::new, |run| self.ids.run(run));
            return (Tone::Dim, format!("of run {other}, which created it"));
        }
        match &moment.step {
            RunStep::Created | RunStep::Other => (Tone::Dim, String::new()),
            RunStep::Saved { to, error } => {
                let error = error.as_deref().map_or_else(String::new, |it| format!(": {}", telling_line(it)));
                (Tone::State(*to), format!("{}{error}", to.name()))
            }
            RunStep::Moved { from, to } => (Tone::State(*to), format!("{} > {}", from.name(), to.name())),
            RunStep::Lease { step: LeaseStep::Acquire | LeaseStep::Heartbeat, owner, expiry } => {
                (Tone::Dim, format!("{owner}, until {}", self.brief(*expiry)))
            }
            RunStep::Lease { owner, .. } => (Tone::Dim, owner.to_string()),
            RunStep::Started { owner } => (Tone::Dim, owner.as_deref().unwrap_or_default().to_owned()),
            RunStep::Finished { result, error, recovered } => {
                let by = if *recovered { " by a recovery" } else { "" };
                let error = error.as_deref().map_or_else(String::new, |it| format!(": {}", telling_line(it)));
                (result_tone(*result), format!("{}{by}{error}", result.name()))
            }
            RunStep::Disposed { result, words, to, deadline } => {
                let words = words.as_deref().map_or_else(String::new, |it| format!(": {}", telling_line(it)));
                let until = self.until(*deadline);
                let to = to.name();
                let to = if to == result.name() { String::new() } else { format!(" > {to}") };
                (result_tone(*result), format!("{}{to}{words}{until}", result.name()))
            }
            RunStep::Stopped { reason, .. } => {
                (Tone::Warn, reason.as_deref().map(telling_line).unwrap_or_default().to_owned())
            }
            RunStep::Resumed { .. } => (Tone::Dim, String::new()),
            RunStep::Waits { words, deadline, .. } => {
                (Tone::Dim, format!("{words}{}", self.until(*deadline)))
            }
            RunStep::Resolved { by, .. } => (Tone::Dim, (*by).to_owned()),
            RunStep::Canceled { with_task } => {
                (Tone::Warn, if *with_task { "with its task".to_owned() } else { String::new() })
            }
        }
    }

    fn brief(&self, at: u64) -> String {
        self.clock.exactly(at, self.clock.brief(at, self.now))
    }

    fn until(&self, deadline: Option<Deadline>) -> String {
        deadline.map_or_else(String::new, |deadline| {
            format!(", until {}, then {}", self.brief(deadline.at), deadline.then.name())
        })
    }
}

/// A line of the log, safe for a screen: spread over several lines where it is valid JSON.
pub(in crate::view) fn raw_lines(raw: &str, width: usize) -> Vec<DetailLine> {
    let page = pretty(raw.as_bytes());
    let page = page.as_deref().unwrap_or(raw);
    // Each line wraps below its own beginning.
    page.split('\n')
        .flat_map(|line| {
            let words = line.trim_start_matches(' ');
            let indent = " ".repeat((4 + line.len() - words.len()).min(width / 2));
            indented(&indent, Tone::Dim, words, width)
        })
        .collect()
}

const fn result_tone(result: crate::model::facts::AttemptResult) -> Tone {
    use crate::model::facts::AttemptResult::{Awaiting, Failure, Success, Suspended, Timeout};
    match result {
        Success => Tone::Good,
        Failure | Timeout => Tone::Bad,
        Suspended | Awaiting => Tone::Warn,
    }
}
