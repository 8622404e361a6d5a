//! The host: hands the engine its tasks, obeys the control file, and tells the log what the engine keeps to itself.
//!
//! Must not know what the tasks are.

use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use color_eyre::Result;
use color_eyre::eyre::WrapErr;
use dag_executor::advanced::RetryPolicy;
use dag_executor::context::Context;
use dag_executor::dag::{Dag, DagExecutor, ExecutionReport};
use dag_executor::storage::{FileStorage, Storage};
use dag_executor::utils::Config;

use super::graph::{MAX_ATTEMPTS, Night};
use super::journal::{Event, Journal};
use super::operator::TaskOperator;
use super::renew::renew;
use super::storage::JournalStorage;
use super::task::{Handle, HostedTask};
use super::watch::Watch;
use crate::commands::Commands;
use crate::plan::{Plan, Tally};
use crate::stop::Stop;

/// Number of tasks that may execute at once. More are dispatched, so that some wait.
const CONCURRENCY: usize = 8;

/// Time of an attempt, in seconds at the usual rate, after which the engine gives it up.
const TIMEOUT: f64 = 8.0;

/// Time between two attempts.
const BACKOFF: f64 = 0.6;

/// Time that the operator looks at a task that hangs.
const PATIENCE: f64 = 4.0;

/// Interval of looks at the control file.
const REST: Duration = Duration::from_millis(15);

/// A host of the engine.
pub struct Host {
    journal: Arc<Journal>,
    storage: Arc<JournalStorage<FileStorage>>,
    commands: Commands<String>,
    control: PathBuf,
    stop: Stop,
    ends_at: Option<Instant>,
    pace: f64,
    tally: Tally,
}

impl Host {
    /// Opens the state directory of a plan.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(plan: &Plan, log: File, commands: Commands<String>, stop: Stop) -> Result<Self> {
        let journal = Arc::new(Journal::new(log));
        let files = FileStorage::open(&plan.store).wrap_err("make the state directory")?;
        Ok(Self {
            storage: Arc::new(JournalStorage::new(files, Arc::clone(&journal))),
            journal,
            commands,
            control: plan.control.clone(),
            stop,
            ends_at: plan.lasting.map(|time| Instant::now() + time),
            pace: plan.pace(),
            tally: Tally::default(),
        })
    }

    /// Results up to now.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let (repeated, ignored) = (self.commands.repeated, self.commands.ignored);
        Tally { events: self.journal.lines(), repeated, ignored, ..self.tally }
    }

    /// Returns true if it is time to stop.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.stop.is_asked() || self.ends_at.is_some_and(|end| end <= Instant::now())
    }

    /// Executes a graph from its start to the end of its last task.
    ///
    /// # Errors
    /// When the engine, the log or the control file fails.
    pub async fn execute(&mut self, night: Night) -> Result<ExecutionReport> {
        self.tally.runs += night.tasks.len();
        let config = self.config();
        let context = Arc::new(Context::new(Arc::new(config.clone())));
        self.journal
            .event(Event::Dag {
                run_id: &context.run_id,
                pid: std::process::id(),
                concurrency: config.max_concurrency,
                max_attempts: config.max_attempts,
                tasks: night.tasks.iter().map(|task| &task.node).collect(),
            })
            .wrap_err("write the log")?;
        renew(&*self.storage, &night).await.wrap_err("renew the state directory")?;
        let mut watch = Watch {
            operator: TaskOperator::new(&self.control, self.seconds(PATIENCE))?,
            called_off: night.called_off.clone(),
            started_at: Instant::now(),
            handles: HashMap::new(),
            context: Arc::clone(&context),
        };
        let dag = self.dag(night, &mut watch.handles)?;
        let executor = DagExecutor::builder()
            .config(config)
            .storage(Arc::clone(&self.storage) as Arc<dyn Storage>)
            .retry(RetryPolicy::fixed(MAX_ATTEMPTS, self.seconds(BACKOFF)))
            .build();
        let mut execution = pin!(executor.run_with_context(dag, Arc::clone(&context)));
        let report = loop {
            tokio::select! {
                biased;
                report = &mut execution => break report.wrap_err("execute the graph")?,
                () = tokio::time::sleep(REST) => self.step(&mut watch).await?,
            }
        };
        self.journal.event(Event::RunEnd { run_id: &context.run_id }).wrap_err("write the log")?;
        Ok(report)
    }

    /// Rests between two executions. A command that comes then is about a task that has ended.
    ///
    /// # Errors
    /// When the control file cannot be read.
    pub async fn pause(&mut self, seconds: f64) -> Result<()> {
        let end = Instant::now() + self.seconds(seconds);
        while !self.is_over() && Instant::now() < end {
            tokio::time::sleep(REST).await;
            self.tally.refused += self.commands.poll().wrap_err("read the control file")?.len() as u64;
        }
        Ok(())
    }

    fn config(&self) -> Config {
        Config {
            max_concurrency: CONCURRENCY,
            max_attempts: MAX_ATTEMPTS,
            task_timeout: Some(self.seconds(TIMEOUT)),
            ..Config::default()
        }
    }

    fn seconds(&self, seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds * self.pace)
    }

    fn dag(&self, night: Night, handles: &mut HashMap<String, Arc<Handle>>) -> Result<Dag> {
        let mut dag = Dag::new();
        for planned in night.tasks {
            let handle = Arc::new(Handle::default());
            handles.insert(planned.node.id.clone(), Arc::clone(&handle));
            dag.add_task(Arc::new(HostedTask {
                node: planned.node,
                work: planned.work,
                handle,
                journal: Arc::clone(&self.journal),
            }))?;
        }
        Ok(dag)
    }

    /// Does what is due while the engine executes.
    async fn step(&mut self, watch: &mut Watch) -> Result<()> {
        if self.is_over() {
            watch.cancel_all(&self.journal)?;
        }
        for command in self.commands.poll().wrap_err("read the control file")? {
            if watch.cancel(&command, &*self.storage, &self.journal).await? {
                self.tally.canceled += 1;
            } else {
                self.tally.refused += 1;
            }
        }
        watch.look()
    }
}
