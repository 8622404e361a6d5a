//! Comparisons of a field and a value.

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compare {
    /// `:`, what is meant most often: see [`super::field::FieldKind`].
    Fits,
    /// `=`: the very value.
    Same,
    /// `!=`: any other value.
    Differs,
    /// `>`.
    More,
    /// `>=`.
    AtLeast,
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `~`: what a regular expression finds something in.
    Like,
    /// `!~`: what it finds nothing in.
    Unlike,
}

impl Compare {
    /// Every comparison, the longer signs first.
    const SIGNS: [(&'static str, Self); 9] = [
        ("!=", Self::Differs),
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        ("!~", Self::Unlike),
        (":", Self::Fits),
        ("=", Self::Same),
        (">", Self::More),
        ("<", Self::Less),
        ("~", Self::Like),
    ];

    /// As it is typed.
    #[must_use]
    pub fn sign(self) -> &'static str {
        Self::SIGNS.iter().find(|(_, it)| *it == self).map_or("", |(sign, _)| sign)
    }

    /// The comparison that a text begins with, and its sign.
    #[must_use]
    pub fn read(text: &str) -> Option<(&'static str, Self)> {
        Self::SIGNS.into_iter().find(|(sign, _)| text.starts_with(sign))
    }

    /// Returns true if it asks for what another one does not find.
    pub(super) const fn is_negative(self) -> bool {
        matches!(self, Self::Differs | Self::Unlike)
    }

    /// Is true when a number compares to another one so.
    #[must_use]
    #[inline]
    pub fn holds<T: Ord>(self, one: &T, other: &T) -> bool {
        match self {
            Self::Fits | Self::Same => one == other,
            Self::Differs => one != other,
            Self::More => one > other,
            Self::AtLeast => one >= other,
            Self::Less => one < other,
            Self::AtMost => one <= other,
            Self::Like | Self::Unlike => false,
        }
    }
}

/// Several signs in words: `: = != ~ !~`.
pub(super) fn signs(compares: &[Compare]) -> String {
    compares.iter().map(|compare| compare.sign()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_read_as_it_is_written() {
        for (sign, compare) in Compare::SIGNS {
            assert_eq!(Compare::read(&format!("{sign}x")), Some((sign, compare)));
            assert_eq!(compare.sign(), sign);
        }
        assert_eq!(Compare::read("!x"), None);
    }
}
