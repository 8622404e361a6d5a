//! The recorded logs of real engines: hardly a run of them is stuck, and those that a stopped engine left behind are.

use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::states::RunState;
use runwatch::engine::actionqueue::waiting::GRACE_SECS;
use runwatch::engine::cause::Cause;
use runwatch::engine::waiting::Scene;
use runwatch::store::{Rules, RunKey, Store};
use runwatch::view::Ids;

use super::check_until;
use super::stage::{self, judge, say};
use crate::common::{self, RECORDINGS, fold, fold_into, lines_of};

/// The runs that are stuck at the log's own latest instant, and `after` seconds later, with what is said of them.
fn stuck(store: &Store, after: u64) -> Vec<String> {
    let now = store.latest_at() + after;
    let scene = Scene::of(store);
    let is_stuck = |run: &RunKey| scene.why(store, *run, now).is_some_and(|waiting| waiting.is_stuck);
    let said = |run: RunKey| {
        let id = store.id_of(run);
        format!(
            "{} {} {}",
            Ids::default().run(id),
            store.standing(run).0.name(),
            say(store, &id.to_string(), now)
        )
    };
    store.keys().filter(is_stuck).map(said).collect()
}

/// Every hundredth of a log, and its end.
fn instants(log: &[u8], mut at: impl FnMut(&Store, usize)) {
    let lines: Vec<&[u8]> = log.split_inclusive(|byte| *byte == b'\n').collect();
    let mut store = actionqueue::store(Rules::default());
    let mut n_read = 0;
    for piece in lines.chunks(lines.len().div_ceil(100)) {
        fold_into(&mut store, &piece.concat());
        n_read += piece.len();
        at(&store, n_read);
    }
}

/// Logs of engines at work, beside the recordings.
const AT_WORK: &[&str] = &["assets/orders.jsonl", "assets/incident.jsonl"];
/// The log of an engine that was stopped hard, whose runs then stay as they are.
const STOPPED: &str = "tests/logs/official-phases.jsonl";

#[test]
fn while_an_engine_works_no_run_is_stuck() {
    let recordings = RECORDINGS.iter().map(|(path, _)| *path).filter(|path| *path != STOPPED);
    for path in recordings.chain(AT_WORK.iter().copied()) {
        instants(&lines_of(path), |store, n_read| {
            assert_eq!(stuck(store, 0), [""; 0], "{path}, line {n_read}");
        });
    }
}

#[test]
fn the_runs_that_a_stopped_engine_left_behind_are_found_and_no_others() {
    // Line 153 is the first after the stop. An operator then takes one back, and cancels another.
    const LEFT: [&str; 3] = ["4c564ce6", "76fbb6ed", "7aae2e82"];
    instants(&lines_of(STOPPED), |store, n_read| {
        let found: Vec<String> = stuck(store, 0).into_iter().map(|said| said[..8].to_owned()).collect();
        let expected = match n_read {
            ..153 => &[] as &[&str],
            153..164 => &LEFT,
            _ => &LEFT[1..],
        };
        assert_eq!(found, expected, "line {n_read}");
        if n_read == 186 {
            let expected = [
                "76fbb6ed Running STUCK lease of runtime lapsed 1m05s ago",
                "7aae2e82 Running STUCK its lease was taken back",
            ];
            assert_eq!(stuck(store, 0), expected);
        }
    });
}

#[test]
fn a_run_whose_handler_panicked_is_found_when_its_lease_is_not_extended() {
    // While the engine does that, its log is that of a run at work.
    let store = fold(&lines_of("tests/logs/panic-heartbeats.jsonl"), Rules::default());
    for (after, expected) in
        [(0, ""), (2, ""), (7, ""), (8, "928f0dc6 Running STUCK lease of runtime lapsed 5s ago")]
    {
        assert_eq!(stuck(&store, after).join(" "), expected, "{after}s after the end");
    }
}

/// A recorded run of 0.3 that begins to await, from a line on, with what it awaits put in another's place.
fn awaiting(from: usize, target: &str, deadline: &str) -> Store {
    let all = common::read_text("tests/logs/v030-daemon-http.jsonl");
    let lines: Vec<&str> = all.split_inclusive('\n').take(34).skip(from - 1).collect();
    let (before, rest) =
        lines.concat().rsplit_once(r#""target":"#).map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let (recorded, rest) = rest.split_once(r#","deadline":null"#).unwrap();
    let target = if target.is_empty() { recorded } else { target };
    let store = fold(
        format!(r#"{before}"target":{target},"deadline":{deadline}{rest}"#).as_bytes(),
        Rules::default(),
    );
    assert_eq!(store.tally().rejected + store.tally().unreadable, 0, "{:?}", store.problems().kept());
    store
}

const AWAITING: &str = "22107493-2ab2-4566-907a-d6adbbf62671";

#[test]
fn what_awaits_is_stuck_when_its_deadline_has_passed_and_nothing_came_of_it() {
    let at = 1_795_196_100;
    let deadline = format!(r#"{{"at":{at},"policy":"CancelRun"}}"#);
    let store = awaiting(1, "", &deadline);
    for (now, expected) in [
        (at - 12, "within 12s: signal demo/approved order-1"),
        (at, "deadline 0s ago: signal demo/approved order-1"),
        (at + GRACE_SECS - 1, "deadline 1m04s ago: signal demo/approved order-1"),
        (at + GRACE_SECS, "STUCK deadline 1m05s ago: signal demo/approved order-1"),
    ] {
        assert_eq!(say(&store, AWAITING, now), expected);
        check_until(&store, store.find(AWAITING.parse().unwrap()).unwrap(), now);
    }
    let for_ever = awaiting(1, "", "null");
    assert_eq!(say(&for_ever, AWAITING, at + 86_400), "signal demo/approved order-1");
}

#[test]
fn what_awaits_children_says_how_many() {
    let child = |number| format!(r#""{}""#, stage::task(number));
    let children = |policy, n: u64| {
        let ids: Vec<String> = (1..=n).map(child).collect();
        let target = format!(r#"{{"Children":{{"task_ids":[{}],"policy":"{policy}"}}}}"#, ids.join(","));
        // Joined late, so that the children need not be there.
        say(&awaiting(30, &target, "null"), AWAITING, 1_795_196_100)
    };
    assert_eq!(children("AllTerminal", 1), "a child task");
    assert_eq!(children("AllTerminal", 3), "3 child tasks");
    assert_eq!(children("AllSucceededOrAnyFailed", 3), "3 child tasks, or one that fails");
}

#[test]
fn in_later_versions_the_store_knows_who_has_a_key() {
    let mut n_kept = 0;
    instants(&lines_of("tests/logs/v030-small.jsonl.gz"), |store, _| {
        for run in store.lane(RunState::Ready).latest(0) {
            let cause = judge(store, run, store.latest_at()).unwrap().cause;
            let name = store.spec(run).and_then(|spec| spec.concurrency_key);
            let owner = name.and_then(|name| actionqueue::key_owner(store, name));
            match cause {
                Cause::Key { name: said, holder } => {
                    assert_eq!((Some(said), Some(holder)), (name, owner));
                    n_kept += 1;
                }
                _ => assert!(owner.is_none_or(|owner| owner == run), "{cause:?}"),
            }
        }
    });
    assert!(n_kept > 0);
}
