//! Folding: a whole recording from its bytes to the store, and where the time goes.
//!
//! Each row does what the one before does and one thing more: lines, events, runs.
#![allow(missing_docs, reason = "criterion makes functions without documentation")]

#[path = "support/logs.rs"]
mod logs;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use logs::log;
use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::decode::decode;
use runwatch::engine::actionqueue::event::Vocabulary;
use runwatch::engine::batch::Decoder;
use runwatch::engine::fold;
use runwatch::source::block::Block;
use runwatch::source::line::Raw;
use runwatch::source::lines::{Limits, Lines};
use runwatch::source::splitter::Splitter as _;
use runwatch::store::Rules;

/// Splits a log as the reader does, and hands out its blocks.
fn split(mut bytes: &[u8], mut sink: impl FnMut(Block)) {
    let mut lines = Lines::new(runwatch::engine::RECORDS, Limits::default(), 0);
    let mut number = 1;
    let mut give = |lines: &mut Lines| {
        if let Some(block) = lines.take(number) {
            number += block.len_lines() as u64;
            sink(block);
        }
    };
    while !bytes.is_empty() {
        let space = lines.space();
        let n = space.len().min(bytes.len());
        space[..n].copy_from_slice(&bytes[..n]);
        lines.commit(n);
        bytes = &bytes[n..];
        if lines.is_full() {
            give(&mut lines);
        }
    }
    give(&mut lines);
}

fn decoded(block: &Block, vocabulary: Vocabulary) -> usize {
    let texts = block.lines().filter_map(|line| match line.text {
        Raw::Whole(text) => Some(text),
        Raw::Damaged(_) | Raw::OverLong { .. } => None,
    });
    texts.filter(|text| decode(text, vocabulary).is_ok()).count()
}

fn recordings(criterion: &mut Criterion) {
    for (name, file, vocabulary) in [
        ("live-medium", "live-medium.jsonl.gz", Vocabulary::Aq01),
        ("v030-small", "v030-small.jsonl.gz", Vocabulary::Aq02),
    ] {
        let text = log(file);
        let bytes = text.as_bytes();
        let mut group = criterion.benchmark_group(format!("fold {name}"));
        group.sample_size(10);
        group.throughput(Throughput::Elements(text.lines().count() as u64));
        group.bench_function("1 lines", |bencher| {
            bencher.iter(|| {
                let mut n_lines = 0;
                split(black_box(bytes), |block| n_lines += block.lines().count());
                n_lines
            });
        });
        group.bench_function("2 events", |bencher| {
            bencher.iter(|| {
                let mut n_events = 0;
                split(black_box(bytes), |block| n_events += decoded(&block, vocabulary));
                n_events
            });
        });
        group.bench_function("3 runs", |bencher| {
            bencher.iter(|| {
                let mut store = actionqueue::store(Rules::Lenient);
                let mut decoder = Decoder::default();
                split(black_box(bytes), |block| fold::batch(&mut store, &decoder.decode(block)));
                store
            });
        });
        group.finish();
    }
}

criterion_group!(benches, recordings);
criterion_main!(benches);
