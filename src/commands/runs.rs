//! `runwatch runs LOG`: every run of a log.

use std::io::{self, Write};
use std::process::ExitCode;

use super::projection::{self, write_line};
use super::read::fold_log;
use super::{Failure, report};
use crate::log::source::Source;
use crate::model::text;
use crate::store::{Rules, RunKey, Store};

/// Reads the log and prints its runs in order of run id: as JSON one object a line, with the keys of the engine's own
/// projection.
///
/// # Errors
/// When the log cannot be read, or the report not written.
pub fn run(source: &Source, json: bool) -> Result<ExitCode, Failure> {
    let (store, _) = fold_log(source, Rules::Lenient, |_| Ok(()))?;
    report(|out| {
        if !json {
            print_row(out, &["RUN", "STATE", "ATTEMPTS", "PRIORITY", "OWNER", "TASK"])?;
        }
        for key in projection::in_order(&store) {
            if json {
                write_line(&mut *out, &projection::run(&store, key))?;
            } else {
                print(out, &store, key)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn print(out: &mut dyn Write, store: &Store, key: RunKey) -> io::Result<()> {
    let run = store.run(key);
    let task = store.task(run.task);
    let spec = task.spec.as_ref();
    let cap = spec.map_or_else(|| "?".to_owned(), |spec| spec.max_attempts.to_string());
    let owner = run.lease.map_or("-", |lease| store.text(lease.owner));
    let name = match spec.and_then(|spec| spec.description) {
        Some(name) => text::clean(store.text(name)).into_owned(),
        None if spec.is_some() => task.id.to_string(),
        None => "?".to_owned(),
    };
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

fn print_row(out: &mut dyn Write, cells: &[&str; 6]) -> io::Result<()> {
    let [run, state, attempts, priority, owner, task] = cells;
    writeln!(out, "{run:<36}  {state:<9}  {attempts:>8}  {priority:>8}  {owner:<12}  {task}")
}
