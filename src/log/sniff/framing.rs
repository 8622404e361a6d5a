//! Events that are there, but not one a line: in an array, indented, behind a prefix, or as texts in other JSON.
//!
//! What is recognized is named with the command that makes lines of it. A single line that begins as an event does
//! decides for a log. Must not decode.

use std::fmt;

/// How events stand in a text that is no log of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// As the elements of one array, on one line or on many.
    Array,
    /// As the elements of an array inside an object.
    Wrapped,
    /// Each over several lines.
    Indented,
    /// Several on one line, one behind the other.
    Joined,
    /// On lines that end in a carriage return alone.
    CarriageReturns,
    /// Inside other objects.
    Nested,
    /// As texts in this field of other objects.
    Quoted(Field),
    /// Behind what this writes before each line.
    Prefixed(Prefix, Key),
}

/// A field in which a collector of logs keeps the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field(&'static str);

/// The fields that are known.
const FIELDS: [&str; 7] = ["log", "MESSAGE", "message", "msg", "line", "textPayload", "event"];

/// What stands before the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    /// Docker Compose: `web-1  | `.
    Compose,
    /// A container runtime: `2026-11-20T17:37:41.123456789Z stdout F `.
    Cri,
    /// `kubectl logs --prefix`: `[pod/queue-0/queue] `.
    Kubectl,
    /// Anything else: a timestamp, a host, a program.
    Other,
}

/// The first field of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(&'static str);

/// The fields of an event, any of which may come first.
const KEYS: [&str; 3] = ["sequence", "control", "event"];

/// Says how the events stand in a text that begins with `head`; nothing for a log, and in doubt.
pub(super) fn framing(head: &[u8]) -> Option<Framing> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let start = trim(head);
    if let Some(inner) = start.strip_prefix(b"[")
        && event_at(inner.trim_ascii_start()).is_some()
    {
        return Some(Framing::Array);
    }
    if let Some((gap, _)) = event_and_gap(start)
        && gap.contains(&b'\n')
    {
        return Some(Framing::Indented);
    }
    let lines = || cuts(head, b'\n');
    if lines().any(|line| cuts(line, b'\r').skip(1).any(|line| event_at(line).is_some())) {
        return Some(Framing::CarriageReturns);
    }
    if lines().any(is_joined) {
        return Some(Framing::Joined);
    }
    if lines().any(|line| event_at(line).is_some()) {
        return None;
    }
    lines().find_map(framing_of_line)
}

/// Whether a line begins as one that holds an event does.
pub(super) fn has_event(head: &[u8]) -> bool {
    cuts(head, b'\n').any(|line| event_at(line).is_some())
}

/// The lines, without blanks, NULs and marks before their texts.
fn cuts(head: &[u8], end: u8) -> impl Iterator<Item = &[u8]> {
    head.split(move |byte| *byte == end).map(|line| {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        trim(line)
    })
}

/// The bytes without blanks, NULs and record separators before them.
fn trim(bytes: &[u8]) -> &[u8] {
    let n_blanks = bytes.iter().take_while(|byte| matches!(byte, 0 | 0x1e) || byte.is_ascii_whitespace());
    &bytes[n_blanks.count()..]
}

fn framing_of_line(line: &[u8]) -> Option<Framing> {
    let events = || (0..line.len()).filter(|at| line[*at] == b'{');
    if !line.starts_with(b"{") {
        let (at, key) = events().find_map(|at| event_at(&line[at..]).map(|key| (at, key)))?;
        // A torn line may end in an object that has such a field: then no quote or colon is left open before it.
        let prefix = &line[..at];
        let is_torn = prefix.ends_with(b":") || prefix.ends_with(b",") || prefix.ends_with(b"[");
        return (!is_torn).then(|| Framing::Prefixed(Prefix::of(prefix), key));
    }
    let escaped = events().find(|at| KEYS.iter().any(|key| is_escaped(&line[at + 1..], key)));
    if let Some(at) = escaped {
        let before = line[..at].strip_suffix(b"\"")?;
        let is_before = |name: &&&str| {
            let before = before.trim_ascii_end().strip_suffix(b":").map(<[u8]>::trim_ascii_end);
            before.is_some_and(|before| before.ends_with(format!("\"{name}\"").as_bytes()))
        };
        let name = FIELDS.iter().find(is_before)?;
        return Some(Framing::Quoted(Field(name)));
    }
    let at = events().skip(1).find(|at| event_at(&line[*at..]).is_some_and(|key| key.0 != "event"))?;
    let is_array = line[..at].trim_ascii_end().ends_with(b"[");
    Some(if is_array { Framing::Wrapped } else { Framing::Nested })
}

fn is_escaped(rest: &[u8], key: &str) -> bool {
    rest.starts_with(format!("\\\"{key}\\\"").as_bytes())
}

/// Whether an event follows another one on its line. Inside an event a comma would stand between.
fn is_joined(line: &[u8]) -> bool {
    let ends = (0..line.len()).filter(|at| line[*at] == b'}');
    event_at(line).is_some() && ends.into_iter().any(|at| event_at(trim(&line[at + 1..])).is_some())
}

/// The first field of the event that begins here.
fn event_at(bytes: &[u8]) -> Option<Key> {
    event_and_gap(bytes).map(|(_, key)| key)
}

/// The same, with the blanks before that field.
fn event_and_gap(bytes: &[u8]) -> Option<(&[u8], Key)> {
    let inner = bytes.strip_prefix(b"{")?;
    let field = inner.trim_ascii_start();
    let gap = &inner[..inner.len() - field.len()];
    let key = KEYS.iter().find(|key| {
        let rest = field.strip_prefix(b"\"").and_then(|rest| rest.strip_prefix(key.as_bytes()));
        rest.is_some_and(|rest| rest.starts_with(b"\""))
    })?;
    Some((gap, Key(key)))
}

impl Prefix {
    fn of(prefix: &[u8]) -> Self {
        let text = prefix.trim_ascii_end();
        let has = |word: &[u8]| text.windows(word.len()).any(|window| window == word);
        if has(b" stdout F") || has(b" stderr F") {
            Self::Cri
        } else if has(b"[pod/") {
            Self::Kubectl
        } else if has(b" |") {
            Self::Compose
        } else {
            Self::Other
        }
    }
}

impl Framing {
    /// The command that writes `name`, a word of a shell, with one event a line.
    pub(super) fn command(self, name: &str) -> String {
        match self {
            Self::Array => format!("jq -c '.[]' {name}"),
            Self::Indented | Self::Joined => format!("jq -c . {name}"),
            Self::Wrapped | Self::Nested => format!("jq -c '.. | select(.sequence? and .event?)' {name}"),
            Self::CarriageReturns => format!("tr '\\r' '\\n' < {name}"),
            // Docker cuts long lines: the pieces have no line end but the last.
            Self::Quoted(Field("log")) => format!("jq -j .log {name}"),
            Self::Quoted(Field(field)) => format!("jq -r .{field} {name}"),
            Self::Prefixed(_, Key(key)) => format!("grep -o '{{\"{key}\".*' {name}"),
        }
    }
}

/// What it is, to complete "NAME is ...".
impl fmt::Display for Framing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Array => "a JSON array, and not one event a line",
            Self::Wrapped => "a JSON object that holds the events in an array, and not one event a line",
            Self::Indented => "JSON with an event over several lines, and not one event a line",
            Self::Joined => "JSON with several events on one line, and not one event a line",
            Self::CarriageReturns => "text whose lines end in a carriage return, and not in a newline",
            Self::Nested => "JSON that holds the events inside other objects",
            Self::Quoted(Field("log")) => "Docker's own log, which holds the events as texts in `log`",
            Self::Quoted(Field(field)) => {
                return write!(f, "JSON that holds the events as texts in `{field}`");
            }
            Self::Prefixed(Prefix::Compose, _) => "a log with Docker Compose's prefix before each event",
            Self::Prefixed(Prefix::Cri, _) => "a log with a container runtime's prefix before each event",
            Self::Prefixed(Prefix::Kubectl, _) => "a log with kubectl's prefix before each event",
            Self::Prefixed(Prefix::Other, _) => "a log with other text before each event",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"{"sequence":1,"event":{"EnginePaused":{"timestamp":5}}}"#;
    const TWO: &str = r#"{"control":null,"sequence":2,"event":{"EngineResumed":{"timestamp":6}}}"#;

    fn check(head: &str, expected: Option<(&str, &str)>) {
        let found = framing(head.as_bytes()).map(|it| (it.to_string(), it.command("L")));
        let found = found.as_ref().map(|(it, command)| (it.as_str(), command.as_str()));
        match (found, expected) {
            (Some((it, command)), Some((words, expected))) => {
                assert!(it.contains(words) && command == expected, "{head}: {it}: {command}");
            }
            (found, expected) => assert_eq!(found.is_some(), expected.is_some(), "{head}: {found:?}"),
        }
    }

    #[test]
    fn events_that_are_no_lines_are_named_with_the_command_that_makes_lines_of_them() {
        let escaped = ONE.replace('"', "\\\"");
        let array = Some(("a JSON array", "jq -c '.[]' L"));
        check(&format!("[{ONE},{TWO}]"), array);
        check(&format!("[\n{ONE},\n{TWO}\n]\n"), array);
        check("\u{feff} [\n  {\n    \"sequence\": 1,\n", array);
        let indented = Some(("over several lines", "jq -c . L"));
        check("{\n  \"sequence\": 1,\n  \"event\": {\n", indented);
        check("\u{1e}{\n  \"sequence\": 1,\n", indented);
        check("\n{\r\n\t\"control\": null,\r\n", indented);
        check(&format!("{ONE}{TWO}\n"), Some(("several events on one line", "jq -c . L")));
        check(&format!("\u{1e}{ONE}\u{1e}{TWO}"), Some(("several events on one line", "jq -c . L")));
        check(&format!("{ONE} {TWO}"), Some(("several events on one line", "jq -c . L")));
        check(&format!("{ONE}\r{TWO}\r\n"), Some(("carriage return", "tr '\\r' '\\n' < L")));
        check(&format!("{ONE}\r{TWO}\r"), Some(("carriage return", "tr '\\r' '\\n' < L")));
        let grep = |key| format!("grep -o '{{\"{key}\".*' L");
        let (sequence, control) = (grep("sequence"), grep("control"));
        check(&format!("queue-1  | {ONE}\n"), Some(("Compose", &sequence)));
        check(&format!("\x1b[36mqueue-1 |\x1b[0m {TWO}\n"), Some(("Compose", &control)));
        check(&format!("2026-11-20T17:37:41.1Z stdout F {ONE}\n"), Some(("runtime", &sequence)));
        check(&format!("[pod/queue-0/queue] {TWO}\n"), Some(("kubectl", &control)));
        check(&format!("Nov 20 17:37:41 host queue[7]: {ONE}\n"), Some(("other text", &sequence)));
        check(&format!("2026-11-20T17:37:41.1Z {ONE}\n"), Some(("other text", &sequence)));
        check(&format!("data: {ONE}\n\ndata: {TWO}\n\n"), Some(("other text", &sequence)));
        let docker = format!("{{\"log\":\"{escaped}\\n\",\"stream\":\"stdout\",\"time\":\"2026\"}}\n");
        check(&docker, Some(("Docker", "jq -j .log L")));
        check(&format!("{{\"a\":1,\"MESSAGE\" : \"{escaped}\"}}\n"), Some(("`MESSAGE`", "jq -r .MESSAGE L")));
        let search = "jq -c '.. | select(.sequence? and .event?)' L";
        check(&format!("{{\"events\":[{ONE}]}}"), Some(("in an array", search)));
        check(&format!("{{\"level\":\"info\",\"fields\":{ONE}}}\n"), Some(("inside other objects", search)));
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
            &format!("starting\nqueue | {ONE}\n{TWO}\n"),
            &format!("\0\0\0{ONE}\n"),
            &format!("\"x\":{ONE}\n"),
            " { \"event\":{},\"sequence\":1}\n",
            r#"{"sequence":1,"event":{"X":{"list":[{"sequence":1},{"sequence":2}]}}}"#,
        ] {
            check(head, None);
        }
    }
}
