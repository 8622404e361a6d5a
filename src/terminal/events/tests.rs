//! Bytes that terminals send and their meaning, split at any place.

use std::time::{Duration, Instant};

use crossterm::event::KeyEventKind;

use super::*;
use crate::terminal::typing::InputDecoder;

/// Reads bytes in these portions, each with its delay in milliseconds after the one before.
fn typed(portions: &[(u64, &str)]) -> String {
    typed_at(InputDecoder::unasked(), portions)
}

fn typed_at(mut typing: InputDecoder, portions: &[(u64, &str)]) -> String {
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
    pieces
        .into_iter()
        .filter_map(|piece| event(piece, None))
        .map(|event| words(&event))
        .collect::<Vec<_>>()
        .join(" ")
}

fn words(event: &Event) -> String {
    match event {
        Event::Key(key) => {
            let held =
                key.modifiers.iter_names().map(|(name, _)| format!("{}-", &name[..1])).collect::<String>();
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
        ("\x1bx\x1bX\x1b\x1b[A", "A-x S-A-X A-Up"),
        (
            "\x1b\x1b[D\x1b\x1bOC\x1b\x1b[3~\x1b\x1b[Z\x1b\x1b[1;5D",
            "A-Left A-Right A-Del S-A-Back Tab C-A-Left",
        ),
        ("\x1bOd\x1bOc\x1bOa\x1bOb\x1b\x1bOd", "C-Left C-Right C-Up C-Down C-A-Left"),
        ("\x1b[a\x1b[b\x1b[c\x1b[d\x1b\x1b[d", "S-Up S-Down S-Right S-Left S-A-Left"),
        ("\x1b[5D\x1b[2A\x1b[3C\x1bO5D\x1bO1;3C", "C-Left S-Up A-Right C-Left A-Right"),
        ("\x1b[3$\x1b[7$\x1b[5^\x1b\x1b[3^\x1bB", "S-Del S-Home C-Page Up C-A-Del S-A-B"),
        ("\x1b[0;;233u\x1b[0;;65u\x1b[0;;228:223u\x1b[0u", "é S-A Paste(\"äß\")"),
        ("\x1b[97;5u\x1b[97;1:3u\x1b[13;2u\x1b[27u\x1b[97:65;2u", "C-a !a S-Enter Esc S-A"),
        (
            "\x1b[27;5;99~\x1b[27;2;63~\x1b[27;2;65~\x1b[27;3;98~\x1b[27;5;127~\x1b[27;1;13~\x1b[27;5;1089~",
            "C-c S-? S-A A-b C-Backspace Enter C-с",
        ),
        (
            "\x1b[1089::99;5u\x1b[1089::99u\x1b[1089:1057:99;2u\x1b[1080::98;3u\x1b[99:67;6u",
            "C-c с S-С A-b S-C-C",
        ),
        ("\x1b[97;2u\x1b[97;65u\x1b[97;66u\x1b[47;2u\x1b[49;2;33u\x1b[121;1:2u", "S-A S-A S-a S-? S-! !y"),
        (
            "\x1b[57414u\x1b[57400u\x1b[57413;129u\x1b[57419;5u\x1b[57426u\x1b[127;3u",
            "Enter 1 + C-Up Del A-Backspace",
        ),
        ("\x1bOj\x1bOp\x1bOy\x1bOM\x1bOX\x1b[3^\x1b[7^", "* 0 9 Enter = C-Del C-Home"),
        ("\x08\x1b\x7f\n", "C-h A-Backspace C-j"),
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

#[test]
fn the_erase_key_is_what_the_terminal_says() {
    let words =
        |c, erase, alt| event(InputPiece::Character { c, alt }, erase).map(|event| words(&event)).unwrap();
    for (c, erase, expected) in [
        ('\x08', Some('\x08'), "Backspace"),
        ('\x08', Some('\x7f'), "C-h"),
        ('\x7f', Some('\x08'), "Backspace"),
        ('\x7f', Some('\x7f'), "Backspace"),
        ('\x1f', Some('\x1f'), "Backspace"),
        ('\x08', None, "C-h"),
    ] {
        assert_eq!(words(c, erase, false), expected, "{c:?} {erase:?}");
        assert_eq!(words(c, erase, true).replace("A-", ""), expected, "{c:?} {erase:?} with Alt");
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

/// Another program has asked, read the beginning, and given up: the rest looks like keys, of which one opens
/// a search.
#[test]
fn the_rest_of_an_answer_whose_beginning_was_read_by_another_is_no_key() {
    let after_question = || InputDecoder::after_question(Instant::now());
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
            assert_eq!(typed_at(after_question(), &[(11_000, &answer[at..])]), typed(&[(0, &answer[at..])]));
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

/// The escape was acted on, as nothing came behind it in time. Nothing of the rest is.
#[test]
fn an_answer_behind_an_escape_that_was_taken_for_the_key_is_no_key() {
    for answer in
        ["]11;rgb:ffff/ffff/ffff\x07", "]11;rgb:ffff/ffff/ffff\x1b\\", "[?62;4;22c", "[?6c", "[>41;354;0c"]
    {
        for after in [60, 200, 900] {
            let portions = [(0, "/"), (12_000, "\x1b"), (after, answer), (0, "k")];
            assert_eq!(typed(&portions), "/ Esc k", "{portions:?}");
            assert_eq!(
                typed_at(InputDecoder::after_question(Instant::now()), &portions),
                "/ Esc k",
                "{portions:?}"
            );
        }
        let sure = if answer.starts_with(']') { 2 } else { 3 };
        for (at, gap) in (1..answer.len()).map(|at| (at, if at < sure { 30 } else { 200 })) {
            let portions = [(0, "\x1b"), (60, &answer[..at]), (gap, &answer[at..]), (0, "k")];
            assert_eq!(typed(&portions), "Esc k", "{portions:?}");
        }
    }
    // It is believed, too.
    let (mut typing, now) = (InputDecoder::unasked(), Instant::now());
    typing.take(b"\x1b", now);
    let pieces = typing.take(b"]11;#fff\x07\x1b[?6c", now + Duration::from_millis(60));
    assert_eq!(pieces[1], InputPiece::Background(b"#fff".to_vec()));
    // Keys after an escape wait no longer than the escape does.
    for (portions, expected) in [
        (&[(0, "\x1b"), (60, "]"), (60, "1")][..], "Esc ] 1"),
        (&[(0, "\x1b"), (60, "["), (60, "?"), (60, "1")], "Esc [ ? 1"),
        (&[(0, "\x1b"), (60, "[A")], "Esc [ S-A"),
        (&[(0, "\x1b"), (60, "j"), (0, "]11")], "Esc j ] 1 1"),
        (&[(0, "\x1b"), (2000, "]11")], "Esc ] 1 1"),
    ] {
        assert_eq!(typed(portions), expected, "{portions:?}");
    }
}

#[test]
fn an_escape_is_a_key_and_what_begins_like_a_sequence_swallows_nothing_for_long() {
    for (portions, expected) in [
        (&[(0, "\x1b")][..], "Esc"),
        (&[(0, "\x1b\x1b")], "Esc Esc"),
        (&[(0, "\x1b\x1bx")], "Esc A-x"),
        (&[(0, "\x1b\x1b[")], "Esc"),
        (&[(0, "\x1b\x1b[1"), (600, "q")], "Esc q"),
        (&[(0, "\x1b\x1bO"), (600, "q")], "Esc S-A-O q"),
        (&[(0, "\x1b\x1b[200~a\x1b[201~q")], "Esc Paste(\"a\") q"),
        (&[(0, "\x1b\x1b[<0;3;4M\x1b\x1b[I")], "Esc Down(Left)@2,3 Esc FocusGained"),
        (&[(0, "\x1b\x1b[?62;4c\x1b\x1b]11;rgb:1/1/1\x07\x1b\x1b[24;80Rq")], "Esc Esc Esc q"),
        (&[(0, "\x1bO5"), (600, "q")], "S-A-O 5 q"),
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
    // The user types on and on.
    let keys: Vec<(u64, &str)> = [(0, "\x1b]1")].into_iter().chain([(100, "q"); 30]).collect();
    assert!(typed(&keys).matches('q').count() >= 14, "{}", typed(&keys));
    let long = "1".repeat(10_000);
    assert_eq!(typed(&[(0, &format!("\x1b[{long}")), (600, "q")]), "q");
    let pasted = typed(&[(0, "\x1b[200~"), (0, &"x".repeat(3 << 20)), (0, "\x1b[201~q")]);
    assert!(pasted.ends_with("x\") q") && pasted.len() < (1 << 20) + 20);
}
