//! Tables that are none, and what is told of them.

use super::{MAX_TABLE_BYTES, MappedTable, text, told};

/// Checks what is told of a table: each line of `expected` is the end of a line that is told, in this order.
fn check(text: &str, expected: &[&str]) {
    let problems =
        MappedTable::parse(text).err().unwrap_or_else(|| panic!("{expected:?} is not told of\n{text}"));
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let is_told =
        lines.len() == expected.len() && lines.iter().zip(expected).all(|(line, end)| line.ends_with(end));
    assert!(is_told, "{}\ninstead of\n{}\nof\n{text}", told(&problems), expected.join("\n"));
}

#[test]
fn a_place_is_told_with_each_fault() {
    let given = "name = \"T T\"\nnoisy = true\n\n[[rule]]\nid = \"id\"\nstat = \"/s\"\n";
    let problems = MappedTable::parse(given).unwrap_err();
    assert_eq!(
        told(&problems),
        "1:8: name: a name has 1 to 40 of the letters a-z, 0-9 and `-`\n\
         2:1: noisy: nothing is called so here; did you mean `noise`?\n\
         4:1: rule 1: a rule has `id` and `state`; `state` is missing\n\
         5:6: rule 1: id: a value begins with `/` (a pointer), `@` (the element of `each`) or `$` (a register); did \
         you mean `/id`, or { const = \"id\" }?\n\
         6:1: rule 1: stat: nothing is called so here; did you mean `state`?"
    );
}

#[test]
fn a_text_that_is_no_table_is_told() {
    check("name = ", &["string values must be quoted, expected literal string"]);
    check(
        "",
        &[
            "name: a table has a name, by which it is chosen: name = \"mine\"",
            "rule: a table has rules: [[rule]] with an id and a state",
        ],
    );
    check("name = \"t\"\nrule = 1", &["rule: rules are written [[rule]], in two pairs of brackets"]);
    check("name = \"t\"\nrule = [1]", &["rule 1: rules are written [[rule]], in two pairs of brackets"]);
    check("name = \"t\"\nrule = []", &["rule: a table has 1 to 64 rules; this one has 0"]);
    let long = format!("{}# {}", text("", ""), "x".repeat(MAX_TABLE_BYTES));
    check(&long, &[&format!("1:1: a table has at most 64 KiB; this one has {} bytes", long.len())]);
}

#[test]
fn settings_that_are_wrong_are_told() {
    for (before, expected) in [
        ("title = 1", "title: this is a text, in quotes"),
        ("noise = \"yes\"", "noise: this is true or false"),
        ("late = \"stick\"", "late: this is one of \"reopen\", \"sticky\"; did you mean `sticky`?"),
        ("late = { reopen = \"Ready\" }", "late: reopen: this is a list of states: [\"Ready\", \"Running\"]"),
        ("late = { precedence = [\"Ready\", \"Ready\"] }", "late: precedence: a state is there twice"),
        (
            "late = { exempt = [] }",
            "late: it is \"reopen\", \"sticky\", { reopen = [..] } or { precedence = [..] }",
        ),
        ("attempts = \"counted\"", "attempts: this is one of \"count\", \"none\"; did you mean `count`?"),
        ("transitions = \"all\"", "transitions: this is one of \"free\""),
        ("transitions = [[\"Ready\"]]", "transitions: these are two states: [\"Ready\", \"Running\"]"),
        ("detect = []", "detect: this is a list: detect = [{ \"/run\" = { exists = true } }]"),
        ("detect = [{}]", "detect: these are conditions: { \"/type\" = \"task-sent\" }"),
        ("unwrap = { const = \"x\" }", "unwrap: this is a pointer, or a list of pointers"),
        ("dedup = \"@\"", "dedup: `@` is an element of `each`: it is for the fields of a rule with `each`"),
        ("cancel = true", "cancel: this is a section: [cancel]"),
        ("cancel = { unit = \"task\" }", "cancel: unit: this is one of \"run\", \"parent\""),
        (
            "cancel = { proof = \"canceled\" }",
            "cancel: proof: this is one of \"Canceled\", \"end\", \"none\"; did you mean `Canceled`?",
        ),
        ("cancel = { command = \"stop {id}\" }", "cancel: command: a command has {run}, {task} and {parent}"),
        (
            "cancel = { command = \"stop {runs}\" }",
            "cancel: command: a command has {run}, {task} and {parent}; did you mean `run`?",
        ),
        ("words = 1", "words: tables of words have names: [words.status]"),
        ("words.s = {}", "words.s: these are words with their states: started = \"Running\""),
        (
            "words.s = { a = \"Runing\" }",
            "words.s: a: this is one of Scheduled, Ready, Leased, Running, RetryWait, Suspended, Awaiting, Completed, \
             Failed, Canceled, Skipped, or \"-\" for a word that says nothing; did you mean `Running`?",
        ),
        (
            "words.s = { a = \"success\" }",
            "words.s: a: this is one of Scheduled, Ready, Leased, Running, RetryWait, Suspended, Awaiting, Completed, \
             Failed, Canceled, Skipped, or \"-\" for a word that says nothing; did you mean `Completed`?",
        ),
    ] {
        check(&text(before, ""), &[expected]);
    }
}

#[test]
fn rules_that_are_wrong_are_told() {
    for (rule, expected) in [
        (
            "task = 1",
            "rule 1: task: a value is a pointer such as \"/run\", a list of values, or a table with `at`, `join` or `const`",
        ),
        ("task = []", "rule 1: task: a list of values has at least one"),
        ("task = \"/a~2\"", "rule 1: task: `~` is written `~0` in a pointer, and `/` within a name `~1`"),
        (
            "task = \"@key\"",
            "rule 1: task: `@` is an element of `each`: it is for the fields of a rule with `each`",
        ),
        (
            "each = \"/e\"\ntask = \"@x\"",
            "rule 1: task: it is `@`, `@key`, or a pointer into the element; did you mean `@/x`?",
        ),
        ("task = \"$wf\"", "rule 1: task: no rule carries `wf`"),
        (
            "carry = { workflow = \"/w\" }\ntask = \"$workflw\"",
            "rule 1: task: no rule carries `workflw`; did you mean `workflow`?",
        ),
        ("carry = 1", "rule 1: carry: these are registers with their values: { run = \"/run_id\" }"),
        (
            "each = \"/e\"\ncarry = { a = \"@/x\" }",
            "rule 1: carry: a: `@` is an element of `each`: it is for the fields of a rule with `each`",
        ),
        ("each = \"e\"", "rule 1: each: a pointer begins with `/`; did you mean `/e`?"),
        ("also = 1", "rule 1: also: this is true or false"),
        ("task = { join = [] }", "rule 1: task: `join` is a list of values"),
        ("task = { join = [\"/a\"], with = 1 }", "rule 1: task: this is a text, in quotes"),
        (
            "task = { at = \"/a\", stripp = \"x\" }",
            "rule 1: task: stripp: nothing is called so here; did you mean `strip`?",
        ),
        ("task = { at = \"/a\", optional = true }", "rule 1: task: optional: nothing is called so here"),
        (
            "time = { at = \"/t\", unit = \"sec\" }",
            "rule 1: time: this is one of \"auto\", \"s\", \"ms\", \"us\", \"ns\"",
        ),
        (
            "time = { at = \"/t\", zone = \"Mars\" }",
            "rule 1: time: no time zone is called so; write \"UTC\", a name such as \"Europe/Berlin\", or \"+02:00\"",
        ),
        (
            "attempt = { at = \"/n\", base = 2 }",
            "rule 1: attempt: `base` is the number of the first attempt: 0 or 1",
        ),
        ("state = { at = \"/s\", words = \"status\" }", "rule 1: state: there is no [words.status]"),
        ("state = { const = \"running\" }", "or \"-\" for a line that has no state; did you mean `Running`?"),
        (
            "state = { const = \"Running\", words = \"s\" }",
            "rule 1: state: words: nothing is called so here; did you mean `word`?",
        ),
        ("when = 1", "rule 1: when: these are conditions: { \"/type\" = \"task-sent\" }"),
        ("when = { type = 1 }", "rule 1: when: type: a pointer begins with `/`; did you mean `/type`?"),
        ("when = { \"/a\" = { exists = 1 } }", "rule 1: when: /a: this is true or false"),
        (
            "when = { \"/a\" = { glob = \"a\" } }",
            "rule 1: when: /a: a pattern has one `*`: the text begins and ends as it says",
        ),
        (
            "when = { \"/a\" = { glob = \"*a*\" } }",
            "rule 1: when: /a: a pattern has one `*`: the text begins and ends as it says",
        ),
        (
            "when = { \"/a\" = { exist = true } }",
            "rule 1: when: /a: exist: nothing is called so here; did you mean `exists`?",
        ),
        (
            "when = { \"/a\" = [] }",
            "rule 1: when: /a: a condition is a text, a number, true, false, a list of them, or one of { exists = true }, { glob = \"task-*\" } and { not = \"a\" }",
        ),
    ] {
        check(&text("", rule), &[expected]);
    }
}

#[test]
fn limits_are_told() {
    let deep = "/a".repeat(17);
    check(
        &text("", &format!("task = \"{deep}\"")),
        &["rule 1: task: a pointer has at most 16 steps; this one has 17"],
    );
    let list = |count: usize| (0..count).map(|n| format!("\"/a{n}\"")).collect::<Vec<_>>().join(", ");
    check(
        &text("", &format!("task = [{}]", list(17))),
        &["rule 1: task: a value has at most 16 pointers; this one has 17"],
    );
    check(
        &text("", &format!("task = [{}]\nkey = [{}]", list(10), list(9))),
        &["rule 1: a rule has at most 16 pointers beside the first of each field; this one has 17"],
    );
    let when = (0..17).map(|n| format!("\"/a{n}\" = 1")).collect::<Vec<_>>().join(", ");
    check(
        &text("", &format!("when = {{ {when} }}")),
        &["rule 1: a rule has at most 16 pointers beside the first of each field; this one has 17"],
    );
    let rules = "[[rule]]\nid = \"/a\"\nstate = \"/s\"\n".repeat(64);
    check(&format!("{}{rules}", text("", "")), &["rule: a table has 1 to 64 rules; this one has 65"]);
    let words = (0..257).map(|n| format!("w{n} = \"Running\"\n")).collect::<String>();
    check(
        &text(&format!("[words.s]\n{words}"), ""),
        &["words.s: there are at most 256 words; these are 257"],
    );
    let registers = |from: usize, to: usize| {
        let list: Vec<String> = (from..to).map(|n| format!("r{n} = \"/r\"")).collect();
        format!("carry = {{ {} }}\n", list.join(", "))
    };
    let second = format!("[[rule]]\nid = \"/a\"\nstate = \"/s\"\n{}", registers(9, 17));
    check(&format!("{}{second}", text("", &registers(0, 9))), &["carry: a table has at most 16 registers"]);
    let nested = format!("{}\"/a\"{}", "{ at = ".repeat(9), " }".repeat(9));
    check(
        &text("", &format!("task = {nested}")),
        &["rule 1: task: values are within values 8 times at most"],
    );
    check(
        &text("", "").replace("\"t\"", &format!("\"{}\"", "t".repeat(41))),
        &["name: a name has 1 to 40 of the letters a-z, 0-9 and `-`"],
    );
}

#[test]
fn what_is_just_within_the_limits_is_a_table() {
    let list = (0..16).map(|n| format!("\"/a{n}\"")).collect::<Vec<_>>().join(", ");
    let words = (0..256).map(|n| format!("w{n} = \"Running\"\n")).collect::<String>();
    let rules = "[[rule]]\nid = \"/a\"\nstate = \"/s\"\n".repeat(63);
    let given =
        text(&format!("[words.s]\n{words}"), &format!("task = [{list}]\nkey = \"{}\"", "/a".repeat(16)));
    MappedTable::parse(&format!("{given}{rules}")).unwrap();
}

#[test]
fn a_proof_that_no_rule_gives_is_told() {
    check(
        &text("cancel = { unit = \"run\" }", "state = { const = \"Running\" }"),
        &["cancel: proof: no rule gives `Canceled`, so no line can prove it; write \"end\" or \"none\""],
    );
}

#[test]
fn what_is_told_is_safe_for_a_screen() {
    let problems = MappedTable::parse(&text("", "\"\\u001b[31m\" = 1")).unwrap_err();
    assert!(!told(&problems).contains('\u{1b}'));
}
