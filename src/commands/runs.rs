//! `runwatch runs LOG`: every run of a log, at its end or at an earlier instant.

use std::io::{self, Write};
use std::process::ExitCode;

use super::instant::fold_at;
use super::{Failure, report};
use crate::log::source::Source;
use crate::model::text;
use crate::projection::{self, write_line};
use crate::store::{RunKey, Store};
use crate::view::instant::When;

/// Reads the log and prints its runs in order of run id: as JSON one object a line, with the keys of the engine's own
/// projection.
///
/// # Errors
/// When the log cannot be read, or the report not written.
pub fn run(source: &Source, at: Option<&When>, json: bool) -> Result<ExitCode, Failure> {
    let (store, _) = fold_at(source, at)?;
    report(|out| {
        write(out, &store, json)?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Writes the runs of a store.
///
/// # Errors
/// When `out` does not take them.
pub fn write(out: &mut dyn Write, store: &Store, json: bool) -> io::Result<()> {
    if !json {
        print_row(out, &["RUN", "STATE", "ATTEMPTS", "PRIORITY", "OWNER", "TASK"])?;
    }
    for key in projection::in_order(store) {
        if json {
            write_line(&mut *out, &projection::run(store, key))?;
        } else {
            print(out, store, key)?;
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
            &run.instance.id().to_string(),
            run.instance.state().name(),
            &format!("{}/{cap}", run.counted_attempts()),
            &run.instance.effective_priority().to_string(),
            &text::clean(owner),
            &name,
        ],
    )
}

/// What the task of a run is called, safe to show: by its description, else by its id.
pub(super) fn task_name(store: &Store, key: RunKey) -> String {
    let task = store.task(store.run(key).task);
    match &task.spec {
        Some(spec) => match spec.description {
            Some(name) => text::clean(store.text(name)).into_owned(),
            None => task.id.to_string(),
        },
        None => "?".to_owned(),
    }
}

fn print_row(out: &mut dyn Write, cells: &[&str; 6]) -> io::Result<()> {
    let [run, state, attempts, priority, owner, task] = cells;
    writeln!(out, "{run:<36}  {state:<9}  {attempts:>8}  {priority:>8}  {owner:<12}  {task}")
}
