//! Events that no log has, made of those that some have.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ENGINES, line_of};
use crate::common;

/// Change of an event. Numbers are taken modulo what there is.
#[derive(Debug, Clone)]
enum Edit {
    Set(u16, Value),
    /// Sets a value to that of the same key in another event.
    Borrow(u16, u16),
    /// Doubles the first element of a list, or empties it.
    List(u16, bool),
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        prop_oneof![
            Just(0_u64),
            Just(127),
            Just(128),
            Just(16_383),
            Just(16_384),
            Just(u64::from(u32::MAX)),
            Just(1 << 35),
            Just(u64::MAX),
            any::<u64>(),
            0..300_u64,
        ]
        .prop_map(|number| json!(number)),
        any::<i32>().prop_map(|number| json!(number)),
        "[a-z0-9_.-]{0,12}".prop_map(|text| json!(text)),
        any::<String>().prop_map(|text| json!(text)),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| json!(bytes)),
        any::<u128>().prop_map(|id| json!(uuid::Uuid::from_u128(id))),
        prop_oneof![
            Just("Ready"),
            Just("Awaiting"),
            Just("Canceled"),
            Just("ReleaseOnRetry"),
            Just("HoldWhileAwaiting"),
            Just("Detached"),
            Just("Transactional"),
            Just("Timeout"),
            Just("TimeSecs"),
            Just("Gatekeeper"),
            Just("Once"),
            Just("0 0 9 * * MON *"),
        ]
        .prop_map(|name| json!(name)),
    ]
}

fn any_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => (any::<u16>(), any_value()).prop_map(|(at, value)| Edit::Set(at, value)),
        1 => (any::<u16>(), any::<u16>()).prop_map(|(at, from)| Edit::Borrow(at, from)),
        1 => (any::<u16>(), any::<bool>()).prop_map(|(at, is_more)| Edit::List(at, is_more)),
    ]
}

/// Paths of all values below this one.
fn paths(value: &Value, path: &str, all: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(key, value)| (format!("{path}/{key}"), value)).collect(),
        Value::Array(items) if items.len() < 20 => {
            items.iter().enumerate().map(|(n, value)| (format!("{path}/{n}"), value)).collect()
        }
        _ => return,
    };
    for (path, value) in inner {
        paths(value, &path, all);
        all.push(path);
    }
}

fn edit(event: &mut Value, edit: &Edit, others: &[Value]) {
    let mut all = Vec::new();
    paths(event, "", &mut all);
    let (Edit::Set(at, _) | Edit::Borrow(at, _) | Edit::List(at, _)) = edit;
    let path = all[usize::from(*at) % all.len()].clone();
    let value = event.pointer_mut(&path).unwrap();
    match edit {
        Edit::Set(_, new) => *value = new.clone(),
        Edit::Borrow(_, from) => {
            let other = &others[usize::from(*from) % others.len()];
            let (mut theirs, key) = (Vec::new(), path.rsplit('/').next().unwrap());
            paths(other, "", &mut theirs);
            if let Some(path) = theirs.iter().find(|path| path.rsplit('/').next() == Some(key)) {
                *value = other.pointer(path).unwrap().clone();
            }
        }
        Edit::List(_, is_more) => {
            if let Value::Array(items) = value {
                match items.first().cloned() {
                    Some(first) if *is_more => items.push(first),
                    _ => items.clear(),
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(common::cases(400))]

    /// Each case changes every sample; those that the engine does not take are passed over.
    #[test]
    fn an_event_has_the_text_that_the_engine_gives_it(edits in prop::collection::vec(any_edit(), 1..4)) {
        for engine in ENGINES {
            let samples: Vec<Value> = engine.samples().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
            for sample in &samples {
                let mut event = sample.clone();
                edits.iter().for_each(|change| edit(&mut event, change, &samples));
                let Some(frame) = (engine.encode)(&event.to_string()) else { continue };
                // What the engine itself cannot read is told of elsewhere.
                let Ok(line) = (engine.decode)(&frame) else { continue };
                prop_assert_eq!(line_of(engine.form, &frame), Ok(line));
            }
        }
    }
}
