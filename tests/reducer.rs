//! The reducers themselves: damaged logs, judged line by line by the published crates and by runwatch.
//!
//! Each case takes a recorded log and damages it: lines are lost, doubled, swapped, or get another value in one field.
//! Both sides then read it from the start. Hashes and digests are not recomputed by runwatch, so the damage leaves
//! them alone.

mod common;

use common::{lines_of, projected_runs, read_text};
use proptest::prelude::*;
use runwatch::fold::{self, Verdict};
use runwatch::model::event::Vocabulary;
use runwatch::model::place::Place;
use runwatch::store::{Rules, Store};
use serde_json::{Value, json};

/// What is done to a log. Numbers are taken modulo what there is.
#[derive(Debug, Clone)]
enum Damage {
    Lose(u16),
    Double(u16, u16),
    Swap(u16),
    /// Sets a field of an event to the value that the same field has in another line.
    Borrow(u16, u16, u16),
    /// Adds to a number of an event.
    Nudge(u16, u16, i8),
}

fn any_damage() -> impl Strategy<Value = Damage> {
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

/// Numbers the lines anew and lets the records agree with their events, so that what follows is judged by deeper rules.
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

fn short(lines: &str, n: usize) -> Vec<Value> {
    lines.lines().take(n).map(|line| serde_json::from_str(line).unwrap()).collect()
}

macro_rules! differ {
    ($name:ident, $storage:ident, $vocabulary:expr) => {
        fn $name(lines: &[Value]) -> (usize, usize) {
            let mut engine = $storage::recovery::reducer::ReplayReducer::new();
            let mut store = Store::new(Rules::Strict);
            store.speak($vocabulary);
            let (mut applied, mut refused) = (0, 0);
            for (index, line) in lines.iter().enumerate() {
                let text = line.to_string();
                let ours = fold::line(&mut store, Place::default(), text.as_bytes());
                let parsed: Result<$storage::wal::event::WalEvent, _> = serde_json::from_str(&text);
                match parsed {
                    Err(error) => {
                        assert!(matches!(ours, Verdict::Unreadable(_)), "line {index}: the engine cannot read it ({error}): {ours:?}\n{text}");
                        refused += 1;
                    }
                    Ok(event) => match engine.apply(&event) {
                        Ok(()) => {
                            assert_eq!(ours, Verdict::Applied, "line {index}: the engine applies it\n{text}");
                            applied += 1;
                        }
                        Err(error) => {
                            assert!(matches!(ours, Verdict::Rejected(_)), "line {index}: the engine refuses it ({error:?}): {ours:?}\n{text}");
                            refused += 1;
                        }
                    },
                }
            }
            let ours = projected_runs(&store);
            let ours = ours.as_array().unwrap();
            assert_eq!(ours.len(), engine.run_count());
            for run in ours {
                let id = run["run_id"].as_str().unwrap().parse().unwrap();
                let their = serde_json::to_value(engine.get_run_instance(&id).unwrap()).unwrap();
                for key in ["state", "attempt_count", "current_attempt_id", "created_at", "scheduled_at", "effective_priority", "last_state_change_at", "task_id"] {
                    assert_eq!(run[key], their[key], "{key} of {run}");
                }
                if let Some(failures) = their.get("failure_attempt_count") {
                    assert_eq!(&run["failure_attempt_count"], failures, "{run}");
                }
                let history: Vec<Value> = engine.get_run_history(&id).unwrap().iter().map(|change| {
                    json!({"from": change.from(), "timestamp": change.timestamp(), "to": change.to()})
                }).collect();
                assert_eq!(run["state_history"], json!(history), "{run}");
                let attempts: Vec<Value> = engine.get_attempt_history(&id).unwrap().iter().map(|attempt| {
                    json!({
                        "attempt_id": attempt.attempt_id(), "error": attempt.error(), "finished_at": attempt.finished_at(),
                        "output": attempt.output(), "result": attempt.result(), "started_at": attempt.started_at(),
                    })
                }).collect();
                assert_eq!(run["attempts"], json!(attempts), "{run}");
                let lease = engine.get_lease_metadata(&id).map(|lease| json!({
                    "acquired_at": lease.acquired_at(), "expiry": lease.expiry(), "owner": lease.owner(), "updated_at": lease.updated_at(),
                }));
                assert_eq!(run["lease"], json!(lease), "{run}");
            }
            assert_eq!(store.latest_sequence(), engine.latest_sequence());
            (applied, refused)
        }
    };
}

differ!(check_0_1_2, storage01, Vocabulary::Aq01);
differ!(check_0_3_0, storage03, Vocabulary::Aq02);

fn damaged(lines: Vec<Value>, damages: &[Damage], renumbered: bool) -> Vec<Value> {
    let mut lines = lines;
    damages.iter().for_each(|damage| apply(damage, &mut lines));
    if renumbered {
        renumber(&mut lines);
    }
    lines
}

fn cases() -> ProptestConfig {
    ProptestConfig { cases: 96, max_shrink_iters: 200, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_damaged_log_of_0_1_2_is_judged_as_its_engine_judges_it(
        damages in prop::collection::vec(any_damage(), 1..12),
        skip in 0_usize..400,
        renumbered: bool,
    ) {
        let text = read_text("tests/logs/live-small-mid.jsonl");
        let lines = short(&text, 400 + skip);
        check_0_1_2(&damaged(lines, &damages, renumbered));
    }

    #[test]
    fn a_damaged_log_of_0_3_0_is_judged_as_its_engine_judges_it(
        damages in prop::collection::vec(any_damage(), 1..8),
        which in 0_usize..3,
        renumbered: bool,
    ) {
        let (log, n) = [
            ("tests/logs/v030-crash-recovery.jsonl", 65),
            ("tests/logs/v030-daemon-http.jsonl", 48),
            ("tests/logs/v030-small.jsonl.gz", 420),
        ][which];
        let lines = short(&String::from_utf8(lines_of(log)).unwrap(), n);
        check_0_3_0(&damaged(lines, &damages, renumbered));
    }
}

#[test]
fn whole_logs_are_applied_by_both() {
    let (applied, refused) = check_0_3_0(&short(&read_text("tests/logs/v030-small.jsonl.gz"), usize::MAX));
    assert_eq!((applied, refused), (1709, 0));
    let (applied, refused) = check_0_1_2(&short(&read_text("tests/logs/live-small-mid.jsonl"), usize::MAX));
    assert_eq!((applied, refused), (1230, 0));
}
