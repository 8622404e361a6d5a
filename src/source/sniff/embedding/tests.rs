//! Tables of first lines, with what is told of each.

use super::*;
use crate::source::shape::SAMPLES;

const ONE: &str = r#"{"sequence":1,"event":{"EnginePaused":{"timestamp":5}}}"#;
const TWO: &str = r#"{"control":null,"sequence":2,"event":{"EngineResumed":{"timestamp":6}}}"#;

fn check(head: &str, expected: Option<(&str, &str)>) {
    let found = embedding(&SAMPLES[0], head.as_bytes())
        .map(|it| (it.to_string(), it.command("L").unwrap_or_default()));
    let found = found.as_ref().map(|(it, command)| (it.as_str(), command.as_str()));
    match (found, expected) {
        (Some((it, command)), Some((words, expected))) => {
            assert!(it.contains(words) && command == expected, "{head}: {it}: {command}");
        }
        (found, expected) => assert_eq!(found.is_some(), expected.is_some(), "{head}: {found:?}"),
    }
}

/// The command that picks the events out of lines.
const PICK: &str = r#"grep -aoE '[{] *"(sequence|control|event)".*' L | sed 's/}[^}]*$/}/'"#;

#[test]
fn events_that_are_no_lines_are_named_with_the_command_that_makes_lines_of_them() {
    let escaped = ONE.replace('"', "\\\"");
    let array = Some(("a JSON array", "jq -cn --stream 'fromstream(1|truncate_stream(inputs))' L"));
    let lines = Some(("a JSON array", PICK));
    let whole = Some(("a JSON array", "jq -c '.[]' L"));
    check(&format!("[{ONE},{TWO}]"), whole);
    check(&format!("[{ONE},{TWO}]\n[{ONE},{TWO}]\n"), whole);
    check(&format!("[{ONE},{TWO},"), array);
    check("\u{feff} [\n  {\n    \"sequence\": 1,\n", array);
    // A comma behind the last one, or no bracket at the end, would stop `jq`.
    check(&format!("[\n{ONE},\n{TWO}\n]\n"), whole);
    check(&format!("[\n{ONE},\n{TWO}\n"), lines);
    check(&format!("[\n{ONE},\n{TWO},\n]\n"), lines);
    check(&format!("[{ONE}\n, {TWO}\n"), lines);
    check(&format!("[{ONE}]\n[{TWO}]\n"), whole);
    let indented = Some(("over several lines", "jq -c . L"));
    check("{\n  \"sequence\": 1,\n  \"event\": {\n", indented);
    check("\u{1e}{\n  \"sequence\": 1,\n", indented);
    check("\n{\r\n\t\"control\": null,\r\n", indented);
    check(&format!("{ONE}{TWO}\n"), Some(("several events on one line", "jq -c . L")));
    check(&format!("{ONE} {TWO}"), Some(("several events on one line", "jq -c . L")));
    for between in ["; ", ",", "\u{2028}"] {
        let found = embedding(&SAMPLES[0], format!("{ONE}{between}{TWO}\n").as_bytes()).unwrap();
        assert_eq!(found.form, Some(Form::JoinedByText), "{between}");
    }
    check(&format!("{ONE}\r{TWO}\r\n"), Some(("carriage return", "tr '\\r' '\\n' < L")));
    check(&format!("{ONE}\r{TWO}\r"), Some(("carriage return", "tr '\\r' '\\n' < L")));
    check(&format!("{ONE}\0{TWO}\0"), Some(("NUL", "tr '\\0' '\\n' < L")));
    check(&format!("\u{1e}{ONE}\u{1e}{TWO}"), Some(("0x1e", "tr '\\036' '\\n' < L")));
    let pick = PICK.replace(" L", "");
    check(&format!("10%\r20%\r{ONE}\n"), Some(("carriage", &format!("tr '\\r' '\\n' < L | {pick}"))));
    let picked = |words| Some((words, PICK));
    check(&format!("queue-1  | {ONE}\n"), picked("Compose"));
    check(&format!("\x1b[36mqueue-1 |\x1b[0m {TWO}\x1b[0m\n"), picked("Compose"));
    check(&format!("[pod/queue-0/queue] {TWO}\n"), picked("kubectl"));
    for prefix in [
        "Nov 20 17:37:41 host queue[7]: ",
        "2026-11-20T17:37:41.1Z ",
        "data: ",
        "worker:",
        "12:",
        "q.jsonl:",
        "x=",
        "1,",
        "2026 {app=\"q\"} ",
    ] {
        check(&format!("{prefix}{ONE}\n\n{prefix}{TWO}\n\n"), picked("other text"));
    }
    check(&format!("{{\"index\":{{}}}}\n{ONE}\n"), picked("Elasticsearch"));
    for tag in ["stdout F", "stderr P", "stdout P:x"] {
        let found =
            embedding(&SAMPLES[0], format!("2026-11-20T17:37:41.1Z {tag} {ONE}\n").as_bytes()).unwrap();
        assert_eq!(found.form, Some(Form::Cri), "{tag}");
    }
    let quoted = |field| Some((field, r#"jq -r '.. | strings | select(contains("\"sequence\""))' L"#));
    check(&format!("{{\"a\":1,\"MESSAGE\" : \"{escaped}\"}}\n"), quoted("`MESSAGE`"));
    check(&format!("{{\"Data\":\"{escaped}\",\"log\":1}}\n"), quoted("`Data`"));
    check(&format!("{{\"line of it\":\"{escaped}\"}}\n"), quoted("as texts"));
    check(&format!("{{\"msg\":\"INFO {escaped}\"}}\n"), quoted("as texts"));
    check(&format!("{{\"log\":\"{escaped}\",\"date\":1.5}}\n"), quoted("`log`"));
    check(&format!("\"{escaped}\"\n"), quoted("as texts"));
    check(&format!("{{\n  \"events\": [\n    {{\n \"message\": \"{escaped}\"\n"), quoted("`message`"));
    let docker = [
        format!("{{\"log\":\"{escaped}\\n\",\"stream\":\"stdout\",\"time\":\"2026\"}}\n"),
        format!("{{\"log\":\"INFO {escaped}\\n\",\"stream\":\"stdout\",\"time\":\"2026\"}}\n"),
        format!("{{\"log\":\"{escaped}{}", "x".repeat(20_000)),
        format!("{{\"log\":\"{escaped}{}\",\"stream\":\"stdout\",\"time\":\"2026\"}}\n", "x".repeat(20_000)),
    ];
    for head in docker {
        assert_eq!(embedding(&SAMPLES[0], head.as_bytes()).unwrap().form, Some(Form::Docker), "{head}");
    }
    let unseen = "{\"log\":\"starting\\n\",\"stream\":\"stderr\",\"time\":\"2026\"}\n";
    assert_eq!(embedding(&SAMPLES[0], unseen.as_bytes()).unwrap().form, Some(Form::DockerUnseen));
    let unseen = format!("2026-11-20T17:37:41.1Z stdout F {{\"message\":\"{escaped}\"}}\n");
    assert_eq!(embedding(&SAMPLES[0], unseen.as_bytes()).unwrap().form, Some(Form::CriUnseen));
    let deep = escaped.replace('\\', "\\\\").replace('"', "\\\"");
    let deep = format!("{{\"log\":\"{{\\\"message\\\":\\\"{deep}\\\"}}\"}}\n");
    assert_eq!(embedding(&SAMPLES[0], deep.as_bytes()).unwrap().form, Some(Form::Deep), "{deep}");
    check(&format!("{{\"event\":\"{escaped}\"}}\n"), quoted("`event`"));
    check(
        &format!("{{\"event\":{ONE}}}\n"),
        Some(("inside other", "jq -c '.. | select(.sequence? and .event?)' L")),
    );
    let tagged = format!("{{\"log\":\"{escaped}\",\"stream\":\"stdout\",\"logtag\":\"F\"}}\n");
    assert_eq!(embedding(&SAMPLES[0], tagged.as_bytes()).unwrap().form, Some(Form::Tagged));
    for head in
        [format!("level=info msg=\"{escaped}\"\n"), format!("q | {{\"a\":1,\"msg\":\"{escaped}\"}}\n")]
    {
        assert_eq!(embedding(&SAMPLES[0], head.as_bytes()).unwrap().form, Some(Form::QuotedInText), "{head}");
    }
    let search = "jq -c '.. | select(.sequence? and .event?)' L";
    check(&format!("{{\"events\":[{ONE}]}}"), Some(("in an array", search)));
    check("{\n  \"events\": [\n    {\n      \"sequence\": 1,\n", Some(("in an array", search)));
    check("[\n  {\n    \"data\": {\n      \"sequence\": 1,\n", Some(("inside other objects", search)));
    check(&format!("{{\"level\":\"info\",\"fields\":{ONE}}}\n"), Some(("inside other objects", search)));
    let behind = format!("grep -aoE '[{{].*[}}]' L | {}", search.trim_end_matches(" L"));
    let head = format!("q | {{\"level\":\"info\",\"fields\":{ONE}}}\n");
    assert_eq!(embedding(&SAMPLES[0], head.as_bytes()).unwrap().command("L").unwrap().trim_end(), behind);
    check(
        "\x1b[1m{\x1b[0m\x1b[34m\"sequence\"\x1b[0m:1",
        Some(("colors", r#"sed "s/$(printf '\033')\[[0-9;]*m//g" L"#)),
    );
    assert!(
        embedding(&SAMPLES[0], b"{'sequence': 1, 'event': {}}\n").unwrap().to_string().contains("Python")
    );
    check("{sequence: 1, event: {}}\n", Some(("no quotes", "")));
}

#[test]
fn what_may_be_a_log_is_one() {
    for head in [
        "",
        "[",
        "[\n",
        "{",
        "{\n",
        "[1,2,3]},\"timestamp\":5}}}\n",
        "hello\n",
        &format!("{ONE}\n{TWO}\n"),
        &format!("{ONE}\r\n{TWO}\r\n"),
        &format!("\u{1e}{ONE}\n\u{1e}{TWO}\n"),
        &format!("{ONE},\n{TWO},\n"),
        &format!("{ONE}\n,{TWO}\n"),
        &format!("ab\",\"log\":\"{}\"}}\n", ONE.replace('"', "\\\"")),
        &format!("starting\nqueue | {ONE}\n{TWO}\n"),
        &format!("\0\0\0{ONE}\n"),
        &format!("\"x\":{ONE}\n"),
        " { \"event\":{},\"sequence\":1}\n",
        r#"{"sequence":1,"event":{"X":{"list":[{"sequence":1},{"sequence":2}]}}}"#,
    ] {
        check(head, None);
    }
}

#[test]
fn a_log_that_a_crash_or_a_disk_has_worn_stays_a_log() {
    let torn = &ONE[..30];
    for worn in [
        format!("{ONE}\n{torn}{TWO}\n"),
        format!("{ONE}\n{ONE}{TWO}\n"),
        format!("{ONE}\n{torn}}}\0}}\n"),
        format!("{ONE}\n\0\0\r{TWO}\n"),
        format!("{ONE}\n[{TWO}]\n"),
        format!("{ONE}\n\u{1b}[0m{TWO}\n"),
        // It was joined in the midst of a line.
        format!("{}\n{ONE}\n{TWO}\n{ONE}{TWO}\n{TWO}\n", &ONE[30..]),
    ] {
        check(&worn, None);
    }
}
