//! Holds the one pass over a document to `serde_json`: it accepts the same, and finds the same at every pointer.

use std::str;

use runwatch::engine::mapped::scan::{
    FoundValue, FoundValues, JsonPointer, LineScanner, PointerTrie, elements, scan,
};
use runwatch::model::json::error::plain;
use serde_json::{Map, Value};

/// The first line is pointers with blanks between them, the rest is the document.
pub fn check(bytes: &[u8]) {
    let Some(len) = bytes.iter().position(|byte| *byte == b'\n') else { return };
    let Ok(first) = str::from_utf8(&bytes[..len]) else { return };
    let pointers: Vec<JsonPointer> = first.split(' ').filter_map(pointer).collect();
    let rest = &bytes[len + 1..];
    check_scan(rest, &pointers);
    check_lines(rest.split(|byte| *byte == b'\n'), &pointers);
}

/// Scans documents one behind the other, each of which has to come out as it does alone.
pub fn check_lines<'a>(lines: impl Iterator<Item = &'a [u8]>, pointers: &[JsonPointer]) {
    let trie = PointerTrie::new(pointers);
    let mut scanner = LineScanner::new(&trie);
    let (mut found, mut alone) = (FoundValues::default(), FoundValues::default());
    for line in lines {
        assert_eq!(scanner.scan(line, &mut found), scan(line, &trie, &mut alone));
        assert_eq!(*found, *alone, "{}", line.escape_ascii());
    }
}

/// Reads a pointer, which is refused with a reason or is written as it was.
fn pointer(text: &str) -> Option<JsonPointer> {
    match text.parse::<JsonPointer>() {
        Ok(pointer) => {
            assert_eq!(pointer.to_string(), text);
            Some(pointer)
        }
        Err(reason) => {
            assert!(!reason.to_string().is_empty());
            None
        }
    }
}

/// Scans any bytes, which have to be no JSON, or to have the values at these pointers that `serde_json` finds.
pub fn check_scan(json: &[u8], pointers: &[JsonPointer]) {
    let mut found = FoundValues::default();
    let outcome = scan(json, &PointerTrie::new(pointers), &mut found);
    assert_eq!(found.len(), pointers.len());
    check_lines([json; 3].into_iter(), pointers);
    match serde_json::from_slice::<Value>(json) {
        Err(reason) => {
            assert_eq!(outcome, Err(plain(&reason.to_string())));
            assert!(found.iter().all(|found| *found == FoundValue::Absent));
        }
        Ok(document) => {
            assert_eq!(outcome, Ok(()));
            for (pointer, found) in pointers.iter().zip(&*found) {
                assert_eq!(value(found).as_ref(), document.pointer(&pointer.to_string()), "{pointer}");
            }
        }
    }
}

/// A found value, as `serde_json` has it.
fn value(found: &FoundValue<'_>) -> Option<Value> {
    Some(match found {
        FoundValue::Absent => return None,
        FoundValue::Null => Value::Null,
        FoundValue::Bool(value) => Value::Bool(*value),
        FoundValue::Number(text) => {
            let number = parsed(text);
            assert!(number.is_number() && text.trim() == text, "{text}");
            number
        }
        FoundValue::Text(text) => Value::String(text.to_string()),
        FoundValue::Array(raw) => {
            let list = elements(raw).enumerate().map(|(index, (key, raw))| {
                assert_eq!(key, index.to_string());
                parsed(raw)
            });
            assert_whole(raw, Value::Array(list.collect()))
        }
        FoundValue::Object(raw) => {
            let fields: Map<String, Value> =
                elements(raw).map(|(key, raw)| (key.into_owned(), parsed(raw))).collect();
            assert_whole(raw, Value::Object(fields))
        }
    })
}

fn parsed(raw: &str) -> Value {
    serde_json::from_str(raw).unwrap_or_else(|reason| panic!("{raw}: {reason}"))
}

/// Returns a container that was put together of its elements, which has to be all of it.
fn assert_whole(raw: &str, container: Value) -> Value {
    assert_eq!(container, parsed(raw));
    container
}
