//! Texts, their shown and spelled-out forms, and the places where they are cut.

use proptest::prelude::*;

use super::*;

/// Returns true if a character must never reach a terminal, listed by hand: the code leans on the standard
/// library's table.
fn is_forbidden(c: char) -> bool {
    matches!(u32::from(c),
        0..=0x1f | 0x7f..=0xa0 | 0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x1680 | 0x17b4..=0x17b5
        | 0x180b..=0x180f | 0x2000..=0x200f | 0x2028..=0x202f | 0x205f..=0x206f | 0x2800 | 0x3000 | 0x3164
        | 0xe000..=0xf8ff | 0xfdd0..=0xfdef | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb
        | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0x10_ffff)
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Nothing that could mislead is in a text that was cleaned: what joins and parts letters follows what it may.
fn has_forbidden(text: &str) -> bool {
    let mut before = None;
    text.chars().any(|c| {
        let before = before.replace(c);
        if joiner::is_one(c) { before.is_none_or(|before| !may_follow(c, before)) } else { is_forbidden(c) }
    })
}

fn check(text: &str, expected: &str) {
    assert_eq!(clean(text), expected, "{text:?}");
}

#[test]
fn what_a_terminal_would_obey_becomes_visible() {
    check("plain text, 100 %", "plain text, 100 %");
    check("größe 仕事 работа é 한", "größe 仕事 работа é 한");
    check("a\x1b[2Jb", "a\\x1b[2Jb");
    check("bell\x07 nul\0 del\x7f", "bell\\x07 nul\\x00 del\\x7f");
    check("two\r\nlines\tand", "two\\r\\nlines\\tand");
    check("\u{9b}31m", "\\u{9b}31m");
    check("abc\u{202e}fed\u{2066}", "abc\\u{202e}fed\\u{2066}");
    check("zero\u{200b}width\u{feff}\u{ad}", "zero\\u{200b}width\\u{feff}\\u{ad}");
    check("tag\u{e0041} vs\u{fe0f} \u{e0100}", "tag\\u{e0041} vs\\u{fe0f} \\u{e0100}");
    check("\u{2028}\u{2029}\u{e000}\u{fffe}", "\\u{2028}\\u{2029}\\u{e000}\\u{fffe}");
    check("no\u{a0}break\u{3000}", "no\\u{a0}break\\u{3000}");
    check("👨\u{200d}🍎", "👨\\u{200d}🍎");
    check("C:\\x1b", "C:\\x1b");
}

#[test]
fn what_joins_and_parts_letters_is_text_where_it_belongs() {
    for text in [
        // An emoji that looks like one, families, flags, and a key.
        "❤\u{fe0f} ok",
        "a❤\u{fe0f}b☎\u{fe0f}",
        "👨\u{200d}👩\u{200d}👧\u{200d}👦 family",
        "👩🏽\u{200d}💻👩🏻\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}👨🏿",
        "🏳\u{fe0f}\u{200d}🌈 👁\u{fe0f}\u{200d}🗨\u{fe0f} 1\u{fe0f}\u{20e3}",
        "⚡\u{fe0f} 👍\u{fe0f}",
        // Parts of a country, and signs in the form that was asked for.
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} x",
        "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
        "❤\u{fe0e} ☎\u{fe0e}x ⌚\u{fe0e}⌚\u{fe0f} ☔\u{fe0f} ©\u{fe0e}©\u{fe0f} ㊗\u{fe0e}㊗\u{fe0f} ‼\u{fe0e} ↔\u{fe0f}↔\u{fe0e}",
        "👍\u{fe0e} 🐕\u{fe0e} 🈂\u{fe0e} 🕐\u{fe0e}",
        // Persian, Hindi, Marathi, Malayalam.
        "می\u{200c}خواهم نامه\u{200c}ها",
        "क्\u{200d}ष क्\u{200c}ष र्\u{200d}य",
        "മലയാള്\u{200d} ശ്രീ",
        "ක්\u{200d}රි",
    ] {
        check(text, text);
        assert!(matches!(clean(text), Cow::Borrowed(_)), "{text:?}");
    }
    for (text, expected) in [
        ("a\u{200d}b", "a\\u{200d}b"),
        ("a\u{200c}b", "a\\u{200c}b"),
        ("a\u{fe0f}", "a\\u{fe0f}"),
        ("1\u{fe0f}", "1\\u{fe0f}"),
        ("a\u{fe0e} 日\u{fe0e} 🥶\u{fe0e}", "a\\u{fe0e} 日\\u{fe0e} 🥶\\u{fe0e}"),
        ("❤\u{fe0e}\u{fe0e}", "❤\\u{fe0e}\\u{fe0e}"),
        ("क्\u{fe0e}ष", "क्\\u{fe0e}ष"),
        // No flag has that name, or its end is missing.
        ("🏴\u{e0061}\u{e007f}", "🏴\\u{e0061}\\u{e007f}"),
        ("🏴\u{e0067}\u{e0062}", "🏴\\u{e0067}\\u{e0062}"),
        (
            "🏳\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            r"🏳\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        ),
        ("❤\u{fe0f}\u{fe0f}", "❤\\u{fe0f}\\u{fe0f}"),
        ("\u{200d}👩", "\\u{200d}👩"),
        ("🍎\u{200d}💻", "🍎\\u{200d}💻"),
        ("👨\u{200d}👨\u{200d}👨\u{200d}👨\u{200d}👨", "👨\\u{200d}👨\\u{200d}👨\\u{200d}👨\\u{200d}👨"),
        ("👩\u{200d}", "👩\\u{200d}"),
        // Nothing to part: the letter before does not join, or none follows.
        ("د\u{200c}خ", "د\\u{200c}خ"),
        ("ی\u{200c}", "ی\\u{200c}"),
        ("ی\u{200c} خ", "ی\\u{200c} خ"),
        ("ی\u{200c}\u{200c}خ", "ی\\u{200c}\\u{200c}خ"),
        ("ی\u{200d}خ", "ی\\u{200d}خ"),
        ("क्\u{200c} ष", "क्\\u{200c} ष"),
        ("क\u{200d}ष", "क\\u{200d}ष"),
        ("क्\u{200d}\u{200d}ष", "क्\u{200d}\\u{200d}ष"),
        ("\x1b❤\u{fe0f}", "\\x1b❤\u{fe0f}"),
    ] {
        check(text, expected);
    }
    let widths =
        ["❤\u{fe0f}", "👨\u{200d}👩\u{200d}👧", "1\u{fe0f}\u{20e3}", "می\u{200c}خ", "क्\u{200d}ष"].map(width);
    assert_eq!(widths, [2, 2, 2, 3, 2]);
}

#[test]
fn a_number_is_there_whole_or_not_at_all() {
    for (text, columns, expected) in [
        ("✓ 164 ✗ 2", 9, "✓ 164 ✗ 2"),
        ("✓ 164 ✗ 2", 8, "✓ 164 ✗"),
        ("✓ 164 ✗ 2", 4, "✓"),
        ("✓164 ✗2", 3, ""),
        ("✓ 164 ✗ 2", 0, ""),
        ("60,966 runs", 8, "60,966 r"),
        ("60,966", 5, ""),
        ("2026-11-20 17:37:41", 12, "2026-11-20"),
        ("2026-11-20 17:37:41", 7, ""),
        ("retry due in 12m30s", 16, "retry due in"),
        ("in +1,234", 7, "in"),
        ("#1,234,567", 6, ""),
        ("12 %", 2, "12"),
        ("12   ", 3, "12"),
        // Names are cut, and so is what is longer than a number.
        ("signal order-818554", 16, "signal order-818"),
        ("0-ConnectionRefused(10.0.0.1:5432)", 30, "0-ConnectionRefused(10.0.0.1:5"),
    ] {
        assert_eq!(whole_numbers(text, columns), expected, "{text} in {columns}");
    }
    for (text, columns, expected) in [
        ("retry due in 12m30s", 17, "retry due in…"),
        ("retry due in 12m30s", 19, "retry due in 12m30s"),
        ("12m30s   ", 6, "12m30s"),
        ("164", 2, "…"),
        ("164", 0, ""),
    ] {
        assert_eq!(fit_numbers(text, columns), expected, "{text} in {columns}");
    }
}

#[test]
fn marks_are_few_and_the_rest_is_counted() {
    check("e\u{301}", "e\u{301}");
    check("o\u{302}\u{301}", "o\u{302}\u{301}");
    check("a\u{301}\u{301}\u{301}", "a\u{301}\u{301}\\u{301}");
    check(&format!("a{}b", "\u{301}".repeat(5000)), "a\u{301}\u{301}\\u{301}x4998b");
    check("a\u{301}\u{302}\u{303}\u{303}\u{304}", "a\u{301}\u{302}\\u{303}x2\\u{304}");
    // No base for the mark: it would fall into the cell of another character.
    check("\u{301}a", "\\u{301}a");
    check("\x1b\u{301}", "\\x1b\u{301}");
    // A stack of Khmer consonants fits in one cell however high it is.
    check("ក\u{17d2}ក\u{17d2}ក\u{17d2}ក", "ក\u{17d2}ក\u{17d2}ក\\u{17d2}ក");
    // So would vowels of Hangul.
    check("ᄒ\u{1161}\u{11ab}\u{1161}", "ᄒ\u{1161}\u{11ab}\\u{1161}");
    // On anything else one is in a cell of its own, with its marks.
    check("ا\u{1161}\u{17be} a\u{11ab}", "ا\\u{1161}\u{17be} a\\u{11ab}");
    check("한\u{1161} 하\u{11ab} ᄒ\u{11ab}", "한\\u{1161} 하\u{11ab} ᄒ\\u{11ab}");
}

#[test]
fn every_single_character_is_shown_or_escaped() {
    for c in (0..=0x10_ffff).filter_map(char::from_u32) {
        let text = format!("a{c}");
        let cleaned = clean(&text);
        assert!(!cleaned.chars().any(is_forbidden), "{c:?}");
        assert!(matches!(cleaned, Cow::Borrowed(_)) || cleaned.starts_with("a\\"), "{c:?}");
        // A mark belongs to the letter before it, or a terminal and we would not agree where it is.
        let is_before = is_mark(c) && format!("{c}b").graphemes(true).count() == 1;
        assert!(!is_visible(c) || !is_before, "{c:?}");
    }
}

#[test]
fn bytes_that_are_no_text_are_shown_by_their_numbers() {
    for (bytes, expected) in [
        (&b"plain"[..], "plain"),
        (b"\xff\xfeab\x1b", "\\xff\\xfeab\\x1b"),
        (b"caf\xc3\xa9 \xc3", "café \\xc3"),
    ] {
        assert_eq!(clean_bytes(bytes), expected);
    }
    assert_eq!(clean_lines("one\x1b\ntwo\r\n"), "one\\x1b\ntwo\\r\n");
}

#[test]
fn a_text_is_cut_between_characters_and_the_cut_is_seen() {
    for (text, columns, expected) in [
        ("Completed", 9, "Completed"),
        ("Completed", 8, "Complet…"),
        ("Completed", 1, "…"),
        ("Completed", 0, ""),
        ("", 0, ""),
        ("仕事中", 6, "仕事中"),
        ("仕事中", 5, "仕事…"),
        ("仕事中", 4, "仕…"),
        ("仕", 1, "…"),
        ("ae\u{301}o", 2, "a…"),
        ("ae\u{301}o", 3, "ae\u{301}o"),
        ("ae\u{301}oo", 3, "ae\u{301}…"),
        ("🇩🇪🇫🇷🇮🇹", 4, "🇩🇪…"),
    ] {
        assert_eq!(fit(text, columns), expected, "{text:?} in {columns}");
        assert_eq!(fit_ascii(text, columns), expected.replace('…', "~"));
    }
}

/// Any text, with the awkward parts of Unicode more often than chance would bring them.
fn texts() -> impl Strategy<Value = String> {
    let awkward = "[\\x00-\\x1f\\x7f\u{80}-\u{9f}\u{200b}-\u{206f}\u{300}-\u{303}\u{5d0}\u{644}\u{627}ก-๛ក-៹\
                   ᄀ-ᇿ仕a-c \u{1f3fb}-\u{1f3ff}👍🇦-🇿\u{fe0f}\u{feff}\u{200c}\u{200d}❤👩💻🏽یخद्क1\u{20e3}\u{fe0e}🏴\u{e0062}\u{e0065}\u{e0067}\u{e006e}\u{e007f}]{0,24}";
    prop_oneof![any::<String>(), awkward.prop_map(String::from), "[ -~]{0,40}".prop_map(String::from)]
}

proptest! {
    #[test]
    fn nothing_forbidden_comes_out_and_cleaning_twice_changes_nothing(text in texts()) {
        let once = clean(&text).into_owned();
        prop_assert!(!has_forbidden(&once), "{once:?}");
        prop_assert!(matches!(clean(&once), Cow::Borrowed(same) if same == once), "{once:?}");
        prop_assert!(once.len() >= text.chars().filter(|&c| !is_mark(c)).count());
    }

    #[test]
    fn what_fits_never_exceeds_its_columns(text in texts(), columns in 0usize..30) {
        let text = clean(&text);
        let fitted = fit(&text, columns);
        prop_assert!(width(&fitted) <= columns, "{fitted:?}");
        prop_assert!(width(&fit_ascii(&text, columns)) <= columns);
        prop_assert_eq!(width(&text) <= columns, matches!(fitted, Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn looking_at_a_part_of_a_long_text_shows_the_same(text in texts(), columns in 0usize..12) {
        let whole = clean(&text);
        prop_assert_eq!(clean_fit(&text, columns), fit(&whole, columns));
    }

    #[test]
    fn plain_text_is_borrowed(text in "[ -~]{0,60}") {
        prop_assert!(matches!(clean(&text), Cow::Borrowed(same) if same == text));
        prop_assert_eq!(width(&text), text.len());
    }
}
