//! Documents and pointers with what is found, by the quick way and by the slow one.

use std::borrow::Cow;

use std::time::{Duration, Instant};

use super::*;

fn trie(pointers: &[&str]) -> PointerTrie {
    let pointers: Vec<JsonPointer> = pointers.iter().map(|pointer| pointer.parse().unwrap()).collect();
    PointerTrie::new(&pointers)
}

/// A value, written shortly: its kind, and itself.
fn told(found: &FoundValue<'_>) -> String {
    match found {
        FoundValue::Absent => "absent".to_owned(),
        FoundValue::Null => "null".to_owned(),
        FoundValue::Bool(value) => value.to_string(),
        FoundValue::Number(text) => format!("number {text}"),
        FoundValue::Text(text) => format!("text {text}"),
        FoundValue::Array(text) => format!("array {text}"),
        FoundValue::Object(text) => format!("object {text}"),
    }
}

fn found(json: &str, pointers: &[&str]) -> Result<Vec<String>, String> {
    let mut found = FoundValues::default();
    scan(b"[[true]]", &trie(&["/0", "/0/0"]), &mut found).unwrap();
    let outcome = scan(json.as_bytes(), &trie(pointers), &mut found);
    assert_eq!(found.len(), pointers.len());
    assert!(outcome.is_ok() || found.iter().all(|found| *found == FoundValue::Absent), "{json}");
    outcome.map(|()| found.iter().map(told).collect())
}

/// Documents, pointers and what is there.
const FOUND: &[(&str, &[&str], &[&str])] = &[
    (r#"{"a":1,"b":"x"}"#, &["/a", "/b", "/c"], &["number 1", "text x", "absent"]),
    (r#"{"a":null,"b":true,"c":false}"#, &["/a", "/b", "/c"], &["null", "true", "false"]),
    // A pointer within another one, the whole document, and a pointer twice.
    (
        r#" {"a":{"b":[ 1 ]} } "#,
        &["/a/b", "/a", "", "/a/b/0", "/a"],
        &[
            "array [ 1 ]",
            r#"object {"b":[ 1 ]}"#,
            r#"object {"a":{"b":[ 1 ]} }"#,
            "number 1",
            r#"object {"b":[ 1 ]}"#,
        ],
    ),
    ("7", &["", "/a"], &["number 7", "absent"]),
    ("[[],{}]", &["/0", "/1", "/2"], &["array []", "object {}", "absent"]),
    // Indexes are those of lists, and names in objects.
    (
        r#"[10,11,12,{"0":"x"}]"#,
        &["/1", "/3/0", "/01", "/+1", "/-"],
        &["number 11", "text x", "absent", "absent", "absent"],
    ),
    (r#"{"01":1,"-":2}"#, &["/01", "/-", "/1"], &["number 1", "number 2", "absent"]),
    // Escapes of pointers and of texts.
    (
        r#"{"a/b":1,"c~d":2,"~1":3,"":4}"#,
        &["/a~1b", "/c~0d", "/~01", "/"],
        &["number 1", "number 2", "number 3", "number 4"],
    ),
    (r#"{"\u0061":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}"#, &["/a"], &["text \"\\/\u{8}\u{c}\n\r\té😀"]),
    ("{\"größe\":\"weiß\u{7f}\"}", &["/größe"], &["text weiß\u{7f}"]),
    // The last of doubled keys, and nothing of the first.
    (r#"{"a":1,"a":2}"#, &["/a"], &["number 2"]),
    (r#"{"a":{"b":1},"a":{"c":2}}"#, &["/a/b", "/a/c"], &["absent", "number 2"]),
    (r#"{"a":{"b":1},"a":7}"#, &["/a/b", "/a"], &["absent", "number 7"]),
    // Numbers as they are written.
    (
        "[-0,1.50,1E+2,12345678901234567890123]",
        &["/0", "/1", "/2", "/3"],
        &["number -0", "number 1.50", "number 1E+2", "number 12345678901234567890123"],
    ),
    ("[1e-999,0e999,1e308]", &["/0", "/1", "/2"], &["number 1e-999", "number 0e999", "number 1e308"]),
    // White space of each kind.
    ("\t{\n\"a\"\r:\t[ ] , \"b\" : { } }\n", &["/a", "/b"], &["array [ ]", "object { }"]),
    // Keys that share a beginning, an end and a length.
    (
        r#"{"attempt_number_1":1,"attempt_number_2":2,"attempt_":3,"attempt_number_of_a_run":4,"attempt_number_of_b_run":5}"#,
        &[
            "/attempt_number_2",
            "/attempt_number_of_b_run",
            "/attempt_number_of_c_run",
            "/attempt_",
            "/attempt",
        ],
        &["number 2", "number 5", "absent", "number 3", "absent"],
    ),
    ("{\"a\\u0000\":1,\"a\":2}", &["/a", "/a\0"], &["number 2", "number 1"]),
    // What is within a value of another kind is absent.
    (r#"{"a":"b","c":[1]}"#, &["/a/b", "/a/0", "/c/c", "/c/0/0"], &["absent"; 4]),
];

#[test]
fn a_scan_finds_what_is_at_each_pointer() {
    for (json, pointers, expected) in FOUND {
        assert_eq!(found(json, pointers).unwrap(), *expected, "{json}");
    }
}

#[test]
fn the_slow_way_finds_the_same() {
    for (json, pointers, expected) in FOUND {
        let trie = trie(pointers);
        let mut found = FoundValues::default();
        found.reset(trie.len());
        fallback::read(json.as_bytes(), &trie, &mut found).unwrap();
        for (from, to) in trie.doubles() {
            let value = found[*from].clone();
            found.put(*to, value);
        }
        assert_eq!(found.iter().map(told).collect::<Vec<_>>(), *expected, "{json}");
    }
}

#[test]
fn a_line_with_the_keys_of_the_last_one_is_no_other_line() {
    let trie = trie(&["/run", "/a/run", "/state", "/n/1"]);
    let mut scanner = LineScanner::new(&trie);
    for (line, expected) in [
        (r#"{"run":"1","state":"x"}"#, ["text 1", "absent", "text x", "absent"]),
        (r#"{"run":"2","state":"y"}"#, ["text 2", "absent", "text y", "absent"]),
        // A value of another kind, one key more, one less, and other blanks.
        (r#"{"run":2,"state":"y","a":{}}"#, ["number 2", "absent", "text y", "absent"]),
        (r#"{"run":null}"#, ["null", "absent", "absent", "absent"]),
        (r#"{"run" : "3", "state" : "\n"}"#, ["text 3", "absent", "text \n", "absent"]),
        (r#"{"run" : "4", "state" : "z"}"#, ["text 4", "absent", "text z", "absent"]),
        // The same key within another object.
        (r#"{"a":{"run":"5"},"n":[1,2]}"#, ["absent", "text 5", "absent", "number 2"]),
        (r#"{"a":{"run":"6"},"n":[1,"2"]}"#, ["absent", "text 6", "absent", "text 2"]),
        // The next key within that object, and then behind it.
        (r#"{"a":{"x":0,"run":"6"}}"#, ["absent", "text 6", "absent", "absent"]),
        (r#"{"a":{"x":0},"run":"6"}"#, ["text 6", "absent", "absent", "absent"]),
        (r#"{"a":{"x":0,"run":"6"}}"#, ["absent", "text 6", "absent", "absent"]),
        (r#"{"run":"7","run":"8"}"#, ["text 8", "absent", "absent", "absent"]),
        (r#"{"run":"7","run":"\u0039"}"#, ["text 9", "absent", "absent", "absent"]),
    ] {
        let mut found = FoundValues::default();
        for _ in 0..2 {
            scanner.scan(line.as_bytes(), &mut found).unwrap();
            assert_eq!(found.iter().map(told).collect::<Vec<_>>(), expected, "{line}");
        }
    }
    for line in [r#"{"run":"7""run":"8"}"#, r#"{,"run":"7"}"#, r#"{"run":"7",}"#, r#"{"run":"7","run":"8"#] {
        assert!(scanner.scan(line.as_bytes(), &mut FoundValues::default()).is_err(), "{line}");
    }
}

#[test]
fn the_usual_is_read_in_one_pass_and_not_copied() {
    let json = r#"{"run":"job-17","n":1.5e3,"deep":{"x":["a\n",{"y":null}]},"task":"send receipt"}"#;
    let trie = trie(&["/run", "/deep/x", "/n", "/task"]);
    let mut found = FoundValues::default();
    found.reset(trie.len());
    assert_eq!(reader::read(json, &trie, &mut KeySteps::none(), &mut found), Some(()));
    for value in found.iter() {
        assert!(
            matches!(value, FoundValue::Text(text) | FoundValue::Number(text) | FoundValue::Array(text)
                if matches!(text, Cow::Borrowed(_))),
            "{value:?}"
        );
    }
}

#[test]
fn what_is_no_json_is_refused_in_words() {
    for (json, expected) in [
        ("", "the line is empty"),
        ("{", "the line ends inside an object at column 1"),
        (r#"{"a":1"#, "the line ends inside an object at column 6"),
        (r#"{"a":1,}"#, "a comma with nothing behind it at column 8"),
        (r#"{"a" 1}"#, "a `:` is missing at column 6"),
        ("[1 2]", "a `,` or `]` is missing at column 4"),
        ("{} {}", "more text behind the object at column 4"),
        ("01", "a wrong number at column 2"),
        ("1.", "the line ends where a value belongs at column 2"),
        ("1e999", "a number beyond all bounds at column 5"),
        ("nul", "the line ends where a value belongs at column 3"),
        ("\"\n\"", "a control character without an escape in a text at line 2 column 0"),
        ("\"\t\"", "a control character without an escape in a text at column 2"),
        (r#""\x""#, "a wrong escape in a text at column 3"),
        (r#""\ud800""#, "an escape that is no character at column 8"),
        (r#""\udc00""#, "an escape that is no character at column 7"),
        (r#""\udc00\udc00""#, "an escape that is no character at column 7"),
        ("\u{feff}{}", "no JSON value begins at column 1"),
    ] {
        assert_eq!(found(json, &["", "/a"]).unwrap_err(), expected, "{json}");
    }
    let mut values = FoundValues::default();
    assert!(scan(b"\"\xff\"", &trie(&[""]), &mut values).is_err());
}

#[test]
fn as_deep_as_serde_json_reads_is_read() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert!(found(&nested(127), &["/0/0", "/a/a"]).is_ok());
        let reason = found(&nested(128), &["/0/0", "/a/a"]).unwrap_err();
        assert!(reason.starts_with("nested too deep"), "{reason}");
        assert!(found(&nested(100_000), &[]).is_err());
    }
}

#[test]
fn a_pointer_is_checked_and_written_as_it_was() {
    for text in ["", "/", "/a/b", "/a~1b/c~0d", "/~01", "//", "/0/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15"] {
        assert_eq!(text.parse::<JsonPointer>().unwrap().to_string(), text);
    }
    for (text, expected) in [
        ("a/b", "a pointer begins with `/`; did you mean `/a/b`?"),
        ("/a~b", "`~` is written `~0` in a pointer, and `/` within a name `~1`"),
        ("/a~", "`~` is written `~0` in a pointer, and `/` within a name `~1`"),
        ("/0/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", "a pointer has at most 16 steps; this one has 17"),
    ] {
        assert_eq!(text.parse::<JsonPointer>().unwrap_err().to_string(), expected);
    }
}

#[test]
fn elements_are_told_with_their_keys() {
    for (raw, expected) in [
        ("[]", vec![]),
        (" [ 1 , \"a,]\" , [2,3] ] ", vec![("0", "1"), ("1", "\"a,]\""), ("2", "[2,3]")]),
        (r#"{"a":1,"b\n":{"c":[]},"a":2}"#, vec![("a", "1"), ("b\n", r#"{"c":[]}"#), ("a", "2")]),
        ("[1e999,2]", vec![("0", "1e999"), ("1", "2")]),
        ("7", vec![]),
        ("\"[1]\"", vec![]),
        ("", vec![]),
        // A broken one ends where it breaks.
        ("[1,2", vec![("0", "1"), ("1", "2")]),
        ("[1,", vec![("0", "1")]),
    ] {
        let found: Vec<_> = elements(raw).collect();
        let found: Vec<_> = found.iter().map(|(key, raw)| (&**key, *raw)).collect();
        assert_eq!(found, expected, "{raw}");
    }
}

#[test]
fn a_hostile_line_takes_no_more_time_than_its_length() {
    let pointers: Vec<String> = (0..1_000).map(|n| format!("/{}{n:04}/x", "prefix.".repeat(8))).collect();
    let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
    let trie = trie(&pointers);
    let lines = |n: usize| {
        [
            format!("{{{}\"a\":1}}", format!("\"{}0001\":{{\"x\":1}},", "prefix.".repeat(8)).repeat(n)),
            format!("[{}1]", "[[[[{\"a\":[]}]]]],".repeat(n * 4)),
            "[".repeat(n * 70),
            format!("\"{}\"", r"\u00e9".repeat(n * 10)),
        ]
    };
    let time = |n: usize| {
        lines(n).map(|line| {
            let start = Instant::now();
            let _ = scan(line.as_bytes(), &trie, &mut FoundValues::default());
            start.elapsed()
        })
    };
    // A tenth of what it were if twice the length took four times as long.
    let (short, long) = (time(1_000), time(32_000));
    for (short, long) in short.iter().zip(&long) {
        assert!(*long < 100 * *short + Duration::from_millis(500), "{short:?} {long:?}");
    }
}
