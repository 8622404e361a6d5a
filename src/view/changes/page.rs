//! The page of differences: the states first, then a line a run, as many as the screen is high.

use super::{ChangeKind, RunChange, RunChanges, RunStanding};
use crate::history::Sample;
use crate::model::text;
use crate::store::Store;
use crate::view::detail::{DetailLine, Tone};
use crate::view::format::{squeezed, thousands};
use crate::view::row::description;
use crate::view::{Ids, LogClock, instant};

/// The minimum columns of a number, where there is room.
const MIN_NUMBER_COLUMNS: usize = 9;
/// Columns before the numbers.
const NAME_COLUMNS: usize = 16;

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct ChangesPageView<'a> {
    /// The differences that it shows.
    pub changes: &'a RunChanges,
    /// The store of the same log, at any instant.
    pub store: &'a Store,
    /// Formats instants.
    pub clock: LogClock<'a>,
    /// The forms of ids.
    pub ids: Ids<'a>,
    /// The columns of the page.
    pub width: usize,
}

impl ChangesPageView<'_> {
    /// The number of its lines.
    #[must_use]
    pub fn len_lines(&self) -> usize {
        self.summary().len() + self.changes.runs.len()
    }

    /// At most `height` of its lines, from line `top` on.
    #[must_use]
    pub fn lines(&self, top: usize, height: usize) -> Vec<DetailLine> {
        let summary = self.summary();
        let runs = self.changes.runs.iter().skip(top.saturating_sub(summary.len()));
        let n_summary = summary.len().saturating_sub(top);
        let runs = runs.take(height.saturating_sub(n_summary)).map(|run| self.run(run));
        summary.into_iter().skip(top).chain(runs).take(height).collect()
    }

    /// The columns of a number: those of the longest, as far as three fit.
    fn columns(&self) -> usize {
        let RunChanges { before, after, .. } = self.changes;
        let of = |sample: &Sample| {
            let states = sample.states.iter().map(|runs| u64::from(*runs)).max().unwrap_or(0);
            [states, sample.finished, sample.failed, sample.problems].into_iter().max().unwrap_or(0)
        };
        let longest = thousands(of(before).max(of(after))).len();
        (longest + 2).max(MIN_NUMBER_COLUMNS).min(self.width.saturating_sub(NAME_COLUMNS) / 3)
    }

    fn summary(&self) -> Vec<DetailLine> {
        let number = self.columns();
        let RunChanges { from, to, before, after, .. } = self.changes;
        let words = |here: &instant::Here| text::clean(&here.words(self.clock)).into_owned();
        let mut lines = vec![
            DetailLine::empty().with(Tone::Dim, "  from  ").with(Tone::Plain, words(from)),
            DetailLine::empty().with(Tone::Dim, "  to    ").with(Tone::Plain, words(to)),
            DetailLine::empty(),
            DetailLine::empty().with(
                Tone::Dim,
                format!("  {:<14}{:>number$}{:>number$}{:>number$}", "state", "before", "after", "change"),
            ),
        ];
        for state in self.store.states().listed() {
            let index = state.index();
            let (was, is) = (u64::from(before.states[index]), u64::from(after.states[index]));
            if (was, is) != (0, 0) {
                let name = format!(" {:<12}", state.name());
                let line = DetailLine::empty().with(Tone::Plain, "  ").with(Tone::Sign(state), "");
                lines.push(counts(line.with(Tone::State(state), name), was, is, number));
            }
        }
        for (name, was, is) in [
            ("attempts ended", before.finished, after.finished),
            ("failures", before.failed, after.failed),
            ("problems", before.problems, after.problems),
        ] {
            let line = DetailLine::empty().with(Tone::Plain, format!("  {name:<14}"));
            lines.push(counts(line, was, is, number));
        }
        let counted: Vec<String> = [ChangeKind::New, ChangeKind::Changed, ChangeKind::Gone]
            .into_iter()
            .map(|kind| (kind, self.changes.count(kind)))
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| format!("{} {}", thousands(count as u64), kind.label()))
            .collect();
        let counted = if counted.is_empty() { "no run differs".to_owned() } else { counted.join(", ") };
        lines.push(DetailLine::empty());
        lines.push(DetailLine::empty().with(Tone::Title, "Runs").with(Tone::Dim, format!("  {counted}")));
        lines
    }

    fn run(&self, run: &RunChange) -> DetailLine {
        let mut line =
            DetailLine::empty().with(Tone::Plain, format!("  {}  ", self.ids.run(self.store.id_of(run.key))));
        line = standing(line, run.before, 12);
        line = line.with(Tone::Dim, "-> ");
        line = standing(line, run.after, 13);
        let attempts = |side: Option<RunStanding>| side.map_or(0, |side| side.attempt_count);
        let (was, is) = (attempts(run.before), attempts(run.after));
        let words = if was == is { format!("{is}") } else { format!("{was} -> {is}") };
        line = line.with(Tone::Dim, format!("attempts {words:<9}"));
        let sequence = run.sequence.map(|sequence| format!("#{}", thousands(sequence))).unwrap_or_default();
        line = line.with(Tone::Dim, format!("{sequence:>12}  "));
        // A run of the future is not in the store.
        if run.key < self.end() {
            let task = self.store.task(self.store.run(run.key).task);
            line = line.with(Tone::Plain, text::clean(description(self.store, &task).unwrap_or("?")));
        }
        line
    }

    /// The key after the last run of the store.
    fn end(&self) -> crate::store::RunKey {
        crate::store::RunKey::from_index(self.store.len())
    }
}

/// Appends the count before and after, and the difference, each in a field of `columns`.
fn counts(line: DetailLine, was: u64, is: u64, columns: usize) -> DetailLine {
    let change = i128::from(is) - i128::from(was);
    let sign = if change > 0 {
        "+"
    } else if change < 0 {
        "-"
    } else {
        ""
    };
    let change = squeezed(change.unsigned_abs().try_into().unwrap_or(u64::MAX), columns.saturating_sub(2));
    let change = format!("{sign}{change}");
    let tone = if was == is { Tone::Dim } else { Tone::Title };
    let number = |number| squeezed(number, columns.saturating_sub(1));
    line.with(Tone::Dim, format!("{:>columns$}{:>columns$}", number(was), number(is)))
        .with(tone, format!("{change:>columns$}"))
}

fn standing(line: DetailLine, standing: Option<RunStanding>, width: usize) -> DetailLine {
    match standing {
        Some(RunStanding { state, .. }) => {
            let name = format!(" {:<width$}", state.name(), width = width - 2);
            line.with(Tone::Sign(state), "").with(Tone::State(state), name)
        }
        None => line.with(Tone::Dim, format!("{:<width$}", "-")),
    }
}
