//! What pieces of typing mean: keys, the mouse, a paste, where somebody looks. An answer of the terminal means nothing.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use crate::terminal::typing::Piece;

/// The event that a piece is, if it is one.
pub(super) fn event(piece: Piece) -> Option<Event> {
    match piece {
        Piece::Character { c, alt } => Some(Event::Key(character(c, alt))),
        Piece::Paste(text) => Some(Event::Paste(text)),
        Piece::Sequence(bytes) => sequence(std::str::from_utf8(&bytes).ok()?),
    }
}

fn character(c: char, alt: bool) -> KeyEvent {
    let (code, modifiers) = match c {
        '\x1b' => (KeyCode::Esc, KeyModifiers::NONE),
        '\r' => (KeyCode::Enter, KeyModifiers::NONE),
        '\t' => (KeyCode::Tab, KeyModifiers::NONE),
        '\x7f' => (KeyCode::Backspace, KeyModifiers::NONE),
        '\0' => (KeyCode::Char(' '), KeyModifiers::CONTROL),
        '\x01'..='\x1a' => (KeyCode::Char(shifted(c, 'a' as u32 - 1)), KeyModifiers::CONTROL),
        '\x1c'..='\x1f' => (KeyCode::Char(shifted(c, '4' as u32 - 0x1c)), KeyModifiers::CONTROL),
        c if c.is_uppercase() => (KeyCode::Char(c), KeyModifiers::SHIFT),
        c => (KeyCode::Char(c), KeyModifiers::NONE),
    };
    KeyEvent::new(code, if alt { modifiers | KeyModifiers::ALT } else { modifiers })
}

fn shifted(c: char, by: u32) -> char {
    char::from_u32(c as u32 + by).unwrap_or(c)
}

fn sequence(text: &str) -> Option<Event> {
    let last = text.chars().last()?;
    let body = &text[2..text.len() - last.len_utf8()];
    if text.starts_with("\x1bO") {
        return Some(Event::Key(KeyEvent::from(letter(last)?)));
    }
    if let Some(mouse) = body.strip_prefix('<') {
        return mouse_event(mouse, last == 'M');
    }
    if body == "[" {
        // The console's function keys.
        let number = u8::try_from(last).ok()?.checked_sub(b'A').filter(|number| *number < 5)?;
        return Some(Event::Key(KeyEvent::from(KeyCode::F(number + 1))));
    }
    let mut parameters = body.split(';');
    let first = parameters.next()?;
    let number = || first.split(':').next()?.parse::<u32>().ok();
    let code = match last {
        'I' if body.is_empty() => return Some(Event::FocusGained),
        'O' if body.is_empty() => return Some(Event::FocusLost),
        'Z' => KeyCode::BackTab,
        '~' => named(number()?)?,
        'u' => coded(number()?)?,
        // With parameters it says where the cursor is.
        'R' => return None,
        last if matches!(first, "" | "1") => letter(last)?,
        _ => return None,
    };
    let (mut modifiers, kind) = held(parameters.next())?;
    if parameters.next().is_some() {
        return None;
    }
    match code {
        KeyCode::BackTab => modifiers |= KeyModifiers::SHIFT,
        KeyCode::Char(c) if c.is_uppercase() => modifiers |= KeyModifiers::SHIFT,
        _ => (),
    }
    Some(Event::Key(KeyEvent::new_with_kind(code, modifiers, kind)))
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

/// A key by its character, as some terminals tell all of them.
fn coded(number: u32) -> Option<KeyCode> {
    Some(match char::from_u32(number)? {
        '\x1b' => KeyCode::Esc,
        '\r' => KeyCode::Enter,
        '\t' => KeyCode::Tab,
        '\x7f' => KeyCode::Backspace,
        // Keys without a character are told by private ones.
        c if c.is_control() || ('\u{e000}'..='\u{f8ff}').contains(&c) => return None,
        c => KeyCode::Char(c),
    })
}

/// What was held with a key, and whether the key went down: `5:3`.
fn held(parameter: Option<&str>) -> Option<(KeyModifiers, KeyEventKind)> {
    let mut parts = parameter.unwrap_or_default().split(':');
    let mut number = |default| match parts.next() {
        None | Some("") => Some(default),
        Some(digits) => digits.parse::<u8>().ok(),
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
        if mask & bit != 0 {
            modifiers |= modifier;
        }
    }
    let kind = match kind {
        2 => KeyEventKind::Repeat,
        3 => KeyEventKind::Release,
        _ => KeyEventKind::Press,
    };
    Some((modifiers, kind))
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
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::terminal::typing::Typing;

    /// What bytes mean that are read in these portions, each so many milliseconds after the one before.
    fn typed(portions: &[(u64, &str)]) -> String {
        typed_at(Typing::default(), portions)
    }

    fn typed_at(mut typing: Typing, portions: &[(u64, &str)]) -> String {
        let mut now = Instant::now();
        let mut pieces = Vec::new();
        for (after, portion) in portions {
            let next = now + Duration::from_millis(*after);
            while let Some(until) = typing.until().filter(|until| *until <= next) {
                pieces.extend(typing.expire(until));
            }
            now = next;
            pieces.extend(typing.take(portion.as_bytes(), now));
        }
        while let Some(until) = typing.until() {
            assert!(until <= now + Duration::from_secs(2), "the keyboard is swallowed");
            pieces.extend(typing.expire(until));
        }
        pieces.into_iter().filter_map(event).map(|event| words(&event)).collect::<Vec<_>>().join(" ")
    }

    fn words(event: &Event) -> String {
        match event {
            Event::Key(key) => {
                let held = key
                    .modifiers
                    .iter_names()
                    .map(|(name, _)| format!("{}-", &name[..1]))
                    .collect::<String>();
                let kind = if key.kind == KeyEventKind::Press { "" } else { "!" };
                format!("{held}{kind}{}", key.code)
            }
            Event::Mouse(mouse) => format!("{:?}@{},{}", mouse.kind, mouse.column, mouse.row),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn keys_are_what_a_terminal_sends_for_them() {
        for (bytes, expected) in [
            ("aZé日", "a S-Z é 日"),
            ("\r\t\x7f\0\x03\x1f", "Enter Tab Backspace C-Space C-c C-7"),
            ("\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F", "Up Down Right Left Home End"),
            ("\x1bOA\x1bOP\x1bOR\x1b[15~\x1b[24~\x1b[[E", "Up F1 F3 F5 F12 F5"),
            ("\x1b[1;5C\x1b[1;3A\x1b[3;2~\x1b[Z", "C-Right A-Up S-Del S-Back Tab"),
            ("\x1b[1~\x1b[5~\x1b[6~\x1b[8~\x1b[2~\x1b[3~", "Home Page Up Page Down End Insert Del"),
            ("\x1bx\x1bX\x1b\x1b[A", "A-x S-A-X Esc Up"),
            ("\x1b[97;5u\x1b[97;1:3u\x1b[13;2u\x1b[27u\x1b[97:65;2u", "C-a !a S-Enter Esc S-a"),
            ("\x1b[I\x1b[O", "FocusGained FocusLost"),
            (
                "\x1b[<0;3;4M\x1b[<0;3;4m\x1b[<32;3;4M\x1b[<65;1;1M",
                "Down(Left)@2,3 Up(Left)@2,3 Drag(Left)@2,3 ScrollDown@0,0",
            ),
            ("\x1b[200~cy\r\x1b[31m\x1b[201~q", "Paste(\"cy\\r\\u{1b}[31m\") q"),
        ] {
            assert_eq!(typed(&[(0, bytes)]), expected, "{bytes:?}");
            // The same, torn anywhere on its way.
            for at in (1..bytes.len()).filter(|at| bytes.is_char_boundary(*at)) {
                assert_eq!(typed(&[(0, &bytes[..at]), (20, &bytes[at..])]), expected, "{bytes:?} at {at}");
            }
        }
    }

    /// A letter of an answer would move, open or cancel something.
    #[test]
    fn an_answer_of_the_terminal_is_no_key_however_late_and_torn() {
        for answer in [
            "\x1b]11;rgb:1d1d/1f1f/2121\x1b\\",
            "\x1b]10;rgb:ffff/ffff/ffff\x07",
            "\x1b]4;12;rgb:ff/ff/ff\x1b\\",
            "\x1b[24;80R",
            "\x1b[1;1R",
            "\x1b[?62;4;22c",
            "\x1b[>41;354;0c",
            "\x1b[?1u",
            "\x1b[?2026;2$y",
            "\x1b[?997;1n",
            "\x1b[8;24;80t",
            "\x1b[0n",
            "\x1bP1+r544e=787465726d\x1b\\",
            "\x1bP>|xterm(390)\x1b\\",
            "\x1b_Gi=31;OK\x1b\\",
        ] {
            assert_eq!(typed(&[(0, &format!("j{answer}k"))]), "j k", "{answer:?}");
            assert_eq!(typed(&[(0, answer), (0, answer)]), "", "{answer:?}");
            for at in 2..answer.len() {
                let portions = [(0, &answer[..at]), (200, &answer[at..]), (0, "k")];
                assert_eq!(typed(&portions), "k", "{answer:?} at {at}");
            }
            // Its end was lost.
            assert_eq!(
                typed(&[(0, &answer[..answer.len() - 2]), (700, "k")]).split(' ').next_back(),
                Some("k"),
                "{answer:?}"
            );
        }
    }

    /// Who asked has read the beginning, and has given it up: the rest looks like keys, of which one opens a search.
    #[test]
    fn the_rest_of_an_answer_whose_beginning_was_read_by_another_is_no_key() {
        let after_question = || Typing::after_question(Instant::now());
        for end in ["\x1b\\", "\x07", "\x1b\\\x1b[?62;4c"] {
            let answer = format!("\x1b]11;rgb:1d1d/1f1f/2121{end}");
            for at in 3..answer.len() - end.len() {
                assert_eq!(
                    typed_at(after_question(), &[(0, &answer[at..]), (0, "k")]),
                    "k",
                    "{answer:?} at {at}"
                );
                for torn in 1..answer.len() - at {
                    let (one, other) = answer[at..].split_at(torn);
                    let portions = [(0, one), (20, other), (0, "k")];
                    assert_eq!(typed_at(after_question(), &portions), "k", "{portions:?}");
                }
                assert_eq!(
                    typed_at(after_question(), &[(11_000, &answer[at..])]),
                    typed(&[(0, &answer[at..])])
                );
            }
        }
        for (bytes, expected) in [
            ("62;4c", ""),
            ("?1;2cj", "j"),
            ("/b", "/ b"),
            ("c", "c"),
            ("jc", "j c"),
            ("gb\r", "g b Enter"),
            ("\x07", "C-g"),
        ] {
            assert_eq!(typed_at(after_question(), &[(0, bytes)]), expected, "{bytes:?}");
        }
        // The screen is taken only when the keys are listened to already, and a beginning may have been given up.
        let mut forgetful = after_question();
        forgetful.forget();
        assert_eq!(typed_at(forgetful, &[(0, "\x1b]11;rgb:1d1d/"), (700, "1f/2121\x1b\\k")]), "k");
        let mut late = after_question();
        let now = Instant::now();
        assert_eq!(late.take(b"\x1b]11;rgb:1d1d/", now), []);
        assert_eq!(late.take(b"1f/2121\x1b\\", now + Duration::from_secs(1)), []);
        // Keys that could be a part of one wait no longer than an escape does.
        let held = [(0, "g"), (30, "g"), (30, "g"), (30, "g"), (30, "?")];
        assert_eq!(typed_at(after_question(), &held), "g g g g ?");
        let (mut typing, now) = (after_question(), Instant::now());
        assert_eq!(typing.take(b"g", now), []);
        assert!(typing.until().unwrap() <= now + Duration::from_millis(50));
    }

    #[test]
    fn an_escape_is_a_key_and_what_begins_like_a_sequence_swallows_nothing_for_long() {
        for (portions, expected) in [
            (&[(0, "\x1b")][..], "Esc"),
            (&[(0, "\x1b\x1b")], "Esc Esc"),
            (&[(0, "\x1b"), (1000, "\x1b"), (1000, "\x1b"), (1000, "q")], "Esc Esc Esc q"),
            // A sequence by one byte a second is an escape and keys.
            (&[(0, "\x1b"), (1000, "j")], "Esc j"),
            (&[(0, "\x1bc"), (0, "\x1b]"), (600, "q")], "A-c A-] q"),
            (&[(0, "\x1b]q")], "A-] q"),
            (&[(0, "\x1bP"), (0, "q")], "S-A-P q"),
            (&[(0, "\x1b["), (600, "q")], "q"),
            (&[(0, "\x1b[1;"), (600, "q")], "q"),
            (&[(0, "\x1bO"), (600, "q")], "S-A-O q"),
            (&[(0, "\x1b]1"), (600, "q")], "q"),
            (&[(0, "\x1b[1\x1b[Aq")], "Up q"),
            (&[(0, "\x1b[1\rq")], "Enter q"),
            (&[(0, "\x1b]1\x1b[Aq")], "Up q"),
            (&[(0, "\x1b[200~a"), (100, "b"), (1600, "q")], "Paste(\"ab\") q"),
            (&[(0, "\u{9b}a\x1b[M !!q")], "\u{9b} a q"),
        ] {
            assert_eq!(typed(portions), expected, "{portions:?}");
        }
        // Somebody types on and on.
        let keys: Vec<(u64, &str)> = [(0, "\x1b]1")].into_iter().chain([(100, "q"); 30]).collect();
        assert!(typed(&keys).matches('q').count() >= 14, "{}", typed(&keys));
        let long = "1".repeat(10_000);
        assert_eq!(typed(&[(0, &format!("\x1b[{long}")), (600, "q")]), "q");
        let pasted = typed(&[(0, "\x1b[200~"), (0, &"x".repeat(3 << 20)), (0, "\x1b[201~q")]);
        assert!(pasted.ends_with("x\") q") && pasted.len() < (1 << 20) + 20);
    }
}
