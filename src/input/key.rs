//! A key: as the terminal tells it, as people write it, and as the screen calls it.
//!
//! Keys. Two that terminals cannot tell apart are one key here: Ctrl-m is Enter. Besides the terminal's own
//! files the only ones that know crossterm are this and the table of keys. Must not know what a key means.

use std::borrow::Cow;

use crokey::OneToThree;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::layout;

/// A key, with Ctrl and Alt or without. Letters are case-sensitive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    ctrl: bool,
    alt: bool,
}

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It names none.
    #[error("no key is called so")]
    Unknown,
    /// It names several at once.
    #[error("one key at a time")]
    Several,
    /// It wants a modifier that terminals keep to themselves.
    #[error("a terminal tells Ctrl and Alt only")]
    Modifier,
    /// It wants Shift with what has no other form.
    #[error("a terminal tells Shift with letters and Tab only: write the sign itself")]
    Shift,
    /// It wants Ctrl with what has no control character.
    #[error("a terminal tells Ctrl with letters and named keys only")]
    Ctrl,
}

/// Names of keys in a config file, besides letters and signs.
pub const NAMES: [&str; 16] = [
    "Enter",
    "Esc",
    "Tab",
    "Shift-Tab",
    "Space",
    "Backspace",
    "Delete",
    "Insert",
    "Up",
    "Down",
    "Left",
    "Right",
    "Home",
    "End",
    "PgUp",
    "PgDn",
];

pub(super) const fn key(code: KeyCode) -> Key {
    Key { code, ctrl: false, alt: false }
}

pub(super) const fn ch(c: char) -> Key {
    key(KeyCode::Char(c))
}

pub(super) const fn ctrl(c: char) -> Key {
    Key { code: KeyCode::Char(c), ctrl: true, alt: false }
}

/// A key with Alt.
pub(super) const fn alt(code: KeyCode) -> Key {
    Key { code, ctrl: false, alt: true }
}

/// A key with Ctrl that is no letter.
pub(super) const fn held(code: KeyCode) -> Key {
    Key { code, ctrl: true, alt: false }
}

impl Key {
    /// The key of an event. Shift is told by the letter itself; Super and the like mean nothing here.
    pub(super) fn of(event: &KeyEvent) -> Option<Self> {
        const TOLD: KeyModifiers = KeyModifiers::CONTROL.union(KeyModifiers::SHIFT).union(KeyModifiers::ALT);
        let mut ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let code = match event.code {
            // Some terminals tell Shift-Tab so.
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            // The caps lock is no reason not to quit, nor is another layout: most terminals tell Ctrl by the place.
            KeyCode::Char(c) if ctrl => KeyCode::Char(controlled(c)),
            code => code,
        };
        let code = match code {
            KeyCode::Char(c @ ('i' | 'm' | '[')) if ctrl => {
                ctrl = false;
                match c {
                    'i' => KeyCode::Tab,
                    'm' => KeyCode::Enter,
                    _ => KeyCode::Esc,
                }
            }
            code => code,
        };
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        TOLD.contains(event.modifiers).then_some(Self { code, ctrl, alt })
    }

    /// The letter or sign that it types, if it types one.
    #[must_use]
    pub const fn letter(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// The letter of another script that it types, if it types one.
    #[must_use]
    pub fn foreign(self) -> Option<char> {
        self.letter().filter(|letter| !letter.is_ascii() && letter.is_alphanumeric())
    }

    /// Returns the key at its place on an English keyboard, where it types a letter of another script.
    pub(super) fn at_place(self) -> Option<Self> {
        let KeyCode::Char(letter) = self.code else { return None };
        Some(Self { code: KeyCode::Char(layout::latin(letter)?), ..self })
    }

    /// The key that some terminals tell as this one, or that does the same elsewhere: Backspace as Ctrl-h, Enter as Ctrl-j,
    /// words by Alt or by Ctrl.
    pub(super) const fn twin(self) -> Option<Self> {
        Some(match (self.code, self.ctrl, self.alt) {
            (KeyCode::Char('h'), true, false) => key(KeyCode::Backspace),
            (KeyCode::Char('h'), true, true) | (KeyCode::Backspace, true, false) => alt(KeyCode::Backspace),
            (KeyCode::Char('j'), true, false) => key(KeyCode::Enter),
            (KeyCode::Left, false, true) => held(KeyCode::Left),
            (KeyCode::Right, false, true) => held(KeyCode::Right),
            // As in shells, where the caps lock does not matter to them.
            (KeyCode::Char(c @ ('B' | 'F' | 'D')), false, true) => alt(KeyCode::Char(c.to_ascii_lowercase())),
            (KeyCode::Delete, true, false) | (KeyCode::Delete, false, true) => alt(KeyCode::Char('d')),
            _ => return None,
        })
    }

    /// Returns true if users press it without a thought: to confirm a line, to go on, to get out.
    #[must_use]
    pub const fn is_reflex(self) -> bool {
        matches!(self.code, KeyCode::Enter | KeyCode::Esc | KeyCode::Char(' '))
    }

    /// Reads a key as people write it: `x`, `X`, `?`, `Ctrl-d`, `alt-x`, `F5`, `space`.
    ///
    /// # Errors
    /// When it names none that a terminal can tell.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut letters = text.chars();
        if let (Some(c), None) = (letters.next(), letters.next()) {
            return if c.is_control() { Err(KeyError::Unknown) } else { Ok(ch(c)) };
        }
        if let Some(key) = of_other_script(text) {
            return key;
        }
        let spelled = text.to_ascii_lowercase().replace("pgup", "pageup").replace("pgdn", "pagedown");
        let combination = crokey::parse(&spelled).map_err(|_| KeyError::Unknown)?;
        let OneToThree::One(mut code) = combination.codes else { return Err(KeyError::Several) };
        let modifiers = combination.modifiers;
        let (shift, ctrl) =
            (modifiers.contains(KeyModifiers::SHIFT), modifiers.contains(KeyModifiers::CONTROL));
        if let KeyCode::Char(c) = &mut code {
            // Lower case is all that the parser leaves of a letter.
            *c = text.chars().next_back().filter(|typed| typed.eq_ignore_ascii_case(c)).unwrap_or(*c);
            match *c {
                'a'..='z' | 'A'..='Z' if shift => *c = c.to_ascii_uppercase(),
                'a'..='z' | 'A'..='Z' => (),
                _ if shift => return Err(KeyError::Shift),
                '[' | ' ' | '4'..='7' => (),
                _ if ctrl => return Err(KeyError::Ctrl),
                _ => (),
            }
        } else if shift && !matches!(code, KeyCode::Tab | KeyCode::BackTab) {
            return Err(KeyError::Shift);
        }
        Self::of(&KeyEvent::new(code, modifiers)).ok_or(KeyError::Modifier)
    }

    /// Returns its name on the screen.
    #[must_use]
    pub fn label(self) -> Cow<'static, str> {
        let name: Cow<'static, str> = match self.code {
            KeyCode::Char(' ') => "Space".into(),
            KeyCode::Char(c) => c.to_string().into(),
            KeyCode::F(number) => format!("F{number}").into(),
            KeyCode::Enter => "Enter".into(),
            KeyCode::Esc => "Esc".into(),
            KeyCode::Tab => "Tab".into(),
            KeyCode::BackTab => "Shift-Tab".into(),
            KeyCode::Up => "Up".into(),
            KeyCode::Down => "Down".into(),
            KeyCode::Left => "Left".into(),
            KeyCode::Right => "Right".into(),
            KeyCode::Backspace => "Backspace".into(),
            KeyCode::Delete => "Delete".into(),
            KeyCode::Insert => "Insert".into(),
            KeyCode::Home => "Home".into(),
            KeyCode::End => "End".into(),
            KeyCode::PageUp => "PgUp".into(),
            KeyCode::PageDown => "PgDn".into(),
            _ => "?".into(),
        };
        match (self.ctrl, self.alt) {
            (false, false) => name,
            (true, false) => format!("Ctrl-{name}").into(),
            (false, true) => format!("Alt-{name}").into(),
            (true, true) => format!("Ctrl-Alt-{name}").into(),
        }
    }
}

/// The letter that a terminal tells with Ctrl: a small one, and that of the place on a keyboard for English.
fn controlled(letter: char) -> char {
    let mut small = letter.to_lowercase();
    let letter = small.next().filter(|_| small.next().is_none()).unwrap_or(letter);
    layout::latin(letter).filter(char::is_ascii_alphabetic).unwrap_or(letter)
}

/// A letter of another script behind modifiers, `Ctrl-я`: what reads the other keys knows Latin ones only.
fn of_other_script(text: &str) -> Option<Result<Key, KeyError>> {
    let (held, letter) = text.rsplit_once('-')?;
    let mut letters = letter.chars();
    let (Some(mut letter), None) = (letters.next(), letters.next()) else { return None };
    if letter.is_ascii() || !letter.is_alphanumeric() {
        return None;
    }
    let mut modifiers = KeyModifiers::NONE;
    for name in held.split('-') {
        modifiers |= match name.to_ascii_lowercase().as_str() {
            "ctrl" => KeyModifiers::CONTROL,
            "alt" => KeyModifiers::ALT,
            "shift" => {
                letter = layout::capital(letter);
                KeyModifiers::SHIFT
            }
            _ => return Some(Err(KeyError::Unknown)),
        };
    }
    Some(Key::of(&KeyEvent::new(KeyCode::Char(letter), modifiers)).ok_or(KeyError::Modifier))
}

/// Parses key presses for tests: letters as they are, others by their names in angle brackets.
#[cfg(test)]
pub(crate) fn typed(keys: &str) -> Vec<KeyEvent> {
    let mut presses = Vec::new();
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        let (code, length) = match rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            Some(("enter", _)) => (KeyCode::Enter, "<enter>".len()),
            Some(("esc", _)) => (KeyCode::Esc, "<esc>".len()),
            Some(("tab", _)) => (KeyCode::Tab, "<tab>".len()),
            Some(("space", _)) => (KeyCode::Char(' '), "<space>".len()),
            Some(("f2", _)) => (KeyCode::F(2), "<f2>".len()),
            Some(("home", _)) => (KeyCode::Home, "<home>".len()),
            Some(("up", _)) => (KeyCode::Up, "<up>".len()),
            Some(("end", _)) => (KeyCode::End, "<end>".len()),
            Some(("backspace", _)) => (KeyCode::Backspace, "<backspace>".len()),
            _ => (KeyCode::Char(c), c.len_utf8()),
        };
        presses.push(KeyEvent::new(code, KeyModifiers::NONE));
        rest = &rest[length..];
    }
    presses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_people_write_it_and_called_as_the_screen_does() {
        for (text, label) in [
            ("j", "j"),
            ("G", "G"),
            ("shift-g", "G"),
            ("ctrl-d", "Ctrl-d"),
            ("Ctrl-D", "Ctrl-d"),
            ("alt-x", "Alt-x"),
            ("alt-X", "Alt-X"),
            ("ctrl-alt-x", "Ctrl-Alt-x"),
            ("F5", "F5"),
            ("f12", "F12"),
            ("space", "Space"),
            ("ctrl-space", "Ctrl-Space"),
            (" ", "Space"),
            ("enter", "Enter"),
            ("ESC", "Esc"),
            ("pgup", "PgUp"),
            ("PageDown", "PgDn"),
            ("shift-tab", "Shift-Tab"),
            ("BackTab", "Shift-Tab"),
            ("alt-enter", "Alt-Enter"),
            ("-", "-"),
            ("minus", "-"),
            ("alt--", "Alt--"),
            ("+", "+"),
            ("?", "?"),
            ("é", "é"),
            // Letters of other scripts; with Ctrl most terminals tell the key at the same place.
            ("я", "я"),
            ("Ctrl-а", "Ctrl-f"),
            ("ctrl-Ф", "Ctrl-a"),
            ("Ctrl-ш", "Tab"),
            ("Ctrl-é", "Ctrl-é"),
            ("ctrl-结", "Ctrl-结"),
            ("Alt-ф", "Alt-ф"),
            ("alt-shift-ф", "Alt-Ф"),
            ("ctrl-alt-λ", "Ctrl-Alt-l"),
            // One key to every terminal.
            ("ctrl-m", "Enter"),
            ("ctrl-i", "Tab"),
            ("ctrl-[", "Esc"),
        ] {
            let key = Key::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(key.label(), label, "{text}");
            assert_eq!(Key::parse(label), Ok(key), "{text}");
        }
        for name in NAMES {
            assert_eq!(Key::parse(name).unwrap().label(), name);
        }
    }

    #[test]
    fn what_no_terminal_tells_is_no_key() {
        for (text, error) in [
            ("", KeyError::Unknown),
            ("entr", KeyError::Unknown),
            ("\t", KeyError::Unknown),
            ("ctrl-", KeyError::Unknown),
            ("jk", KeyError::Unknown),
            ("a-b", KeyError::Several),
            ("cmd-x", KeyError::Modifier),
            ("strg-я", KeyError::Unknown),
            ("shift-1", KeyError::Shift),
            ("shift-F5", KeyError::Shift),
            ("ctrl-1", KeyError::Ctrl),
            ("ctrl-,", KeyError::Ctrl),
        ] {
            assert_eq!(Key::parse(text), Err(error), "{text}");
        }
    }
}
