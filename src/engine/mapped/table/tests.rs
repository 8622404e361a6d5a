//! Tables as a whole: what they compile to, and what is told of those that are none.

use super::condition::{ConditionScalar, ConditionTest};
use super::rule::{FieldName, FieldOf, StateOf};
use super::time::TimeUnit;
use super::words::WordMeaning;
use super::*;
use crate::engine::mapped::scan::{FoundValue, FoundValues, scan};
use crate::model::states::State;

/// A table of one rule with these lines in it, behind these lines before it.
fn text(before: &str, rule: &str) -> String {
    let own =
        |key: &str, line: &'static str| if rule.lines().any(|it| it.starts_with(key)) { "" } else { line };
    let (id, state) = (own("id ", "id = \"/id\"\n"), own("state ", "state = \"/state\"\n"));
    format!("name = \"t\"\n{before}\n[[rule]]\n{id}{state}{rule}\n")
}

fn table(before: &str, rule: &str) -> MappedTable {
    let text = text(before, rule);
    MappedTable::parse(&text).unwrap_or_else(|problems| panic!("{}\n{text}", told(&problems)))
}

fn told(problems: &[TableProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The pick of a task in a table of one rule.
fn pick(value: &str) -> Pick {
    let table = table("", &format!("each = \"/jobs\"\ncarry = {{ wf = \"/w\" }}\ntask = {value}"));
    match &table.rules[0].fields.all() {
        [(FieldName::Task, FieldOf::Value(pick))] => pick.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn values_become_slots() {
    let slot = |slot| Pick::Slot(slot);
    for (value, expected) in [
        // Slots 0 to 3: `carry`, `each`, `id` and `state`.
        ("\"/w\"", slot(0)),
        ("\"/a\"", slot(4)),
        ("\"/id\"", slot(2)),
        ("[\"/a\"]", slot(4)),
        ("\"@\"", Pick::Element),
        ("\"@key\"", Pick::ElementKey),
        ("\"@/x\"", Pick::ElementSlot(1)),
        ("\"@/\"", Pick::ElementSlot(1)),
        ("\"$wf\"", Pick::Register(0)),
        ("{ const = \"job\" }", Pick::Const("job".into())),
        ("{ at = \"/a\" }", slot(4)),
        (
            "[\"/a\", \"@/x\", \"$wf\"]",
            Pick::First([slot(4), Pick::ElementSlot(1), Pick::Register(0)].into()),
        ),
        (
            "{ join = [\"/a\", { at = \"/b\", optional = true }, { const = \"c\" }] }",
            Pick::Join {
                parts: [(slot(4), false), (slot(5), true), (Pick::Const("c".into()), false)].into(),
                with: "/".into(),
            },
        ),
        (
            "{ join = [[\"/a\", \"/b\"]], with = \"\" }",
            Pick::Join { parts: [(Pick::First([slot(4), slot(5)].into()), false)].into(), with: "".into() },
        ),
        (
            "{ at = { at = \"/a\", strip = \"x.\" }, strip_end = \".y\" }",
            Pick::Strip {
                of: Box::new(Pick::Strip { of: Box::new(slot(4)), start: "x.".into(), end: "".into() }),
                start: "".into(),
                end: ".y".into(),
            },
        ),
    ] {
        assert_eq!(pick(value), expected, "{value}");
    }
}

#[test]
fn a_table_is_compiled_as_a_whole() {
    let table = table(
        r#"
        title = "T"
        command = "t | runwatch -"
        source = "https://t"
        detect = [{ "/a" = { exists = true }, "/n" = [1, 2.5, true, "x"] }, { "/b" = { glob = "x*y" }, "/c" = { not = "z" } }]
        noise = true
        prefix = true
        left_open = true
        unwrap = ["/log", "/MESSAGE"]
        dedup = { join = ["/source", "/id"] }
        transitions = [["Ready", "Running"], ["Running", "Completed"]]
        late = { precedence = ["Completed", "Running"], exempt = ["Ready"] }
        [cancel]
        unit = "parent"
        command = "t stop {parent}"
        proof = "end"
        [words.s]
        go = "Running"
        end = "Completed"
        new = "Ready"
        hm = "-"
        "#,
        r#"
        state = { at = "/s", words = "s" }
        when = { "/kind" = "k" }
        also = true
        each = "/jobs"
        time = { at = "/t", unit = "us", zone = "+02:00" }
        attempt = { at = "/n", base = 0 }
        due = "/due"
        output = "/out"
        "#
        .replace("\n        ", "\n")
        .trim(),
    );
    assert_eq!((&*table.name, &*table.title, &*table.source), ("t", "T", "https://t"));
    assert_eq!((table.noise, table.prefix, table.left_open, table.counts_attempts), (true, true, true, true));
    let names: Vec<&str> = table.states.all().map(State::name).collect();
    assert_eq!(names, ["Ready", "Running", "LeftOpen", "Completed"]);
    assert_eq!(table.states.state(table.id(MappedState::Completed)).name(), "Completed");
    assert_eq!(table.cancel.as_ref().unwrap().command.as_deref(), Some("t stop {parent}"));
    let LateRule::Precedence { ranks, exempt } = &table.late else { panic!("{:?}", table.late) };
    let rank = |state: MappedState| ranks[state as usize];
    assert_eq!([MappedState::Completed, MappedState::Running, MappedState::Ready].map(rank), [2, 1, 0]);
    assert!(exempt.has(MappedState::Ready) && !exempt.has(MappedState::Running));
    assert_eq!(table.transitions.as_ref().unwrap().len(), 2);
    assert_eq!(table.detect.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
    let scalars = vec![
        ConditionScalar::Integer(1),
        ConditionScalar::Float(2.5),
        ConditionScalar::Bool(true),
        ConditionScalar::Text("x".into()),
    ];
    assert_eq!(table.detect[0][1].test, ConditionTest::Is(scalars));
    let rule = &table.rules[0];
    assert!(rule.also && rule.when.len() == 1 && rule.each.is_some());
    let time = rule.time.as_ref().unwrap();
    assert_eq!(time.unit, TimeUnit::Microseconds);
    assert_eq!(time.read(&FoundValue::Text("1970-01-01T02:00:01".into())), Some(1000));
    assert_eq!(rule.attempt.as_ref().unwrap().1, 0);
    assert!(matches!(
        *rule.fields.all(),
        [(FieldName::Output, FieldOf::Value(_)), (FieldName::Due, FieldOf::Time(_))]
    ));
    let StateOf::Word(_, words) = &rule.state else { panic!("{:?}", rule.state) };
    assert_eq!(words.look_up("hm"), WordMeaning::NoStatement);
    let slots = table.detect.iter().flatten().chain(&rule.when).map(|condition| condition.slot);
    assert!(slots.max().unwrap() < table.trie.len());
}

#[test]
fn what_is_left_out_has_a_default() {
    let table = table("", "");
    assert_eq!((&*table.title, &*table.command, &*table.source), ("t", "", ""));
    assert!(!table.noise && !table.prefix && !table.left_open && table.counts_attempts);
    assert_eq!(table.late, LateRule::Reopen);
    assert!(table.cancel.is_none() && table.transitions.is_none() && table.unwrap.is_none());
    assert_eq!(table.states.len(), MappedState::TOLD.len());
    assert!(!self::table("attempts = \"none\"", "").counts_attempts);
    assert_eq!(self::table("late = \"sticky\"", "").late, LateRule::Sticky(MappedStates::default()));
    let reopen = [MappedState::Ready].into_iter().collect();
    assert_eq!(self::table("late = { reopen = [\"Ready\"] }", "").late, LateRule::Sticky(reopen));
    assert!(matches!(self::table("", "state = { const = \"-\" }").rules[0].state, StateOf::Untold));
    let constant = self::table("", "state = { const = \"Failed\", word = \"/w\" }");
    assert!(matches!(constant.rules[0].state, StateOf::Const(MappedState::Failed, Some(Pick::Slot(1)))));
    assert_eq!(constant.states.len(), 1);
}

#[test]
fn an_element_is_the_first_slot_of_its_own_trie() {
    let table = table("", "each = \"/jobs\"\nid = \"@/n\"");
    let each = table.rules[0].each.as_ref().unwrap();
    let mut found = FoundValues::default();
    scan(br#"{"n":7}"#, &each.trie, &mut found).unwrap();
    assert_eq!(*found, [FoundValue::Object(r#"{"n":7}"#.into()), FoundValue::Number("7".into())]);
}

#[test]
fn an_event_is_unwrapped_where_it_is_a_text() {
    let table = table("unwrap = [\"/log\", \"/m\"]\nprefix = true", "");
    let unwrap = table.unwrap.as_ref().unwrap();
    for (line, expected) in [
        (r#"{"log":"{\"id\":1}"}"#, r#"{"id":1}"#),
        (r#"{"log":7,"m":"x"}"#, "x"),
        (r#"{"id":1}"#, r#"{"id":1}"#),
    ] {
        assert_eq!(unwrap.event(line.as_bytes()).unwrap(), expected.as_bytes(), "{line}");
    }
    assert!(unwrap.event(b"x").is_err());
    assert_eq!(table.event_text(b"12:00 [info] {\"id\":1}"), b"{\"id\":1}");
    assert_eq!(table.event_text(b"no event"), b"no event");
    assert_eq!(self::table("", "").event_text(b"12:00 {}"), b"12:00 {}");
}

mod wrong;
