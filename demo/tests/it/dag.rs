//! dag-executor under the host: its own report, its state directory and the host's log say the same.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use dag_executor::dag::ExecutionReport;
use dag_executor::state::{TaskRecord, TaskState};
use dag_executor::storage::{FileStorage, Storage};
use demo::commands::Commands;
use demo::dag::graph::{MAX_ATTEMPTS, Night, PlannedTask};
use demo::dag::host::Host;
use demo::dag::journal::Node;
use demo::dag::work::{Mishap, MishapKind, Work};
use demo::engine::Engine;
use demo::plan::{EngineKind, Plan, Tally};
use demo::stop::Stop;
use runwatch::args::{Cancel, Environment, GivenArgs};
use runwatch::commands::read::fold_log;
use runwatch::commands::{cancel, runs};
use runwatch::control::target::Target;
use runwatch::engine;
use runwatch::source::origin::Origin;
use runwatch::store::Rules;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::running::wait_for;

const ALWAYS: u32 = MAX_ATTEMPTS;

fn plan(dir: &TempDir, rate: f64, runs: usize) -> Plan {
    Plan {
        engine: EngineKind::Dag,
        store: dir.path().join("state"),
        log: Some(dir.path().join("demo.jsonl")),
        graph: dir.path().join("graph.json"),
        control: dir.path().join("control.jsonl"),
        seed: 3,
        rate,
        runs,
        lasting: None,
        outage: None,
    }
}

/// A task, the tasks that it depends on, and what goes wrong with it in how many attempts.
fn task(id: &str, deps: &[&str], mishap: Option<(MishapKind, u32)>) -> PlannedTask {
    let deps = deps.iter().map(|it| (*it).to_owned()).collect();
    let mishap = mishap.map(|(kind, attempts)| Mishap { kind, attempts });
    let work = Work { takes: Duration::from_millis(5), output: json!({ "of": id, "x": 0.1 }), mishap };
    PlannedTask { node: Node { id: id.to_owned(), deps, priority: 0 }, work }
}

/// Executes a night on a thread of its own; returns the engine's report when it has ended.
fn execute(plan: &Plan, stop: &Stop, night: Night) -> JoinHandle<(ExecutionReport, Tally)> {
    let log = File::create(plan.log.as_ref().unwrap()).unwrap();
    let commands = Commands::open(&plan.control).unwrap();
    let mut host = Host::open(plan, log, commands, stop.clone()).unwrap();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let report = runtime.block_on(host.execute(night)).unwrap();
        (report, host.tally())
    })
}

/// The lines of `runs --json` of a log that must have no problem, by id.
fn read(log: PathBuf) -> BTreeMap<String, Value> {
    let (store, end) = fold_log(&Origin::Path(log), engine::store(Rules::Lenient), |_| Ok(())).unwrap();
    assert_eq!((store.problems().total(), store.tally().ignored, end.pending), (0, 0, 0));
    let mut lines = Vec::new();
    runs::write(&mut lines, &store, None, true).unwrap();
    let lines = String::from_utf8(lines).unwrap();
    let tasks = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    tasks.map(|task| (task["id"].as_str().unwrap().to_owned(), task)).collect()
}

/// A record with the keys of `runs --json`.
fn reported(record: &TaskRecord) -> Value {
    json!({
        "id": record.id, "state": record.state, "attempts": record.attempts, "created_at": record.created_at,
        "updated_at": record.updated_at, "started_at": record.started_at, "finished_at": record.finished_at,
        "duration_ms": record.duration_millis(), "error": record.error, "output": record.output,
    })
}

/// Holds the log and the state directory of a plan to the engine's report, and returns the tasks of the log.
fn check(plan: &Plan, report: &ExecutionReport) -> BTreeMap<String, Value> {
    let tasks = read(plan.log.clone().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let files = FileStorage::open(&plan.store).unwrap();
    for (id, record) in &report.records {
        let expected = reported(record);
        for (key, value) in expected.as_object().unwrap() {
            let both = (&tasks[id][key], value);
            assert!(both.0 == both.1 || record.state == TaskState::Pending, "{id}: {key} {both:?}");
        }
        let made = tasks[id]["attempts_made"].as_array().unwrap();
        assert_eq!(made.len(), record.attempts as usize, "{id}: each attempt is told");
        assert_eq!(made.last().map_or(&Value::Null, |it| &it["error"]), &json!(record.error), "{id}");
        let saved = runtime.block_on(files.load(&format!("record:{id}"))).unwrap();
        assert_eq!(saved, Some(serde_json::to_value(record).unwrap()), "the directory has it");
    }
    assert_eq!(tasks.len(), report.records.len());
    tasks
}

fn states(report: &ExecutionReport) -> BTreeMap<&str, TaskState> {
    report.records.iter().map(|(id, record)| (id.as_str(), record.state)).collect()
}

fn lines_with(plan: &Plan, text: &str) -> Vec<String> {
    let log = fs::read_to_string(plan.log.as_ref().unwrap()).unwrap();
    log.lines().filter(|line| line.contains(text)).map(str::to_owned).collect()
}

#[test]
fn every_outcome_is_in_the_log_as_in_the_engines_report() {
    use MishapKind::{Fail, Hang, Refuse};
    let dir = tempfile::tempdir().unwrap();
    let plan = plan(&dir, 200.0, 1);
    let tasks = vec![
        task("ok", &[], None),
        task("flaky", &["ok"], Some((Fail("HTTP 503"), 2))),
        task("late", &["ok"], Some((Hang, 1))),
        task("broken", &["ok"], Some((Fail("no such\ntable"), ALWAYS))),
        task("after", &["broken", "flaky"], None),
        task("after that", &["after"], None),
        task("refused", &[], Some((Refuse("no rows"), ALWAYS))),
        task("stuck", &[], Some((Hang, ALWAYS))),
        task("called off", &["late"], Some((Hang, ALWAYS))),
        task("never", &["called off"], None),
    ];
    let night = Night { tasks, called_off: Some("called off".to_owned()) };
    let (report, tally) = execute(&plan, &Stop::default(), night).join().unwrap();

    let attempts = |id: &str| (report.records[id].state, report.records[id].attempts);
    assert_eq!(attempts("ok"), (TaskState::Completed, 1));
    assert_eq!(attempts("flaky"), (TaskState::Completed, 3));
    assert_eq!(attempts("late"), (TaskState::Completed, 2));
    assert_eq!(attempts("broken"), (TaskState::DeadLettered, 3));
    assert_eq!(attempts("refused"), (TaskState::DeadLettered, 1));
    assert_eq!(attempts("stuck"), (TaskState::DeadLettered, 3));
    assert_eq!(attempts("called off").0, TaskState::Cancelled);
    for id in ["after", "after that", "never"] {
        assert_eq!(attempts(id), (TaskState::Skipped, 0));
    }
    assert_eq!(report.records["stuck"].error.as_deref(), Some("task timed out after 160ms"));
    assert_eq!((tally.runs, tally.canceled, tally.refused, tally.ignored), (10, 1, 0, 0));

    let tasks = check(&plan, &report);
    let results = |id: &str| {
        let made = tasks[id]["attempts_made"].as_array().unwrap();
        made.iter().map(|it| it["result"].as_str().unwrap_or("-").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(results("flaky"), ["Failure", "Failure", "Success"]);
    assert_eq!(results("late"), ["Timeout", "Success"]);
    assert_eq!(results("stuck"), ["Timeout"; 3]);
    assert_eq!(tasks["after that"]["root_cause"], "broken");
    assert_eq!(tasks["never"]["root_cause"], "called off");
    assert_eq!(tasks["flaky"]["unblocked_by"], "ok");
    assert_eq!(tasks["after"]["depends_on"], json!(["broken", "flaky"]));
    assert_eq!(lines_with(&plan, r#""cmd":"cancel called off","by":"oncall@demo""#).len(), 1);
    assert_eq!(lines_with(&plan, r#""ev":"run_end""#).len(), 1);
}

#[test]
fn a_script_cancels_one_task_and_what_has_ended_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let plan = plan(&dir, 20.0, 1);
    let tasks = vec![
        task("ok", &[], None),
        task("long \u{fc}", &[], Some((MishapKind::Hang, ALWAYS))),
        task("after", &["long \u{fc}"], None),
    ];
    let execution = execute(&plan, &Stop::default(), Night { tasks, called_off: None });
    let has = |text: &str| (!lines_with(&plan, text).is_empty()).then_some(());
    wait_for("end of a task", || has(r#""state":"completed""#));
    wait_for("attempt", || has("\"ev\":\"attempt_start\",\"id\":\"long \u{fc}\""));
    let command = |id: &str, run: &str| json!({ "v": 1, "id": id, "command": "cancel", "run_id": run, "by": { "user": "ada", "host": "desk" } });
    let lines = [
        command("11111111-1111-4111-8111-111111111111", "ok").to_string(),
        command("11111111-1111-4111-8111-111111111112", "not there").to_string(),
        "no command\n".to_owned(),
    ];
    fs::write(&plan.control, lines.join("\n")).unwrap();

    let cancel = Cancel {
        all: false,
        source: Origin::Path(plan.log.clone().unwrap()),
        given: GivenArgs::default(),
        runs: vec!["long \u{fc}".to_owned()],
        query: None,
        control: Target::File(plan.control.clone()),
        token_file: None,
        control_rate: NonZeroU32::new(1000).unwrap(),
        evidence_timeout: Duration::from_secs(20),
        wait: true,
        json: false,
        yes: true,
    };
    let code = cancel::run(&cancel, &Environment::read().unwrap()).unwrap();
    assert!(format!("{code:?}").contains("(0)"), "the log proves it: {code:?}");

    let (report, tally) = execution.join().unwrap();
    let (ok, canceled, skipped) = (TaskState::Completed, TaskState::Cancelled, TaskState::Skipped);
    let expected = BTreeMap::from([("ok", ok), ("long \u{fc}", canceled), ("after", skipped)]);
    assert_eq!(states(&report), expected);
    assert_eq!((tally.canceled, tally.refused, tally.ignored), (1, 2, 1));
    assert_eq!(check(&plan, &report)["after"]["root_cause"], "long \u{fc}");
    assert_eq!(lines_with(&plan, r#""ev":"control""#).len(), 1);
}

#[test]
fn a_stop_cancels_what_is_dispatched_and_skips_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let plan = plan(&dir, 20.0, 1);
    let hang = Some((MishapKind::Hang, ALWAYS));
    // More than may execute at once.
    let mut tasks: Vec<_> = (0..12).map(|n| task(&format!("long {n}"), &[], hang)).collect();
    tasks.push(task("after", &["long 0"], None));
    let stop = Stop::default();
    let execution = execute(&plan, &stop, Night { tasks, called_off: None });
    wait_for("eight attempts", || (lines_with(&plan, r#""ev":"attempt_start""#).len() == 8).then_some(()));
    stop.ask();
    let (report, _) = execution.join().unwrap();
    for (id, state) in states(&report) {
        assert_eq!(state, if id == "after" { TaskState::Skipped } else { TaskState::Cancelled }, "{id}");
    }
    check(&plan, &report);
    assert_eq!(lines_with(&plan, r#""ev":"attempt_start""#).len(), 8, "what waited was not begun");
    assert_eq!(lines_with(&plan, r#""cmd":"cancel-run""#).len(), 1);
    let last = fs::read_to_string(plan.log.as_ref().unwrap()).unwrap().lines().last().unwrap().to_owned();
    assert!(last.starts_with(r#"{"ev":"run_end""#), "{last}");
}

#[test]
fn a_further_execution_is_told_apart_from_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let plan = plan(&dir, 100.0, 134);
    let tally = Engine::start(plan.clone(), Stop::default()).unwrap().wait().unwrap();
    assert_eq!((tally.runs, tally.canceled, tally.refused), (266, 2, 0));
    let tasks = read(plan.log.unwrap());
    assert_eq!(tasks.len(), 133);
    for (id, task) in &tasks {
        assert_eq!(task["execution"], 2, "{id}");
        assert_eq!(task["state"] == "skipped", !task["root_cause"].is_null(), "{id}");
        let mut states = task["state_history"].as_array().unwrap().iter().skip(1).map(|it| it["to"].clone());
        assert!(states.any(|it| it == "pending"), "{id} began again");
        let made = task["attempts_made"].as_array().unwrap();
        let open = made.iter().filter(|it| it["finished_at"].is_null()).count();
        // One that was canceled has no result.
        assert!(open == 0 || open <= 2 && id.ends_with(".backfill"), "{id}: {made:?}");
    }
    let n_in = |state: &str| tasks.values().filter(|task| task["state"] == state).count();
    assert_eq!(["cancelled", "dead_lettered", "running", "pending"].map(n_in), [1, 3, 0, 0]);
    assert!(n_in("skipped") > 3 && n_in("completed") > 80);
}
