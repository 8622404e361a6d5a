//! The jobs of the demo's company: a row for each kind of work, and its frequency.
//!
//! A table and its words only. Must not know the engine, nor chance.

/// A kind of work.
#[derive(Debug, Clone, Copy)]
pub struct Job {
    /// Weight in the choice, against the other rows.
    pub weight: u32,
    /// Description for people.
    pub description: &'static str,
    /// Tags.
    pub tags: &'static [&'static str],
    /// Higher goes first.
    pub priority: i32,
    /// Behavior of its runs.
    pub shape: Shape,
}

/// Behavior of a job's runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Done at once.
    Fast,
    /// Takes seconds.
    Slow,
    /// Takes long enough for a person to cancel it.
    Long,
    /// Fails one to three times of four.
    Flaky(&'static str),
    /// Fails until its attempts are used up.
    Failing(&'static str),
    /// Fails while the payments service is down, up to seven times.
    Calling,
    /// The same, and every try spends of a budget; it is suspended over the third, and topped up after a minute or two.
    Metered,
    /// Fails for good at the first attempt.
    Broken(&'static str),
    /// Runs into its timeout, twice.
    Stuck,
    /// Is suspended over its budget, and topped up after some seconds.
    Budgeted,
    /// The same, but its budget is not topped up for a minute or two.
    Starved,
    /// Waits for a signal that comes.
    Approved,
    /// Waits for a signal that does not come; the engine wakes it.
    Unanswered,
    /// Waits for a signal that does not come; the engine cancels it.
    Abandoned,
    /// Waits for a signal that does not come; the engine fails it.
    Overdue,
    /// Runs again and again: the number of times, and the seconds between them.
    Repeating(u32, u64),
    /// Three or four at once that exclude each other by a key.
    Keyed(&'static str),
    /// A task and one that depends on it, named here.
    Chained(&'static str),
    /// A task that fails and two that depend on it, named here; the engine cancels them.
    Doomed(&'static str),
    /// A repeating task that wakes early, when the one named here completes.
    Woken(&'static str),
}

use Shape::{
    Abandoned, Approved, Broken, Budgeted, Calling, Chained, Doomed, Failing, Fast, Flaky, Keyed, Long,
    Metered, Overdue, Repeating, Slow, Starved, Stuck, Unanswered, Woken,
};

/// Every row is played once, in this order, before chance picks; so a viewer sees all of it soon.
pub const JOBS: &[Job] = &[
    job(1, "publish price list", &["catalog"], 0, Doomed("notify price subscribers")),
    job(3, "charge card", &["payments"], 50, Flaky("HTTP 503 from upstream")),
    job(2, "summarize support tickets", &["ai", "support"], 0, Budgeted),
    job(2, "refund order", &["payments", "approval"], 20, Approved),
    job(1, "sync inventory", &["warehouse"], 0, Repeating(4, 7)),
    job(2, "move stock", &["warehouse"], 5, Keyed("shelf-17")),
    job(12, "resize image", &["media"], 0, Fast),
    job(1, "generate product texts", &["ai", "catalog"], -5, Starved),
    job(1, "render invoice pdf", &["billing"], 0, Stuck),
    job(2, "push to data lake", &["etl"], -10, Failing("connection reset by peer")),
    job(4, "import partner feed", &["etl"], 0, Slow),
    job(12, "send receipt", &["mail"], 10, Fast),
    job(1, "raise credit limit", &["approval"], 30, Unanswered),
    job(3, "post webhook", &["integration"], 0, Flaky("connect to hooks.example.com: timed out")),
    job(2, "reserve seat", &["booking"], 25, Chained("mail the ticket")),
    job(8, "score fraud", &["payments", "ml"], 90, Fast),
    job(2, "collect direct debit", &["payments"], 40, Broken("account closed: AC04")),
    job(1, "open sales order", &["approval"], 0, Abandoned),
    job(4, "transcode clip", &["media"], -20, Slow),
    job(1, "warm search cache", &["catalog"], -5, Woken("rebuild search index")),
    job(2, "pay out seller", &["payments"], 15, Keyed("ledger")),
    job(12, "update search index", &["catalog"], 0, Fast),
    job(3, "geocode address", &["orders"], 0, Flaky("quota exceeded, retry after 1s")),
    job(1, "sign contract", &["approval", "legal"], 10, Overdue),
    job(
        2,
        "load exchange rates",
        &["etl"],
        0,
        Failing("schema mismatch: column `rate` is text, expected numeric"),
    ),
    job(4, "verify backup", &["ops"], -50, Slow),
    job(1, "rotate api keys", &["ops", "security"], 0, Repeating(3, 15)),
    job(8, "write audit entry", &["security"], 0, Fast),
];

/// The work while an outage is planned, instead of [`JOBS`]: half of it needs the payments service, and none fails by
/// itself, so that what goes wrong goes wrong for one reason.
pub const SHOP_JOBS: &[Job] = &[
    job(8, "charge card", &["payments", "checkout"], 50, Calling),
    job(5, "send receipt", &["mail"], 10, Fast),
    job(3, "refund order", &["payments", "support"], 20, Calling),
    job(4, "resize image", &["media"], 0, Fast),
    job(3, "pay out seller", &["payments", "ledger"], 15, Calling),
    job(2, "answer chargeback", &["payments", "ai"], 5, Metered),
    job(1, "sign contract", &["approval", "legal"], 10, Approved),
    job(2, "transcode clip", &["media"], -20, Slow),
    job(1, "reserve seat", &["booking"], 25, Chained("mail the ticket")),
    job(1, "sync inventory", &["warehouse"], 0, Repeating(4, 7)),
    job(3, "collect direct debit", &["payments", "checkout"], 40, Calling),
    job(1, "move stock", &["warehouse"], 5, Keyed("shelf-17")),
];

/// Some of these always run, so that there is something to cancel.
pub const LONG_JOBS: &[Job] = &[
    job(1, "nightly etl", &["etl", "nightly"], 0, Long),
    job(1, "train ranking model", &["ml"], -10, Long),
    job(1, "export customer data", &["privacy"], 5, Long),
    job(1, "reindex archive", &["catalog"], -40, Long),
];

/// Keeps a row on one line.
const fn job(
    weight: u32,
    description: &'static str,
    tags: &'static [&'static str],
    priority: i32,
    shape: Shape,
) -> Job {
    Job { weight, description, tags, priority, shape }
}
