//! A line that is too long to be kept, without what makes it long and is of no use: the bytes of a payload, the end of a
//! long text.
//!
//! Long lists of bytes are left out as they come, so that of a line of any length only the rest is held. An `output` with
//! such a list becomes `null`: it is not known. Texts are kept up to a bound, and end in `…`. Whatever is no JSON of an
//! event's kind is given up.

/// The longest text that is kept whole, in bytes.
const TEXT: usize = 64 << 10;
/// The longest list of numbers that is kept whole, in bytes.
const LIST: usize = 64 << 10;
/// What a text ends with that was cut.
const CUT: &[u8] = "…".as_bytes();
/// What RFC 7464 puts before each record.
const RECORD: u8 = 0x1e;
/// The longest line that is looked through: a gigabyte.
pub(super) const LONGEST: u64 = 1 << 30;

/// A long line, as far as it came.
#[derive(Debug)]
pub(super) struct Squeeze {
    kept: Vec<u8>,
    /// The most bytes that are kept.
    most: usize,
    state: State,
    /// Open objects and lists.
    depth: usize,
    /// Where the last text stands in `kept`, without its quotes.
    last_text: (usize, usize),
    /// Where the list begins that is open and of numbers alone so far.
    list_at: Option<usize>,
    /// Where the value of an `output` begins that is open, and how deep it stands.
    output: Option<(usize, usize)>,
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
        is_output: bool,
    },
    /// In a value that is left out, so deep in it.
    Value {
        depth: usize,
        in_text: bool,
        is_escaped: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    None,
    Begun,
    /// So many digits are to come, behind those that make this number.
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
    pub(super) fn new(most: usize) -> Self {
        Self {
            kept: Vec::new(),
            most,
            state: State::Outside,
            depth: 0,
            last_text: (0, 0),
            list_at: None,
            output: None,
            is_lost: false,
        }
    }

    /// Takes in the next bytes.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let mut rest = bytes.iter();
        while !self.is_lost
            && let Some(byte) = rest.next()
        {
            // Checked before, so that what is kept is not moved to where there is room for twice as much.
            if self.kept.len() >= self.most {
                self.lose();
            } else {
                self.take(*byte);
            }
        }
    }

    /// What is kept of the whole line, unless it was given up.
    pub(super) fn finish(mut self) -> Option<Vec<u8>> {
        if self.kept.last() == Some(&b'\r') {
            self.kept.pop();
        }
        (!self.is_lost && self.state == State::Outside && self.depth == 0 && !self.kept.is_empty())
            .then_some(self.kept)
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
        }
    }

    fn outside(&mut self, byte: u8) {
        match byte {
            // What may stand before an event, and is read over.
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
                let Some(depth) = self.depth.checked_sub(1) else { return self.lose() };
                self.depth = depth;
                self.list_at = None;
            }
            b':' => {
                let (from, to) = self.last_text;
                if self.kept.get(from..to) == Some(b"output") && self.output.is_none() {
                    self.output = Some((self.kept.len() + 1, self.depth));
                }
                self.list_at = None;
            }
            b'0'..=b'9' | b',' | b' ' | b'\t' => (),
            _ => self.list_at = None,
        }
        // The value of an output ends with what ends it.
        if self.output.is_some_and(|(_, depth)| self.depth < depth || (byte == b',' && self.depth == depth)) {
            self.output = None;
        }
        self.kept.push(byte);
        if let Some(at) = self.list_at
            && self.kept.len() - at > LIST
        {
            self.leave_out(at);
        }
    }

    /// Leaves the list out that begins there in `kept`.
    fn leave_out(&mut self, at: usize) {
        let list = self.kept.split_off(at + 1);
        let is_output = self.output.is_some();
        self.list_at = None;
        self.state = State::Bytes { number: 0, last: Piece::Comma, is_output };
        for byte in list {
            if self.is_lost {
                return;
            }
            self.in_bytes(byte);
        }
    }

    fn in_bytes(&mut self, byte: u8) {
        let State::Bytes { number, last, is_output } = self.state else { return };
        let next = match (byte, last) {
            // A number of several digits does not begin with a zero.
            (b'0'..=b'9', Piece::Digit) if number > 0 => {
                Some((number * 10 + u16::from(byte - b'0'), Piece::Digit))
            }
            (b'0'..=b'9', Piece::Comma) => Some((u16::from(byte - b'0'), Piece::Digit)),
            (b' ' | b'\t', Piece::Comma) => Some((number, Piece::Comma)),
            (b' ' | b'\t', _) => Some((number, Piece::Blank)),
            (b',', Piece::Digit | Piece::Blank) => Some((0, Piece::Comma)),
            (b']', Piece::Digit | Piece::Blank) => return self.end_bytes(is_output),
            _ => None,
        };
        match next {
            Some((number, last)) if number <= u16::from(u8::MAX) => {
                self.state = State::Bytes { number, last, is_output };
            }
            // No list of bytes: the engine would not read it either.
            _ => self.lose(),
        }
    }

    fn end_bytes(&mut self, is_output: bool) {
        self.depth -= 1;
        self.state = State::Outside;
        let Some((at, depth)) = self.output.filter(|_| is_output) else {
            self.kept.push(b']');
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
            self.kept.push(b'"');
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
            self.kept.push(byte);
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

    fn squeezed(line: &[u8], piece: usize) -> Option<Vec<u8>> {
        let mut squeeze = Squeeze::new(1 << 20);
        line.chunks(piece).for_each(|bytes| squeeze.add(bytes));
        squeeze.finish()
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
    fn what_an_engine_could_not_read_is_given_up() {
        let list = |number: &str| format!("{{\"bytes\":[{}{number}]}}", "1,".repeat(60_000));
        for line in [
            list("256"),
            list("01"),
            list("-1"),
            list("\"x\""),
            list(""),
            list("1,,1"),
            list("1")[1..].to_owned(),
        ] {
            assert_eq!(squeezed(line.as_bytes(), 1000), None, "{}", &line[line.len() - 9..]);
        }
        assert!(squeezed(list("0").as_bytes(), 1000).is_some());
        assert_eq!(squeezed(b"{\"a\":[1,2", 3), None);
        assert_eq!(squeezed(b"x{\"a\":[]}", 3), None);
        for before in ["", " ", "\t\u{1e}", "\u{1e}  "] {
            assert!(squeezed((before.to_owned() + &list("0")).as_bytes(), 1000).is_some(), "{before:?}");
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
