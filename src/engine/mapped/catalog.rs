//! All tables by their names: those of the program, and those of the user, which come first.
//!
//! Also finds the tables that a log fits. Must not know where a user's tables come from.

use std::sync::{LazyLock, OnceLock};

use super::scan::{FoundValues, scan};
use super::table::MappedTable;
use crate::engine::unframed::unframed;
use crate::source::block::Block;
use crate::source::line::Raw;

/// As many first lines of a block are asked.
pub const MAX_ASKED_LINES: usize = 200;

/// Name of the table that gives way to every other.
pub const PLAIN: &str = "plain";

/// Texts of the tables of the program, the plain one first.
const TEXTS: &[&str] = &[
    include_str!("tables/plain.toml"),
    include_str!("tables/dbt.toml"),
    include_str!("tables/openlineage.toml"),
    include_str!("tables/celery.toml"),
    include_str!("tables/prefect.toml"),
    include_str!("tables/sidekiq.toml"),
    include_str!("tables/laravel.toml"),
    include_str!("tables/oban.toml"),
    include_str!("tables/hyperqueue.toml"),
    include_str!("tables/snakemake.toml"),
    include_str!("tables/spark.toml"),
    include_str!("tables/gotest.toml"),
    include_str!("tables/nomad.toml"),
    include_str!("tables/github-actions.toml"),
    include_str!("tables/docker.toml"),
    include_str!("tables/nextflow.toml"),
];

/// Tables of the program. A text that is no table is missing, which a test rules out.
static BUILT_IN: LazyLock<Vec<&'static MappedTable>> = LazyLock::new(|| {
    TEXTS
        .iter()
        .filter_map(|text| MappedTable::parse(text).ok())
        .map(|table| &*Box::leak(Box::new(table)))
        .collect()
});

/// Tables of the user.
static OWN: OnceLock<Vec<MappedTable>> = OnceLock::new();

/// Tables of the program.
#[must_use]
pub fn built_in() -> &'static [&'static MappedTable] {
    &BUILT_IN
}

/// Adds the tables of the user, once in the life of the program; those given later are dropped.
pub fn register(tables: Vec<MappedTable>) {
    let _ = OWN.set(tables);
}

/// All tables: those of the user first, which hide tables of the program of the same name.
pub fn all() -> impl Iterator<Item = &'static MappedTable> {
    with_own(OWN.get().map_or(&[], Vec::as_slice))
}

/// Tables of a user, and those of the program that they do not hide.
fn with_own(own: &'static [MappedTable]) -> impl Iterator<Item = &'static MappedTable> {
    let is_shown = move |table: &&MappedTable| own.iter().all(|it| it.name != table.name);
    own.iter().chain(built_in().iter().copied().filter(is_shown))
}

/// The table of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static MappedTable> {
    all().find(|table| table.name == name)
}

/// Tables that a line fits. The plain one is told only where it is the only one.
#[must_use]
pub fn fitting(line: &[u8]) -> Vec<&'static MappedTable> {
    let mut tables: Vec<_> = all().filter(|table| fits(table, line)).collect();
    if tables.len() > 1 {
        tables.retain(|table| table.name != PLAIN);
    }
    tables
}

/// True if a line is one by which a table recognizes its log.
#[must_use]
pub fn fits(table: &MappedTable, line: &[u8]) -> bool {
    if table.detect.is_empty() {
        return false;
    }
    let line = table.event_text(line);
    let unwrapped = match &table.unwrap {
        Some(unwrap) => unwrap.event(line).unwrap_or_default(),
        None => line.into(),
    };
    let mut found = FoundValues::default();
    scan(&unwrapped, &table.trie, &mut found).is_ok()
        && table.detect.iter().any(|all| all.iter().all(|condition| condition.holds(&found)))
}

/// The tables that the lines of a block fit.
#[must_use]
pub fn fitting_block(block: &Block) -> Vec<&'static MappedTable> {
    let mut fitting = Fitting::default();
    for line in block.lines().take(MAX_ASKED_LINES) {
        if let Raw::Whole(text) = line.text {
            fitting.add(unframed(text));
        }
    }
    fitting.0
}

/// The tables that the lines of a log fit: those that every line fits which any table fits.
#[derive(Debug, Clone, Default)]
pub struct Fitting(Vec<&'static MappedTable>);

impl Fitting {
    /// Takes the next line into account. A line that no table fits says nothing; one that fits others than before leaves
    /// those of before.
    pub fn add(&mut self, line: &[u8]) {
        let tables = fitting(line);
        if self.0.is_empty() {
            self.0 = tables;
        } else if self.0.iter().any(|table| tables.iter().any(|it| it.name == table.name)) {
            self.0.retain(|table| tables.iter().any(|it| it.name == table.name));
        }
    }

    /// The tables so far: none where no line has fitted any, and a few where the log is ambiguous.
    #[must_use]
    pub fn tables(&self) -> &[&'static MappedTable] {
        &self.0
    }
}

#[cfg(test)]
mod tests;
