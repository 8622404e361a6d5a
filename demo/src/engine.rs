//! An engine on a thread of its own. ActionQueue's loop: ticks, takes commands, lets the workload and the copy of the log do
//! theirs.
//!
//! The one place where the parts meet. Prints nothing: the screen belongs to the dashboard.

use std::fs::File;
use std::io::BufWriter;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use actionqueue_core::bounded::OpaqueRef;
use actionqueue_core::causal::ControlMutationContext;
use actionqueue_core::control::{ControlScope, HostControlContext};
use actionqueue_core::ids::{RunId, TaskId};
use actionqueue_runtime::config::{BackoffStrategyConfig, RuntimeConfig};
use actionqueue_runtime::engine::ActionQueueEngine;
use color_eyre::Result;
use color_eyre::eyre::{Report, WrapErr, eyre};
use runwatch::engine::options;
use runwatch::source::copy::{CopiedRecords, CopyError, copy_live};
use runwatch::source::origin::Origin;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::catalog::{JOBS, SHOP_JOBS};
use crate::commands::{Cancel, Commands, Object};
use crate::dag;
use crate::incident::Incident;
use crate::payments::Payments;
use crate::plan::{EngineKind, Plan, Tally};
use crate::stop::Stop;
use crate::worker::Worker;
use crate::workload::{Queue, Workload};

/// Attempts at one time. Canceled ones count until their handler returns, so there are more than the work needs.
const CONCURRENCY: NonZeroUsize = NonZeroUsize::new(32).expect("not zero");

/// Minimum rest of the loop after a tick.
const REST: Duration = Duration::from_millis(15);

/// Time that the end waits for handlers that are still at work; they notice within a nap.
const FAREWELL: Duration = Duration::from_millis(500);

/// A running engine. Stops when it is dropped.
#[derive(Debug)]
pub struct Engine {
    thread: Option<JoinHandle<Result<Tally>>>,
    stop: Stop,
}

impl Engine {
    /// Makes the log and the control file, and starts the engine.
    ///
    /// # Errors
    /// When a file or the thread cannot be made. What goes wrong later is told by [`Engine::wait`].
    pub fn start(plan: Plan, stop: Stop) -> Result<Self> {
        let create = |log: &PathBuf| File::create(log).wrap_err_with(|| format!("create {}", log.display()));
        let log = plan.log.as_ref().map(create).transpose()?;
        let asked = stop.clone();
        let named = thread::Builder::new().name("engine".into());
        let thread = match plan.engine {
            EngineKind::ActionQueue => {
                let commands = open_commands(&plan)?;
                named.spawn(move || run(&plan, log, commands, &asked))
            }
            EngineKind::Dag => {
                dag::graph::write(&plan.graph).wrap_err_with(|| format!("write {}", plan.graph.display()))?;
                let commands = open_commands(&plan)?;
                let log = log.ok_or_else(|| eyre!("dag-executor's host has no log to write"))?;
                named.spawn(move || dag::run(&plan, log, commands, &asked))
            }
        };
        Ok(Self { thread: Some(thread?), stop })
    }

    /// Stops the engine, and returns what was done.
    ///
    /// # Errors
    /// As [`Engine::wait`].
    pub fn stop(self) -> Result<Tally> {
        self.stop.ask();
        self.wait()
    }

    /// Waits for the end of the plan.
    ///
    /// # Errors
    /// When the engine, the copy of its log or the control file failed.
    pub fn wait(mut self) -> Result<Tally> {
        let thread = self.thread.take().ok_or_else(|| eyre!("the engine was waited for before"))?;
        thread.join().map_err(|_| eyre!("the engine's thread panicked"))?
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop.ask();
        if let Some(thread) = self.thread.take() {
            // There is no one left to report to; what matters is that no thread outlives the store's
            // directory.
            let _ = thread.join();
        }
    }
}

fn open_commands<I: DeserializeOwned>(plan: &Plan) -> Result<Commands<I>> {
    Commands::open(&plan.control).wrap_err_with(|| format!("open {}", plan.control.display()))
}

fn run(plan: &Plan, log: Option<File>, commands: Commands<Uuid>, stop: &Stop) -> Result<Tally> {
    let payments = Payments::default();
    let queue = open(plan, Worker::new(stop.clone(), payments.clone()))?;
    let incident = plan.outage.map(|outage| Incident::new(outage, payments, &plan.control)).transpose()?;
    let is_closed = Arc::new(AtomicBool::new(false));
    let copy = log.map(|log| copy_log(&plan.store, log, &is_closed)).transpose()?;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let copy_died = || copy.as_ref().is_some_and(JoinHandle::is_finished);
    let tally = runtime.block_on(drive(plan, queue, commands, incident, stop, copy_died));
    stop.ask(); // However the loop ended, handlers that are still at work drop what they do.
    runtime.shutdown_timeout(FAREWELL);

    // The queue is closed, so what is copied now is all there is.
    is_closed.store(true, Ordering::Relaxed);
    let events = match copy {
        Some(copy) => {
            let copied = copy.join().map_err(|_| eyre!("the thread that copies the log panicked"))?;
            copied.wrap_err("write the log as lines")?.records
        }
        None => 0,
    };
    Ok(Tally { events, ..tally? })
}

/// Copies the engine's own log as JSON lines on a thread of its own, until the engine has closed it.
fn copy_log(
    store: &Path,
    mut log: File,
    is_closed: &Arc<AtomicBool>,
) -> Result<JoinHandle<Result<CopiedRecords, CopyError>>> {
    let (origin, is_closed) = (Origin::Path(store.to_owned()), Arc::clone(is_closed));
    let copy = move || {
        let mut lines = BufWriter::new(&mut log);
        copy_live(&origin, options(), &mut lines, || is_closed.load(Ordering::Relaxed), |_| ())
    };
    Ok(thread::Builder::new().name("copy".into()).spawn(copy)?)
}

fn open(plan: &Plan, worker: Worker) -> Result<Queue> {
    let config = RuntimeConfig {
        data_dir: plan.store.clone(),
        dispatch_concurrency: CONCURRENCY,
        backoff_strategy: BackoffStrategyConfig::Exponential {
            base: Duration::from_secs(1),
            max: Duration::from_secs(15),
        },
        snapshot_event_threshold: None, // The log is all there is to see.
        ..RuntimeConfig::default()
    };
    let engine = ActionQueueEngine::new(config, worker);
    let queue = engine.bootstrap().wrap_err("start the engine")?;
    Ok(queue.with_host(host(ControlMutationContext::new(OpaqueRef::new("demo")?))))
}

/// The loop. `queue` is closed when it returns.
async fn drive(
    plan: &Plan,
    mut queue: Queue,
    mut commands: Commands<Uuid>,
    mut incident: Option<Incident>,
    stop: &Stop,
    copy_died: impl Fn() -> bool,
) -> Result<Tally> {
    let jobs = if incident.is_some() { SHOP_JOBS } else { JOBS };
    // A store that has runs gets other ones: no id comes twice.
    let seed = plan.seed.wrapping_add(queue.projection().run_count() as u64);
    let mut workload = Workload::new(jobs, seed, plan.rate, plan.runs);
    let mut tally = Tally::default();
    let started_at = Instant::now();
    while !stop.is_asked() && !copy_died() && plan.lasting.is_none_or(|time| started_at.elapsed() < time) {
        let tick_at = Instant::now();
        for command in commands.poll().wrap_err("read the control file")? {
            match cancel(&mut queue, &command) {
                Ok(()) => tally.canceled += 1,
                Err(_) => tally.refused += 1,
            }
        }
        if let Some(incident) = &mut incident {
            incident.step(&queue, started_at.elapsed())?;
        }
        workload.step(&mut queue, started_at.elapsed())?;
        let _ = queue.tick().await?;
        if workload.is_over(&queue) {
            break;
        }
        // A tick costs more with every run that the engine has seen; it shall never take more than a third of a core.
        tokio::time::sleep(REST.max(2 * tick_at.elapsed())).await;
    }
    (tally.runs, tally.repeated, tally.ignored) =
        (queue.projection().run_count(), commands.repeated, commands.ignored);
    queue.shutdown()?;
    Ok(tally)
}

/// Cancels a run or a task in the name of the user who asked, so that the engine's log says who it was and
/// for which command.
fn cancel(queue: &mut Queue, command: &Cancel<Uuid>) -> Result<()> {
    let sender = command.by.as_ref().map(|by| format!("{}@{}", by.user, by.host));
    let caller = OpaqueRef::new(sender.unwrap_or_default()).or_else(|_| OpaqueRef::new("unknown"))?;
    let asked = ControlMutationContext::new(caller).with_request_id(OpaqueRef::new(command.id.to_string())?);
    queue.set_control_context(Some(host(asked)));
    let outcome = match command.object {
        Object::Run { run_id } => queue.cancel_run(RunId::from_uuid(run_id)).map(drop),
        Object::Task { task_id } => queue.cancel_task(TaskId::from_uuid(task_id)).map(drop),
    };
    queue.set_control_context(Some(host(ControlMutationContext::new(OpaqueRef::new("demo")?))));
    outcome.map_err(Report::from)
}

const fn host(attribution: ControlMutationContext) -> HostControlContext {
    HostControlContext { actor_id: None, scope: ControlScope::SingleTenant, attribution }
}
