//! Holds any log in any order to the rules of the fold: nothing is lost from the sums, every lane holds its
//! runs, lines one by one are lines in blocks, and any instant of the history is the fold of the lines before
//! it.

use std::io::Write as _;
use std::sync::Arc;

use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::states::RunState;
use runwatch::engine::fold;
use runwatch::history::{Goal, Grain, History, Keep};
use runwatch::model::position::{Parts, Position};
use runwatch::source::archive::Archive;
use runwatch::store::{Rules, Store};

use super::sketch;

/// The first byte is an instant to go back to, the second how large blocks are, the rest a [`sketch::log`].
pub fn check(bytes: &[u8]) {
    let [instant, block, bytes @ ..] = bytes else { return };
    let log = sketch::log(bytes);
    let block = 1 + usize::from(*block) * 64;
    for rules in [Rules::Lenient, Rules::Strict] {
        let mut store = actionqueue::store(rules);
        sketch::batches(&log, block).iter().for_each(|batch| fold::batch(&mut store, batch));
        check_sums(&store);
        let single = one_by_one(&log, rules, u64::MAX);
        assert_eq!(store.digest(), single.digest(), "{rules:?}: blocks against lines");
        assert_eq!(store.tally(), single.tally(), "{rules:?}");
    }
    check_history(&log, block, *instant);
}

fn one_by_one(log: &[u8], rules: Rules, most: u64) -> Store {
    let mut store = actionqueue::store(rules);
    let mut offset = 0;
    for line in log.split_inclusive(|byte| *byte == b'\n').take(usize::try_from(most).unwrap_or(usize::MAX)) {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let place = Position::new(Parts { line: store.tally().lines + 1, offset, len, generation: 0 });
        actionqueue::fold::line(&mut store, place, text);
        offset += line.len() as u64;
    }
    store
}

fn check_sums(store: &Store) {
    let tally = store.tally();
    assert_eq!(tally.lines, tally.applied + tally.rejected + tally.unreadable + tally.ignored);
    assert!(store.problems().total() >= tally.rejected + tally.unreadable, "each of them is told");
    assert_eq!(RunState::ALL.iter().map(|state| store.lane(*state).len()).sum::<usize>(), store.len());
    for state in RunState::ALL {
        for (place, key) in store.lane(state).latest(0).enumerate() {
            assert_eq!(store.run(key).state, state);
            assert_eq!(store.place_in_lane(key), place);
        }
    }
}

fn check_history(log: &[u8], block: usize, instant: u8) {
    let Ok(mut file) = tempfile::tempfile() else { return };
    if file.write_all(log).is_err() {
        return;
    }
    let mut archive = Archive::new(runwatch::engine::options().framing);
    archive.keep(0, &Arc::new(file));
    let grain = Grain { epoch_lines: 16, epoch_bytes: 1 << 20, stride: 4 };
    let mut history = History::new(Rules::Lenient, Keep::Lines(u64::MAX)).with_grain(grain);
    sketch::batches(log, block).iter().for_each(|batch| history.fold(batch));
    let (edge, end) = (history.edge(), history.store().digest());
    let back = edge * u64::from(instant) / 255;
    history.go(Goal::Position(back), &archive).expect("the file is there");
    assert_eq!(
        history.store().digest(),
        one_by_one(log, Rules::Lenient, back).digest(),
        "at {back} of {edge}"
    );
    history.go(Goal::Position(edge), &archive).expect("the file is there");
    assert_eq!(history.store().digest(), end, "back at {edge}");
}
