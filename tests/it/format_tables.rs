//! Tables of a user, and what comes out of a few lines by them.

use runwatch::engine::batch::Decoder;
use runwatch::engine::mapped::Format;
use runwatch::engine::mapped::table::MappedTable;
use runwatch::engine::{self, Given, fold};
use runwatch::store::{Ended, Pace, Retain, Retention, Rules, Store};
use serde_json::{Value, json};

use crate::common::blocks;
use crate::common::program::{Log, text};
use crate::formats::{folded_by, runs};

/// A table that gives most fields, to which keys before its rules are added.
fn usual(more: &str) -> String {
    format!(
        "name = \"t\"\n{more}\n[[rule]]\nid = \"/run\"\nstate = \"/state\"\ntime = \"/time\"\nattempt = \"/attempt\"\n\
         worker = [\"/worker\", \"/host\"]\nerror = \"/error\"\nparent = \"/parent\"\nended = \"/ended\"\n\
         output = \"/output\"\nmax_attempts = \"/max\"\n"
    )
}

fn folded(table: &str, lines: &[Value]) -> Store {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    folded_text(table, &text)
}

fn folded_text(table: &str, text: &str) -> Store {
    let table = MappedTable::parse(table).unwrap_or_else(|faults| panic!("{table}\n{faults:?}"));
    folded_by(Format::of(Box::leak(Box::new(table))), text.as_bytes())
}

/// Asserts what is told of some runs, `null` for one that is not there.
#[track_caller]
fn assert_told(table: &str, lines: &[Value], expected: &Value) {
    let all = runs(&folded(table, lines));
    for (id, expected) in expected.as_object().unwrap() {
        let Some(run) = all.get(id) else {
            assert!(expected.is_null(), "{id} is no run: {lines:?}");
            continue;
        };
        for (field, value) in expected.as_object().unwrap_or_else(|| panic!("{id} is a run: {lines:?}")) {
            assert_eq!(&run[field], value, "{field} of {id}: {lines:?}");
        }
    }
}

/// Values of a table, in the rule of which they are, with one line.
#[test]
fn a_value_is_picked_as_the_table_says() {
    for (rule, line, expected) in [
        (r#"id = { join = ["/a", "/b"] }"#, json!({"a": "x", "b": 7}), json!({"x/7": {}})),
        (r#"id = { join = ["/a", "/b"] }"#, json!({"a": "x", "b": null}), json!({"x": null, "x/": null})),
        (
            r#"id = { join = ["/a", { at = "/b", optional = true }, "/c"], with = "~" }"#,
            json!({"a": "x", "b": null, "c": "z"}),
            json!({"x~z": {}}),
        ),
        (
            r#"id = { join = ["/a", { at = "/b", optional = true }, "/c"], with = "~" }"#,
            json!({"a": "x", "c": "z"}),
            json!({"x~z": {}}),
        ),
        (
            r#"id = { at = "/a", strip = "job.", strip_end = ".x" }"#,
            json!({"a": "job.7.x"}),
            json!({"7": {}}),
        ),
        (r#"id = { at = "/a", strip = "job.", strip_end = ".x" }"#, json!({"a": "7"}), json!({"7": {}})),
        ("each = \"/list\"\nid = \"@key\"", json!({"list": {"k": {"v": 1}}}), json!({"k": {}})),
        ("each = \"/list\"\nid = \"@key\"", json!({"list": ["v", "w"]}), json!({"0": {}, "1": {}})),
        ("each = \"/list\"\nid = \"@\"", json!({"list": ["v", 2]}), json!({"v": {}, "2": {}})),
        ("each = \"/list\"\nid = \"@\"", json!({"list": []}), json!({"": null})),
        ("id = \"/a\"", json!({"a": ""}), json!({"": null})),
        ("id = \"/a\"", json!({"a": false}), json!({"false": {}})),
        (
            "id = \"/a\"\nworker = [\"/b\", \"/c\"]",
            json!({"a": "x", "b": null, "c": "w"}),
            json!({"x": {"worker": "w"}}),
        ),
        ("id = \"/a\"\noutput = \"/b\"", json!({"a": "x", "b": "1"}), json!({"x": {"output": "1"}})),
        ("id = \"/a\"\noutput = \"/b\"", json!({"a": "x", "b": [1]}), json!({"x": {"output": [1]}})),
    ] {
        let table = format!("name = \"t\"\n[[rule]]\n{rule}\nstate = {{ const = \"Running\" }}\n");
        assert_told(&table, &[line], &expected);
    }
}

#[test]
fn a_field_is_left_cleared_or_set() {
    let first =
        json!({"run": "a", "state": "failed", "worker": "w", "error": "e", "max": 3, "time": 1_796_000_009});
    for (second, expected) in [
        (json!({"state": "failed"}), json!({"worker": "w", "error": "e", "max_attempts": 3})),
        (json!({"state": "failed", "error": ""}), json!({"error": null})),
        (json!({"state": "failed", "worker": null}), json!({"worker": null})),
        (json!({"state": "failed", "worker": null, "host": "h"}), json!({"worker": "h"})),
        (json!({"state": "failed", "max": "many"}), json!({"max_attempts": 3})),
        // A word that is not known, and none.
        (json!({"state": "frobnicated", "worker": "x"}), json!({"state": "Failed", "worker": "w"})),
        (json!({"state": "frobnicated", "parent": "p"}), json!({"parent": null})),
        (json!({"state": null, "worker": "x"}), json!({"state": "Failed", "worker": "w"})),
        // The latest instant is that of the earlier line.
        (json!({"state": "failed", "time": 1_796_000_001}), json!({"time": 1_796_000_009_000_u64})),
    ] {
        let mut second = second;
        second["run"] = "a".into();
        assert_told(&usual("late = \"sticky\""), &[first.clone(), second], &json!({"a": expected}));
    }
}

#[test]
fn a_state_of_null_is_no_word() {
    let store =
        folded(&usual(""), &[json!({"run": "a", "state": null}), json!({"run": "a", "state": "odd"})]);
    assert_eq!(engine::unknown_states(&store).into_iter().collect::<Vec<_>>(), [("odd".to_owned(), 1)]);
}

#[test]
fn a_statement_that_came_too_late_fills_in_what_was_not_known() {
    let line = |state: &str, worker: Option<&str>, error: Option<&str>| {
        let mut line = json!({"run": "a", "state": state});
        worker.into_iter().for_each(|worker| line["worker"] = worker.into());
        error.into_iter().for_each(|error| line["error"] = error.into());
        line
    };
    for (lines, expected) in [
        (
            [line("failed", Some("w"), Some("e")), line("running", Some("x"), Some("f"))],
            json!({"state": "Failed", "worker": "w", "error": "e"}),
        ),
        (
            [line("failed", None, None), line("running", Some("x"), Some("f"))],
            json!({"state": "Failed", "worker": "x", "error": "f"}),
        ),
        (
            [line("done", None, None), line("failed", None, Some("f"))],
            json!({"state": "Completed", "error": null, "reopened": 0}),
        ),
    ] {
        assert_told(&usual("late = \"sticky\""), &lines, &json!({"a": expected}));
    }
}

#[test]
fn the_end_of_a_parent_that_came_too_late_leaves_nothing_open() {
    let lines = [
        json!({"run": "p", "state": "done"}),
        json!({"run": "c", "state": "running", "parent": "p"}),
        json!({"run": "p", "state": "failed"}),
    ];
    let table = usual("late = \"sticky\"\nleft_open = true");
    assert_told(&table, &lines, &json!({"p": {"state": "Completed"}, "c": {"state": "Running"}}));
}

#[test]
fn an_end_is_that_of_the_last_time() {
    let at = |state: &str, time: u64| json!({"run": "a", "state": state, "time": time});
    let mut first = at("failed", 1_796_000_001);
    first["ended"] = json!(1_796_000_000_500_u64);
    let lines = [first, at("running", 1_796_000_002), at("done", 1_796_000_003)];
    assert_told(&usual(""), &lines[..1], &json!({"a": {"ended": 1_796_000_000_500_u64}}));
    assert_told(&usual(""), &lines, &json!({"a": {"ended": 1_796_000_003_000_u64, "reopened": 1}}));
}

#[test]
fn steps_that_a_table_does_not_have_are_problems() {
    let table = usual("transitions = [[\"Ready\", \"Running\"]]");
    let at = |state: &str, attempt: u32| json!({"run": "a", "state": state, "attempt": attempt});
    for (lines, is_flagged) in [
        (vec![at("queued", 1), at("running", 1)], false),
        // A worker begins it once more.
        (vec![at("running", 1), at("running", 2)], false),
        (vec![at("running", 1), at("queued", 1)], true),
    ] {
        assert_told(&table, &lines, &json!({"a": {"flagged": is_flagged}}));
    }
}

#[test]
fn clocks_that_go_back_are_counted_and_equal_ones_are_not() {
    let lines =
        [5, 5, 4, 5].map(|second| json!({"run": "a", "state": "running", "time": 1_796_000_000 + second}));
    let store = folded(&usual(""), &lines);
    assert_eq!(engine::lines_told(&store).unwrap().back_in_time, 1);
}

#[test]
fn the_first_rule_that_holds_is_taken_and_more_where_it_says_so() {
    for (also, state) in [("", "Running"), ("also = true\n", "Completed")] {
        let table = format!(
            "name = \"t\"\n[[rule]]\n{also}id = \"/run\"\nstate = {{ const = \"Running\" }}\ncarry = {{ r = \"/run\" }}\n\
             [[rule]]\nid = \"/run\"\nstate = {{ const = \"Completed\" }}\n"
        );
        assert_told(&table, &[json!({"run": "a"})], &json!({"a": {"state": state}}));
    }
}

#[test]
fn a_line_without_a_word_leaves_the_one_that_is_known() {
    let table = "name = \"t\"\n[words.w]\nBEGUN = \"Running\"\n[[rule]]\nwhen = { \"/word\" = { exists = true } }\n\
                 id = \"/run\"\nstate = { at = \"/word\", words = \"w\" }\n[[rule]]\nid = \"/run\"\n\
                 state = { const = \"Running\" }\n";
    let lines = [json!({"run": "a", "word": "BEGUN"}), json!({"run": "a"})];
    assert_told(table, &lines, &json!({"a": {"word": "BEGUN"}}));
    assert_told(table, &lines[1..], &json!({"a": {"word": null}}));
}

#[test]
fn noise_is_what_does_not_look_like_an_event() {
    let text = "starting ...\n{\"run\":\"a\",\"state\":\"ok\"}\n{\"run\":\"a\",\"sta\n[1\n\n";
    for (noise, told) in [("", (1, 0, 3)), ("noise = true", (1, 2, 1))] {
        let store = folded_text(&usual(noise), text);
        let lines = engine::lines_told(&store).unwrap();
        assert_eq!((lines.matched, lines.passed_over, store.tally().unreadable), told, "{noise}");
    }
}

#[test]
fn a_time_that_is_none_is_told_once_and_leaves_the_run_without_one() {
    let line = |run: &str, time: &str| format!("{{\"run\":\"{run}\",\"state\":\"ok\",\"time\":{time}}}\n");
    let times = ["\"yesterday\"", "-5", "null", "\"\"", "\"2026-11-21T14:03:10Z\""];
    let text: String =
        ["a", "b", "c", "d", "e"].iter().zip(times).map(|(run, time)| line(run, time)).collect();
    let store = folded_text(&usual(""), &text);
    assert_eq!(engine::lines_told(&store).unwrap().unread_times, 2);
    let problems = store.problems();
    assert_eq!((problems.total(), problems.kept()[0].place.line()), (1, 1));
}

#[test]
fn a_run_is_not_the_name_of_its_task() {
    let log = Log::new(b"{\"run\":\"job-17\",\"state\":\"running\",\"tags\":\"eu\",\"max_attempts\":3}\n");
    let printed = text(&log.run(&["runs"]));
    let line = printed.lines().nth(1).unwrap();
    assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["job-17", "Running", "1", "?", "-"]);
    let screen = format!("{}.html", log.path());
    log.run(&["screenshot", "-o", &screen, "--size", "120x40"]);
    assert_eq!(std::fs::read_to_string(screen).unwrap().matches("job-17").count(), 1);
}

/// Facts that earlier lines left are known when the runs that they were about are gone.
#[test]
fn eviction_forgets_no_more_than_ended_runs() {
    let table = "name = \"t\"\ndedup = \"/event\"\nleft_open = true\n[[rule]]\nwhen = { \"/session\" = { exists = true } }\n\
                 id = \"/session\"\nstate = { const = \"-\" }\ncarry = { s = \"/session\" }\n[[rule]]\n\
                 id = { join = [\"$s\", \"/run\"] }\nstate = \"/state\"\nqueue = \"/queue\"\nreason = \"/reason\"\n\
                 parent = { join = [\"$s\", \"/parent\"] }\n";
    let given = Given::Format(Format::of(Box::leak(Box::new(MappedTable::parse(table).unwrap()))));
    let mut store = engine::store_given(Rules::Lenient, &given);
    let mut decoder = Decoder::given(&given);
    let mut add = |store: &mut Store, lines: &[Value]| {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        blocks(text.as_bytes(), 16 << 10, |block| fold::batch(store, &decoder.decode(block)));
    };
    let ended = (0..5000).map(|n| json!({"run": format!("x{n}"), "state": "done", "queue": format!("q{n}"), "event": format!("e{n}")}));
    let mut lines = vec![json!({"session": "s7"})];
    lines.extend(ended);
    lines.push(json!({"run": "p", "state": "running", "event": "p1"}));
    lines.push(json!({"run": "a", "state": "started", "queue": "mail", "parent": "p", "event": "a1"}));
    lines.push(json!({"run": "b", "state": "paused", "reason": "approval", "parent": "p", "event": "b1"}));
    lines.push(json!({"run": "a", "state": "odd", "event": "a2"}));
    add(&mut store, &lines);
    let before = runs(&store);
    let retain = Retain { ended: Ended::Latest(0), memory: 1 << 30 };
    Retention::new(retain).apply(&mut store, Pace::AtRest);
    let after = runs(&store);
    assert!(!after.contains_key("s7/x7") && after.contains_key("s7/a"), "{} runs", after.len());
    for (id, run) in &after {
        assert_eq!(run, &before[id]);
    }
    assert_eq!(engine::unknown_states(&store).into_iter().collect::<Vec<_>>(), [("odd".to_owned(), 1)]);
    // An event of a run that is gone, the session in an id, and the children of a parent.
    add(&mut store, &[json!({"run": "x7", "state": "running", "event": "e7"})]);
    assert_eq!(engine::lines_told(&store).unwrap().repeated, 1);
    add(
        &mut store,
        &[
            json!({"run": "c", "state": "queued", "event": "c1"}),
            json!({"run": "p", "state": "done", "event": "p2"}),
        ],
    );
    let after = runs(&store);
    for (id, state) in [("s7/a", "LeftOpen"), ("s7/b", "LeftOpen"), ("s7/c", "Ready"), ("s7/p", "Completed")]
    {
        assert_eq!(after[id]["state"], state, "{id}");
    }
}
