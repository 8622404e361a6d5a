//! Holds any text of a query to its rules: it is a query or an error with its place; and what is found holds
//! for as long as is promised.

use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::states::STATES;
use runwatch::engine::fold;
use runwatch::query::{Query, QueryMatcher, complete};
use runwatch::store::Store;

use super::sketch;

thread_local! {
    /// A small log with runs in most states.
    static STORE: Store = {
        let mut store = actionqueue::store(runwatch::store::Rules::default());
        let recorded = include_bytes!("../../tests/logs/official-phases.jsonl");
        sketch::batches(recorded, 1 << 16).iter().for_each(|batch| fold::batch(&mut store, batch));
        store
    };
}

/// The first byte is the place of the caret, the second its delay, the rest the typed text.
pub fn check(bytes: &[u8]) {
    let [caret, late, typed @ ..] = bytes else { return };
    let typed = String::from_utf8_lossy(typed);
    STORE.with(|store| {
        let named = |name: &str| match name {
            "a" => Some("state:running or @b".to_owned()),
            "b" => Some("-attempts>1".to_owned()),
            // Leads back to itself.
            "c" => Some("@c".to_owned()),
            _ => None,
        };
        let _ = complete(&typed, usize::from(*caret), store, &["a".to_owned(), "b".to_owned()]);
        match Query::parse_with(&typed, &STATES, &named) {
            Ok(query) => {
                let again = Query::parse_with(query.text(), &STATES, &named).map(|it| format!("{it:?}"));
                assert_eq!(again, Ok(format!("{query:?}")), "read twice");
                check_judgment(&query, store, store.latest_at().saturating_add(1 << (late % 40)));
            }
            Err(error) => {
                assert!(typed.get(error.at.clone()).is_some(), "{:?} is no part of {typed:?}", error.at);
                assert!(!error.what.is_empty());
            }
        }
    });
}

fn check_judgment(query: &Query, store: &Store, now: u64) {
    let mut sieve = QueryMatcher::new(query);
    sieve.prepare(store);
    for key in store.keys() {
        let verdict = sieve.judge(store, key, now);
        let Some(until) = verdict.until else { continue };
        assert!(until > now && query.uses_time(), "{query:?}");
        let mut later = QueryMatcher::new(query);
        later.prepare(store);
        assert_eq!(later.judge(store, key, until - 1).matches, verdict.matches, "{query:?} before {until}");
    }
}
