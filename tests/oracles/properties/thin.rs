//! A store that evicts ended runs counts them as if it had not, and knows the others as well as before.

use std::collections::BTreeMap;

use proptest::prelude::*;
use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::states::RunState;
use runwatch::model::id::RunId;
use runwatch::model::position::{Parts, Position};
use runwatch::store::{Eviction, Rules, RunKey, Store};
use serde_json::Value;

use super::{Seen, cases, seen};
use crate::common::{RECORDINGS, lines_of, projected_runs};

/// Evicts all but `n_ended` ended runs, in steps of `step` runs.
fn thin(store: &mut Store, n_ended: usize, step: usize, pinned: &[RunId]) {
    let pinned: Vec<RunKey> = pinned.iter().filter_map(|run| store.find(*run)).collect();
    let ids: Vec<RunId> = store.keys().map(|key| store.id_of(key)).collect();
    let before: BTreeMap<RunId, Value> = runs(store);
    let mut eviction = Eviction::begin(store, n_ended, pinned.iter().copied(), []);
    while !eviction.advance(store, step) {}
    let (was, renumbering) = eviction.finish(store);
    // Every key leads to the run that it led to, or that run has ended and is gone.
    for (key, id) in was.keys().zip(&ids) {
        match renumbering.now(key) {
            Some(now) => assert_eq!(store.id_of(now), *id),
            None => assert!(was.state_of(key).is_terminal() && !pinned.contains(&key)),
        }
        assert_eq!(renumbering.now(key), store.find(*id));
    }
    let ended: Vec<RunKey> = was.keys().filter(|key| was.state_of(*key).is_terminal()).collect();
    let kept = ended.iter().filter(|key| renumbering.now(**key).is_some() && !pinned.contains(key));
    // Ties are kept together: of an event that ends several runs, all or none.
    let mut at: Vec<u64> = ended.iter().map(|key| was.run(*key).last.sequence).collect();
    at.sort_unstable();
    let cut = at.len().checked_sub(n_ended.max(1)).map_or(0, |first| at[first]);
    assert!(kept.clone().count() <= n_ended, "as many are kept as were asked for, or fewer");
    assert!(kept.clone().all(|key| n_ended > 0 && was.run(*key).last.sequence >= cut), "the latest are kept");
    for (id, run) in runs(store) {
        assert_eq!(run, before[&id]);
    }
}

fn runs(store: &Store) -> BTreeMap<RunId, Value> {
    let all = projected_runs(store);
    let id = |run: &Value| run["run_id"].as_str().unwrap().parse().unwrap();
    all.as_array().unwrap().iter().map(|run| (id(run), run.clone())).collect()
}

fn fold_thinning(bytes: &[u8], every: usize, n_ended: usize, step: usize) -> Store {
    let mut store = actionqueue::store(Rules::Lenient);
    let mut offset = 0;
    for (number, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let place =
            Position::new(Parts { line: number as u64 + 1, offset, len: text.len() as u32, generation: 0 });
        actionqueue::fold::line(&mut store, place, text);
        offset += line.len() as u64;
        if (number + 1) % every == 0 {
            let pinned = store.lane(RunState::Completed).oldest().map(|key| store.id_of(key));
            thin(&mut store, n_ended, step, pinned.as_slice());
        }
    }
    store
}

/// As much of a log as does not take long.
fn first_lines(bytes: &[u8], n: usize) -> Vec<u8> {
    bytes.split_inclusive(|byte| *byte == b'\n').take(n).flatten().copied().collect()
}

/// Checks what must not depend on which runs are kept, and what must hold for those that are.
fn check(thin: &Store, whole: &Store) {
    for state in RunState::ALL {
        assert_eq!(thin.count(state), whole.count(state), "{state:?}");
        let is_kept = |key: &RunKey| thin.find(whole.id_of(*key)).is_some();
        let expected: Vec<RunId> =
            whole.lane(state).latest(0).filter(is_kept).map(|key| whole.id_of(key)).collect();
        let found: Vec<RunId> = thin.lane(state).latest(0).map(|key| thin.id_of(key)).collect();
        assert_eq!(found, expected, "{state:?}");
        assert!(state.is_terminal() || found.len() as u64 == whole.count(state), "{state:?}");
    }
    assert_eq!((thin.n_runs(), whole.n_gone()), (whole.n_runs(), 0));
    let all = runs(whole);
    runs(thin).into_iter().for_each(|(id, run)| assert_eq!(run, all[&id]));
    let Seen {
        tally,
        attempts,
        near_cap,
        rungs,
        minute,
        problems,
        problems_by_kind,
        kinds,
        order,
        engine,
        n_tasks,
        ..
    } = seen(thin);
    let whole = seen(whole);
    assert_eq!((tally, attempts, rungs), (whole.tally, whole.attempts, whole.rungs));
    assert_eq!((near_cap, minute, problems), (whole.near_cap, whole.minute, whole.problems));
    assert_eq!((problems_by_kind, kinds, order), (whole.problems_by_kind, whole.kinds, whole.order));
    assert_eq!((engine, n_tasks), (whole.engine, whole.n_tasks));
}

/// A count that forgets a run, a rule that misses a task or a wait, a lane out of order: each changes what this compares.
#[test]
fn every_recording_is_counted_alike_however_few_of_its_ended_runs_are_kept() {
    let mut n_gone = 0;
    for (log, _) in RECORDINGS {
        let bytes = first_lines(&lines_of(log), 12_000);
        let n_lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        let whole = crate::common::fold(&bytes, Rules::Lenient);
        for (parts, n_ended, step) in [(40, 0, 7), (9, 3, 1000), (3, 40, 64)] {
            let thin = fold_thinning(&bytes, n_lines.div_ceil(parts).max(1), n_ended, step);
            n_gone += thin.n_gone();
            check(&thin, &whole);
        }
    }
    assert!(n_gone > 1000, "{n_gone}");
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn a_recording_is_counted_alike_whenever_its_ended_runs_are_evicted(
        which in 0..RECORDINGS.len(), every in 5_usize..400, n_ended in 0_usize..30, step in 1_usize..300,
    ) {
        let bytes = first_lines(&lines_of(RECORDINGS[which].0), 1500);
        let whole = crate::common::fold(&bytes, Rules::Lenient);
        check(&fold_thinning(&bytes, every, n_ended, step), &whole);
    }
}
