//! Cancels of engines that differ in what they cancel and in what their logs prove, through a command line of one's own.

use std::time::Duration;

use runwatch::app::{AskedWhole, DialogKind, Step};
use runwatch::control::command::{Command, CommandKind};
use runwatch::control::outcome::Outcome;
use runwatch::control::refusal::SendError;
use runwatch::engine::actionqueue::Registry;
use runwatch::model::id::{RunId, TaskId};
use runwatch::model::kind::KindId;
use runwatch::model::position::Position;
use runwatch::model::states::{CancelProof, Phase, StateRow, StateSet, StateTable};
use runwatch::model::task::{RunPolicy, Task};
use runwatch::model::time::Unit;
use runwatch::store::write::NewRun;
use runwatch::store::{Last, Rules, Store};

use crate::stage::Stage;

const SECOND: u64 = 1_795_196_272;

const fn row(name: &'static str, phase: Phase) -> StateRow {
    let (next, cancelable) = (StateSet::NONE, !phase.is_terminal());
    StateRow { name, label: name, short: name, glyph: "o", ascii: "o", phase, cancelable, next }
}

/// In the order of the engine whose data the store has.
const ROWS: &[StateRow] = &[
    row("Asleep", Phase::Pending),
    row("Queued", Phase::Ready),
    row("Taken", Phase::Held),
    row("Busy", Phase::Running),
    row("Again", Phase::Retrying),
    row("Halted", Phase::Parked),
    row("Fine", Phase::Succeeded),
    row("Broken", Phase::Failed),
    row("Revoked", Phase::Canceled),
    row("Waits", Phase::Parked),
];

static RUNS: StateTable = StateTable::new(ROWS).with_text_ids();
static UNPROVED: StateTable =
    StateTable::new(ROWS).with_text_ids().with_cancel_proof(CancelProof::Unconfirmed);
static PARENTS: StateTable = StateTable::new(ROWS).with_text_ids().with_cancel_of_parent();
static NO_WAY: StateTable = StateTable::new(&[StateRow { cancelable: false, ..row("Busy", Phase::Running) }]);

/// A log of runs, each as its id, the name of its task and the parent of that.
fn log(table: &'static StateTable, runs: &[(&str, &str, Option<&str>)]) -> Store {
    let mut store = Store::new(Rules::Lenient, table, Unit::Seconds, Box::new(Registry::default()));
    for (sequence, (id, name, parent)) in (1..).zip(runs) {
        let place = Position::default();
        store.begin_event();
        store.take_sequence(place, sequence).unwrap();
        let task = Task {
            id: store.id::<TaskId>(&format!("{name} of {parent:?}")).unwrap(),
            description: Some((*name).into()),
            tags: vec![],
            priority: 0,
            policy: RunPolicy::Once,
            max_attempts: 1,
            timeout_secs: None,
            concurrency_key: None,
            releases_key_on_retry: false,
            releases_key_while_awaiting: false,
            parent: parent.map(|parent| store.id::<TaskId>(parent).unwrap()),
            detached: false,
            tenant: None,
        };
        let key = store.task_key(task.id);
        store.create_task(key, &task, SECOND - 60, None);
        let run = NewRun {
            id: store.id::<RunId>(id).unwrap(),
            task: task.id,
            state: table.of(Phase::Running).next().unwrap().id(),
            attempt_count: 1,
            failure_count: 0,
            created_at: SECOND - 60,
            scheduled_at: SECOND - 60,
            priority: 0,
            changed_at: SECOND - 30,
            joined: false,
        };
        let run = store.insert_run(&run, Last::new(KindId::new(0), sequence, place));
        store.begin_history(run);
        store.applied_event(KindId::new(0), place, sequence, Some(SECOND - 30));
    }
    store
}

const CELERY: &str = "exec:/usr/bin/celery -A app control revoke {run}";
const PREFECT: &str = "exec:/usr/bin/prefect flow-run cancel {parent}";

/// Three runs of two parents.
const THREE: &[(&str, &str, Option<&str>)] = &[
    ("3f2c", "send receipt", Some("wf-1")),
    ("41aa", "send receipt", Some("wf-1")),
    ("5500", "resize image", Some("wf-2")),
];

/// The dashboard of a log, with the cursor on the first run after these keys.
fn stage(to: &str, size: (u16, u16), store: Store, keys: &str) -> Stage {
    Stage::of_store_to(to, size, SECOND, store).press(keys)
}

fn kind(stage: &Stage) -> Option<&DialogKind> {
    stage.app.dialog().map(|dialog| &dialog.kind)
}

/// Reads the question and says yes.
fn yes(stage: &mut Stage, keys: &str) -> Step {
    stage.draw();
    stage.pass(Duration::from_millis(200));
    stage.type_keys(keys)
}

fn answer(stage: &mut Stage, command: &Command, result: Result<(), SendError>) {
    let (outcome, now) = (Outcome { id: command.id, kind: command.kind, result }, stage.now());
    stage.app.answered(&outcome, now);
}

/// The page of the cancels, each line without its age.
fn ledger(stage: &mut Stage) -> Vec<String> {
    let _ = stage.type_keys(":ledger<enter>");
    let text = stage.text();
    let _ = stage.type_keys("<esc>");
    let cancels = text.lines().filter_map(|line| line.split_once(" ago  "));
    cancels.map(|(_, cancel)| cancel.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_question_says_which_command_is_run() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut stage = stage(CELERY, (width, height), log(&RUNS, THREE), "/id:3f2c<enter>jc");
        let text = stage.text();
        assert!(text.contains("/usr/bin/celery -A app control revoke 3f2c"), "{text}");
        insta::assert_snapshot!(format!("command_line_{width}x{height}"), text);
    }
    let mut small = stage(CELERY, (40, 12), log(&RUNS, THREE), "/id:3f2c<enter>jc");
    let text = small.text();
    assert!(text.contains("runs /usr/bin/celery") && text.contains("revoke 3f2c"), "{text}");
    let Step::Send(command) = yes(&mut small, "y") else { panic!("nothing was sent") };
    assert_eq!(command.names.task.as_deref(), Some("send receipt"));
    assert_eq!((command.object().as_deref(), command.names.parent.as_deref()), (Some("3f2c"), Some("wf-1")));
}

#[test]
fn many_runs_are_asked_about_with_the_place_of_their_ids() {
    let mut stage = stage(CELERY, (80, 24), log(&RUNS, THREE), "Mc");
    let text = stage.text();
    assert!(text.contains("command       /usr/bin/celery -A app control revoke {run}"), "{text}");
    assert!(matches!(yes(&mut stage, "3y"), Step::Stay));
    let now = stage.now();
    assert_eq!(stage.app.send_due(10, now).len(), 1);
}

#[test]
fn an_id_that_is_no_plain_word_is_not_asked_about() {
    for (id, expected) in [
        (
            "-rf",
            "nothing can be sent: the id of the run, -rf, begins with -, as an option does; cancel it where it runs",
        ),
        ("$(x)", "nothing can be sent: the id of the run, $(x), has $, and {run} may have letters"),
        ("a b;\u{1b}[2J", "nothing can be sent: the id of the run, a b;\\x1b[2J, has a blank, and"),
    ] {
        let mut stage = stage(CELERY, (200, 24), log(&RUNS, &[(id, "t", None)]), "jc");
        assert_eq!(kind(&stage), None, "{id:?}");
        let text = stage.text();
        assert!(text.contains(expected), "{text}");
    }
    // The name of a task is not asked of those that need none.
    let stage = stage("exec:/bin/q {task}", (200, 24), log(&RUNS, THREE), "/id:3f2c<enter>jc");
    assert_eq!(kind(&stage), None);
}

#[test]
fn a_task_is_canceled_run_by_run_where_the_command_line_names_a_run() {
    let cancel_task = "/id:3f2c<enter>j:cancel-task<enter>";
    let by_run = stage(CELERY, (80, 24), log(&RUNS, THREE), cancel_task);
    let Some(DialogKind::Many(many)) = kind(&by_run) else { panic!("{:?}", kind(&by_run)) };
    assert_eq!((many.whole, many.eligible), (None, 2));
    let tasks = &[("1", "etl", None), ("2", "etl", None)];
    let mut at_once = stage("exec:/bin/q stop {task}", (80, 24), log(&RUNS, tasks), "j:cancel-task<enter>");
    let text = at_once.text();
    assert!(text.contains("/bin/q stop etl") && text.contains("one command for the task"), "{text}");
    let Step::Send(command) = yes(&mut at_once, "2y") else { panic!("nothing was sent") };
    assert!(matches!(command.kind, CommandKind::CancelTask { .. }));
    let mut refused =
        stage("exec:/bin/q stop {parent}", (200, 24), log(&RUNS, tasks), "j:cancel-task<enter>");
    assert_eq!(kind(&refused), None);
    let text = refused.text();
    assert!(
        text.contains("nothing can be sent: {parent} has no value, since the log does not tell"),
        "{text}"
    );
}

#[test]
fn a_log_that_confirms_nothing_is_said_to_and_not_waited_for() {
    let sentence = "This log will not confirm it.";
    for size in [(80, 24), (40, 12)] {
        let text = stage(CELERY, size, log(&UNPROVED, THREE), "/id:3f2c<enter>jc").text();
        assert!(text.contains(sentence), "{text}");
        let text = stage(CELERY, size, log(&UNPROVED, THREE), "Mc").text();
        assert!(text.contains(sentence), "{text}");
        let text = stage(CELERY, size, log(&RUNS, THREE), "/id:3f2c<enter>jc").text();
        assert!(!text.contains(sentence), "{text}");
    }
    let mut stage = stage(CELERY, (120, 24), log(&UNPROVED, THREE), "/id:3f2c<enter>jc");
    insta::assert_snapshot!("unconfirmed_120x24", stage.text());
    let Step::Send(command) = yes(&mut stage, "y") else { panic!("nothing was sent") };
    answer(&mut stage, &command, Ok(()));
    let text = stage.text();
    assert!(text.contains("cancel of 3f2c sent, this log does not confirm cancels"), "{text}");
    stage.pass(Duration::from_secs(60));
    assert_eq!(ledger(&mut stage), ["3f2c sent, this log does not confirm cancels send receipt"]);
}

#[test]
fn a_parent_is_canceled_with_everything_in_it() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut stage = stage(PREFECT, (width, height), log(&PARENTS, THREE), "/id:3f2c<enter>jc");
        let text = stage.text();
        assert!(text.contains("everything in wf-1 is canceled"), "{text}");
        insta::assert_snapshot!(format!("parent_{width}x{height}"), text);
    }
    for (target, keys) in [(PREFECT, "/id:3f2c<enter>jc"), ("file:/q", "/-id:5500<enter>Mc")] {
        let mut stage = stage(target, (120, 24), log(&PARENTS, THREE), keys);
        let Some(DialogKind::Many(many)) = kind(&stage) else { panic!("{:?}", kind(&stage)) };
        assert!(matches!(many.whole, Some(AskedWhole::ParentOf(_))) && many.number() == 2, "{many:?}");
        assert_eq!(yes(&mut stage, "1y"), Step::Stay, "another number");
        let Step::Send(command) = yes(&mut stage, "<esc>c") else {
            let Step::Send(command) = yes(&mut stage, "2y") else { panic!("nothing was sent") };
            assert!(matches!(command.kind, CommandKind::CancelParent { .. }));
            assert_eq!(command.object().as_deref(), Some("wf-1"));
            answer(&mut stage, &command, Ok(()));
            // Each run of it waits for a proof of its own.
            assert_eq!(ledger(&mut stage), ["41aa sent send receipt", "3f2c sent send receipt"]);
            continue;
        };
        panic!("{command:?} was sent without a yes");
    }
}

#[test]
fn what_no_parent_can_mean_is_refused_with_the_reason() {
    for (target, runs, keys, expected) in [
        (PREFECT, THREE, "Mc", "the engine cancels whole parents: mark runs of one parent alone"),
        (
            PREFECT,
            &[("1", "t", None)],
            "jc",
            "the log names no parent of 1, and its engine cancels no run alone",
        ),
        (
            CELERY,
            THREE,
            "/id:3f2c<enter>jc",
            "{run} has no value, since its engine cancels the parent of a run; use {parent}",
        ),
        (PREFECT, &[("1", "t", Some("w f"))], "jc", "the id of the parent, w f, has a blank"),
    ] {
        let mut stage = stage(target, (200, 24), log(&PARENTS, runs), keys);
        assert_eq!(kind(&stage), None, "{expected}");
        let text = stage.text();
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_log_that_names_no_way_is_said_to() {
    for to in [CELERY, "file:/q"] {
        for keys in ["jc", "Mc", "j:cancel-task<enter>"] {
            let mut stage = stage(to, (120, 24), log(&NO_WAY, THREE), keys);
            assert_eq!(kind(&stage), None);
            let text = stage.text();
            assert!(text.contains("this log names no way to cancel a run"), "{text}");
        }
    }
}
