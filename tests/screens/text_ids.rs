//! Ids that are texts: any text comes back as it was, finds its run, and is shown whole and clean.

mod engine;

use std::collections::HashSet;

use engine::{Log, SECOND};
use proptest::prelude::*;
use runwatch::app::{Copy, Step};
use runwatch::model::id::{LONGEST_ID, RunId};
use runwatch::model::text::{clean, width};
use runwatch::projection;
use runwatch::query::{Query, QueryMatcher, complete};
use runwatch::store::{Eviction, RunKey, Store};
use runwatch::view::IdForms;
use serde_json::Value;

use crate::stage::Stage;

/// Runs whose ids are alike, hostile, or look like UUIDs.
const IDS: [&str; 6] = [
    "import-2026-11-30T04:00-orders",
    "import-2026-11-30T04:00-invoices",
    "\u{1b}[2J\u{202e}evil\n",
    "7EF1A3C2-0000-4000-8000-000000000001",
    "7ef1a3c2-0000-4000-8000-000000000001",
    "仕事",
];

fn store() -> Store {
    let mut log = Log::new();
    for (number, id) in IDS.iter().enumerate() {
        let run = log.create(id, &format!("task {number}"));
        if number == 0 {
            log.attempt(run, "import/attempt one");
        }
    }
    log.store
}

fn stage(width: u16) -> Stage {
    Stage::of_store(width, 30, SECOND + 10, store())
}

fn found(store: &Store, query: &str) -> Vec<String> {
    let mut sieve = QueryMatcher::new(&Query::parse(query, store.states()).unwrap());
    sieve.prepare(store);
    let keys = store.keys().filter(|key| sieve.judge(store, *key, SECOND).matches);
    keys.map(|key| store.id_text(store.id_of(key)).into_owned()).collect()
}

#[test]
fn a_board_of_texts_tells_them_apart_and_obeys_none() {
    for width in [40, 80, 120, 200] {
        let text = stage(width).text();
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        for shown in ["仕事", "orders", "voices"] {
            let end: String = shown.chars().skip(shown.chars().count().saturating_sub(2)).collect();
            assert!(text.contains(&end), "{width}: {shown}\n{text}");
        }
    }
}

#[test]
fn the_page_of_a_run_has_its_ids_whole() {
    let mut stage = stage(100).press(&format!("/id:\"{}\"<enter>j<enter>", IDS[0]));
    let text = stage.text();
    assert!(text.contains(IDS[0]) && text.contains("task 0"), "{text}");
}

#[test]
fn a_text_is_found_by_what_is_known_of_it() {
    let store = store();
    for (query, expected) in [
        ("id:import", &IDS[..2]),
        ("id:import…orders", &IDS[..1]),
        ("id:import~orders", &IDS[..1]),
        ("id:import*inv*", &IDS[1..2]),
        ("id=仕事", &IDS[5..]),
        ("id!=仕事", &IDS[..5]),
        ("id~^仕", &IDS[5..]),
        ("id:7EF1", &IDS[3..5]),
        ("invoices", &IDS[1..2]),
        ("id:evil", &[]),
        ("evil", &IDS[2..3]),
        (r#"id:"\\x1b[2J…""#, &IDS[2..3]),
        ("task:\"task 5\"", &IDS[5..]),
    ] {
        assert_eq!(found(&store, query), expected, "{query}");
    }
    let completions = complete("id:imp", 6, &store, &[]);
    let offered: Vec<_> = completions.candidates.iter().map(|candidate| candidate.with.clone()).collect();
    assert!(offered.iter().any(|text| text.contains(IDS[1])), "{offered:?}");
}

#[test]
fn copies_json_and_commands_have_the_text_as_it_is() {
    for id in IDS {
        let mut stage = stage(100);
        let key = stage.app.store().find_run_named(id).unwrap();
        let line: Value = serde_json::from_str(&projection::line(stage.app.store(), key)).unwrap();
        assert_eq!(line["run_id"], id);
        // The regular expression of an id finds it alone.
        let only: String = id.chars().map(|c| format!("\\x{{{:x}}}", u32::from(c))).collect();
        assert_eq!(found(stage.app.store(), &format!("id~\"(?-i:^{only}$)\"")), [id]);
        let _ = stage.type_keys(&format!("/id~\"(?-i:^{only}$)\"<enter>j"));
        stage.text();
        let Step::Copy(Copy { text, what }) = stage.type_keys("y") else {
            panic!("{id:?}: nothing was copied")
        };
        assert_eq!((text.as_str(), what), (id, clean(id).into_owned()));
        let _ = stage.type_keys("c");
        assert!(stage.text().contains(&*clean(id)), "the question has it whole");
        stage.pass(std::time::Duration::from_secs(1));
        let Step::Send(command) = stage.type_keys("y") else { panic!("{id:?}: nothing was sent") };
        assert_eq!(command.object().unwrap(), id);
        let line: Value = serde_json::from_str(&command.to_line()).unwrap();
        assert_eq!(line["run_id"], id);
    }
}

/// Texts that are alike, hostile, or look like UUIDs.
fn texts() -> impl Strategy<Value = HashSet<String>> {
    let text = prop_oneof![
        "\\PC{1,40}",
        "[\\x00-\\x1f\\x7f-\\u{9f}\\u{200b}-\\u{202e}\\u{300}\\u{301}\\u{2066}-\\u{2069}a👩‍👦é]{1,40}",
        "(job-){1,30}[0-9]{1,3}",
        "[0-9a-fA-F]{8}-0000-4000-8000-00000000000[0-9a-f]",
        "ffffff1d-?[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        Just("ffffffff-1d00-0000-0000-000000000000".to_owned()),
        Just("00000000-0000-0000-0000-000000000000".to_owned()),
        (1..=LONGEST_ID).prop_map(|n| "x".repeat(n)),
    ];
    prop::collection::hash_set(
        text.prop_filter("an id", |text| (1..=LONGEST_ID).contains(&text.len())),
        1..40,
    )
}

fn know(store: &Store, texts: &[String]) {
    for text in texts {
        let key = store.find_run_named(text).unwrap();
        assert_eq!(store.id_text(store.id_of(key)), *text);
    }
}

proptest! {
    #[test]
    fn every_text_comes_back_and_is_clean_at_any_width(texts in texts()) {
        let texts: Vec<String> = texts.into_iter().collect();
        let mut log = Log::new();
        let keys: Vec<RunKey> = texts.iter().map(|text| log.create(text, "task")).collect();
        know(&log.store, &texts);
        let ids: Vec<RunId> = keys.iter().map(|key| log.store.id_of(*key)).collect();
        prop_assert_eq!(ids.iter().collect::<HashSet<_>>().len(), texts.len());
        let mut forms = IdForms::default();
        forms.distinguish(log.store.id_texts(), &ids, &[]);
        let shown = forms.of(&log.store);
        for (id, text) in ids.iter().zip(&texts) {
            let (short, whole) = (shown.run(*id), shown.whole(*id));
            prop_assert_eq!(&clean(&short), &short);
            prop_assert!(width(&short) <= shown.run_columns());
            prop_assert_eq!(&whole, &*clean(text));
            prop_assert!(!short.chars().chain(whole.chars()).any(char::is_control));
        }
    }

    #[test]
    fn a_text_is_the_same_at_every_instant_and_after_an_eviction(texts in texts(), at in any::<prop::sample::Index>()) {
        let texts: Vec<String> = texts.into_iter().collect();
        let (before, after) = texts.split_at(at.index(texts.len()));
        let mut log = Log::new();
        before.iter().for_each(|text| { log.create(text, text); });
        log.store.save();
        let ids: Vec<RunId> = after.iter().map(|text| { let key = log.create(text, text); log.store.id_of(key) }).collect();
        know(&log.store, &texts);
        log.store.restore();
        know(&log.store, before);
        for (text, id) in after.iter().zip(&ids) {
            prop_assert!(log.store.find(*id).is_none(), "it is of the future");
            prop_assert_eq!(log.store.id_text(*id), text.as_str());
        }
        log = log.after(before.len() as u64);
        for (text, id) in after.iter().zip(&ids) {
            let key = log.create(text, text);
            prop_assert_eq!(log.store.id_of(key), *id, "folded again");
            log.enter(key, "Fine");
        }
        let named = ids.first().copied();
        let mut eviction = Eviction::begin(&log.store, 0, [], named);
        while !eviction.advance(&log.store, 3) {}
        let _ = eviction.finish(&mut log.store);
        know(&log.store, before);
        for (text, id) in after.iter().zip(&ids) {
            prop_assert!(log.store.find(*id).is_none(), "it ended");
            if Some(*id) == named {
                prop_assert_eq!(log.store.id_text(*id), text.as_str());
            }
            let key = log.create(text, text);
            prop_assert_eq!(log.store.id_of(key), *id, "it comes again");
        }
        know(&log.store, &texts);
    }
}

#[test]
fn what_is_empty_or_too_long_is_no_id() {
    let mut store = Log::new().store;
    for (length, is_id) in [(0, false), (1, true), (LONGEST_ID, true), (LONGEST_ID + 1, false)] {
        assert_eq!(store.id::<RunId>(&"x".repeat(length)).is_some(), is_id, "{length}");
    }
}
