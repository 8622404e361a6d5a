//! The one pass over a document against `serde_json`: any document, any damage of it, and lines of real engines.

use std::collections::BTreeSet;
use std::fs;

use proptest::prelude::*;
use runwatch::engine::mapped::scan::{JsonPointer, MAX_STEPS};
use serde_json::Value;

use super::corpus::fuzz::mapped_scan::{check_lines, check_scan};
use crate::common::{file, lines_of};

/// Lines of engines that tables describe.
const LOGS: &str = "tests/logs/formats";

/// Keys that meet each other, so that some are doubled, and some are at a pointer.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ab01]",
        "a/b|c~d|00|\\+1||attempt_number_[1-3]|prefix[.]of[.]a[.]long[.]key[.][1-3]|größe|a\"b|\\\\|\n",
        ".{0,3}"
    ]
}

/// A text as JSON, with more escapes than there have to be.
fn string(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (text, prop::collection::vec(0..6_u8, 8)).prop_map(|(text, ways)| {
        let escaped: String = text
            .chars()
            .zip(ways.iter().cycle())
            .map(|(c, way)| match c {
                _ if *way == 0 => {
                    c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
                }
                '"' | '\\' => format!("\\{c}"),
                '/' if *way == 1 => "\\/".to_owned(),
                c if c < ' ' => format!("\\u{:04X}", u32::from(c)),
                c => c.to_string(),
            })
            .collect();
        format!("\"{escaped}\"")
    })
}

fn document() -> impl Strategy<Value = String> {
    let gap = || "[ \t\r\n]{0,2}|";
    let scalar = prop_oneof![
        "null|true|false|0|-0|7|[1-9][0-9]{0,25}|1e999|-1E-999|[1-9]{301}|0[.][0-9]{310}",
        "-?(0|[1-9][0-9]{0,3})([.][0-9]{1,4})?([eE][+-]?[0-9]{1,3})?",
        string(key()),
        string(".{0,40}".boxed()),
    ];
    let value = scalar.prop_recursive(6, 48, 6, move |inner| {
        let item = (gap(), inner.clone(), gap()).prop_map(|(before, value, after)| before + &value + &after);
        let list = (prop::collection::vec(item, 0..6), gap()).prop_map(|(items, gap)| {
            if items.is_empty() { format!("[{gap}]") } else { format!("[{}]", items.join(",")) }
        });
        let pair = (gap(), string(key()), gap(), gap(), inner, gap())
            .prop_map(|(a, key, b, c, value, d)| format!("{a}{key}{b}:{c}{value}{d}"));
        let pairs = (prop::collection::vec(pair, 0..6), gap()).prop_map(|(pairs, gap)| {
            if pairs.is_empty() { format!("{{{gap}}}") } else { format!("{{{}}}", pairs.join(",")) }
        });
        prop_oneof![list, pairs]
    });
    (gap(), value, gap()).prop_map(|(before, value, after)| before + &value + &after)
}

fn pointers() -> impl Strategy<Value = Vec<JsonPointer>> {
    let step = key().prop_map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1")));
    let pointer = prop::collection::vec(step, 0..5).prop_map(|steps| steps.concat().parse().unwrap());
    prop::collection::vec(pointer, 0..12)
}

/// Every pointer into a document, and one step beyond each value.
fn all_pointers(value: &Value, here: &str, all: &mut BTreeSet<String>) {
    all.insert(here.to_owned());
    all.insert(format!("{here}/0"));
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| all_pointers(item, &format!("{here}/{at}"), all));
        }
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            all_pointers(value, &format!("{here}/{}", key.replace('~', "~0").replace('/', "~1")), all);
        }),
        _ => {}
    }
}

/// Pointers into a document, if it is one: each is tried, not only what happens to be guessed.
fn own_pointers(json: &str) -> Vec<JsonPointer> {
    let mut all = BTreeSet::new();
    if let Ok(value) = serde_json::from_str(json) {
        all_pointers(&value, "", &mut all);
    }
    all.iter().filter_map(|pointer| pointer.parse().ok()).collect()
}

proptest! {
    #![proptest_config(super::cases(256))]

    #[test]
    fn a_scan_finds_what_serde_json_finds(json in document(), pointers in pointers(), every in 1..5_usize) {
        check_scan(json.as_bytes(), &pointers);
        let own: Vec<JsonPointer> = own_pointers(&json).into_iter().step_by(every).chain(pointers).collect();
        check_scan(json.as_bytes(), &own);
    }

    #[test]
    fn documents_of_any_keys_are_scanned_one_behind_the_other_as_alone(
        documents in prop::collection::vec(document(), 2..4),
        order in prop::collection::vec(any::<prop::sample::Index>(), 2..12),
        pointers in pointers(),
    ) {
        let own: Vec<JsonPointer> = documents.iter().flat_map(|json| own_pointers(json)).chain(pointers).collect();
        check_lines(order.iter().map(|index| index.get(&documents).as_bytes()), &own);
    }

    #[test]
    fn a_damaged_document_is_refused_or_read_as_serde_json_does(
        json in document(),
        pointers in pointers(),
        damages in prop::collection::vec((0..4_u8, any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let own = own_pointers(&json);
        let mut bytes = json.into_bytes();
        for (kind, index, byte) in damages {
            let at = index.index(bytes.len() + 1);
            match kind {
                0 if at < bytes.len() => bytes[at] = byte,
                1 if at < bytes.len() => drop(bytes.remove(at)),
                // Signs of JSON are wrong more often than other bytes.
                2 => bytes.insert(at, b"{}[]:,\"\\0-.eEu \n"[usize::from(byte) % 16]),
                _ => bytes.truncate(at),
            }
            check_scan(&bytes, &pointers);
            check_scan(&bytes, &own);
        }
    }
}

#[test]
fn lines_of_real_engines_are_scanned_as_serde_json_reads_them() {
    let mut paths: Vec<String> = fs::read_dir(file(LOGS))
        .unwrap()
        .map(|entry| format!("{LOGS}/{}", entry.unwrap().file_name().into_string().unwrap()))
        .filter(|path| path.ends_with(".jsonl") || path.ends_with(".jsonl.gz"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 10, "{paths:?}");
    for path in paths {
        let text = lines_of(&path);
        let lines = || text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let mut all = BTreeSet::new();
        for line in lines().filter_map(|line| serde_json::from_slice(line).ok()) {
            all_pointers(&line, "", &mut all);
        }
        // Not too many for a table, and never the same ones.
        let all: Vec<JsonPointer> = all.iter().filter_map(|pointer| pointer.parse().ok()).collect();
        assert!(all.iter().all(|pointer| pointer.steps().len() <= MAX_STEPS));
        for (number, line) in lines().take(400).enumerate() {
            let some: Vec<JsonPointer> =
                all.iter().skip(number % 7).step_by(1 + all.len() / 40).cloned().collect();
            check_scan(line, &some);
        }
        check_lines(lines(), &all);
    }
}
