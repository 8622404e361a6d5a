//! Many cancels of one intent: asked with their number, sent at a pace, stopped, and proved by the log alone.

use super::super::*;
use crate::app::page::{self, Page};
use crate::app::testing::{Stage, id};
use crate::control::command::Command;
use crate::control::outcome::Outcome;
use crate::control::refusal::SendError;
use crate::engine::actionqueue::states::RunState;
use crate::engine::actionqueue::states::RunState::{Canceled, Completed, Leased, Ready, Running, Scheduled};

/// Ten runs of which the first has completed, all marked, with the question on the screen long enough to be read.
fn asked() -> Stage {
    let mut stage = Stage::new();
    stage.create(1..=10);
    stage.walk(1, &[Scheduled, Ready, Leased, Running, Completed]);
    stage.press("Mc");
    stage.draw();
    stage.pass(200);
    stage
}

fn many(stage: &Stage) -> Many {
    match stage.app.dialog().map(|dialog| &dialog.kind) {
        Some(DialogKind::Many(many)) => Many::clone(many),
        other => panic!("{other:?} is no question about many"),
    }
}

fn due(stage: &mut Stage, room: usize) -> Vec<Command> {
    let now = stage.now();
    stage.app.send_due(room, now)
}

fn answer(stage: &mut Stage, command: &Command, result: Result<(), SendError>) {
    let now = stage.now();
    stage.app.answered(&Outcome { id: command.id, kind: command.kind, result }, now);
}

#[test]
fn the_number_comes_before_the_yes() {
    let mut stage = asked();
    assert_eq!((many(&stage).n_marked, many(&stage).eligible), (10, 9));
    for keys in ["y", "8y", "<backspace>10y", "<backspace><backspace>99y"] {
        stage.press(keys);
        assert_eq!(stage.app.progress(), None, "{keys}");
        assert!(stage.app.dialog().is_some(), "{keys}");
    }
    stage.press("<backspace><backspace><backspace>9");
    assert!(many(&stage).is_counted());
    stage.press("y");
    let progress = stage.app.progress().unwrap();
    assert_eq!((progress.total, progress.unsent), (9, 9));
    assert!(stage.app.marks().is_empty() && stage.app.dialog().is_none());
}

#[test]
fn nothing_else_sends_many() {
    for keys in ["9<enter>", "9<esc>", "9n", "9q", "<enter>", "9<enter>y"] {
        let mut stage = asked();
        stage.press(keys);
        assert_eq!((stage.app.progress(), stage.app.dialog()), (None, None), "{keys}");
        assert_eq!(stage.app.marks().len(), 10, "{keys}: the marks stay");
    }
    for keys in ["9", "9c", "9<space>", "9Y", "99", "9j"] {
        let mut stage = asked();
        stage.press(keys);
        assert_eq!(stage.app.progress(), None, "{keys}");
    }
    let mut stage = asked();
    stage.press("<esc>c9y");
    assert_eq!(stage.app.progress(), None, "a yes ahead of the reading is none");
    assert!(stage.app.dialog().unwrap().was_hurried);
}

#[test]
fn a_run_that_ends_during_the_question_is_reported_and_not_sent() {
    let mut stage = asked();
    stage.walk(2, &[Scheduled, Canceled]);
    stage.walk(3, &[Scheduled, Ready, Leased, Running, Completed]);
    assert_eq!((many(&stage).ended.len(), many(&stage).number()), (2, 7));
    stage.press("9y");
    assert_eq!(stage.app.progress(), None, "9 is not the number any more");
    stage.press("<backspace>7y");
    let progress = stage.app.progress().unwrap();
    assert_eq!((progress.total, progress.unsent, progress.skipped), (9, 7, 2));
}

#[test]
fn the_number_that_is_typed_follows_the_one_to_type() {
    for (typed, n_ended, expected) in
        [("9", 1, "8"), ("9", 8, "1"), ("", 1, ""), ("1", 1, ""), ("90", 1, ""), ("8", 1, "8"), ("9", 0, "9")]
    {
        let mut stage = asked();
        stage.press(typed);
        for number in 2..2 + n_ended {
            stage.walk(number, &[Scheduled, Canceled]);
        }
        assert_eq!(many(&stage).typed, expected, "{typed} and {n_ended} ended");
        // What the question says is of those that are left.
        stage.draw();
        let (n_left, many) = (9 - n_ended as usize, many(&stage));
        assert_eq!((many.number(), many.by_state[Scheduled as usize]), (n_left, n_left));
        assert_eq!(many.by_task.iter().map(|(_, n)| n).sum::<usize>(), n_left);
    }
    let mut stage = asked();
    (2..=10).for_each(|number| stage.walk(number, &[Scheduled, Canceled]));
    assert_eq!(stage.app.dialog(), None);
    assert!(stage.notice().contains("there is nothing to cancel"), "{}", stage.notice());
}

#[test]
fn the_largest_tasks_are_named_and_all_are_counted() {
    let mut stage = Stage::new();
    (1..=150).for_each(|task| stage.create_of(task, task));
    stage.create_of(150, 151);
    stage.press("Mc");
    stage.draw();
    let (many, largest) = (many(&stage), uuid::Uuid::from_u128(150).to_string());
    assert_eq!((many.by_task.len(), many.n_tasks, &many.by_task[0]), (100, 150, &(largest, 2)));
}

#[test]
fn a_task_that_is_not_known_is_reported() {
    let mut stage = Stage::new();
    [1, 2].into_iter().for_each(|number| stage.walk(number, &[Ready, Leased]));
    stage.press("Mc");
    stage.draw();
    assert_eq!(many(&stage).by_task, [("?".to_owned(), 2)]);
}

#[test]
fn the_question_says_why_these() {
    for (keys, expected) in [
        ("M", "all runs, without a query"),
        ("/cancelable<enter>M", "the query cancelable"),
        ("/cancelable<enter>M/id:0<enter>", "the query cancelable"),
        ("jmm", "marked row by row"),
        ("jvjjv", "marked row by row"),
        ("/state:running<enter>M<esc>", "the query state:running"),
        ("/state:sched<enter>M:find<enter>Gm", "3 the query state:sched; 1 marked row by row"),
        ("Mjm", "all runs, without a query; less 1 unmarked"),
        (":find cancelable<enter>M", "the query cancelable"),
        ("MM/cancelable<enter>M", "the query cancelable"),
    ] {
        let mut stage = Stage::new();
        stage.create(1..=5);
        stage.walk(4, &[Scheduled, Ready, Leased, Running]);
        stage.walk(5, &[Scheduled, Ready, Leased, Running]);
        // Leaving a query takes the marks first, so they are asked about before.
        let keys = keys.trim_end_matches("<esc>");
        stage.press(&format!("{keys}c"));
        assert_eq!(many(&stage).why, expected, "{keys}");
    }
}

#[test]
fn what_is_not_whole_on_the_screen_confirms_nothing_of_many() {
    for (width, height) in [(39, 9), (1, 1), (39, 24), (80, 8)] {
        let mut stage = asked();
        stage.press("9");
        stage.app.resize(width, height);
        stage.draw();
        stage.pass(1000);
        stage.press("y");
        assert_eq!(stage.app.progress(), None, "{width}x{height}");
        // Nor is a number typed that is not seen.
        stage.press("<backspace>9y");
        assert_eq!((stage.app.progress(), many(&stage).typed.as_str()), (None, ""));
        stage.app.resize(40, 10);
        stage.draw();
        stage.pass(199);
        stage.press("9y");
        assert_eq!(stage.app.progress(), None);
        stage.pass(1);
        stage.press("y");
        assert!(stage.app.progress().is_some(), "{width}x{height}");
    }
    let mut stage = Stage::new();
    stage.create(1..=3);
    stage.press("j:cancel-task<enter>");
    stage.draw();
    stage.pass(1000);
    stage.press("3");
    stage.app.resize(30, 5);
    stage.draw();
    stage.pass(1000);
    assert_eq!(stage.step("y"), Step::Stay);
    assert!(many(&stage).whole.is_some());
}

#[test]
fn a_reason_that_is_not_seen_to_its_end_confirms_nothing() {
    let mut stage = Stage::new();
    stage.create(1..=10);
    stage.walk(1, &[Scheduled, Ready]);
    stage.press("/state:scheduled attempts=0 -tag:nothing<enter>M");
    stage.press(":find state:ready attempts=0 -tag:nothing<enter>M");
    let why = "9 the query state:scheduled attempts=0 -tag:nothing; 1 the query state:ready attempts=0 -tag:nothing";
    for (width, height, is_whole) in [(40, 10, false), (45, 10, false), (45, 24, true), (80, 24, true)] {
        stage.app.resize(width, height);
        stage.press("c");
        assert_eq!(many(&stage).why, why);
        stage.draw();
        stage.pass(1000);
        assert_eq!(stage.app.question().unwrap().sheet.is_whole, is_whole, "{width}x{height}");
        if !is_whole {
            stage.press("10y<esc>");
            assert_eq!(stage.app.progress(), None, "{width}x{height}");
            continue;
        }
        let lines = stage.app.question().unwrap().sheet.lines;
        let text: String = lines.iter().flat_map(|line| &line.parts).map(|part| part.text.trim()).collect();
        assert!(text.replace(' ', "").contains(&why.replace(' ', "")), "{text}");
        stage.press("<esc>");
    }
}

#[test]
fn the_question_about_many_is_whole_at_every_size_and_breaks_no_label() {
    let mut stage = asked();
    for (width, height) in (40..=220).step_by(3).flat_map(|w| (10..=60).step_by(3).map(move |h| (w, h))) {
        stage.app.resize(width, height);
        let sheet = stage.app.question().unwrap().sheet;
        assert!(sheet.is_whole, "{width}x{height}: {sheet:?}");
        let text: Vec<String> = sheet
            .lines
            .iter()
            .map(|line| line.parts.iter().map(|part| part.text.as_str()).collect())
            .collect();
        for part in ["9 Scheduled", "type 9 to mean it", "all runs, without a query"] {
            assert!(text.iter().any(|line| line.contains(part)), "{width}x{height}: no {part} in {text:?}");
        }
        assert_eq!(sheet.answers[0], ("y".to_owned(), "Cancel 9 runs".to_owned()));
    }
}

#[test]
fn commands_go_at_their_pace_and_as_the_channel_has_room() {
    let mut stage = asked();
    stage.app.setup.taste.control_rate = 10;
    stage.press("9y");
    let mut sent = Vec::new();
    for (milliseconds, room, expected) in
        [(0, 64, 1), (99, 64, 0), (1, 64, 1), (200, 1, 1), (0, 0, 0), (0, 64, 0), (1000, 64, 1), (100, 64, 1)]
    {
        stage.pass(milliseconds);
        let commands = due(&mut stage, room);
        assert_eq!(commands.len(), expected, "after {milliseconds} more, with room for {room}");
        sent.extend(commands);
    }
    let mut runs: Vec<_> = sent.iter().map(|command| command.kind.run().unwrap()).collect();
    runs.dedup();
    assert_eq!(runs.len(), 5, "each run once");
    assert!(runs.iter().all(|run| *run != id(1)), "what had ended is left alone");
    assert!(stage.app.next_send().is_some());
}

#[test]
fn the_log_proves_each_and_the_end_is_reported_once() {
    let mut stage = asked();
    stage.press("9y");
    let commands: Vec<Command> = (0..40)
        .flat_map(|_| {
            stage.pass(50);
            due(&mut stage, 64)
        })
        .collect();
    assert_eq!((commands.len(), stage.app.next_send()), (9, None));
    let failed = || SendError::Dead;
    for (index, command) in commands.iter().enumerate() {
        answer(&mut stage, command, if index == 0 { Err(failed()) } else { Ok(()) });
    }
    assert!(!stage.notice().contains("sent"), "no word about each of many");
    let counts = stage.app.progress().unwrap().counts;
    assert_eq!((counts.sent, counts.refused, counts.proved), (8, 1, 0));
    let refused = commands[0].kind.run().unwrap();
    for number in (2..=9).filter(|number| id(*number) != refused) {
        stage.walk(number, &[Scheduled, Canceled]);
    }
    let counts = stage.app.progress().unwrap().counts;
    assert_eq!((counts.sent, counts.proved), (1, 7));
    let last = (2..=10).find(|number| *number > 9).unwrap();
    stage.walk(last, &[Scheduled, Ready, Leased, Running, Completed]);
    assert_eq!(stage.app.progress(), None);
    assert_eq!(stage.notice(), "cancels: 7 proved, 1 overtaken, 1 refused");
    stage.press(":ledger<enter>");
    assert_eq!(stage.app.mode(), Mode::Ledger);
    assert!(matches!(stage.app.board.pages.top(), Some(Page::Ledger(0))));
    assert_eq!(page::ledger(&stage.app.context()).len_lines(), 2 + 9);
    stage.press("<esc>");
    assert_eq!(stage.app.mode(), Mode::Board);
}

#[test]
fn who_stops_leaves_alone_what_was_not_sent() {
    let mut stage = asked();
    stage.press("9y");
    let first = due(&mut stage, 64).remove(0);
    stage.press("<esc>");
    assert!(stage.notice().starts_with("stopped: 8 cancels were not sent"), "{}", stage.notice());
    stage.pass(10_000);
    assert_eq!((due(&mut stage, 64).len(), stage.app.next_send()), (0, None));
    answer(&mut stage, &first, Ok(()));
    let number = u32::try_from(first.kind.run().unwrap().as_uuid().as_u128() >> 96).unwrap();
    stage.walk(number, &[Scheduled, Canceled]);
    assert_eq!(stage.app.progress(), None);
    assert_eq!(stage.notice(), "cancels: 1 proved, 8 not sent");
}

#[test]
fn nothing_is_sent_while_the_view_is_frozen() {
    let mut stage = asked();
    stage.press("9y<space>");
    stage.pass(10_000);
    assert_eq!(stage.app.next_send(), None);
    assert!(stage.app.progress().unwrap().is_held);
    stage.press("<space>");
    assert!(stage.app.next_send().is_some());
}

#[test]
fn one_that_is_left_of_many_is_asked_about_as_one() {
    let mut stage = Stage::new();
    stage.create(1..=2);
    stage.walk(1, &[Scheduled, Canceled]);
    stage.press("Mc");
    assert_eq!(stage.app.dialog().map(|dialog| &dialog.kind), Some(&DialogKind::Cancel { run: id(2) }));
    let states: &[RunState] = &[Scheduled, Canceled];
    stage.press("<esc>");
    stage.walk(2, states);
    stage.press("c");
    assert_eq!((stage.app.dialog(), stage.notice().contains("nothing to cancel")), (None, true));
}

#[test]
fn a_task_is_canceled_with_all_its_runs() {
    let mut stage = Stage::new();
    stage.create(1..=3);
    stage.press("j:cancel-task<enter>");
    assert_eq!(many(&stage).eligible, 3);
    stage.draw();
    stage.pass(200);
    let Step::Send(command) = stage.step("3y") else { panic!("nothing was sent") };
    assert!(matches!(command.kind, crate::control::command::CommandKind::CancelTask { .. }));
    answer(&mut stage, &command, Ok(()));
    assert_eq!(stage.app.progress().unwrap().counts.sent, 3);
    for number in 1..=3 {
        stage.walk(number, &[Scheduled, Canceled]);
    }
    assert_eq!(stage.notice(), "cancels: 3 proved");
}
