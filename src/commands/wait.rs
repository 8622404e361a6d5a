//! `runwatch wait LOG`: follows a log until as many runs answer a query as are waited for.
//!
//! It waits for the reader of the log, and never looks at the file itself. Nothing is judged before all that is there has
//! been read; from then on only runs that an event changed, or that time may have.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::time::timeout;

use super::nothing_read::nothing_read;
use super::watch::wait_for;
use super::{Failure, IN_VAIN, asked, given, report};
use crate::args::WaitArgs;
use crate::model::json::ascii::write_line;
use crate::model::{text, time};
use crate::query::{LiveQuery, QueryText};
use crate::runtime;
use crate::session::identity::Joint;
use crate::session::{Came, Follower};
use crate::source::options::Options;
use crate::source::origin::Origin;
use crate::store::{Ended, Retain};
use crate::view::format::count;

/// Time that a log has for its first event before its absence is told.
const TELL_NOTHING_AFTER: Duration = Duration::from_secs(1);

/// End of waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum End {
    Met,
    TimedOut,
    LogEnded,
}

/// State at the end.
#[derive(Debug, Serialize)]
struct Report<'a> {
    end: End,
    count: usize,
    condition: String,
    query: &'a str,
    /// All that was there had been read.
    caught_up: bool,
    sequence: u64,
    waited_ms: u64,
    /// The reason why the log told nothing, if it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    nothing_read: Option<String>,
}

/// The log as far as it was read, and the runs that count.
struct Watched {
    session: Follower,
    /// None before the first event, which shows the states that may be asked for.
    found: Option<LiveQuery>,
    /// Every run was judged once.
    is_judged: bool,
    /// The absence of any event was told, or found not to be so.
    is_told: bool,
}

/// Waits, and says how it ended.
///
/// # Errors
/// When the log cannot be read.
pub fn run(wait: &WaitArgs) -> Result<ExitCode, Failure> {
    let since = Instant::now();
    let mut end = None;
    let code = wait_for(async {
        end = Some(until(wait, since).await?);
        Ok(ExitCode::SUCCESS)
    })?;
    let Some((end, watched)) = end else { return Ok(code) };
    let waited = since.elapsed();
    let told = Report {
        nothing_read: watched.why_nothing(&wait.source),
        end,
        count: watched.count(),
        condition: wait.condition.to_string(),
        query: wait.query.text(),
        caught_up: watched.session.log().is_read(),
        sequence: watched.session.store().latest_sequence(),
        waited_ms: u64::try_from(waited.as_millis()).unwrap_or(u64::MAX),
    };
    report(|out| {
        if wait.json {
            write_line(&mut *out, &told)?;
        } else {
            writeln!(out, "{}", words(&told, waited))?;
        }
        Ok(if end == End::Met { ExitCode::SUCCESS } else { ExitCode::from(IN_VAIN) })
    })
}

fn words(told: &Report<'_>, waited: Duration) -> String {
    let runs = match (told.count, told.query.trim()) {
        (1, "") => "there is 1 run".to_owned(),
        (n, "") => format!("there are {} runs", count(n)),
        (1, query) => format!("1 run answers `{}`", text::clean(query)),
        (n, query) => format!("{} runs answer `{}`", count(n), text::clean(query)),
    };
    let condition = &told.condition;
    if let Some(why) = &told.nothing_read {
        return match told.end {
            End::LogEnded => format!("the log has ended, and {condition} is not known: {why}"),
            End::Met | End::TimedOut => format!("time is up, and {condition} is not known: {why}"),
        };
    }
    let read = if told.caught_up { "" } else { ", and the log was not read to its end" };
    match told.end {
        End::Met => format!("{runs}: {condition} holds after {}", time::words(waited.as_secs())),
        End::TimedOut => format!("time is up, and {condition} does not hold: {runs}{read}"),
        End::LogEnded => format!("the log has ended, and {condition} does not hold: {runs}"),
    }
}

/// Follows the log until the condition holds, or cannot any more.
async fn until(wait: &WaitArgs, since: Instant) -> Result<(End, Watched), Failure> {
    let mut watched = Watched::open(wait)?;
    let deadline = wait.timeout.map(|length| since + length);
    loop {
        let tell = (!watched.is_told).then_some(since + TELL_NOTHING_AFTER);
        let wake = [deadline, tell, watched.next_look()].into_iter().flatten().min();
        let came = match wake {
            Some(wake) => {
                timeout(wake.saturating_duration_since(Instant::now()), watched.session.recv()).await
            }
            None => Ok(watched.session.recv().await),
        };
        // Else only time has passed.
        if let Ok(came) = came {
            watched.note(&came?);
            while let Some(more) = watched.session.try_recv() {
                watched.note(&more);
                if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                    break;
                }
            }
        }
        if !watched.is_told && since.elapsed() >= TELL_NOTHING_AFTER {
            watched.tell_nothing(&wait.source);
        }
        if watched.judge(&wait.query)? && wait.condition.holds(watched.count()) {
            return Ok((End::Met, watched));
        }
        if watched.session.log().has_ended() {
            return Ok((End::LogEnded, watched));
        }
        if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return Ok((End::TimedOut, watched));
        }
    }
}

impl Watched {
    fn open(wait: &WaitArgs) -> Result<Self, Failure> {
        let given = given::read(&wait.given)?;
        let options = Options { keep_pipes: false, ..crate::engine::options_given(&given) };
        let retain = Retain { ended: Ended::All, ..Retain::default() };
        let mut session = Follower::open(&wait.source, options, &given, retain)?;
        session.watch_changes();
        Ok(Self { session, found: None, is_judged: false, is_told: false })
    }

    /// Begins to count afresh where another log has begun.
    fn note(&mut self, came: &Came) {
        if let Came::Lines { joint: Joint::Another, .. } = came {
            (self.found, self.is_judged) = (None, false);
            self.session.watch_changes();
        }
    }

    /// Brings the count up to date; says whether it is one of the log, and not of a part of what is there. Before the
    /// first event there is no log to count in.
    fn judge(&mut self, query: &QueryText) -> Result<bool, Failure> {
        if !self.is_read() || self.session.store().is_without_events() {
            return Ok(false);
        }
        let now = self.session.store().unit().of_unix_ms(runtime::now().unix_ms);
        let changed = self.session.take_changed();
        let store = self.session.store();
        let found = match &mut self.found {
            Some(found) => found,
            none => none.insert(LiveQuery::new(&asked::of(query, store)?)),
        };
        if !self.is_judged {
            found.judge_all(store, now);
            self.is_judged = true;
        } else {
            found.judge_changed(store, changed, now);
            found.judge_due(store, now);
        }
        Ok(true)
    }

    fn count(&self) -> usize {
        self.found.as_ref().map_or(0, LiveQuery::len)
    }

    fn is_read(&self) -> bool {
        self.session.log().is_there() && self.session.log().is_read()
    }

    /// Why nothing is known of the log; none as soon as an event was read.
    fn why_nothing(&self, source: &Origin) -> Option<String> {
        let (log, store) = (self.session.log(), self.session.store());
        if !self.is_read() || !store.is_without_events() {
            return None;
        }
        let failure = nothing_read(source, store, log.pending());
        Some(failure.map_or_else(|| "the log is empty".to_owned(), |failure| failure.what))
    }

    /// Tells on standard error, once, that what is there holds no event: it may still become a log.
    fn tell_nothing(&mut self, source: &Origin) {
        self.is_told = true;
        if let Some(why) = self.why_nothing(source).filter(|_| !self.session.log().has_ended()) {
            // No reader is left when this fails.
            let _ = writeln!(io::stderr().lock(), "runwatch: waiting for a first event: {why}");
        }
    }

    /// When time alone may change the count.
    fn next_look(&self) -> Option<Instant> {
        let due = self.found.as_ref()?.next_due().filter(|_| self.is_judged)?;
        let now = runtime::now();
        let ahead =
            self.session.store().unit().length(due).saturating_sub(Duration::from_millis(now.unix_ms));
        Some(now.instant + ahead)
    }
}
