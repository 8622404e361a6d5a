//! A history that evicts runs goes to the same instants as one that does not, and counts the same there.

use std::collections::BTreeMap;

use proptest::prelude::*;
use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::states::RunState;
use runwatch::engine::fold;
use runwatch::history::{Goal, Grain, History, Keep};
use runwatch::model::id::RunId;
use runwatch::source::archive::Archive;
use runwatch::store::{Ended, Retain, Rules, Store};
use serde_json::Value;

use super::{Stage, end_of_line, logs, read};
use crate::common::projected_runs;

/// Evicts every second ended run, at every look: there is never enough memory.
const CROWDED: Retain = Retain { ended: Ended::Fitting, memory: 8 };

fn crowded(bytes: &[u8], block: usize, grain: Grain, keep: Keep) -> (History, Archive) {
    let Stage { archive, .. } = Stage::new(bytes, block, grain, Keep::Nothing);
    let mut history = History::new(Rules::Lenient, keep).with_grain(grain).retaining(CROWDED);
    read(bytes, block, |_, batch| {
        thin(&mut history);
        history.fold(batch);
    });
    thin(&mut history);
    (history, archive)
}

fn thin(history: &mut History) {
    while history.is_thinning() {
        history.thin(&[], []);
    }
}

fn runs(store: &Store) -> BTreeMap<RunId, Value> {
    let all = projected_runs(store);
    let id = |run: &Value| run["run_id"].as_str().unwrap().parse().unwrap();
    all.as_array().unwrap().iter().map(|run| (id(run), run.clone())).collect()
}

/// Compares what is known at an instant with the fold of the lines before it, and whose a line is with what `all` says,
/// which evicts nothing.
fn check(history: &mut History, archive: &Archive, bytes: &[u8], all: &History, position: u64) {
    history.go(Goal::Position(position), archive).unwrap();
    let mut whole = actionqueue::store(Rules::default());
    read(&bytes[..end_of_line(bytes, position)], 1 << 20, |_, batch| fold::batch(&mut whole, batch));
    let store = history.store();
    assert_eq!((history.position(), store.tally()), (position, whole.tally()));
    for state in RunState::ALL {
        assert_eq!(store.count(state), whole.count(state), "{state:?} at {position}");
        let is_all = store.lane(state).len() as u64 == whole.count(state);
        assert!(is_all || state.is_terminal(), "{state:?} at {position}");
    }
    let (kept, whole) = (runs(store), runs(&whole));
    assert!(kept.iter().all(|(id, run)| whole[id] == *run));
    for key in store.keys() {
        for line in history.all_lines_of(key) {
            assert_eq!(history.run_of(line), Some(key), "line {line} at {position}");
            // What is about a task is linked to the first of its runs that is there.
            let said = all.store().run(all.run_of(line).unwrap()).task_id;
            assert_eq!(store.run(key).task_id, said, "line {line} at {position}");
        }
    }
}

/// An instant before an eviction, taken for one after it: an epoch of other keys crossed, the edge said to be
/// everywhere, or a line said to be of the run that has its run's key now.
#[test]
fn every_instant_can_still_be_gone_to_and_the_lines_of_a_run_stay_its_own() {
    let mut n_gone = 0;
    for bytes in logs() {
        let grain = Grain { epoch_lines: 50, stride: 7, ..Grain::default() };
        let (mut history, archive) = crowded(&bytes, 3000, grain, Keep::Lines(u64::MAX));
        n_gone += history.store().n_gone();
        let (edge, oldest) = (history.edge(), history.oldest().max(1));
        // Those that were kept have all their lines still, also from before.
        let whole = Stage::new(&bytes, 3000, grain, Keep::Lines(u64::MAX)).history;
        for key in history.store().keys() {
            let same = whole.store().find(history.store().id_of(key)).unwrap();
            // And what is about a task is linked to the first of its runs that is there.
            let lines: Vec<u64> = history.all_lines_of(key).collect();
            assert!(whole.all_lines_of(same).all(|line| lines.contains(&line)));
        }
        for position in [edge, oldest, oldest - 1, 0, edge / 2, edge - 1, 1, edge] {
            check(&mut history, &archive, &bytes, &whole, position);
        }
    }
    assert!(n_gone > 100, "{n_gone}");
}

proptest! {
    #![proptest_config(crate::common::cases(12))]

    #[test]
    fn any_instant_counts_as_the_fold_of_the_lines_before_it(
        which in any::<prop::sample::Index>(),
        epoch in 5_u64..300,
        block in 600_usize..20_000,
        kept in prop_oneof![Just(u64::MAX), 0_u64..400],
        goals in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
    ) {
        let bytes = logs().swap_remove(which.index(6));
        let grain = Grain { epoch_lines: epoch, stride: 16, ..Grain::default() };
        let (mut history, archive) = crowded(&bytes, block, grain, Keep::Lines(kept));
        let whole = Stage::new(&bytes, block, grain, Keep::Lines(u64::MAX)).history;
        let edge = history.edge();
        for goal in goals {
            check(&mut history, &archive, &bytes, &whole, goal.index(edge as usize + 1) as u64);
        }
        check(&mut history, &archive, &bytes, &whole, edge);
    }
}
