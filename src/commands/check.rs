//! `runwatch check LOG`: what a log did that it may not do, and an exit code for scripts.

use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;

use super::read::fold_log;
use super::{Failure, PROBLEMS, given, report, tell_earlier};
use crate::args::{Check, ReportArgs};
use crate::engine;
use crate::model::json::ascii::write_line;
use crate::model::text;
use crate::source::read_once::LogEnd;
use crate::store::{Ended, Pace, Problem, Retain, Retention, Rules, Store};
use crate::view::format::plural;

#[derive(Debug, Serialize)]
struct ProblemObject<'a> {
    kind: &'static str,
    line: u64,
    offset: u64,
    sequence: Option<u64>,
    run_id: Option<String>,
    reason: &'a str,
}

/// Reads the log and prints each problem with its place and its reason. However many there are, none is held back.
///
/// # Errors
/// When the log cannot be read, or the report not written.
pub fn run(check: &Check) -> Result<ExitCode, Failure> {
    let Check { report: ReportArgs { source, given, json }, strict } = check;
    let given = given::read(given)?;
    let rules = if *strict { Rules::Strict } else { Rules::Lenient };
    let name = source.to_string();
    let name = text::clean(&name);
    report(|out| {
        // What the engine itself would refuse is known only by who forgets nothing.
        let ended = if *strict { Ended::All } else { Ended::Fitting };
        let mut retention = Retention::new(Retain { ended, ..Retain::default() });
        let (mut store, ending) = fold_log(source, engine::store_given(rules, &given), |store| {
            retention.apply(store, Pace::Reading);
            for problem in store.take_problems() {
                print(out, &name, &problem, store, *json)?;
            }
            Ok(())
        })?;
        store.end_times();
        for problem in store.take_problems() {
            print(out, &name, &problem, &store, *json)?;
        }
        let (total, tally) = (store.problems().total(), store.tally());
        // A log of blanks says nothing, and that nothing is wrong with it would be too much to say.
        let is_blank = tally.lines > 0
            && tally.ignored == tally.lines
            && store.highest_sequence() == 0
            && engine::lines_told(&store).is_none();
        if is_blank && !json {
            writeln!(out, "{name}: no event in {} lines: all of them are blank", tally.lines)?;
        } else if !json {
            summarize(out, &name, total, tally.lines, ending)?;
            tell_earlier(out, source, &store, "runwatch check -")?;
        }
        Ok(if total == 0 && !is_blank { ExitCode::SUCCESS } else { ExitCode::from(PROBLEMS) })
    })
}

fn print(out: &mut dyn Write, name: &str, problem: &Problem, store: &Store, json: bool) -> io::Result<()> {
    let Problem { kind, place, sequence, run, reason } = problem;
    if json {
        let object = ProblemObject {
            kind: kind.label(),
            line: place.line(),
            offset: place.byte(),
            sequence: *sequence,
            run_id: run.map(|run| store.id_text(run).into_owned()),
            reason,
        };
        return write_line(&mut *out, &object);
    }
    write!(out, "{name}:{}: {kind}: {}", place.line(), text::clean(reason))?;
    write!(out, " (byte {}", place.byte())?;
    if let Some(sequence) = sequence {
        write!(out, ", #{sequence}")?;
    }
    writeln!(out, ")")
}

fn summarize(out: &mut dyn Write, name: &str, total: u64, lines: u64, ending: LogEnd) -> io::Result<()> {
    let LogEnd { pending, foreign, .. } = ending;
    let (read, problems) = (plural(lines, "line", "lines"), plural(total, "problem", "problems"));
    match total {
        0 => write!(out, "{name}: no problems in {lines} {read}")?,
        _ => write!(out, "{name}: {total} {problems} in {lines} {read}")?,
    }
    if pending > 0 {
        let bytes = plural(
            pending,
            "byte of a last line without its end is",
            "bytes of a last line without its end are",
        );
        write!(out, "; {pending} {bytes} not judged")?;
    }
    if foreign > 0 {
        let files = plural(
            foreign,
            "file that is none of the engine's is",
            "files that are none of the engine's are",
        );
        write!(out, "; {foreign} {files} not read")?;
    }
    writeln!(out)
}
