//! Times that are not believed, and what is not known: the same answer from every report.

use serde_json::Value;

use crate::common::lines_of;
use crate::common::program::{Log, text};

/// 2026-11-20 17:37:41 in UTC.
const T: u64 = 1_795_196_261;
const RUN: &str = "3c6ef362-0000-4000-8000-000000000002";
const TASK: &str = "9e3779b1-0000-4000-8000-000000000001";
const ATTEMPT: &str = "b54cda26-0000-4000-8000-000000000006";

fn log_of(events: &[String]) -> Log {
    let lines = (1..).zip(events).map(|(n, event)| format!("{{\"sequence\":{n},\"event\":{{{event}}}}}\n"));
    Log::named("log.jsonl", lines.collect::<String>().as_bytes())
}

fn task(at: u64) -> String {
    format!(
        r#""TaskCreated":{{"task_spec":{{"id":"{TASK}","payload":{{"bytes":[]}},"run_policy":"Once","constraints":{{"max_attempts":3,"concurrency_key":"tenant-7"}},"metadata":{{"tags":["mail","eu"],"priority":4,"description":"monthly report"}}}},"timestamp":{at}}}"#
    )
}

fn created(at: u64, scheduled_at: u64) -> String {
    format!(
        r#""RunCreated":{{"run_instance":{{"id":"{RUN}","task_id":"{TASK}","state":"Scheduled","attempt_count":0,"created_at":{at},"scheduled_at":{scheduled_at},"effective_priority":0}}}}"#
    )
}

fn change(from: &str, to: &str, at: u64) -> String {
    format!(
        r#""RunStateChanged":{{"run_id":"{RUN}","previous_state":"{from}","new_state":"{to}","timestamp":{at}}}"#
    )
}

fn leased(expiry: u64, at: u64) -> String {
    format!(r#""LeaseAcquired":{{"run_id":"{RUN}","owner":"worker-1","expiry":{expiry},"timestamp":{at}}}"#)
}

fn started(at: u64) -> String {
    format!(r#""AttemptStarted":{{"run_id":"{RUN}","attempt_id":"{ATTEMPT}","timestamp":{at}}}"#)
}

fn failed(at: u64) -> String {
    format!(
        r#""AttemptFinished":{{"run_id":"{RUN}","attempt_id":"{ATTEMPT}","result":"Failure","error":"connection refused","timestamp":{at}}}"#
    )
}

/// A run that fails its first attempt, where a second is `unit` long.
fn life(unit: u64) -> Vec<String> {
    life_by(|seconds| (T + seconds) * unit)
}

/// The same, whose seconds are told so.
fn life_by(at: impl Fn(u64) -> u64) -> Vec<String> {
    vec![
        task(at(0)),
        created(at(0), at(0)),
        change("Scheduled", "Ready", at(1)),
        change("Ready", "Leased", at(1)),
        leased(at(31), at(1)),
        change("Leased", "Running", at(1)),
        started(at(1)),
        failed(at(4)),
        change("Running", "RetryWait", at(4)),
    ]
}

/// The screen of a log after these keys, as text.
fn screen(log: &Log, keys: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("screen.html");
    let args = ["screenshot", "-o", page.to_str().unwrap(), "--size", "120x40", "--keys", keys];
    text(&log.run(&args));
    let page = std::fs::read_to_string(page).unwrap();
    page.split('<').filter_map(|it| it.split_once('>')).map(|(_, text)| text).collect()
}

#[test]
fn a_wrong_unit_of_time_is_one_problem() {
    let mut mixed = life(1);
    mixed[8] = change("Running", "RetryWait", (T + 4) * 1000);
    let mut ahead = life(1);
    ahead[1] = created(T, T * 1_000_000);
    let mut lease = life(1);
    lease[4] = leased((T + 30) * 1000, T + 1);
    let mut unset = life(1);
    unset[6] = started(0);
    let mut never = life(1);
    never[1] = created(T, u64::MAX);
    never[4] = leased(i64::MAX.unsigned_abs(), T + 1);
    for (events, line, words) in [
        (life(1000), 1, "looks like milliseconds"),
        (life(1_000_000), 1, "looks like microseconds"),
        (life(1_000_000_000), 1, "looks like nanoseconds"),
        (life(10), 0, ""),
        (life(0), 4, "was never set"),
        (life(10_000_000_000), 1, "is beyond every calendar"),
        (mixed, 9, "looks like milliseconds"),
        (ahead, 2, "looks like microseconds"),
        (lease, 5, "looks like milliseconds"),
        (unset, 7, "was never set"),
        (never, 0, ""),
        (life(1), 0, ""),
    ] {
        let log = log_of(&events);
        for strict in [false, true] {
            let output = log.run(if strict { &["check", "--strict"] } else { &["check"] });
            let said = String::from_utf8(output.stdout).unwrap();
            let told: Vec<&str> = said.lines().filter(|line| line.contains(": time: ")).collect();
            if words.is_empty() {
                assert_eq!((output.status.code(), told), (Some(0), Vec::new()), "{said}");
                continue;
            }
            assert_eq!((output.status.code(), told.len()), (Some(1), 1), "{said}");
            let at = format!("log.jsonl:{line}: ");
            assert!(told[0].contains(&at) && told[0].contains(words), "{said}");
            assert!(told[0].contains("seconds since 1970"), "{said}");
        }
        let stats: Value = serde_json::from_str(&text(&log.run(&["stats", "--json"]))).unwrap();
        assert_eq!(stats["problems"]["by_kind"]["time"].as_u64(), (!words.is_empty()).then_some(1));
    }
}

/// A time of 10 digits more or less is no time of a clock, and neither is what is 10 times as much.
#[test]
fn no_length_is_shown_where_its_times_are_not_believed() {
    for (unit, length) in [(1, "3s"), (1000, "?"), (1_000_000_000, "?")] {
        let log = log_of(&life(unit));
        let page = screen(&log, "G Enter");
        let attempt = page.lines().find(|line| line.contains("Failure")).unwrap();
        assert!(attempt.contains(&format!("Failure    {length} ")), "{unit}: {page}");
        assert!(!page.contains("50m00s"), "{unit}");
        let found = text(&log.run(&["runs", "--query", "in_state>=0s"]));
        assert_eq!(found.lines().count(), if unit == 1 { 2 } else { 1 }, "{unit}");
    }
}

#[test]
fn a_run_that_was_only_created_is_in_its_state_since_then() {
    let mut explicit = created(T, T + 86_400);
    explicit.insert_str(explicit.len() - 2, r#","last_state_change_at":0"#);
    for created in [created(T, T + 86_400), explicit] {
        let log = log_of(&[task(T), created, format!(r#""EnginePaused":{{"timestamp":{}}}"#, T + 7200)]);
        let found = text(&log.run(&["runs", "--query", "in_state>1h in_state<=2h"]));
        assert!(found.contains("monthly report"), "{found}");
        let run: Value = serde_json::from_str(&text(&log.run(&["runs", "--json"]))).unwrap();
        assert_eq!(run["last_state_change_at"], T);
        let stats: Value = serde_json::from_str(&text(&log.run(&["stats", "--json"]))).unwrap();
        let open = &stats["time_in_state"]["by_state"]["Scheduled"]["open"];
        assert_eq!((&open["count"], &open["max"]), (&1.into(), &7200.into()), "{stats}");
        let board = screen(&log, "");
        assert!(board.contains("2h00m"), "{board}");
        let page = screen(&log, "G Enter");
        assert!(page.contains("for 2h00m, since 17:37:41"), "{page}");
    }
}

#[test]
fn json_tells_what_the_tables_do() {
    let mut events = life(1);
    events.truncate(8);
    let reason = format!(r#""RunSuspended":{{"run_id":"{RUN}","reason":"no budget","timestamp":{}}}"#, T + 5);
    let run = |events: &[String]| -> Value {
        serde_json::from_str(&text(&log_of(events).run(&["runs", "--json"]))).unwrap()
    };
    let told = run(&events);
    for (key, expected) in [
        ("task", Value::from("monthly report")),
        ("tags", vec!["mail", "eu"].into()),
        ("key", "tenant-7".into()),
        ("owner", "worker-1".into()),
        ("max_attempts", 3.into()),
        ("counted_attempts", 1.into()),
        ("uncounted_attempts", 0.into()),
        ("priority", 4.into()),
        ("error", "connection refused".into()),
        ("reason", Value::Null),
        ("flagged", false.into()),
        ("joined", false.into()),
    ] {
        assert_eq!(told[key], expected, "{key}");
    }
    events.truncate(6);
    events.push(reason);
    assert_eq!(run(&events)["reason"], "no budget");
}

#[test]
fn what_is_not_known_of_a_run_is_null_and_a_question_mark() {
    let events = [failed(T + 4), change("Running", "RetryWait", T + 4)];
    let log = log_of(&events);
    let run: Value = serde_json::from_str(&text(&log.run(&["runs", "--json"]))).unwrap();
    for key in
        ["task_id", "task", "tags", "key", "max_attempts", "priority", "effective_priority", "created_at"]
    {
        assert_eq!(run[key], Value::Null, "{key}: {run}");
    }
    assert_eq!(run["attempts"][0]["started_at"], Value::Null, "{run}");
    assert_eq!(run["joined"], true);
    let table = text(&log.run(&["runs"]));
    assert!(
        table.lines().nth(1).unwrap().split_whitespace().collect::<Vec<_>>()[2..].ends_with(&["?", "-", "?"])
    );
    for keys in ["", "G Enter"] {
        let screen = screen(&log, keys);
        assert!(screen.contains("3c6ef362") && screen.contains('?'), "{screen}");
        assert!(!screen.contains(" 00000000") && !screen.contains("since 1970"), "{keys}: {screen}");
    }
    // A lease that was taken before the log begins.
    let renewed = leased(T + 60, T + 30).replace("LeaseAcquired", "LeaseHeartbeat");
    let run: Value = serde_json::from_str(&text(&log_of(&[renewed]).run(&["runs", "--json"]))).unwrap();
    assert_eq!((&run["lease"]["acquired_at"], &run["last_state_change_at"]), (&Value::Null, &Value::Null));
    assert_eq!(run["lease"]["updated_at"], T + 30);
}

#[test]
fn a_letter_that_is_written_as_two_is_found_by_one() {
    let names = ["r\u{e9}sum\u{e9} import", "re\u{301}sume\u{301} export"];
    let events: Vec<String> = names
        .iter()
        .zip(1..)
        .flat_map(|(name, n)| {
            let own = |it: String| it.replace("-000000000001", &format!("-00000000010{n}"));
            let run = created(T, T).replace("-000000000002", &format!("-00000000020{n}"));
            [
                own(task(T).replace("monthly report", name).replace("tenant-7", name).replace("mail", name)),
                own(run),
            ]
        })
        .collect();
    let log = log_of(&events);
    for form in ["r\u{e9}sum\u{e9}", "re\u{301}sume\u{301}", "R\u{c9}SUM\u{c9}"] {
        for query in [form, "task:F", "tag:F*", "key:F*", "task~F", "F*port", "task~^F.+port$"] {
            let query = query.replace('F', form);
            if form.starts_with('R') && query.contains('~') {
                continue;
            }
            let found = text(&log.run(&["runs", "--query", &query]));
            assert_eq!(found.lines().count(), 3, "{query}: {found}");
        }
    }
    for name in names {
        let exact = ["re\u{301}sume\u{301} import", "r\u{e9}sum\u{e9} export"];
        for exact in exact.iter().filter(|exact| exact[exact.len() - 6..] == name[name.len() - 6..]) {
            let found = text(&log.run(&["runs", "--query", &format!("task=\"{exact}\"")]));
            assert_eq!(found.lines().count(), 2, "{exact}: {found}");
        }
    }
}

#[test]
fn recordings_have_believable_times() {
    for path in ["assets/orders.jsonl", "tests/logs/official-phases.jsonl"] {
        let log = Log::new(&lines_of(path));
        assert!(text(&log.run(&["check"])).contains("no problems in"), "{path}");
    }
}

/// Attempts that ended at a time that is not known ended neither in the last minute nor before it.
#[test]
fn the_last_minute_is_not_known_where_no_time_is_believed() {
    for (unit, expected) in [(1, "last minute  ✗ 1 failure"), (1000, "last minute  ?"), (0, "last minute  ?")]
    {
        let page = screen(&log_of(&life(unit)), "2");
        assert_eq!(page.contains("last minute  ?"), unit != 1, "{unit}: {page}");
        assert!(unit == 1 || page.contains(expected), "{unit}: {page}");
    }
}

/// A counter of events is all the time that some queues have. What is ahead of it counts something else.
#[test]
fn a_log_without_any_time_is_one_problem_at_its_end_unless_it_counts_its_events() {
    let counted = |ahead: u64| {
        vec![
            task(1 + ahead),
            created(2 + ahead, 2 + ahead),
            change("Scheduled", "Ready", 3 + ahead),
            change("Ready", "Leased", 4),
        ]
    };
    let mut joined = life_by(|seconds| (T + seconds) / 60);
    joined[8] = change("Running", "RetryWait", T);
    let mut unset = counted(0);
    unset[3] = change("Ready", "Leased", 0);
    for (events, line, words) in [
        (
            life_by(|seconds| (T + seconds) / 60),
            1,
            "the first, 29919937, may be in minutes since 1970, or in",
        ),
        (life_by(|seconds| (T + seconds) / 3_600), 1, "the first, 498665, may be in hours since 1970, or in"),
        (life_by(|seconds| (T + seconds) / 86_400), 1, "the first, 20777, may be in days since 1970, or in"),
        (life_by(|seconds| 6_261 + seconds), 1, "the first, 6261, may be in seconds since a start. Ages"),
        (counted(2), 1, "the first, 3, may be in seconds since a start"),
        (unset, 4, "the first, 0, was never set"),
        (counted(0), 0, ""),
        (counted(1), 0, ""),
        (joined, 0, ""),
    ] {
        let log = log_of(&events);
        for args in [&["check"][..], &["check", "--strict"]] {
            let output = log.run(args);
            let said = String::from_utf8(output.stdout).unwrap();
            let told: Vec<&str> = said.lines().filter(|line| line.contains(": time: ")).collect();
            assert_eq!(output.status.code(), Some(i32::from(!words.is_empty())), "{said}");
            assert_eq!(told.len(), usize::from(!words.is_empty()), "{said}");
            let at = format!("log.jsonl:{line}: time: no time of the log is in seconds since 1970");
            assert!(told.iter().all(|told| told.contains(&at) && told.contains(words)), "{said}");
        }
        let stats: Value = serde_json::from_str(&text(&log.run(&["stats", "--json"]))).unwrap();
        assert_eq!(stats["problems"]["by_kind"]["time"].as_u64(), (!words.is_empty()).then_some(1));
    }
}

/// A schedule in seconds cannot be followed by times in another unit, and the engine is not to blame for that.
#[test]
fn the_engine_is_not_blamed_for_the_unit_of_its_times() {
    let keys =
        ["timestamp", "created_at", "scheduled_at", "last_state_change_at", "expiry", "at", "received_at"];
    for parts in [1_000, 1_000_000, 1_000_000_000] {
        let finer = |line: &str| {
            let mut event: Value = serde_json::from_str(line).unwrap();
            scale(&mut event, &keys, parts);
            format!("{event}\n")
        };
        let lines = String::from_utf8(lines_of("tests/logs/v030-small.jsonl.gz")).unwrap();
        let log = Log::new(lines.lines().map(finer).collect::<String>().as_bytes());
        let said = String::from_utf8(log.run(&["check"]).stdout).unwrap();
        assert!(said.contains(": 1 problem in "), "{said}");
    }
}

/// Tells the times of an event, which have these names, in a finer unit.
fn scale(value: &mut Value, keys: &[&str], parts: u64) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value.as_u64().filter(|it| *it > 1_000_000_000 && keys.contains(&key.as_str())) {
                    Some(at) => *value = (at * parts).into(),
                    None => scale(value, keys, parts),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| scale(value, keys, parts)),
        _ => (),
    }
}
