//! Characters that join or part their neighbors and show nothing themselves: text where a script or an emoji
//! needs it, else a disguise.
//!
//! Emoji are those that Unicode lists, each whole. Between letters the rules are those for names in domains
//! (`CONTEXTJ` in RFC 5892): after a virama, or where two letters would join that are to be kept apart.

use unicode_joining_type::{JoiningType, get_joining_type};
use unicode_width::UnicodeWidthStr as _;

/// Asks for the form of an emoji.
const EMOJI_FORM: char = '\u{fe0f}';

/// Asks for the form of a text.
const TEXT_FORM: char = '\u{fe0e}';

/// The flag that letters of tags make that of a part of a country.
const FLAG: char = '\u{1f3f4}';

/// Ends the tags of a flag.
const LAST_TAG: char = '\u{e007f}';

/// Keeps apart what would join.
const NON_JOINER: char = '\u{200c}';

/// Joins.
const JOINER: char = '\u{200d}';

/// Makes a key of a digit or a sign.
const KEY: char = '\u{20e3}';

/// The most of them in one emoji: three to join four, and three that ask for its form; or the tags of a flag.
pub const JOINERS: usize = 6;

/// The signs that take a consonant its vowel, of the living scripts that have joiners.
const VIRAMAS: [char; 14] = [
    '\u{94d}', '\u{9cd}', '\u{a4d}', '\u{acd}', '\u{b4d}', '\u{bcd}', '\u{c4d}', '\u{ccd}', '\u{d3b}',
    '\u{d3c}', '\u{d4d}', '\u{dca}', '\u{1039}', '\u{17d2}',
];

/// Marks between two letters that join are looked through up to this number.
const MARKS_BETWEEN: usize = 3;

pub(super) const fn is_one(c: char) -> bool {
    matches!(c, EMOJI_FORM | TEXT_FORM | NON_JOINER | JOINER | LAST_TAG) || is_tag(c)
}

/// A letter or digit of the name of a flag.
const fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}')
}

/// Is true where a letter, as a reader sees it, is an emoji of several characters that Unicode lists, or has a form that Unicode
/// defines for it. A digit alone looks the same in every form.
pub(super) fn is_emoji(letter: &str) -> bool {
    letter.contains(is_one)
        && (emojis::get(letter).is_some() || is_in_a_form(letter))
        && (!letter.starts_with(|c: char| c.is_ascii()) || letter.ends_with(KEY))
}

/// Is true of a sign that has two forms, and the character that asks for one of them.
fn is_in_a_form(letter: &str) -> bool {
    let Some(sign) = letter.strip_suffix([EMOJI_FORM, TEXT_FORM]) else { return false };
    let is_single = sign.chars().nth(1).is_none();
    let has_form = |form: char| emojis::get(&format!("{sign}{form}")).is_some();
    // One that is an emoji by itself is narrower as text.
    let is_narrower = || sign.width() == 2 && format!("{sign}{TEXT_FORM}").width() == 1;
    is_single && (has_form(EMOJI_FORM) || is_narrower())
}

/// Returns true if a joiner at a place of a text belongs there between letters. An emoji is judged whole.
pub(super) fn is_in_place(joiner: char, text: &str, at: usize) -> bool {
    let (before, after) = (&text[..at], &text[at + joiner.len_utf8()..]);
    if !matches!(joiner, JOINER | NON_JOINER) {
        return false;
    }
    if before.chars().next_back().is_some_and(|c| VIRAMAS.contains(&c)) {
        // A virama is seen at the end of a word anyway.
        return joiner == JOINER || after.chars().next().is_some_and(char::is_alphabetic);
    }
    let mut before = before.chars().rev().take(MARKS_BETWEEN + 1).map(get_joining_type);
    let mut after = after.chars().take(MARKS_BETWEEN + 1).map(get_joining_type);
    let is_mark = |it: &JoiningType| *it == JoiningType::Transparent;
    let before = before.find(|it| !is_mark(it));
    let after = after.find(|it| !is_mark(it));
    joiner == NON_JOINER
        && matches!(before, Some(JoiningType::LeftJoining | JoiningType::DualJoining))
        && matches!(after, Some(JoiningType::RightJoining | JoiningType::DualJoining))
}

/// Returns true if a joiner may follow a character, as far as that character shows.
#[must_use]
pub fn may_follow(joiner: char, before: char) -> bool {
    let is_sign = || is_pictograph(before);
    let joins = || {
        use JoiningType::{DualJoining, LeftJoining, Transparent};
        matches!(get_joining_type(before), DualJoining | LeftJoining | Transparent)
    };
    match joiner {
        TEXT_FORM => is_sign(),
        LAST_TAG => is_tag(before),
        tag if is_tag(tag) => before == FLAG || is_tag(before),
        EMOJI_FORM => matches!(before, '0'..='9' | '#' | '*') || is_sign(),
        JOINER => VIRAMAS.contains(&before) || before == EMOJI_FORM || is_tone(before) || is_sign(),
        NON_JOINER => VIRAMAS.contains(&before) || (!is_one(before) && joins()),
        _ => false,
    }
}

/// Returns true if a joiner would join a character with another sign, as it does with pictographs alone.
fn is_pictograph(c: char) -> bool {
    use unicode_segmentation::UnicodeSegmentation as _;
    !c.is_ascii() && String::from_iter([c, JOINER, '👩']).graphemes(true).nth(1).is_none()
}

/// The tones of a skin.
const fn is_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}
