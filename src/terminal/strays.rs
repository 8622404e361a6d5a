//! An answer of the terminal that comes too late, kept from becoming keys.
//!
//! The answer to a question for a color is `ESC ] 11 ; rgb:0000/0000/0000 ESC \`. Whoever reads keys takes it for
//! Alt-], digits, letters and Alt-\; letters that would go to other rows, or open a question.

use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

/// How late an answer may be.
const LATEST: Duration = Duration::from_secs(10);

/// The pieces of an answer come one after the other; a longer pause is its end.
const PAUSE: Duration = Duration::from_secs(1);

/// No answer is longer, in keys.
const LONGEST: u8 = 64;

/// What may still come.
#[derive(Debug)]
pub struct Strays(State);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing but keys.
    None,
    /// One answer, soon.
    Expected { until: Instant },
    /// The rest of it.
    Within { n_keys: u8, at: Instant, after_escape: bool },
}

/// A piece of an answer.
enum Piece {
    Begin,
    Inner,
    Escape,
    End,
}

impl Strays {
    /// Nothing is expected.
    #[must_use]
    pub const fn none() -> Self {
        Self(State::None)
    }

    /// One answer is.
    #[must_use]
    pub fn expected() -> Self {
        Self(State::Expected { until: Instant::now() + LATEST })
    }

    /// Whether an event that was read now is a piece of the answer, and no key.
    pub(super) fn takes(&mut self, event: &Event, now: Instant) -> bool {
        let piece = if let Event::Key(key) = event { piece(key) } else { None };
        let (next, is_taken) = match (self.0, piece) {
            (State::Expected { until }, _) if now > until => (State::None, false),
            (State::Expected { .. }, Some(Piece::Begin)) => {
                (State::Within { n_keys: 1, at: now, after_escape: false }, true)
            }
            (State::Within { n_keys, at, .. }, Some(_)) if n_keys >= LONGEST || now > at + PAUSE => {
                (State::None, false)
            }
            (State::Within { .. }, Some(Piece::End)) => (State::None, true),
            // Its last two bytes may be read apart.
            (State::Within { after_escape: true, .. }, _) if is_backslash(event) => (State::None, true),
            (State::Within { n_keys, .. }, Some(piece)) => {
                let after_escape = matches!(piece, Piece::Escape);
                (State::Within { n_keys: n_keys + 1, at: now, after_escape }, true)
            }
            (State::Within { .. }, None) => (State::None, false),
            (state, _) => (state, false),
        };
        self.0 = next;
        is_taken
    }
}

fn piece(key: &KeyEvent) -> Option<Piece> {
    match (key.code, key.modifiers.difference(KeyModifiers::SHIFT)) {
        (KeyCode::Char(']'), KeyModifiers::ALT) => Some(Piece::Begin),
        (KeyCode::Char('\\'), KeyModifiers::ALT) => Some(Piece::End),
        // The bell, by which some terminals end what they say.
        (KeyCode::Char('g'), KeyModifiers::CONTROL) => Some(Piece::End),
        (KeyCode::Esc, _) => Some(Piece::Escape),
        (KeyCode::Char(c), KeyModifiers::NONE) if c.is_ascii_hexdigit() || "rgb:/;#".contains(c) => {
            Some(Piece::Inner)
        }
        _ => None,
    }
}

fn is_backslash(event: &Event) -> bool {
    matches!(event, Event::Key(KeyEvent { code: KeyCode::Char('\\'), .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys that a row of bytes is read as, as crossterm reads them.
    fn events(text: &str) -> Vec<Event> {
        let mut modifiers = KeyModifiers::NONE;
        let mut events = Vec::new();
        for c in text.chars() {
            let (code, more) = match c {
                '\x1b' => {
                    modifiers = KeyModifiers::ALT;
                    continue;
                }
                '\x07' => (KeyCode::Char('g'), KeyModifiers::CONTROL),
                // An escape that was read alone.
                '^' => (KeyCode::Esc, KeyModifiers::NONE),
                c => (KeyCode::Char(c), KeyModifiers::NONE),
            };
            events.push(Event::Key(KeyEvent::new(code, modifiers | more)));
            modifiers = KeyModifiers::NONE;
        }
        events
    }

    /// What is left of a row of bytes as keys.
    fn left(mut strays: Strays, text: &str) -> String {
        let now = Instant::now();
        let kept = events(text).into_iter().filter(|event| !strays.takes(event, now));
        kept.map(|event| match event {
            Event::Key(KeyEvent { code: KeyCode::Char(c), .. }) => c,
            _ => '^',
        })
        .collect()
    }

    #[test]
    fn a_late_answer_is_no_key_and_everything_else_is() {
        for (text, expected) in [
            ("\x1b]11;rgb:1d1d/1F1f/2121\x1b\\", ""),
            ("\x1b]11;rgb:ffff/ffff/ffff\x07", ""),
            ("\x1b]11;rgb:ffff/ffff/ffff^\\", ""),
            ("gj\x1b]11;rgb:ffff/ffff/ffff\x1b\\gb", "gjgb"),
            // One question has one answer.
            ("\x1b]11;#ffffff\x07\x1b]b", "]b"),
            // Somebody typed into it.
            ("\x1b]11;rgjb", "jb"),
            ("gb11;:/", "gb11;:/"),
            ("\x1bx", "x"),
        ] {
            assert_eq!(left(Strays::expected(), text), expected, "{text:?}");
        }
        assert_eq!(left(Strays::none(), "\x1b]11;rgb:ff\x1b\\"), "]11;rgb:ff\\");
    }

    #[test]
    fn nothing_is_swallowed_for_ever() {
        let endless = format!("\x1b]{}", "1".repeat(200));
        assert_eq!(left(Strays::expected(), &endless).len(), 201 - usize::from(LONGEST));
        let now = Instant::now();
        let [begin, inner] = [&events("\x1b]")[0], &events("g")[0]].map(Clone::clone);
        let mut strays = Strays::expected();
        assert!(!strays.takes(&begin, now + LATEST + PAUSE), "nothing is that late");
        let mut strays = Strays::expected();
        assert!(strays.takes(&begin, now) && strays.takes(&inner, now));
        assert!(!strays.takes(&inner, now + PAUSE + PAUSE), "a key after a pause");
    }
}
