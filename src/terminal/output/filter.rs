//! The bytes that may reach the terminal: visible characters, and the sequences that runwatch itself has a use for.
//!
//! The filter for all that is written, so that the terminal obeys no text. It is
//! a list of what is allowed: what is not on it is refused. Must not know what a screen shows.

use std::borrow::Cow;
use std::fmt;

use crate::model::text;
use crate::terminal::modes;
use crate::terminal::order;

/// No sequence but an order is longer.
const MAX_SEQUENCE_BYTES: usize = 64;

/// Filtered bytes, and the first that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilteredBytes<'a> {
    /// Bytes that may be written. Each byte that may not is a `?`.
    pub bytes: Cow<'a, [u8]>,
    /// The first that may not.
    pub breach: Option<Breach>,
}

/// A byte that may not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// Place of the byte.
    pub at: usize,
    /// It, and what comes after it.
    pub bytes: Vec<u8>,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {} was not for the terminal: {}", self.at, self.bytes.escape_ascii())
    }
}

/// Looks through a whole frame, or a whole order: nothing in it goes on in the next one.
#[must_use]
pub fn sift(bytes: &[u8]) -> FilteredBytes<'_> {
    let mut pieces = Pieces::new(bytes);
    let mut sifted = FilteredBytes { bytes: Cow::Borrowed(bytes), breach: None };
    while let Some(piece) = pieces.next() {
        if !piece.is_allowed {
            let bytes = sifted.bytes.to_mut();
            bytes[piece.at..pieces.at].fill(b'?');
            sifted.breach.get_or_insert_with(|| {
                let until = pieces.bytes.len().min(piece.at + MAX_SEQUENCE_BYTES);
                Breach { at: piece.at, bytes: pieces.bytes[piece.at..until].to_vec() }
            });
        }
    }
    sifted
}

/// Where the character or the sequence ends that `at` is inside of; `at` itself if it is inside of none. The bytes have
/// been sifted.
#[must_use]
pub(in crate::terminal) fn boundary(bytes: &[u8], at: usize) -> usize {
    let mut pieces = Pieces::new(bytes);
    while pieces.at < at && pieces.next().is_some() {}
    // Plain characters are one piece, and each of them is whole.
    if pieces.plain { at } else { pieces.at.max(at) }
}

/// Bytes, cut into characters and sequences; plain characters in one piece as far as they go.
struct Pieces<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The last piece was of plain characters.
    plain: bool,
    /// Number of marks on the last character, if it can carry marks.
    marks: Option<usize>,
    /// The last character, and how often a joiner has gone on with what it belongs to.
    last: Option<char>,
    joiners: usize,
}

struct Piece {
    at: usize,
    is_allowed: bool,
}

impl<'a> Pieces<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, plain: false, marks: None, last: None, joiners: 0 }
    }

    fn next(&mut self) -> Option<Piece> {
        let at = self.at;
        let rest = &self.bytes[at..];
        let first = *rest.first()?;
        self.plain = is_plain(first);
        if self.plain {
            self.at += rest.iter().take_while(|byte| is_plain(**byte)).count();
            self.marks = Some(0);
            (self.last, self.joiners) = (Some(char::from(self.bytes[self.at - 1])), 0);
            return Some(Piece { at, is_allowed: true });
        }
        let length = match first {
            b'\x1b' => sequence(rest),
            b'\x07' => Some(1),
            0x80.. => self.character(rest),
            _ => None,
        };
        if first < 0x80 || length.is_none() {
            (self.marks, self.last) = (None, None);
        }
        self.at += length.unwrap_or(1);
        Some(Piece { at, is_allowed: length.is_some() })
    }

    /// Returns the length of a character of more than one byte, if it may be shown in its place.
    fn character(&mut self, rest: &[u8]) -> Option<usize> {
        let length = match rest[0] {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            _ => 4,
        };
        let c = std::str::from_utf8(rest.get(..length)?).ok()?.chars().next()?;
        let before = self.last.replace(c);
        if text::is_joiner(c) {
            self.joiners += 1;
            return (self.joiners <= text::JOINERS && text::may_follow(c, before?)).then_some(length);
        }
        if !text::is_visible(c) {
            return None;
        }
        if text::is_mark(c) {
            let marks = self.marks? + 1;
            self.marks = Some(marks);
            return (marks <= text::MARKS).then_some(length);
        }
        self.marks = Some(0);
        if !before.is_some_and(text::is_joiner) {
            self.joiners = 0;
        }
        Some(length)
    }
}

const fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// The length of a sequence that runwatch has a use for.
fn sequence(rest: &[u8]) -> Option<usize> {
    match rest.get(1)? {
        b'[' => control(rest),
        b']' => order(rest),
        _ => None,
    }
}

/// Goes to a place, changes how text looks, erases, or sets one of our modes.
fn control(rest: &[u8]) -> Option<usize> {
    let parameters =
        rest[2..].iter().take(MAX_SEQUENCE_BYTES).take_while(|byte| matches!(byte, b'0'..=b'?')).count();
    let end = 2 + parameters;
    let is_of = |allowed: &[u8]| rest[2..end].iter().all(|byte| allowed.contains(byte));
    let is_allowed = match rest.get(end)? {
        b'H' | b'm' => is_of(b"0123456789;"),
        b'J' | b'K' => parameters <= 1 && is_of(b"012"),
        b'h' | b'l' => modes::is_ours(&rest[..=end]),
        _ => false,
    };
    is_allowed.then_some(end + 1)
}

/// Copies, or shows a notice.
fn order(rest: &[u8]) -> Option<usize> {
    let (start, end) = (order::COPY, order::END);
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    if let Some(payload) = rest.strip_prefix(start.as_bytes()) {
        let length = payload.iter().take_while(|byte| is_base64(byte)).count();
        return payload[length..].starts_with(end.as_bytes()).then_some(start.len() + length + end.len());
    }
    let start = order::NOTICE;
    let payload = rest.strip_prefix(start.as_bytes())?;
    let length = payload.iter().take(order::LONGEST_NOTICE).position(|byte| *byte == b'\x1b')?;
    let is_shown =
        std::str::from_utf8(&payload[..length]).is_ok_and(|text| text.chars().all(text::is_visible));
    (is_shown && payload[length..].starts_with(end.as_bytes())).then_some(start.len() + length + end.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::Terminal;
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Modifier, Style};
    use ratatui::text::{Line, Span};
    use ratatui::widgets::{Block, Paragraph};
    use ratatui::{TerminalOptions, Viewport};

    use super::*;
    use crate::terminal::output::diff_backend::DiffBackend;

    #[test]
    fn what_runwatch_says_to_a_terminal_passes_as_it_is() {
        let copied = order::copy("é\n\x1b[31m").unwrap();
        let notice = order::notice("2 runs came to answer state:Failed é");
        for text in [
            "",
            "plain ~!",
            "é ▌ │ 日本 e\u{301}\u{302}",
            "❤\u{fe0f}👩🏻\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}👨🏿 1\u{fe0f}\u{20e3} می\u{200c}خ क्\u{200d}ष",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} ❤\u{fe0e}",
            "\x07",
            "\x1b[12;80H\x1b[38;5;12m\x1b[48;2;1;2;3m\x1b[0m\x1b[2J\x1b[K",
            "\x1b[?1049h\x1b[?1006l\x1b[?25l",
            &copied,
            &notice,
        ] {
            let sifted = sift(text.as_bytes());
            assert_eq!((&*sifted.bytes, sifted.breach), (text.as_bytes(), None), "{text:?}");
        }
    }

    /// Each would move, hide, ask, name or obey something.
    #[test]
    fn what_a_log_could_say_to_a_terminal_is_refused() {
        for (bytes, left) in [
            (&b"a\x1bb"[..], "a?b"),
            (b"\x1b", "?"),
            (b"\x1b[", "?["),
            (b"\x1b[31", "?[31"),
            (b"\x1b[6n", "?[6n"),
            (b"\x1b[c", "?[c"),
            (b"\x1b[?1000h", "?[?1000h"),
            (b"\x1b[?1049;2004h", "?[?1049;2004h"),
            (b"\x1b[>0q", "?[>0q"),
            (b"\x1b[3J", "?[3J"),
            (b"\x1b[5A", "?[5A"),
            (b"\x1b[?1m", "?[?1m"),
            (b"\x1bc", "?c"),
            (b"\x1b]0;title\x07", "?]0;title\x07"),
            (b"\x1b]8;;http://x\x1b\\y", "?]8;;http://x?\\y"),
            (b"\x1b]52;c;?\x1b\\", "?]52;c;??\\"),
            (b"\x1b]52;c;YQ==", "?]52;c;YQ=="),
            (b"\x1b]9;4;1;50\x1b\\", "?]9;4;1;50?\\"),
            (b"\x1b]9;runwatch: \x07\x1b\\", "?]9;runwatch: \x07?\\"),
            (b"\x1bP+q\x1b\\", "?P+q?\\"),
            (b"\r\n\t\0\x7f\x08", "??????"),
            (b"\xff\xc3", "??"),
            (b"\xc2\x9b31m", "??31m"),
            ("\u{202e}".as_bytes(), "???"),
            ("\u{200b}".as_bytes(), "???"),
            ("a\u{200d}".as_bytes(), "a???"),
            ("\u{200c}ی".as_bytes(), "???ی"),
            ("❤\x1b[m\u{fe0f}".as_bytes(), "❤\x1b[m???"),
            ("❤\u{fe0f}\u{fe0f}".as_bytes(), "❤\u{fe0f}???"),
            ("a\u{fe0f}".as_bytes(), "a???"),
            ("a\u{fe0e}".as_bytes(), "a???"),
            ("a\u{e0067}".as_bytes(), "a????"),
            ("🏴\u{e007f}".as_bytes(), "🏴????"),
            ("\u{301}".as_bytes(), "??"),
            ("a\x1b[m\u{301}".as_bytes(), "a\x1b[m??"),
            ("a\u{301}\u{301}\u{301}".as_bytes(), "a\u{301}\u{301}??"),
        ] {
            let sifted = sift(bytes);
            assert_eq!(
                String::from_utf8_lossy(&sifted.bytes),
                left,
                "{:?}",
                bytes.escape_ascii().to_string()
            );
            let breach = sifted.breach.unwrap();
            assert_eq!(bytes[breach.at..][..breach.bytes.len()], breach.bytes);
            assert!(breach.to_string().contains("was not for the terminal"));
        }
    }

    #[test]
    fn what_is_cut_is_cut_between_characters_and_sequences() {
        let text = "ab\x1b[31mé\x1b]52;c;YQ==\x1b\\".as_bytes();
        for (at, expected) in
            [(0, 0), (1, 1), (2, 2), (3, 7), (6, 7), (7, 7), (8, 9), (9, 9), (10, 22), (22, 22)]
        {
            assert_eq!(boundary(text, at), expected, "{at}");
        }
    }

    /// The bytes by which a terminal is told of two screens, one after the other.
    fn drawn(texts: [&str; 2], width: u16) -> Vec<u8> {
        let mut written = Vec::new();
        let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, width, 4)) };
        let mut terminal = Terminal::with_options(DiffBackend::new(&mut written), options).unwrap();
        for text in texts {
            let color =
                Style::new().fg(Color::Indexed(12)).bg(Color::Rgb(1, 2, 3)).add_modifier(Modifier::all());
            terminal
                .draw(|frame| {
                    let spans =
                        Line::from_iter(text.split(' ').map(|word| Span::styled(text::clean(word), color)));
                    let block = Block::bordered().title(text).title_bottom(spans.clone());
                    frame.render_widget(
                        Paragraph::new(vec![Line::raw(text), spans]).block(block),
                        frame.area(),
                    );
                })
                .unwrap();
        }
        drop(terminal);
        written
    }

    /// Any text, with what is awkward to draw more often than chance would bring it.
    fn texts() -> impl Strategy<Value = String> {
        let awkward = "[\x00-\x1f\x7f\u{80}-\u{9f}\u{200b}-\u{206f}\u{300}-\u{303}\u{644}\u{627}ก-๛ក-៹ᄀ-ᇿ仕a-c 🇦-🇿👍\u{fe0f}❤👩💻🏽یخद्क1\u{20e3}\u{fe0e}🏴\u{e0062}\u{e0065}\u{e0067}\u{e006e}\u{e007f}]{0,24}";
        prop_oneof![any::<String>(), awkward.prop_map(String::from)]
    }

    proptest! {
        /// A clean text is never in breach, wherever it is drawn and however it is cut there.
        #[test]
        fn a_clean_text_on_any_widget_passes(one in texts(), other in texts(), width in 1_u16..30) {
            let (one, other) = (text::clean(&one), text::clean(&other));
            let written = drawn([&one, &other], width);
            prop_assert_eq!(sift(&written).breach, None);
        }

        /// Any input passes once it is filtered, is as long, and holds no other byte.
        #[test]
        fn what_is_left_of_anything_passes(bytes in any::<Vec<u8>>()) {
            let sifted = sift(&bytes);
            prop_assert_eq!(sifted.breach.is_none(), *sifted.bytes == *bytes);
            prop_assert_eq!(sifted.bytes.len(), bytes.len());
            prop_assert_eq!(sift(&sifted.bytes).breach, None);
        }
    }
}
