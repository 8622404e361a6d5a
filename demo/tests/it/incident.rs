//! An outage fails what calls the service while it is down, and nothing else; and its operator's cancels are obeyed.

use std::collections::BTreeSet;
use std::time::Duration;

use demo::incident::Outage;
use serde_json::Value;

use crate::running::{Log, Running};

/// Long enough for a third call, which is the one that suspends.
const FROM: u64 = 1;
const TO: u64 = 9;

/// The log's clock knows whole seconds, and a loaded machine starts late what is due.
const SLACK: u64 = 2;

fn dispositions(log: &Log) -> impl Iterator<Item = &Value> {
    log.of_kind("AttemptDispositionCommitted").map(|body| &body["record"])
}

fn failures(log: &Log) -> impl Iterator<Item = (&Value, &Value)> {
    dispositions(log).filter_map(|record| {
        let error = record["disposition"]["outcome"].get("RetryableFailure")?;
        Some((record, &error["error"]["message"]))
    })
}

/// The instants at which attempts began, of those that `is_meant`, in the log's order.
fn starts(log: &Log, is_meant: impl Fn(&Value) -> bool) -> Vec<u64> {
    let records = log.of_kind("AcceptedAttemptStarted").map(|body| &body["record"]);
    records.filter(|it| is_meant(&it["attempt_id"])).map(|it| it["timestamp"].as_u64().unwrap()).collect()
}

#[test]
fn calls_fail_during_an_outage_only_and_the_operator_cancels_what_waits() {
    let outage = Outage { from: Duration::from_secs(FROM), to: Duration::from_secs(TO) };
    let mut demo = Running::start_with(20.0, Some(outage));
    let start = demo.wait_for("attempt", |log| starts(log, |_| true).first().copied());
    demo.wait_for("attempt after the outage", |log| {
        starts(log, |_| true).into_iter().find(|at| *at > start + TO + SLACK)
    });

    let failed: BTreeSet<_> = failures(&demo.log).map(|(it, _)| it["attempt_id"].to_string()).collect();
    // Half of the work needs the payments; how much of it there is, is up to the machine.
    let of_outage = start + FROM + SLACK..start + TO - SLACK;
    let n_tried = starts(&demo.log, |_| true).into_iter().filter(|at| of_outage.contains(at)).count();
    let starts = starts(&demo.log, |attempt| failed.contains(&attempt.to_string()));
    assert!(failed.len() * 4 > n_tried && n_tried > 0, "{} attempts failed of {n_tried}", failed.len());
    let (first, last) = (starts[0], starts[starts.len() - 1]);
    assert!((start + FROM - 1..=start + FROM + SLACK).contains(&first), "it begins {first}, from {start}");
    assert!((start + TO - SLACK..=start + TO + SLACK).contains(&last), "it ends {last}, from {start}");
    for (_, error) in failures(&demo.log) {
        assert!(error.as_str().unwrap().starts_with("payments: "), "{error}");
    }

    let runs: BTreeSet<_> = failures(&demo.log).map(|(it, _)| it["run_id"].to_string()).collect();
    demo.wait_for("ten runs that failed and succeed", |log| {
        let completed = dispositions(log).filter(|it| it["target_state"] == "Completed");
        completed.filter(|it| runs.contains(&it["run_id"].to_string())).nth(9).map(drop)
    });
    let exhausted: Vec<_> = dispositions(&demo.log).filter(|it| it["target_state"] == "Suspended").collect();
    assert!(!exhausted.is_empty(), "failures use up budgets");
    assert!(exhausted.iter().all(|it| runs.contains(&it["run_id"].to_string())), "and nothing else does");

    let canceled: Vec<_> =
        demo.log.of_kind("RunCancellationCommitted").map(|body| body["record"].clone()).collect();
    for record in &canceled {
        assert_eq!(record["control"]["caller"], "oncall@demo", "the log says who asked");
        assert!(runs.contains(&record["run"].to_string()), "it had failed, and waited");
    }
    let (_, tally) = demo.stop();
    assert!(!canceled.is_empty());
    assert_eq!((tally.canceled, tally.refused, tally.ignored), (canceled.len() as u64, 0, 0));
}
