//! `runwatch cancel LOG`: cancels runs from a script, and says of each what the log proves.
//!
//! The log is read to its end first, so that what has ended is not sent. A channel's answer proves nothing here either:
//! with `--wait` the log is followed until it has spoken of every run, or is silent for too long.

mod stops;
mod told;

use std::collections::{BTreeSet, VecDeque};
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use tokio::time::sleep_until;

use self::stops::Stops;
use super::nothing_read::nothing_read;
use super::watch::{means, wait_for};
use super::{Failure, report};
use crate::args::{Cancel, Surroundings};
use crate::control::channel::{Channel, Outcomes};
use crate::control::command::{Command, Kind};
use crate::control::ledger::Ledger;
use crate::engine::batch::Batch;
use crate::engine::feed::{Fate, Feed};
use crate::engine::fold;
use crate::engine::fold::{Joint, Seam};
use crate::model::id::RunId;
use crate::model::states::{MAX_STATES, State};
use crate::model::text;
use crate::query::Sieve;
use crate::runtime;
use crate::source::delivery::{Delivery, Notice};
use crate::source::file::Options;
use crate::source::origin::Source;
use crate::store::{Rules, RunKey, Store};
use crate::terminal::signals::Survived;
use crate::view::format::{count, counted};

/// A log that is followed, and what was asked of its runs.
struct Session {
    store: Store,
    seam: Seam,
    feed: Feed,
    /// Bytes of the last line, which has no newline yet.
    pending: u64,
    has_ended: bool,
    ledger: Ledger,
    queue: VecDeque<RunKey>,
    /// Runs that had ended before their turn.
    ended: Vec<(RunId, State, u64)>,
    next_at: Instant,
    /// Why it ended before everything was known.
    cut: Option<Cut>,
}

/// What ends it before everything is known. What was sent by then is told all the same.
enum Cut {
    /// Somebody asked for it, and so it ends with this code.
    Asked(u8),
    /// Something failed.
    Failed(Failure),
}

/// Cancels runs, and says what became of each.
///
/// # Errors
/// When the log cannot be read, a run is not known, nobody said yes, or commands cannot go where they should.
pub fn run(cancel: &Cancel, surroundings: &Surroundings) -> Result<ExitCode, Failure> {
    let mut told = None;
    let code = wait_for(async {
        let _survived = Survived::install()?;
        let mut session = Session::read(cancel).await?;
        session.choose(cancel)?;
        if !session.queue.is_empty() {
            confirm(cancel, &session)?;
            let means = means(&cancel.control, cancel.token_file.as_deref(), surroundings)?;
            let (channel, outcomes) = Channel::open(cancel.control.clone(), &means)?;
            session.go_round(cancel, surroundings, channel, outcomes).await?;
        }
        told = Some(session);
        Ok(ExitCode::SUCCESS)
    })?;
    let Some(session) = told else { return Ok(code) };
    report(|out| session.tell(cancel.json, out))
}

impl Session {
    /// Reads what is there of the log.
    async fn read(cancel: &Cancel) -> Result<Self, Failure> {
        let mut store = Store::new(Rules::Lenient);
        store.watch_changes(true);
        let mut session = Self {
            store,
            feed: Feed::open(&cancel.source, Options::default())?,
            pending: 0,
            has_ended: false,
            seam: Seam::default(),
            ledger: Ledger::new(cancel.evidence_timeout),
            queue: VecDeque::new(),
            ended: Vec::new(),
            next_at: Instant::now(),
            cut: None,
        };
        while !session.hear().await? {}
        if let Some(failure) = nothing_read(&cancel.source, &session.store, session.pending) {
            return Err(failure);
        }
        session.store.take_changed();
        Ok(session)
    }

    /// Takes in what the reader sends next; says whether all that was there has been read.
    async fn hear(&mut self) -> Result<bool, Failure> {
        match self.feed.recv().await {
            Some(Delivery::Block(batch)) => self.fold(&batch)?,
            Some(Delivery::Status(status)) => {
                self.pending = status.pending;
                return Ok(status.caught_up);
            }
            Some(Delivery::Notice(Notice::Waiting)) => {
                let hint =
                    Some("runs are canceled by what their log says; name one that is there".to_owned());
                return Err(Failure { what: "the log is not there".to_owned(), hint });
            }
            Some(Delivery::Notice(Notice::Ended)) => {
                self.has_ended = true;
                return Ok(true);
            }
            Some(Delivery::Notice(_)) => (),
            None => match self.feed.fate() {
                Fate::Alive | Fate::Ended => {
                    self.has_ended = true;
                    return Ok(true);
                }
                Fate::Failed(error) => {
                    let hint = error.hint();
                    return Err(Failure { what: format!("failed to read the log: {error}"), hint });
                }
                Fate::Died => {
                    let what = "the reader of the log has ended; what it read is not all".to_owned();
                    return Err(Failure { what, hint: None });
                }
                Fate::Panicked(words) => {
                    let what = format!("the reader of the log has died: {}", text::clean(&words));
                    return Err(Failure { what, hint: None });
                }
            },
        }
        Ok(false)
    }

    /// Folds lines, and looks what they prove.
    fn fold(&mut self, batch: &Batch) -> Result<(), Failure> {
        if self.seam.join(batch, &self.store) == Joint::Another {
            // Its runs are not those that were chosen, and it says nothing of them.
            let what = "another log has begun; what became of the runs is not in it".to_owned();
            return Err(Failure { what, hint: Some("see the log that was rotated away".to_owned()) });
        }
        fold::batch(&mut self.store, batch);
        for key in self.store.take_changed() {
            if self.ledger.is_watched(self.store.id_of(key)) {
                let run = self.store.run(key);
                self.ledger.observe(run.instance.id(), run.instance.state().into(), run.last.sequence);
            }
        }
        Ok(())
    }

    /// Finds the runs that are meant. Those that have ended are not sent.
    fn choose(&mut self, cancel: &Cancel) -> Result<(), Failure> {
        let mut chosen: BTreeSet<RunKey> = BTreeSet::new();
        for name in &cancel.runs {
            chosen.insert(self.named(name)?);
        }
        for key in &chosen {
            let (state, _) = self.store.standing(*key);
            if state.is_terminal() {
                let sequence = self.store.run(*key).last.sequence;
                self.ended.push((self.store.id_of(*key), state, sequence));
            }
        }
        if let Some(query) = &cancel.query {
            let now = runtime::now().unix_ms / 1000;
            let mut sieve = Sieve::new(query);
            sieve.prepare(&self.store, now);
            chosen.extend(self.store.keys().filter(|key| sieve.judge(&self.store, *key, now).matches));
        }
        let is_live = |key: &RunKey| !self.store.standing(*key).0.is_terminal();
        self.queue = chosen.into_iter().filter(is_live).collect();
        Ok(())
    }

    /// The run with an id, or the one whose id begins so, or of whose id the dashboard shows this: `…3f9c81d2`.
    fn named(&self, name: &str) -> Result<RunKey, Failure> {
        const FEWEST: usize = 4;
        const SHOWN: usize = 3;
        let shown = text::clean(name).into_owned();
        if let Some(key) = name.parse().ok().and_then(|id| self.store.find(id)) {
            return Ok(key);
        }
        if name.chars().filter(char::is_ascii_alphanumeric).count() < FEWEST {
            let what = format!("`{shown}` is too short to name a run");
            return Err(Failure { what, hint: Some(format!("give at least {FEWEST} letters of its id")) });
        }
        let (is_called, reads) = called(name);
        let id = |key: &RunKey| self.store.id_of(*key).to_string();
        let found: Vec<RunKey> =
            self.store.keys().filter(|key| is_called(&plain(&id(key)))).take(SHOWN + 1).collect();
        match found[..] {
            [key] => Ok(key),
            [] => {
                let hint = Some("`runwatch runs LOG` lists those that the log has".to_owned());
                Err(Failure { what: format!("the log has no run whose id {reads} `{shown}`"), hint })
            }
            [..] => {
                let ids: Vec<String> = found.iter().take(SHOWN).map(id).collect();
                let more = if found.len() > SHOWN { " and more" } else { "" };
                let hint = Some(format!("give more of it: {}{more}", ids.join(", ")));
                Err(Failure { what: format!("several runs have an id that {reads} `{shown}`"), hint })
            }
        }
    }

    /// Sends each command in its turn, and waits for what is to be waited for.
    async fn go_round(
        &mut self,
        cancel: &Cancel,
        surroundings: &Surroundings,
        channel: Channel,
        mut outcomes: Outcomes,
    ) -> Result<(), Failure> {
        let pace = Duration::from_secs(1) / cancel.control_rate.get();
        let mut stops = Stops::install()?;
        self.next_at = Instant::now();
        while self.cut.is_none() && !self.is_done(cancel.wait) {
            let send = (!self.queue.is_empty() && channel.room() > 0).then_some(self.next_at);
            let wake = [send, self.ledger.next_deadline()].into_iter().flatten().min();
            tokio::select! {
                biased;
                code = stops.recv() => self.cut = Some(Cut::Asked(code)),
                outcome = outcomes.recv() => match outcome {
                    Some(outcome) => self.ledger.record(&outcome, Instant::now()),
                    None => self.fail("the sender of commands has died"),
                },
                () = sleep_until(wake.unwrap_or_else(Instant::now).into()), if wake.is_some() => (),
                heard = self.hear(), if !self.has_ended => {
                    self.cut = heard.err().map(Cut::Failed);
                }
            }
            if self.cut.is_some() {
                break;
            }
            let now = Instant::now();
            self.ledger.tick(now);
            while self.next_at <= now && channel.room() > 0 {
                let Some(key) = self.queue.pop_front() else { break };
                self.next_at += pace;
                self.send(key, surroundings, &channel);
            }
        }
        let unsent = channel.finish(Duration::from_secs(2)).err();
        while let Some(outcome) = outcomes.try_recv() {
            self.ledger.record(&outcome, Instant::now());
        }
        if let (Some(unsent), None | Some(Cut::Asked(_))) = (unsent, &self.cut) {
            writeln!(io::stderr().lock(), "runwatch: {unsent}")?;
        }
        match self.cut.take() {
            // As long as nothing was sent, there is nothing else to tell.
            Some(Cut::Failed(failure)) if self.ledger.is_empty() => Err(failure),
            cut => {
                self.cut = cut;
                Ok(())
            }
        }
    }

    fn fail(&mut self, what: &str) {
        self.cut = Some(Cut::Failed(Failure { what: what.to_owned(), hint: None }));
    }

    fn send(&mut self, key: RunKey, surroundings: &Surroundings, channel: &Channel) {
        let run = self.store.run(key);
        let (id, state) = (run.instance.id(), self.store.state_of(key));
        if state.is_terminal() {
            self.ended.push((id, state, run.last.sequence));
            return;
        }
        let now = runtime::now();
        // Each run is chosen once, so that no slip can be taken for another wish.
        let Ok(name) = self.ledger.ask(id, now.instant) else { return };
        let command = Command {
            id: name,
            kind: Kind::Cancel { run: id },
            reason: None,
            at_ms: now.unix_ms,
            by: surroundings.operator.clone(),
            seen: self.store.latest_sequence(),
        };
        if let Err(error) = channel.send(command) {
            self.ledger.refused(name, error.to_string());
        }
    }

    /// Whether everything is known that is to be known.
    fn is_done(&self, waits: bool) -> bool {
        let counts = self.ledger.counts();
        let is_answered = self.queue.is_empty() && counts.asked == 0;
        is_answered && (!waits || self.has_ended || counts.sent == 0)
    }
}

/// Asks whether that is meant, unless it was said before.
fn confirm(cancel: &Cancel, session: &Session) -> Result<(), Failure> {
    if cancel.yes {
        return Ok(());
    }
    let n_runs = session.queue.len();
    if !io::stdin().is_terminal() || cancel.source == Source::Stdin {
        let what = format!(
            "there is no terminal on which to ask whether to cancel {}",
            counted(n_runs, "run", "runs")
        );
        return Err(Failure { what, hint: Some("add --yes to mean it".to_owned()) });
    }
    let mut by_state = [0_usize; MAX_STATES];
    session.queue.iter().for_each(|key| by_state[session.store.standing(*key).0.index()] += 1);
    let states = session.store.states().listed().filter(|state| by_state[state.index()] > 0);
    let states: Vec<String> =
        states.map(|state| format!("{} {}", count(by_state[state.index()]), state.name())).collect();
    let mut err = io::stderr().lock();
    writeln!(
        err,
        "Cancel {} ({}) through {}?",
        counted(n_runs, "run", "runs"),
        states.join(", "),
        cancel.control
    )?;
    writeln!(err, "Canceled is final and cannot be undone.")?;
    write!(err, "Type {n_runs} to mean it: ")?;
    err.flush()?;
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    if typed.trim() == n_runs.to_string() {
        return Ok(());
    }
    Err(Failure { what: "nothing was sent: that was another number".to_owned(), hint: None })
}

/// An id without its hyphens, as it is compared.
fn plain(id: &str) -> String {
    id.to_lowercase().replace('-', "")
}

/// Tells ids that may be called so, and the word for how: by their first digits, or by those that the dashboard shows
/// beside the mark of what is left out.
fn called(name: &str) -> (impl Fn(&str) -> bool, &'static str) {
    let parts: Vec<String> = name.split(['…', '~']).map(plain).collect();
    let reads = if parts.len() == 1 { "begins with" } else { "reads" };
    let is_called = move |id: &str| match &parts[..] {
        [begin] => id.starts_with(begin),
        [begin, end] => id.starts_with(begin) && id.ends_with(end) && begin.len() + end.len() <= id.len(),
        [begin, part, end] if begin.is_empty() && end.is_empty() => id.contains(part),
        _ => false,
    };
    (is_called, reads)
}
