//! Letters on whose width terminals agree: for all others, what comes after them is placed by the cursor alone.

/// Is true where every terminal gives a letter, as a reader sees it, the same columns: one character, or one with accents on
/// it. Terminals differ about conjuncts, vowel signs, flags, families, and emoji younger than they are.
#[must_use]
pub fn has_certain_width(letter: &str) -> bool {
    if letter.len() == 1 {
        return true;
    }
    let mut chars = letter.chars();
    let Some(base) = chars.next() else { return true };
    !is_picture(base) && chars.all(|c| matches!(c, '\u{300}'..='\u{36f}'))
}

/// The blocks of emoji, of halves of flags, and of tones of the skin.
const fn is_picture(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_agree_on_single_characters_and_their_accents() {
        for letter in ["", "a", "é", "e\u{301}", "o\u{302}\u{301}", "日", "한", "क", "❤", "─", "ی", "▌"]
        {
            assert!(has_certain_width(letter), "{letter:?}");
        }
        for letter in [
            "का",
            "क्\u{200d}ष",
            "क्ष",
            "🇩🇪",
            "🇩",
            "👍🏽",
            "👍",
            "🏽",
            "👩\u{200d}💻",
            "❤\u{fe0f}",
            "❤\u{fe0e}",
            "1\u{fe0f}\u{20e3}",
            "ی\u{200c}",
            "ักำ",
            "ᄒ\u{1161}",
            "ｶﾞ",
        ] {
            assert!(!has_certain_width(letter), "{letter:?}");
        }
    }
}
