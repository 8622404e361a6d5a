//! `runwatch formats`: the formats of logs that are read, their tables, and what a table makes of a log.

mod check;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;

use super::{Failure, report};
use crate::args::{FormatsCommand, FormatsQuestion};
use crate::engine::mapped::Format;
use crate::engine::mapped::catalog;
use crate::engine::mapped::table::MappedTable;
use crate::model::json::ascii::write_line;
use crate::model::nearest::nearest;
use crate::model::text;

/// Directory of a user's own tables, beside the config file.
const OWN_DIRECTORY: &str = "formats";

/// One format, as it is listed.
#[derive(Debug, Serialize)]
struct FormatRow<'a> {
    name: &'a str,
    title: &'a str,
    command: &'a str,
    source: &'a str,
    tells: &'a [String],
}

/// Answers on the standard output.
///
/// # Errors
/// When no format has the name, a table is wrong, or a log cannot be read.
pub fn run(question: &FormatsQuestion) -> Result<ExitCode, Failure> {
    match &question.of {
        Some(FormatsCommand::Check(check)) => check::run(check),
        Some(FormatsCommand::Show { name }) => {
            let format = named(name)?;
            report(|out| {
                out.write_all(format.table().text.as_bytes())?;
                Ok(ExitCode::SUCCESS)
            })
        }
        None => report(|out| {
            list(out, question.json)?;
            Ok(ExitCode::SUCCESS)
        }),
    }
}

fn list(out: &mut dyn Write, json: bool) -> io::Result<()> {
    for table in catalog::all() {
        let (name, title) = (table.name.as_str(), table.title.as_str());
        let (command, source) = (table.command.as_str(), table.source.as_str());
        if json {
            write_line(&mut *out, &FormatRow { name, title, command, source, tells: &table.tells })?;
        } else {
            writeln!(out, "{name:<15} {}", text::clean(title))?;
            writeln!(out, "{:<15} {}", "", text::clean(command))?;
        }
    }
    Ok(())
}

/// The format that a user names: one that is known, or a file with a table.
///
/// # Errors
/// When no format has the name, and when a file cannot be read or holds no table.
pub(super) fn named(name: &str) -> Result<Format, Failure> {
    if let Some(table) = catalog::named(name) {
        return Ok(Format::of(table));
    }
    let path = Path::new(name);
    if !name.contains('/') && path.extension().is_none() {
        let near = nearest(name, catalog::all().map(|table| table.name.as_str()));
        let hint = match near {
            Some(near) => format!("did you mean {near}? `runwatch formats` lists all of them"),
            None => {
                "`runwatch formats` lists all of them; a table of your own is named by its path".to_owned()
            }
        };
        let what = format!("no format is called {}", text::clean(name));
        return Err(Failure { what, hint: Some(hint) });
    }
    let table = read(path)?;
    // Read once, at the start: it is kept for the life of the program, as the built-in ones are.
    Ok(Format::of(Box::leak(Box::new(table))))
}

/// Reads the table in a file.
fn read(path: &Path) -> Result<MappedTable, Failure> {
    let name = text::clean_path(path);
    let failed = |what: String, hint: &str| Failure { what, hint: Some(hint.to_owned()) };
    let text = fs::read_to_string(path).map_err(|error| {
        failed(
            format!("failed to read the table {name}: {error}"),
            "a format is named as `runwatch formats` lists it, or by the path of its table",
        )
    })?;
    MappedTable::parse(&text).map_err(|problems| {
        let mut problems = problems.iter().map(|problem| format!("{name}:{problem}"));
        let first = problems.next().unwrap_or_default();
        let more: Vec<String> = problems.collect();
        let hint = if more.is_empty() {
            "`runwatch formats show plain` prints a table to begin with".to_owned()
        } else {
            more.join("\n")
        };
        failed(first, &hint)
    })
}

/// Makes the tables in a user's own directory known. One that is wrong is left out, and told on standard error: the log
/// may need another.
pub fn register_own(config_home: Option<&Path>) {
    let Some(directory) = config_home.map(|home| home.join("runwatch").join(OWN_DIRECTORY)) else { return };
    let Ok(entries) = fs::read_dir(directory) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let mut tables = Vec::new();
    for path in paths {
        match read(&path) {
            Ok(table) => tables.push(table),
            Err(failure) => {
                // No reader is left when this fails.
                let _ = writeln!(io::stderr().lock(), "runwatch: {failure}; the table is left out");
            }
        }
    }
    if !tables.is_empty() {
        catalog::register(tables);
    }
}
