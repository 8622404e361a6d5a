//! Keys that are told by their character and by what was held: `CSI 27;5;99~` of xterm, `CSI 99;5u` of kitty and others.
//!
//! A program that had the terminal before may have left it so. Then every key may come in this form, with the letter of
//! the layout, the letter of the place, and the text that it types.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// Modifiers of a key, and its direction.
pub(super) struct HeldModifiers {
    pub(super) modifiers: KeyModifiers,
    pub(super) kind: KeyEventKind,
    caps_lock: bool,
}

/// Parses the modifiers of a key: `5:3`, the second number saying that it came up.
pub(super) fn held(parameter: &str) -> Option<HeldModifiers> {
    let mut parts = parameter.split(':');
    let mut number = |default| match parts.next() {
        None | Some("") => Some(default),
        Some(digits) => digits.parse::<u16>().ok(),
    };
    let (mask, kind) = (number(1)?.checked_sub(1)?, number(1)?);
    let mut modifiers = KeyModifiers::NONE;
    for (bit, modifier) in [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::SUPER),
        (16, KeyModifiers::HYPER),
        (32, KeyModifiers::META),
    ] {
        modifiers.set(modifier, mask & bit != 0);
    }
    let kind = match kind {
        2 => KeyEventKind::Repeat,
        3 => KeyEventKind::Release,
        _ => KeyEventKind::Press,
    };
    Some(HeldModifiers { modifiers, kind, caps_lock: mask & 64 != 0 })
}

/// The event of a key that is told by its character: `code`, or `code:shifted:place`; and the text that it types, if
/// the terminal tells it.
pub(super) fn event(code: &str, held_with: &str, typed: Option<&str>) -> Option<Event> {
    let HeldModifiers { mut modifiers, kind, caps_lock } = held(held_with)?;
    let mut codes = code.split(':').map(|digits| digits.parse::<u32>().ok().and_then(char::from_u32));
    let (own, shifted, place) = (codes.next()??, codes.next().flatten(), codes.next().flatten());
    if own == '\0' && kind != KeyEventKind::Release {
        return text(typed?);
    }
    let is_plain = !modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    let code = match key(own)? {
        KeyCode::Char(letter) if is_plain => {
            let typed = typed.and_then(|it| it.split(':').next()?.parse().ok()).and_then(char::from_u32);
            let shift = modifiers.contains(KeyModifiers::SHIFT);
            KeyCode::Char(match typed.or(shifted.filter(|_| shift)) {
                Some(typed) if !typed.is_control() => typed,
                // The caps lock turns letters alone.
                _ if letter.is_alphabetic() && shift != caps_lock => capital(letter),
                _ if shift => above(letter),
                _ => letter,
            })
        }
        // With Ctrl or Alt the key is meant, not the letter of the user's layout.
        KeyCode::Char(letter) if !letter.is_ascii() => KeyCode::Char(place.unwrap_or(letter)),
        KeyCode::Char(letter) if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::Char(capital(letter)),
        code => code,
    };
    match code {
        KeyCode::BackTab => modifiers |= KeyModifiers::SHIFT,
        KeyCode::Char(c) if c.is_uppercase() => modifiers |= KeyModifiers::SHIFT,
        _ => (),
    }
    Some(Event::Key(KeyEvent::new_with_kind(code, modifiers, kind)))
}

/// A text that no one key has typed: one character as its key, more as if they were pasted.
fn text(typed: &str) -> Option<Event> {
    let chars = typed.split(':').filter_map(|it| it.parse().ok().and_then(char::from_u32));
    let text: String = chars.filter(|c| !c.is_control()).collect();
    let mut chars = text.chars();
    match (chars.next()?, chars.next()) {
        (c, None) => {
            let modifiers = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
            Some(Event::Key(KeyEvent::new(KeyCode::Char(c), modifiers)))
        }
        _ => Some(Event::Paste(text)),
    }
}

/// Returns the key of a character; keys without a character are encoded as private ones.
fn key(c: char) -> Option<KeyCode> {
    const KEYPAD: [KeyCode; 10] = [
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::Insert,
        KeyCode::Delete,
    ];
    let number = u32::from(c);
    Some(match c {
        '\x1b' => KeyCode::Esc,
        '\r' | '\n' | '\u{e046}' => KeyCode::Enter,
        '\t' => KeyCode::Tab,
        '\x08' | '\x7f' => KeyCode::Backspace,
        // The keypad: digits, signs, and what is on it without its lock.
        '\u{e037}'..='\u{e040}' => KeyCode::Char(char::from_digit(number - 0xe037, 10)?),
        '\u{e041}'..='\u{e045}' => {
            KeyCode::Char(char::from(b"./*-+"[usize::try_from(number - 0xe041).ok()?]))
        }
        '\u{e047}' => KeyCode::Char('='),
        '\u{e048}' => KeyCode::Char(','),
        '\u{e049}'..='\u{e052}' => KEYPAD[usize::try_from(number - 0xe049).ok()?],
        c if c.is_control() || ('\u{e000}'..='\u{f8ff}').contains(&c) => return None,
        c => KeyCode::Char(c),
    })
}

fn capital(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    upper.next().filter(|_| upper.next().is_none()).unwrap_or(letter)
}

/// The sign above another one on a keyboard for English, which is all that is known of a terminal that does not tell.
fn above(sign: char) -> char {
    const PLAIN: &str = "`1234567890-=[]\\;',./";
    const ABOVE: &str = "~!@#$%^&*()_+{}|:\"<>?";
    PLAIN.find(sign).and_then(|at| ABOVE.get(at..=at)?.chars().next()).unwrap_or(sign)
}
