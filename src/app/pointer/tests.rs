//! The mouse on the dashboard: what a click, the wheel and a drag do, and where they do nothing.

use super::*;
use crate::app::page::Page;
use crate::app::testing::{Stage, id};
use crate::control::Why;
use crate::engine::actionqueue::states::RunState::{Ready, Scheduled};
use crate::view::Fold;
use crate::view::arrange::GroupId;

/// The first line of the rows on a screen of 80x24.
const FIRST: u16 = 5;

/// Six scheduled runs and one that is ready: a header and six rows, a header and one.
fn stage() -> Stage {
    let mut stage = Stage::new();
    stage.create(1..=7);
    stage.walk(7, &[Scheduled, Ready]);
    assert_eq!(stage.step("<f2>"), Step::TakeMouse);
    stage
}

fn point(stage: &mut Stage, x: u16, y: u16, deed: Deed) {
    let now = stage.now();
    stage.app.point(Pointing { x, y, deed }, now);
}

fn click(stage: &mut Stage, y: u16) {
    point(stage, 20, y, Deed::Press);
    point(stage, 20, y, Deed::Release);
}

fn selected(stage: &Stage) -> Option<crate::model::id::RunId> {
    stage.app.board.selected(stage.app.store())
}

#[test]
fn a_click_selects_a_row_and_another_one_opens_it() {
    let mut stage = stage();
    click(&mut stage, FIRST + 2);
    assert_eq!((selected(&stage), stage.app.mode()), (Some(id(5)), Mode::Board));
    click(&mut stage, FIRST + 3);
    assert_eq!((selected(&stage), stage.app.mode()), (Some(id(4)), Mode::Board));
    click(&mut stage, FIRST + 3);
    assert_eq!(stage.app.detail().unwrap().0.key, stage.app.store().find(id(4)).unwrap());
    // A page is not clicked through.
    click(&mut stage, FIRST + 1);
    stage.press("<esc>");
    assert_eq!(selected(&stage), Some(id(4)));
    // Nor is there a row below the last.
    click(&mut stage, FIRST + 15);
    assert_eq!(selected(&stage), Some(id(4)));
}

#[test]
fn a_header_is_selected_and_then_folded_and_unfolded() {
    let mut stage = stage();
    let section = GroupId::State(Scheduled.state());
    let fold = |stage: &Stage| stage.app.board.runs.fold(stage.app.shelves().runs(), section);
    // The cursor of an untouched list is on its first row already.
    click(&mut stage, FIRST + 1);
    for expected in [Fold::Peek, Fold::Closed, Fold::Peek, Fold::Closed] {
        click(&mut stage, FIRST);
        assert_eq!((fold(&stage), selected(&stage)), (expected, None));
    }
}

#[test]
fn the_wheel_lets_rows_go_by_under_the_cursor() {
    let mut stage = Stage::new();
    stage.create(1..=60);
    // The header is opened: all runs are rows.
    stage.press("<f2><enter>jjj");
    assert_eq!(selected(&stage), Some(id(58)));
    for (rows, expected) in [(3, 55), (-3, 58), (-3, 58), (9, 49), (1000, 15), (3, 15), (-1000, 58)] {
        point(&mut stage, 20, FIRST, Deed::Wheel(rows));
        assert_eq!(selected(&stage), Some(id(expected)), "{rows}");
    }
}

#[test]
fn the_wheel_scrolls_what_is_under_it_and_a_click_gives_it_the_keys() {
    let mut stage = stage();
    stage.app.resize(120, 40);
    point(&mut stage, 80, 10, Deed::Wheel(3));
    assert_eq!(stage.app.board.focus, Pane::Runs);
    click(&mut stage, FIRST + 2);
    point(&mut stage, 80, 10, Deed::Press);
    assert_eq!(stage.app.board.focus, Pane::Attempts);
    point(&mut stage, 80, 30, Deed::Press);
    assert_eq!(stage.app.board.focus, Pane::Suspended);
    // The first click only gives the keys.
    click(&mut stage, FIRST + 2);
    assert_eq!((stage.app.board.focus, stage.app.detail().is_some()), (Pane::Runs, false));
    // Alone, a pane has the names of the others above it.
    stage.app.resize(80, 24);
    for (x, pane) in [(15, Pane::Attempts), (30, Pane::Suspended), (45, Pane::Problems), (3, Pane::Runs)] {
        point(&mut stage, x, 3, Deed::Press);
        assert_eq!(stage.app.board.focus, pane, "{x}");
    }
    stage.press("?");
    point(&mut stage, 20, 10, Deed::Wheel(6));
    assert!(matches!(stage.app.board.pages.top(), Some(Page::Help(6))));
}

#[test]
fn the_mouse_does_nothing_unless_it_is_ours_and_never_answers_a_question() {
    let mut stage = stage();
    click(&mut stage, FIRST + 2);
    stage.press("c");
    stage.draw();
    stage.pass(1000);
    for deed in [Deed::Press, Deed::Release, Deed::Drag, Deed::Wheel(3)] {
        for (x, y) in (0..80).flat_map(|x| (0..24).map(move |y| (x, y))) {
            point(&mut stage, x, y, deed);
        }
    }
    assert!(stage.app.dialog().is_some());
    assert_eq!((selected(&stage), stage.app.cancels.ledger.standing(id(5))), (Some(id(5)), None));
    stage.press("n");
    assert_eq!(stage.step("<f2>"), Step::LeaveMouse);
    click(&mut stage, FIRST + 3);
    assert_eq!(selected(&stage), Some(id(5)));
}

#[test]
fn a_drag_on_the_time_line_seeks_until_the_button_comes_up() {
    let mut stage = Stage::read_only(Why::Replay);
    stage.create(1..=40);
    stage.press("<f2>,");
    stage.finish();
    let line = 21;
    let position = |stage: &mut Stage| {
        stage.finish();
        stage.app.session.history.position()
    };
    assert_eq!(stage.app.layout().at(9, line), Spot::Timeline(9));
    // All is of one second, so the line is one of events.
    point(&mut stage, 2, line, Deed::Press);
    assert_eq!(position(&mut stage), 0);
    // Off the line, and beyond its end.
    point(&mut stage, 40, 3, Deed::Drag);
    let middle = position(&mut stage);
    assert!((15..25).contains(&middle), "{middle}");
    point(&mut stage, 79, 3, Deed::Drag);
    assert_eq!(position(&mut stage), 40);
    point(&mut stage, 2, line, Deed::Drag);
    point(&mut stage, 2, line, Deed::Release);
    point(&mut stage, 79, line, Deed::Drag);
    assert_eq!(position(&mut stage), 0);
}
