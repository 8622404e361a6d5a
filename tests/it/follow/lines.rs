//! Lines that no engine should have written: each is one problem in its place, and costs its length.

use std::io::Write as _;
use std::process::{Command, Stdio};

use runwatch::engine::actionqueue;
use runwatch::engine::batch::Decoder;
use runwatch::engine::fold;
use runwatch::source::origin::Origin;
use runwatch::source::read_once::read_once;
use runwatch::store::{Problem, Rules, Store};
use serde_json::Value;

use super::program::event;

/// Deeper than any stack.
const DEEP: usize = 100_000;
/// Of the default limit of a line.
const LONGEST: usize = 16 << 20;

/// Folds a log on a stack that a line's depth must not use up.
fn folded(bytes: &[u8]) -> Store {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let source = Origin::Path(file.path().to_owned());
    let fold = move || {
        let (mut store, mut decoder) = (actionqueue::store(Rules::Lenient), Decoder::default());
        let each = |block| fold::batch(&mut store, &decoder.decode(block));
        read_once(&source, runwatch::engine::options(), each).unwrap();
        store
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(fold).unwrap().join().unwrap()
}

/// A line with something put before its first key, which no reader knows.
fn with(before: &str) -> Vec<u8> {
    [b"{", before.as_bytes(), b",", &event(5).trim_end().as_bytes()[1..]].concat()
}

fn replaced(from: &str, to: &[u8]) -> Vec<u8> {
    let line = event(5);
    let (before, after) = line.trim_end().split_once(from).unwrap();
    [before.as_bytes(), to, after.as_bytes()].concat()
}

fn keys(n: usize) -> String {
    (0..n).map(|number| format!("\"{number}\":0")).collect::<Vec<_>>().join(",")
}

/// Catches: a line that takes others with it, is two problems or none, or is told of in another place; a stack that a deep
/// line uses up.
#[test]
fn each_bad_line_is_one_problem_in_its_place_and_the_next_one_is_read() {
    let whole = event(5).trim_end().as_bytes().to_vec();
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("over-long", vec![b'x'; LONGEST + 2], "over_long", "a line of 16777218 bytes is over the limit"),
        ("bad UTF-8", replaced("Scheduled", b"Sched\xffled"), "unreadable", "invalid UTF-8 at column "),
        (
            "bad UTF-8 in an unread part",
            [b"{\"z\":\"\xc3\x28\",", &whole[1..]].concat(),
            "unreadable",
            "invalid UTF-8 at column 7",
        ),
        (
            "overlong UTF-8",
            [b"{\"z\":\"\xc0\x80\",", &whole[1..]].concat(),
            "unreadable",
            "invalid UTF-8 at column 7",
        ),
        ("double key", with("\"sequence\":5"), "unreadable", "`sequence` is there twice"),
        (
            "double inner key",
            replaced("\"attempt_count\":0", b"\"attempt_count\":0,\"attempt_count\":0"),
            "unreadable",
            "is there twice",
        ),
        (
            "2^64",
            replaced("\"sequence\":5", b"\"sequence\":18446744073709551616"),
            "unreadable",
            "a whole number from 0 on belongs",
        ),
        (
            "below 0",
            replaced("\"sequence\":5", b"\"sequence\":-5"),
            "unreadable",
            "a whole number from 0 on belongs",
        ),
        (
            "no whole number",
            replaced("\"sequence\":5", b"\"sequence\":5.0"),
            "unreadable",
            "a whole number from 0 on belongs",
        ),
        ("no number", replaced("\"sequence\":5", b"\"sequence\":NaN"), "unreadable", "no JSON value begins"),
        ("glued", [&whole[..], &whole].concat(), "unreadable", "more text behind the object"),
        ("torn", whole[..80].to_vec(), "unreadable", "the line ends "),
        (
            "half a surrogate",
            replaced("Scheduled", b"\\ud800"),
            "unreadable",
            "an escape that is no character",
        ),
        ("an escaped NUL", replaced("Scheduled", b"\\u0000"), "unreadable", "is not known there"),
        ("a NUL", [&whole[..30], b"\0\0", &whole[30..]].concat(), "unreadable", "column 31"),
        ("a control character", with("\"z\":\"\u{1}\""), "unreadable", "a control character"),
        (
            "a mark in the middle",
            ["\u{feff}".as_bytes(), &whole].concat(),
            "unreadable",
            "no JSON value begins at column 1",
        ),
        ("open brackets", vec![b'['; DEEP], "unreadable", "at column 1"),
        ("open braces", "{\"a\":".repeat(DEEP).into_bytes(), "unreadable", "the line ends "),
        (
            "open brackets in an unread part",
            [b"{\"z\":", &[b'['; DEEP][..]].concat(),
            "unreadable",
            "the line ends ",
        ),
        ("null", b"null".to_vec(), "unreadable", "null where an object belongs"),
        ("a list", b"[]".to_vec(), "unreadable", "a list of 0 where an object belongs"),
        ("a number", b"42".to_vec(), "unreadable", "42 where an object belongs"),
        ("a text", b"\"x\"".to_vec(), "unreadable", "the text \"x\" where an object belongs"),
        ("a truth", b"true".to_vec(), "unreadable", "true where an object belongs"),
        ("nothing in it", b"{}".to_vec(), "unreadable", "the field `sequence` is missing"),
        ("no JSON", b"what is this".to_vec(), "unreadable", "no JSON value begins at column 1"),
        (
            "many keys of an event",
            replaced(
                "\"attempt_count\":0",
                format!("\"attempt_count\":0,{},\"attempt_count\":0", keys(300_000)).as_bytes(),
            ),
            "unreadable",
            "is there twice",
        ),
    ];
    // All in one log, a good line before and behind each.
    let (mut log, mut places) = (event(1).into_bytes(), Vec::new());
    for (at, (_, line, ..)) in cases.iter().enumerate() {
        places.push((2 * at as u64 + 2, log.len() as u64));
        log.extend_from_slice(line);
        log.push(b'\n');
        log.extend_from_slice(event(at as u64 + 10).as_bytes());
    }
    let store = folded(&log);
    for (((name, _, kind, reason), place), problem) in cases.iter().zip(places).zip(store.problems().kept()) {
        let Problem { kind: found, place: at, reason: words, .. } = problem;
        assert_eq!((found.label(), (at.line(), at.byte())), (*kind, place), "{name}: {words}");
        assert!(words.contains(reason), "{name}: {words}");
        assert!(words.len() < 200, "{name}: {} bytes of words", words.len());
    }
    let (tally, n) = (store.tally(), cases.len() as u64);
    assert_eq!((store.problems().total(), tally.unreadable, tally.applied), (n, n, n + 1));
}

/// Catches: a line that is refused though its engine reads it, however odd its unread parts are.
#[test]
fn the_unread_parts_of_a_line_may_be_anything() {
    let deep = |open: &str, close: &str| format!("\"z\":{}0{}", open.repeat(DEEP), close.repeat(DEEP));
    let cases = [
        deep("[", "]"),
        deep("{\"a\":", "}"),
        keys(300_000),
        format!("\"z\":{}", "9".repeat(1 << 20)),
        format!("\"z\":\"{}\"", "a\\n".repeat(1 << 20)),
        format!("\"z\":\"{}\"", "x".repeat(LONGEST - 1000)),
        "\"z\":1e999".to_owned(),
        "\"z\":1,\"z\":2".to_owned(),
        "\"z\":\"\\u0000\"".to_owned(),
        "\"z\":\"\u{ffff}\u{1f600}\"".to_owned(),
    ];
    for case in cases {
        let store = folded(&[event(1).as_bytes(), &with(&case), b"\n", event(9).as_bytes()].concat());
        let problems = store.problems().kept();
        assert_eq!((store.tally().applied, problems), (3, &[][..]), "{}", &case[..case.len().min(40)]);
    }
}

/// Catches: a line that is kept while it grows, so that a pipe of one endless line takes all memory.
#[test]
fn an_endless_line_takes_bounded_memory() {
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -v 200000; exec \"$0\" check --json -", env!("CARGO_BIN_EXE_runwatch")])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let piece = vec![b'x'; 1 << 20];
    (0..256).for_each(|_| input.write_all(&piece).unwrap());
    input.write_all(b"\n").unwrap();
    input.write_all(event(1).as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((told["kind"].as_str(), told["line"].as_u64()), (Some("over_long"), Some(1)));
    assert!(told["reason"].as_str().unwrap().starts_with("a line of 268435456 bytes"));
}

/// Catches: a list of problems that grows with the log, and a count that stops where the list does.
#[test]
fn problems_are_counted_beyond_those_that_are_kept() {
    let store = folded(&b"{\"sequence\":oops}\n".repeat(30_000));
    assert_eq!((store.problems().total(), store.problems().kept().len()), (30_000, 10_000));
}

/// Catches: time that grows with the square of a line's length, or of a log's problems. Four times as much may
/// take ten times as long, not sixteen.
#[test]
fn time_grows_with_what_is_read_and_no_faster() {
    use std::time::{Duration, Instant};
    type Make = fn(usize) -> Vec<u8>;
    let logs: [(&str, Make); 4] = [
        ("lines", |n| b"{\"sequence\":oops}\n".repeat(3_000 * n)),
        ("depth", |n| [b"{\"z\":", &vec![b'['; 200_000 * n][..], b"\n"].concat()),
        ("keys", |n| [&with(&keys(12_000 * n))[..], b"\n"].concat()),
        ("NULs", |n| [&vec![0; 1_000_000 * n][..], b"\n"].concat()),
    ];
    for (name, make) in logs {
        // The quickest of a few: others use this machine too.
        let took = |n| {
            let log = make(n);
            let once = || {
                let began = Instant::now();
                folded(&log);
                began.elapsed()
            };
            (0..3).map(|_| once()).min().unwrap()
        };
        let (small, large) = (took(1), took(4));
        assert!(large < 10 * small + Duration::from_millis(20), "{name}: {small:?}, then {large:?}");
    }
}
