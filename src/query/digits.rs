//! Parts of ids, compared as numbers: an id is never written out to be looked through.

pub(super) use uuid::Uuid;

/// Places of the hyphens in an id.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];
/// Length of an id as a text.
const LENGTH: usize = 36;
/// Digits of an id.
const DIGITS: usize = 32;

/// Some of the digits of an id, each at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fit {
    mask: u128,
    digits: u128,
}

/// Digits in a row that are looked for at all places at once.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    /// Each digit, 32 times.
    digits: Vec<u128>,
    /// The lowest bit of each place where the row may begin, for it does not reach over a hyphen.
    starts: u128,
}

/// The lowest bit of each digit.
const ONES: u128 = u128::MAX / 0xF;

/// Ways in which an id may hold what is looked for; none when it cannot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Digits {
    fits: Vec<Fit>,
    /// The same, where it is digits alone.
    row: Option<Row>,
}

impl Digits {
    /// An id that begins so, hyphens or none; nothing when no id does.
    pub(super) fn beginning(typed: &str) -> Option<Self> {
        let digits: Option<Vec<u8>> = typed.chars().filter(|c| *c != '-').map(digit).collect();
        let digits = digits.filter(|digits| digits.len() <= DIGITS)?;
        Some(Self { fits: vec![fit(digits.into_iter().enumerate())], row: None })
    }

    /// Returns an id of which this may be shown: its beginning, or from `fewest` digits on its end or a part
    /// of its groups of four. What is left out may be marked, as the screen marks it: `…3f9c`, `7ef1…3f9c`,
    /// and then the digits between two marks may be anywhere. Nothing when no id is so.
    pub(super) fn shown(typed: &str, fewest: usize) -> Option<Self> {
        let parts: Vec<&str> = typed.split(['…', '~']).collect();
        let read =
            |part: &str| -> Option<Vec<u8>> { part.chars().filter(|c| *c != '-').map(digit).collect() };
        let n_digits = parts.iter().map(|part| part.len()).sum::<usize>();
        match parts[..] {
            [begin] if read(begin)?.len() < fewest => Self::beginning(begin),
            [all] => {
                let digits = read(all)?;
                let last = DIGITS.checked_sub(digits.len())?;
                Self::starting((0..=last).filter(|at| at.is_multiple_of(4) || *at == last), digits)
            }
            ["", all, ""] => {
                let digits = read(all)?;
                Self::starting(0..=DIGITS.checked_sub(digits.len())?, digits)
            }
            _ if n_digits == 0 => None,
            [begin, end] => {
                let (begin, end) = (read(begin)?, read(end)?);
                let from = DIGITS.checked_sub(end.len()).filter(|from| *from >= begin.len())?;
                let digits = begin.into_iter().enumerate().chain((from..).zip(end));
                Some(Self { fits: vec![fit(digits)], row: None })
            }
            _ => None,
        }
    }

    /// An id that has these digits in a row, from one of these places on, wherever its hyphens are.
    fn starting(places: impl IntoIterator<Item = usize>, digits: Vec<u8>) -> Option<Self> {
        if digits.is_empty() {
            return None;
        }
        let starts = places.into_iter().fold(0, |starts, at| starts | 1_u128 << (4 * (DIGITS - 1 - at)));
        let digits = digits.into_iter().map(|digit| ONES * u128::from(digit)).collect();
        Some(Self { fits: vec![], row: Some(Row { digits, starts }) })
    }

    /// An id whose text holds a text somewhere.
    pub(super) fn within(typed: &str) -> Self {
        let chars: Vec<char> = typed.chars().collect();
        let Some(last) = LENGTH.checked_sub(chars.len()) else { return Self::default() };
        let fits: Vec<Fit> = (0..=last).filter_map(|at| fit_at(&chars, at)).collect();
        let digits: Option<Vec<u8>> = chars.iter().map(|c| digit(*c)).collect();
        // Each fit begins with the first digit, which is the highest of its mask.
        let starts = fits.iter().map(|fit| 1 << (124 - fit.mask.leading_zeros()));
        let row = digits.filter(|digits| !digits.is_empty()).map(|digits| Row {
            digits: digits.into_iter().map(|digit| ONES * u128::from(digit)).collect(),
            starts: starts.fold(0, |starts: u128, start: u128| starts | start),
        });
        Self { fits, row }
    }

    #[inline]
    pub(super) fn fits(&self, id: u128) -> bool {
        match &self.row {
            Some(row) => row.is_in(id),
            None => self.fits.iter().any(|fit| id & fit.mask == fit.digits),
        }
    }
}

impl Row {
    /// Returns true if the digits are somewhere in a row.
    #[inline]
    fn is_in(&self, id: u128) -> bool {
        let mut starts = self.starts;
        for (place, digit) in self.digits.iter().enumerate() {
            // What is nothing here is this digit.
            let other = id ^ digit;
            let other = other | other >> 1;
            let other = (other | other >> 2) & ONES;
            starts &= (other ^ ONES) << (4 * place);
            if starts == 0 {
                return false;
            }
        }
        true
    }
}

fn digit(c: char) -> Option<u8> {
    c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Returns the ids that have these digits at these places.
fn fit(digits: impl Iterator<Item = (usize, u8)>) -> Fit {
    digits.fold(Fit { mask: 0, digits: 0 }, |fit, (place, digit)| {
        let shift = 4 * (DIGITS - 1 - place);
        Fit { mask: fit.mask | 0xF << shift, digits: fit.digits | u128::from(digit) << shift }
    })
}

/// Returns the ids whose text holds these characters at this place.
fn fit_at(chars: &[char], at: usize) -> Option<Fit> {
    let mut digits = Vec::with_capacity(chars.len());
    for (place, c) in (at..).zip(chars) {
        match (HYPHENS.contains(&place), *c == '-') {
            (true, true) => {}
            (false, false) => {
                let hyphens_before = HYPHENS.iter().filter(|hyphen| **hyphen < place).count();
                digits.push((place - hyphens_before, digit(*c)?));
            }
            _ => return None,
        }
    }
    Some(fit(digits.into_iter()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn digits_are_found_where_the_text_has_them(id: u128, from in 0..36_usize, len in 0..36_usize, other in "[-0-9a-g]{0,3}") {
            let text = Uuid::from_u128(id).to_string();
            let part = &text[from..(from + len).min(text.len())];
            prop_assert!(Digits::within(part).fits(id), "{part}");
            prop_assert!(Digits::within(&part.to_uppercase()).fits(id));
            prop_assert_eq!(Digits::within(&other).fits(id), text.contains(&other));
            let begins = Digits::beginning(&other).map(|digits| digits.fits(id));
            let is_hex = !other.contains('g');
            let plain = other.replace('-', "");
            prop_assert_eq!(begins, is_hex.then(|| text.replace('-', "").starts_with(&plain)));
            prop_assert!(Digits::beginning(&text[..len]).unwrap().fits(id));
        }

        #[test]
        fn what_is_shown_of_an_id_finds_it(id: u128, from in 0..32_usize, len in 6..32_usize, other in "[0-9a-f]{6,9}") {
            let plain = Uuid::from_u128(id).simple().to_string();
            let (begin, part, end) = (&plain[..from], &plain[from..(from + len).min(32)], &plain[from..]);
            let finds = |typed: &str| Digits::shown(typed, 6).is_some_and(|digits| digits.fits(id));
            let marked = |before: &str, shown: &str, after: &str| finds(&[before, shown, after].concat());
            if part.len() >= 6 {
                prop_assert!(marked("…", part, "…") && marked("~", part, "~"));
                prop_assert!(finds(part) || !(from.is_multiple_of(4) || from + len >= 32));
            }
            prop_assert!(marked("…", end, "") && marked(&plain[..from / 2], "…", end));
            prop_assert!(finds(begin) && (begin.is_empty() || marked("", begin, "…")));
            let is_grouped = (0..32).step_by(4).any(|at| plain[at..].starts_with(&other));
            prop_assert_eq!(finds(&other), is_grouped || plain.ends_with(&other));
            prop_assert_eq!(marked("…", &other, ""), plain.ends_with(&other));
            prop_assert_eq!(marked("", &other, "…"), plain.starts_with(&other));
            prop_assert_eq!(finds(&other[..3]), plain.starts_with(&other[..3]));
        }
    }
}
