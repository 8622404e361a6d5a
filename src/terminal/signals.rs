//! The signals that the one loop answers, as values to wait for.
//!
//! A handler, once installed, stays for the life of the process: after this, a signal does what the loop does
//! with it, and nothing by itself.

use std::io;

use tokio::signal::unix::{self, SignalKind};

/// Requests made of the process by a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProcessSignal {
    /// The process was stopped and goes on, perhaps in the background.
    Continue,
    /// The terminal has another size.
    Resize,
    /// Stop until continued: Ctrl-Z from outside, or what stops a process that is in the background.
    Stop,
    /// End: Ctrl-C from outside. The key itself arrives as a key.
    Interrupt,
    /// End, and leave a core dump; we only end.
    Quit,
    /// End.
    Terminate,
    /// The terminal is gone.
    HangUp,
}

impl ProcessSignal {
    /// The exit code of a process that ended because of this signal: 128 + its number. None for those that do
    /// not end it.
    #[must_use]
    pub const fn exit_code(self) -> Option<u8> {
        match self {
            Self::HangUp => Some(128 + 1),
            Self::Interrupt => Some(128 + 2),
            Self::Quit => Some(128 + 3),
            Self::Terminate => Some(128 + 15),
            Self::Stop | Self::Resize | Self::Continue => None,
        }
    }
}

/// The signals of this process.
#[derive(Debug)]
pub struct ProcessSignals {
    continued: unix::Signal,
    resize: unix::Signal,
    stop: [unix::Signal; 3],
    interrupt: unix::Signal,
    quit: unix::Signal,
    terminate: unix::Signal,
    hang_up: unix::Signal,
    _survived: Survived,
}

/// Signals that are survived. Never waited for: that they have handlers makes a write fail with an error, where it would
/// kill. Programs that are started get the defaults back, which ignored signals would not.
#[derive(Debug)]
pub struct Survived {
    _signals: [unix::Signal; 2],
}

impl Survived {
    /// Installs the handlers, for as long as the process lives.
    ///
    /// # Errors
    ///
    /// When the system refuses a handler.
    pub fn install() -> io::Result<Self> {
        let limit = SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw());
        Ok(Self { _signals: [unix::signal(limit)?, unix::signal(SignalKind::pipe())?] })
    }
}

impl ProcessSignals {
    /// Installs the handlers. Must be called within a tokio runtime that drives I/O, and before anything is
    /// written: a file-size limit kills a process that does not handle SIGXFSZ, and leaves the terminal raw.
    ///
    /// # Errors
    ///
    /// When the system refuses a handler.
    pub fn install() -> io::Result<Self> {
        let number = |signal: rustix::process::Signal| SignalKind::from_raw(signal.as_raw());
        Ok(Self {
            continued: unix::signal(number(rustix::process::Signal::CONT))?,
            resize: unix::signal(SignalKind::window_change())?,
            stop: [
                unix::signal(number(rustix::process::Signal::TSTP))?,
                unix::signal(number(rustix::process::Signal::TTIN))?,
                unix::signal(number(rustix::process::Signal::TTOU))?,
            ],
            interrupt: unix::signal(SignalKind::interrupt())?,
            quit: unix::signal(SignalKind::quit())?,
            terminate: unix::signal(SignalKind::terminate())?,
            hang_up: unix::signal(SignalKind::hangup())?,
            _survived: Survived::install()?,
        })
    }

    /// Waits for the next signal. May be dropped while it waits, and loses none.
    pub async fn recv(&mut self) -> ProcessSignal {
        let [stop, reads, writes] = &mut self.stop;
        // In the order of urgency: what ends the process comes first.
        tokio::select! {
            biased;
            Some(()) = self.hang_up.recv() => ProcessSignal::HangUp,
            Some(()) = self.terminate.recv() => ProcessSignal::Terminate,
            Some(()) = self.quit.recv() => ProcessSignal::Quit,
            Some(()) = self.interrupt.recv() => ProcessSignal::Interrupt,
            Some(()) = self.continued.recv() => ProcessSignal::Continue,
            Some(()) = stop.recv() => ProcessSignal::Stop,
            Some(()) = reads.recv() => ProcessSignal::Stop,
            Some(()) = writes.recv() => ProcessSignal::Stop,
            Some(()) = self.resize.recv() => ProcessSignal::Resize,
            // Streams of signals end with the process only.
            else => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustix::process::{Signal as Number, getpid, kill_process};

    use super::*;

    #[test]
    fn each_signal_arrives_and_ends_with_its_own_code() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut signals = ProcessSignals::install().unwrap();
            for (number, expected, code) in [
                (Number::TERM, ProcessSignal::Terminate, Some(143)),
                (Number::HUP, ProcessSignal::HangUp, Some(129)),
                (Number::INT, ProcessSignal::Interrupt, Some(130)),
                (Number::QUIT, ProcessSignal::Quit, Some(131)),
                (Number::TSTP, ProcessSignal::Stop, None),
                (Number::TTIN, ProcessSignal::Stop, None),
                (Number::TTOU, ProcessSignal::Stop, None),
                (Number::CONT, ProcessSignal::Continue, None),
                (Number::WINCH, ProcessSignal::Resize, None),
            ] {
                // These two would have killed the test.
                for survived in [Number::XFSZ, Number::PIPE, number] {
                    kill_process(getpid(), survived).unwrap();
                }
                let signal = tokio::time::timeout(Duration::from_secs(10), signals.recv()).await;
                assert_eq!(signal.unwrap(), expected);
                assert_eq!(expected.exit_code(), code);
            }
        });
    }
}
