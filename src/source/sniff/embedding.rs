//! Events that are there, but not one a line: in an array, indented, behind a prefix, or as texts in other JSON.
//!
//! An embedding that is recognized is named with the command that makes lines of it. A single line that
//! begins as an event does decides for a log. Must not decode.

mod command;
mod json;

use crate::source::shape::RecordShape;
use json::{compact, end_of_object, event_and_gap, event_at, is_deep_at, is_escaped_at, is_open, trim};

/// Embedding of events in a text that is no log of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Embedding {
    /// Byte in the place of a newline.
    separator: Option<u8>,
    /// The form of the events between two of them; nothing for one a line.
    form: Option<Form>,
    /// The shape of the events.
    shape: &'static RecordShape,
}

/// Form of events in a text whose lines end in newlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As the elements of one array, on one line or on many.
    Array,
    /// The same, seen to its end.
    WholeArray,
    /// The same, with one element a line.
    ArrayOfLines,
    /// As the elements of an array inside an object.
    Wrapped,
    /// Each over several lines.
    Indented,
    /// Several on one line, one behind the other.
    Joined,
    /// The same, with other text between them.
    JoinedByText,
    /// Inside other objects.
    Nested,
    /// The same, behind other text.
    NestedInText,
    /// As texts in other JSON, in this field if it is known.
    Quoted(Option<Field>),
    /// As texts in quotes behind other text: `msg="{\"sequence\":1}"`.
    QuotedInText,
    /// As texts of Docker's own log, which has a long one in pieces: a newline ends the last.
    Docker,
    /// As texts in JSON that says of each whether its line goes on: `"logtag":"P"`.
    Tagged,
    /// As texts in other JSON that is itself a text, at any depth.
    Deep,
    /// Docker's own log, in which no event was seen yet.
    DockerUnseen,
    /// Behind a container runtime's prefix, a long one in pieces: `2026-11-20T17:37:41.1Z stdout P `.
    Cri,
    /// The same, in which no event was seen as it is.
    CriUnseen,
    /// Behind what this writes before each line.
    Prefixed(Prefix),
    /// Behind a line each that says what is to be done with it.
    Bulk,
    /// With colors for a terminal between their letters.
    Colored,
    /// As Python prints dictionaries.
    Python,
    /// With names that have no quotes.
    Json5,
}

/// A field in which a collector of logs keeps the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Field(&'static str);

/// The fields that are known.
const FIELDS: [&str; 11] = [
    "log",
    "MESSAGE",
    "message",
    "msg",
    "line",
    "textPayload",
    "event",
    "Data",
    "data",
    "short_message",
    "body",
];

/// Text before the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prefix {
    /// Docker Compose: `web-1  | `.
    Compose,
    /// `kubectl logs --prefix`: `[pod/queue-0/queue] `.
    Kubectl,
    /// Anything else: a timestamp, a host, a program.
    Other,
}

/// Bytes that some programs write between two records.
const SEPARATORS: [u8; 5] = [b'\0', b'\r', 0x0b, 0x0c, 0x1e];

/// Number of bytes behind which Docker cuts a line.
const DOCKER_PIECE: usize = 16 << 10;

/// Is true of a log of lines, however a crash or a disk has worn it: it begins with a line that is an event and nothing
/// else, or most of its lines are.
pub(super) fn is_log(shape: &RecordShape, head: &[u8]) -> bool {
    let is_whole = |line: &[u8]| event_at(shape, line).is_some() && end_of_object(line) == Some(line.len());
    let lines = || head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let n_whole = lines().filter(|line| is_whole(line)).count();
    lines().next().is_some_and(is_whole) || n_whole * 2 > lines().count()
}

/// Finds the embedding of the events in a text that begins with `head`; nothing for a log, and in doubt.
pub(super) fn embedding(shape: &'static RecordShape, head: &[u8]) -> Option<Embedding> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if is_log(shape, head) {
        return None;
    }
    if let Some(separator) = separator(shape, head) {
        let split: Vec<u8> = head.iter().map(|byte| if *byte == separator { b'\n' } else { *byte }).collect();
        let has_text = || lines(&split).any(|line| !line.is_empty() && event_at(shape, line).is_none());
        let form = form(shape, &split).or_else(|| has_text().then_some(Form::Prefixed(Prefix::Other)));
        return Some(Embedding { separator: Some(separator), form, shape });
    }
    let form = colored(shape, head).or_else(|| form(shape, head))?;
    Some(Embedding { separator: None, form: Some(form), shape })
}

/// Is true where a line begins as one that holds an event does.
pub(super) fn has_event(shape: &RecordShape, head: &[u8]) -> bool {
    lines(head).any(|line| event_at(shape, line).is_some())
}

fn form(shape: &RecordShape, head: &[u8]) -> Option<Form> {
    let start = trim(head);
    if let Some(inner) = start.strip_prefix(b"[")
        && event_at(shape, inner.trim_ascii_start()).is_some()
    {
        return Some(array(shape, start));
    }
    if let Some((gap, _)) = event_and_gap(shape, start)
        && gap.contains(&b'\n')
    {
        return Some(Form::Indented);
    }
    if is_spread(start) {
        return inside(shape, &compact(start), &compact(start));
    }
    if let Some(form) = lines(head).find_map(|line| joined(shape, line)) {
        return Some(form);
    }
    if is_bulk(shape, head) {
        return Some(Form::Bulk);
    }
    if has_event(shape, head) {
        return None;
    }
    lines(head)
        .find_map(|line| form_of_line(shape, line, head))
        .or_else(|| is_docker(start).then_some(Form::DockerUnseen))
}

/// The lines, without blanks, NULs, marks and commas before their texts.
fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    head.split(|byte| *byte == b'\n').map(|line| {
        let line = trim(line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line));
        line.strip_prefix(b",").map_or(line, trim)
    })
}

/// Finds the byte between two records in the place of a newline.
fn separator(shape: &RecordShape, head: &[u8]) -> Option<u8> {
    SEPARATORS.into_iter().find(|separator| {
        head.split(|byte| *byte == b'\n').any(|line| {
            let mut pieces = line.split(|byte| byte == separator);
            let mut before = pieces.next().unwrap_or_default();
            pieces.any(|piece| {
                let ends = before.trim_ascii_end().ends_with(b"}");
                let is_record = ends && !trim(piece).is_empty();
                before = piece;
                // A carriage return also comes behind what shows progress.
                is_record || (*separator == b'\r' && event_at(shape, trim(piece)).is_some())
            })
        })
    })
}

/// An array that begins with an event.
fn array(shape: &RecordShape, start: &[u8]) -> Form {
    let inside = start.trim_ascii_end().strip_suffix(b"]").map(<[u8]>::trim_ascii_end);
    if inside.is_some_and(|inside| inside.ends_with(b"}")) && !is_open(start) {
        return Form::WholeArray;
    }
    let is_line = |line: &[u8]| {
        let line = line.strip_prefix(b"[").map_or(line, trim);
        let line = line.strip_prefix(b",").map_or(line, trim);
        event_at(shape, line).is_some()
            && event_and_gap(shape, line).is_some_and(|(gap, _)| gap.is_empty())
            && {
                let behind = end_of_object(line).map_or(&b""[..], |end| &line[end..]);
                !behind.contains(&b'{')
            }
    };
    let has_end = start.contains(&b'\n');
    let is_bare = |line: &[u8]| matches!(line.trim_ascii(), b"" | b"[" | b"]" | b",");
    if has_end && lines(start).all(|line| is_bare(line) || is_line(line)) {
        Form::ArrayOfLines
    } else {
        Form::Array
    }
}

/// Is true where a text of JSON begins that goes over several lines.
fn is_spread(start: &[u8]) -> bool {
    let Some(end) = start.iter().position(|byte| *byte == b'\n') else { return false };
    let line = start[..end].trim_ascii_end();
    matches!(start.first(), Some(b'{' | b'['))
        && matches!(line.last(), Some(b'{' | b'[' | b',' | b':'))
        && is_open(line)
}

/// Form of events inside a text of JSON that begins with something else.
fn inside(shape: &RecordShape, line: &[u8], head: &[u8]) -> Option<Form> {
    let mut opened = (0..line.len()).filter(|at| line[*at] == b'{');
    let escaped = opened.clone().find(|at| is_escaped_at(shape, &line[*at..]));
    if let Some(at) = escaped {
        return Some(quoted(&line[..at], line, head));
    }
    if opened.clone().any(|at| is_deep_at(shape, &line[at..])) {
        return Some(Form::Deep);
    }
    let at =
        opened.find(|at| *at > 0 && event_at(shape, &line[*at..]).is_some_and(|key| key != shape.shared))?;
    let is_array = line[..at].trim_ascii_end().ends_with(b"[");
    Some(if is_array { Form::Wrapped } else { Form::Nested })
}

/// Which collector keeps the events as texts behind `before`.
fn quoted(before: &[u8], line: &[u8], head: &[u8]) -> Form {
    let field = before.strip_suffix(b"\"").and_then(|before| {
        let before = before.trim_ascii_end().strip_suffix(b":")?.trim_ascii_end();
        FIELDS.into_iter().find(|name| before.ends_with(format!("\"{name}\"").as_bytes()))
    });
    let has = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    let is_piece = || line.len() - before.len() >= DOCKER_PIECE && !has(line, b"\"stream\"");
    match field {
        _ if is_docker(line) => Form::Docker,
        Some("log" | "message") if has(line, b"\"logtag\"") => Form::Tagged,
        Some("log") if has(head, b"\\n\"") || is_piece() || cut_log(line) => Form::Docker,
        field => Form::Quoted(field.map(Field)),
    }
}

/// Is true of a whole record of Docker's with the first piece of a long line.
fn cut_log(line: &[u8]) -> bool {
    line.len() >= DOCKER_PIECE && is_docker(line)
}

/// Is true of a text that begins as Docker's own log does.
fn is_docker(start: &[u8]) -> bool {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let bare: Vec<u8> = line.iter().copied().filter(|byte| *byte != b' ').collect();
    let has = |word: &[u8]| bare.windows(word.len()).any(|window| window == word);
    bare.starts_with(b"{\"log\":\"") && has(b"\",\"stream\":\"std") && has(b",\"time\":\"")
}

/// Is true where each event comes behind a line for Elasticsearch.
fn is_bulk(shape: &RecordShape, head: &[u8]) -> bool {
    let mut lines = lines(head);
    let is_action = lines
        .next()
        .is_some_and(|line| line.starts_with(b"{\"index\":") || line.starts_with(b"{\"create\":"));
    is_action && lines.next().is_some_and(|line| event_at(shape, line).is_some())
}

/// Events that show once the colors are taken away.
fn colored(shape: &RecordShape, head: &[u8]) -> Option<Form> {
    if !head.contains(&0x1b) || has_event(shape, head) {
        return None;
    }
    let plain = json::without_colors(head);
    has_event(shape, &plain).then_some(Form::Colored)
}

/// Form of events on one line, or behind the first one.
fn joined(shape: &RecordShape, line: &[u8]) -> Option<Form> {
    event_at(shape, line)?;
    let rest = &line[end_of_object(line)?..];
    let at = rest.iter().position(|byte| matches!(byte, b'{' | b'}' | b'"'))?;
    event_at(shape, &rest[at..])?;
    let is_blank = rest[..at].trim_ascii().is_empty();
    Some(if is_blank { Form::Joined } else { Form::JoinedByText })
}

fn form_of_line(shape: &RecordShape, line: &[u8], head: &[u8]) -> Option<Form> {
    if is_cri(line) {
        let is_seen = |line: &[u8]| (0..line.len()).any(|at| event_at(shape, &line[at..]).is_some());
        return Some(if lines(head).any(is_seen) { Form::Cri } else { Form::CriUnseen });
    }
    if line.starts_with(b"{") {
        return other_language(shape, line).or_else(|| inside(shape, line, head));
    }
    let mut opened = (0..line.len()).filter(|at| line[*at] == b'{');
    if let Some(at) = opened.clone().find(|at| event_at(shape, &line[*at..]).is_some()) {
        return behind(&line[..at]);
    }
    let at = opened.find(|at| is_escaped_at(shape, &line[*at..]))?;
    let before = &line[..at];
    if line.starts_with(b"\"") || line.starts_with(b"[") {
        return Some(Form::Quoted(None));
    }
    // The rest of a torn line has no beginning of its object.
    let is_torn = before.ends_with(b":\"") && !before.contains(&b'{');
    (!is_torn && before.ends_with(b"\"")).then_some(Form::QuotedInText)
}

/// Events behind other text.
fn behind(prefix: &[u8]) -> Option<Form> {
    let text = prefix.trim_ascii_end();
    if text.ends_with(b"\":") || text.ends_with(b"\":[") {
        let has_object = text.windows(2).any(|window| window == b"{\"");
        return has_object.then_some(Form::NestedInText);
    }
    // The rest of a torn line may end in an object that has such a field.
    let is_json = text.iter().any(|byte| matches!(byte, b'"' | b'{' | b'}' | b']'));
    let is_torn = text.ends_with(b"[") || (text.ends_with(b",") && is_json);
    (!is_torn).then(|| Form::Prefixed(Prefix::of(text)))
}

/// Events in what only looks like JSON.
fn other_language(shape: &RecordShape, line: &[u8]) -> Option<Form> {
    let inner = line.strip_prefix(b"{")?.trim_ascii_start();
    let is_first = |quote: &str, end: &str| {
        shape.first.iter().any(|key| inner.starts_with(format!("{quote}{key}{end}").as_bytes()))
    };
    if is_first("'", "'") { Some(Form::Python) } else { is_first("", ":").then_some(Form::Json5) }
}

/// Is true of a line with a container runtime's prefix: a time, a stream, and whether it is all of a line or a part.
fn is_cri(line: &[u8]) -> bool {
    let mut words = line.split(|byte| *byte == b' ');
    let mut word = || words.next().unwrap_or_default();
    let (time, stream, tag) = (word(), word(), word());
    let is_time = time.len() >= 20 && time[0].is_ascii_digit() && time.get(10) == Some(&b'T');
    let is_tag = matches!(tag, [b'F' | b'P'] | [b'F' | b'P', b':', ..] | [b'F' | b'P', b'\r']);
    is_time && matches!(stream, b"stdout" | b"stderr") && is_tag
}

impl Prefix {
    fn of(text: &[u8]) -> Self {
        let has = |word: &[u8]| text.windows(word.len()).any(|window| window == word);
        if has(b"[pod/") {
            Self::Kubectl
        } else if has(b" |") {
            Self::Compose
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests;
