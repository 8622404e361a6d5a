//! Cost of a query for a run: a million generated runs, judged one after another in one thread.
#![allow(missing_docs, reason = "a program, not a library")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use runwatch::args::Gen;
use runwatch::commands::sample;
use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::event::Vocabulary;
use runwatch::engine::actionqueue::states::STATES;
use runwatch::engine::batch::Decoder;
use runwatch::engine::fold;
use runwatch::query::{Query, QueryMatcher};
use runwatch::source::line::Raw;
use runwatch::source::lines::{Limits, Lines};
use runwatch::source::splitter::Splitter as _;
use runwatch::store::{Rules, Store};

const RUNS: u64 = 1_000_000;
const EVENTS: u64 = 6_000_000;

const QUERIES: [&str; 12] = [
    "state:running",
    "state:failed attempts>=3",
    "in_state>10m",
    "owner:worker-7",
    "task:\"nightly etl\" -tag:test",
    "error~timeout|refused",
    "id:7ef1",
    "refund",
    "7ef1",
    "priority>5 or created>-10m",
    "-(state:live or error:*)",
    "stuck",
];

fn store() -> Store {
    let mut text = Vec::new();
    let plan =
        Gen { events: EVENTS, runs: Some(RUNS), vocabulary: Vocabulary::Aq01, seed: 1, scattered: false };
    sample::write(&plan, &mut text).expect("memory takes everything");
    let (mut lines, mut decoder, mut store) = (
        Lines::new(runwatch::engine::RECORDS, Limits::default(), 0),
        Decoder::default(),
        actionqueue::store(Rules::Lenient),
    );
    let mut rest = &text[..];
    while !rest.is_empty() {
        let space = lines.space();
        let n = space.len().min(rest.len());
        space[..n].copy_from_slice(&rest[..n]);
        lines.commit(n);
        rest = &rest[n..];
        if (lines.is_full() || rest.is_empty())
            && let Some(block) = lines.take(store.tally().lines + 1)
        {
            debug_assert!(block.lines().all(|line| matches!(line.text, Raw::Whole(_))));
            fold::batch(&mut store, &decoder.decode(block));
        }
    }
    assert_eq!(store.tally().applied, EVENTS, "the log is a legal one");
    store
}

fn queries(criterion: &mut Criterion) {
    let store = store();
    let now = store.latest_at();
    let mut group = criterion.benchmark_group("judge");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(3))
        .throughput(Throughput::Elements(store.len() as u64));
    for text in QUERIES {
        let query = Query::parse(text, &STATES).expect("it is a query");
        // The first time through, texts are judged; from then on they are known.
        for (pass, is_known) in [("first", false), ("again", true)] {
            let mut sieve = QueryMatcher::new(&query);
            group.bench_with_input(BenchmarkId::new(text, pass), &is_known, |bencher, is_known| {
                bencher.iter(|| {
                    if !is_known {
                        sieve = QueryMatcher::new(&query);
                    }
                    sieve.prepare(&store);
                    store.keys().filter(|key| black_box(sieve.judge(&store, *key, now)).matches).count()
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, queries);
criterion_main!(benches);
