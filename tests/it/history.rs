//! Any instant of a log, gone to from any other, is the fold of the lines before it: to the last order of a lane.

mod dag;
mod formats;
mod thin;

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use runwatch::engine::actionqueue;
use runwatch::engine::batch::{Batch, Decoder};
use runwatch::engine::fold;
use runwatch::history::{Goal, Grain, History, Keep};
use runwatch::source::archive::Archive;
use runwatch::source::lines::{Limits, Lines};
use runwatch::source::splitter::Splitter as _;
use runwatch::store::Rules;
use serde_json::Value;

use crate::common::damage::{any_damage, any_wear, damaged, worn};
use crate::common::{blocks, lines_of};

/// A log in a file, read by blocks of about `block` bytes, and its history.
struct Stage {
    bytes: Vec<u8>,
    history: History,
    archive: Archive,
    digests: HashMap<u64, u64>,
}

impl Stage {
    fn new(bytes: &[u8], block: usize, grain: Grain, keep: Keep) -> Self {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let mut archive = Archive::new(runwatch::engine::options().framing);
        archive.keep(0, &Arc::new(file));
        let history = History::new(Rules::Lenient, keep).with_grain(grain);
        let mut stage = Self { bytes: bytes.to_vec(), history, archive, digests: HashMap::new() };
        read(&stage.bytes, block, |_, batch| stage.history.fold(batch));
        stage
    }

    /// The digest of a store that has folded the first `n` lines and nothing else.
    fn expected(&mut self, n: u64) -> u64 {
        let bytes = &self.bytes;
        *self.digests.entry(n).or_insert_with(|| {
            let end = end_of_line(bytes, n);
            let mut store = actionqueue::store(Rules::default());
            read(&bytes[..end], 1 << 20, |_, batch| fold::batch(&mut store, batch));
            assert_eq!(store.tally().lines, n);
            store.digest()
        })
    }

    fn check(&mut self, position: u64) {
        self.history.go(Goal::Position(position), &self.archive).unwrap();
        assert_eq!(self.history.position(), position);
        assert_eq!(self.history.store().tally().lines, position);
        let expected = self.expected(position);
        assert_eq!(self.history.store().digest(), expected, "at {position} of {}", self.history.edge());
    }
}

/// Hands out the whole lines of `bytes`, decoded, by blocks of about `block` bytes.
fn read(bytes: &[u8], block: usize, mut each: impl FnMut(u64, &Batch)) {
    let (mut decoder, mut given) = (Decoder::default(), 0);
    blocks(bytes, block, |block| {
        let batch = decoder.decode(block);
        each(given, &batch);
        given += batch.block().len_lines() as u64;
    });
}

/// Where line `n` ends.
fn end_of_line(bytes: &[u8], n: u64) -> usize {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(ends).nth(n as usize).unwrap()
}

/// Logs of both vocabularies.
fn logs() -> Vec<Vec<u8>> {
    [
        "tests/logs/official-phases.jsonl",
        "tests/logs/panic-heartbeats.jsonl",
        "tests/logs/live-small-mid.jsonl",
        "tests/logs/v030-small.jsonl.gz",
        "tests/logs/v030-crash-recovery.jsonl",
        "tests/logs/v030-daemon-http.jsonl",
    ]
    .map(lines_of)
    .into()
}

fn values(bytes: &[u8]) -> Vec<Value> {
    bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

fn joined(values: &[Value]) -> Vec<u8> {
    values.iter().flat_map(|value| format!("{value}\n").into_bytes()).collect()
}

#[test]
fn trouble_and_the_lines_of_a_run_are_known_in_what_is_folded_again_too() {
    let bytes = lines_of("tests/logs/live-small-mid.jsonl");
    let grain = Grain { epoch_lines: 16, stride: 4, ..Grain::default() };
    let all = Stage::new(&bytes, 9000, grain, Keep::Lines(u64::MAX)).history;
    let mut stage = Stage::new(&bytes, 9000, grain, Keep::Lines(100));
    let edge = all.edge();
    assert!(all.oldest() == 0 && stage.history.oldest() > 0 && all.trouble_after(0).is_some());
    // Just before what is kept: then all of the rest has been folded again.
    stage.check(stage.history.oldest() - 1);
    for line in 0..=edge {
        assert_eq!(stage.history.trouble_after(line), all.trouble_after(line));
        assert_eq!(stage.history.trouble_before(line), all.trouble_before(line));
        assert_eq!(stage.history.run_of(line), all.run_of(line));
        assert_eq!(stage.history.place(line), all.place(line));
    }
    for key in all.store().keys() {
        let known: Vec<u64> = stage.history.all_lines_of(key).collect();
        assert_eq!(known, all.all_lines_of(key).collect::<Vec<_>>());
    }
}

/// Each generation's lines, and its own file.
fn two_generations(logs: [&[u8]; 2], grain: Grain) -> (History, Archive) {
    let (mut history, mut archive) = (
        History::new(Rules::Lenient, Keep::Lines(u64::MAX)).with_grain(grain),
        Archive::new(runwatch::engine::options().framing),
    );
    let mut decoder = Decoder::default();
    for (generation, bytes) in (0..).zip(logs) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        archive.keep(generation, &Arc::new(file));
        let mut lines = Lines::new(runwatch::engine::RECORDS, Limits::default(), generation);
        lines.space()[..bytes.len()].copy_from_slice(bytes);
        lines.commit(bytes.len());
        let block = lines.take(history.edge() + 1).unwrap();
        history.fold(&decoder.decode(block));
    }
    (history, archive)
}

#[test]
fn a_generation_in_another_vocabulary_is_read_again_in_its_own() {
    let old = lines_of("tests/logs/official-phases.jsonl");
    let mut new = values(&lines_of("tests/logs/v030-crash-recovery.jsonl"));
    for line in &mut new {
        line["sequence"] = (line["sequence"].as_u64().unwrap() + 100_000).into();
    }
    // What is no event at its beginning shows nothing yet.
    let new = [b"no event\n".to_vec(), joined(&new)].concat();
    let grain = Grain { epoch_lines: 8, stride: 3, ..Grain::default() };
    let (mut history, archive) = two_generations([&old, &new], grain);
    let edge = history.edge();
    let mut digests = vec![history.store().digest()];
    for position in (0..edge).rev() {
        history.go(Goal::Position(position), &archive).unwrap();
        digests.push(history.store().digest());
    }
    for position in 0..=edge {
        // Each instant is the end of a log that was folded as far and no farther.
        let n_old = n_lines(&old).min(position);
        let cut = [&old[..end_of_line(&old, n_old)], &new[..end_of_line(&new, position - n_old)]];
        let fresh = if cut[1].is_empty() {
            let mut store = actionqueue::store(Rules::default());
            read(cut[0], 1 << 20, |_, batch| fold::batch(&mut store, batch));
            store.digest()
        } else {
            two_generations(cut, grain).0.store().digest()
        };
        assert_eq!(digests[(edge - position) as usize], fresh, "at {position} of {edge}");
    }
}

fn n_lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

proptest! {
    #![proptest_config(crate::common::cases(48))]

    #[test]
    fn any_instant_is_the_fold_of_the_lines_before_it(
        which in any::<prop::sample::Index>(),
        damage in prop::collection::vec(any_damage(), 0..12),
        renumbered in any::<bool>(),
        wear in prop::collection::vec(any_wear(), 0..4),
        epoch in 1_u64..200,
        stride in 1_u64..40,
        block in 600_usize..20_000,
        kept in prop_oneof![Just(u64::MAX), 0_u64..400],
        goals in prop::collection::vec(any::<prop::sample::Index>(), 1..12),
    ) {
        let bytes = logs().swap_remove(which.index(6));
        let bytes = joined(&damaged(values(&bytes), &damage, renumbered));
        let bytes = worn(bytes, &wear);
        let grain = Grain { epoch_lines: epoch, stride, ..Grain::default() };
        let mut stage = Stage::new(&bytes, block, grain, Keep::Lines(kept));
        let edge = stage.history.edge();
        for goal in goals {
            stage.check(goal.index(edge as usize + 1) as u64);
        }
        stage.check(edge);
    }

    #[test]
    fn steps_back_and_as_many_forward_change_nothing(
        which in any::<prop::sample::Index>(),
        epoch in 1_u64..60,
        stride in 1_u64..20,
        start in any::<prop::sample::Index>(),
        steps in 1_u64..120,
    ) {
        let bytes = logs().swap_remove(which.index(6));
        let grain = Grain { epoch_lines: epoch, stride, ..Grain::default() };
        let mut stage = Stage::new(&bytes, 9000, grain, Keep::Lines(u64::MAX));
        let start = start.index(stage.history.edge() as usize + 1) as u64;
        stage.check(start);
        let end = start.saturating_sub(steps);
        for position in (end..start).rev() {
            stage.history.go(Goal::Position(position), &stage.archive).unwrap();
        }
        stage.check(end);
        for position in end + 1..=start {
            stage.history.go(Goal::Position(position), &stage.archive).unwrap();
        }
        stage.check(start);
    }
}
