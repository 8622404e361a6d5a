//! `runwatch diff LOG`: what is different between two instants of a log.
//!
//! One pass to each of them, and four bytes a run in between. The earlier one is always gone to first, so that every
//! run has a name when the report is written.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use serde::{Serialize, Serializer};

use super::instant::{InstantObject, Instants};
use super::runs::task_name;
use super::{Failure, given, report, warn_earlier};
use crate::args::Diff;
use crate::engine;
use crate::history::Sample;
use crate::model::json::ascii::write_line;
use crate::model::states::State;
use crate::model::text;
use crate::store::Store;
use crate::view::Clock;
use crate::view::changes::{ChangeKind, RunChange, RunChanges, RunStanding, Snapshot};
use crate::view::instant::When;

/// Two instants, compared. The store is at the later one.
#[derive(Debug)]
pub struct Comparison {
    changes: RunChanges,
    store: Store,
}

#[derive(Debug, Serialize)]
struct DiffObject<'a> {
    source: &'a str,
    from: InstantObject,
    to: InstantObject,
    states: BTreeMap<&'static str, Count>,
    /// The names of the states, in the order in which they are told.
    #[serde(skip)]
    listed: Vec<&'static str>,
    total: Count,
    failures: Count,
    problems: Count,
    new: usize,
    changed: usize,
    gone: usize,
    #[serde(serialize_with = "each_run")]
    runs: &'a Comparison,
}

/// A number at both instants.
#[derive(Debug, Clone, Copy, Serialize)]
struct Count {
    before: u64,
    after: u64,
    change: i64,
}

#[derive(Debug, Serialize)]
struct RunObject {
    run_id: String,
    task_id: Option<String>,
    kind: &'static str,
    before: Option<StandingObject>,
    after: Option<StandingObject>,
    last_sequence: Option<u64>,
}

#[derive(Debug, Serialize)]
struct StandingObject {
    state: &'static str,
    attempt_count: u32,
}

/// Reads the log and prints what changed: by state first, then a run a line in order of run id, or all of it as one
/// JSON object.
///
/// # Errors
/// When the log cannot be read, or the report not written.
pub fn run(diff: &Diff) -> Result<ExitCode, Failure> {
    let source = &diff.report.source;
    let mut log = Instants::open(source, given::read(&diff.report.given)?, Clock::default())?;
    let comparison = Comparison::of(&mut log, &diff.from, &diff.to)?;
    log.tell();
    let name = source.to_string();
    report(|out| {
        comparison.write(out, &name, diff.report.json)?;
        warn_earlier(source, &comparison.store, "runwatch diff -")?;
        Ok(ExitCode::SUCCESS)
    })
}

impl Comparison {
    /// Compares two instants of a log.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn of(log: &mut Instants, from: &When, to: &When) -> Result<Self, Failure> {
        let (store, _) = log.fold_to(from)?;
        let from_line = store.tally().lines;
        let before = Snapshot::of(&store);
        drop(store);
        let (store, _) = log.fold_to(to)?;
        let is_forward = from_line <= store.tally().lines;
        let (mut changes, store) = if is_forward {
            (RunChanges::between(&before, &store), store)
        } else {
            let earlier = Snapshot::of(&store);
            drop(store);
            let (store, _) = log.fold_to(from)?;
            (RunChanges::between(&earlier, &store).reversed(), store)
        };
        changes.runs.sort_by(|a, b| store.by_id(a.key, b.key));
        Ok(Self { changes, store })
    }

    /// Returns the changes.
    #[must_use]
    pub const fn changes(&self) -> &RunChanges {
        &self.changes
    }

    /// Writes the report of a log that is called `source`.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn write(&self, out: &mut dyn Write, source: &str, json: bool) -> io::Result<()> {
        let object = DiffObject::of(source, self);
        if json {
            return write_line(&mut *out, &object);
        }
        object.print(out)?;
        if self.changes.runs.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        if engine::recorded(&self.store).tasks {
            print_row(out, ["RUN", "STATE", "ATTEMPTS", "LAST", "TASK"])?;
        } else {
            print_task_row(out, ["TASK", "STATE", "ATTEMPTS", "LAST"])?;
        }
        self.changes.runs.iter().try_for_each(|run| self.print(out, run))
    }

    fn print(&self, out: &mut dyn Write, run: &RunChange) -> io::Result<()> {
        let (before, after) = (run.before, run.after);
        let state = |it: Option<RunStanding>| it.map_or("-", |it| it.state.name());
        let attempts = |it: Option<RunStanding>| it.map_or("-".to_owned(), |it| it.attempt_count.to_string());
        let id = text::clean(&self.store.id_text(self.store.id_of(run.key))).into_owned();
        let (state, attempts) =
            (arrow(state(before), state(after)), arrow(&attempts(before), &attempts(after)));
        let last = run.sequence.map_or("?".to_owned(), |sequence| format!("#{sequence}"));
        if engine::recorded(&self.store).tasks {
            print_row(out, [&id, &state, &attempts, &last, &task_name(&self.store, run.key)])
        } else {
            print_task_row(out, [&id, &state, &attempts, &last])
        }
    }

    fn object(&self, run: &RunChange) -> RunObject {
        let Self { store, .. } = self;
        let it = store.run(run.key);
        let standing =
            |it: RunStanding| StandingObject { state: it.state.name(), attempt_count: it.attempt_count };
        RunObject {
            run_id: store.id_text(store.id_of(run.key)).into_owned(),
            task_id: (!it.joined).then(|| store.id_text(it.task_id).into_owned()),
            kind: run.kind().label(),
            before: run.before.map(standing),
            after: run.after.map(standing),
            last_sequence: run.sequence,
        }
    }
}

impl<'a> DiffObject<'a> {
    fn of(source: &'a str, runs: &'a Comparison) -> Self {
        let changes = &runs.changes;
        let instant = |here| InstantObject::of(here, runs.store.unit());
        let count = |of: &dyn Fn(&Sample) -> u64| Count::of(of(&changes.before), of(&changes.after));
        let state = |state: State| count(&|it| u64::from(it.states[state.index()]));
        Self {
            source,
            from: instant(changes.from),
            to: instant(changes.to),
            listed: runs.store.states().listed().map(State::name).collect(),
            states: runs.store.states().all().map(|it| (it.name(), state(it))).collect(),
            total: count(&|it| it.states.iter().map(|runs| u64::from(*runs)).sum()),
            failures: count(&|it| it.failed),
            problems: count(&|it| it.problems),
            new: changes.count(ChangeKind::New),
            changed: changes.count(ChangeKind::Changed),
            gone: changes.count(ChangeKind::Gone),
            runs,
        }
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{:<14} {}", "source", text::clean(self.source))?;
        writeln!(out, "{:<14} {}", "from", self.from.words())?;
        writeln!(out, "{:<14} {}", "to", self.to.words())?;
        writeln!(out)?;
        let longest = self.listed.iter().map(|name| 2 + name.len()).max().unwrap_or(0).max(14);
        writeln!(out, "{:<longest$} {:>10} {:>10} {:>10}", "", "BEFORE", "AFTER", "CHANGE")?;
        let mut row = |name: &str, count: &Count| {
            let Count { before, after, change } = count;
            let change = if *change == 0 { "0".to_owned() } else { format!("{change:+}") };
            writeln!(out, "{name:<longest$} {before:>10} {after:>10} {change:>10}")
        };
        row("runs", &self.total)?;
        for name in &self.listed {
            row(&format!("  {name}"), &self.states[*name])?;
        }
        row("failures", &self.failures)?;
        row("problems", &self.problems)?;
        writeln!(out)?;
        writeln!(out, "{} new, {} changed, {} gone", self.new, self.changed, self.gone)
    }
}

impl Count {
    const fn of(before: u64, after: u64) -> Self {
        Self { before, after, change: after.wrapping_sub(before).cast_signed() }
    }
}

/// Writes runs one after another, however many there are.
fn each_run<S: Serializer>(runs: &&Comparison, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(runs.changes.runs.iter().map(|run| runs.object(run)))
}

fn arrow(before: &str, after: &str) -> String {
    if before == after { before.to_owned() } else { format!("{before} -> {after}") }
}

/// The same of an engine whose tasks and runs are one, and whose names of states are longer.
fn print_task_row(out: &mut dyn Write, [task, state, attempts, last]: [&str; 4]) -> io::Result<()> {
    writeln!(out, "{task:<36}  {state:<25}  {attempts:>8}  {last:>9}")
}

fn print_row(out: &mut dyn Write, cells: [&str; 5]) -> io::Result<()> {
    let [run, state, attempts, last, task] = cells;
    writeln!(out, "{run:<36}  {state:<22}  {attempts:>8}  {last:>9}  {task}")
}
