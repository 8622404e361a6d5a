//! Why runs wait, and which of them are stuck: every cause and every rule just before and just after its time, and the
//! recorded logs of real engines, in which hardly a run is.

mod recorded;
mod stage;

use proptest::prelude::*;
use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::states::RunState;
use runwatch::engine::actionqueue::waiting::{
    GRACE_SECS, MAX_RETRY_DELAY_SECS, MIN_LEASE_GRACE_SECS, MIN_PASSED_SECS,
};
use runwatch::engine::cause::Cause;
use runwatch::store::{Rules, RunKey, Store};
use serde_json::json;
use stage::{LEASE, NOON, Queue, judge, run, say};

use crate::common::{fold, fold_into, lines_of};

/// Rows of a queue, a run and instants with what is then said.
fn check(queue: &Queue, number: u64, rows: &[(u64, &str)]) {
    for (at, expected) in rows {
        assert_eq!(queue.say(number, *at), *expected, "run {number}, {at}s after noon");
        let store = queue.store();
        check_until(&store, store.find(run(number).parse().unwrap()).unwrap(), NOON + at);
    }
}

fn queue() -> Queue {
    Queue::default()
}

#[test]
fn a_scheduled_run_waits_for_its_time_and_is_stuck_when_the_engine_lets_it_pass() {
    let scheduled = queue().task(1, &json!({})).scheduled(1, 0, 100);
    check(
        &scheduled,
        1,
        &[
            (0, "due in 1m40s"),
            (99, "due in 1s"),
            (100, "was due 0s ago"),
            (100 + GRACE_SECS - 1, "was due 1m04s ago"),
            (100 + GRACE_SECS, "STUCK was due 1m05s ago"),
            (7300, "STUCK was due 2h00m ago"),
        ],
    );
    // What is paused is late with nothing, and has its grace again when it goes on.
    let paused = scheduled.engine("EnginePaused", 50);
    check(&paused, 1, &[(99, "due in 1s"), (100, "engine paused"), (1000, "engine paused")]);
    let resumed = paused.engine("EngineResumed", 1000);
    check(
        &resumed,
        1,
        &[(1000 + GRACE_SECS - 1, "was due 16m04s ago"), (1000 + GRACE_SECS, "STUCK was due 16m05s ago")],
    );
}

#[test]
fn a_run_waits_for_the_tasks_before_it_and_is_stuck_when_one_will_never_succeed() {
    let before = queue().ready(1, 0).ready(2, 0).task(3, &json!({})).scheduled(3, 0, 0).depends(3, &[1, 2]);
    check(&before, 3, &[(5, "after job 1"), (5000, "after job 1")]);
    let half = before.done(1, 5);
    check(&half, 3, &[(5, "after job 2"), (5000, "after job 2")]);
    check(&half.clone().done(2, 6), 3, &[(6, "was due 6s ago")]);
    let failed = half.clone().start(2, 6).finish(2, 6, "Failed", 10);
    check(&failed, 3, &[(14, "after job 2 (failed)"), (15, "STUCK after job 2 (failed)")]);
    let canceled = half.change(2, "Ready", "Canceled", 10);
    check(&canceled, 3, &[(14, "after job 2 (failed)"), (15, "STUCK after job 2 (failed)")]);
    // In 0.1 a run that is ready has passed that gate, and later declarations do not count.
    check(&queue().ready(1, 0).ready(3, 0).depends(3, &[1]), 3, &[(5, "waits for a worker")]);
    // A task that the log does not have is not known to have failed.
    let unknown = queue().task(3, &json!({})).scheduled(3, 0, 0).depends(3, &[9]);
    check(&unknown, 3, &[(5000, "after task 00000009")]);
}

#[test]
fn a_lease_is_waited_for_and_its_run_is_stuck_when_it_has_lapsed_for_as_long_again() {
    let leased = queue().ready(1, 0).leased(1, 10);
    let rows: &[(u64, &str)] = &[
        (10, "leased to worker-7, 30s left"),
        (39, "leased to worker-7, 1s left"),
        (40, "lease of worker-7 lapsed 0s ago"),
        (40 + LEASE - 1, "lease of worker-7 lapsed 29s ago"),
        (40 + LEASE, "STUCK lease of worker-7 lapsed 30s ago"),
        (400, "STUCK lease of worker-7 lapsed 6m00s ago"),
    ];
    check(&leased, 1, rows);
    // The same for one that runs, but that nothing is said as long as its lease is extended.
    let running = queue().ready(1, 0).start(1, 10);
    check(&running, 1, &[(10, ""), (39, "")]);
    check(&running, 1, &rows[2..]);
    let beating = running.lease(1, "LeaseHeartbeat", 30);
    check(
        &beating,
        1,
        &[(59, ""), (60, "lease of worker-7 lapsed 0s ago"), (89, "lease of worker-7 lapsed 29s ago")],
    );
    check(&beating, 1, &[(90, "STUCK lease of worker-7 lapsed 30s ago")]);
    let taken_back = leased.add(&json!({"LeaseExpired": {
        "run_id": run(1), "owner": "worker-7", "expiry": NOON + 40, "timestamp": NOON + 41}}));
    check(&taken_back, 1, &[(400, "waits for a worker")]);
    let no_lease = queue().ready(1, 0).change(1, "Ready", "Leased", 10);
    check(
        &no_lease,
        1,
        &[
            (10 + GRACE_SECS - 1, "leased, no lease in the log"),
            (10 + GRACE_SECS, "STUCK leased, no lease in the log"),
        ],
    );
}

#[test]
fn the_grace_of_a_lease_is_its_length_within_bounds() {
    for (length, grace) in [(1, MIN_LEASE_GRACE_SECS), (3, MIN_LEASE_GRACE_SECS), (30, 30), (300, GRACE_SECS)]
    {
        let queue = queue().ready(1, 0).change(1, "Ready", "Leased", 0).add(&json!({"LeaseAcquired": {
            "run_id": run(1), "owner": "w", "expiry": NOON + length, "timestamp": NOON}}));
        let store = queue.store();
        let is_stuck = |at| judge(&store, store.keys().next().unwrap(), at).unwrap().is_stuck;
        assert!(!is_stuck(NOON + length + grace - 1), "{length}");
        assert!(is_stuck(NOON + length + grace), "{length}");
    }
}

#[test]
fn an_attempt_that_outlives_its_limit_is_late_and_then_stuck() {
    let start = queue()
        .task(1, &json!({"timeout_secs": 20}))
        .scheduled(1, 0, 0)
        .change(1, "Scheduled", "Ready", 0)
        .start(1, 10);
    let beating =
        start.lease(1, "LeaseHeartbeat", 30).lease(1, "LeaseHeartbeat", 60).lease(1, "LeaseHeartbeat", 90);
    check(
        &beating,
        1,
        &[
            (34, ""),
            (35, "over its time limit for 5s"),
            (30 + GRACE_SECS - 1, "over its time limit for 1m04s"),
            (30 + GRACE_SECS, "STUCK over its time limit for 1m05s"),
        ],
    );
}

#[test]
fn a_retry_is_due_when_others_were_and_else_it_is_not_known_when() {
    let failed =
        |number, at: u64| queue().ready(number, 0).start(number, at).finish(number, at, "RetryWait", at);
    check(
        &failed(1, 10),
        1,
        &[
            (11, "retry, due time not in the log"),
            (10 + MAX_RETRY_DELAY_SECS + GRACE_SECS - 1, "retry, due time not in the log"),
            (10 + MAX_RETRY_DELAY_SECS + GRACE_SECS, "STUCK retry, due time not in the log"),
        ],
    );
    // Another waited 8 seconds after its first failure.
    let other = |queue: Queue| {
        queue.ready(2, 0).start(2, 1).finish(2, 1, "RetryWait", 1).change(2, "RetryWait", "Ready", 9)
    };
    let rows: &[(u64, &str)] = &[
        (11, "retry due in 7s"),
        (17, "retry due in 1s"),
        (18, "retry was due 0s ago"),
        (18 + GRACE_SECS - 1, "retry was due 1m04s ago"),
        (18 + GRACE_SECS, "STUCK retry was due 1m05s ago"),
    ];
    check(&other(failed(1, 10)), 1, rows);
    check(&other(failed(1, 10)).start(2, 9), 1, rows);
    check(&other(failed(1, 10)).done(2, 9), 1, rows);
    // The shortest wait counts: the others were late.
    let third = other(failed(1, 10)).ready(3, 0).start(3, 1).finish(3, 1, "RetryWait", 1);
    check(&third.change(3, "RetryWait", "Ready", 21), 1, rows);
    // After a second failure delays may be longer, so what was waited after a first one says nothing.
    let again =
        other(failed(1, 10)).change(1, "RetryWait", "Ready", 18).start(1, 18).finish(1, 18, "RetryWait", 19);
    check(&again, 1, &[(20, "retry, due time not in the log")]);
    // What was waited after a second one says that after a first one it is not longer.
    let second =
        other(failed(1, 10)).start(2, 9).finish(2, 9, "RetryWait", 9).change(2, "RetryWait", "Ready", 14);
    check(&second, 1, &[(14, "retry due in 1s"), (15, "retry was due 0s ago")]);
    let paused = other(failed(1, 10)).engine("EnginePaused", 12);
    check(&paused, 1, &[(17, "retry due in 1s"), (18, "engine paused"), (9000, "engine paused")]);
}

#[test]
fn a_ready_run_waits_for_a_worker_unless_something_else_keeps_it() {
    let ready = queue().ready(1, 0);
    check(&ready, 1, &[(0, "waits for a worker"), (86_400, "waits for a worker")]);
    check(&ready.clone().engine("EnginePaused", 5), 1, &[(5, "engine paused")]);
    check(&ready.clone().budget(1, 100, 120), 1, &[(5, "Token used up, 120/100")]);
    check(&ready.budget(1, 100, 99), 1, &[(5, "waits for a worker")]);
}

/// Runs 1 and 2 of one key, of which 1 is ready since noon and 2 may do something.
fn keyed(hold: &str) -> Queue {
    let key = json!({"concurrency_key": "tenant-7", "concurrency_key_hold_policy": hold});
    let both = queue().task(1, &key).task(2, &key).scheduled(1, 0, 0).scheduled(2, 0, 0);
    both.change(1, "Scheduled", "Ready", 0).change(2, "Scheduled", "Ready", 0)
}

#[test]
fn a_key_is_held_from_the_lease_to_the_end_or_to_the_next_attempt() {
    let held = "key tenant-7 held by 00000002";
    let free = "waits for a worker";
    for (hold, between) in [("HoldDuringRetry", held), ("ReleaseOnRetry", free)] {
        let queue = keyed(hold);
        check(&queue, 1, &[(1, free)]);
        check(&queue.clone().leased(2, 1), 1, &[(1, held)]);
        let running = queue.start(2, 1);
        check(&running, 1, &[(2, held)]);
        check(&running, 2, &[(2, "")]);
        for state in ["RetryWait", "Suspended"] {
            let between_attempts = running.clone().finish(2, 1, state, 2);
            check(&between_attempts, 1, &[(3, between)]);
            let ready = between_attempts.change(2, state, "Ready", 4);
            check(&ready, 1, &[(5, between)]);
            check(&ready, 2, &[(5, free)]);
        }
        for state in ["Completed", "Failed"] {
            check(&running.clone().finish(2, 1, state, 2), 1, &[(3, free)]);
        }
    }
}

#[test]
fn a_ready_run_is_stuck_when_one_whose_turn_comes_later_went_first() {
    let base = || queue().ready(5, 0);
    let passed = "STUCK passed over for 00000006";
    let free = "waits for a worker";
    check(
        &base().ready(6, MIN_PASSED_SECS).done(6, MIN_PASSED_SECS + 1),
        5,
        &[(MIN_PASSED_SECS + 1, passed), (MIN_PASSED_SECS + 500, passed)],
    );
    check(
        &base().ready(6, MIN_PASSED_SECS).start(6, MIN_PASSED_SECS + 1),
        5,
        &[(MIN_PASSED_SECS + 1, passed)],
    );
    check(
        &base().ready(6, MIN_PASSED_SECS - 1).done(6, MIN_PASSED_SECS + 1),
        5,
        &[(MIN_PASSED_SECS + 500, free)],
    );
    check(&base().ready(6, MIN_PASSED_SECS), 5, &[(MIN_PASSED_SECS + 500, free)]);
    // One that was created earlier has its turn before, whenever it becomes ready.
    let earlier = queue().task(4, &json!({})).scheduled(4, 0, 20).ready(5, 0).ready(6, 0);
    check(&earlier.change(4, "Scheduled", "Ready", 20).done(4, 21), 5, &[(500, free)]);
    // That one went as well says nothing of the others.
    let both = queue().task(4, &json!({})).scheduled(4, 0, 20).ready(5, 1).ready(6, 11).done(6, 12);
    check(&both.change(4, "Scheduled", "Ready", 20).done(4, 21), 5, &[(500, passed)]);
    // Of one second, the smaller id comes first.
    let same = |number| queue().task(number, &json!({})).scheduled(number, 0, 0).ready(5, 0);
    let late = |number| {
        same(number).change(number, "Scheduled", "Ready", MIN_PASSED_SECS).done(number, MIN_PASSED_SECS)
    };
    check(&late(6), 5, &[(MIN_PASSED_SECS, passed)]);
    check(&late(4), 5, &[(MIN_PASSED_SECS, free)]);
}

#[test]
fn a_run_that_was_passed_for_a_reason_is_not_stuck() {
    let free = "waits for a worker";
    let pass = |queue: Queue| queue.ready(6, MIN_PASSED_SECS).done(6, MIN_PASSED_SECS + 1);
    check(&pass(queue().ready(5, 0)).engine("EnginePaused", 40), 5, &[(50, "engine paused")]);
    // Whether the budget was there when the other went first is not kept.
    check(&pass(queue().ready(5, 0).budget(5, 100, 1)), 5, &[(50, free)]);
    // The key was held while the other went first.
    let held = pass(keyed("ReleaseOnRetry").start(2, 0));
    check(&held, 1, &[(50, "key tenant-7 held by 00000002")]);
    let given_up = held.finish(2, 0, "Completed", 30);
    check(&given_up, 1, &[(50, free)]);
    // It was free then.
    check(&pass(keyed("ReleaseOnRetry").done(2, 0)), 1, &[(50, "STUCK passed over for 00000006")]);
    // Since when a lease is over 0.1 does not say.
    let back = queue().ready(5, 0).leased(5, 0).lease(5, "LeaseHeartbeat", 2).add(&json!({"LeaseExpired": {
        "run_id": run(5), "owner": "worker-7", "expiry": NOON + 2 + LEASE, "timestamp": NOON + 40}}));
    check(&pass(back), 5, &[(50, free)]);
}

#[test]
fn whether_a_key_was_free_is_not_guessed_where_too_much_happened_since() {
    let key = |policy| json!({"concurrency_key": "tenant-7", "concurrency_key_hold_policy": policy});
    // The runs that come between have their turns before run 1.
    let others = |mut queue: Queue, numbers: std::ops::Range<u64>, to: &str, at: u64| {
        for number in numbers {
            let ready = queue.task(number, &json!({})).scheduled(number, 0, 0).change(
                number,
                "Scheduled",
                "Ready",
                at,
            );
            queue = ready.start(number, at).finish(number, at, to, at);
        }
        queue
    };
    let two = |policy| {
        let queue = queue().task(1, &key(policy)).task(2, &key(policy)).scheduled(1, 5, 5).scheduled(2, 5, 5);
        queue.change(1, "Scheduled", "Ready", 5).change(2, "Scheduled", "Ready", 5).start(2, 5)
    };
    // Run 6 went first while 2 had the key. Then 2 ended, and dozens after it.
    let held = two("ReleaseOnRetry").ready(6, 15).start(6, 16).finish(2, 5, "Completed", 30);
    check(&held, 1, &[(31, "waits for a worker")]);
    check(&others(held, 100..140, "Completed", 40), 1, &[(41, "waits for a worker")]);
    // Who is free to have it is not known among hundreds.
    let waits = others(two("HoldDuringRetry").finish(2, 5, "RetryWait", 6), 100..400, "RetryWait", 7);
    check(&waits.ready(600, 20).done(600, 21), 1, &[(22, "waits for a worker")]);
}

#[test]
fn in_later_versions_delays_go_by_failures() {
    // The first run that failed twice, when none had been tried a third time.
    let all = lines_of("tests/logs/v030-small.jsonl.gz");
    let mut store = actionqueue::store(Rules::default());
    for line in all.split_inclusive(|byte| *byte == b'\n') {
        fold_into(&mut store, line);
        let now = store.latest_at();
        let failures = |run: RunKey| store.failure_count(run);
        let failed = |n| store.lane(RunState::RetryWait).latest(0).find(|run| failures(*run) == n);
        if let Some(twice) = failed(2) {
            assert_eq!(judge(&store, twice, now).unwrap().cause, Cause::Retry { due: None });
            let once = failed(1).unwrap();
            let due = Some(store.changed_at(once) + 2);
            assert_eq!(judge(&store, once, now).unwrap().cause, Cause::Retry { due });
            return;
        }
    }
    panic!("no run failed twice");
}

#[test]
fn a_suspended_run_says_why_and_is_not_stuck() {
    let suspend = |queue: Queue| queue.ready(1, 0).start(1, 0).finish(1, 0, "Suspended", 1);
    check(&suspend(queue()), 1, &[(86_400, "to be resumed")]);
    check(&suspend(queue()).budget(1, 100, 120), 1, &[(86_400, "Token used up, 120/100")]);
    let reason = queue().ready(1, 0).start(1, 0).add(&json!({"AttemptFinished": {
        "run_id": run(1), "attempt_id": "00000003-0000-4000-8000-000000000001", "result": "Suspended",
        "error": null, "output": null, "timestamp": NOON}}));
    let reason = reason
        .add(&json!({"RunSuspended": {"run_id": run(1), "reason": "asks for approval", "timestamp": NOON}}));
    check(&reason, 1, &[(86_400, "asks for approval")]);
}

#[test]
fn in_a_log_without_time_nothing_is_judged_by_time() {
    // Most events say their sequence for an instant, as those of an operator do.
    let mut queue = queue().ready(1, 0).start(1, 10).task(2, &json!({})).scheduled(2, 0, 0).ready(3, 0);
    for number in 10..40 {
        queue = queue.add(&json!({"BudgetAllocated": {
            "task_id": stage::task(9), "dimension": "Token", "limit": 1, "timestamp": number}}));
    }
    let store = queue.store();
    assert!(store.is_timeless());
    for (number, expected) in [(1, ""), (2, "its time is not known"), (3, "waits for a worker")] {
        assert_eq!(say(&store, &run(number), NOON + 100_000), expected);
    }
}

#[test]
fn a_page_tells_the_same_in_a_sentence() {
    let two = || queue().ready(2, 0).start(2, 0);
    let late = json!({"timeout_secs": 20});
    let late = || queue().task(1, &late).scheduled(1, 0, 0).change(1, "Scheduled", "Ready", 0).start(1, 0);
    let failed = || queue().ready(1, 0).start(1, 0).finish(1, 0, "RetryWait", 10);
    let other =
        || failed().ready(2, 0).start(2, 0).finish(2, 0, "RetryWait", 0).change(2, "RetryWait", "Ready", 8);
    let after = || two().task(1, &json!({})).scheduled(1, 0, 0).depends(1, &[2]);
    for (queue, at, expected) in [
        (
            queue().task(1, &json!({})).scheduled(1, 0, 90),
            30,
            "waits for its time, which is 12:01:30, in 1m00s",
        ),
        (
            queue().task(1, &json!({})).scheduled(1, 0, 90),
            93,
            "waits its time was 12:01:30, 3s ago, and it is not ready",
        ),
        (queue().ready(1, 0).leased(1, 0), 3, "waits for worker-7 to start it; its lease lapses at 12:00:30"),
        (
            queue().ready(1, 0).start(1, 0),
            33,
            "late the lease of worker-7 lapsed 3s ago, at 12:00:30, and the run was not taken back",
        ),
        (
            queue().ready(1, 0).change(1, "Ready", "Leased", 0),
            3,
            "waits it is leased, and the log has no lease on it",
        ),
        (late(), 26, "late its attempt should have ended 6s ago, at 12:00:20"),
        (failed(), 11, "waits to be tried again; when is not in the log"),
        (
            other(),
            11,
            "waits to be tried again, by 12:00:18 if it waits as others did, in 7s; when is not in the log",
        ),
        (
            other(),
            400,
            "STUCK to be tried again, by 12:00:18 if it waited as others did, 6m22s ago; when is not in the log",
        ),
        (queue().ready(1, 0).engine("EnginePaused", 1), 3, "waits for the engine to be resumed"),
        (
            queue().ready(1, 0).budget(1, 100, 120),
            3,
            "waits for its budget: Token is used up, 120 of 100 consumed",
        ),
        (after(), 3, "waits for task 00000002 job 2 to succeed"),
        (
            after().finish(2, 0, "Failed", 1),
            9,
            "STUCK for task 00000002 job 2 to succeed, which it never will (failed)",
        ),
        (
            keyed("ReleaseOnRetry").start(2, 1),
            3,
            "waits for the key tenant-7, which run 00000002 has (Running)",
        ),
        (queue().ready(2, 0).ready(1, 0), 3, "waits for a worker; 1 run became ready before it"),
        (
            queue().ready(1, 0).ready(6, 12).start(6, 13),
            14,
            "STUCK for a worker; run 00000006 became ready later, and was taken first, at 12:00:13",
        ),
    ] {
        assert_eq!(stage::tell(&queue.store(), 1, at), expected);
    }
}

/// Checks that the answer about a run stays what it is until it says that it may change, as long as the log
/// is silent.
fn check_until(store: &Store, run: RunKey, now: u64) {
    let Some(first) = judge(store, run, now) else { return };
    let until = first.until.unwrap_or(now + 1_000_000);
    assert!(now < until, "{first:?} at {now}");
    let between = [now + 1, now + 2, now + (until - now) / 2, until - 1];
    for at in between.into_iter().filter(|at| *at < until) {
        let then = judge(store, run, at).unwrap();
        assert_eq!((then.cause, then.is_stuck), (first.cause, first.is_stuck), "at {now} and {at}");
    }
}

proptest! {
    #![proptest_config(crate::common::cases(48))]
    #[test]
    fn an_answer_holds_until_it_says(
        path in prop::sample::select(vec![
            "tests/logs/official-phases.jsonl", "tests/logs/live-small.jsonl.gz",
            "tests/logs/v030-small.jsonl.gz", "tests/logs/panic-heartbeats.jsonl",
        ]),
        part in 0.0..1.0_f64,
        after in prop_oneof![0_u64..120, 0_u64..8000],
    ) {
        let lines = lines_of(path);
        let lines: Vec<&[u8]> = lines.split_inclusive(|byte| *byte == b'\n').collect();
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
        let n_read = (part * lines.len() as f64) as usize;
        let store = fold(&lines[..n_read].concat(), Rules::default());
        for run in store.keys() {
            check_until(&store, run, store.latest_at() + after);
        }
    }
}
