//! dag-executor at work: the published engine, a graph for it night after night, and its log.
//!
//! ```text
//! graph > engine > the engine's state directory
//!            |  `> records, and what the host knows > JSON lines > runwatch
//!            ^ host <----------------- control file <------------------'
//! ```
//!
//! Two files are meant to be read by users who put runwatch on a host of their own: [`storage`] makes the log, and
//! [`task`] tells of attempts and lets single tasks be canceled.

pub mod graph;
pub mod host;
pub mod journal;
pub mod operator;
pub mod renew;
pub mod storage;
pub mod task;
pub mod watch;
pub mod work;

use std::fs::File;
use std::time::Duration;

use color_eyre::Result;
use fastrand::Rng;

use self::host::Host;
use crate::commands::Commands;
use crate::plan::{Plan, Tally};
use crate::stop::Stop;

/// Rest between two executions, in seconds at the usual rate.
const DAY: f64 = 8.0;

/// Time that the end waits for a save that is under way.
const FAREWELL: Duration = Duration::from_millis(500);

/// Executes one night after the other, until the plan is done.
///
/// # Errors
/// When the engine, the log or the control file fails.
pub fn run(plan: &Plan, log: File, commands: Commands<String>, stop: &Stop) -> Result<Tally> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let mut host = Host::open(plan, log, commands, stop.clone())?;
    let result = runtime.block_on(drive(plan, &mut host));
    runtime.shutdown_timeout(FAREWELL);
    result.map(|()| host.tally())
}

async fn drive(plan: &Plan, host: &mut Host) -> Result<()> {
    let mut rng = Rng::with_seed(plan.seed);
    while !host.is_over() {
        host.execute(graph::night(&mut rng, plan.pace())).await?;
        if plan.runs <= host.tally().runs {
            break;
        }
        host.pause(DAY).await?;
    }
    Ok(())
}
