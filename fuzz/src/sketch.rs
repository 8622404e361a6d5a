//! Logs from bytes: lines of the recorded samples, about few runs, in any order, with any states, some of them torn.
//!
//! Bytes that must first become JSON, and then a UUID, reach a reducer once in a lifetime; these reach it at once.

use std::fmt::Write as _;

use runwatch::engine::actionqueue::states::RunState;
use runwatch::engine::batch::{Batch, Decoder};
use runwatch::source::lines::{Limits, Lines};
use runwatch::source::splitter::Splitter as _;

/// A line of each kind of event, of both vocabularies.
const SAMPLES: [&str; 2] = [
    include_str!("../../tests/logs/samples-0.1.2.jsonl"),
    include_str!("../../tests/logs/samples-0.3.0.jsonl"),
];

/// Number of runs, tasks and attempts that are spoken of: few enough to meet again.
const IDS: u8 = 5;

/// A log: the first byte chooses the vocabulary; then four bytes are a line: which kind, of which run, from and to which
/// state, and how much its sequence is ahead.
#[must_use]
pub fn log(bytes: &[u8]) -> Vec<u8> {
    let Some((first, rest)) = bytes.split_first() else { return Vec::new() };
    let samples: Vec<&str> = SAMPLES[usize::from(first & 1)].lines().collect();
    let mut log = Vec::new();
    let mut sequence = 0_u64;
    for step in rest.chunks_exact(4).take(400) {
        let &[kind, run, states, ahead] = step else { break };
        // A sequence that repeats or goes back is a rare thing, as in life.
        sequence = match ahead {
            0..=7 => sequence.saturating_sub(u64::from(ahead)),
            8..=15 => sequence.saturating_add(u64::from(ahead)),
            255 => u64::MAX - 3,
            _ => sequence.saturating_add(1),
        };
        let line = rewritten(samples[usize::from(kind) % samples.len()], sequence, run, states);
        let whole = match ahead {
            16..=18 => &line.as_bytes()[..line.len() * usize::from(run) / 256],
            _ => line.as_bytes(),
        };
        log.extend(whole);
        log.extend(if ahead == 19 { &b"\r\n"[..] } else { b"\n" });
    }
    log
}

/// A sample about other runs: every id becomes one of few, every state another.
fn rewritten(sample: &str, sequence: u64, run: u8, states: u8) -> String {
    let mut line = String::with_capacity(sample.len());
    let (mut rest, mut n_states) = (sample, 0);
    while let Some(at) = rest.find('"') {
        line.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        let word = &rest[..rest.find('"').unwrap_or(rest.len())];
        if word.len() == 36 && word.as_bytes()[8] == b'-' {
            // Ids that were alike stay alike, within a line and between lines of one run.
            let _ = write!(line, "{}{:x}", &word[..35], run % IDS);
        } else if let Some(state) = RunState::ALL.iter().find(|state| state.name() == word) {
            let turn = [states & 15, states >> 4][n_states & 1];
            let other = RunState::ALL.get(usize::from(turn)).unwrap_or(state);
            n_states += 1;
            line.push_str(other.name());
        } else {
            line.push_str(word);
        }
        rest = &rest[word.len()..];
        if let Some(behind) = rest.strip_prefix('"') {
            line.push('"');
            rest = behind;
        }
    }
    line.push_str(rest);
    let end = line.find(",\"event\"").unwrap_or(line.len());
    let begin = line[..end].rfind(':').map_or(0, |at| at + 1);
    line.replace_range(begin..end, &sequence.to_string());
    line
}

/// Decodes every whole line, by blocks of about `block` bytes.
#[must_use]
pub fn batches(mut bytes: &[u8], block: usize) -> Vec<Batch> {
    let mut lines = Lines::new(runwatch::engine::RECORDS, Limits { block, ..Limits::default() }, 0);
    let (mut decoder, mut number, mut batches) = (Decoder::default(), 1, Vec::new());
    while !bytes.is_empty() {
        let space = lines.space();
        let n = space.len().min(bytes.len());
        space[..n].copy_from_slice(&bytes[..n]);
        lines.commit(n);
        bytes = &bytes[n..];
        if let Some(block) = lines.take(number) {
            number += block.len_lines() as u64;
            batches.push(decoder.decode(block));
        }
    }
    batches
}
