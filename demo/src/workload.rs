//! Keeps the queue busy: when the next job comes, and when promises are kept.
//!
//! Reads no clock; the engine's loop tells it the time. Must not know the log.

use std::time::Duration;

use actionqueue_core::admission::EnsureTaskRequest;
use actionqueue_core::budget::BudgetDimension;
use actionqueue_core::continuation::{AdmitSignalRequest, SignalKind, SignalNamespace};
use actionqueue_core::ids::{CorrelationId, SignalId, TaskId};
use actionqueue_core::run::{RunInstance, RunState};
use actionqueue_core::subscription::EventFilter;
use actionqueue_runtime::engine::BootstrappedEngine;
use color_eyre::Result;
use fastrand::Rng;

use crate::catalog::{Job, LONG_JOBS};
use crate::order::{self, Order, Promise};
use crate::worker::{SIGNAL, Worker};

/// The engine, with the demo's worker.
pub type Queue = BootstrappedEngine<Worker>;

/// Runs that are always there for a person to cancel.
const LONG_RUNS: usize = 4;

/// The engine scans all its runs on each tick, so its cost grows with what it has ever seen. Beyond this number of
/// runs, half an hour at the usual rate, arrivals slow down in proportion: after an hour there are some 16,000
/// runs and still two or three new tasks a second.
const QUICK_RUNS: usize = 10_000;

/// Submissions and their times.
#[derive(Debug)]
pub struct Workload {
    rng: Rng,
    /// Dice of their own for the long jobs, which come when one ends: they must not disturb the others.
    long_rng: Rng,
    /// Tasks a second, on average.
    rate: f64,
    /// The number of runs after which nothing new comes.
    limit: usize,
    /// Jobs to pick from.
    jobs: &'static [Job],
    /// The jobs that have not been played once.
    opening: std::slice::Iter<'static, Job>,
    next_at: Duration,
    promises: Vec<(Duration, Promise)>,
    long_tasks: Vec<TaskId>,
}

impl Workload {
    /// Makes a workload of `rate` tasks of `jobs` a second that ends when the queue has seen `limit` runs.
    #[must_use]
    pub fn new(jobs: &'static [Job], seed: u64, rate: f64, limit: usize) -> Self {
        let mut rng = Rng::with_seed(seed);
        Self {
            long_rng: rng.fork(),
            rng,
            rate,
            limit,
            jobs,
            opening: jobs.iter(),
            next_at: Duration::ZERO,
            promises: Vec::new(),
            long_tasks: Vec::new(),
        }
    }

    /// Does what is due at `now`, counted from the start.
    ///
    /// # Errors
    /// When the engine refuses a task or a promise.
    pub fn step(&mut self, queue: &mut Queue, now: Duration) -> Result<()> {
        for idx in (0..self.promises.len()).rev() {
            if self.promises[idx].0 <= now && keep(&self.promises[idx].1, queue)? {
                self.promises.swap_remove(idx);
            }
        }
        if self.limit <= queue.projection().run_count() {
            return Ok(());
        }
        self.long_tasks.retain(|task| queue.projection().has_unfinished_runs(*task));
        while self.long_tasks.len() < LONG_RUNS {
            let job = &LONG_JOBS[self.long_rng.usize(..LONG_JOBS.len())];
            for order in order::orders(job, &mut self.long_rng)? {
                self.long_tasks.push(order.task.id());
                self.submit(order, queue, now)?;
            }
        }
        // One pick a step, however late it is: after a pause the queue is not flooded.
        if self.next_at <= now {
            let orders = order::orders(self.pick(), &mut self.rng)?;
            let crowd = (queue.projection().run_count() as f64 / QUICK_RUNS as f64).max(1.0);
            let gap = orders.len() as f64 * crowd * (0.5 + self.rng.f64()) / self.rate;
            self.next_at = now + Duration::from_secs_f64(gap);
            for order in orders {
                self.submit(order, queue, now)?;
            }
        }
        Ok(())
    }

    /// Returns true if nothing new will come and all that came has ended.
    #[must_use]
    pub fn is_over(&self, queue: &Queue) -> bool {
        self.limit <= queue.projection().run_count()
            && queue.projection().run_instances().all(|run| run.state().is_terminal())
    }

    fn pick(&mut self) -> &'static Job {
        if let Some(job) = self.opening.next() {
            return job;
        }
        let weights: u32 = self.jobs.iter().map(|job| job.weight).sum();
        let mut ticket = self.rng.u32(..weights);
        self.jobs
            .iter()
            .find(|job| {
                let is_hit = ticket < job.weight;
                ticket = ticket.saturating_sub(job.weight);
                is_hit
            })
            .unwrap_or(&self.jobs[0])
    }

    fn submit(&mut self, order: Order, queue: &mut Queue, now: Duration) -> Result<()> {
        let task = order.task.id();
        queue.ensure_task(EnsureTaskRequest::for_task(order.task, order.after)?)?;
        if let Some(tokens) = order.tokens {
            queue.allocate_budget(task, BudgetDimension::Token, tokens)?;
        }
        if let Some(other) = order.wakes_on {
            queue.create_subscription(task, EventFilter::TaskCompleted { task_id: other })?;
        }
        self.promises.extend(order.promise.map(|(after, promise)| (now + after, promise)));
        Ok(())
    }
}

/// Keeps a promise, or says that it is too early.
fn keep(promise: &Promise, queue: &mut Queue) -> Result<bool> {
    match promise {
        Promise::TopUp { task, tokens } => {
            if !queue.projection().has_unfinished_runs(*task) {
                return Ok(true); // Canceled while it was suspended.
            }
            let suspended =
                queue.projection().runs_for_task(*task).find(|r| r.state() == RunState::Suspended);
            let Some(run) = suspended.map(RunInstance::id) else { return Ok(false) };
            queue.replenish_budget(*task, BudgetDimension::Token, *tokens)?;
            queue.resume_run(run)?;
        }
        Promise::Signal { correlation } => {
            queue.admit_signal(AdmitSignalRequest::new(
                SignalId::new(format!("approval-{correlation}-{}", queue.projection().latest_sequence()))?,
                SignalNamespace::new(SIGNAL.0)?,
                SignalKind::new(SIGNAL.1)?,
                Some(CorrelationId::new(correlation.as_str())?),
                None,
                None,
                None,
                None,
                None,
            )?)?;
        }
    }
    Ok(true)
}
