//! The one door for text from outside: every string of a log, a file name, an error or a reply passes through
//! [`clean`] on its way to the screen or a message.
//!
//! A terminal obeys what it is sent, and a reader believes what it sees. So any character that could move the
//! cursor, turn the reading order, or hide, becomes a visible escape; nothing is ever dropped in silence, and
//! texts that differ look different. Must not know screens, colors or logs.

mod certain;
mod escape;
mod joiner;
mod letters;
mod telling;
pub mod words;

pub use certain::has_certain_width;
pub use letters::{Letter, letters, shown_letters};
pub use telling::telling_line;

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub use joiner::{JOINERS, may_follow};

/// Number of marks that a base may carry. Living languages need two; a stack of thousands fits in one cell
/// and is an attack.
pub const MARKS: usize = 2;

/// Suffix of an escape, or something like it.
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
    if !text[first..].starts_with(joiner::is_one) {
        let mut cleaner = Cleaner::after(&text[..first]);
        cleaner.push(text, first);
        return Cow::Owned(cleaner.finish());
    }
    // The letter that it belongs to has begun before.
    let mut cleaner = Cleaner::default();
    cleaner.push(text, 0);
    let cleaned = cleaner.finish();
    if cleaned == text { Cow::Borrowed(text) } else { Cow::Owned(cleaned) }
}

/// Line and column of a place in a text, both from 1; the column in characters.
#[must_use]
pub fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let last = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, last.chars().count() + 1)
}

/// Cleans bytes that need not be UTF-8, such as a file name or a torn line: an invalid byte becomes `\xff`.
#[must_use]
pub fn clean_bytes(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return clean(text);
    }
    let mut cleaner = Cleaner::default();
    for chunk in bytes.utf8_chunks() {
        cleaner.push(chunk.valid(), 0);
        for byte in chunk.invalid() {
            cleaner.escape(format_args!("\\x{byte:02x}"));
        }
    }
    Cow::Owned(cleaner.finish())
}

/// Cleans a path: as it may be shown.
#[must_use]
pub fn clean_path(path: &(impl AsRef<OsStr> + ?Sized)) -> Cow<'_, str> {
    clean_bytes(path.as_ref().as_bytes())
}

/// Spells out what is no UTF-8 in a file name, as `\xff`, and leaves everything else as it is: for JSON, and for what is
/// cleaned later.
#[must_use]
pub fn spelled(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut spelled = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        spelled.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(spelled, "\\x{byte:02x}");
        }
    }
    Cow::Owned(spelled)
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

/// Cleans as much of `text` as decides what fits in `columns`, and a little more.
#[must_use]
pub fn clean_part(text: &str, columns: usize) -> Cow<'_, str> {
    clean(prefix(text, columns))
}

/// Shortens a clean text to at most `columns`, with `…` where something is cut off. Never splits what a reader
/// sees as one character, nor an escape.
#[must_use]
pub fn fit(text: &str, columns: usize) -> Cow<'_, str> {
    shorten(text, columns, "…")
}

/// [`fit`] for terminals that show ASCII only: cuts with `~`.
#[must_use]
pub fn fit_ascii(text: &str, columns: usize) -> Cow<'_, str> {
    shorten(text, columns, "~")
}

/// The beginning of a clean text that fits in `columns`, without a part of a number: a word that begins with a digit or
/// with a sign before one is there whole or not at all, for what is left of a cut number is another one. Other words, and
/// those too long to be numbers, are cut.
#[must_use]
pub fn whole_numbers(text: &str, columns: usize) -> &str {
    if width(text) <= columns {
        return text;
    }
    let text = text.trim_end_matches(' ');
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
    let first = text[word..rest].chars().take(LONGEST_NUMBER).find(|c| c.is_alphanumeric());
    let is_number = first.is_some_and(|c| c.is_ascii_digit());
    let end =
        if is_cut && is_number && end - word <= LONGEST_NUMBER { word } else { escape::whole(text, end) };
    text[..end].trim_end_matches(' ')
}

/// [`fit`] that leaves no part of a number before its mark.
#[must_use]
pub fn fit_numbers(text: &str, columns: usize) -> Cow<'_, str> {
    let text = if width(text) > columns { text.trim_end_matches(' ') } else { text };
    if columns == 0 || width(text) <= columns {
        return fit(text, columns);
    }
    Cow::Owned(format!("{}…", whole_numbers(text, columns - 1)))
}

/// No number is longer, in bytes: `18,446,744,073,709,551,615`, or a day with its time.
const LONGEST_NUMBER: usize = 28;

/// The columns that a clean text takes on the screen, summed over its characters as they are painted.
#[must_use]
pub fn width(text: &str) -> usize {
    if is_plain(text.as_bytes()) {
        text.len()
    } else {
        text.graphemes(true).map(UnicodeWidthStr::width).sum()
    }
}

/// Returns true if `c` may be on the screen as it is. Marks may, as long as they are few.
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

/// Returns true if every byte is printable ASCII, at memory speed.
fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

/// Characters that Unicode counts as letters, marks or symbols, and that show nothing: ignorables, selectors,
/// fillers and the empty Braille cell. So are signs without a width that belong to the letter after them: a terminal would
/// put them on the one before, which may be in another column.
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

/// Returns true if the standard library would show `c` as it is within a quoted text. It escapes what is a
/// control, a format character, a separator other than the space, private, or not assigned, and so keeps the
/// table for us.
fn is_printable(c: char) -> bool {
    // A mark that comes first is escaped as well, hence a letter before it.
    let mut buffer = [0; 5];
    buffer[0] = b'a';
    let length = 1 + c.encode_utf8(&mut buffer[1..]).len();
    std::str::from_utf8(&buffer[..length]).is_ok_and(|pair| pair.escape_debug().nth(1) == Some(c))
}

/// Returns true if `c` joins or parts its neighbors, and shows nothing itself. It is text where
/// [`may_follow`] says so, and the letter after it belongs there.
#[must_use]
pub const fn is_joiner(c: char) -> bool {
    joiner::is_one(c)
}

/// Returns true if `c` shares the cell of the character before it.
#[must_use]
pub fn is_mark(c: char) -> bool {
    c.width() == Some(0)
}

/// Counts the marks on one base while a text goes by.
#[derive(Debug, Default)]
struct Stack {
    /// The character before, which would carry a mark.
    before: Option<char>,
    marks: usize,
    joined: bool,
}

impl Stack {
    /// Takes in a visible character; returns true if it may be shown as it is.
    fn takes(&mut self, c: char) -> bool {
        let before = self.before.replace(c);
        if is_mark(c) {
            self.marks += 1;
            let taken = self.marks <= MARKS && before.is_some_and(|before| belongs_to(c, before));
            self.joined = taken && c == COENG;
            return taken;
        }
        if !std::mem::take(&mut self.joined) {
            self.marks = 0;
        }
        true
    }

    /// Takes in a character that parts or joins two letters; returns true if it may be shown as it is: where
    /// it belongs to them, and the one it follows is shown as it is.
    fn takes_joiner(&mut self, c: char, text: &str, at: usize) -> bool {
        let taken = self.before == text[..at].chars().next_back() && joiner::is_in_place(c, text, at);
        if taken {
            self.before = Some(c);
        }
        taken
    }

    /// A mark was spelled out: the next one begins a cell, and the marks of this base are still too many.
    fn closes(&mut self) {
        self.joined = false;
        self.before = Some(ESCAPED);
    }
}

/// Returns true if a mark belongs to the character before it. A vowel of Hangul has no width, and belongs to Hangul alone: after
/// anything else it begins a cell, as which a terminal would not take it.
fn belongs_to(mark: char, before: char) -> bool {
    String::from_iter([before, mark]).graphemes(true).nth(1).is_none()
}

/// Returns the byte of the first character that must be escaped.
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

    /// Writes a text from a place on.
    fn push(&mut self, text: &str, from: usize) {
        for (at, letter) in text[from..].grapheme_indices(true) {
            self.push_one(text, from + at, letter);
        }
    }

    /// Writes one letter of a text, which begins at a place.
    fn push_one(&mut self, text: &str, start: usize, letter: &str) {
        if joiner::is_emoji(letter) {
            self.end_repeat();
            self.text.push_str(letter);
            self.stack = Stack { before: letter.chars().next_back(), ..Stack::default() };
        } else {
            self.push_letter(text, start, letter);
        }
    }

    fn push_letter(&mut self, text: &str, start: usize, letter: &str) {
        for (at, c) in letter.char_indices() {
            match c {
                '\t' => self.escape(format_args!("\\t")),
                '\n' => self.escape(format_args!("\\n")),
                '\r' => self.escape(format_args!("\\r")),
                '\0'..='\x1f' | '\x7f' => self.escape(format_args!("\\x{:02x}", u32::from(c))),
                _ if joiner::is_one(c) && self.stack.takes_joiner(c, text, start + at) => self.text.push(c),
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
    // An emoji of ten characters takes two columns.
    let limit = columns.saturating_mul(6).saturating_add(16);
    if text.len() <= limit {
        return text;
    }
    let mut bases = 0;
    for (at, c) in text.char_indices() {
        // An escape takes columns, at any width of its character.
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
            _ => Cow::Owned([&text[..escape::whole(text, columns - 1)], mark].concat()),
        };
    }
    let (mut used, mut kept) = (0, 0);
    for (at, cluster) in text.grapheme_indices(true) {
        used += cluster.width();
        if used > columns {
            let kept = escape::whole(text, kept);
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
mod tests;
