//! Translation of typed pieces to inputs: keys, the mouse, a paste, focus. An answer of the terminal means
//! nothing.

mod coded;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::typing::InputPiece;

/// The event that a piece is, if it is one. `erase` is the character that the terminal's erase key sends.
pub(super) fn event(piece: InputPiece, erase: Option<char>) -> Option<Event> {
    match piece {
        InputPiece::Character { c, alt } if Some(c) == erase => {
            Some(Event::Key(with_alt(KeyEvent::from(KeyCode::Backspace), alt)))
        }
        InputPiece::Character { c, alt } => Some(Event::Key(with_alt(character(c), alt))),
        InputPiece::Paste(text) => Some(Event::Paste(text)),
        InputPiece::Background(_) => None,
        InputPiece::Sequence(bytes) => {
            let text = std::str::from_utf8(&bytes).ok()?;
            match text.strip_prefix('\x1b').filter(|own| own.starts_with('\x1b')) {
                Some(own) => match sequence(own)? {
                    Event::Key(key) => Some(Event::Key(with_alt(key, true))),
                    other => Some(other),
                },
                None => sequence(text),
            }
        }
    }
}

fn with_alt(mut key: KeyEvent, alt: bool) -> KeyEvent {
    key.modifiers.set(KeyModifiers::ALT, alt);
    key
}

fn character(c: char) -> KeyEvent {
    let (code, modifiers) = match c {
        '\x1b' => (KeyCode::Esc, KeyModifiers::NONE),
        '\r' => (KeyCode::Enter, KeyModifiers::NONE),
        '\t' => (KeyCode::Tab, KeyModifiers::NONE),
        '\x7f' => (KeyCode::Backspace, KeyModifiers::NONE),
        '\0' => (KeyCode::Char(' '), KeyModifiers::CONTROL),
        '\x01'..='\x1a' => (KeyCode::Char(raised(c, 'a' as u32 - 1)), KeyModifiers::CONTROL),
        '\x1c'..='\x1f' => (KeyCode::Char(raised(c, '4' as u32 - 0x1c)), KeyModifiers::CONTROL),
        c if c.is_uppercase() => (KeyCode::Char(c), KeyModifiers::SHIFT),
        c => (KeyCode::Char(c), KeyModifiers::NONE),
    };
    KeyEvent::new(code, modifiers)
}

fn raised(c: char, by: u32) -> char {
    char::from_u32(c as u32 + by).unwrap_or(c)
}

fn sequence(text: &str) -> Option<Event> {
    let last = text.chars().last()?;
    let body = &text[2..text.len() - last.len_utf8()];
    if text.starts_with("\x1bO") && body.is_empty() {
        return Some(Event::Key(keypad(last)?));
    }
    if let Some(mouse) = body.strip_prefix('<') {
        return mouse_event(mouse, last == 'M');
    }
    if body == "[" {
        // The console's function keys.
        let number = u8::try_from(last).ok()?.checked_sub(b'A').filter(|number| *number < 5)?;
        return Some(Event::Key(KeyEvent::from(KeyCode::F(number + 1))));
    }
    let parameters: Vec<&str> = body.split(';').collect();
    let (code, held) = match (last, parameters.as_slice()) {
        ('I', [""]) => return Some(Event::FocusGained),
        ('O', [""]) => return Some(Event::FocusLost),
        // With parameters it says where the cursor is.
        ('R', _) => return None,
        // A key by its character, as some terminals tell all of them, or those that have no other form.
        ('~', ["27", held, code]) => return coded::event(code, held, None),
        ('u', [code]) => return coded::event(code, "", None),
        ('u', [code, held]) => return coded::event(code, held, None),
        ('u', [code, held, typed]) => return coded::event(code, held, Some(typed)),
        ('~', [code]) => (named(number(code)?)?, ""),
        ('~', [code, held]) => (named(number(code)?)?, *held),
        // rxvt tells Ctrl so.
        ('^', [code]) => (named(number(code)?)?, "5"),
        ('@', [code]) => (named(number(code)?)?, "6"),
        ('$', [code]) => (named(number(code)?)?, "2"),
        ('a'..='d', [""]) => (letter(last.to_ascii_uppercase())?, "2"),
        ('Z', [_]) => (KeyCode::BackTab, ""),
        ('Z', [_, held]) => (KeyCode::BackTab, *held),
        (last, ["" | "1"]) => (letter(last)?, ""),
        (last, ["" | "1", held]) => (letter(last)?, *held),
        ('A'..='D' | 'F' | 'H', [held]) => (letter(last)?, *held),
        _ => return None,
    };
    let coded::HeldModifiers { mut modifiers, kind, .. } = coded::held(held)?;
    if code == KeyCode::BackTab {
        modifiers |= KeyModifiers::SHIFT;
    }
    Some(Event::Key(KeyEvent::new_with_kind(code, modifiers, kind)))
}

fn number(parameter: &str) -> Option<u32> {
    parameter.split(':').next()?.parse().ok()
}

/// A key of the keypad, or a cursor key, in the modes of old terminals that tell them by a letter after `ESC O`. rxvt tells
/// Ctrl by a small one.
fn keypad(last: char) -> Option<KeyEvent> {
    if matches!(last, 'a'..='d') {
        return Some(KeyEvent::new(letter(last.to_ascii_uppercase())?, KeyModifiers::CONTROL));
    }
    Some(KeyEvent::from(match last {
        'p'..='y' => KeyCode::Char((b'0' + (last as u8 - b'p')) as char),
        'j'..='o' => KeyCode::Char((b'*' + (last as u8 - b'j')) as char),
        'X' => KeyCode::Char('='),
        'I' => KeyCode::Tab,
        last => letter(last)?,
    }))
}

const fn letter(last: char) -> Option<KeyCode> {
    Some(match last {
        'A' => KeyCode::Up,
        'B' => KeyCode::Down,
        'C' => KeyCode::Right,
        'D' => KeyCode::Left,
        'F' => KeyCode::End,
        'H' => KeyCode::Home,
        'M' => KeyCode::Enter,
        'P' => KeyCode::F(1),
        'Q' => KeyCode::F(2),
        'R' => KeyCode::F(3),
        'S' => KeyCode::F(4),
        _ => return None,
    })
}

fn named(number: u32) -> Option<KeyCode> {
    Some(match u8::try_from(number).ok()? {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        number @ 11..=15 => KeyCode::F(number - 10),
        number @ 17..=21 => KeyCode::F(number - 11),
        number @ 23..=26 => KeyCode::F(number - 12),
        number @ 28..=29 => KeyCode::F(number - 13),
        number @ 31..=34 => KeyCode::F(number - 14),
        _ => return None,
    })
}

/// `button;column;row`, and whether it went down.
fn mouse_event(body: &str, is_down: bool) -> Option<Event> {
    let mut numbers = body.split(';').map(|digits| digits.parse::<u16>().ok());
    let [button, column, row] = [numbers.next()??, numbers.next()??, numbers.next()??];
    let pressed = match button & 3 {
        0 => Some(MouseButton::Left),
        1 => Some(MouseButton::Middle),
        2 => Some(MouseButton::Right),
        _ => None,
    };
    let kind = match (button & 0b1110_0000, pressed) {
        (0, Some(pressed)) if is_down => MouseEventKind::Down(pressed),
        (0, Some(pressed)) => MouseEventKind::Up(pressed),
        (32, Some(pressed)) => MouseEventKind::Drag(pressed),
        (32, None) => MouseEventKind::Moved,
        (64, Some(MouseButton::Left)) => MouseEventKind::ScrollUp,
        (64, Some(MouseButton::Middle)) => MouseEventKind::ScrollDown,
        (64, Some(MouseButton::Right)) => MouseEventKind::ScrollLeft,
        (64, None) => MouseEventKind::ScrollRight,
        _ => return None,
    };
    let mut modifiers = KeyModifiers::NONE;
    for (bit, modifier) in [(4, KeyModifiers::SHIFT), (8, KeyModifiers::ALT), (16, KeyModifiers::CONTROL)] {
        if button & bit != 0 {
            modifiers |= modifier;
        }
    }
    Some(Event::Mouse(MouseEvent {
        kind,
        column: column.checked_sub(1)?,
        row: row.checked_sub(1)?,
        modifiers,
    }))
}

#[cfg(test)]
mod tests;
