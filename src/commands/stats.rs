//! `runwatch stats LOG`: what a log holds, in numbers, at its end or at an earlier instant. With a query, runs, tasks and
//! attempts are those of what it finds; lines and problems are always of the log.

mod time_in_state;

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;

use super::asked;
use super::instant::{InstantObject, fold_at};
use super::nothing_read::nothing_read;
use super::read::fold_log;
use super::{Failure, given, report, tell_earlier};
use crate::args;
use crate::engine;
use crate::engine::recorded::Recorded;
use crate::model::facts::AttemptResult;
use crate::model::json::ascii::write_line;
use crate::model::states::MAX_STATES;
use crate::model::text;
use crate::model::time::Unit;
use crate::projection::{ProgressObject, Totals};
use crate::query::Query;
use crate::source::read_once::LogEnd;
use crate::store::{Pace, Retain, Retention, Rules, Store, TaskKey};
use crate::view::Times;
use crate::view::instant::Here;
use time_in_state::TimeInState;

/// Maximum number of runs of a chain that are printed.
const MAX_CHAIN: usize = 20;

/// The numbers of a log.
#[derive(Debug, Serialize)]
pub struct StatsReport<'a> {
    source: &'a str,
    /// Where the numbers were taken, when that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<InstantObject>,
    /// Which runs, tasks and attempts are counted, when that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
    #[serde(flatten)]
    totals: Totals,
    pending_bytes: u64,
    /// Files of a directory that are none of the engine's, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    foreign_files: Option<u64>,
    tasks: usize,
    attempts: Attempts,
    /// Kinds of facts in the records of the engine.
    #[serde(skip)]
    recorded: Recorded,
    #[serde(skip)]
    unit: Unit,
    /// Every stay of every run is looked at for this, so it is done where it is shown, and not for some of them. Runs
    /// that are only counted have no stays.
    time_in_state: Option<TimeInState<'a>>,
}

#[derive(Debug, Serialize)]
struct Attempts {
    total: u64,
    open: u64,
    by_result: BTreeMap<&'static str, u64>,
}

/// Reads the log and prints its numbers.
///
/// # Errors
/// When the query is none, the log cannot be read, or the report not written.
pub fn run(args::Stats { instant: asked, retain }: &args::Stats) -> Result<ExitCode, Failure> {
    let source = &asked.report.source;
    let given = given::read(&asked.report.given)?;
    let query = asked::read(asked.query.as_deref())?;
    let (store, ending) = if query.is_some() || asked.at.is_some() {
        fold_at(source, given, asked.at.as_ref())?
    } else {
        let mut retention = Retention::new(retain.over(Retain::default()));
        let (mut store, ending) = fold_log(source, engine::store_given(Rules::Lenient, &given), |store| {
            retention.apply(store, Pace::Reading);
            Ok(())
        })?;
        retention.apply(&mut store, Pace::AtRest);
        store.end_times();
        if let Some(failure) = nothing_read(source, &store, ending.pending) {
            return Err(failure);
        }
        (store, ending)
    };
    let query = query.map(|text| asked::of(&text, &store)).transpose()?;
    let name = source.to_string();
    let here = asked.at.as_ref().map(|_| Here::of(&store));
    let mut stats = StatsReport {
        at: here.map(|here| InstantObject::of(here, store.unit())),
        ..StatsReport::of(&name, &store, &ending)
    };
    if let Some(query) = &query {
        stats.narrow(&store, query);
    } else if asked.report.json {
        let times = Times::of(&store, store.latest_at());
        stats.time_in_state = Some(TimeInState::of(&store, &times));
    }
    report(|out| {
        if asked.report.json {
            write_line(&mut *out, &stats)?;
        } else {
            stats.print(out)?;
            tell_earlier(out, source, &store, "runwatch stats -")?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

impl<'a> StatsReport<'a> {
    /// The numbers of a whole log, as `stats --json` prints them.
    #[must_use]
    pub fn of(source: &'a str, store: &Store, ending: &LogEnd) -> Self {
        let attempts = store.attempts();
        Self {
            source,
            at: None,
            query: None,
            totals: Totals::of(store),
            pending_bytes: ending.pending,
            foreign_files: Some(ending.foreign).filter(|n| *n > 0),
            tasks: store.n_tasks(),
            attempts: Attempts {
                total: attempts.total,
                open: attempts.open(),
                by_result: AttemptResult::ALL
                    .iter()
                    .map(|result| (result.name(), attempts.by_result[*result as usize]))
                    .collect(),
            },
            recorded: engine::recorded(store),
            unit: store.unit(),
            time_in_state: None,
        }
    }

    /// Counts only what a query finds.
    fn narrow(&mut self, store: &Store, query: &'a Query) {
        self.query = Some(query.text());
        let mut states = [0_u64; MAX_STATES];
        let mut by_result = [0; AttemptResult::ALL.len()];
        let mut tasks: HashSet<TaskKey> = HashSet::new();
        let mut is_found = asked::found(store, Some(query));
        self.attempts.total = 0;
        for key in store.keys().filter(|key| is_found(*key)) {
            states[store.state_of(key).index()] += 1;
            tasks.insert(store.task_key_of(key));
            for result in store.results_of(key) {
                self.attempts.total += 1;
                result.into_iter().for_each(|result| by_result[result as usize] += 1);
            }
        }
        self.totals.runs = states.iter().sum();
        self.tasks = tasks.len();
        self.totals.states =
            store.states().all().map(|state| (state.name(), states[state.index()])).collect();
        self.attempts.open = self.attempts.total - by_result.iter().sum::<u64>();
        let counted = AttemptResult::ALL.iter().map(|result| (result.name(), by_result[*result as usize]));
        self.attempts.by_result = counted.collect();
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut row = |name: &str, value: &dyn std::fmt::Display| writeln!(out, "{name:<18} {value:>12}");
        row("source", &text::clean(self.source))?;
        if let Some(at) = &self.at {
            row("at", &at.words())?;
        }
        if let Some(query) = self.query {
            writeln!(out, "{:<18} {}", "query", text::clean(query))?;
            writeln!(
                out,
                "{:<18} runs, tasks and attempts are of what it finds, lines and problems of the log",
                ""
            )?;
        }
        let mut row = |name: &str, value: &dyn std::fmt::Display| writeln!(out, "{name:<18} {value:>12}");
        let totals = &self.totals;
        row("vocabulary", &totals.vocabulary.unwrap_or("unknown: no line is an event"))?;
        row("lines", &totals.lines)?;
        if let (Some(matched), Some(passed_over)) = (totals.matched, totals.passed_over) {
            row("  matched", &matched)?;
            row("  passed over", &passed_over)?;
            row("  unreadable", &totals.unreadable)?;
        } else {
            row("  applied", &totals.applied)?;
            row("  rejected", &totals.rejected)?;
            row("  unreadable", &totals.unreadable)?;
            row("  ignored", &totals.ignored)?;
        }
        row("pending bytes", &self.pending_bytes)?;
        if let Some(n) = self.foreign_files {
            row("foreign files", &n)?;
        }
        if totals.matched.is_none() {
            row("latest sequence", &totals.latest_sequence)?;
            row("sequence gaps", &totals.sequence_gaps)?;
        }
        if self.recorded.tasks {
            row("tasks", &self.tasks)?;
        }
        row("runs", &totals.runs)?;
        if totals.runs_only_counted > 0 {
            row("  only counted", &totals.runs_only_counted)?;
        }
        for state in totals.table.listed() {
            row(&format!("  {}", state.name()), &totals.in_state(state))?;
        }
        row("attempts", &self.attempts.total)?;
        row("  open", &self.attempts.open)?;
        let uncounted = self.recorded.uncounted_attempts;
        for result in AttemptResult::ALL.into_iter().filter(|result| uncounted || result.is_counted()) {
            row(&format!("  {}", result.name()), &self.attempts.by_result[result.name()])?;
        }
        row("problems", &totals.problems.total)?;
        for (kind, count) in &totals.problems.by_kind {
            row(&format!("  {kind}"), count)?;
        }
        if self.recorded.pauses {
            row("engine", &if totals.engine_paused { "paused" } else { "not paused" })?;
        }
        if let Some(progress) = &totals.progress {
            print_progress(progress, self.unit, out)?;
        }
        for (word, count) in &totals.unknown_states {
            writeln!(out, "unknown state {count:>17}  {}", text::clean(word))?;
        }
        for (word, count) in totals.unknown_words.iter().flatten() {
            writeln!(out, "unknown word {count:>18}  {}", text::clean(word))?;
        }
        if let (Some(matched), true) = (totals.matched, totals.lines > 0)
            && matched * 100 < totals.lines
        {
            let words = "the format matches less than one line of a hundred: `runwatch formats` lists others";
            writeln!(out, "{:<18} {words}", "")?;
        }
        Ok(())
    }
}

/// Prints how far an execution is. What the log does not tell is left out.
fn print_progress(progress: &ProgressObject, unit: Unit, out: &mut dyn Write) -> io::Result<()> {
    let mut row = |name: &str, value: &dyn std::fmt::Display| writeln!(out, "{name:<18} {value:>12}");
    row("executions", &progress.executions)?;
    if let (Some(ended), Some(total), Some(percent)) = (progress.ended, progress.total, progress.percent) {
        row("graph", &total)?;
        row("  ended", &ended)?;
        row("  percent", &percent)?;
    }
    if let (Some(executing), Some(queued)) = (progress.executing, progress.queued) {
        row("executing", &executing)?;
        row("queued", &queued)?;
    }
    if let Some(left) = progress.left {
        row("time left, about", &unit.words(left))?;
    }
    for (index, task) in progress.critical_chain.iter().take(MAX_CHAIN).enumerate() {
        let label = if index == 0 { "critical chain" } else { "" };
        writeln!(out, "{label:<18} {}{}", if index == 0 { "" } else { "after " }, text::clean(task))?;
    }
    if progress.critical_chain.len() > MAX_CHAIN {
        writeln!(out, "{:<18} and {} before them", "", progress.critical_chain.len() - MAX_CHAIN)?;
    }
    Ok(())
}
