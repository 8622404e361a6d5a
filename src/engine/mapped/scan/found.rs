//! Values that a scan has found, and which of them are there. Must not know how they were found.

use std::borrow::Cow;
use std::mem;
use std::ops::Deref;

/// Value at a pointer, as `serde_json::Value::pointer` finds it: the last one where keys are doubled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FoundValue<'a> {
    /// Nothing is there.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as written.
    Number(Cow<'a, str>),
    /// A text without its escapes.
    Text(Cow<'a, str>),
    /// A list as written; its elements are read by [`super::elements()`].
    Array(Cow<'a, str>),
    /// An object as written; its elements are read by [`super::elements()`].
    Object(Cow<'a, str>),
}

impl FoundValue<'_> {
    /// The same value, of no document.
    #[must_use]
    pub fn into_owned(self) -> FoundValue<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Absent => FoundValue::Absent,
            Self::Null => FoundValue::Null,
            Self::Bool(value) => FoundValue::Bool(value),
            Self::Number(text) => FoundValue::Number(owned(text)),
            Self::Text(text) => FoundValue::Text(owned(text)),
            Self::Array(text) => FoundValue::Array(owned(text)),
            Self::Object(text) => FoundValue::Object(owned(text)),
        }
    }
}

/// A set of slots. Those from the 64th on are in it together or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SlotSet(u64);

impl SlotSet {
    /// Slots that are told apart.
    pub const TOLD_APART: usize = 63;

    /// Adds a slot.
    #[inline(always)]
    pub const fn add(&mut self, slot: usize) {
        self.0 |= 1 << if slot < Self::TOLD_APART { slot } else { Self::TOLD_APART };
    }

    /// Slots of both sets.
    #[inline]
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// From the lowest slot on; [`SlotSet::TOLD_APART`] stands for all the others.
impl Iterator for SlotSet {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        let slot = self.0.trailing_zeros();
        self.0 &= self.0.wrapping_sub(1);
        (slot < u64::BITS).then_some(slot as usize)
    }
}

/// Values by the slots of a trie.
///
/// Invariant: a slot that is not among the filled ones is absent.
#[derive(Debug, Clone, Default)]
pub struct FoundValues<'a> {
    values: Vec<FoundValue<'a>>,
    filled: SlotSet,
}

impl<'a> FoundValues<'a> {
    /// Slots that may be there; all others are absent.
    #[inline]
    #[must_use]
    pub const fn filled(&self) -> SlotSet {
        self.filled
    }

    /// Makes every one of `len` slots absent.
    #[inline]
    pub(super) fn reset(&mut self, len: usize) {
        for slot in mem::take(&mut self.filled) {
            if slot == SlotSet::TOLD_APART {
                self.values[slot..].fill(FoundValue::Absent);
            } else {
                clear(&mut self.values[slot]);
            }
        }
        if self.values.len() != len {
            self.values.resize_with(len, FoundValue::default);
        }
    }

    /// Fills a slot.
    #[inline(always)]
    pub(super) fn put(&mut self, slot: usize, value: FoundValue<'a>) {
        self.filled.add(slot);
        match &mut self.values[slot] {
            // Nothing is dropped.
            place @ FoundValue::Absent => mem::forget(mem::replace(place, value)),
            place => *place = value,
        }
    }

    /// Takes a value out, which is absent then.
    pub fn take(&mut self, slot: usize) -> FoundValue<'a> {
        mem::take(&mut self.values[slot])
    }

    /// The same values, of no document.
    #[must_use]
    pub fn into_owned(self) -> FoundValues<'static> {
        let values = self.values.into_iter().map(FoundValue::into_owned).collect();
        FoundValues { values, filled: self.filled }
    }
}

impl<'a> Deref for FoundValues<'a> {
    type Target = [FoundValue<'a>];

    #[inline]
    fn deref(&self) -> &[FoundValue<'a>] {
        &self.values
    }
}

/// Makes a place absent. What is borrowed is not dropped: that is most of all places.
#[inline(always)]
fn clear(place: &mut FoundValue<'_>) {
    match place {
        FoundValue::Text(Cow::Borrowed(_)) | FoundValue::Number(Cow::Borrowed(_)) => {
            mem::forget(mem::take(place));
        }
        _ => drop_value(place),
    }
}

#[inline(never)]
fn drop_value(place: &mut FoundValue<'_>) {
    *place = FoundValue::Absent;
}
