//! The cause of a run's wait, in words: few for a column, more for its page.
//!
//! Texts of the log are quoted as the log has them: not yet safe for a screen.

use std::fmt::Write;

use super::format::count;
use super::row::description;
use super::{Ids, LogClock};
use crate::model::deadline::Deadline;
use crate::model::facts::Budget;
use crate::model::facts::TaskEnd;

use crate::engine::cause::{Cause, Waiting};
use crate::model::id::TaskId;
use crate::store::{Lease, Name, RunKey, Store};

/// The maximum length of a quoted text of the log, in characters.
const MAX_QUOTED_CHARS: usize = 60;

/// The cause in a few words, for a column: `retry due in 12s`. Empty for a run that executes.
#[must_use]
pub fn short(store: &Store, waiting: &Waiting, ids: Ids<'_>, now: u64) -> String {
    let phrases = Phrases { store, ids, now };
    match waiting.cause {
        Cause::Works => String::new(),
        Cause::Lease(lease) => phrases.lease(&lease),
        Cause::NoLease => "leased, no lease in the log".to_owned(),
        Cause::Orphaned => "its lease was taken back".to_owned(),
        Cause::Overtime { limit } => format!("over its time limit for {}", phrases.ago(limit)),
        Cause::Time { at: Some(at) } if now < at => format!("due in {}", phrases.length(at - now)),
        Cause::Time { at: Some(at) } => format!("was due {} ago", phrases.ago(at)),
        Cause::Time { at: None } => "its time is not known".to_owned(),
        Cause::Retry { due: Some(due) } if now < due => format!("retry due in {}", phrases.length(due - now)),
        Cause::Retry { due: Some(due) } => format!("retry was due {} ago", phrases.ago(due)),
        Cause::Retry { due: None } => "retry, due time not in the log".to_owned(),
        Cause::Paused => "engine paused".to_owned(),
        Cause::Budget(budget) => used_up(&budget),
        Cause::Dependency { on, end } => format!("after {}{}", phrases.task(on), ended(end)),
        Cause::Key { name, holder } => {
            format!("key {} held by {}", phrases.text(name), phrases.run(holder))
        }
        Cause::Worker => "waits for a worker".to_owned(),
        Cause::Passed { by, .. } => format!("passed over for {}", phrases.run(by)),
        Cause::Suspended { reason: Some(reason), .. } => phrases.text(reason),
        Cause::Suspended { budget: Some(budget), .. } => used_up(&budget),
        Cause::Suspended { .. } => "to be resumed".to_owned(),
        Cause::Signal { namespace, kind, correlation, deadline } => {
            phrases.deadline(deadline) + &phrases.signal(namespace, kind, correlation)
        }
        Cause::Children { count, or_any_failed, deadline } => {
            phrases.deadline(deadline) + &children(count, or_any_failed)
        }
        Cause::Unknown => "?".to_owned(),
    }
}

/// The label of the words of [`long`]: `waits`, `late` or `STUCK`.
#[must_use]
pub fn label(store: &Store, waiting: &Waiting, now: u64) -> &'static str {
    match waiting.cause {
        _ if waiting.is_stuck => "STUCK",
        Cause::Overtime { .. } => "late",
        Cause::Lease(lease) if is_over(store, lease.expiry, now) => "late",
        _ => "waits",
    }
}

/// The cause of a run in a sentence that follows [`label`]: `for the key tenant-7, which run 7ef1a2b3 has (Running)`.
/// Nothing for a run that executes.
#[must_use]
pub fn long(
    store: &Store,
    run: RunKey,
    waiting: &Waiting,
    ids: Ids<'_>,
    clock: LogClock<'_>,
    now: u64,
) -> Option<String> {
    let phrases = Phrases { store, ids, now };
    let clock = |at| clock.time(at, now);
    let words = match waiting.cause {
        Cause::Works => return None,
        Cause::Lease(lease) if phrases.is_over(lease.expiry) => format!(
            "the lease of {} lapsed {} ago, at {}, and the run was not taken back",
            phrases.text(lease.owner),
            phrases.ago(lease.expiry),
            clock(lease.expiry)
        ),
        Cause::Lease(lease) => {
            format!(
                "for {} to start it; its lease lapses at {}",
                phrases.text(lease.owner),
                clock(lease.expiry)
            )
        }
        Cause::NoLease => "it is leased, and the log has no lease on it".to_owned(),
        Cause::Orphaned => "its lease was taken back, and it is still Running".to_owned(),
        Cause::Overtime { limit } => {
            format!("its attempt should have ended {} ago, at {}", phrases.ago(limit), clock(limit))
        }
        Cause::Time { at: Some(at) } if now < at => {
            format!("for its time, which is {}, in {}", clock(at), phrases.length(at - now))
        }
        Cause::Time { at: Some(at) } => {
            format!("its time was {}, {} ago, and it is not ready", clock(at), phrases.ago(at))
        }
        Cause::Time { at: None } => "for its time; whether it has come is not known".to_owned(),
        Cause::Retry { due: None } => "to be tried again; when is not in the log".to_owned(),
        Cause::Retry { due: Some(due) } if now < due => format!(
            "to be tried again, by {} if it waits as others did, in {}; when is not in the log",
            clock(due),
            phrases.length(due - now)
        ),
        Cause::Retry { due: Some(due) } => format!(
            "to be tried again, by {} if it waited as others did, {} ago; when is not in the log",
            clock(due),
            phrases.ago(due)
        ),
        Cause::Paused => "for the engine to be resumed".to_owned(),
        Cause::Budget(budget) => format!("for its budget: {}", consumed(&budget)),
        Cause::Dependency { on, end: None } => format!("for task {} to succeed", phrases.whole_task(on)),
        Cause::Dependency { on, end } => {
            format!("for task {} to succeed, which it never will{}", phrases.whole_task(on), ended(end))
        }
        Cause::Key { name, holder } => {
            let (id, state) = (phrases.run(holder), store.standing(holder).0.name());
            format!("for the key {}, which run {id} has ({state})", phrases.text(name))
        }
        Cause::Worker => phrases.worker(run),
        Cause::Passed { by, at } => format!(
            "for a worker; run {} became ready later, and was taken first, at {}",
            phrases.run(by),
            clock(at)
        ),
        Cause::Suspended { reason, budget } => {
            let why = [reason.map(|reason| phrases.text(reason)), budget.map(|budget| consumed(&budget))];
            let why: Vec<String> = why.into_iter().flatten().collect();
            let is_told = !why.is_empty();
            if is_told { format!("to be resumed: {}", why.join("; ")) } else { "to be resumed".to_owned() }
        }
        Cause::Signal { namespace, kind, correlation, deadline } => {
            format!("for {}{}", phrases.signal(namespace, kind, correlation), until(deadline, clock))
        }
        Cause::Children { count, or_any_failed, deadline } => {
            format!("for {}{}", children(count, or_any_failed), until(deadline, clock))
        }
        Cause::Unknown => "the log does not say for what".to_owned(),
    };
    Some(words)
}

/// The facts that the words are made from.
#[derive(Clone, Copy)]
struct Phrases<'a> {
    store: &'a Store,
    ids: Ids<'a>,
    now: u64,
}

impl Phrases<'_> {
    fn text(self, name: Name) -> String {
        self.cut(self.store.text(name))
    }

    fn cut(self, text: &str) -> String {
        match text.char_indices().nth(MAX_QUOTED_CHARS) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        }
    }

    fn ago(self, at: u64) -> String {
        self.store.unit().age_words(at, self.now)
    }

    fn length(self, ticks: u64) -> String {
        self.store.unit().words(ticks)
    }

    /// True if an instant has passed; never in a log whose instants are no time.
    fn is_over(self, at: u64) -> bool {
        is_over(self.store, at, self.now)
    }

    fn run(self, key: RunKey) -> String {
        self.ids.run(self.store.id_of(key))
    }

    fn lease(self, lease: &Lease) -> String {
        let owner = self.text(lease.owner);
        if self.is_over(lease.expiry) {
            return format!("lease of {owner} lapsed {} ago", self.ago(lease.expiry));
        }
        if self.store.unit().is_believed(lease.expiry) && !self.store.is_timeless() {
            return format!("leased to {owner}, {} left", self.length(lease.expiry - self.now));
        }
        format!("leased to {owner}")
    }

    fn task(self, id: TaskId) -> String {
        self.described(id).unwrap_or_else(|| format!("task {}", self.ids.task(id)))
    }

    fn whole_task(self, id: TaskId) -> String {
        self.described(id)
            .map_or_else(|| self.ids.whole(id), |words| format!("{} {words}", self.ids.task(id)))
    }

    fn described(self, id: TaskId) -> Option<String> {
        let task = self.store.task(self.store.find_task(id)?);
        Some(self.cut(description(self.store, &task)?))
    }

    fn worker(self, run: RunKey) -> String {
        let lane = self.store.lane(self.store.state_of(run));
        let before = lane.len().saturating_sub(self.store.place_in_lane(run) + 1);
        match before {
            0 => "for a worker; none has been ready for longer".to_owned(),
            1 => "for a worker; 1 run became ready before it".to_owned(),
            _ => format!("for a worker; {} runs became ready before it", count(before)),
        }
    }

    fn signal(self, namespace: Name, kind: Name, correlation: Option<Name>) -> String {
        let mut words = format!("signal {}/{}", self.text(namespace), self.text(kind));
        if let Some(about) = correlation {
            let _ = write!(words, " {}", self.text(about));
        }
        words
    }

    /// The time left for the wait, which comes before its cause: a column may be narrow.
    fn deadline(self, deadline: Option<Deadline>) -> String {
        match deadline {
            Some(Deadline { at, .. }) if self.is_over(at) => format!("deadline {} ago: ", self.ago(at)),
            Some(Deadline { at, .. }) if self.store.unit().is_believed(at) && !self.store.is_timeless() => {
                format!("within {}: ", self.length(at - self.now))
            }
            _ => String::new(),
        }
    }
}

fn is_over(store: &Store, at: u64, now: u64) -> bool {
    store.unit().is_believed(at) && at <= now && !store.is_timeless()
}

fn used_up(budget: &Budget) -> String {
    format!("{} used up, {}/{}", budget.dimension.name(), budget.consumed, budget.limit)
}

fn consumed(budget: &Budget) -> String {
    format!("{} is used up, {} of {} consumed", budget.dimension.name(), budget.consumed, budget.limit)
}

const fn ended(end: Option<TaskEnd>) -> &'static str {
    match end {
        Some(TaskEnd::Failed) => " (failed)",
        Some(TaskEnd::Canceled) => " (canceled)",
        Some(TaskEnd::Succeeded) | None => "",
    }
}

fn children(n_tasks: usize, or_any_failed: bool) -> String {
    match (n_tasks, or_any_failed) {
        (1, _) => "a child task".to_owned(),
        (_, false) => format!("{} child tasks", count(n_tasks)),
        (_, true) => format!("{} child tasks, or one that fails", count(n_tasks)),
    }
}

fn until(deadline: Option<Deadline>, clock: impl Fn(u64) -> String) -> String {
    deadline.map_or_else(String::new, |deadline| {
        format!(", until {}, then {}", clock(deadline.at), deadline.then.name())
    })
}
