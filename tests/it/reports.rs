//! The reports, by the real program on real files: what it prints, where, and with which exit code.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Output, Stdio};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::damage::{any_wear, worn};
use crate::common::program::{Log, runwatch};
use crate::common::{RECORDINGS, lines_of, projected_part, read_text};

/// Returns the output of a report, one JSON value a line.
fn values(output: &Output) -> Vec<Value> {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn stats(log: &Log) -> Value {
    let output = log.run(&["stats", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let [stats] = values(&output).try_into().unwrap();
    stats
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Checks the keys, in any order.
fn check_keys(value: &Value, expected: &str) {
    let mut expected: Vec<&str> = expected.split(' ').collect();
    expected.sort_unstable();
    assert_eq!(keys(value), expected);
}

fn sum_of_lines(stats: &Value) -> u64 {
    let parts = ["applied", "rejected", "unreadable", "ignored"];
    parts.iter().map(|part| stats[part].as_u64().unwrap()).sum()
}

/// Feeds a pipe to a report.
fn piped(args: &[&str], bytes: &[u8]) -> Output {
    let mut child = runwatch(args).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(bytes).unwrap());
        child.wait_with_output().unwrap()
    })
}

#[test]
fn stats_are_those_that_the_engine_computed() {
    for (log, expected) in RECORDINGS {
        let expected: Value = serde_json::from_str(&read_text(expected)).unwrap();
        let log = Log::new(&lines_of(log));
        let stats = stats(&log);
        check_keys(
            &stats,
            "source vocabulary lines applied rejected unreadable ignored pending_bytes latest_sequence \
             sequence_gaps runs runs_only_counted tasks states attempts problems engine_paused time_in_state",
        );
        check_keys(&stats["attempts"], "total open by_result");
        check_keys(&stats["attempts"]["by_result"], "Success Failure Timeout Suspended Awaiting");
        check_keys(&stats["problems"], "total by_kind");
        check_keys(
            &stats["states"],
            "Scheduled Ready Leased Running RetryWait Suspended Awaiting Completed Failed Canceled",
        );
        assert_eq!(stats["source"], log.path());
        let is_newer = expected["reducer"].as_str().unwrap().contains("0.3.0");
        assert_eq!(stats["vocabulary"], if is_newer { "ActionQueue 0.2+" } else { "ActionQueue 0.1" });
        for (ours, theirs) in [
            (&stats["lines"], &expected["events"]),
            (&stats["applied"], &expected["events"]),
            (&stats["latest_sequence"], &expected["latest_sequence"]),
            (&stats["runs"], &expected["run_count"]),
            (&stats["tasks"], &expected["task_count"]),
            (&stats["attempts"]["total"], &expected["attempts_total"]),
            (&stats["attempts"]["open"], &expected["attempts_open_in_history"]),
            (&stats["engine_paused"], &expected["engine_paused"]),
        ] {
            assert_eq!(ours, theirs, "{expected:.0}");
        }
        for name in ["rejected", "unreadable", "ignored", "pending_bytes"] {
            assert_eq!(stats[name], 0);
        }
        for (ours, theirs) in [("states", "runs_by_state"), ("by_result", "attempts_by_result")] {
            let ours = if ours == "states" { &stats[ours] } else { &stats["attempts"][ours] };
            for (name, count) in ours.as_object().unwrap() {
                assert_eq!(count, expected[theirs].get(name).unwrap_or(&json!(0)), "{name}");
            }
        }
        assert_eq!(stats["problems"], json!({"total": 0, "by_kind": {}}));
    }
}

/// The least of sorted lengths that `percent` of a hundred do not exceed.
fn percentile(sorted: &[u64], percent: usize) -> u64 {
    sorted[(sorted.len() * percent).div_ceil(100) - 1]
}

#[test]
fn time_in_state_is_that_of_the_histories_that_the_engine_projected() {
    for (log, expected) in RECORDINGS {
        let expected: Value = serde_json::from_str(&read_text(expected)).unwrap();
        let stats = stats(&Log::new(&lines_of(log)));
        let times = &stats["time_in_state"];
        check_keys(times, "now by_state by_task other_tasks");
        check_keys(&times["by_state"], "Scheduled Ready Leased Running RetryWait Suspended Awaiting");
        let now = times["now"].as_u64().unwrap();
        let runs = expected["runs"].as_array().unwrap();
        for (state, ours) in times["by_state"].as_object().unwrap() {
            check_keys(ours, "closed open unknown");
            let (mut closed, mut open, mut unknown) = (vec![], vec![], 0);
            for run in runs {
                let history = run["state_history"].as_array().unwrap();
                // A lease that lapses takes its run back to Ready, and no history says when.
                let broken = |pair: &&[Value]| pair[0]["to"] != pair[1]["from"] && pair[1]["from"] == **state;
                unknown += history.windows(2).filter(broken).count();
                for (index, change) in history.iter().enumerate().filter(|(_, it)| it["to"] == **state) {
                    let at = |change: &Value| change["timestamp"].as_u64().unwrap();
                    let (from, later) = (at(change), history.get(index + 1));
                    let to = later.map_or(now, at);
                    // Some engines stamp a change with its sequence.
                    if from < 1_000_000_000 || to < from || later.is_some_and(|it| it["from"] != change["to"])
                    {
                        unknown += 1;
                    } else if later.is_some() {
                        closed.push(to - from);
                    } else {
                        open.push(to - from);
                    }
                }
            }
            assert_eq!(ours["unknown"], unknown, "{log} {state}");
            for (name, mut lengths) in [("closed", closed), ("open", open)] {
                lengths.sort_unstable();
                let ours = &ours[name];
                check_keys(ours, "count p50 p90 p99 max");
                assert_eq!(ours["count"], lengths.len(), "{log} {state}");
                let Some(max) = lengths.last() else {
                    assert_eq!(ours["p50"], Value::Null);
                    continue;
                };
                assert_eq!(ours["max"], *max, "{log} {state}");
                for (name, percent) in [("p50", 50), ("p90", 90), ("p99", 99)] {
                    let (ours, plain) = (ours[name].as_u64().unwrap(), percentile(&lengths, percent));
                    assert!(plain <= ours && ours - plain <= plain / 128, "{log} {state} {name}");
                }
            }
        }
        let by_task = times["by_task"].as_array().unwrap();
        let order = |task: &Value| {
            let name = task["task"].as_str();
            (name.is_none(), std::cmp::Reverse(task["runs"].as_u64()), name.map(str::to_owned))
        };
        assert!(by_task.is_sorted_by_key(order), "{log}");
        let n_runs: u64 = by_task.iter().map(|task| task["runs"].as_u64().unwrap()).sum();
        assert_eq!((&times["other_tasks"], n_runs), (&Value::Null, runs.len() as u64));
    }
}

#[test]
fn runs_are_those_that_the_engine_projected_in_order_of_their_ids() {
    for (log, expected) in RECORDINGS {
        let expected: Value = serde_json::from_str(&read_text(expected)).unwrap();
        let output = Log::new(&lines_of(log)).run(&["runs", "--json"]);
        assert_eq!(output.status.code(), Some(0));
        let runs = values(&output);
        assert!(runs.is_sorted_by_key(|run| run["run_id"].as_str().unwrap().to_owned()), "{log}");
        let projected: Vec<Value> = runs.iter().map(projected_part).collect();
        assert!(Value::Array(projected) == expected["runs"], "{log}");
    }
}

#[test]
fn a_table_of_runs_has_a_row_a_run_and_the_same_states() {
    let log = Log::new(&lines_of("tests/logs/live-small-mid.jsonl"));
    let output = log.run(&["runs"]);
    let table = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["RUN", "STATE", "ATTEMPTS", "PRIORITY", "OWNER", "TASK"]);
    let runs = values(&log.run(&["runs", "--json"]));
    assert_eq!(rows.len(), runs.len() + 1);
    for (row, run) in rows[1..].iter().zip(&runs) {
        assert_eq!((row[0], row[1]), (run["run_id"].as_str().unwrap(), run["state"].as_str().unwrap()));
    }
}

/// A log with lines of every sort of trouble, and for each the kind that is told of it.
fn troubled() -> (Vec<u8>, Vec<(usize, &'static str)>) {
    let recorded = read_text("tests/logs/live-small-mid.jsonl");
    let mut lines: Vec<String> = recorded.lines().take(1000).map(str::to_owned).collect();
    let mut expected = vec![];
    for (at, line, kind) in [
        (40, "not json at all".to_owned(), "unreadable"),
        (90, "{\"sequence\":91,\"event\":{\"RunCreated\":{}}}".to_owned(), "unreadable"),
        (120, lines[3].clone(), "sequence"),
        (150, "{\"sequence\":1,\"sequence\":2,\"event\":\"x\"}".to_owned(), "unreadable"),
    ] {
        lines.insert(at, line);
        expected.push((at + 1, kind));
    }
    let next = 2000;
    let completed = lines.iter().find(|line| line.contains("\"new_state\":\"Completed\"")).unwrap();
    let mut event: Value = serde_json::from_str(completed).unwrap();
    event["sequence"] = json!(next);
    lines.push(event.to_string());
    expected.push((lines.len(), "transition"));
    (format!("{}\n", lines.join("\n")).into_bytes(), expected)
}

#[test]
fn check_names_the_line_byte_kind_reason_sequence_and_run_of_each_problem() {
    let (bytes, expected) = troubled();
    let log = Log::new(&bytes);
    let output = log.run(&["check", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let problems = values(&output);
    let found: Vec<(usize, &str)> = problems
        .iter()
        .map(|it| (usize::try_from(it["line"].as_u64().unwrap()).unwrap(), it["kind"].as_str().unwrap()))
        .collect();
    assert_eq!(found, expected);
    for problem in &problems {
        check_keys(problem, "kind line offset sequence run_id reason");
        let start = usize::try_from(problem["offset"].as_u64().unwrap()).unwrap();
        let lines_before = bytes[..start].iter().filter(|byte| **byte == b'\n').count() as u64;
        assert!(start == 0 || bytes[start - 1] == b'\n', "{problem}");
        assert_eq!(problem["line"], lines_before + 1);
        assert!(!problem["reason"].as_str().unwrap().is_empty());
        let end = start + bytes[start..].iter().position(|byte| *byte == b'\n').unwrap();
        let line: Option<Value> = serde_json::from_slice(&bytes[start..end]).ok();
        if problem["kind"] == "unreadable" {
            assert_eq!((&problem["sequence"], &problem["run_id"]), (&Value::Null, &Value::Null));
        } else {
            assert_eq!(problem["sequence"], line.unwrap()["sequence"]);
        }
    }
    let last = problems.last().unwrap();
    let run = last["run_id"].as_str().unwrap();
    assert!(last["reason"].as_str().unwrap().contains(run), "{last}");

    let told = String::from_utf8(log.run(&["check"]).stdout).unwrap();
    let told: Vec<&str> = told.lines().collect();
    assert_eq!(told.len(), expected.len() + 1);
    for ((line, kind), (told, problem)) in expected.iter().zip(told.iter().zip(&problems)) {
        assert!(told.starts_with(&format!("{}:{line}: {kind}: ", log.path())), "{told}");
        assert!(told.contains(&format!("(byte {}", problem["offset"])), "{told}");
        if let Some(sequence) = problem["sequence"].as_u64() {
            assert!(told.ends_with(&format!(", #{sequence})")), "{told}");
        }
    }
    assert!(told.last().unwrap().contains(&format!("{} problems in 1005 lines", expected.len())));
}

#[test]
fn check_ends_with_0_without_problems_1_with_any_and_2_when_it_cannot_tell() {
    let clean = Log::new(&lines_of("tests/logs/cron.jsonl"));
    let one = Log::new(b"nonsense\n");
    for (log, strict, code, words) in [
        (&clean, &[][..], 0, "no problems in "),
        (&clean, &["--strict"], 0, "no problems in "),
        (&one, &[], 1, "1 problem in 1 line"),
        (&one, &["--strict"], 1, "1 problem in 1 line"),
    ] {
        let args: Vec<&str> = ["check"].iter().chain(strict).copied().collect();
        let output = log.run(&args);
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.lines().last().unwrap().contains(words), "{said}");
    }
    let missing = runwatch(&["check", "/nowhere/log.jsonl"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn a_strict_check_refuses_the_very_lines_that_the_engine_refuses() {
    let recorded = read_text("tests/logs/live-small-mid.jsonl");
    let joined_late: Vec<&str> = recorded.lines().skip(200).collect();
    let mut engine = storage01::recovery::reducer::ReplayReducer::new();
    let mut refused = vec![];
    for (index, line) in joined_late.iter().enumerate() {
        let event: storage01::wal::event::WalEvent = serde_json::from_str(line).unwrap();
        if engine.apply(&event).is_err() {
            refused.push(json!(index + 1));
        }
    }
    assert!(!refused.is_empty());
    let log = Log::new(format!("{}\n", joined_late.join("\n")).as_bytes());
    let output = log.run(&["check", "--strict", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<Value> = values(&output).iter().map(|problem| problem["line"].clone()).collect();
    assert_eq!(lines, refused);
}

/// Texts of a hostile log: a terminal's own language, and characters that hide or turn what follows.
const HOSTILE: &str =
    "\u{1b}]0;owned\u{7}\u{1b}[2J \u{9b}31m caf\u{e9} \u{202e}txt.exe \u{200b}\u{2066} \u{1f600} \u{7f}\r";

/// Every text of a log replaced by a hostile one, where its engine would still take it.
fn hostile(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let takes_any = ["owner", "error", "description", "reason"].contains(&key.as_str());
                match value {
                    Value::String(_) | Value::Null if takes_any => *value = json!(HOSTILE),
                    _ => hostile(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hostile),
        _ => {}
    }
}

#[test]
fn no_report_holds_a_byte_that_could_act_on_a_terminal() {
    let mut bytes = vec![];
    for line in read_text("tests/logs/live-small-mid.jsonl").lines() {
        let mut line = serde_json::from_str(line).unwrap();
        hostile(&mut line);
        writeln!(bytes, "{line}").unwrap();
    }
    // What is no event is quoted as well.
    writeln!(bytes, "{{\"sequence\":9000,\"event\":{{\"Odd\u{1b}[31m\u{202e}\":{{}}}}}}").unwrap();
    writeln!(bytes, "{HOSTILE}").unwrap();
    let log = Log::named("a\u{1b}[2J\u{202e}\n.jsonl", &bytes);
    assert_eq!(stats(&log)["runs"], 194);
    let owners: Vec<Value> = values(&log.run(&["runs", "--json"]))
        .iter()
        .filter_map(|run| run["lease"].get("owner").cloned())
        .collect();
    assert!(owners.len() > 5 && owners.iter().all(|owner| owner == HOSTILE), "the exact text is kept");
    for report in ["stats", "check", "runs", "diff"] {
        let json = log.run(&[report, "--json"]).stdout;
        assert!(!json.is_empty() && json.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n')), "{report}");
        let table = String::from_utf8(log.run(&[report]).stdout).unwrap();
        let acts = |c: char| {
            c.is_control() && c != '\n'
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!table.is_empty() && !table.contains(acts), "{report}: {table:?}");
    }
    let missing = runwatch(&["stats", "/nowhere/\u{1b}[2J\u{202e}"]).output().unwrap().stderr;
    assert!(!missing.contains(&0x1b), "{}", missing.escape_ascii());
}

#[test]
fn standard_input_gives_the_numbers_of_the_file() {
    let (bytes, _) = troubled();
    let log = Log::new(&bytes);
    let mut from_file = stats(&log);
    let [mut from_pipe]: [Value; 1] = values(&piped(&["stats", "--json", "-"], &bytes)).try_into().unwrap();
    assert_eq!(from_pipe["source"].take(), "stdin");
    assert_eq!(from_file["source"].take(), log.path());
    assert_eq!(from_pipe, from_file);
    for report in ["runs", "check"] {
        let (file, pipe) = (log.run(&[report, "--json"]), piped(&[report, "--json", "-"], &bytes));
        assert_eq!(pipe.status.code(), file.status.code());
        assert!(pipe.stdout == file.stdout, "{report}");
    }
}

#[test]
fn a_torn_last_line_is_pending_in_a_file_and_final_in_a_pipe() {
    let recorded = lines_of("tests/logs/cron.jsonl");
    let whole = &recorded[..recorded.len() - 1];
    let torn = &recorded[..recorded.len() - 30];
    let n_lines = recorded.iter().filter(|byte| **byte == b'\n').count() as u64;
    for (bytes, is_event) in [(whole, true), (torn, false)] {
        let start = bytes.iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
        let file = stats(&Log::new(bytes));
        assert_eq!(file["lines"], n_lines - 1);
        assert_eq!(file["pending_bytes"], bytes.len() - start);
        assert_eq!(file["problems"]["total"], 0);
        let pipe = &values(&piped(&["stats", "--json", "-"], bytes))[0];
        assert_eq!((&pipe["lines"], &pipe["pending_bytes"]), (&json!(n_lines), &json!(0)));
        assert_eq!(pipe["unreadable"], u64::from(!is_event));
        assert_eq!(pipe["applied"], n_lines - u64::from(!is_event));
    }
    let said = Log::new(torn).run(&["check"]);
    assert_eq!(said.status.code(), Some(0));
    assert!(String::from_utf8(said.stdout).unwrap().contains("bytes of a last line without its end"));
}

/// Reads one line of a report, and leaves.
fn first_line(mut child: Child) -> (String, Output) {
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (line, child.wait_with_output().unwrap())
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let runs = Log::new(&lines_of("tests/logs/live-small.jsonl.gz"));
    let problems = Log::new(&b"no event at all\n".repeat(20_000));
    for (log, report, code) in [
        (&runs, &["runs", "--json"][..], 0),
        (&runs, &["stats", "--json"], 0),
        (&runs, &["stats"], 0),
        (&runs, &["check"], 0),
        (&problems, &["check", "--json"], 1),
        (&problems, &["check"], 1),
    ] {
        let args: Vec<&str> = report.iter().copied().chain([log.path()]).collect();
        let (line, output) = first_line(runwatch(&args).spawn().unwrap());
        assert!(line.ends_with('\n'), "{report:?}");
        assert_eq!(output.status.code(), Some(code), "{report:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{report:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_says_so() {
    let log = Log::new(&lines_of("tests/logs/cron.jsonl"));
    for report in ["stats", "check", "runs"] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = runwatch(&[report, log.path()]).stdout(full).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{report}: {said}");
        assert!(said.starts_with("runwatch: failed to write the report: "), "{said}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_line_of_a_damaged_log_is_accounted_for(
        log in prop::sample::select(vec!["cron.jsonl", "v030-crash-recovery.jsonl", "panic-heartbeats.jsonl", "samples-0.3.0.jsonl"]),
        wear in prop::collection::vec(any_wear(), 0..8),
    ) {
        let bytes = worn(lines_of(&format!("tests/logs/{log}")), &wear);
        let log = Log::new(&bytes);
        let stats = stats(&log);
        prop_assert_eq!(&stats["lines"], sum_of_lines(&stats));
        prop_assert_eq!(&stats["lines"], bytes.iter().filter(|byte| **byte == b'\n').count());
        let torn = bytes.len() - bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        prop_assert_eq!(&stats["pending_bytes"], torn);
        let check = log.run(&["check", "--json"]);
        let problems = values(&check);
        prop_assert_eq!(&stats["problems"]["total"], problems.len());
        prop_assert_eq!(check.status.code(), Some(i32::from(!problems.is_empty())));
    }
}

#[test]
fn a_pipe_with_a_name_is_read_to_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let fifo = dir.path().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
    let mut child = runwatch(&["stats", "--json", fifo.to_str().unwrap()]).spawn().unwrap();
    let bytes = lines_of("tests/logs/cron.jsonl");
    fs::File::options().write(true).open(&fifo).unwrap().write_all(&bytes).unwrap();
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success());
    let stats: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(stats["lines"], bytes.iter().filter(|byte| **byte == b'\n').count());
}
