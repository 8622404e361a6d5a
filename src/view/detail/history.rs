//! The history of a run: every state with the time spent in it, and every attempt with its whole error.

use super::Detail;
use super::line::{DetailLine, Tone, indented, title};
use crate::engine;
use crate::model::facts::AttemptResult;
use crate::model::states::Phase;
use crate::store::Attempt;
use crate::view::format::{count, counted, thousands};

/// The maximum length of a bar, in columns: a longer one is no clearer.
const MAX_BAR_COLUMNS: u8 = 40;

impl Detail<'_> {
    /// An instant in the form and width of the page's lists.
    pub(super) fn listed(&self, at: u64) -> String {
        let form = self.form();
        format!("{:<1$}", self.listed_exactly(at, form), self.clock.exact_columns(form))
    }

    pub(super) fn changes_title(&self) -> Vec<DetailLine> {
        title("States")
    }

    /// A change of state: its instant, the new state, and the time spent there.
    pub(super) fn change(&self, index: usize) -> Vec<DetailLine> {
        let changes = &self.life.changes;
        let (change, unit) = (changes[index], self.store.unit());
        let spent = match changes.get(index + 1) {
            Some(next) => unit.between_words(change.at, next.at),
            None if change.to.is_terminal() => String::new(),
            None => format!("{} so far", unit.age_words(change.at, self.now)),
        };
        let name = format!(" {:<10}", change.to.name());
        let line = DetailLine::empty()
            .with(Tone::Dim, format!("  {}  ", self.listed(change.at)))
            .with(Tone::Sign(change.to), "")
            .with(Tone::State(change.to), name)
            .with(Tone::Plain, format!("  {spent:<14}"))
            .with(Tone::Bar(change.to, self.share(index)), "");
        let mut lines = vec![line];
        if let Some(reason) = self.reason(index) {
            lines.extend(indented("      ", Tone::Plain, reason, self.width));
        }
        lines
    }

    /// The reason of a stop, if the change is one and its event has a reason.
    fn reason(&self, index: usize) -> Option<&str> {
        let change = &self.life.changes[index];
        if change.to.phase() != Phase::Parked {
            return None;
        }
        // Of several at one instant, the one with as many later ones.
        let later = self.life.changes[index + 1..].iter().take_while(|it| it.at == change.at);
        let n_later = later.filter(|it| it.to == change.to).count();
        let run = self.store.run(self.key).id;
        let mut made = self.moments.iter().rev().filter(|moment| moment.made(run, change));
        made.nth(n_later)?.reason()
    }

    /// The share of the run's life that it spent in a state, in columns.
    fn share(&self, index: usize) -> u8 {
        let changes = &self.life.changes;
        let end_of_life = match changes.last() {
            Some(last) if last.to.is_terminal() => last.at,
            _ => self.now,
        };
        let end = changes.get(index + 1).map_or(end_of_life, |next| next.at);
        let spent = self.store.unit().lasted(changes[index].at, end).unwrap_or(0);
        let life = end_of_life.saturating_sub(changes[0].at).max(1);
        let room = self.width.saturating_sub(50).min(usize::from(MAX_BAR_COLUMNS)) as u64;
        let columns = u128::from(spent) * u128::from(room) / u128::from(life);
        u8::try_from(columns).unwrap_or(MAX_BAR_COLUMNS).min(MAX_BAR_COLUMNS)
    }

    pub(super) fn attempts_title(&self) -> Vec<DetailLine> {
        let mut lines = title("Attempts");
        let run = self.store.run(self.key);
        if let (Some(line), Some(most)) = (lines.last_mut(), engine::max_attempts(self.store, self.key)) {
            let mut words =
                format!("  {} of {}", thousands(run.counted_attempts().into()), thousands(most.into()));
            if run.uncounted > 0 {
                words += &format!(", and {} suspended or awaiting that do not count", run.uncounted);
            }
            *line = std::mem::take(line).with(Tone::Dim, words);
        }
        let n_untold = (run.attempt_count as usize).saturating_sub(self.life.attempts.len());
        if n_untold > 0 {
            let words =
                format!("{} made; the log tells of them only by their number.", thousands(n_untold as u64));
            lines.extend(indented("  ", Tone::Dim, &words, self.width));
        } else if self.life.attempts.is_empty() {
            let words = if engine::tells_attempts(self.store, self.key) {
                "  None has started."
            } else if engine::recorded(self.store).attempts && run.state.phase() == Phase::Running {
                "  The log tells their number when the run has ended."
            } else {
                "  The log tells of none."
            };
            lines.push(DetailLine::empty().with(Tone::Dim, words));
        }
        lines
    }

    /// An attempt: its start, duration and result, and the whole error.
    pub(super) fn attempt(&self, index: usize) -> Vec<DetailLine> {
        let (attempt, unit) = (&self.life.attempts[index], self.store.unit());
        let spent = match attempt.finished_at {
            Some(end) => unit.between_words(attempt.started_at, end),
            None => unit.age_words(attempt.started_at, self.now),
        };
        let (tone, result) = self.result(attempt);
        let mut line = DetailLine::empty()
            .with(Tone::Dim, format!("  {}  ", self.listed(attempt.started_at)))
            .with(Tone::Plain, format!("{:>1$}  ", count(index + 1), self.number_columns()))
            .with(tone, format!("{result:<9}"))
            .with(Tone::Plain, format!("  {spent:<6}"));
        let used: usize = line.parts.iter().map(|part| part.text.len()).sum();
        let id = format!("  {}", attempt.id);
        if self.recorded().attempt_ids && used + id.len() <= self.width {
            line = line.with(Tone::Dim, id);
        }
        let mut lines = vec![line];
        if attempt.recovered {
            lines.push(DetailLine::empty().with(Tone::Warn, "      closed by a recovery after a crash"));
        }
        if let Some(error) = attempt.error {
            lines.extend(indented("      ", Tone::Plain, self.store.text(error), self.width));
        }
        if let Some(output) = &attempt.output {
            let words = format!("      {} of output", counted(output.len(), "byte", "bytes"));
            lines.push(DetailLine::empty().with(Tone::Dim, words));
        }
        lines
    }

    /// Columns of an attempt's number.
    fn number_columns(&self) -> usize {
        count(self.life.attempts.len()).len().max(3)
    }

    /// The result of an attempt; one that the log never finished is open only while its run has it so.
    fn result(&self, attempt: &Attempt<'_>) -> (Tone, &'static str) {
        match attempt.result {
            Some(result @ AttemptResult::Success) => (Tone::Good, result.name()),
            Some(result @ (AttemptResult::Failure | AttemptResult::Timeout)) => (Tone::Bad, result.name()),
            Some(result) => (Tone::Warn, result.name()),
            None if self.store.run(self.key).open_attempt == Some(attempt.id) => (Tone::Plain, "open"),
            None => (Tone::Warn, "left open"),
        }
    }
}
