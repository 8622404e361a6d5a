//! The runs that a query finds, kept up piece by piece: the same as if all were judged again.

use std::collections::BTreeSet;

use runwatch::engine::actionqueue::states::STATES;
use runwatch::query::{LiveQuery, Query, QueryMatcher};
use runwatch::store::{Rules, RunKey, Store};

use crate::common::{fold_into, lines_of};

fn all(query: &Query, store: &Store, now: u64) -> BTreeSet<RunKey> {
    let mut sieve = QueryMatcher::new(query);
    sieve.prepare(store);
    store.keys().filter(|run| sieve.judge(store, *run, now).matches).collect()
}

#[test]
fn what_is_kept_up_is_what_would_be_found_again() {
    let log = lines_of("assets/incident.jsonl");
    let lines: Vec<&[u8]> = log.split_inclusive(|byte| *byte == b'\n').collect();
    for text in [
        "",
        "state:Running",
        "ended",
        "attempts>=1",
        "in_state>20s",
        "in_state<5s",
        "in_state>=2500ms",
        "-state:Completed attempts<2",
    ] {
        let query = Query::parse(text, &STATES).unwrap();
        let mut store = runwatch::engine::store(Rules::Lenient);
        store.watch_changes(true);
        let mut found = LiveQuery::new(&query);
        let mut before = BTreeSet::new();
        let (mut n_came, mut n_dues) = (0, 0);
        for piece in lines.chunks(41) {
            fold_into(&mut store, &piece.concat());
            let now = store.latest_at();
            let changed = store.take_changed();
            // Time goes on before the log does.
            n_dues += usize::from(found.next_due().is_some_and(|due| due <= now));
            found.judge_due(&store, now);
            let came = found.judge_changed(&store, changed, now);
            let after = all(&query, &store, now);
            assert_eq!(found.len(), after.len(), "{text} at {now}");
            assert!(came.iter().all(|run| after.contains(run) && !before.contains(run)), "{text} at {now}");
            n_came += came.len();
            before = after;
        }
        let mut fresh = LiveQuery::new(&query);
        fresh.judge_all(&store, store.latest_at());
        assert_eq!(fresh.len(), found.len());
        assert!(n_came > 0 || query.uses_time(), "{text}");
        assert_eq!(n_dues > 0, query.uses_time(), "{text}");
    }
}
