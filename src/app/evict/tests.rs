//! Each holder of a run holds the same run when others were evicted.

use super::*;
use crate::app::testing::{Stage, id};
use crate::engine::actionqueue::states::RunState::{Canceled, Completed, Leased, Ready, Running, Scheduled};
use crate::engine::actionqueue::states::STATES;
use crate::history::{Grain, History, Keep};
use crate::query::{Query, QueryText};
use crate::store::{Ended, Retain, Rules};

/// So few lines are an epoch that it is looked often whether there is too little memory, and there always is.
fn crowded() -> Stage {
    let mut stage = Stage::new();
    let retain = Retain { ended: Ended::Fitting, memory: 8 };
    let grain = Grain { epoch_lines: 64, stride: 8, ..Grain::default() };
    stage.app.setup.retain = retain;
    stage.app.session.history =
        History::new(Rules::Lenient, Keep::Lines(u64::MAX)).with_grain(grain).retaining(retain);
    stage
}

/// Runs of which the even ones have ended.
fn half_ended(stage: &mut Stage, n: u32) {
    stage.create(1..=n);
    for number in (2..=n).step_by(2) {
        stage.walk(number, &[Scheduled, Ready, Leased, Running, Completed]);
    }
}

fn thin(stage: &mut Stage) {
    // The reader has no more for now.
    stage.status(true);
    assert!(stage.app.is_thinning() && !stage.app.wants_more(), "the log waits");
    let now = stage.now();
    while stage.app.is_thinning() {
        drop(stage.app.thin(now));
    }
    assert!(stage.app.wants_more());
}

fn marked(stage: &Stage) -> Vec<RunId> {
    let store = stage.app.store();
    stage.app.marks().iter().map(|key| store.id_of(key)).collect()
}

#[test]
fn counts_stay_and_what_is_looked_at_is_kept() {
    let mut stage = crowded();
    half_ended(&mut stage, 40);
    stage.press("/id:00000002<enter>j<enter>");
    stage.app.narrow(Query::parse("state:Completed", &STATES).unwrap());
    assert_eq!(stage.app.board.pages.detail().unwrap().run(), id(2), "the one that ended first");
    thin(&mut stage);
    assert!(stage.app.detail().is_some(), "its page is open still");
    let store = stage.app.store();
    assert_eq!((store.count(Completed), store.count(Scheduled)), (20, 20));
    assert!((1..10).contains(&store.lane(Completed).len()), "{}", store.lane(Completed).len());
    assert_eq!(stage.app.shelves().count(Completed), store.lane(Completed).len(), "what the query finds");
    assert!(stage.notice().contains("--memory"), "{}", stage.notice());
    stage.press("<esc><esc>");
    assert_eq!(stage.app.shelves().count(Completed), 20);
}

#[test]
fn marks_are_on_the_same_runs_and_go_with_those_that_go() {
    let mut stage = crowded();
    half_ended(&mut stage, 40);
    stage.press("M");
    assert_eq!(marked(&stage).len(), 40);
    thin(&mut stage);
    let live: Vec<RunId> = (1..40).step_by(2).map(id).collect();
    let kept = marked(&stage);
    assert!(live.iter().all(|run| kept.contains(run)) && kept.len() == stage.app.store().len());
    stage.press("D");
    half_ended_again(&mut stage);
    thin(&mut stage);
    stage.press("d");
    assert!(stage.notice().contains("no instant is marked yet"), "{}", stage.notice());
}

/// More runs, all of which end.
fn half_ended_again(stage: &mut Stage) {
    stage.create(100..=140);
    for number in 100..=140 {
        stage.walk(number, &[Scheduled, Ready, Canceled]);
    }
}

#[test]
fn cancels_on_their_way_go_to_the_runs_that_they_were_asked_for() {
    let mut stage = crowded();
    half_ended(&mut stage, 40);
    stage.press("Mc");
    thin(&mut stage);
    // What ends under the question is not sent, whichever keys runs have by now.
    stage.walk(39, &[Scheduled, Canceled]);
    stage.draw();
    stage.pass(300);
    stage.press("20y");
    let mut sent = Vec::new();
    let mut commands = |stage: &mut Stage, room| {
        stage.pass(50);
        let now = stage.now();
        sent.extend(stage.app.send_due(room, now).into_iter().map(|command| format!("{:?}", command.kind)));
    };
    commands(&mut stage, 3);
    half_ended_again(&mut stage);
    thin(&mut stage);
    for _ in 0..40 {
        commands(&mut stage, 3);
    }
    let expected: Vec<String> = (1..39)
        .step_by(2)
        .map(|number| format!("{:?}", crate::control::command::CommandKind::Cancel { run: id(number) }))
        .collect();
    sent.sort_unstable();
    let mut expected = expected;
    expected.sort_unstable();
    assert_eq!(sent, expected);
}

#[test]
fn a_run_that_matched_before_raises_no_second_alert_and_one_that_comes_raises_one() {
    let mut stage = crowded();
    stage.app.watch_for(vec![QueryText::parse("ended").unwrap()]);
    half_ended(&mut stage, 40);
    stage.status(true);
    thin(&mut stage);
    for number in (1..40).step_by(2) {
        stage.walk(number, &[Scheduled, Canceled]);
    }
    let now = stage.now();
    let alerts: Vec<_> =
        stage.app.take_alerts(now).into_iter().map(|alert| (alert.count, alert.runs)).collect();
    assert_eq!(alerts, [(20, (1..40).step_by(2).map(id).collect::<Vec<_>>())]);
}

#[test]
fn before_what_is_kept_nothing_can_be_marked() {
    let mut stage = crowded();
    half_ended(&mut stage, 40);
    thin(&mut stage);
    stage.create(50..=50);
    stage.press("m");
    let before = marked(&stage);
    stage.press("b#9<enter>");
    stage.finish();
    assert_eq!(stage.app.store().latest_sequence(), 9);
    assert_eq!(stage.app.marking.shown(&stage.app.session.history), None, "other runs have these keys here");
    stage.press("m");
    assert!(stage.notice().contains("before what is kept"), "{}", stage.notice());
    stage.press("f");
    stage.finish();
    assert_eq!(marked(&stage), before);
}

#[test]
fn runs_that_have_not_ended_are_blamed_for_what_they_take_and_for_nothing_else() {
    for (n_live, memory, expected) in [
        (0, 8, "tasks and the last lines take more than --memory: they are kept all the same"),
        (1, 800, "runs that have not ended, tasks and the last lines take more than --memory: "),
        (20, 800, "runs that have not ended take more than --memory: they are kept all the same"),
    ] {
        let mut stage = crowded();
        let retain = Retain { ended: Ended::Fitting, memory };
        stage.app.session.history = History::new(Rules::Lenient, Keep::Nothing).retaining(retain);
        stage.create(1..=40);
        for number in n_live + 1..=40 {
            stage.walk(number, &[Scheduled, Ready, Canceled]);
        }
        thin(&mut stage);
        assert!(stage.notice().starts_with(expected), "{n_live}: {}", stage.notice());
        // Once, however long it goes on.
        half_ended_again(&mut stage);
        thin(&mut stage);
        assert_eq!(stage.app.notices.about(Subject::Memory).count(), 1, "{n_live}");
    }
}

#[test]
fn what_does_not_take_too_much_any_more_is_not_said_any_longer() {
    let mut stage = crowded();
    stage.app.session.history = History::new(Rules::Lenient, Keep::Nothing)
        .with_grain(Grain { epoch_lines: 64, stride: 8, ..Grain::default() })
        .retaining(Retain { ended: Ended::Fitting, memory: 1 << 16 });
    for number in (1..=1500).step_by(50) {
        stage.create(number..=number + 49);
    }
    stage.status(true);
    assert!(stage.notice().starts_with("runs that have not ended take more"), "{}", stage.notice());
    for number in 1..=1500 {
        stage.walk(number, &[Scheduled, Canceled]);
    }
    thin(&mut stage);
    assert!(!stage.notice().contains("not ended"), "{}", stage.notice());
}

#[test]
fn the_bound_holds_once_the_log_is_at_rest() {
    let mut stage = Stage::new();
    stage.app.setup.retain = Retain { ended: Ended::Latest(3), memory: 1 << 30 };
    stage.app.session.history =
        History::new(Rules::Lenient, Keep::Lines(u64::MAX)).retaining(stage.app.setup.retain);
    for number in (1..=1500).step_by(50) {
        stage.create(number..=number + 49);
    }
    for number in 1..=1500 {
        stage.walk(number, &[Scheduled, Canceled]);
    }
    thin(&mut stage);
    assert_eq!(stage.app.store().count(Canceled), 1500);
    assert!(stage.app.store().n_ended() <= 3 + 1, "those that are wanted, and the one under the cursor");
    let work = stage.app.session.history.work();
    assert!(work.copied < 3 * work.evicted && work.evicted > 2900, "{work:?}");
}
