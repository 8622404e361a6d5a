//! Decoding: what one line costs, by its kind, and what a real mix of them costs a byte.
//!
//! The mix is measured against the least that any reader of JSON has to do, in the same run: figures of one machine
//! say little about another, but their ratio does.
#![allow(missing_docs, reason = "criterion makes functions without documentation")]

#[path = "support/logs.rs"]
mod logs;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use logs::log;
use runwatch::engine::actionqueue::decode::{Decoded, decode};
use runwatch::engine::actionqueue::event::Vocabulary;
use runwatch::engine::actionqueue::wal::{FrameAt, WalForm, frame_at, write_json};
use serde::de::IgnoredAny;

/// A real line of each kind, the first of its kind.
fn each_kind(criterion: &mut Criterion) {
    for (name, file, vocabulary) in [
        ("decode 0.1", "samples-0.1.2.jsonl", Vocabulary::Aq01),
        ("decode 0.2+", "samples-0.3.0.jsonl", Vocabulary::Aq02),
    ] {
        let text = log(file);
        let mut lines = BTreeMap::new();
        for line in text.lines() {
            if let Ok(Decoded::Event(event)) = decode(line.as_bytes(), vocabulary) {
                lines.entry(event.kind.name()).or_insert(line);
            }
        }
        let mut group = criterion.benchmark_group(name);
        // There are many kinds, and a line takes no time.
        group.warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(400));
        for (kind, line) in lines {
            group.throughput(Throughput::Bytes(line.len() as u64));
            group.bench_function(kind, |bencher| {
                bencher.iter(|| decode(black_box(line.as_bytes()), vocabulary).is_ok());
            });
        }
        group.finish();
    }
}

/// A whole recording, line by line.
fn mixed(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode mixed");
    group.sample_size(10);
    for (name, file, vocabulary) in
        [("0.1", "live-medium.jsonl.gz", Vocabulary::Aq01), ("0.2+", "v030-small.jsonl.gz", Vocabulary::Aq02)]
    {
        let text = log(file);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                text.lines().filter(|line| decode(black_box(line.as_bytes()), vocabulary).is_ok()).count()
            });
        });
        // The least: every byte is looked at, and nothing is kept.
        group.bench_function(format!("{name}, JSON passed over"), |bencher| {
            bencher.iter(|| {
                text.lines()
                    .filter(|line| serde_json::from_str::<IgnoredAny>(black_box(line)).is_ok())
                    .count()
            });
        });
    }
    group.finish();
}

/// Frames of a whole write-ahead log to lines, and the same by the engine's own codec and `serde`.
fn wal_to_json(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("wal_to_json");
    group.sample_size(10);
    macro_rules! of_engine {
        ($name:literal, $storage:ident, $form:expr, $file:literal) => {
            let event = |line: &str| serde_json::from_str(line).ok();
            let all: Vec<$storage::wal::event::WalEvent> = log($file).lines().filter_map(event).collect();
            let kind = |event: &$storage::wal::event::WalEvent| {
                matches!(event.event(), $storage::wal::event::WalEventType::RunStateChanged { .. })
            };
            let changes = all.iter().filter(|event| kind(event)).cloned().collect();
            for (name, events) in [($name, all), (concat!($name, " RunStateChanged"), changes)] {
                let frames: Vec<Vec<u8>> =
                    events.iter().filter_map(|event| $storage::wal::codec::encode(event).ok()).collect();
                group.throughput(Throughput::Elements(frames.len() as u64));
                let mut line = Vec::new();
                group.bench_function(name, |bencher| {
                    bencher.iter(|| {
                        frames.iter().filter(|frame| to_json($form, black_box(frame), &mut line)).count()
                    });
                });
                group.bench_function(format!("{name}, the engine's own"), |bencher| {
                    bencher.iter(|| {
                        let mut n = 0;
                        for frame in &frames {
                            line.clear();
                            let event = $storage::wal::codec::decode(black_box(frame));
                            n += usize::from(
                                event.is_ok_and(|event| serde_json::to_writer(&mut line, &event).is_ok()),
                            );
                        }
                        n
                    });
                });
            }
        };
    }
    of_engine!("0.1", storage01, WalForm::V01, "live-medium.jsonl.gz");
    of_engine!("0.2+", storage03, WalForm::V03, "v030-small.jsonl.gz");
    group.finish();
}

fn to_json(form: WalForm, frame: &[u8], line: &mut Vec<u8>) -> bool {
    line.clear();
    matches!(frame_at(form, frame), FrameAt::Whole { len } if write_json(form, &frame[..len], line).is_ok())
}

criterion_group!(benches, each_kind, mixed, wal_to_json);
criterion_main!(benches);
