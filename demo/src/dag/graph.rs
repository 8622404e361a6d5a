//! The graph: the night of a shop's data warehouse. The same tasks each night; what takes long and what goes wrong differ.
//!
//! Pure but for the dice that it is handed: one seed gives the same nights. Must not know who executes it.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use fastrand::Rng;
use serde_json::json;

use super::journal::Node;
use super::work::{Mishap, MishapKind, Work};

/// Number of attempts that a task may make.
pub const MAX_ATTEMPTS: u32 = 3;

/// Sources: each is extracted, validated, transformed in parts, merged, loaded and checked.
const SOURCES: [&str; 12] = [
    "clicks",
    "customers",
    "orders",
    "payments",
    "prices",
    "products",
    "refunds",
    "reviews",
    "sessions",
    "shipments",
    "stock",
    "tickets",
];

/// Number of parts that a source is transformed in.
const PARTS: usize = 4;

/// Sources of which years are loaded again. Nothing depends on that.
const BACKFILLS: [&str; 5] = ["clicks", "orders", "reviews", "sessions", "tickets"];

/// Tables, and the sources that they are built from.
const MARTS: [(&str, &[&str]); 6] = [
    ("sales", &["orders", "payments", "prices"]),
    ("returns", &["refunds", "shipments"]),
    ("inventory", &["products", "stock"]),
    ("audience", &["clicks", "sessions"]),
    ("service", &["customers", "tickets"]),
    ("quality", &["products", "reviews"]),
];

/// Reports, and the tables that they are made from.
const REPORTS: [(&str, &[&str]); 8] = [
    ("revenue", &["sales", "returns"]),
    ("margin", &["sales"]),
    ("reorder", &["inventory", "sales"]),
    ("funnel", &["audience", "sales"]),
    ("retention", &["audience"]),
    ("support", &["service"]),
    ("ratings", &["quality"]),
    ("board", &["sales", "returns", "inventory", "audience"]),
];

/// Errors that pass.
const PASSING: [&str; 4] = [
    "connection reset by peer",
    "HTTP 503 from the warehouse",
    "deadlock detected, transaction rolled back",
    "no space left in the spool\nretry when another loader has ended",
];

/// Errors that stay.
const LASTING: &str = "schema mismatch: column `amount` is text, expected numeric";

/// An error that the engine does not try again.
const REFUSED: &str = "the partition of today is empty";

/// The tasks of one execution.
#[derive(Debug, Clone, PartialEq)]
pub struct Night {
    /// The tasks; what a task depends on comes before it.
    pub tasks: Vec<PlannedTask>,
    /// A task that hangs until an operator cancels it.
    pub called_off: Option<String>,
}

/// A task before it is executed.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedTask {
    /// Its place in the graph.
    pub node: Node,
    /// Its work.
    pub work: Work,
}

/// Plans a night in which each second takes `pace` seconds.
#[must_use]
pub fn night(rng: &mut Rng, pace: f64) -> Night {
    let mut plan = Planner { rng, pace, tasks: Vec::new() };
    SOURCES.into_iter().for_each(|source| plan.source(source));
    for source in BACKFILLS {
        plan.add(format!("{source}.backfill"), [format!("{source}.extract")], 90, 5.0..7.0);
    }
    for (mart, sources) in MARTS {
        plan.add(format!("mart.{mart}"), sources.iter().map(|it| format!("{it}.load")), 20, 1.0..3.0);
        plan.add(format!("mart.{mart}.test"), [format!("mart.{mart}")], 30, 0.3..1.0);
    }
    for (report, marts) in REPORTS {
        plan.add(format!("report.{report}"), marts.iter().map(|it| format!("mart.{it}")), 10, 0.5..2.0);
    }
    let called_off = plan.go_wrong();
    Night { tasks: plan.tasks, called_off: Some(called_off) }
}

/// Writes the graph as JSON, as runwatch takes it: a state directory does not have it.
///
/// # Errors
/// When the file is not written.
pub fn write(path: &Path) -> io::Result<()> {
    let night = night(&mut Rng::with_seed(0), 1.0);
    let nodes: Vec<_> = night.tasks.iter().map(|task| &task.node).collect();
    fs::write(path, json!({ "tasks": nodes }).to_string())
}

/// A night as it is planned.
struct Planner<'a> {
    rng: &'a mut Rng,
    pace: f64,
    tasks: Vec<PlannedTask>,
}

impl Planner<'_> {
    fn source(&mut self, source: &str) {
        let id = |step: &str| format!("{source}.{step}");
        let part = |n: usize| format!("{source}.transform.{n}");
        self.add(id("extract"), [], 50, 1.0..3.0);
        self.add(id("validate"), [id("extract")], 20, 0.3..1.0);
        for n in 1..=PARTS {
            self.add(part(n), [id("validate")], 10, 1.0..4.0);
        }
        self.add(id("merge"), (1..=PARTS).map(part), 10, 0.5..1.5);
        self.add(id("load"), [id("merge")], 20, 1.0..3.0);
        self.add(id("check"), [id("load")], 0, 0.3..1.0);
    }

    fn add(&mut self, id: String, deps: impl IntoIterator<Item = String>, priority: u8, seconds: Range<f64>) {
        let seconds = seconds.start + (seconds.end - seconds.start) * self.rng.f64();
        let takes = Duration::from_secs_f64(seconds * self.pace);
        let output = json!({ "rows": self.rng.u32(100..100_000) });
        let work = Work { takes, output, mishap: None };
        self.tasks.push(PlannedTask { node: Node { id, deps: deps.into_iter().collect(), priority }, work });
    }

    /// Chooses what goes wrong, and returns the task that an operator is to cancel.
    fn go_wrong(&mut self) -> String {
        let mut sources = SOURCES;
        self.rng.shuffle(&mut sources);
        let [broken, refused, late, flaky @ .., flaky_at_load] = sources;
        for (nth, source) in flaky.iter().take(PASSING.len()).enumerate() {
            let part = self.rng.usize(1..=PARTS);
            let attempts = self.rng.u32(1..MAX_ATTEMPTS);
            self.spoil(&format!("{source}.transform.{part}"), MishapKind::Fail(PASSING[nth]), attempts);
        }
        self.spoil(&format!("{flaky_at_load}.load"), MishapKind::Fail(PASSING[0]), 1);
        self.spoil(&format!("{broken}.validate"), MishapKind::Fail(LASTING), MAX_ATTEMPTS);
        self.spoil(&format!("{refused}.check"), MishapKind::Refuse(REFUSED), MAX_ATTEMPTS);
        self.spoil(&format!("{late}.extract"), MishapKind::Hang, 1);

        let mut backfills = BACKFILLS.map(|source| format!("{source}.backfill"));
        self.rng.shuffle(&mut backfills);
        let [stuck, called_off, ..] = backfills;
        self.spoil(&stuck, MishapKind::Hang, MAX_ATTEMPTS);
        self.spoil(&called_off, MishapKind::Hang, MAX_ATTEMPTS);
        called_off
    }

    fn spoil(&mut self, id: &str, kind: MishapKind, attempts: u32) {
        let task = self.tasks.iter_mut().find(|task| task.node.id == id);
        task.expect("the tables name it").work.mishap = Some(Mishap { kind, attempts });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn one_seed_gives_one_night_and_every_night_has_the_same_tasks() {
        let plan = |seed| night(&mut Rng::with_seed(seed), 1.0);
        assert_eq!(plan(7), plan(7));
        assert_ne!(plan(7), plan(8));
        let ids = |night: Night| night.tasks.into_iter().map(|task| task.node).collect::<Vec<_>>();
        assert_eq!(ids(plan(7)), ids(plan(8)));
    }

    #[test]
    fn a_task_comes_after_what_it_depends_on_and_every_mishap_is_there() {
        for seed in 0..50 {
            let night = night(&mut Rng::with_seed(seed), 1.0);
            let mut before = BTreeSet::new();
            for PlannedTask { node, .. } in &night.tasks {
                assert!(node.deps.iter().all(|dep| before.contains(dep)), "{node:?}");
                assert!(before.insert(&node.id), "{} is there twice", node.id);
            }
            let count = |is: fn(Mishap) -> bool| {
                night.tasks.iter().filter_map(|task| task.work.mishap).filter(|it| is(*it)).count()
            };
            assert_eq!(count(|it| it.kind == MishapKind::Hang && it.attempts == MAX_ATTEMPTS), 2);
            assert_eq!(count(|it| it.kind == MishapKind::Hang && it.attempts == 1), 1);
            assert_eq!(count(|it| it.kind == MishapKind::Fail(LASTING)), 1);
            assert_eq!(count(|it| it.kind == MishapKind::Refuse(REFUSED)), 1);
            assert_eq!(count(|it| matches!(it.kind, MishapKind::Fail(_)) && it.attempts < MAX_ATTEMPTS), 5);
        }
    }
}
