//! Final report of `runwatch cancel` on each run, and the exit code that follows from it.

use std::borrow::Cow;
use std::io;
use std::process::ExitCode;
use std::slice;

use serde::Serialize;

use super::super::{Failure, NO_EVIDENCE, OVERTAKEN, Out, REFUSED};
use super::{Cancel, Cut, Round};
use crate::control::ledger::{Intent, Standing};
use crate::model::json::ascii::write_line;
use crate::model::states::Phase;
use crate::model::text;
use crate::store::Store;

/// Outcome of one run, as JSON.
#[derive(Debug, Serialize)]
struct Told<'a> {
    run_id: Cow<'a, str>,
    outcome: &'static str,
    /// The event that says so.
    sequence: Option<u64>,
    /// State in which the run ended otherwise.
    state: Option<&'static str>,
    /// Reason given by the channel.
    reason: Option<String>,
}

impl Round {
    /// Says what became of each run. The exit code is that of the worst.
    pub(super) fn tell(&self, cancel: &Cancel, out: &mut Out) -> Result<ExitCode, Failure> {
        let json = cancel.json;
        let store = self.session.store();
        let mut intents: Vec<&Intent> = self.ledger.iter().collect();
        intents.reverse();
        for intent in intents {
            if json {
                write_line(&mut *out, &told(intent, store))?;
            } else {
                writeln!(out, "{}  {}", text::clean(&store.id_text(intent.run)), intent.standing)?;
            }
        }
        for (run, state, sequence) in &self.ended {
            let is_over = state.is_terminal();
            if json {
                let (run_id, state) = (store.id_text(*run), Some(state.name()));
                let outcome = if is_over { "had_ended" } else { "not_cancelable" };
                let unsent = Told { run_id, outcome, sequence: Some(*sequence), state, reason: None };
                write_line(&mut *out, &unsent)?;
            } else {
                let (run, state) = (store.id_text(*run), state.name());
                let why = if is_over { "already" } else { "is not canceled in that state" };
                writeln!(out, "{}  not sent: {state} at #{sequence} {why}", text::clean(&run))?;
            }
        }
        let unsent =
            self.pacer.iter().flat_map(|run| self.parents.with(*run).unwrap_or(slice::from_ref(run)));
        for run in unsent {
            let run_id = store.id_text(*run);
            if json {
                let unsent = Told { run_id, outcome: "not_sent", sequence: None, state: None, reason: None };
                write_line(&mut *out, &unsent)?;
            } else {
                writeln!(out, "{}  not sent", text::clean(&run_id))?;
            }
        }
        if self.ledger.is_empty() && self.ended.is_empty() && self.pacer.is_empty() && !json {
            writeln!(out, "there is no run to cancel")?;
        }
        let counts = self.ledger.counts();
        let otherwise = self.ended.iter().any(|(_, state, _)| state.phase() != Phase::Canceled);
        let is_uncancelable = self.ended.iter().any(|(_, state, _)| !state.is_terminal());
        let is_silent = counts.silent > 0
            || (self.session.log().has_ended() && counts.sent > 0)
            || (cancel.wait && counts.unconfirmed > 0);
        match &self.cut {
            Some(Cut::Asked(code)) => return Ok(ExitCode::from(*code)),
            Some(Cut::Failed(failure)) => {
                out.flush()?;
                failure.write(&mut io::stderr().lock())?;
            }
            None => (),
        }
        Ok(match () {
            () if counts.refused > 0 || is_uncancelable => ExitCode::from(REFUSED),
            () if self.cut.is_some() => ExitCode::from(NO_EVIDENCE),
            () if is_silent => ExitCode::from(NO_EVIDENCE),
            () if counts.overtaken > 0 || otherwise => ExitCode::from(OVERTAKEN),
            () => ExitCode::SUCCESS,
        })
    }
}

fn told<'a>(intent: &Intent, store: &'a Store) -> Told<'a> {
    let (outcome, sequence, state, reason) = match &intent.standing {
        Standing::Asked => ("asked", None, None, None),
        Standing::Sent => ("sent", None, None, None),
        Standing::NoEvidence { .. } => ("no_evidence", None, None, None),
        Standing::Unconfirmed => ("unconfirmed", None, None, None),
        Standing::Proved { by, at_sequence } => {
            let otherwise = (by.phase() != Phase::Canceled).then_some(by.name());
            ("proved", Some(*at_sequence), otherwise, None)
        }
        Standing::Overtaken { by, at_sequence } => ("overtaken", Some(*at_sequence), Some(by.name()), None),
        Standing::Refused { reason } => ("refused", None, None, Some(reason.clone())),
    };
    Told { run_id: store.id_text(intent.run), outcome, sequence, state, reason }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::super::testing::of_log;
    use super::*;
    use crate::model::id::RunId;
    use crate::model::states::CancelProof;

    /// The round of a log in which one run was sent, whose log can prove a cancel so, and then `after`.
    fn told(proof: CancelProof, wait: bool, after: impl FnOnce(&mut Round)) -> (String, ExitCode) {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("log.jsonl");
        std::fs::write(&log, "").unwrap();
        let cancel = Cancel { wait, ..of_log(log) };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut round = Round::read(&cancel).await.ok().unwrap();
            let (run, now) = (RunId::random(), Instant::now());
            let id = round.ledger.ask(run, proof, now).unwrap();
            round.ledger.sent(id, now);
            after(&mut round);
            let mut out = vec![];
            let code = round.tell(&cancel, &mut out).unwrap();
            (String::from_utf8(out).unwrap().replace(&run.to_string(), "RUN"), code)
        })
    }

    /// Code 2 would say that nothing was sent, and the user would not know what was.
    #[test]
    fn what_fails_after_the_first_command_does_not_hide_it() {
        let fail = |round: &mut Round| round.fail("the sender of commands has died");
        let (out, code) = told(CancelProof::Canceled, true, fail);
        assert_eq!((out.as_str(), code), ("RUN  sent\n", ExitCode::from(NO_EVIDENCE)));
    }

    #[test]
    fn a_log_that_confirms_no_cancels_gives_no_evidence_to_those_who_wait_for_it() {
        for (wait, expected) in [(true, ExitCode::from(NO_EVIDENCE)), (false, ExitCode::SUCCESS)] {
            let (out, code) = told(CancelProof::Unconfirmed, wait, |round| assert!(round.is_done(wait)));
            assert_eq!((out.as_str(), code), ("RUN  sent, this log does not confirm cancels\n", expected));
        }
    }
}
