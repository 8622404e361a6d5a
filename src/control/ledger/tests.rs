//! Tests of intents, second by second.

use super::*;
use crate::control::command::CommandKind;
use crate::control::refusal::SendError;
use crate::model::states::{Phase, StateRow, StateSet, StateTable};

/// An event in the life of an intent on one run.
#[derive(Debug, Clone, Copy)]
enum Step {
    Sent,
    Refused,
    Log(&'static str, u64),
    Wait(u64),
}

const fn row(name: &'static str, phase: Phase) -> StateRow {
    let next = StateSet::NONE;
    StateRow { name, label: name, short: name, glyph: "o", ascii: "o", phase, cancelable: true, next }
}

static STATES: StateTable = StateTable::new(&[
    row("Ready", Phase::Ready),
    row("Running", Phase::Running),
    row("Completed", Phase::Succeeded),
    row("Failed", Phase::Failed),
    row("Canceled", Phase::Canceled),
]);
use Step::{Log, Refused, Sent, Wait};

fn check(steps: &[Step], expected: &str) {
    check_proof(CancelProof::Canceled, steps, expected);
}

/// The same of a log that proves a cancel so.
fn check_proof(proof: CancelProof, steps: &[Step], expected: &str) {
    let mut now = Instant::now();
    let mut ledger = Ledger::default();
    let run = RunId::random();
    let id = ledger.ask(run, proof, now).unwrap();
    for step in steps {
        match *step {
            Sent => ledger.sent(id, now),
            Refused => ledger.refused(id, "disk\x1b full"),
            Log(state, sequence) => drop(ledger.observe(run, STATES.named(state).unwrap(), sequence)),
            Wait(seconds) => {
                now += Duration::from_secs(seconds);
                ledger.tick(now);
            }
        }
    }
    assert_eq!(ledger.standing(run).unwrap().to_string(), expected, "{steps:?}");
    assert_eq!(ledger.is_watched(run), ledger.standing(run).unwrap().is_open(), "{steps:?}");
    let waits = ledger.standing(run) == Some(&Standing::Sent);
    assert_eq!(ledger.next_deadline().is_some(), waits, "{steps:?}");
}

#[test]
fn the_log_alone_proves_a_cancel() {
    check(&[], "asked");
    check(&[Sent], "sent");
    check(&[Sent, Log("Running", 7), Log("Ready", 8)], "sent");
    check(&[Sent, Log("Canceled", 9)], "proved at #9");
    check(&[Sent, Log("Completed", 9), Log("Canceled", 10)], "overtaken: Completed at #9");
    check(&[Sent, Log("Failed", 9)], "overtaken: Failed at #9");
}

#[test]
fn evidence_counts_whenever_it_arrives() {
    check(&[Log("Canceled", 9), Sent], "proved at #9");
    check(&[Log("Completed", 9), Sent, Wait(40)], "overtaken: Completed at #9");
    check(&[Sent, Wait(31), Log("Canceled", 9)], "proved at #9");
    check(&[Sent, Wait(31), Sent], "no evidence after 30s");
}

#[test]
fn an_end_is_a_proof_where_the_log_says_no_more() {
    let check = |steps: &[Step], expected| check_proof(CancelProof::End, steps, expected);
    check(&[Sent, Log("Running", 7)], "sent");
    check(&[Sent, Log("Failed", 9)], "proved at #9: ended as Failed");
    check(&[Sent, Log("Completed", 9), Log("Canceled", 10)], "proved at #9: ended as Completed");
    check(&[Sent, Log("Canceled", 9)], "proved at #9");
    check(&[Log("Failed", 9), Sent], "proved at #9: ended as Failed");
    check(&[Sent, Wait(31)], "no evidence after 30s");
    check(&[Sent, Wait(31), Log("Failed", 9)], "proved at #9: ended as Failed");
    check(&[Refused, Log("Failed", 9)], "refused: disk\\x1b full");
}

/// Else the screen waits for what never comes, and calls it a failure.
#[test]
fn what_a_log_does_not_confirm_is_not_waited_for() {
    let check = |steps: &[Step], expected| check_proof(CancelProof::Unconfirmed, steps, expected);
    let sent = "sent, this log does not confirm cancels";
    check(&[], "asked");
    check(&[Sent], sent);
    check(&[Sent, Wait(60)], sent);
    check(&[Sent, Log("Completed", 9)], sent);
    check(&[Log("Failed", 9), Sent], sent);
    check(&[Log("Canceled", 9), Sent], "proved at #9");
    check(&[Refused], "refused: disk\\x1b full");
}

#[test]
fn the_runs_of_one_command_are_counted_as_unconfirmed_together() {
    let now = Instant::now();
    let mut ledger = Ledger::default();
    let runs = [RunId::random(), RunId::random()];
    let id = ledger.ask_together(runs, CancelProof::Unconfirmed, now);
    ledger.sent(id, now);
    let counts = Counts { unconfirmed: 2, ..Counts::default() };
    assert_eq!((ledger.counts(), ledger.counts().open()), (counts, 0));
    assert!(!ledger.has_open() && ledger.next_deadline().is_none());
}

#[test]
fn silence_is_named_after_its_time() {
    check(&[Sent, Wait(29)], "sent");
    check(&[Sent, Wait(30)], "no evidence after 30s");
    check(&[Wait(60)], "asked");
    check(&[Wait(60), Sent, Wait(29)], "sent");
}

#[test]
fn what_the_channel_did_not_take_was_not_ours() {
    check(&[Refused], "refused: disk\\x1b full");
    check(&[Refused, Log("Canceled", 9)], "refused: disk\\x1b full");
    check(&[Log("Canceled", 9), Refused], "refused: disk\\x1b full");
}

#[test]
fn what_became_of_a_command_on_its_way_is_recorded() {
    let (now, path) = (Instant::now(), std::path::PathBuf::from("/q/c"));
    let error = || std::io::Error::from(std::io::ErrorKind::StorageFull);
    let (target, words) = ("http://x".to_owned(), "no answer".to_owned());
    for (result, expected) in [
        (Ok(()), "sent"),
        (Err(SendError::Unanswered { target: target.clone(), words: words.clone() }), "sent"),
        (Err(SendError::Refused { target, words }), "refused: http://x: no answer"),
        (Err(SendError::NotSynced { path: path.clone(), error: error() }), "sent"),
        (Err(SendError::Unended { path: path.clone() }), "sent"),
        (Err(SendError::Removed { path: path.clone() }), "sent"),
        (
            Err(SendError::Write { path, error: error() }),
            "refused: not sent to /q/c: no storage space; make room on its disk, and ask again",
        ),
    ] {
        let mut ledger = Ledger::default();
        let run = RunId::random();
        let id = ledger.ask(run, CancelProof::Canceled, now).unwrap();
        ledger.record(&Outcome { id, kind: CommandKind::Cancel { run }, result }, now);
        assert_eq!(ledger.standing(run).unwrap().to_string(), expected);
    }
}

#[test]
fn a_second_intent_within_five_seconds_is_a_slip() {
    let start = Instant::now();
    let mut ledger = Ledger::default();
    let (run, other) = (RunId::random(), RunId::random());
    let first = ledger.ask(run, CancelProof::Canceled, start).unwrap();
    let soon = start + Duration::from_secs(4);
    let error = ledger.ask(run, CancelProof::Canceled, soon).unwrap_err();
    assert_eq!(error.to_string(), "already asked 4s ago");
    assert!(ledger.ask(other, CancelProof::Canceled, soon).is_ok());
    let second = ledger.ask(run, CancelProof::Canceled, start + SLIP).unwrap();
    assert_ne!(first, second);
    ledger.refused(second, "no");
    assert!(ledger.ask(run, CancelProof::Canceled, start + SLIP).is_ok());
    let asked: Vec<_> = ledger.iter().map(|intent| intent.run).collect();
    assert_eq!(asked, [run, run, other, run]);
}

#[test]
fn every_open_intent_on_a_run_is_settled_at_once() {
    let start = Instant::now();
    let mut ledger = Ledger::default();
    let run = RunId::random();
    for round in 0..3u32 {
        let id = ledger.ask(run, CancelProof::Canceled, start + SLIP * round).unwrap();
        ledger.sent(id, start + SLIP * round);
    }
    assert!(ledger.observe(run, STATES.named("Canceled").unwrap(), 5));
    assert!(!ledger.observe(run, STATES.named("Canceled").unwrap(), 6));
    assert!(ledger.iter().all(|intent| intent.standing
        == Standing::Proved { by: STATES.named("Canceled").unwrap(), at_sequence: 5 }));
    assert_eq!(ledger.next_deadline(), None);
}

#[test]
fn the_history_is_bounded_and_forgets_the_oldest() {
    let now = Instant::now();
    let mut ledger = Ledger::default();
    let runs: Vec<_> = (0..HISTORY + 2).map(|_| RunId::random()).collect();
    for &run in &runs {
        let id = ledger.ask(run, CancelProof::Canceled, now).unwrap();
        ledger.sent(id, now);
    }
    assert_eq!(ledger.iter().count(), HISTORY);
    assert_eq!((ledger.is_watched(runs[1]), ledger.standing(runs[1])), (false, None));
    assert!(ledger.is_watched(runs[2]));
    assert!(ledger.observe(runs[2], STATES.named("Canceled").unwrap(), 1));
    assert!(ledger.tick(now + TIMEOUT));
    assert_eq!(ledger.latest.len(), HISTORY);
    assert_eq!((ledger.open.len(), ledger.due.len()), (HISTORY - 1, 0));
}
