//! The one door for text from outside: every string of a log, a file name, an error or a reply passes through
//! [`clean`] on its way to the screen or a message.
//!
//! A terminal obeys what it is sent, and a reader believes what it sees. So whatever could move the cursor, turn
//! the reading order, or hide, becomes a visible escape; nothing is ever dropped in silence, and texts that differ
//! look different. Must not know screens, colors or logs.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many marks a base may carry. Living languages need two; a stack of thousands fits in one cell and is an
/// attack.
pub const MARKS: usize = 2;

/// What an escape ends with, or something like it.
const ESCAPED: char = '}';

/// Joins Khmer consonants into a stack that no count of marks would bound.
const COENG: char = '\u{17d2}';

/// Shows everything in `text` that a terminal would obey or a reader would not see: `\n`, `\x1b`, `\u{202e}`.
///
/// Marks beyond [`MARKS`] on one base are spelled out, repeated ones with their number: `\u{301}x4998`. Plain
/// text is borrowed, so a caller learns from the `Cow` whether anything was unusual.
///
/// The output is clean itself, and cleaning it again changes nothing. The price is that a text which spells out
/// an escape looks like one; ids are compared by value, never by their looks.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if is_plain(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let Some(first) = first_unclean(text) else { return Cow::Borrowed(text) };
    let mut cleaner = Cleaner::after(&text[..first]);
    cleaner.push(&text[first..]);
    Cow::Owned(cleaner.finish())
}

/// Cleans bytes that need not be UTF-8, such as a file name or a torn line: an invalid byte becomes `\xff`.
#[must_use]
pub fn clean_bytes(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return clean(text);
    }
    let mut cleaner = Cleaner::default();
    for chunk in bytes.utf8_chunks() {
        cleaner.push(chunk.valid());
        for byte in chunk.invalid() {
            cleaner.escape(format_args!("\\x{byte:02x}"));
        }
    }
    Cow::Owned(cleaner.finish())
}

/// Cleans a text of many lines, such as an error report, and keeps its line breaks.
#[must_use]
pub fn clean_lines(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let body = line.strip_suffix('\n').unwrap_or(line);
        lines.push_str(&clean(body));
        lines.push_str(&line[body.len()..]);
    }
    lines
}

/// Cleans `text` and shortens it to `columns`, as [`fit`] of [`clean`] would.
///
/// Looks only at as much of a long text as can be shown, so a row of the screen costs what it shows.
#[must_use]
pub fn clean_fit(text: &str, columns: usize) -> Cow<'_, str> {
    match clean(prefix(text, columns)) {
        Cow::Borrowed(part) if part.len() == text.len() => fit(part, columns),
        Cow::Borrowed(part) => Cow::Owned(fit(part, columns).into_owned()),
        Cow::Owned(part) => Cow::Owned(fit(&part, columns).into_owned()),
    }
}

/// Shortens a clean text to at most `columns`, with `…` where something is cut off. Never splits what a reader
/// sees as one character.
#[must_use]
pub fn fit(text: &str, columns: usize) -> Cow<'_, str> {
    shorten(text, columns, "…")
}

/// [`fit`] for terminals that show ASCII only: cuts with `~`.
#[must_use]
pub fn fit_ascii(text: &str, columns: usize) -> Cow<'_, str> {
    shorten(text, columns, "~")
}

/// The beginning of a clean text that fits in `columns`, without a part of a number: a word with a digit in it is
/// there whole or not at all, for what is left of a cut number is another one. Words too long to be numbers are cut.
#[must_use]
pub fn whole_numbers(text: &str, columns: usize) -> &str {
    if width(text) <= columns {
        return text;
    }
    let (mut used, mut end) = (0, text.len());
    for (at, cluster) in text.grapheme_indices(true) {
        used += cluster.width();
        if used > columns {
            end = at;
            break;
        }
    }
    let word = text[..end].rfind(' ').map_or(0, |blank| blank + 1);
    let rest = text[end..].find(' ').map_or(text.len(), |blank| end + blank);
    let is_cut = word < end && end < rest;
    let has_digit = text[word..rest.min(prefix_end(text, word))].bytes().any(|byte| byte.is_ascii_digit());
    let end = if is_cut && has_digit && end - word <= LONGEST_NUMBER { word } else { end };
    text[..end].trim_end_matches(' ')
}

/// [`fit`] that leaves no part of a number before its mark.
#[must_use]
pub fn fit_numbers(text: &str, columns: usize) -> Cow<'_, str> {
    if columns == 0 || width(text) <= columns {
        return fit(text, columns);
    }
    Cow::Owned(format!("{}…", whole_numbers(text, columns - 1)))
}

/// No number is longer, in bytes: `18,446,744,073,709,551,615`, or a day with its time.
const LONGEST_NUMBER: usize = 28;

/// Where to stop to look for digits in a word that may be as long as a line.
fn prefix_end(text: &str, from: usize) -> usize {
    let mut end = text.len().min(from + 2 * LONGEST_NUMBER);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

/// The columns that a clean text takes on the screen, summed over its characters as they are painted.
#[must_use]
pub fn width(text: &str) -> usize {
    if is_plain(text.as_bytes()) {
        text.len()
    } else {
        text.graphemes(true).map(UnicodeWidthStr::width).sum()
    }
}

/// Whether `c` may stand on the screen as it is. Marks may, as long as they are few.
#[must_use]
pub fn is_visible(c: char) -> bool {
    match c {
        ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{24f}' => true,
        // The common scripts, which the table below would take longer to find.
        '\u{3b1}'..='\u{3c9}' | '\u{410}'..='\u{44f}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' => {
            true
        }
        '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => true,
        // Arrows, lines and shapes, of which our own pages are full: each frame is looked through.
        '\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{25ff}' => true,
        _ => !is_blank(c) && is_printable(c),
    }
}

/// Whether every byte is printable ASCII, at memory speed.
fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

/// Characters that Unicode counts as letters, marks or symbols, and that show nothing: ignorables, selectors,
/// fillers and the empty Braille cell. So are signs without a width that belong to the letter after them: a terminal would
/// put them on the one before, which may stand in another column.
const fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{34f}'
            | '\u{d4e}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{111c2}'..='\u{111c3}'
            | '\u{113d1}'
            | '\u{1193f}'
            | '\u{11941}'
            | '\u{11a84}'..='\u{11a89}'
            | '\u{11d46}'
            | '\u{11f02}'
            | '\u{16fe4}'
            | '\u{1d159}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether the standard library would show `c` as it is within a quoted text. It escapes what is a control, a
/// format character, a separator other than the space, private, or not assigned, and so keeps the table for us.
fn is_printable(c: char) -> bool {
    // A mark that stands first is escaped as well, hence a letter before it.
    let mut buffer = [0; 5];
    buffer[0] = b'a';
    let length = 1 + c.encode_utf8(&mut buffer[1..]).len();
    std::str::from_utf8(&buffer[..length]).is_ok_and(|pair| pair.escape_debug().nth(1) == Some(c))
}

/// Whether `c` shares the cell of the character before it.
#[must_use]
pub fn is_mark(c: char) -> bool {
    c.width() == Some(0)
}

/// Counts what stands on one base while a text goes by.
#[derive(Debug, Default)]
struct Stack {
    /// The character before, which is what a mark would stand on.
    before: Option<char>,
    marks: usize,
    joined: bool,
}

impl Stack {
    /// Takes in a visible character, and says whether it may stand as it is.
    fn takes(&mut self, c: char) -> bool {
        let before = self.before.replace(c);
        if is_mark(c) {
            self.marks += 1;
            let taken = self.marks <= MARKS && before.is_some_and(|before| stands_on(c, before));
            self.joined = taken && c == COENG;
            return taken;
        }
        if !std::mem::take(&mut self.joined) {
            self.marks = 0;
        }
        true
    }

    /// A mark was spelled out: what follows stands on its own, and the marks of this base are still too many.
    fn closes(&mut self) {
        self.joined = false;
        self.before = Some(ESCAPED);
    }
}

/// Whether a mark belongs to the character before it. A vowel of Hangul has no width, and belongs to Hangul alone: after
/// anything else it begins a cell, as which a terminal would not take it.
fn stands_on(mark: char, before: char) -> bool {
    String::from_iter([before, mark]).graphemes(true).nth(1).is_none()
}

/// The byte at which the first character stands that must be escaped.
fn first_unclean(text: &str) -> Option<usize> {
    let mut stack = Stack::default();
    text.char_indices().find(|&(_, c)| !is_visible(c) || !stack.takes(c)).map(|(at, _)| at)
}

/// Writes a clean text, character by character.
#[derive(Debug, Default)]
struct Cleaner {
    text: String,
    stack: Stack,
    /// The mark that was spelled out last, and how often in a row.
    repeated: Option<(char, usize)>,
}

impl Cleaner {
    /// Starts after a text that is clean.
    fn after(text: &str) -> Self {
        let mut stack = Stack::default();
        for c in text.chars() {
            stack.takes(c);
        }
        Self { text: text.to_owned(), stack, repeated: None }
    }

    fn push(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\t' => self.escape(format_args!("\\t")),
                '\n' => self.escape(format_args!("\\n")),
                '\r' => self.escape(format_args!("\\r")),
                '\0'..='\x1f' | '\x7f' => self.escape(format_args!("\\x{:02x}", u32::from(c))),
                _ if !is_visible(c) => self.escape(format_args!("\\u{{{:x}}}", u32::from(c))),
                _ if self.stack.takes(c) => {
                    self.end_repeat();
                    self.text.push(c);
                }
                _ => self.repeat(c),
            }
        }
    }

    fn escape(&mut self, escape: std::fmt::Arguments<'_>) {
        self.end_repeat();
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(escape);
        self.stack = Stack { before: Some(ESCAPED), ..Stack::default() };
    }

    /// Spells out a mark that is one too many, or counts it when it has just been spelled out.
    fn repeat(&mut self, mark: char) {
        if let Some((last, count)) = &mut self.repeated
            && *last == mark
        {
            *count += 1;
            return;
        }
        self.end_repeat();
        let _ = write!(self.text, "\\u{{{:x}}}", u32::from(mark));
        self.repeated = Some((mark, 1));
        self.stack.closes();
    }

    fn end_repeat(&mut self) {
        if let Some((_, count @ 2..)) = self.repeated.take() {
            let _ = write!(self.text, "x{count}");
        }
    }

    fn finish(mut self) -> String {
        self.end_repeat();
        self.text
    }
}

/// As much of `text` as decides what fits in `columns`, and a little more, so that a cut is seen to be one.
///
/// A character may share a column with its neighbor, as two Arabic letters do, but never with two.
fn prefix(text: &str, columns: usize) -> &str {
    let limit = columns.saturating_mul(2).saturating_add(4);
    if text.len() <= limit {
        return text;
    }
    let mut bases = 0;
    for (at, c) in text.char_indices() {
        // What is escaped takes columns, whatever its own width is.
        bases += usize::from(!is_mark(c) || !is_visible(c));
        if bases > limit {
            return &text[..at];
        }
    }
    text
}

fn shorten<'a>(text: &'a str, columns: usize, mark: &'static str) -> Cow<'a, str> {
    if is_plain(text.as_bytes()) {
        return match columns {
            _ if text.len() <= columns => Cow::Borrowed(text),
            0 => Cow::Borrowed(""),
            _ => Cow::Owned([&text[..columns - 1], mark].concat()),
        };
    }
    let (mut used, mut kept) = (0, 0);
    for (at, cluster) in text.grapheme_indices(true) {
        used += cluster.width();
        if used > columns {
            return if columns == 0 { Cow::Borrowed("") } else { Cow::Owned([&text[..kept], mark].concat()) };
        }
        // One column is kept free for the mark.
        if used < columns {
            kept = at + cluster.len();
        }
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What must never reach a terminal, listed by hand: the code leans on the standard library's table.
    fn is_forbidden(c: char) -> bool {
        matches!(u32::from(c),
            0..=0x1f | 0x7f..=0xa0 | 0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x1680 | 0x17b4..=0x17b5
            | 0x180b..=0x180f | 0x2000..=0x200f | 0x2028..=0x202f | 0x205f..=0x206f | 0x2800 | 0x3000 | 0x3164
            | 0xe000..=0xf8ff | 0xfdd0..=0xfdef | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb
            | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0x10_ffff)
            || u32::from(c) & 0xfffe == 0xfffe
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
        check("👨\u{200d}👩", "👨\\u{200d}👩");
        check("C:\\x1b", "C:\\x1b");
    }

    #[test]
    fn a_number_is_there_whole_or_not_at_all() {
        for (text, columns, expected) in [
            ("✓ 164 ✗ 2", 9, "✓ 164 ✗ 2"),
            ("✓ 164 ✗ 2", 8, "✓ 164 ✗"),
            ("✓ 164 ✗ 2", 4, "✓"),
            ("✓ 164 ✗ 2", 0, ""),
            ("60,966 runs", 8, "60,966 r"),
            ("60,966", 5, ""),
            ("2026-11-20 17:37:41", 12, "2026-11-20"),
            ("2026-11-20 17:37:41", 7, ""),
            ("retry due in 12m30s", 16, "retry due in"),
            ("#1,234,567", 6, ""),
            ("12 %", 2, "12"),
            // No number is so long.
            ("error=ConnectionRefused(10.0.0.1:5432)", 34, "error=ConnectionRefused(10.0.0.1:5"),
        ] {
            assert_eq!(whole_numbers(text, columns), expected, "{text} in {columns}");
        }
        assert_eq!(fit_numbers("retry due in 12m30s", 17), "retry due in…");
        assert_eq!(fit_numbers("retry due in 12m30s", 19), "retry due in 12m30s");
        assert_eq!(fit_numbers("164", 2), "…");
        assert_eq!(fit_numbers("164", 0), "");
    }

    #[test]
    fn marks_are_few_and_the_rest_is_counted() {
        check("e\u{301}", "e\u{301}");
        check("o\u{302}\u{301}", "o\u{302}\u{301}");
        check("a\u{301}\u{301}\u{301}", "a\u{301}\u{301}\\u{301}");
        check(&format!("a{}b", "\u{301}".repeat(5000)), "a\u{301}\u{301}\\u{301}x4998b");
        check("a\u{301}\u{302}\u{303}\u{303}\u{304}", "a\u{301}\u{302}\\u{303}x2\\u{304}");
        // Nothing to stand on: it would fall into the cell of somebody else.
        check("\u{301}a", "\\u{301}a");
        check("\x1b\u{301}", "\\x1b\u{301}");
        // A stack of Khmer consonants fits in one cell however high it is.
        check("ក\u{17d2}ក\u{17d2}ក\u{17d2}ក", "ក\u{17d2}ក\u{17d2}ក\\u{17d2}ក");
        // So would vowels of Hangul.
        check("ᄒ\u{1161}\u{11ab}\u{1161}", "ᄒ\u{1161}\u{11ab}\\u{1161}");
        // On anything else one is in a cell of its own, with what stands on it.
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
            // A mark stands on what comes before it, or a terminal and we would not agree where it is.
            let stands_before = is_mark(c) && format!("{c}b").graphemes(true).count() == 1;
            assert!(!is_visible(c) || !stands_before, "{c:?}");
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
                       ᄀ-ᇿ仕a-c \u{1f3fb}-\u{1f3ff}👍🇦-🇿\u{fe0f}\u{feff}]{0,24}";
        prop_oneof![any::<String>(), awkward.prop_map(String::from), "[ -~]{0,40}".prop_map(String::from)]
    }

    proptest! {
        #[test]
        fn nothing_forbidden_comes_out_and_cleaning_twice_changes_nothing(text in texts()) {
            let once = clean(&text).into_owned();
            prop_assert!(!once.chars().any(is_forbidden), "{once:?}");
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
}
