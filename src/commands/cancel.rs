//! `runwatch cancel LOG`: cancels runs from a script, and says of each what the log proves.
//!
//! The log is read to its end first, so that what has ended is not sent. A channel's answer proves nothing here either:
//! with `--wait` the log is followed until it has spoken of every run, or is silent for too long.

mod parents;
mod question;
mod stops;
#[cfg(test)]
mod testing;
mod told;

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use tokio::time::sleep_until;

use self::parents::Parents;
use self::question::{CancelQuestion, check_reach, check_whole};
use self::stops::Stops;
use super::nothing_read::nothing_read;
use super::watch::{means, wait_for};
use super::{Failure, asked, given, report};
use crate::app::outgoing::{command_names, no_way_to_cancel};
use crate::args::{Cancel, Environment};
use crate::control::channel::{Channel, Outcomes};
use crate::control::command::CommandKind;
use crate::control::ledger::Ledger;
use crate::control::pacer::Pacer;
use crate::model::id::{CommandId, RunId};
use crate::model::states::State;
use crate::model::text;
use crate::query::QueryMatcher;
use crate::runtime;
use crate::session::identity::Joint;
use crate::session::{Came, Follower};
use crate::source::delivery::SourceNotice;
use crate::store::{Ended, Retain, RunKey};
use crate::terminal::signals::Survived;

/// A log that is followed, and what was asked of its runs.
struct Round {
    session: Follower,
    ledger: Ledger,
    /// Runs whose turn has not come; of a parent that is canceled, the first.
    pacer: Pacer<RunId>,
    /// Parents that are canceled, where the engine cancels no run alone.
    parents: Parents,
    /// Runs that had ended before their turn, or are not canceled in their state.
    ended: Vec<(RunId, State, u64)>,
    /// Why it ended before everything was known.
    cut: Option<Cut>,
}

/// Reasons to end before everything is known. What was sent by then is reported all the same.
enum Cut {
    /// The user asked for it, and so it ends with this code.
    Asked(u8),
    /// Something failed.
    Failed(Failure),
}

/// Cancels runs, and says what became of each.
///
/// # Errors
/// When the log cannot be read, a run is not known, the user did not agree, or commands cannot go where they
/// should.
pub fn run(cancel: &Cancel, surroundings: &Environment) -> Result<ExitCode, Failure> {
    let mut told = None;
    check_reach(cancel)?;
    let code = wait_for(async {
        let _survived = Survived::install()?;
        let mut round = Round::read(cancel).await?;
        let runs = round.choose(cancel)?;
        if !runs.is_empty() {
            let store = round.session.store();
            let means = means(&cancel.control, cancel.token_file.as_deref(), surroundings)?;
            // Before the question, so that a process that ends meanwhile is not taken for another one.
            let (channel, outcomes) = Channel::open(cancel.control.clone(), &means)?;
            let question =
                CancelQuestion { target: channel.target(), store, runs: &runs, parents: &round.parents };
            question.confirm(cancel)?;
            let runs: Vec<RunId> = runs.into_iter().map(|key| store.id_of(key)).collect();
            let (now, proof) = (Instant::now(), store.states().cancel_proof());
            if channel.target().process().is_some() {
                let id = round.ledger.ask_together(runs, proof, now);
                round.send(id, CommandKind::CancelAll, surroundings, &channel);
            } else {
                let heads = round.parents.heads();
                let runs = if heads.is_empty() { runs } else { heads };
                round.pacer = Pacer::new(runs, cancel.control_rate.get(), now);
            }
            round.go(cancel, surroundings, channel, outcomes).await?;
        }
        told = Some(round);
        Ok(ExitCode::SUCCESS)
    })?;
    let Some(round) = told else { return Ok(code) };
    report(|out| round.tell(cancel, out))
}

impl Round {
    /// Reads what is there of the log.
    async fn read(cancel: &Cancel) -> Result<Self, Failure> {
        let retain = Retain { ended: Ended::All, ..Retain::default() };
        let given = given::read(&cancel.given)?;
        let options = crate::engine::options_given(&given);
        let mut session = Follower::open(&cancel.source, options, &given, retain)?;
        session.watch_changes();
        let mut round = Self {
            session,
            ledger: Ledger::new(cancel.evidence_timeout),
            pacer: Pacer::new([], cancel.control_rate.get(), Instant::now()),
            parents: Parents::default(),
            ended: Vec::new(),
            cut: None,
        };
        while !round.session.log().is_read() {
            round.hear().await?;
        }
        let (store, pending) = (round.session.store(), round.session.log().pending());
        if let Some(failure) = nothing_read(&cancel.source, store, pending) {
            return Err(failure);
        }
        round.session.take_changed();
        Ok(round)
    }

    /// Takes in what comes next of the log, and looks what it proves.
    async fn hear(&mut self) -> Result<(), Failure> {
        match self.session.recv().await? {
            Came::Lines { joint: Joint::Another, .. } => {
                // Its runs are not those that were chosen, and it says nothing of them.
                let what = "another log has begun; what became of the runs is not in it".to_owned();
                Err(Failure { what, hint: Some("see the log that was rotated away".to_owned()) })
            }
            Came::Notice(SourceNotice::Waiting) => {
                let hint =
                    Some("runs are canceled by what their log says; name one that is there".to_owned());
                Err(Failure { what: "the log is not there".to_owned(), hint })
            }
            Came::Lines { .. } => {
                self.observe();
                Ok(())
            }
            Came::Notice(_) | Came::Status | Came::End => Ok(()),
        }
    }

    fn observe(&mut self) {
        let changed = self.session.take_changed();
        let store = self.session.store();
        for key in changed {
            if self.ledger.is_watched(store.id_of(key)) {
                let run = store.run(key);
                self.ledger.observe(run.id, run.state, run.last.sequence);
            }
        }
    }

    /// Finds the runs that are meant and that the engine may cancel.
    fn choose(&mut self, cancel: &Cancel) -> Result<Vec<RunKey>, Failure> {
        let mut chosen: BTreeSet<RunKey> = BTreeSet::new();
        for name in &cancel.runs {
            chosen.insert(self.named(name)?);
        }
        let store = self.session.store();
        if let Some(what) = no_way_to_cancel(store) {
            return Err(Failure { what, hint: None });
        }
        for key in &chosen {
            let (state, _) = store.standing(*key);
            if !state.is_cancelable() {
                let sequence = store.run(*key).last.sequence;
                self.ended.push((store.id_of(*key), state, sequence));
            }
        }
        if let Some(query) = &cancel.query {
            let now = store.unit().of_unix_ms(runtime::now().unix_ms);
            let mut sieve = QueryMatcher::new(&asked::of(query, store)?);
            sieve.prepare(store);
            chosen.extend(store.keys().filter(|key| sieve.judge(store, *key, now).matches));
        }
        if cancel.all {
            chosen.extend(store.keys());
        }
        let is_cancelable = |key: &RunKey| store.standing(*key).0.is_cancelable();
        let runs: Vec<RunKey> = chosen.into_iter().filter(is_cancelable).collect();
        if cancel.control.process().is_some() {
            check_whole(store, &runs)?;
        } else if store.states().cancels_parents() {
            self.parents = Parents::of(store, &runs)?;
            return Ok(self.parents.keys(store));
        }
        Ok(runs)
    }

    /// The run with an id, or the one whose id begins so, or of whose id the dashboard shows this: `…3f9c81d2`.
    fn named(&self, name: &str) -> Result<RunKey, Failure> {
        const FEWEST: usize = 4;
        const SHOWN: usize = 3;
        let store = self.session.store();
        let shown = text::clean(name).into_owned();
        if let Some(key) = store.find_run_named(name) {
            return Ok(key);
        }
        if name.chars().filter(|c| c.is_alphanumeric()).count() < FEWEST {
            let what = format!("`{shown}` is too short to name a run");
            return Err(Failure { what, hint: Some(format!("give at least {FEWEST} letters of its id")) });
        }
        let (is_called, reads) = called(name);
        let id = |key: &RunKey| store.id_text(store.id_of(*key));
        let is_meant = |id: &str| is_called(&plain(id)) || is_called(&plain(&text::clean(id)));
        let found: Vec<RunKey> = store.keys().filter(|key| is_meant(&id(key))).take(SHOWN + 1).collect();
        match found[..] {
            [key] => Ok(key),
            [] => {
                let hint = Some("`runwatch runs LOG` lists those that the log has".to_owned());
                Err(Failure { what: format!("the log has no run whose id {reads} `{shown}`"), hint })
            }
            [..] => {
                let ids: Vec<String> =
                    found.iter().take(SHOWN).map(|key| text::clean(&id(key)).into_owned()).collect();
                let more = if found.len() > SHOWN { " and more" } else { "" };
                let hint = Some(format!("give more of it: {}{more}", ids.join(", ")));
                Err(Failure { what: format!("several runs have an id that {reads} `{shown}`"), hint })
            }
        }
    }

    /// Sends each command in its turn, and waits for what is to be waited for.
    async fn go(
        &mut self,
        cancel: &Cancel,
        surroundings: &Environment,
        channel: Channel,
        mut outcomes: Outcomes,
    ) -> Result<(), Failure> {
        let mut stops = Stops::install()?;
        while self.cut.is_none() && !self.is_done(cancel.wait) {
            let send = self.pacer.next_due().filter(|_| channel.room() > 0);
            let wake = [send, self.ledger.next_deadline()].into_iter().flatten().min();
            tokio::select! {
                biased;
                code = stops.recv() => self.cut = Some(Cut::Asked(code)),
                outcome = outcomes.recv() => match outcome {
                    Some(outcome) => self.ledger.record(&outcome, Instant::now()),
                    None => self.fail("the sender of commands has died"),
                },
                () = sleep_until(wake.unwrap_or_else(Instant::now).into()), if wake.is_some() => (),
                heard = self.hear(), if !self.session.log().has_ended() => {
                    self.cut = heard.err().map(Cut::Failed);
                }
            }
            if self.cut.is_some() {
                break;
            }
            let now = Instant::now();
            self.ledger.tick(now);
            self.send_due(now, surroundings, &channel);
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

    /// Sends one command for all that it cancels.
    fn send(&mut self, id: CommandId, kind: CommandKind, surroundings: &Environment, channel: &Channel) {
        let seen = self.session.store().latest_sequence();
        let command = surroundings.operator.command(id, kind, runtime::now().unix_ms, seen);
        if let Err(error) = channel.send(command) {
            self.ledger.refused(id, error.to_string());
        }
    }

    fn fail(&mut self, what: &str) {
        self.cut = Some(Cut::Failed(Failure { what: what.to_owned(), hint: None }));
    }

    /// Sends those whose turn has come, as many as the channel takes.
    fn send_due(&mut self, now: Instant, surroundings: &Environment, channel: &Channel) {
        let Self { session, ledger, ended, pacer, parents, .. } = self;
        let store = session.store();
        let (at_ms, seen, proof) =
            (runtime::now().unix_ms, store.latest_sequence(), store.states().cancel_proof());
        let mut is_open = |run: &RunId| {
            let Some(key) = store.find(*run) else { return false };
            let state = store.state_of(key);
            if !state.is_cancelable() {
                ended.push((*run, state, store.run(key).last.sequence));
            }
            state.is_cancelable()
        };
        let commands = pacer.take_due(channel.room(), now, |run| {
            let (name, kind) = if let Some(together) = parents.with(run) {
                let open: Vec<RunId> = together.iter().copied().filter(&mut is_open).collect();
                let run = *open.first()?;
                (ledger.ask_together(open, proof, now), CommandKind::CancelParent { run })
            } else {
                // Each run is chosen once, so that no slip can be taken for another wish.
                let name = is_open(&run).then(|| ledger.ask(run, proof, now).ok())??;
                (name, CommandKind::Cancel { run })
            };
            let command = surroundings.operator.command(name, kind, at_ms, seen);
            Some(command.about(command_names(store, kind)))
        });
        for command in commands {
            let id = command.id;
            if let Err(error) = channel.send(command) {
                ledger.refused(id, error.to_string());
            }
        }
    }

    /// Returns true if everything is known that is to be known.
    fn is_done(&self, waits: bool) -> bool {
        let counts = self.ledger.counts();
        let is_answered = self.pacer.is_empty() && counts.asked == 0;
        is_answered && (!waits || self.session.log().has_ended() || counts.sent == 0)
    }
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
