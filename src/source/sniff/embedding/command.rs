//! The words for each embedding, and the command of a shell that makes lines of it.
//!
//! A command never drops an event in silence, and needs nothing that a machine with `jq` does not have.

use std::fmt;

use super::{Embedding, Field, Form, Prefix};
use crate::source::shape::RecordShape;

/// Picks the events out of JSON, at any depth.
fn search(shape: &RecordShape) -> String {
    let keys: Vec<String> = shape.every.iter().map(|key| format!(".{key}?")).collect();
    format!("jq -c '.. | select({})'", keys.join(" and "))
}

/// Joins the pieces of each stream. Docker cuts behind 16 KiB, and a newline ends the last piece; other collectors write
/// the same fields without newlines, and whole.
const DOCKER: &str = r#"jq -nr 'foreach inputs as {$stream,$log} ({}; .l = .b["\($stream)"] + ($log // "") | .d = (($log // "" | endswith("\n") or utf8bytelength < 16000) or (.l | [fromjson?] != [])) | .b["\($stream)"] = if .d then "" else .l end; select(.d).l)'"#;

/// Joins the parts of each stream that are tagged `P` to the one that is tagged `F`.
const CRI: &str =
    r#"awk '{s=$2; t=$3; sub(/^[^ ]+ [^ ]+ [^ ]+ ?/,""); b[s]=b[s] $0} t!~/^P/{print b[s]; b[s]=""}'"#;

/// Breaks a line before each event but the first.
fn breaks(shape: &RecordShape) -> String {
    format!(r#"awk '{{gsub(/[}}][^{{}}"]*[{{] *"({})"/,"}}\n&")}} 1'"#, first(shape))
}

/// Pattern of the keys that come first.
fn first(shape: &RecordShape) -> String {
    shape.first.join("|")
}

/// Cuts off the text before and behind the event of each line.
fn events(shape: &RecordShape, name: &str) -> String {
    let (gap, first) = (if name.is_empty() { "" } else { " " }, first(shape));
    format!(r#"grep -aoE '[{{] *"({first})".*'{gap}{name} | sed 's/}}[^}}]*$/}}/'"#)
}

impl Embedding {
    /// The command that writes `name`, a word of a shell, with one event a line, where there is one.
    pub(in crate::source::sniff) fn command(self, name: &str) -> Option<String> {
        let shape = self.shape;
        let Some(separator) = self.separator else { return self.form?.command(shape, name) };
        let separator = match separator {
            b'\r' => r"\r".to_owned(),
            0 => r"\0".to_owned(),
            byte => format!(r"\{byte:03o}"),
        };
        let split = format!(r"tr '{separator}' '\n' < {name}");
        match self.form {
            None => Some(split),
            Some(form) => form.command(shape, "").map(|command| format!("{split} | {}", command.trim_end())),
        }
    }
}

impl Form {
    fn command(self, shape: &RecordShape, name: &str) -> Option<String> {
        let mark = shape.mark();
        Some(match self {
            Self::WholeArray => format!("jq -c '.[]' {name}"),
            // Also the part before a fault, such as a bracket that is missing at the end.
            Self::Array => format!("jq -cn --stream 'fromstream(1|truncate_stream(inputs))' {name}"),
            Self::Indented | Self::Joined => format!("jq -c . {name}"),
            Self::Wrapped | Self::Nested => format!("{} {name}", search(shape)),
            Self::NestedInText => format!("grep -aoE '[{{].*[}}]' {name} | {}", search(shape)),
            Self::JoinedByText => format!("{} {name} | {}", breaks(shape), events(shape, "")),
            Self::Quoted(_) => {
                format!(r#"jq -r '.. | strings | select(contains("\"{mark}\""))' {name}"#)
            }
            Self::QuotedInText => {
                let first = first(shape);
                format!(r#"grep -aoE '"[{{] *\\"({first})\\"([^"\\]|\\.)*"' {name} | jq -r ."#)
            }
            Self::Deep => format!(
                r#"jq -r 'def f: .. | strings | if contains("\"{mark}\"") then . else (fromjson? | f) end; f' {name}"#
            ),
            // Any event has this word, at any depth.
            Self::DockerUnseen => format!("{DOCKER} {name} | grep -a {mark}"),
            Self::CriUnseen => format!("{CRI} {name} | grep -a {mark}"),
            Self::Docker => format!("{DOCKER} {name} | {}", events(shape, "")),
            Self::Tagged => format!(
                r#"jq -j '(.log // .message) + (if .logtag == "P" then "" else "\n" end)' {name} | {}"#,
                events(shape, "")
            ),
            Self::Cri => format!("{CRI} {name} | {}", events(shape, "")),
            Self::ArrayOfLines | Self::Prefixed(_) | Self::Bulk => events(shape, name),
            Self::Colored => format!(r#"sed "s/$(printf '\033')\[[0-9;]*m//g" {name}"#),
            Self::Python => format!(
                "python3 -c 'import ast,json,sys; [print(json.dumps(ast.literal_eval(line))) for line in sys.stdin]' < {name}"
            ),
            Self::Json5 => return None,
        })
    }
}

/// Words that complete "NAME is ...".
impl fmt::Display for Embedding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.separator, self.form) {
            (Some(b'\r'), _) => {
                f.write_str("text whose lines end in a carriage return, and not in a newline")
            }
            (Some(0), _) => f.write_str("text whose lines end in a NUL byte, and not in a newline"),
            (Some(byte), _) => {
                write!(f, "text whose lines end in the byte 0x{byte:02x}, and not in a newline")
            }
            (None, Some(form)) => form.fmt(f),
            (None, None) => f.write_str("a log"),
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Array | Self::WholeArray | Self::ArrayOfLines => "a JSON array, and not one event a line",
            Self::Wrapped => "a JSON object that holds the events in an array, and not one event a line",
            Self::Indented => "JSON with an event over several lines, and not one event a line",
            Self::Joined | Self::JoinedByText => {
                "JSON with several events on one line, and not one event a line"
            }
            Self::Nested | Self::NestedInText => "JSON that holds the events inside other objects",
            Self::Docker | Self::DockerUnseen => "Docker's own log, which holds the events as texts in `log`",
            Self::Quoted(Some(Field(field))) => {
                return write!(f, "JSON that holds the events as texts in `{field}`");
            }
            Self::Quoted(None) | Self::Deep => "JSON that holds the events as texts",
            Self::Tagged => "a collector's log, which holds the events as texts, the long ones in parts",
            Self::QuotedInText => "a log that holds the events as texts in quotes",
            Self::Cri | Self::CriUnseen => "a log with a container runtime's prefix before each event",
            Self::Prefixed(Prefix::Compose) => "a log with Docker Compose's prefix before each event",
            Self::Prefixed(Prefix::Kubectl) => "a log with kubectl's prefix before each event",
            Self::Prefixed(Prefix::Other) => "a log with other text before each event",
            Self::Bulk => "a file for Elasticsearch, with a line of its own before each event",
            Self::Colored => "a log with colors for a terminal",
            Self::Python => "a log of Python's dictionaries, and not of JSON",
            Self::Json5 => "a log of objects whose names have no quotes, and not of JSON",
        })
    }
}
