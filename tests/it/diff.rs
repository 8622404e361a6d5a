//! Differences between two instants, held to what is projected at each of them.

use std::collections::HashMap;
use std::fs;

use runwatch::commands::diff::Comparison;
use runwatch::engine::actionqueue::states::RunState;
use runwatch::model::facts::AttemptResult;
use runwatch::store::Store;
use runwatch::view::instant::When;
use serde_json::{Value, json};

use crate::common::program::{Log, runwatch, text};
use crate::common::{self, RECORDINGS, lines_of, projected_runs};
use crate::instants::stage::{Stage, ends};

fn when(text: &str) -> When {
    When::parse(text).unwrap()
}

/// Returns the changes, found from what is projected at both instants.
fn plain_diff(before: &Store, after: &Store) -> Vec<(String, Value, Value)> {
    let sides = [before, after].map(|store| {
        let Value::Array(runs) = projected_runs(store) else { panic!("runs are an array") };
        let side = runs.into_iter().map(|run| {
            let it = json!({"state": run["state"], "attempt_count": run["attempt_count"]});
            (run["run_id"].as_str().unwrap().to_owned(), it)
        });
        side.collect::<HashMap<_, _>>()
    });
    let mut ids: Vec<&String> = sides.iter().flat_map(HashMap::keys).collect();
    ids.sort();
    ids.dedup();
    let of = |side: &HashMap<String, Value>, id: &String| side.get(id).cloned().unwrap_or_default();
    let all = ids.into_iter().map(|id| (id.clone(), of(&sides[0], id), of(&sides[1], id)));
    all.filter(|(_, before, after)| before != after).collect()
}

fn check_diff(stage: &Stage, from: &str, to: &str) {
    let (before, after) = (stage.fold_to(from), stage.fold_to(to));
    let comparison = Comparison::of(&mut stage.instants(), &when(from), &when(to)).unwrap();
    let mut report = vec![];
    comparison.write(&mut report, "log", true).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let runs = report["runs"].as_array().unwrap();
    let found: Vec<(String, Value, Value)> = runs
        .iter()
        .map(|run| (run["run_id"].as_str().unwrap().to_owned(), run["before"].clone(), run["after"].clone()))
        .collect();
    assert_eq!(found, plain_diff(&before, &after), "{from} {to}");
    let later = if before.tally().lines > after.tally().lines { &before } else { &after };
    for run in runs {
        let key = later.find(run["run_id"].as_str().unwrap().parse().unwrap()).unwrap();
        assert_eq!(run["last_sequence"], later.run(key).last.sequence);
        let kind = match (run["before"].is_null(), run["after"].is_null()) {
            (true, _) => "new",
            (_, true) => "gone",
            _ => "changed",
        };
        assert_eq!(run["kind"], kind);
    }
    for kind in ["new", "changed", "gone"] {
        assert_eq!(report[kind], runs.iter().filter(|run| run["kind"] == kind).count());
    }
    let count = |before: usize, after: usize| {
        let [was, is] = [before, after].map(|count| i64::try_from(count).unwrap());
        json!({"before": before, "after": after, "change": is - was})
    };
    assert_eq!(report["total"], count(before.len(), after.len()));
    for state in RunState::ALL {
        let expected = count(before.lane(state).len(), after.lane(state).len());
        assert_eq!(report["states"][state.name()], expected);
    }
    let failures = [&before, &after].map(|store| {
        let ended = store.attempts().by_result;
        let failed = [AttemptResult::Failure, AttemptResult::Timeout].map(|result| ended[result as usize]);
        usize::try_from(failed.iter().sum::<u64>()).unwrap()
    });
    assert_eq!(report["failures"], count(failures[0], failures[1]));
    let problems = [&before, &after].map(|store| usize::try_from(store.problems().total()).unwrap());
    assert_eq!(report["problems"], count(problems[0], problems[1]));
    assert_eq!(comparison.changes().runs.len(), found.len());
}

#[test]
fn a_diff_is_what_the_projections_of_both_instants_differ_in_forward_and_backward() {
    for path in
        RECORDINGS.iter().map(|(path, _)| *path).chain(["assets/incident.jsonl", "assets/orders.jsonl"])
    {
        let bytes = lines_of(path);
        let stage = Stage::new(&bytes);
        let n_lines = ends(&bytes).len() - 1;
        let [third, half] = [3, 2].map(|part| format!("line:{}", n_lines / part));
        check_diff(&stage, &third, "end");
        check_diff(&stage, &half, &third);
        check_diff(&stage, &half, &half);
        if n_lines < 10_000 {
            check_diff(&stage, "start", "end");
            check_diff(&stage, "end", "start");
            check_diff(&stage, "-2s", &third);
        }
    }
}

#[test]
fn a_diff_is_a_summary_and_a_run_a_line() {
    for (name, path, from, to) in [
        ("orders", "assets/orders.jsonl", "#290", "#300"),
        ("orders_backward", "assets/orders.jsonl", "#300", "#290"),
        ("incident", "assets/incident.jsonl", "#2000", "#2060"),
        ("nothing", "assets/orders.jsonl", "end", "end"),
    ] {
        let mut command = runwatch(&["diff", path, "--from", from, "--to", to]);
        let output = command.env("TZ", "UTC").current_dir(common::file("")).output().unwrap();
        insta::assert_snapshot!(name, text(&output));
    }
    let mut whole = runwatch(&["diff", "assets/orders.jsonl"]);
    let whole = text(&whole.current_dir(common::file("")).output().unwrap());
    assert!(whole.contains("109 new, 0 changed, 0 gone"), "{whole}");
    assert_eq!(whole.lines().skip_while(|line| !line.starts_with("RUN ")).count(), 110);
}

#[test]
fn standard_input_has_the_differences_of_the_file() {
    let log = Log::new(&lines_of("assets/orders.jsonl"));
    let diff = |log: &Log, source: &str| -> Value {
        let mut command = runwatch(&["diff", source, "--json", "--from", "-5s", "--to", "-10s"]);
        let output = command.stdin(fs::File::open(&log.path).unwrap()).output().unwrap();
        serde_json::from_str(&text(&output)).unwrap()
    };
    let (mut pipe, mut file) = (diff(&log, "-"), diff(&log, log.path()));
    assert_eq!(pipe["source"].take(), "stdin");
    assert_eq!(file["source"].take(), log.path());
    assert_eq!(pipe, file);
    assert!(pipe["gone"].as_u64() > Some(0));
}

/// Programs read what `runs` and `diff` write, so they tell it on standard error.
#[test]
fn what_was_rotated_away_before_a_log_is_told_by_every_report() {
    let lines = common::read_text("tests/logs/live-small-mid.jsonl");
    let at = lines.match_indices('\n').nth(599).unwrap().0 + 1;
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("orders.jsonl");
    fs::write(dir.path().join("orders.jsonl.1"), &lines[..at]).unwrap();
    fs::write(&log, &lines[at..]).unwrap();
    for command in
        [&["runs"][..], &["runs", "--json"], &["runs", "--at", "end"], &["diff"], &["diff", "--json"]]
    {
        let output = runwatch(&[command, &[log.to_str().unwrap()]].concat()).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.starts_with("runwatch: the log begins at #601; orders.jsonl.1 lies beside"), "{told}");
        assert!(told.trim_end().ends_with(&format!("| runwatch {} -`", command[0])), "{told}");
    }
    for command in [&["stats"][..], &["check"]] {
        let output = runwatch(&[command, &[log.to_str().unwrap()]].concat()).output().unwrap();
        assert!(String::from_utf8(output.stdout).unwrap().contains("the log begins at #601; "));
    }
}
