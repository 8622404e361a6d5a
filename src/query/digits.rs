//! Parts of ids, compared as numbers: an id is never written out to be looked through.

pub(super) use uuid::Uuid as Id;

/// Where the hyphens of an id stand.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];
/// How long an id is as a text.
const LENGTH: usize = 36;
/// Digits of an id.
const DIGITS: usize = 32;

/// Some of the digits of an id, each at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fit {
    mask: u128,
    digits: u128,
}

/// Ways in which an id may hold what is looked for; none when it cannot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Digits(Vec<Fit>);

impl Digits {
    /// An id that begins so, hyphens or none; nothing when no id does.
    pub(super) fn beginning(typed: &str) -> Option<Self> {
        let digits: Option<Vec<u8>> = typed.chars().filter(|c| *c != '-').map(digit).collect();
        let digits = digits.filter(|digits| digits.len() <= DIGITS)?;
        Some(Self(vec![fit(digits.into_iter().enumerate())]))
    }

    /// An id whose text holds a text somewhere.
    pub(super) fn within(typed: &str) -> Self {
        let chars: Vec<char> = typed.chars().collect();
        let Some(last) = LENGTH.checked_sub(chars.len()) else { return Self::default() };
        Self((0..=last).filter_map(|at| fit_at(&chars, at)).collect())
    }

    #[inline]
    pub(super) fn fits(&self, id: &Id) -> bool {
        let id = id.as_u128();
        self.0.iter().any(|fit| id & fit.mask == fit.digits)
    }
}

fn digit(c: char) -> Option<u8> {
    c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// What an id is that has these digits at these places.
fn fit(digits: impl Iterator<Item = (usize, u8)>) -> Fit {
    digits.fold(Fit { mask: 0, digits: 0 }, |fit, (place, digit)| {
        let shift = 4 * (DIGITS - 1 - place);
        Fit { mask: fit.mask | 0xF << shift, digits: fit.digits | u128::from(digit) << shift }
    })
}

/// What an id is whose text holds these characters at this place.
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
            let id = Id::from_u128(id);
            let text = id.to_string();
            let part = &text[from..(from + len).min(text.len())];
            prop_assert!(Digits::within(part).fits(&id), "{part}");
            prop_assert!(Digits::within(&part.to_uppercase()).fits(&id));
            prop_assert_eq!(Digits::within(&other).fits(&id), text.contains(&other));
            let begins = Digits::beginning(&other).map(|digits| digits.fits(&id));
            let is_hex = !other.contains('g');
            let plain = other.replace('-', "");
            prop_assert_eq!(begins, is_hex.then(|| text.replace('-', "").starts_with(&plain)));
            prop_assert!(Digits::beginning(&text[..len]).unwrap().fits(&id));
        }
    }
}
