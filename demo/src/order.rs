//! A job made into tasks: what is submitted at once, and what is promised for later.
//!
//! Pure but for the dice that it is handed: one seed gives the same orders. Must not know the engine.

use std::ops::Range;
use std::time::Duration;

use actionqueue_core::ids::TaskId;
use actionqueue_core::task::constraints::TaskConstraints;
use actionqueue_core::task::metadata::TaskMetadata;
use actionqueue_core::task::run_policy::RunPolicy;
use actionqueue_core::task::task_spec::{TaskPayload, TaskSpec};
use color_eyre::Result;
use fastrand::Rng;

use crate::catalog::{Job, Shape};
use crate::payload::{Deadline, Meter, Payload, Policy, Then};

/// One task to submit, and what belongs to it.
#[derive(Debug, PartialEq, Eq)]
pub struct Order {
    /// The task.
    pub task: TaskSpec,
    /// Tasks that must succeed first.
    pub after: Vec<TaskId>,
    /// The task whose success wakes this one early.
    pub wakes_on: Option<TaskId>,
    /// Budget of the task.
    pub tokens: Option<u64>,
    /// Action taken about it later, and the delay.
    pub promise: Option<(Duration, Promise)>,
}

/// Something that the outside world does for a task, later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promise {
    /// Tops up the budget of a task and resumes what was suspended.
    TopUp {
        /// The task.
        task: TaskId,
        /// Its new budget.
        tokens: u64,
    },
    /// Sends the signal that a run waits for.
    Signal {
        /// Names the signal.
        correlation: String,
    },
}

/// Makes the tasks of one pick of `job`.
///
/// # Errors
/// When the engine's own types refuse a row of the catalog.
pub fn orders(job: &Job, rng: &mut Rng) -> Result<Vec<Order>> {
    let millis = match job.shape {
        Shape::Slow | Shape::Woken(_) => 2000..6000,
        Shape::Long => 20_000..60_000,
        Shape::Chained(_) | Shape::Doomed(_) | Shape::Keyed(_) => 500..2000,
        Shape::Flaky(_) | Shape::Failing(_) | Shape::Calling | Shape::Metered => 100..900,
        _ => 10..60,
    };
    let takes_ms = rng.u64(millis);
    let mut pick = Pick { job, takes_ms, rng };
    Ok(match job.shape {
        Shape::Fast | Shape::Slow | Shape::Long => vec![pick.task(Then::Finish)?],
        Shape::Flaky(error) => {
            let times = pick.rng.u32(1..=3);
            vec![pick.task(Then::FailFirst { times, error: error.to_owned() })?]
        }
        Shape::Failing(error) => {
            vec![pick.task(Then::FailFirst { times: u32::MAX, error: error.to_owned() })?]
        }
        Shape::Calling => vec![pick.task(Then::Call { meter: None })?],
        Shape::Metered => vec![pick.metered(60_000..90_000)?],
        Shape::Broken(error) => vec![pick.task(Then::GiveUp { error: error.to_owned() })?],
        Shape::Stuck => vec![pick.task(Then::Hang)?],
        Shape::Budgeted => vec![pick.budgeted(4000..9000)?],
        Shape::Starved => vec![pick.budgeted(60_000..120_000)?],
        Shape::Approved => vec![pick.answered()?],
        Shape::Unanswered => vec![pick.unanswered(Policy::Resume)?],
        Shape::Abandoned => vec![pick.unanswered(Policy::Cancel)?],
        Shape::Overdue => vec![pick.unanswered(Policy::Fail)?],
        Shape::Repeating(times, every) => vec![pick.repeating(times, every)?],
        Shape::Keyed(_) => {
            let n_tasks = pick.rng.usize(3..=4);
            (0..n_tasks).map(|_| pick.task(Then::Finish)).collect::<Result<_>>()?
        }
        Shape::Chained(next) => {
            let first = pick.task(Then::Finish)?;
            let second = pick.named(next, &first)?;
            vec![first, second]
        }
        Shape::Doomed(next) => {
            let first = pick.task(Then::GiveUp { error: "0 rows, refusing to publish".to_owned() })?;
            let (second, third) = (pick.named(next, &first)?, pick.named(next, &first)?);
            vec![first, second, third]
        }
        Shape::Woken(by) => {
            let first = pick.make(by, Then::Finish, RunPolicy::Once)?;
            pick.takes_ms = 30;
            let woken = Order { wakes_on: Some(first.task.id()), ..pick.repeating(2, 45)? };
            vec![first, woken]
        }
    })
}

/// The making of one pick: the row, how long its attempts take, and the dice.
struct Pick<'a> {
    job: &'a Job,
    takes_ms: u64,
    rng: &'a mut Rng,
}

impl Pick<'_> {
    fn task(&mut self, then: Then) -> Result<Order> {
        self.make(self.job.description, then, RunPolicy::Once)
    }

    fn repeating(&mut self, times: u32, every_secs: u64) -> Result<Order> {
        self.make(self.job.description, Then::Finish, RunPolicy::repeat(times, every_secs)?)
    }

    /// A task of another name that depends on one of this pick.
    fn named(&mut self, description: &str, on: &Order) -> Result<Order> {
        let order = self.make(description, Then::Finish, RunPolicy::Once)?;
        Ok(Order { after: vec![on.task.id()], ..order })
    }

    fn budgeted(&mut self, patience_ms: Range<u64>) -> Result<Order> {
        let tokens = self.rng.u64(2..40) * 1000;
        self.funded(Then::Spend { tokens }, tokens, patience_ms)
    }

    fn metered(&mut self, patience_ms: Range<u64>) -> Result<Order> {
        let meter = Meter { tokens: self.rng.u64(2..40) * 100, calls: 3 };
        let tokens = meter.tokens * u64::from(meter.calls);
        self.funded(Then::Call { meter: Some(meter) }, tokens, patience_ms)
    }

    /// A task with a budget that is doubled when it is used up, after some patience.
    fn funded(&mut self, then: Then, tokens: u64, patience_ms: Range<u64>) -> Result<Order> {
        let order = self.task(then)?;
        let promise = Promise::TopUp { task: order.task.id(), tokens: 2 * tokens };
        let patience = Duration::from_millis(self.rng.u64(patience_ms));
        Ok(Order { tokens: Some(tokens), promise: Some((patience, promise)), ..order })
    }

    fn answered(&mut self) -> Result<Order> {
        let correlation = self.correlation();
        let order = self.task(Then::Await { correlation: correlation.clone(), deadline: None })?;
        let answer_in = Duration::from_millis(self.rng.u64(4000..10_000));
        Ok(Order { promise: Some((answer_in, Promise::Signal { correlation })), ..order })
    }

    fn unanswered(&mut self, policy: Policy) -> Result<Order> {
        let deadline = Deadline { after_secs: self.rng.u64(4..9), policy };
        let correlation = self.correlation();
        self.task(Then::Await { correlation, deadline: Some(deadline) })
    }

    fn correlation(&mut self) -> String {
        format!("order-{}", self.rng.u32(10_000..100_000))
    }

    fn make(&mut self, description: &str, then: Then, policy: RunPolicy) -> Result<Order> {
        let id = uuid::Builder::from_random_bytes(self.rng.u128(..).to_le_bytes()).into_uuid();
        let payload = serde_json::to_vec(&Payload { takes_ms: self.takes_ms, then })?;
        let (cap, timeout_secs, key) = match self.job.shape {
            Shape::Flaky(_) => (4, None, None),
            Shape::Calling | Shape::Metered => (7, None, None),
            Shape::Stuck => (2, Some(1), None),
            Shape::Keyed(key) => (3, None, Some(key.to_owned())),
            _ => (3, None, None),
        };
        let tags = self.job.tags.iter().map(ToString::to_string).collect();
        let task = TaskSpec::new(
            TaskId::from_uuid(id),
            TaskPayload::with_content_type(payload, "application/json"),
            policy,
            TaskConstraints::new(cap, timeout_secs, key)?,
            TaskMetadata::new(tags, self.job.priority, Some(description.to_owned())),
        )?;
        Ok(Order { task, after: Vec::new(), wakes_on: None, tokens: None, promise: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{JOBS, LONG_JOBS, SHOP_JOBS};

    #[test]
    fn one_seed_gives_the_same_orders() {
        let play = |seed| {
            let mut rng = Rng::with_seed(seed);
            let jobs = JOBS.iter().chain(LONG_JOBS).chain(SHOP_JOBS);
            jobs.flat_map(|job| orders(job, &mut rng).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(play(7), play(7));
        assert_ne!(play(7), play(8));
    }
}
