//! Decoder of terminal input: cuts its bytes into keys, sequences and pastes, in any portions.
//!
//! A terminal sends more than keys: answers to questions of ours or of its owner before us, at any time. They
//! have the form of sequences, and so none of their letters becomes a key. What has no end is given up soon:
//! the keyboard is never swallowed for long. Must not know what a sequence means.

use std::borrow::Cow;
use std::time::{Duration, Instant};

/// An escape that nothing follows for so long is the key. Longer than any sequence is torn on its way through a terminal,
/// shorter than a user notices.
const ESCAPE_TIMEOUT: Duration = Duration::from_millis(50);

/// A sequence that does not go on for so long is none.
const SEQUENCE: Duration = Duration::from_millis(500);

/// A paste that does not go on for so long has lost its end.
const PASTE: Duration = Duration::from_millis(1500);

/// Longest time and length of a sequence, so that one that seemed to begin is over then.
const SEQUENCE_TIMEOUT: Duration = Duration::from_millis(1500);
const MAX_SEQUENCE_BYTES: usize = 4096;

/// No key has more bytes of parameters.
const LONGEST_OF_KEY: usize = 16;

/// Time after the start in which the rest of an answer may come whose beginning was read by another program.
const ANSWER_WINDOW: Duration = Duration::from_secs(10);

/// More of a paste is not kept.
const LONGEST_PASTE: usize = 1 << 20;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";
/// Prefix of the answer that gives the color of the background.
const BACKGROUND: &[u8] = b"\x1b]11;";

/// One decoded piece of input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum InputPiece {
    /// A character, which may be a control character; with Alt, or without.
    Character { c: char, alt: bool },
    /// A sequence: `ESC [`, parameters, a letter; or `ESC O` and a letter. With Alt, some terminals put one more `ESC` before
    /// it.
    Sequence(Vec<u8>),
    /// A text that was pasted.
    Paste(String),
    /// The color of the background, which the terminal was asked for.
    Background(Vec<u8>),
}

/// Bytes on their way to become pieces.
#[derive(Debug)]
pub(super) struct InputDecoder {
    bytes: Vec<u8>,
    /// When the first of them came, and the last one.
    since: Option<(Instant, Instant)>,
    /// Until then the rest of an answer may come.
    answers_until: Option<Instant>,
    /// Bytes that may be that rest, torn, and when they began to come.
    rest: Option<(Instant, Vec<u8>)>,
    /// Until then an answer may go on whose escape was taken for the key.
    escaped_until: Option<Instant>,
}

/// Limit on the wait for the rest of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Patience {
    Kept,
    Over,
}

/// State of the bytes at the front.
enum Front {
    /// This is a whole piece of this length; none, if it means nothing.
    Whole(usize, Option<InputPiece>),
    /// More is to come, within so long after the last byte; then it is this. The rest is looked at again.
    Torn(Duration, usize, Option<InputPiece>),
}

impl Default for InputDecoder {
    /// The terminal's owner before us may have asked it something, and may not have waited for the answer.
    fn default() -> Self {
        Self::after_question(Instant::now())
    }
}

impl InputDecoder {
    /// For a terminal that was asked nothing.
    #[cfg(test)]
    pub(super) const fn unasked() -> Self {
        Self { bytes: Vec::new(), since: None, answers_until: None, rest: None, escaped_until: None }
    }

    /// For a terminal that was asked something before, and whose answer may not have been waited for.
    pub(super) fn after_question(now: Instant) -> Self {
        let answers_until = now.checked_add(ANSWER_WINDOW);
        Self { bytes: Vec::new(), since: None, answers_until, rest: None, escaped_until: None }
    }

    /// Takes in what was read, and yields what is whole by now.
    pub(super) fn take(&mut self, bytes: &[u8], now: Instant) -> Vec<InputPiece> {
        let mut pieces = if self.rest.is_none() { self.expire(now) } else { Vec::new() };
        let Some(bytes) = self.without_rest(bytes, now) else { return pieces };
        self.bytes.extend_from_slice(&bytes);
        if self.bytes.starts_with(PASTE_BEGINS) && self.bytes.len() > 2 * LONGEST_PASTE {
            // Its end may have come in half.
            self.bytes.drain(LONGEST_PASTE + PASTE_BEGINS.len()..self.bytes.len() - PASTE_ENDS.len());
        }
        let since = self.since.map_or(now, |(first, _)| first);
        self.since = Some((since, now));
        self.cut(&mut pieces, now, Patience::Kept);
        pieces
    }

    /// Gives up what did not go on in time.
    pub(super) fn expire(&mut self, now: Instant) -> Vec<InputPiece> {
        let mut pieces = Vec::new();
        if let Some((_, keys)) = self.rest.take_if(|(since, _)| *since + ESCAPE_TIMEOUT <= now) {
            self.bytes = keys;
            self.since = Some((now, now));
            self.cut(&mut pieces, now, Patience::Kept);
        }
        if self.until().is_some_and(|until| until <= now) {
            self.cut(&mut pieces, now, Patience::Over);
        }
        pieces
    }

    /// When something is to be given up that has not gone on by then.
    pub(super) fn until(&self) -> Option<Instant> {
        if let Some((since, _)) = self.rest {
            return Some(since + ESCAPE_TIMEOUT);
        }
        let (first, last) = self.since?;
        match front(&self.bytes)? {
            Front::Torn(PASTE, ..) => Some(last + PASTE),
            Front::Torn(patience, ..) => Some((last + patience).min(first + SEQUENCE_TIMEOUT)),
            Front::Whole(..) => Some(last),
        }
    }

    /// Forgets the input from before another program owned the terminal.
    pub(super) fn forget(&mut self) {
        (self.since, self.rest, self.escaped_until) = (None, None, None);
        self.bytes.clear();
    }

    /// Returns the bytes without the rest of an answer; none while they may be a part of that.
    fn without_rest<'a>(&mut self, bytes: &'a [u8], now: Instant) -> Option<Cow<'a, [u8]>> {
        let is_within = |until: Option<Instant>| until.is_some_and(|until| now <= until);
        let is_first = self.bytes.is_empty() || self.rest.is_some();
        let is_escaped = is_first && is_within(self.escaped_until);
        let may_come = is_first && is_within(self.answers_until);
        if !is_escaped && !may_come && self.rest.is_none() {
            return Some(Cow::Borrowed(bytes));
        }
        let (since, mut read) = self.rest.take().unwrap_or((now, Vec::new()));
        read.extend_from_slice(bytes);
        let rest = match if is_escaped { after_escape(&read) } else { Rest::Other } {
            Rest::Other if may_come => rest_of_answer(&read),
            rest => rest,
        };
        match rest {
            Rest::Answer => read.insert(0, ESC),
            Rest::Whole(length) => drop(read.drain(..length)),
            Rest::Torn if now < since + ESCAPE_TIMEOUT => {
                self.rest = Some((since, read));
                return None;
            }
            Rest::Torn | Rest::Other => (),
        }
        self.escaped_until = None;
        Some(Cow::Owned(read))
    }

    fn cut(&mut self, pieces: &mut Vec<InputPiece>, now: Instant, patience_is: Patience) {
        while let Some(front) = front(&self.bytes) {
            let (first, last) = self.since.unwrap_or((now, now));
            let (length, piece) = match front {
                Front::Whole(length, piece) => (length, piece),
                Front::Torn(patience, length, piece) => {
                    // A user who types all the while would keep a sequence alive that has no end.
                    let is_long = patience != PASTE && first + SEQUENCE_TIMEOUT <= now;
                    let is_over = patience_is == Patience::Over && last + patience <= now;
                    if !is_over && !is_long {
                        break;
                    }
                    (
                        length,
                        if patience == PASTE { pasted(&self.bytes[PASTE_BEGINS.len()..]) } else { piece },
                    )
                }
            };
            if patience_is == Patience::Over && self.bytes == [ESC] {
                self.escaped_until = Some(now + SEQUENCE_TIMEOUT);
            }
            self.bytes.drain(..length);
            pieces.extend(piece);
            // What comes next has begun with the last read at the latest.
            self.since = Some((last, last));
        }
        if self.bytes.is_empty() {
            self.since = None;
        }
    }
}

/// The piece that the bytes begin with; none of no bytes.
fn front(bytes: &[u8]) -> Option<Front> {
    let first = *bytes.first()?;
    if first != ESC {
        return Some(character(bytes, false));
    }
    let escape = || Some(InputPiece::Character { c: '\x1b', alt: false });
    Some(match bytes.get(1) {
        None => Front::Torn(ESCAPE_TIMEOUT, 1, escape()),
        Some(&ESC) => match with_alt(bytes) {
            Some(piece) => piece,
            None => Front::Whole(1, escape()),
        },
        Some(b'[') if bytes.starts_with(PASTE_BEGINS) => paste(bytes),
        Some(b'[') => control(bytes),
        Some(b'O') => keypad(bytes),
        // What terminals answer begins with a digit, or with a sign that says whose answer it is.
        Some(&kind @ (b']' | b'P' | b'_' | b'^')) => match bytes.get(2) {
            None => Front::Torn(SEQUENCE, 2, alt(char::from(kind))),
            Some(b'0'..=b'9' | b'>' | b'!' | b'+' | b'$' | b'G' | b'l' | b'L' | b'|') => string(bytes),
            Some(_) => Front::Whole(2, alt(char::from(kind))),
        },
        Some(_) => character(bytes, true),
    })
}

/// `ESC O` and a letter; some terminals say before it what was held.
fn keypad(bytes: &[u8]) -> Front {
    let end = 2 + bytes[2..].iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b';')).count();
    match bytes.get(end) {
        None if end < MAX_SEQUENCE_BYTES => Front::Torn(SEQUENCE, 2, alt('O')),
        Some(b'A'..=b'Z' | b'a'..=b'z') if end == 2 => Front::Whole(3, sequence(&bytes[..3])),
        Some(b'A'..=b'D' | b'F' | b'H' | b'P'..=b'S') => Front::Whole(end + 1, sequence(&bytes[..=end])),
        _ => Front::Whole(2, alt('O')),
    }
}

/// A key with Alt, where that is an escape before its sequence; none if it is the escape key, and something else after it.
fn with_alt(bytes: &[u8]) -> Option<Front> {
    let own = &bytes[1..];
    let front = match own.get(1) {
        None => Front::Torn(ESCAPE_TIMEOUT, 1, None),
        Some(b'[') => {
            // An answer, the mouse or a paste is no key.
            let parameters = own[2..].iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b';')).count();
            match own.get(2 + parameters) {
                None if parameters <= LONGEST_OF_KEY => Front::Torn(SEQUENCE, 1, None),
                Some(
                    b'A'..=b'D' | b'a'..=b'd' | b'F' | b'H' | b'P' | b'Q' | b'S' | b'Z' | b'^' | b'@' | b'$',
                ) => control(own),
                Some(b'~') if parameters <= 2 || own[2..2 + parameters].contains(&b';') => control(own),
                _ => return None,
            }
        }
        Some(b'O') => keypad(own),
        _ => return None,
    };
    Some(match front {
        Front::Whole(length, Some(InputPiece::Sequence(_))) => {
            Front::Whole(length + 1, sequence(&bytes[..=length]))
        }
        // If it does not go on, the escape is the key.
        Front::Torn(patience, ..) => {
            Front::Torn(patience, 1, Some(InputPiece::Character { c: '\x1b', alt: false }))
        }
        Front::Whole(..) => return None,
    })
}

#[allow(clippy::unnecessary_wraps, reason = "what is given up may be nothing, and this is something")]
fn sequence(bytes: &[u8]) -> Option<InputPiece> {
    Some(InputPiece::Sequence(bytes.to_vec()))
}

#[allow(clippy::unnecessary_wraps, reason = "what is given up may be nothing, and this is something")]
const fn alt(c: char) -> Option<InputPiece> {
    Some(InputPiece::Character { c, alt: true })
}

/// A character, after an escape where Alt was held.
fn character(bytes: &[u8], alt: bool) -> Front {
    let start = usize::from(alt);
    let length = match bytes[start] {
        0..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Front::Whole(start + 1, None),
    };
    let Some(encoded) = bytes.get(start..start + length) else {
        return Front::Torn(SEQUENCE, bytes.len(), None);
    };
    match std::str::from_utf8(encoded).ok().and_then(|text| text.chars().next()) {
        Some(c) => Front::Whole(start + length, Some(InputPiece::Character { c, alt })),
        None => Front::Whole(start + 1, None),
    }
}

/// Verdict on bytes that may be the rest of an answer.
enum Rest {
    /// It begins with that, which is so long.
    Whole(usize),
    /// It is an answer from its beginning on, but for the escape.
    Answer,
    /// It may be the beginning of that.
    Torn,
    /// It is not.
    Other,
}

/// Is true of an answer without its escape, which was taken for the key. These signs are not typed at one stroke.
fn after_escape(bytes: &[u8]) -> Rest {
    match bytes {
        [b']', b'0'..=b'9', ..] | [b'[', b'?' | b'>', b'0'..=b'9', ..] => Rest::Answer,
        [b']'] | [b'['] | [b'[', b'?' | b'>'] => Rest::Torn,
        _ => Rest::Other,
    }
}

/// Checks whether a read begins with the end of an answer: of a color, or of the kind of terminal. No user
/// types that, and what ends it, at one stroke.
fn rest_of_answer(bytes: &[u8]) -> Rest {
    let count = |inner: fn(&u8) -> bool| bytes.iter().take_while(|byte| inner(byte)).count();
    let color = count(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'/' | b':' | b';' | b'r' | b'g'));
    let numbers = count(|byte| matches!(byte, b'0'..=b'9' | b';' | b'?'));
    match (&bytes[color..], &bytes[numbers..]) {
        ([BEL, ..], _) if color > 0 => Rest::Whole(color + 1),
        ([ESC, b'\\', ..], _) => Rest::Whole(color + 2),
        (_, [b'c', ..]) if numbers > 0 => Rest::Whole(numbers + 1),
        ([] | [ESC], _) if color > 0 => Rest::Torn,
        (_, []) if numbers > 0 => Rest::Torn,
        _ => Rest::Other,
    }
}

/// `ESC [`, parameters, and a letter.
fn control(bytes: &[u8]) -> Front {
    // The console's function keys have a second bracket before the letter.
    let start = if bytes.get(2) == Some(&b'[') { 3 } else { 2 };
    let parameters = bytes[start..].iter().take_while(|byte| matches!(byte, b' '..=b'?')).count();
    let end = start + parameters;
    let digits = bytes[start..end].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits > 0 && bytes.get(start + digits) == Some(&b'$') {
        // rxvt tells Shift so.
        return Front::Whole(start + digits + 1, sequence(&bytes[..=start + digits]));
    }
    match bytes.get(end) {
        // The mouse of terminals that know no other way: three bytes that could be anything.
        Some(b'M') if end == 2 && bytes.len() < 6 => Front::Torn(SEQUENCE, bytes.len(), None),
        Some(b'M') if end == 2 => Front::Whole(6, None),
        Some(b'@'..=b'~') => Front::Whole(end + 1, sequence(&bytes[..=end])),
        None if end < MAX_SEQUENCE_BYTES => Front::Torn(SEQUENCE, end, None),
        // It was cut short, and something else has begun.
        _ => Front::Whole(end, None),
    }
}

/// `ESC ]` and the like, and a text up to its end: an answer, in any case.
fn string(bytes: &[u8]) -> Front {
    let is_inner = |byte: &u8| *byte != ESC && *byte != BEL;
    let end = 2 + bytes[2..].iter().take_while(|byte| is_inner(byte)).count();
    let answer = || Some(InputPiece::Background(bytes[..end].strip_prefix(BACKGROUND)?.to_vec()));
    match (bytes.get(end), bytes.get(end + 1)) {
        (Some(&ESC), Some(b'\\')) => Front::Whole(end + 2, answer()),
        (Some(&ESC), None) | (None, _) if end < MAX_SEQUENCE_BYTES => {
            Front::Torn(SEQUENCE, bytes.len(), None)
        }
        (Some(&BEL), _) => Front::Whole(end + 1, answer()),
        _ => Front::Whole(end, None),
    }
}

/// A pasted text, up to its end.
fn paste(bytes: &[u8]) -> Front {
    let text = &bytes[PASTE_BEGINS.len()..];
    match memchr::memmem::find(text, PASTE_ENDS) {
        Some(end) => Front::Whole(PASTE_BEGINS.len() + end + PASTE_ENDS.len(), pasted(&text[..end])),
        // What there is of it is made a text when it is given up, not each time that it is looked at.
        None => Front::Torn(PASTE, bytes.len(), None),
    }
}

fn pasted(text: &[u8]) -> Option<InputPiece> {
    let kept = &text[..text.len().min(LONGEST_PASTE)];
    Some(InputPiece::Paste(String::from_utf8_lossy(kept).into_owned()))
}
