//! Other layouts of the keyboard: which Latin letter or sign the key has that typed a letter of another script.
//!
//! Keyboard layouts. A key is found by its place, as on a keyboard for English. A letter with two places in
//! the layouts of its script is left out. Must not know what a key means.

/// Letters, and below each the one that its key has for English.
const LAYOUTS: &[(&str, &str)] = &[
    // Russian.
    ("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"),
    ("ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ", "QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~"),
    // Ukrainian, Belarusian, and what Serbian and Macedonian have beside them.
    ("іїєґўјљњћђџѕ", "s]'\\ojqw;[xy"),
    ("ІЇЄҐЎЈЉЊЋЂЏЅ", "S}\"|OJQW:{XY"),
    ("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm"),
    ("ΕΡΤΥΘΙΟΠΑΣΔΦΓΗΞΚΛΖΧΨΩΒΝΜ", "ERTYUIOPASDFGHJKLZXCVBNM"),
    ("έύίόάήώϋϊ", "eyioahvyi"),
    ("קראטוןםפשדגכעיחלךףזסבהנמצתץ", "ertyuiopasdfghjkl;zxcvbnm,."),
    // Arabic, and what Persian has beside it.
    ("ضصثقفغعهخحجشسيبلاتنمكئءؤرىةو", "qwertyuiop[asdfghjkl;zxcvnm,"),
    ("چپگکی", "]m';d"),
    ("ๆไำพะัีรนยบลฟหกดเ้่าสวผปแอิืทมใฝง", "qwertyuiop[]asdfghjkl;zxcvbnm,./'"),
    ("ქწერტყუიოპასდფგჰჯკლზხცვბნმ", "qwertyuiopasdfghjklzxcvbnm"),
    ("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ", "qwertyuiopasdfghjklzxcvbnm"),
    ("ㅃㅉㄸㄲㅆㅒㅖ", "QWERTOP"),
    // What an input method writes in place of a sign.
    ("、。・「」【】《》￥", ",./[][]<>\\"),
];

/// The letter or sign that a key has for English which typed this letter of another script.
#[must_use]
pub(super) fn latin(letter: char) -> Option<char> {
    if letter.is_ascii() {
        return None;
    }
    // Wide forms, as input methods for Chinese, Japanese and Korean write them.
    if let '\u{ff01}'..='\u{ff5e}' = letter {
        return char::from_u32(u32::from(letter) - 0xfee0);
    }
    LAYOUTS.iter().find_map(|(letters, places)| {
        let at = letters.chars().position(|it| it == letter)?;
        places.chars().nth(at)
    })
}

/// The capital of a letter, if it is one letter.
pub(super) fn capital(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    upper.next().filter(|_| upper.next().is_none()).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_of_another_script_is_the_key_at_its_place() {
        for (letters, places) in [
            ("оПйЖ.", "jGq:."),
            ("ξΓς", "jGw"),
            ("חש", "ja"),
            ("تش", "ja"),
            ("่ฟ", "ja"),
            ("ჯა", "ja"),
            ("ㅓㅁㄲ", "jaR"),
            ("ｊＧ？：", "jG?:"),
        ] {
            let found: String = letters.chars().map(|letter| latin(letter).unwrap_or(letter)).collect();
            assert_eq!(found, places);
        }
        assert_eq!([latin('q'), latin('é'), latin('结'), latin('あ')], [None; 4]);
        for (letters, places) in LAYOUTS {
            assert_eq!(letters.chars().count(), places.chars().count(), "{letters}");
            assert!(places.is_ascii());
            // A letter has one place.
            for letter in letters.chars() {
                let count: usize = LAYOUTS.iter().map(|(it, _)| it.matches(letter).count()).sum();
                assert_eq!(count, 1, "{letter:?}");
            }
        }
    }
}
