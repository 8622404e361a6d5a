//! Which alerts are raised: for new events only, for a run once, and not too often.

use super::*;
use crate::app::testing::{Stage, id};
use crate::control::Why;
use crate::engine::actionqueue::states::RunState::{Canceled, Leased, Ready, Running, Scheduled};
use crate::query::QueryText;

/// Nothing has been read yet.
fn stage(query: &str) -> Stage {
    let mut stage = Stage::unread();
    stage.app.watch_for(vec![QueryText::parse(query).unwrap()]);
    stage
}

fn alerts(stage: &mut Stage) -> Vec<(usize, Vec<RunId>)> {
    let now = stage.now();
    stage.app.take_alerts(now).into_iter().map(|alert| (alert.count, alert.runs)).collect()
}

#[test]
fn a_run_that_was_there_raises_no_alert_and_one_that_comes_raises_one() {
    let mut stage = stage("state:Ready");
    stage.create(1..=5);
    stage.walk(1, &[Scheduled, Ready]);
    stage.status(true);
    assert_eq!(alerts(&mut stage), []);
    stage.create(6..=6);
    assert_eq!(alerts(&mut stage), []);
    stage.walk(2, &[Scheduled, Ready]);
    assert_eq!(alerts(&mut stage), [(1, vec![id(2)])]);
    assert_eq!(alerts(&mut stage), []);
    // It goes on to match, and is touched.
    stage.walk(1, &[Ready, Canceled]);
    stage.pass(2000);
    assert_eq!(alerts(&mut stage), []);
}

#[test]
fn a_burst_raises_an_alert_at_once_and_then_every_two_seconds() {
    let mut stage = stage("state:Ready");
    stage.create(1..=300);
    stage.status(true);
    stage.walk(1, &[Scheduled, Ready]);
    assert_eq!(alerts(&mut stage).len(), 1);
    for number in 2..=200 {
        stage.walk(number, &[Scheduled, Ready]);
    }
    stage.pass(1999);
    assert_eq!(alerts(&mut stage), []);
    let due = stage.app.next_wake().unwrap();
    assert!(due <= stage.now().instant + Duration::from_millis(1));
    stage.pass(1);
    let alerts = alerts(&mut stage);
    assert_eq!((alerts[0].0, alerts[0].1.len()), (199, MAX_NAMED_RUNS));
}

#[test]
fn a_run_that_comes_while_the_view_is_frozen_or_in_the_past_raises_an_alert_when_it_is_shown() {
    for (away, back) in [("<space>", "<space>"), (",", "f")] {
        let mut stage = stage("state:Ready");
        stage.create(1..=3);
        stage.walk(1, &[Scheduled, Ready, Leased]);
        stage.status(true);
        stage.press(away);
        stage.finish();
        stage.walk(2, &[Scheduled, Ready]);
        assert_eq!(alerts(&mut stage), [], "{away}");
        // Run 1 is Ready at an instant in between, which is no news.
        if away == "," {
            stage.press(",,,");
            stage.finish();
        }
        stage.press(back);
        stage.finish();
        let now = stage.now();
        while stage.app.is_behind() {
            stage.app.catch_up(now);
        }
        assert_eq!(alerts(&mut stage), [(1, vec![id(2)])], "{away}");
    }
}

#[test]
fn a_replay_raises_no_alert_nor_does_another_log() {
    let mut stage = Stage::read_only(Why::Replay);
    stage.app.watch_for(vec![QueryText::parse("state:Ready").unwrap()]);
    stage.create(1..=2);
    stage.status(true);
    stage.walk(1, &[Scheduled, Ready]);
    stage.press(",.");
    stage.finish();
    assert_eq!(alerts(&mut stage), []);

    let mut stage = crate::app::alerts::tests::stage("state:Ready");
    stage.create(1..=2);
    stage.status(true);
    stage.begin_log(1);
    stage.status(false);
    stage.create(1..=2);
    stage.walk(1, &[Scheduled, Ready]);
    stage.status(true);
    assert_eq!(alerts(&mut stage), []);
    stage.walk(2, &[Scheduled, Ready]);
    assert_eq!(alerts(&mut stage), [(1, vec![id(2)])]);
}

#[test]
fn time_alone_raises_no_alert() {
    let mut stage = stage("state:Running in_state>5s");
    stage.create(1..=2);
    stage.walk(1, &[Scheduled, Ready, Leased, Running]);
    stage.status(true);
    stage.pass(60_000);
    stage.tick();
    assert_eq!(alerts(&mut stage), []);
}

#[test]
fn the_first_run_of_a_log_that_was_empty_raises_an_alert() {
    let mut stage = stage("state:Scheduled");
    stage.status(true);
    assert_eq!(alerts(&mut stage), []);
    stage.create(1..=1);
    assert_eq!(alerts(&mut stage), [(1, vec![id(1)])]);
}

#[test]
fn a_query_that_the_engine_of_the_log_does_not_understand_is_refused_once_and_the_others_keep_their_numbers()
{
    let mut stage = Stage::unread();
    let queries = ["state:dead_lettered", "state:Ready"];
    stage.app.watch_for(queries.map(|query| QueryText::parse(query).unwrap()).into());
    stage.create(1..=2);
    stage.status(true);
    assert_eq!(stage.app.take_refused_queries(), ["state:dead_lettered: there is no state `dead_lettered`"]);
    stage.walk(1, &[Scheduled, Ready]);
    let now = stage.now();
    let numbers: Vec<usize> = stage.app.take_alerts(now).iter().map(|alert| alert.number).collect();
    assert_eq!((numbers, stage.app.take_refused_queries().len()), (vec![1], 0));
}
