//! `runwatch runs LOG`: every run of a log, or those that a query finds, at its end or at an earlier instant.

use std::io::{self, Write};
use std::process::ExitCode;

use super::asked;
use super::given;
use super::instant::fold_at;
use super::{Failure, report, warn_earlier};
use crate::args::InstantArgs;
use crate::engine;
use crate::model::json::ascii::write_line;
use crate::model::text;
use crate::projection;
use crate::query::Query;
use crate::store::{RunKey, Store};

/// Reads the log and prints its runs in order of run id: as JSON one object a line, with the keys of the engine's own
/// projection, and those of what the tables say beside.
///
/// # Errors
/// When the query is none, the log cannot be read, or the report not written.
pub fn run(asked: &InstantArgs) -> Result<ExitCode, Failure> {
    let source = &asked.report.source;
    let query = asked::read(asked.query.as_deref())?;
    let (store, _) = fold_at(source, given::read(&asked.report.given)?, asked.at.as_ref())?;
    let query = query.map(|text| asked::of(&text, &store)).transpose()?;
    report(|out| {
        write(out, &store, query.as_ref(), asked.report.json)?;
        warn_earlier(source, &store, "runwatch runs -")?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Writes the runs of a store that a query finds; without one, all of them.
///
/// # Errors
/// When `out` does not take them.
pub fn write(out: &mut dyn Write, store: &Store, query: Option<&Query>, json: bool) -> io::Result<()> {
    let recorded = engine::recorded(store);
    let has_tasks = recorded.tasks;
    if !json && !has_tasks && recorded.names {
        print_named_row(out, ["RUN", "STATE", "ATTEMPTS", "TASK", "ERROR"])?;
    } else if !json && !has_tasks {
        print_task_row(out, ["TASK", "STATE", "ATTEMPTS", "ERROR"])?;
    } else if !json {
        print_row(out, &["RUN", "STATE", "ATTEMPTS", "PRIORITY", "OWNER", "TASK"])?;
    }
    let mut is_found = asked::found(store, query);
    for key in projection::in_order(store).into_iter().filter(|key| is_found(*key)) {
        if json {
            write_line(&mut *out, &projection::whole(store, key))?;
        } else if has_tasks {
            print(out, store, key)?;
        } else if recorded.names {
            print_named(out, store, key)?;
        } else {
            print_task(out, store, key)?;
        }
    }
    Ok(())
}

fn print(out: &mut dyn Write, store: &Store, key: RunKey) -> io::Result<()> {
    let run = store.run(key);
    let spec = store.task(run.task).spec;
    let cap = spec.as_ref().map_or_else(|| "?".to_owned(), |spec| spec.max_attempts.to_string());
    let owner = run.lease.map_or("-", |lease| store.text(lease.owner));
    let name = task_name(store, key);
    print_row(
        out,
        &[
            &text::clean(&store.id_text(run.id)),
            run.state.name(),
            &format!("{}/{cap}", run.counted_attempts()),
            &store.priority_of(key).map_or_else(|| "?".to_owned(), |priority| priority.to_string()),
            &text::clean(owner),
            &name,
        ],
    )
}

/// Prints a run of an engine whose tasks and runs are one.
fn print_task(out: &mut dyn Write, store: &Store, key: RunKey) -> io::Result<()> {
    let run = store.run(key);
    let attempts = engine::tells_attempts(store, key).then(|| run.counted_attempts().to_string());
    let error = run.error.map_or("-", |error| store.text(error).lines().next().unwrap_or_default());
    let word = run.word.map_or(run.state.name(), |word| store.text(word));
    let (id, word) = (store.id_text(run.id), text::clean(word));
    print_task_row(out, [&text::clean(&id), &word, attempts.as_deref().unwrap_or("?"), &text::clean(error)])
}

/// Prints a run that has a name beside its id.
fn print_named(out: &mut dyn Write, store: &Store, key: RunKey) -> io::Result<()> {
    let run = store.run(key);
    let attempts = engine::tells_attempts(store, key).then(|| run.counted_attempts().to_string());
    let error =
        store.latest_error(key).map_or("-", |error| store.text(error).lines().next().unwrap_or_default());
    let state = match engine::word(store, key) {
        Some(word) => format!("{} ({})", run.state.name(), text::clean(store.text(word))),
        None => run.state.name().to_owned(),
    };
    let (id, name) = (store.id_text(run.id), task_name(store, key));
    let attempts = attempts.as_deref().unwrap_or("?");
    print_named_row(out, [&text::clean(&id), &state, attempts, &name, &text::clean(error)])
}

fn print_named_row(out: &mut dyn Write, [id, state, attempts, name, error]: [&str; 5]) -> io::Result<()> {
    writeln!(out, "{id:<36}  {state:<26}  {attempts:>8}  {name:<24}  {error}")
}

fn print_task_row(out: &mut dyn Write, [id, state, attempts, error]: [&str; 4]) -> io::Result<()> {
    writeln!(out, "{id:<36}  {state:<13}  {attempts:>8}  {error}")
}

/// Returns the name of a run's task, safe to show: its description, else its id, where it has one.
pub(super) fn task_name(store: &Store, key: RunKey) -> String {
    let task = store.task(store.run(key).task);
    match task.spec.as_ref().map(|spec| spec.description) {
        Some(Some(name)) => text::clean(store.text(name)).into_owned(),
        Some(None) if engine::recorded(store).tasks => text::clean(&store.id_text(task.id)).into_owned(),
        _ => "?".to_owned(),
    }
}

fn print_row(out: &mut dyn Write, cells: &[&str; 6]) -> io::Result<()> {
    let [run, state, attempts, priority, owner, task] = cells;
    writeln!(out, "{run:<36}  {state:<9}  {attempts:>8}  {priority:>8}  {owner:<12}  {task}")
}
