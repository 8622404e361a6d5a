//! Cancels over HTTP against ActionQueue's own daemons, of both versions: every answer that they give, and what their
//! logs say afterwards.

use std::collections::BTreeMap;

use runwatch::control::command::CommandKind;
use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::event::Vocabulary;
use runwatch::engine::actionqueue::states::RunState;
use runwatch::model::id::{RunId, TaskId};
use runwatch::store::{Rules, Store};

use crate::common::{fold, fold_into, read_text};
use crate::daemons::{Controls, Daemon, TENANTS_TOKEN, TOKEN, any_port, start_01, start_03};
use crate::sending::{self, Line};

/// A log that an engine wrote, up to the moment at which its runs are in every state that the engine has.
fn log(vocabulary: Vocabulary) -> String {
    let (path, unseen) = match vocabulary {
        Vocabulary::Aq01 => ("tests/logs/live-small-mid.jsonl", &[RunState::Awaiting][..]),
        _ => ("tests/logs/v030-small.jsonl.gz", &[][..]),
    };
    let text = read_text(path);
    let mut store = actionqueue::store(Rules::Strict);
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        fold_into(&mut store, line.as_bytes());
        length += line.len();
        let is_there = |state: &RunState| !store.lane(*state).is_empty() || unseen.contains(state);
        if RunState::ALL.iter().all(is_there) {
            return text[..length].to_owned();
        }
    }
    panic!("{path} never has a run in every state");
}

/// A run in each state, and its task.
fn one_of_each(log: &str) -> BTreeMap<RunState, (RunId, TaskId)> {
    let store = fold(log.as_bytes(), Rules::Strict);
    assert_eq!(store.problems().total(), 0);
    let runs = store.keys().map(|key| store.run(key));
    runs.map(|run| (run.state.into(), (run.id, run.task_id))).collect()
}

fn state_of(store: &Store, run: RunId) -> RunState {
    store.run(store.find(run).unwrap()).state.into()
}

/// Cancels a run in each state, and looks what the daemon says and what is in its log.
fn check_each_state(daemon: &Daemon, log: &str, token: Option<&str>, unseen: &[RunState]) {
    let mut line = Line::to(&daemon.origin(), token);
    let runs = one_of_each(log);
    for state in RunState::ALL {
        let Some(&(run, _)) = runs.get(&state) else {
            assert!(unseen.contains(&state), "no run is {}", state.name());
            continue;
        };
        let ended = format!("{}: the run has ended already; the log tells how", daemon.origin());
        let has_ended = matches!(state, RunState::Completed | RunState::Failed);
        let expected = has_ended.then(|| ended.clone());
        let after = if expected.is_some() { state } else { RunState::Canceled };
        // A second time is no harm.
        for _ in 0..2 {
            let words = line.send(CommandKind::Cancel { run });
            // What was canceled with its task has ended for the later daemon; what was canceled itself, once more is.
            let is_so = words == expected || (state == RunState::Canceled && words == Some(ended.clone()));
            assert!(is_so, "{}: {words:?}", state.name());
            let store = fold(&daemon.log(), Rules::Strict);
            assert_eq!(state_of(&store, run), after);
            assert_eq!(store.problems().total(), 0);
        }
    }
    let stranger = line.send(sending::any_run()).unwrap();
    assert!(stranger.contains("it knows no such run") && stranger.ends_with("this log is of?"), "{stranger}");
    let nil = line.send(CommandKind::Cancel { run: RunId::nil() }).unwrap();
    assert!(nil.contains("it does not understand the command") || nil.contains("no such run"), "{nil}");
}

#[test]
fn the_daemon_of_0_1_cancels_a_run_in_every_state() {
    let log = log(Vocabulary::Aq01);
    let daemon = start_01(&log, Controls::Enabled, any_port());
    check_each_state(&daemon, &log, None, &[RunState::Awaiting]);
    // It knows no tokens, and takes no offense at one.
    let mut line = Line::to(&daemon.origin(), Some(TOKEN));
    let (run, _) = one_of_each(&log)[&RunState::Canceled];
    assert_eq!(line.send(CommandKind::Cancel { run }), None);
}

#[test]
fn the_daemon_of_0_3_cancels_a_run_in_every_state() {
    let log = log(Vocabulary::Aq02);
    let daemon = start_03(&log, Controls::Enabled, any_port());
    check_each_state(&daemon, &log, Some(TOKEN), &[]);
}

#[test]
fn a_whole_task_is_canceled_with_its_runs() {
    type Start = fn(&str, Controls, std::net::SocketAddr) -> Daemon;
    for (vocabulary, start) in [(Vocabulary::Aq01, start_01 as Start), (Vocabulary::Aq02, start_03)] {
        let log = log(vocabulary);
        let daemon = start(&log, Controls::Enabled, any_port());
        let mut line = Line::to(&daemon.origin(), Some(TOKEN));
        let (run, task) = one_of_each(&log)[&RunState::Ready];
        for _ in 0..2 {
            assert_eq!(line.send(CommandKind::CancelTask { task }), None, "{vocabulary:?}");
        }
        assert_eq!(state_of(&fold(&daemon.log(), Rules::Strict), run), RunState::Canceled);
        let words = line.send(CommandKind::CancelTask { task: TaskId::random() }).unwrap();
        assert!(words.contains("it knows no such task") && words.ends_with("this log is of?"), "{words}");
    }
}

#[test]
fn a_token_is_wanted_and_must_be_the_right_one() {
    let log = log(Vocabulary::Aq02);
    let daemon = start_03(&log, Controls::Enabled, any_port());
    let (run, task) = one_of_each(&log)[&RunState::Ready];
    let wrong = "x".repeat(32);
    for (token, expected) in [
        (None, "it wants a token (unauthenticated); give one with --token-file or RUNWATCH_TOKEN"),
        (
            Some(&*wrong),
            "it does not know the token (unauthenticated); look at --token-file or RUNWATCH_TOKEN",
        ),
        (
            Some(TENANTS_TOKEN),
            "it knows no such run, or none that the token may cancel; is it the daemon that this log is of?",
        ),
    ] {
        let mut line = Line::to(&daemon.origin(), token);
        assert_eq!(line.send(CommandKind::Cancel { run }), Some(format!("{}: {expected}", daemon.origin())));
        let of_task = expected.replace("such run", "such task");
        assert_eq!(
            line.send(CommandKind::CancelTask { task }),
            Some(format!("{}: {of_task}", daemon.origin()))
        );
        let record = std::fs::read_to_string(line.record_path()).unwrap();
        assert!(token.is_none_or(|token| !record.contains(token)));
    }
    assert_eq!(state_of(&fold(&daemon.log(), Rules::Strict), run), RunState::Ready);
}

#[test]
fn a_daemon_that_takes_no_cancels_says_how_it_would() {
    let (first, later) = (log(Vocabulary::Aq01), log(Vocabulary::Aq02));
    for (daemon, log) in [
        (start_01(&first, Controls::Disabled, any_port()), &first),
        (start_03(&later, Controls::Disabled, any_port()), &later),
    ] {
        let mut line = Line::to(&daemon.origin(), Some(TOKEN));
        let (run, task) = one_of_each(log)[&RunState::Ready];
        for kind in [CommandKind::Cancel { run }, CommandKind::CancelTask { task }] {
            let expected = "it takes no cancels; start the daemon with --enable-control";
            assert_eq!(line.send(kind), Some(format!("{}: {expected}", daemon.origin())));
        }
    }
}

#[test]
fn a_daemon_that_was_replaced_by_the_other_version_is_understood() {
    let (first, later) = (log(Vocabulary::Aq01), log(Vocabulary::Aq02));
    let daemon = start_01(&first, Controls::Enabled, any_port());
    let address = daemon.address;
    let mut line = Line::to(&daemon.origin(), Some(TOKEN));
    let (run, _) = one_of_each(&first)[&RunState::Ready];
    assert_eq!(line.send(CommandKind::Cancel { run }), None);
    drop(daemon);
    let words = line.send(CommandKind::Cancel { run }).unwrap();
    assert!(words.contains("cannot be reached: Connection refused"), "{words}");

    let daemon = start_03(&later, Controls::Enabled, address);
    let (run, _) = one_of_each(&later)[&RunState::Ready];
    assert_eq!(line.send(CommandKind::Cancel { run }), None);
    assert_eq!(state_of(&fold(&daemon.log(), Rules::Strict), run), RunState::Canceled);
    drop(daemon);

    let daemon = start_01(&first, Controls::Enabled, address);
    let (run, _) = one_of_each(&first)[&RunState::Scheduled];
    assert_eq!(line.send(CommandKind::Cancel { run }), None);
    assert_eq!(state_of(&fold(&daemon.log(), Rules::Strict), run), RunState::Canceled);
}

#[test]
fn many_cancels_go_at_once_and_each_is_on_record_before_and_after() {
    let log = log(Vocabulary::Aq02);
    let daemon = start_03(&log, Controls::Enabled, any_port());
    let store = fold(log.as_bytes(), Rules::Strict);
    let runs: Vec<RunId> = store
        .keys()
        .map(|key| store.run(key))
        .filter(|run| !run.state.is_terminal())
        .map(|run| run.id)
        .collect();
    let kinds: Vec<CommandKind> = runs.iter().map(|run| CommandKind::Cancel { run: *run }).collect();
    let mut line = Line::to(&daemon.origin(), Some(TOKEN));
    let (n_sent, took) = line.send_many(&kinds);
    assert_eq!(n_sent, runs.len());
    println!("{n_sent} cancels over HTTP in {took:?}");
    let after = fold(&daemon.log(), Rules::Strict);
    assert!(runs.iter().all(|run| state_of(&after, *run) == RunState::Canceled));

    let record = line.record();
    assert_eq!(record.len(), 2 * runs.len());
    let mut asked: Vec<&str> = vec![];
    for line in &record {
        let id = line["id"].as_str().unwrap();
        if line["outcome"].is_null() {
            assert_eq!(line["target"], daemon.origin());
            asked.push(id);
        } else {
            assert!(line["outcome"] == "sent" && asked.contains(&id), "{line}");
        }
    }
}
