//! A set of modes, small enough to be a constant.

use super::Mode;

/// Some modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modes(u16);

impl Modes {
    /// None.
    pub const NONE: Self = Self(0);
    /// All of them.
    pub const ALL: Self = Self::of(&Mode::ALL);

    /// These.
    #[must_use]
    pub const fn of(modes: &[Mode]) -> Self {
        let (mut bits, mut index) = (0, 0);
        while index < modes.len() {
            bits |= 1 << modes[index] as u16;
            index += 1;
        }
        Self(bits)
    }

    /// Returns the modes in which a letter is typed; its meaning in other modes does not matter.
    #[must_use]
    pub fn that_take(letter: char) -> Self {
        Mode::ALL.into_iter().filter(|mode| mode.takes(letter)).collect()
    }

    /// Returns true if this mode is one of them.
    #[must_use]
    pub const fn has(self, mode: Mode) -> bool {
        self.0 & 1 << mode as u16 != 0
    }

    /// Returns true if there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that are in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are in either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Each of them, in the order of [`Mode::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Mode> {
        Mode::ALL.into_iter().filter(move |mode| self.has(*mode))
    }
}

impl FromIterator<Mode> for Modes {
    fn from_iter<I: IntoIterator<Item = Mode>>(modes: I) -> Self {
        modes.into_iter().fold(Self::NONE, |all, mode| all.or(Self::of(&[mode])))
    }
}
