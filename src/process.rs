//! Errands: programs that are run when something happened, without a shell and without waiting for them.
//!
//! Each has a process group of its own, hears and says nothing, and is killed with its group when it takes too long. A few
//! run at once; more are refused, since what happens a thousand times a second must not start as many programs. One that
//! still runs when the dashboard is left goes on. Must not know what happened.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many may run at once.
const AT_ONCE: usize = 4;

/// Why a program was not run.
#[derive(Debug, thiserror::Error)]
pub enum ErrandError {
    /// Others run already.
    #[error("{AT_ONCE} programs run already")]
    Busy,
    /// It cannot be started.
    #[error("{0}")]
    Start(#[from] io::Error),
}

/// The programs that run.
#[derive(Debug, Clone)]
pub struct Errands {
    running: Arc<AtomicUsize>,
    patience: Duration,
    /// Variables of our own environment that are none of a program's business.
    hidden: &'static [&'static str],
}

impl Errands {
    /// Runs programs that find all of our environment but these variables.
    #[must_use]
    pub fn hiding(hidden: &'static [&'static str]) -> Self {
        Self { running: Arc::default(), patience: PATIENCE, hidden }
    }

    /// Runs a program with its arguments, and with these variables beside those of our own environment.
    ///
    /// # Errors
    /// When too many run already, or it cannot be started.
    pub fn run(&self, argv: &[String], variables: &[(&str, String)]) -> Result<(), ErrandError> {
        let Some((program, arguments)) = argv.split_first() else { return Ok(()) };
        if self.running.load(Ordering::SeqCst) >= AT_ONCE {
            return Err(ErrandError::Busy);
        }
        let mut command = Command::new(program);
        for name in self.hidden {
            command.env_remove(name);
        }
        let child = command
            .args(arguments)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        self.running.fetch_add(1, Ordering::SeqCst);
        let (running, patience) = (Arc::clone(&self.running), self.patience);
        let minder = thread::Builder::new().name("errand".to_owned()).spawn(move || {
            mind(child, patience);
            running.fetch_sub(1, Ordering::SeqCst);
        });
        minder.map(drop).map_err(|error| {
            self.running.fetch_sub(1, Ordering::SeqCst);
            error.into()
        })
    }
}

/// Waits for a program to end, and ends it with its group when that takes too long.
fn mind(mut child: Child, patience: Duration) {
    let pid = Pid::from_child(&child);
    let (alive, ended) = channel::<()>();
    let waiter = thread::Builder::new().name("errand end".to_owned()).spawn(move || {
        // Not reaped here, so that its number is nobody else's as long as it may be killed by it.
        while waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
            .is_err_and(|error| error == rustix::io::Errno::INTR)
        {}
        drop(alive);
    });
    if waiter.is_err() || ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
        let _ = kill_process_group(pid, Signal::KILL);
    }
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Instant;

    use super::*;

    fn until(what: &str, mut condition: impl FnMut() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !condition() {
            assert!(Instant::now() < deadline, "{what}");
            thread::park_timeout(Duration::from_millis(2));
        }
    }

    fn script(text: &str) -> Vec<String> {
        ["sh", "-c", text].map(str::to_owned).to_vec()
    }

    #[test]
    fn a_program_hears_what_it_is_told_and_is_reaped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("said");
        let errands = Errands::hiding(&[]);
        let line = format!("read x; echo \"$RUNS:$x\" > {0}.new; mv {0}.new {0}", path.display());
        errands.run(&script(&line), &[("RUNS", "a b".to_owned())]).unwrap();
        until("it says what it heard", || path.exists());
        assert_eq!(fs::read_to_string(&path).unwrap(), "a b:\n");
        until("it is reaped", || errands.running.load(Ordering::SeqCst) == 0);
        assert!(matches!(errands.run(&["/no/such/program".to_owned()], &[]), Err(ErrandError::Start(_))));
        assert_eq!(errands.running.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn one_that_takes_too_long_is_killed_with_its_children_and_more_than_a_few_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pid");
        let errands = Errands { patience: Duration::from_millis(300), ..Errands::hiding(&[]) };
        let line = format!("sleep 600 & echo $! > {0}.new; mv {0}.new {0}; wait", path.display());
        errands.run(&script(&line), &[]).unwrap();
        for _ in 1..AT_ONCE {
            errands.run(&script("sleep 600"), &[]).unwrap();
        }
        assert!(matches!(errands.run(&script("true"), &[]), Err(ErrandError::Busy)));
        until("its child runs", || path.exists());
        let pid: i32 = fs::read_to_string(&path).unwrap().trim().parse().unwrap();
        until("all are ended", || errands.running.load(Ordering::SeqCst) == 0);
        let gone = || {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            stat.is_empty() || stat.contains(") Z ")
        };
        until("its child is ended", gone);
    }
}
