//! Hooks: programs that are run when something happened, without waiting for them.
//!
//! Each says nothing. A few run at once; more are refused, since what happens a thousand times a second must not start as
//! many programs. One that still runs when the dashboard is left goes on. Must not know what happened.

use std::io;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{Process, ProcessOutput};

/// Time that one may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Maximum number of hooks that run at once.
const MAX_RUNNING: usize = 4;

/// Why a hook was not run.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// Others run already.
    #[error("{MAX_RUNNING} programs run already")]
    Busy,
    /// It cannot be started.
    #[error("{0}")]
    Start(#[from] io::Error),
}

/// The hooks that run.
#[derive(Debug)]
pub struct Hooks {
    running: Arc<AtomicUsize>,
    timeout: Duration,
    /// Variables of the environment that no hook finds.
    hidden: &'static [&'static str],
}

impl Hooks {
    /// Runs programs that find the whole environment but these variables.
    #[must_use]
    pub fn hiding(hidden: &'static [&'static str]) -> Self {
        Self { running: Arc::default(), timeout: TIMEOUT, hidden }
    }

    /// Runs a program with its arguments, and with these variables beside those of the environment. Must be called
    /// within a runtime, which also ends it when it takes too long.
    ///
    /// # Errors
    /// When too many run already, or it cannot be started.
    pub fn run(&self, argv: &[String], variables: &[(&str, String)]) -> Result<(), HookError> {
        let Some((program, arguments)) = argv.split_first() else { return Ok(()) };
        if self.running.load(Ordering::SeqCst) >= MAX_RUNNING {
            return Err(HookError::Busy);
        }
        let mut command = Command::new(program);
        for name in self.hidden {
            command.env_remove(name);
        }
        command.args(arguments).envs(variables.iter().map(|(name, value)| (name, value)));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let process = Process::start(command)?;
        self.running.fetch_add(1, Ordering::SeqCst);
        let (running, timeout) = (Arc::clone(&self.running), self.timeout);
        tokio::spawn(async move {
            // A hook answers nothing: how it ended changes nothing.
            let _ = process.finish(timeout, &mut ProcessOutput::default()).await;
            running.fetch_sub(1, Ordering::SeqCst);
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Instant;

    use super::*;

    async fn until(what: &str, mut condition: impl FnMut() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !condition() {
            assert!(Instant::now() < deadline, "{what}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    fn wait_for(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
    }

    fn script(text: &str) -> Vec<String> {
        ["sh", "-c", text].map(str::to_owned).to_vec()
    }

    #[test]
    fn a_program_hears_what_it_is_told_and_is_reaped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("said");
        let hooks = Hooks::hiding(&[]);
        let line = format!("read x; echo \"$RUNS:$x\" > {0}.new; mv {0}.new {0}", path.display());
        wait_for(async {
            hooks.run(&script(&line), &[("RUNS", "a b".to_owned())]).unwrap();
            until("it says what it heard", || path.exists()).await;
            assert_eq!(fs::read_to_string(&path).unwrap(), "a b:\n");
            until("it is reaped", || hooks.running.load(Ordering::SeqCst) == 0).await;
            assert!(matches!(hooks.run(&["/no/such/program".to_owned()], &[]), Err(HookError::Start(_))));
            assert_eq!(hooks.running.load(Ordering::SeqCst), 0);
        });
    }

    #[test]
    fn one_that_takes_too_long_is_killed_with_its_children_and_more_than_a_few_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pid");
        let hooks = Hooks { timeout: Duration::from_millis(300), ..Hooks::hiding(&[]) };
        let line = format!("sleep 600 & echo $! > {0}.new; mv {0}.new {0}; wait", path.display());
        wait_for(async {
            hooks.run(&script(&line), &[]).unwrap();
            for _ in 1..MAX_RUNNING {
                hooks.run(&script("sleep 600"), &[]).unwrap();
            }
            assert!(matches!(hooks.run(&script("true"), &[]), Err(HookError::Busy)));
            until("its child runs", || path.exists()).await;
            let pid: i32 = fs::read_to_string(&path).unwrap().trim().parse().unwrap();
            until("all are ended", || hooks.running.load(Ordering::SeqCst) == 0).await;
            let gone = || {
                let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
                stat.is_empty() || stat.contains(") Z ")
            };
            until("its child is ended", gone).await;
        });
    }
}
