//! The language of queries: against a plain evaluator on random stores, its errors, and what it offers while it is typed.

mod asked;

use asked::{Asked, seeds};
use proptest::prelude::*;
use runwatch::engine::actionqueue::states::STATES;
use runwatch::query::{Query, QueryError, QueryMatcher, complete};
use runwatch::store::{Rules, RunKey, Store};
use serde_json::{Value, json};

use crate::common::damage::{any_damage, damaged};
use crate::common::{self, fold, fold_into, lines_of, read_text};

/// Logs of both vocabularies, short enough to be folded often.
const LOGS: [(&str, usize); 6] = [
    ("tests/logs/official-phases.jsonl", usize::MAX),
    ("tests/logs/live-small-mid.jsonl", 500),
    ("tests/logs/samples-0.1.2.jsonl", usize::MAX),
    ("tests/logs/v030-small.jsonl.gz", 400),
    ("tests/logs/v030-daemon-http.jsonl", usize::MAX),
    ("assets/orders.jsonl", 500),
];

/// Gives tasks what the recorded ones lack: keys, tenants, priorities, hostile and missing descriptions.
fn spiced(lines: &mut [Value], spice: &[u8]) {
    let mut spice = spice.iter().cycle();
    for line in lines {
        let Some(spec) = line.pointer_mut("/event/TaskCreated/task_spec") else { continue };
        let grain = *spice.next().unwrap();
        if grain.is_multiple_of(2) {
            spec["constraints"]["concurrency_key"] = json!(format!("tenant-{}", grain / 2 % 9));
        }
        match grain % 5 {
            0 => spec["metadata"]["description"] = Value::Null,
            1 => {
                spec["metadata"]["description"] =
                    json!(["", "  ", "Größe 仕事", "50% (*) \"quoted\" \\d"][usize::from(grain / 5 % 4)]);
            }
            2 => spec["metadata"]["priority"] = json!(i64::from(grain) - 100),
            3 => spec["metadata"]["tags"] = json!(["test", "Nightly-ETL"]),
            _ => spec["metadata"]["tags"] = json!([]),
        }
    }
}

fn log(which: usize) -> Vec<Value> {
    let (name, most) = LOGS[which % LOGS.len()];
    read_text(name).lines().take(most).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn bytes(lines: &[Value]) -> Vec<u8> {
    lines.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect()
}

/// Configuration of a property whose failures are not kept.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { max_shrink_iters: 200, failure_persistence: None, ..common::cases(cases) }
}

/// Judges a run, and looks at every second up to the one at which the judgment may change.
fn check_run(
    sieve: &mut QueryMatcher,
    asked: &Asked,
    query: &Query,
    store: &Store,
    key: RunKey,
    now: u64,
) -> Result<(), TestCaseError> {
    let verdict = sieve.judge(store, key, now);
    let told = || format!("{} of {:?} at {now}: {verdict:?}", query.text(), store.run(key));
    prop_assert_eq!(verdict.matches, asked.holds(store, key, now), "{}", told());
    prop_assert!(verdict.until.is_none_or(|until| until > now), "{}", told());
    prop_assert!(query.uses_time() || verdict.until.is_none(), "{}", told());
    if !query.uses_time() {
        return Ok(());
    }
    let until = verdict.until.unwrap_or(u64::MAX);
    let near = now..until.min(now.saturating_add(12));
    let far = [1_000, 100_000, 10_000_000].map(|apart| now.saturating_add(apart));
    let last = [until.wrapping_sub(1)];
    for then in near.chain(far).chain(last).filter(|then| (now..until).contains(then)) {
        prop_assert_eq!(asked.holds(store, key, then), verdict.matches, "{} but not at {}", told(), then);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn a_query_finds_what_a_plain_reading_of_it_finds(
        which: usize,
        damage in prop::collection::vec(any_damage(), 0..6),
        spice in prop::collection::vec(any::<u8>(), 1..40),
        seeds in prop::collection::vec(seeds(), 1..12),
        apart in prop_oneof![Just(0), -30..30_i64, -100_000..100_000_i64],
        end in 1..=8_usize,
    ) {
        let mut lines = log(which);
        spiced(&mut lines, &spice);
        let lines = damaged(lines, &damage, false);
        // Some runs live only as long as their log is not at its end.
        let (first, rest) = lines.split_at(lines.len() * end / 8);
        let mut store = fold(&bytes(first), Rules::Lenient);
        let now = store.latest_at().saturating_add_signed(apart);
        let all: Vec<(Asked, Query)> = seeds
            .iter()
            .map(|seed| {
                let asked = Asked::grown(seed, &store, now);
                let typed = asked.typed();
                let query = Query::parse(&typed, &STATES).unwrap_or_else(|error| panic!("{typed}: {error:?}"));
                (asked, query)
            })
            .collect();
        // What a sieve remembers holds when the log goes on.
        let mut sieves: Vec<QueryMatcher> = all.iter().map(|(_, query)| QueryMatcher::new(query)).collect();
        for more in [&[][..], rest] {
            fold_into(&mut store, &bytes(more));
            for ((asked, query), sieve) in all.iter().zip(&mut sieves) {
                sieve.prepare(&store);
                for key in store.keys() {
                    check_run(sieve, asked, query, &store, key, now)?;
                }
            }
        }
    }

    #[test]
    fn nothing_that_is_typed_does_harm(text in "([-a-z0-9_:=<>!~()\"@* \\\\]|state:|error~|attempts>|in_state<| or | not |@a){0,24}", caret in 0..40_usize) {
        let named = |name: &str| (name == "a").then(|| "state:run or -stuck".to_owned());
        let store = runwatch::engine::store(Rules::default());
        match Query::parse_with(&text, &STATES, &named) {
            Ok(query) => drop(QueryMatcher::new(&query)),
            Err(error) => {
                prop_assert!(error.at.start <= error.at.end && error.at.end <= text.len());
                prop_assert!(text.get(error.at.clone()).is_some() && !error.what.is_empty());
            }
        }
        for candidate in complete(&text, caret, &store, &["a".to_owned()]).candidates {
            prop_assert!(text.get(candidate.replaces.clone()).is_some());
        }
    }
}

fn named(name: &str) -> Option<String> {
    let text = match name {
        "mine" => "owner:me",
        "done" => "ended",
        "a" => "live @b",
        "b" => "@a or @mine",
        "broken" => "stat:run",
        "many" => "@half @half",
        "half" => &"a ".repeat(200),
        "long" => &"a".repeat(5000),
        _ => return None,
    };
    Some(text.to_owned())
}

#[test]
fn an_error_says_where_and_why_and_what_may_have_been_meant() {
    let deep = "(".repeat(10_000);
    let less_deep = "(".repeat(100);
    let negative = "-".repeat(100);
    let many = "a ".repeat(300);
    for (text, at, what, hint) in [
        ("stat:running", "stat", "there is no field `stat`", "did you mean `state`?"),
        ("x attemps>=3", "attemps", "no field `attemps`", "did you mean `attempts`?"),
        ("http://x", "http", "no field `http`", "the fields are state, task"),
        (">3", ">", "`>` has no field before it", "the fields are"),
        ("stuck:yes", "stuck", "`stuck` is a test by itself", "write stuck or -stuck"),
        ("state:runing", "runing", "there is no state `runing`", "did you mean `Running`?"),
        ("state:xyzzy", "xyzzy", "no state `xyzzy`", "the states are Scheduled"),
        ("state=run", "run", "no state `run`", "`Running`"),
        (
            "waiting:buget",
            "buget",
            "nothing that a run waits for is called `buget`",
            "did you mean `budget`?",
        ),
        ("waiting>key", ">", "`waiting` cannot be compared by `>`", "it takes : = !="),
        ("state>running", ">", "`state` cannot be compared by `>`", "it takes : = != ~ !~"),
        ("attempts~3", "~", "`attempts` cannot be compared by `~`", "it takes : = != > >= < <="),
        ("owner:", "owner:", "`owner:` has no value", "write owner:text"),
        ("(in_state> )", "in_state>", "`in_state>` has no value", "write in_state>10m"),
        ("attempts>=many", "many", "`many` is no whole number", "attempts>=3"),
        ("priority:1.5", "1.5", "no whole number", ""),
        ("in_state>10", "10", "has no unit", "write 10s, 10m, 10h or 10d"),
        ("in_state>10x", "10x", "`x` is no unit of time", "s, m, h, d"),
        ("created>10m", "10m", "not an instant", "-10m for ten minutes ago"),
        ("created>2026-11-21T14:03", "2026-11-21T14:03", "does not say its zone", "Z"),
        ("id:xyz", "xyz", "no id begins with `xyz`", "0-9 and a-f"),
        ("id=7ef1", "7ef1", "is not a whole id", "by their beginning"),
        ("error~a(b", "a(b", "is wrong: unclosed group", "quotes"),
        ("error~\"*\"", "\"*\"", "repetition operator missing expression", "`:` looks"),
        ("task:\"nightly", "\"", "this quote is not closed", "close it"),
        ("\"nightly", "\"", "this quote is not closed", "close it"),
        ("(live", "(", "this parenthesis is not closed", "close it by `)`"),
        ("a (", "(", "this parenthesis is not closed", ""),
        ("live)", ")", "closes a parenthesis that is not open", "take it away"),
        (")", ")", "closes a parenthesis that is not open", ""),
        ("a ( )", "( )", "nothing between these parentheses", ""),
        ("state:(run or ready)", "(run", "no state `(run`", "write (state:a or state:b)"),
        ("live or", "or", "`or` has nothing behind it", "for the text: \"or\""),
        ("or live", "or", "`or` has nothing before it", ""),
        ("live and or ended", "and", "`and` has nothing behind it", "for the text: \"and\""),
        ("(live or) x", "or", "`or` has nothing behind it", ""),
        ("not", "not", "`not` has nothing behind it", "for the text: \"not\""),
        ("live -", "-", "`-` has nothing behind it", "for the text: \"-\""),
        ("@theirs", "@theirs", "there is no query named `theirs`", "config"),
        ("x @", "@", "lacks the name", ""),
        (
            "x @a",
            "@a",
            "in the query named `a`: in the query named `b`: `@a` leads back to itself, by way of `@a`, `@b`",
            "",
        ),
        (
            "@broken",
            "@broken",
            "in the query named `broken`: there is no field `stat`",
            "did you mean `state`?",
        ),
        ("@many", "@many", "asks for more than 256 things", "ask for less"),
        ("@long", "@long", "longer than 4096 bytes", ""),
        (&deep, &deep, "longer than 4096 bytes", ""),
        (&less_deep, "(", "more than 64 parentheses", "ask for less"),
        (&negative, "-", "more than 64 parentheses", "ask for less"),
        (&many, "a", "asks for more than 256 things", "ask for less"),
    ] {
        let QueryError { at: found, what: said, hint: hinted } =
            Query::parse_with(text, &STATES, &named).unwrap_err();
        assert_eq!(&text[found], at, "{text}: {said}");
        assert!(said.contains(what), "{text}: {said}");
        let hinted = hinted.unwrap_or_default();
        assert!(hinted.contains(hint), "{text}: {hinted}");
    }
}

#[test]
fn a_query_is_typed_in_many_ways() {
    let store = fold(&lines_of("assets/orders.jsonl"), Rules::Lenient);
    assert!(Query::parse(" ", &STATES).unwrap().is_everything() && found(&store, "").len() == store.len());
    for (text, same) in [
        ("state:completed attempts>=2", "STATE:Compl AND Attempts >= 2"),
        ("-tag:etl", "not tag: ETL"),
        ("-(support or catalog)", "- ( \"support\" OR \"Catalog\" )"),
        ("ended error:*", "ended and error~\"\""),
        ("support or catalog order", "support or (catalog order)"),
        ("@done", "ended"),
        ("--ended", "ended"),
        ("run:a4848b0f179f", "id:A4848B0F-179f"),
        ("in-state>0m10s", "in_state>10s"),
        ("in_state>10.5s", "in_state>10s"),
        ("in_state>=10500ms", "in_state>=11s"),
        ("state:succeeded", "state:completed"),
        ("state=failed or state:parked", "state:Failed or state:suspended or state:awaiting"),
    ] {
        let query = Query::parse_with(text, &STATES, &named).unwrap();
        assert!(!query.is_everything() && query.text() == text);
        let (found, same) = (found(&store, text), found(&store, same));
        assert!(
            found == same && (1..store.len()).contains(&found.len()),
            "{text}: {} {}",
            found.len(),
            same.len()
        );
    }
    for (text, uses_time) in [
        ("in_state>1m", true),
        ("-(a or age<1d)", true),
        ("lease<1m", true),
        ("stuck", true),
        ("waiting:key", true),
        ("created>-10m", true),
        ("created>2026-11-21T14:03Z", false),
        ("state:running", false),
    ] {
        assert_eq!(Query::parse(text, &STATES).unwrap().uses_time(), uses_time, "{text}");
    }
}

/// The runs that a query finds, by their place in the log.
fn found(store: &Store, text: &str) -> Vec<RunKey> {
    let query = Query::parse_with(text, &STATES, &named).unwrap();
    let mut sieve = QueryMatcher::new(&query);
    let now = store.latest_at();
    sieve.prepare(store);
    store.keys().filter(|key| sieve.judge(store, *key, now).matches).collect()
}

#[test]
fn a_query_that_is_typed_is_completed() {
    let lines = lines_of("assets/orders.jsonl");
    // At its middle, some runs are held and suspended.
    let half: Vec<u8> = lines.split_inclusive(|byte| *byte == b'\n').take(430).collect::<Vec<_>>().concat();
    let store = fold(&half, Rules::Lenient);
    let named = ["mine".to_owned(), "nightly".to_owned()];
    // `|` is the caret; what is expected is the query after the first candidates.
    for (typed, expected) in [
        ("sta|", &["state:"][..]),
        ("-sta|", &["-state:"]),
        ("(live or sta|)", &["(live or state:)"]),
        ("stu|", &["stuck"]),
        ("runn|", &["state:running"]),
        ("inst|", &["in_state>"]),
        ("@m|", &["@mine"]),
        ("state:run|", &["state:running"]),
        ("state:ru|n x", &["state:running x"]),
        ("state: |", &["state: scheduled", "state: ready"]),
        ("stat|:run", &["state:run"]),
        ("owner:|", &["owner:runtime"]),
        ("owner:r| or", &["owner:runtime or"]),
        ("tag:ni|", &["tag:nightly"]),
        ("task:\"sea|", &["task:\"reserve seat\""]),
        ("task:sea| x", &["task:\"reserve seat\" x"]),
        ("reason:|", &["reason:budget_exhausted"]),
        ("waiting:w|", &["waiting:worker"]),
        ("in_state>|", &["in_state>30s", "in_state>1m"]),
        ("created>|", &["created>-1m"]),
        ("attempts>=|", &[]),
        ("error~|", &[]),
        ("nosuch:|", &[]),
        ("xyzzy|", &[]),
        ("(live)|", &[]),
    ] {
        let caret = typed.find('|').unwrap();
        let text = typed.replace('|', "");
        let found: Vec<String> = complete(&text, caret, &store, &named)
            .candidates
            .into_iter()
            .map(|it| format!("{}{}{}", &text[..it.replaces.start], it.with, &text[it.replaces.end..]))
            .collect();
        if expected.is_empty() {
            assert_eq!(found, expected, "{typed}");
        } else {
            assert_eq!(found[..expected.len().min(found.len())], *expected, "{typed}");
        }
    }
    let all = complete("", 0, &store, &named).candidates;
    for with in ["state:", "in_state>", "stuck", "@nightly"] {
        assert!(all.iter().any(|it| it.with == with && !it.help.is_empty()), "{with}");
    }
}
