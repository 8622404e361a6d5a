//! Finding, sorting, grouping and marking, key by key.

use super::super::*;
use crate::app::testing::{Stage, id};
use crate::control::Why;
use crate::engine::actionqueue::states::RunState;
use crate::engine::actionqueue::states::RunState::{Completed, Leased, Ready, Running, Scheduled};
use crate::view::list::Row;

const TO_RUNNING: &[RunState] = &[Scheduled, Ready, Leased, Running];

/// The rows of the pane: a header by its state and count, a run by its number, `*` for a marked one, `>` under the cursor.
fn shown(stage: &Stage) -> String {
    let app = &stage.app;
    let (list, shelf) = (&app.board.runs, app.shelves().runs());
    let outline = list.outline(shelf, app.layout().rows(Pane::Runs));
    let place = list.place(&outline);
    let rows = outline.rows(0).enumerate().map(|(number, row)| {
        let cursor = if number == place { ">" } else { "" };
        match row {
            Row::Header { count, section: crate::view::arrange::GroupId::State(state), .. } => {
                format!("{cursor}{} {count}", state.name())
            }
            Row::Header { count, .. } => format!("{cursor}group {count}"),
            Row::Run(key) => {
                let marked = app.marking.shown(&app.session.history);
                let mark = if marked.is_some_and(|runs| runs.has(key)) { "*" } else { "" };
                format!("{cursor}{mark}#{}", app.store().id_of(key).as_uuid().as_u128() >> 96)
            }
            Row::More { hidden, .. } => format!("{cursor}...{hidden}"),
        }
    });
    rows.collect::<Vec<_>>().join(" ")
}

/// Six runs: 5 and 6 running, 4 completed, the others scheduled.
fn six() -> Stage {
    let mut stage = Stage::new();
    stage.create(1..=6);
    stage.walk(5, TO_RUNNING);
    stage.walk(6, TO_RUNNING);
    stage.walk(4, &[Scheduled, Ready, Leased, Running, Completed]);
    stage
}

#[test]
fn a_query_narrows_as_it_is_typed_and_goes_with_the_log() {
    let mut stage = six();
    assert_eq!(shown(&stage), ">Scheduled 3 #3 #2 #1 Running 2 #6 #5 Completed 1 #4");
    stage.press("/state:running");
    assert_eq!(stage.app.mode(), Mode::Find);
    assert_eq!(shown(&stage), ">Running 2 #6 #5");
    assert_eq!((stage.app.shelves().count(Running), stage.app.shelves().count(Scheduled)), (2, 0));
    stage.press(" or state:sched<enter>");
    assert_eq!(
        (stage.app.mode(), stage.app.finding.query()),
        (Mode::Board, Some("state:running or state:sched"))
    );
    stage.walk(1, TO_RUNNING);
    stage.walk(6, &[Running, Completed]);
    stage.draw();
    assert_eq!(shown(&stage), ">Scheduled 2 #3 #2 Running 2 #1 #5");
    stage.press("<esc>");
    assert_eq!((stage.app.finding.query(), stage.app.finding.is_narrowed()), (None, false));
    assert_eq!(shown(&stage), ">Scheduled 2 #3 #2 Running 2 #1 #5 Completed 2 #6 #4");
}

#[test]
fn a_wrong_query_is_not_kept_and_leaving_it_brings_back_what_was_in_force() {
    for (before, typed, wrong) in [
        ("", "/state:running stat:x", "stat"),
        ("", "/cancelable -tag:\"etl", "\""),
        ("/id:1<enter>", "/<backspace>2 or", "or"),
        ("/id:1<enter>", "/(state:running", "("),
        ("", "/@missing", "@missing"),
        ("", "/attempts>=x", "x"),
    ] {
        let mut stage = six();
        stage.press(before);
        let (query, rows) = (stage.app.finding.query().map(str::to_owned), shown(&stage));
        stage.press(typed);
        for keys in ["", "<enter>", "<enter>"] {
            stage.press(keys);
            let prompt = stage.app.typing.prompt().unwrap();
            let (at, why) = prompt.wrong.clone().unwrap_or_else(|| panic!("{typed} is wrong"));
            assert_eq!(&prompt.text()[at.clone()], wrong, "{why}");
            assert!(keys.is_empty() || prompt.caret() == at.end, "the caret is where it is wrong");
        }
        // These are letters of the query, and no keys.
        stage.press("Mc");
        assert_eq!((stage.app.marks().len(), stage.app.dialog()), (0, None), "{typed}");
        stage.press("<esc>");
        assert_eq!((stage.app.finding.query().map(str::to_owned), shown(&stage)), (query, rows), "{typed}");
        assert_eq!((stage.app.mode(), stage.notice()), (Mode::Board, String::new()));
    }
    let mut stage = six();
    stage.press("/stat:x<enter><esc>/<up>");
    assert_eq!(stage.app.typing.prompt().unwrap().text(), "stat:x", "it can be brought back and mended");
}

#[test]
fn a_query_that_is_left_returns_to_the_run_and_the_pane_of_before() {
    for keys in [
        "/zzz<esc>",
        "/zzz<enter><esc>",
        "/id:00000002<enter><esc>",
        "/id:00000005<esc>",
        ":find zzz<enter><esc>",
    ] {
        for before in ["", ":group nothing<enter>", ":group task<enter>jj<enter>", ":sort run<enter>"] {
            let mut stage = six();
            stage.press(&format!("{before}gjj"));
            let (rows, run) = (shown(&stage), stage.app.board.runs.selected());
            assert!(run.is_some() || before.contains("task"), "{rows}");
            stage.press(keys);
            assert_eq!((shown(&stage), stage.app.board.runs.selected()), (rows, run), "{before} {keys}");
        }
    }
    // Where the cursor was moved to meanwhile, it stays.
    let mut stage = six();
    stage.press("jj/id:00000005<enter>j<esc>");
    assert!(shown(&stage).contains(">#5"), "{}", shown(&stage));
    stage.press("5/x<esc>");
    assert_eq!(stage.app.board.focus, Pane::Charts);
}

#[test]
fn who_leaves_a_query_has_the_one_before_and_may_bring_back_what_was_typed() {
    let mut stage = six();
    stage.press("/id:1<enter>/");
    assert_eq!(stage.app.typing.prompt().unwrap().text(), "id:1 ");
    stage.press("<backspace><backspace>2");
    assert_eq!(stage.app.finding.query(), Some("id:2"));
    stage.press("<esc>");
    assert_eq!((stage.app.finding.query(), stage.app.mode()), (Some("id:1"), Mode::Board));
    stage.press("<esc>/<up>");
    assert_eq!(stage.app.typing.prompt().unwrap().text(), "id:1");
    stage.press("<esc>");
    assert_eq!(stage.app.finding.query(), None);
}

#[test]
fn what_is_pasted_counts_where_text_is_asked_for_and_nowhere_else() {
    let mut stage = six();
    let now = stage.now();
    stage.app.paste("cy\n", now);
    assert_eq!((stage.app.mode(), stage.app.dialog()), (Mode::Board, None));
    stage.press("/");
    stage.app.paste("state:running\nid:05\x1b", now);
    assert_eq!(
        stage.app.typing.prompt().unwrap().text(),
        "state:running id:05 ",
        "what is no letter is a blank"
    );
    stage.press("<enter>Mc");
    stage.app.paste("1y", now);
    assert_eq!(stage.app.progress(), None);
}

#[test]
fn what_is_begun_is_completed() {
    let mut stage = six();
    stage.press("/sta<tab>");
    assert_eq!(stage.app.typing.prompt().unwrap().text(), "state:");
    stage.press("comp<tab>");
    assert!(
        stage.app.finding.query().unwrap().to_lowercase().contains("completed"),
        "{:?}",
        stage.app.finding.query()
    );
    stage.press("<enter>:gr<tab>ta<tab><enter>");
    assert_eq!(stage.app.finding.grouping(), crate::view::arrange::Grouping::Task);
}

#[test]
fn time_alone_changes_what_is_found() {
    let mut stage = six();
    stage.press("/state:live in_state>=10s<enter>");
    assert_eq!(shown(&stage), "");
    for (milliseconds, expected) in [(9_900, ""), (200, ">Scheduled 3 #3 #2 #1 Running 2 #6 #5")] {
        stage.pass(milliseconds);
        stage.tick();
        stage.draw();
        assert_eq!(shown(&stage), expected, "after {milliseconds} more");
    }
}

#[test]
fn the_order_is_chosen_and_turned_round_and_the_cursor_keeps_its_run() {
    let mut stage = six();
    stage.press("jj");
    assert!(shown(&stage).contains(">#2"));
    stage.press("s");
    assert_eq!(shown(&stage), "Scheduled 3 #1 >#2 #3 Running 2 #5 #6 Completed 1 #4");
    stage.press("i");
    assert_eq!(shown(&stage), "Scheduled 3 #3 >#2 #1 Running 2 #6 #5 Completed 1 #4");
    stage.press("iS");
    assert!(!stage.app.finding.is_narrowed());
    stage.press(":group nothing<enter>:sort run<enter>");
    assert_eq!(shown(&stage), "#1 >#2 #3 #4 #5 #6");
    stage.walk(2, TO_RUNNING);
    stage.press(":sort run<enter>");
    assert_eq!(shown(&stage), "#6 #5 #4 #3 >#2 #1");
    stage.press("oo");
    assert_eq!(stage.app.finding.grouping(), crate::view::arrange::Grouping::Task);
    assert_eq!(shown(&stage), "group 6 >#2");
}

#[test]
fn marks_are_on_runs_wherever_they_go() {
    let mut stage = six();
    stage.press("jmm");
    assert_eq!(shown(&stage), "Scheduled 3 *#3 *#2 >#1 Running 2 #6 #5 Completed 1 #4");
    stage.walk(2, TO_RUNNING);
    assert_eq!(shown(&stage), "Scheduled 2 *#3 >#1 Running 3 *#2 #6 #5 Completed 1 #4");
    stage.press("v");
    assert!(stage.app.marking.from.is_some());
    stage.press("jjv");
    assert_eq!(shown(&stage), "Scheduled 2 *#3 *#1 Running 3 >*#2 #6 #5 Completed 1 #4");
    stage.press("<esc>");
    assert!(stage.app.marks().is_empty());
    stage.press("/state:live<enter>M");
    assert_eq!(stage.notice(), "5 runs are marked");
    stage.press("<esc>");
    assert_eq!(
        (stage.app.marks().len(), stage.app.finding.query()),
        (0, Some("state:live")),
        "marks go first"
    );
    stage.press("MM");
    assert_eq!((stage.app.marks().len(), stage.notice()), (0, "no run is marked any more".to_owned()));
}

#[test]
fn another_log_has_no_marks_and_is_searched_from_the_beginning() {
    let mut stage = six();
    stage.press("/state:sched<enter>M");
    stage.begin_log(1);
    stage.create(7..=8);
    stage.draw();
    assert_eq!(shown(&stage), ">Scheduled 2 #8 #7");
    assert!(stage.app.marks().is_empty());
}

#[test]
fn a_query_holds_in_the_past_too() {
    let mut stage = Stage::read_only(Why::Replay);
    stage.create(1..=3);
    stage.walk(1, TO_RUNNING);
    stage.press("/state:running<enter>");
    assert_eq!(shown(&stage), ">Running 1 #1");
    let mut seen = Vec::new();
    for _ in 0..3 {
        stage.press(",");
        stage.finish();
        stage.draw();
        seen.push(shown(&stage));
    }
    assert_eq!(seen, ["", "", ""]);
    stage.press("<end>");
    stage.finish();
    stage.draw();
    assert_eq!(shown(&stage), ">Running 1 #1");
    assert_eq!(stage.app.store().run(stage.app.store().find(id(1)).unwrap()).state, Running);
}

#[test]
fn a_query_that_was_typed_before_the_log_showed_its_engine_is_read_for_its_states() {
    let mut stage = Stage::unread();
    stage.status(true);
    stage.press("/state:completed<enter>");
    let record = |id, state| {
        format!(
            "{{\"id\":\"{id}\",\"state\":\"{state}\",\"attempts\":0,\"created_at\":1795193600000,\
             \"updated_at\":1795193600000,\"metadata\":{{}}}}\n"
        )
    };
    stage.log(&(record("a", "completed") + &record("b", "cancelled")));
    stage.finish();
    let shelves = stage.app.finding.shelves(stage.app.store());
    let states = stage.app.store().states();
    let found: Vec<usize> = states.listed().map(|state| shelves.count(state)).filter(|n| *n > 0).collect();
    assert_eq!((stage.app.finding.query(), found), (Some("state:completed"), vec![1]));
    assert!(stage.app.store().states().listed().any(|state| state.name() == "dead_lettered"));
}
