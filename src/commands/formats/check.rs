//! `runwatch formats check`: what a table makes of a log, for the author of the table.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;

use super::named;
use crate::args::FormatCheck;
use crate::commands::{Failure, report};
use crate::engine::batch::{Content, Decoder};
use crate::engine::mapped::MappedRuns;
use crate::engine::mapped::statement::{MappedContent, ToldState};
use crate::engine::{self, Given, fold};
use crate::model::json::ascii::write_line;
use crate::model::text;
use crate::projection;
use crate::source::read_once::Once;
use crate::store::{ProblemKind, Rules, RunKey, Store};
use crate::view::format::{plural, thousands};

/// Number of runs that are shown as they come out.
const SHOWN_RUNS: usize = 5;
/// Number of lines of each kind that are shown.
const SHOWN_LINES: usize = 3;
/// Number of characters shown of a line.
const SHOWN_CHARS: usize = 160;

/// The lines of a log, by what a table makes of them.
#[derive(Debug, Serialize)]
struct FormatReport<'a> {
    format: &'a str,
    lines: u64,
    matched: u64,
    passed_over: u64,
    unreadable: u64,
    runs: u64,
    /// States that the lines tell, with the words for each, and the number of statements.
    words: BTreeMap<&'static str, BTreeMap<String, u64>>,
    unknown_words: BTreeMap<String, u64>,
    /// Runs that went on after an end: their ids may repeat.
    repeated_ids: u64,
    repeated_events: u64,
    back_in_time: u64,
    unread_times: u64,
    without_time: u64,
    problems: u64,
    /// Number and beginning of the first lines that were passed over.
    passed_over_lines: Vec<(u64, String)>,
    /// Number and reason of the first lines that could not be read.
    unreadable_lines: Vec<(u64, String)>,
}

/// Reads the log by the table, and tells.
///
/// # Errors
/// When the table is none, or the log cannot be read.
pub(super) fn run(check: &FormatCheck) -> Result<ExitCode, Failure> {
    let format = named(&check.table)?;
    let given = Given::Format(format);
    let mut once = Once::open(&check.log, engine::options_given(&given))?;
    let mut decoder = Decoder::given(&given);
    let mut store = engine::store_given(Rules::Lenient, &given);
    let mut told = FormatReport::new(&format.table().name);
    while let Some(block) = once.read()? {
        let batch = decoder.decode(block);
        told.read(batch.content(), |at| text_of_line(batch.block(), at));
        fold::batch(&mut store, &batch);
    }
    told.end(&store);
    report(|out| {
        if check.json {
            write_line(&mut *out, &told)?;
        } else {
            told.print(out, &store)?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// The beginning of a line of a block, safe to show.
fn text_of_line(block: &crate::source::block::Block, at: usize) -> String {
    let line = block.lines().nth(at);
    let bytes = match line.as_ref().map(|line| &line.text) {
        Some(crate::source::line::Raw::Whole(bytes)) => *bytes,
        _ => b"",
    };
    let shown: String = String::from_utf8_lossy(bytes).chars().take(SHOWN_CHARS).collect();
    text::clean(&shown).into_owned()
}

impl<'a> FormatReport<'a> {
    const fn new(format: &'a str) -> Self {
        Self {
            format,
            lines: 0,
            matched: 0,
            passed_over: 0,
            unreadable: 0,
            runs: 0,
            words: BTreeMap::new(),
            unknown_words: BTreeMap::new(),
            repeated_ids: 0,
            repeated_events: 0,
            back_in_time: 0,
            unread_times: 0,
            without_time: 0,
            problems: 0,
            passed_over_lines: Vec::new(),
            unreadable_lines: Vec::new(),
        }
    }

    fn read(&mut self, content: &Content<'_>, line: impl Fn(usize) -> String) {
        let Content::Mapped(lines) = content else { return };
        for (at, entry) in lines.entries.iter().enumerate() {
            self.lines += 1;
            match &entry.content {
                MappedContent::PassedOver if self.passed_over_lines.len() < SHOWN_LINES => {
                    self.passed_over_lines.push((self.lines, line(at)));
                }
                MappedContent::Unreadable(reason) if self.unreadable_lines.len() < SHOWN_LINES => {
                    self.unreadable_lines.push((self.lines, reason.clone()));
                }
                _ => (),
            }
            for statement in entry.content.statements() {
                self.without_time += u64::from(statement.time.is_none());
                if let ToldState::State(state, word) = &statement.state {
                    let word = word.as_deref().unwrap_or_default().to_owned();
                    *self.words.entry(state.name()).or_default().entry(word).or_default() += 1;
                }
            }
        }
    }

    fn end(&mut self, store: &Store) {
        let Some(own) = MappedRuns::of(store) else { return };
        let counts = own.told();
        (self.matched, self.passed_over) = (counts.matched, counts.passed_over);
        self.unreadable = store.tally().unreadable;
        self.runs = store.n_runs();
        self.unknown_words = engine::unknown_states(store);
        self.repeated_ids = store.keys().filter(|key| own.detail(*key).reopened > 0).count() as u64;
        self.repeated_events = counts.repeated;
        self.back_in_time = counts.back_in_time;
        self.unread_times = counts.unread_times;
        let unreadable = [ProblemKind::Unreadable, ProblemKind::OverLong];
        let n_unreadable: u64 = unreadable.iter().map(|kind| store.problems().of(*kind)).sum();
        self.problems = store.problems().total().saturating_sub(n_unreadable);
    }

    fn print(&self, out: &mut dyn Write, store: &Store) -> io::Result<()> {
        let of_lines = |n: u64| match self.lines {
            0 => String::new(),
            lines => format!("  {:>5.1} %", share(n, lines)),
        };
        writeln!(out, "format {}", self.format)?;
        for (name, n) in [
            ("lines", self.lines),
            ("matched", self.matched),
            ("passed over", self.passed_over),
            ("unreadable", self.unreadable),
        ] {
            writeln!(out, "  {name:<14}{:>12}{}", thousands(n), of_lines(n))?;
        }
        if self.lines > 0 && self.matched * 100 < self.lines {
            writeln!(out, "  the table matches less than one line of a hundred: is it the right one?")?;
        }
        for (heading, lines) in
            [("passed over", &self.passed_over_lines), ("unreadable", &self.unreadable_lines)]
        {
            for (number, line) in lines {
                writeln!(out, "  {heading}, line {number}: {line}")?;
            }
        }
        writeln!(out, "states")?;
        for (state, words) in &self.words {
            let total: u64 = words.values().sum();
            let words: Vec<String> = words
                .iter()
                .filter(|(word, _)| !word.is_empty())
                .map(|(word, n)| format!("{} {}", text::clean(word), thousands(*n)))
                .collect();
            writeln!(out, "  {state:<14}{:>12}  {}", thousands(total), words.join(", "))?;
        }
        for (word, n) in &self.unknown_words {
            let times = plural(*n, "time", "times");
            writeln!(
                out,
                "  unknown word {:?}, {} {times}: it changes no state",
                text::clean(word),
                thousands(*n)
            )?;
        }
        for (n, words) in [
            (self.repeated_ids, "runs went on after an end: does their id repeat?"),
            (self.repeated_events, "events were told again, and not taken twice"),
            (self.back_in_time, "times go back: the order of lines holds"),
            (self.unread_times, "times are none that are read: RFC 3339, or numbers since 1970"),
            (self.without_time, "statements have no time"),
            (self.problems, "problems: `runwatch check` lists them"),
        ] {
            if n > 0 {
                writeln!(out, "  {} {words}", thousands(n))?;
            }
        }
        writeln!(out, "runs {}", thousands(self.runs))?;
        let first: Vec<RunKey> = store.keys().take(SHOWN_RUNS).collect();
        for key in first {
            write!(out, "  ")?;
            write_line(&mut *out, &projection::whole(store, key))?;
        }
        Ok(())
    }
}

/// Share of `n` in `all`, in percent.
#[allow(clippy::cast_precision_loss, reason = "a share is shown in tenths of a percent")]
fn share(n: u64, all: u64) -> f64 {
    n as f64 * 100.0 / all as f64
}
