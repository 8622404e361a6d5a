//! `runwatch follow LOG`: the reader and the store of the dashboard without its screen, and what they came to, a line a
//! second.
//!
//! The caller waits only for the printer: lines that are not taken are not piled up, and what was to be said
//! in them is said in the next one. Must not look at the log itself.

mod account;

use std::future::poll_fn;
use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::signal::unix::{self, SignalKind};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::oneshot;
use tokio::time::{sleep_until, timeout};

use super::Failure;
use super::given;
use super::watch::wait_for;
use crate::args::FollowArgs;
use crate::fault::Faults;
use crate::runtime;
use crate::session::{Came, Follower};
use crate::source::open::OpenError;
use crate::source::options::Options;
use crate::store::Retain;
use crate::terminal::signals::ProcessSignal;
use account::{Account, FollowEnd};

/// Time limit for the last line to be written.
const LAST_LINE_TIMEOUT: Duration = Duration::from_secs(2);

/// The thread that prints, which may wait for a reader for as long as it likes.
struct Printer {
    /// One line waits to be printed while another is.
    lines: Sender<String>,
    /// Result of printing: success, when the reader has gone.
    end: oneshot::Receiver<io::Result<()>>,
}

/// Follows a log and reports on it, until it ends, a signal comes or the reader of the reports has gone.
///
/// # Errors
/// When the log cannot be read, or a line not be written.
pub fn run(follow: &FollowArgs, faults: Faults) -> Result<ExitCode, Failure> {
    wait_for(go_on(follow, faults))
}

async fn go_on(follow: &FollowArgs, faults: Faults) -> Result<ExitCode, Failure> {
    let mut signals = Signals::install()?;
    let given = given::read(&follow.given)?;
    let options = Options { faults, keep_pipes: false, ..crate::engine::options_given(&given) };
    let retain = follow.retain.over(Retain::default());
    let session = Follower::open(&follow.source, options, &given, retain)?;
    let mut printer = Printer::start()?;
    let mut account = Account::of(session, &follow.source, Instant::now());
    let mut due = Instant::now() + follow.every;
    let (end, outcome) = loop {
        tokio::select! {
            biased;
            signal = signals.recv() => {
                break (FollowEnd::Signal, Ok(signal.exit_code().map_or(ExitCode::SUCCESS, ExitCode::from)));
            }
            end = &mut printer.end => return printed(end),
            () = sleep_until(due.into()) => {
                // What was missed is not made up for.
                due = Instant::now() + follow.every;
                if let Ok(place) = printer.lines.try_reserve() {
                    place.send(account.line(follow.json, None, runtime::now()));
                }
            }
            came = account.session.recv() => match came {
                Ok(Came::End) => break (FollowEnd::Log, Ok(ExitCode::SUCCESS)),
                Ok(came) => account.note(came),
                Err(lost) => break (FollowEnd::Failure, Err(lost.into())),
            },
        }
    };
    let last = account.line(follow.json, Some(end), runtime::now());
    let told = printer.finish(last).await;
    outcome.and_then(|code| told.map(|()| code))
}

/// The signals that end it. Those that stop it, and let it go on, do what they do to any program.
struct Signals([(ProcessSignal, unix::Signal); 4]);

impl Signals {
    fn install() -> io::Result<Self> {
        Ok(Self([
            (ProcessSignal::HangUp, unix::signal(SignalKind::hangup())?),
            (ProcessSignal::Terminate, unix::signal(SignalKind::terminate())?),
            (ProcessSignal::Quit, unix::signal(SignalKind::quit())?),
            (ProcessSignal::Interrupt, unix::signal(SignalKind::interrupt())?),
        ]))
    }

    async fn recv(&mut self) -> ProcessSignal {
        poll_fn(|context| {
            for (signal, stream) in &mut self.0 {
                if stream.poll_recv(context).is_ready() {
                    return Poll::Ready(*signal);
                }
            }
            Poll::Pending
        })
        .await
    }
}

impl Printer {
    fn start() -> Result<Self, Failure> {
        let (lines, taken) = mpsc::channel(1);
        let (ended, end) = oneshot::channel();
        let started = std::thread::Builder::new().name("printer".to_owned()).spawn(move || {
            // There is no one left to report to when this fails.
            let _ = ended.send(print(taken));
        });
        started.map_err(|error| {
            let error = OpenError::NoThread(error);
            Failure { what: "the thread that prints could not be started".to_owned(), hint: error.hint() }
        })?;
        Ok(Self { lines, end })
    }

    /// Prints a last line, if a reader takes it.
    async fn finish(self, line: String) -> Result<(), Failure> {
        let Self { lines, end } = self;
        let printed_all = async move {
            let _ = lines.send(line).await;
            drop(lines);
            end.await
        };
        match timeout(LAST_LINE_TIMEOUT, printed_all).await {
            Ok(end) => printed(end).map(|_| ()),
            Err(_) => Ok(()),
        }
    }
}

fn print(mut lines: Receiver<String>) -> io::Result<()> {
    let mut out = io::stdout();
    while let Some(line) = lines.blocking_recv() {
        let written = out.write_all(line.as_bytes()).and_then(|()| out.flush());
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            written => written?,
        }
    }
    Ok(())
}

fn printed(end: Result<io::Result<()>, oneshot::error::RecvError>) -> Result<ExitCode, Failure> {
    match end {
        Ok(written) => written?,
        Err(_) => return Err(Failure { what: "the printer has died".to_owned(), hint: None }),
    }
    Ok(ExitCode::SUCCESS)
}
