//! What joins or parts its neighbors and shows nothing itself: text where a script or an emoji needs it, else a disguise.
//!
//! Emoji are those that Unicode lists, each whole. Between letters the rules are those for names in domains
//! (`CONTEXTJ` in RFC 5892): after a virama, or where two letters would join that are to be kept apart.

use unicode_joining_type::{JoiningType, get_joining_type};

/// Asks for the form of an emoji.
const EMOJI_FORM: char = '\u{fe0f}';

/// Keeps apart what would join.
const NON_JOINER: char = '\u{200c}';

/// Joins.
const JOINER: char = '\u{200d}';

/// Makes a key of a digit or a sign.
const KEY: char = '\u{20e3}';

/// The most of them in one emoji: three to join four, and three that ask for its form.
pub const JOINERS: usize = 6;

/// The signs that take a consonant its vowel, of the living scripts that have joiners.
const VIRAMAS: [char; 14] = [
    '\u{94d}', '\u{9cd}', '\u{a4d}', '\u{acd}', '\u{b4d}', '\u{bcd}', '\u{c4d}', '\u{ccd}', '\u{d3b}',
    '\u{d3c}', '\u{d4d}', '\u{dca}', '\u{1039}', '\u{17d2}',
];

/// Marks between two letters that join are looked through up to this number.
const MARKS_BETWEEN: usize = 3;

pub(super) const fn is_one(c: char) -> bool {
    matches!(c, EMOJI_FORM | NON_JOINER | JOINER)
}

/// Whether a letter, as a reader sees it, is an emoji of several characters that Unicode lists. A digit alone looks the
/// same in every form.
pub(super) fn is_emoji(letter: &str) -> bool {
    letter.contains(is_one)
        && emojis::get(letter).is_some()
        && (!letter.starts_with(|c: char| c.is_ascii()) || letter.ends_with(KEY))
}

/// Whether a joiner at a place of a text belongs there between letters. An emoji is judged whole.
pub(super) fn is_in_place(joiner: char, text: &str, at: usize) -> bool {
    let (before, after) = (&text[..at], &text[at + joiner.len_utf8()..]);
    if joiner == EMOJI_FORM {
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

/// Whether a joiner may follow a character, as far as that character tells.
#[must_use]
pub fn may_follow(joiner: char, before: char) -> bool {
    let is_sign = || is_pictograph(before);
    let joins = || {
        use JoiningType::{DualJoining, LeftJoining, Transparent};
        matches!(get_joining_type(before), DualJoining | LeftJoining | Transparent)
    };
    match joiner {
        EMOJI_FORM => matches!(before, '0'..='9' | '#' | '*') || is_sign(),
        JOINER => VIRAMAS.contains(&before) || before == EMOJI_FORM || is_tone(before) || is_sign(),
        NON_JOINER => VIRAMAS.contains(&before) || (!is_one(before) && joins()),
        _ => false,
    }
}

/// Whether a joiner would join a character with another sign, as it does with pictographs alone.
fn is_pictograph(c: char) -> bool {
    use unicode_segmentation::UnicodeSegmentation as _;
    !c.is_ascii() && String::from_iter([c, JOINER, '👩']).graphemes(true).nth(1).is_none()
}

/// The tones of a skin.
const fn is_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}
