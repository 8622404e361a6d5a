//! Damage: what happens to the lines of a log, and to its bytes.
//!
//! Hashes and digests are not recomputed by runwatch, so damage to lines leaves them alone.

use proptest::prelude::*;
use serde_json::{Value, json};

/// Damage to the lines of a log. Numbers are taken modulo what there is.
#[derive(Debug, Clone)]
pub(crate) enum Damage {
    Lose(u16),
    Double(u16, u16),
    Swap(u16),
    /// Sets a field of an event to the value that the same field has in another line.
    Borrow(u16, u16, u16),
    /// Adds to a number of an event.
    Nudge(u16, u16, i8),
}

pub(crate) fn any_damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        any::<u16>().prop_map(Damage::Lose),
        (any::<u16>(), any::<u16>()).prop_map(|(line, to)| Damage::Double(line, to)),
        any::<u16>().prop_map(Damage::Swap),
        (any::<u16>(), any::<u16>(), any::<u16>())
            .prop_map(|(line, from, field)| Damage::Borrow(line, from, field)),
        (any::<u16>(), any::<u16>(), any::<i8>())
            .prop_map(|(line, field, by)| Damage::Nudge(line, field, by)),
    ]
}

/// The places of all scalars in an event, but for those that a hash or a digest covers.
fn scalars(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let path = format!("{path}/{key}");
                if !is_hashed(&path) {
                    scalars(value, &path, found);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                scalars(item, &format!("{path}/{index}"), found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap();
    let opaque = [
        "hash",
        "digest",
        "bytes",
        "payload",
        "causal",
        "key",
        "manifest_digest",
        "code",
        "caller_ref",
        "caller",
    ];
    let of_a_signal =
        path.contains("/SignalAdmitted/record/") && !matches!(name, "sequence" | "wal_sequence");
    let of_an_admission =
        path.contains("/AdmissionCommitted/record/") && !matches!(name, "sequence" | "timestamp");
    opaque.contains(&name) || of_a_signal || of_an_admission
}

fn scalars_of(line: &Value) -> Vec<String> {
    let mut found = Vec::new();
    scalars(&line["event"], "/event", &mut found);
    found.push("/sequence".to_owned());
    found
}

fn pick<T: Clone>(items: &[T], n: u16) -> Option<T> {
    (!items.is_empty()).then(|| items[n as usize % items.len()].clone())
}

fn apply(damage: &Damage, lines: &mut Vec<Value>) {
    let at = |n: u16| n as usize % lines.len();
    match damage {
        Damage::Lose(line) => {
            lines.remove(at(*line));
        }
        Damage::Double(line, to) => {
            let (line, to) = (lines[at(*line)].clone(), at(*to));
            lines.insert(to, line);
        }
        Damage::Swap(line) => {
            let line = at(*line);
            let next = (line + 1) % lines.len();
            lines.swap(line, next);
        }
        Damage::Borrow(line, from, field) => {
            let (line, from) = (at(*line), at(*from));
            let Some(path) = pick(&scalars_of(&lines[from]), *field) else { return };
            let name = path.rsplit('/').next().unwrap();
            let Some(target) =
                scalars_of(&lines[line]).into_iter().find(|it| it.rsplit('/').next() == Some(name))
            else {
                return;
            };
            let value = lines[from].pointer(&path).unwrap().clone();
            *lines[line].pointer_mut(&target).unwrap() = value;
        }
        Damage::Nudge(line, field, by) => {
            let line = at(*line);
            let numbers: Vec<String> = scalars_of(&lines[line])
                .into_iter()
                .filter(|path| lines[line].pointer(path).is_some_and(Value::is_u64))
                .collect();
            if let Some(path) = pick(&numbers, *field) {
                let number = lines[line].pointer(&path).unwrap().as_u64().unwrap();
                *lines[line].pointer_mut(&path).unwrap() = json!(number.saturating_add_signed((*by).into()));
            }
        }
    }
}

/// Renumbers the lines and lets the records agree with their events, so that what follows is judged by deeper
/// rules.
fn renumber(lines: &mut [Value]) {
    for (index, line) in lines.iter_mut().enumerate() {
        let number = index as u64 + 1;
        line["sequence"] = json!(number);
        for path in ["sequence", "wal_sequence"] {
            for (kind, name) in [("SignalAdmitted", "wal_sequence"), ("", "sequence")] {
                let event = line["event"].as_object_mut().unwrap();
                let (found, body) = event.iter_mut().next().unwrap();
                let fits = if kind.is_empty() { found != "SignalAdmitted" } else { found == kind };
                if fits && name == path && body.pointer(&format!("/record/{name}")).is_some() {
                    body["record"][name] = json!(number);
                }
            }
        }
    }
}

/// The lines, damaged; renumbered, if deeper rules are to judge what follows.
pub(crate) fn damaged(lines: Vec<Value>, damages: &[Damage], renumbered: bool) -> Vec<Value> {
    let mut lines = lines;
    damages.iter().for_each(|damage| apply(damage, &mut lines));
    if renumbered {
        renumber(&mut lines);
    }
    lines
}

/// Damage to the bytes of a log. Numbers are taken modulo what there is.
#[derive(Debug, Clone)]
pub(crate) enum Wear {
    Flip(u32, u8),
    Cut(u32, u8),
    Insert(u32, Vec<u8>),
    Repeat(u32, u16),
}

pub(crate) fn any_wear() -> impl Strategy<Value = Wear> {
    let garbage = prop::collection::vec(prop::sample::select(b"\0\0\n\n\r{}\",:\xff\x1b 1".to_vec()), 1..12);
    prop_oneof![
        (any::<u32>(), any::<u8>()).prop_map(|(at, byte)| Wear::Flip(at, byte)),
        (any::<u32>(), any::<u8>()).prop_map(|(at, n)| Wear::Cut(at, n)),
        (any::<u32>(), garbage).prop_map(|(at, bytes)| Wear::Insert(at, bytes)),
        (any::<u32>(), any::<u16>()).prop_map(|(at, n)| Wear::Repeat(at, n)),
    ]
}

/// The bytes, worn.
pub(crate) fn worn(mut bytes: Vec<u8>, wear: &[Wear]) -> Vec<u8> {
    for wear in wear {
        // The first line stays: what is damaged is a log.
        let first = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0) + 1;
        let at = |n: &u32| first + *n as usize % (bytes.len() - first).max(1);
        match wear {
            Wear::Flip(n, byte) => {
                let at = at(n).min(bytes.len() - 1);
                bytes[at] ^= byte;
            }
            Wear::Cut(n, len) => {
                let at = at(n).min(bytes.len());
                bytes.drain(at..(at + usize::from(*len)).min(bytes.len()));
            }
            Wear::Insert(n, garbage) => {
                let at = at(n).min(bytes.len());
                bytes.splice(at..at, garbage.iter().copied());
            }
            Wear::Repeat(n, len) => {
                let at = at(n).min(bytes.len());
                let piece = bytes[at..(at + usize::from(*len)).min(bytes.len())].to_vec();
                bytes.extend(piece);
            }
        }
    }
    bytes
}
