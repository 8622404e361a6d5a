//! A line that is too long to be kept, without what makes it long and is of no use: the bytes of a payload, the end of a
//! long text.
//!
//! Long lists of bytes are left out as they come, so that of a line of any length only the rest is held. A spare value with
//! such a list becomes `null`: it is not known. Texts are kept up to a bound, and end in `…`. A fault is kept with what is
//! around it, so that it is reported as that of a short line. Text that does not begin as an event is given
//! up.

use crate::source::kept::KeptText;
use crate::source::shape::RecordShape;

/// The longest text that is kept whole, in bytes.
const TEXT: usize = 64 << 10;
/// The longest list of numbers that is kept whole, in bytes.
const LIST: usize = 64 << 10;
/// Suffix of a text that was cut.
const CUT: &[u8] = "…".as_bytes();
/// Byte that RFC 7464 puts before each record.
const RECORD: u8 = 0x1e;
/// The longest line that is looked through: a gigabyte.
pub(super) const MAX_LINE_BYTES: u64 = 1 << 30;

/// Bytes that are kept from a fault on: a text or number there is told whole.
const FAULT: usize = 256;

/// A long line, as far as it came.
#[derive(Debug)]
pub(in crate::source) struct Squeeze {
    /// Shapes of records, which have keys of values that are not needed.
    shapes: &'static [RecordShape],
    kept: Vec<u8>,
    /// The number of bytes before the current one.
    at: usize,
    shifts: Vec<(usize, isize)>,
    /// The most bytes that are kept.
    most: usize,
    state: State,
    /// Open objects and lists.
    depth: usize,
    /// Range of the last text in `kept`, without its quotes.
    last_text: (usize, usize),
    /// Where the list begins that is open and of numbers alone so far.
    list_at: Option<usize>,
    /// Start of the value of an open spare key, and its depth.
    spared: Option<(usize, usize)>,
    /// It is given up.
    is_lost: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Outside,
    /// In a text that begins there in `kept`; it could be cut at the second place.
    Text {
        at: usize,
        safe: usize,
        escape: Escape,
        is_cut: bool,
    },
    /// In a list of bytes that is left out: the number so far, and what came last.
    Bytes {
        number: u16,
        last: Piece,
        is_spare: bool,
    },
    /// In a value that is left out, so deep in it.
    Value {
        depth: usize,
        in_text: bool,
        is_escaped: bool,
    },
    /// Behind a fault: this number of bytes are still kept.
    Fault(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    None,
    Begun,
    /// This number of digits are to come, behind those that make this number.
    Digits(u8, u16),
    /// It has ended, and is the first half of a character.
    Half,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Digit,
    Blank,
    Comma,
}

impl Squeeze {
    /// Begins a line, of which so much is kept at most.
    pub(in crate::source) fn new(shapes: &'static [RecordShape], most: usize) -> Self {
        Self {
            shapes,
            kept: Vec::new(),
            at: 0,
            shifts: Vec::new(),
            most,
            state: State::Outside,
            depth: 0,
            last_text: (0, 0),
            list_at: None,
            spared: None,
            is_lost: false,
        }
    }

    /// Takes in the next bytes.
    pub(in crate::source) fn add(&mut self, bytes: &[u8]) {
        let mut rest = bytes.iter();
        while !self.is_lost
            && let Some(byte) = rest.next()
        {
            // Checked before, so that what is kept is not moved to where there is room for twice as much.
            if self.kept.len() >= self.most {
                self.lose();
            } else {
                self.take(*byte);
                self.at += 1;
            }
        }
    }

    /// Returns what is kept of the whole line, unless it was given up.
    pub(in crate::source) fn finish(mut self) -> Option<KeptText> {
        if self.is_lost {
            return None;
        }
        if let State::Bytes { number, last, .. } = self.state {
            self.resume_list(number, last);
        }
        let is_cut = self.state == State::Fault(0);
        if !is_cut && self.kept.last() == Some(&b'\r') {
            self.kept.pop();
            self.at -= 1;
        }
        let kept = KeptText { text: self.kept, shifts: self.shifts, whole: self.at, is_cut };
        (!kept.text.is_empty()).then_some(kept)
    }

    /// Keeps the current byte.
    fn keep(&mut self, byte: u8) {
        self.shift(0);
        self.kept.push(byte);
    }

    /// Notes the place in the line of the next byte that is kept: its distance before the current one.
    fn shift(&mut self, before: usize) {
        let shift = self.at.cast_signed() - (before + self.kept.len()).cast_signed();
        if self.shifts.last().map_or(0, |(_, shift)| *shift) != shift {
            self.shifts.push((self.kept.len(), shift));
        }
    }

    /// Keeps the end of a list that was left out so far, as what comes cannot be.
    fn resume_list(&mut self, number: u16, last: Piece) {
        let end = match last {
            Piece::Comma => "0,".to_owned(),
            Piece::Digit => number.to_string(),
            Piece::Blank => format!("{number} "),
        };
        self.shift(end.len());
        self.kept.extend_from_slice(end.as_bytes());
    }

    /// Keeps a byte that no event has there, and a little behind it.
    fn fault(&mut self, byte: u8) {
        // The first byte of a character replaces it.
        self.keep(if byte.is_ascii() { byte } else { b'?' });
        self.state = State::Fault(if byte.is_ascii() { FAULT } else { 0 });
    }

    fn in_fault(&mut self, byte: u8, left: usize) {
        // A character is not cut in two.
        let left = if byte.is_ascii() { left } else { 0 };
        if left > 0 {
            self.keep(byte);
        }
        self.state = State::Fault(left.saturating_sub(1));
    }

    fn lose(&mut self) {
        self.is_lost = true;
        self.kept = Vec::new();
    }

    fn take(&mut self, byte: u8) {
        match self.state {
            State::Outside => self.outside(byte),
            State::Text { .. } => self.in_text(byte),
            State::Bytes { .. } => self.in_bytes(byte),
            State::Value { .. } => self.in_value(byte),
            State::Fault(left) => self.in_fault(byte, left),
        }
    }

    fn outside(&mut self, byte: u8) {
        match byte {
            // Bytes that may come before an event, and are skipped.
            b' ' | b'\t' | RECORD if self.kept.is_empty() => return,
            b'{' if self.kept.is_empty() => self.depth = 1,
            _ if self.kept.is_empty() => return self.lose(),
            b'"' => {
                let at = self.kept.len() + 1;
                self.state = State::Text { at, safe: at, escape: Escape::None, is_cut: false };
                self.list_at = None;
            }
            b'{' | b'[' => {
                self.depth += 1;
                self.list_at = (byte == b'[').then_some(self.kept.len());
            }
            b'}' | b']' => {
                let Some(depth) = self.depth.checked_sub(1) else { return self.fault(byte) };
                self.depth = depth;
                self.list_at = None;
            }
            b':' => {
                let (from, to) = self.last_text;
                let is_spare = |key| self.shapes.iter().any(|shape| shape.spare.as_bytes() == key);
                if self.kept.get(from..to).is_some_and(is_spare) && self.spared.is_none() {
                    self.spared = Some((self.kept.len() + 1, self.depth));
                }
                self.list_at = None;
            }
            b'0'..=b'9' | b',' | b' ' | b'\t' => (),
            _ => self.list_at = None,
        }
        // A spare value ends with what ends it.
        if self.spared.is_some_and(|(_, depth)| self.depth < depth || (byte == b',' && self.depth == depth)) {
            self.spared = None;
        }
        self.keep(byte);
        if let Some(at) = self.list_at
            && self.kept.len() - at > LIST
        {
            self.leave_out(at);
        }
    }

    /// Leaves the list out that begins there in `kept`.
    fn leave_out(&mut self, at: usize) {
        let list = self.kept.split_off(at + 1);
        let is_spare = self.spared.is_some();
        self.list_at = None;
        self.state = State::Bytes { number: 0, last: Piece::Comma, is_spare };
        let at = self.at;
        self.at -= list.len() - 1;
        for byte in list {
            self.take(byte);
            self.at += 1;
        }
        self.at = at;
    }

    fn in_bytes(&mut self, byte: u8) {
        let State::Bytes { number, last, is_spare } = self.state else { return };
        let next = match (byte, last) {
            // A number of several digits does not begin with a zero.
            (b'0'..=b'9', Piece::Digit) if number > 0 => {
                Some((number * 10 + u16::from(byte - b'0'), Piece::Digit))
            }
            (b'0'..=b'9', Piece::Comma) => Some((u16::from(byte - b'0'), Piece::Digit)),
            (b' ' | b'\t', Piece::Comma) => Some((number, Piece::Comma)),
            (b' ' | b'\t', _) => Some((number, Piece::Blank)),
            (b',', Piece::Digit | Piece::Blank) => Some((0, Piece::Comma)),
            (b']', Piece::Digit | Piece::Blank) => return self.end_bytes(is_spare),
            _ => None,
        };
        match next {
            Some((number, last)) if number <= u16::from(u8::MAX) => {
                self.state = State::Bytes { number, last, is_spare };
            }
            // No list of bytes: the engine would not read it either.
            _ => {
                self.resume_list(number, last);
                self.fault(byte);
            }
        }
    }

    fn end_bytes(&mut self, is_spare: bool) {
        self.depth -= 1;
        self.state = State::Outside;
        let Some((at, depth)) = self.spared.filter(|_| is_spare) else {
            self.keep(b']');
            return;
        };
        self.kept.truncate(at);
        self.kept.extend_from_slice(b"null");
        if self.depth > depth {
            self.state = State::Value { depth: self.depth - depth, in_text: false, is_escaped: false };
            self.depth = depth;
        }
    }

    fn in_value(&mut self, byte: u8) {
        let State::Value { mut depth, mut in_text, is_escaped } = self.state else { return };
        let escapes = in_text && byte == b'\\' && !is_escaped;
        match byte {
            _ if in_text && (is_escaped || byte != b'"') => (),
            b'"' => in_text = !in_text,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => (),
        }
        let value = State::Value { depth, in_text, is_escaped: escapes };
        self.state = if depth == 0 { State::Outside } else { value };
    }

    fn in_text(&mut self, byte: u8) {
        let State::Text { at, mut safe, escape, mut is_cut } = self.state else { return };
        if byte == b'"' && matches!(escape, Escape::None | Escape::Half) {
            if is_cut {
                self.kept.extend_from_slice(CUT);
            }
            self.last_text = (at, self.kept.len());
            self.keep(b'"');
            self.state = State::Outside;
            return;
        }
        // A character may be cut off before its first byte, and not between the escapes of its halves.
        if escape == Escape::None && byte & 0xc0 != 0x80 {
            safe = self.kept.len();
        }
        let digit = char::from(byte).to_digit(16).and_then(|digit| u16::try_from(digit).ok()).unwrap_or(0);
        let escape = match (escape, byte) {
            (Escape::Begun, b'u') => Escape::Digits(4, 0),
            (Escape::Begun, _) => Escape::None,
            (Escape::Digits(1, number), _) if (0xd8..0xdc).contains(&(number >> 4)) => Escape::Half,
            (Escape::Digits(1, _), _) => Escape::None,
            (Escape::Digits(n, number), _) => Escape::Digits(n - 1, number << 4 | digit),
            (_, b'\\') => Escape::Begun,
            _ => Escape::None,
        };
        if !is_cut {
            self.keep(byte);
            if self.kept.len() - at > TEXT {
                self.kept.truncate(safe);
                is_cut = true;
            }
        }
        self.state = State::Text { at, safe, escape, is_cut };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::source::shape::SAMPLES;

    fn squeezed(line: &[u8], piece: usize) -> Option<Vec<u8>> {
        kept(line, piece).map(|kept| kept.text)
    }

    fn kept(line: &[u8], piece: usize) -> Option<KeptText> {
        let mut squeeze = Squeeze::new(SAMPLES, 1 << 20);
        line.chunks(piece).for_each(|bytes| squeeze.add(bytes));
        squeeze.finish()
    }

    /// Words for a line whose values are lists of bytes, texts and objects.
    fn said(line: &[u8]) -> String {
        use serde::Deserialize;
        #[derive(Debug, Deserialize)]
        #[allow(dead_code, reason = "only what is wrong is looked at")]
        struct Event {
            bytes: Vec<u8>,
            error: Option<String>,
            at: Option<u64>,
        }
        let error = serde_json::from_slice::<Event>(line).unwrap_err().to_string();
        crate::model::json::error::plain(&error)
    }

    fn check(line: &Value, expected: &Value) {
        let line = line.to_string();
        for piece in [1, 7, line.len()] {
            let kept = squeezed(line.as_bytes(), piece).unwrap();
            assert!(kept.len() < 200_000, "{}", kept.len());
            assert_eq!(&serde_json::from_slice::<Value>(&kept).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_long_and_of_no_use_is_left_out() {
        let bytes = || vec![7_u8; 100_000];
        let payload =
            |bytes: Vec<u8>| json!({"payload": {"bytes": bytes, "content_type": "x"}, "id": "[1,2"});
        check(&payload(bytes()), &payload(Vec::new()));
        check(&payload(vec![255; 20]), &payload(vec![255; 20]));
        check(
            &json!({"output": bytes(), "timestamp": 5, "data": [1, 2]}),
            &json!({"output": null, "timestamp": 5, "data": [1, 2]}),
        );
        check(
            &json!({"a": [{"output": {"Inline": {"bytes": bytes(), "hash": "}\"\\"}}, "b": bytes()}]}),
            &json!({"a": [{"output": null, "b": []}]}),
        );
        check(&json!({"output": null, "list": bytes()}), &json!({"output": null, "list": []}));
        let long = format!("{}{}", "a".repeat(TEXT - 1), "é".repeat(9));
        let cut = format!("{}…", "a".repeat(TEXT - 1));
        check(&json!({"error": long, "at": 5}), &json!({"error": cut, "at": 5}));
    }

    #[test]
    fn a_fault_of_a_long_line_is_told_as_that_of_a_short_one() {
        let list = |number: &str| format!("{{\"bytes\":[{}{number}]}}", "1,".repeat(60_000));
        let long = "x".repeat(100_000);
        for line in [
            list("256"),
            list("3000"),
            list("01"),
            list("-1"),
            list("0.5"),
            list("\"x\""),
            list(""),
            list("1,,1"),
            list("1 1"),
            list("1,[2]"),
            list("1,null"),
            list("é"),
            list("256").replace("[1,", "[1,300,"),
            list("0") + "}",
            list("0") + " x",
            list("0").trim_end_matches('}').to_owned(),
            list("0").trim_end_matches("]}").to_owned(),
            list("0,").trim_end_matches("]}").to_owned(),
            list("0 ").trim_end_matches("]}").to_owned(),
            list("0").replace('}', ",\"at\":-1}"),
            list("0").replace('}', ",\"at\" 1}"),
            list("0").replace('}', &format!(",\"error\":\"{long}\",\"at\":null")),
            list("0").replace('}', &format!(",\"error\":\"{long}\",\"at\":x}}")),
            list("0").replace('}', &format!(",\"error\":\"{long}")),
            format!("  {}", list("256")),
            format!("{{\"error\":\"{long}\"}}"),
        ] {
            for piece in [1, 1000, line.len()] {
                let kept = kept(line.as_bytes(), piece).unwrap();
                assert!(kept.text.len() < 200_000);
                assert_eq!(
                    kept.reason(&said(&kept.text)),
                    said(line.as_bytes()),
                    "{}",
                    &line[line.len() - 12..]
                );
            }
        }
        assert!(squeezed(list("0").as_bytes(), 1000).is_some());
    }

    #[test]
    fn what_does_not_begin_as_an_event_or_is_too_long_without_its_lists_is_given_up() {
        let list = format!("{{\"bytes\":[{}0]}}", "1,".repeat(60_000));
        assert_eq!(squeezed(&list.as_bytes()[1..], 1000), None);
        assert_eq!(squeezed(b"x{\"a\":[]}", 3), None);
        for before in ["", " ", "\t\u{1e}", "\u{1e}  "] {
            assert!(squeezed((before.to_owned() + &list).as_bytes(), 1000).is_some(), "{before:?}");
        }
        assert_eq!(squeezed("x".repeat(2 << 20).as_bytes(), 4096), None);
        assert_eq!(squeezed(format!("{{\"a\":{}}}", "[],".repeat(1 << 20)).as_bytes(), 4096), None);
    }

    proptest! {
        /// A text is cut between two characters, however they are written.
        #[test]
        fn a_cut_text_is_a_beginning_of_the_whole(
            before in 0_usize..20,
            parts in prop::collection::vec(prop::sample::select(vec!["\\ud83d\\ude00", "\\n", "\\\\", "é", "a", "\\u00e9"]), 1..9),
        ) {
            let text = "x".repeat(before) + &parts.concat().repeat(TEXT / 4);
            let line = format!("{{\"error\":\"{text}\"}}");
            let kept: Value = serde_json::from_slice(&squeezed(line.as_bytes(), 1000).unwrap()).unwrap();
            let whole: Value = serde_json::from_str(&line).unwrap();
            let kept = kept["error"].as_str().unwrap();
            let whole = whole["error"].as_str().unwrap();
            prop_assert!(kept == whole || whole.starts_with(kept.strip_suffix('…').unwrap()));
        }
    }
}
