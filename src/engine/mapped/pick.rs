//! Values that a table picks out of a line. Must not know what a value is for.

use std::sync::LazyLock;

use super::scan::{FoundValue, FoundValues, JsonPointer, PointerTrie, scan};
use super::statement::{Composed, IdPiece};
use super::table::pick::Pick;
use crate::model::task::Text;

/// A value that was picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Picked<'a> {
    /// Nothing is there.
    Absent,
    /// `null` is there.
    Null,
    /// A text, or a number, a truth value or a container as its text.
    Text(Text<'a>),
    /// A text with pieces that an earlier line told.
    Pieces(Vec<IdPiece<'a>>),
}

/// One element of a list that a rule goes through.
#[derive(Debug)]
pub(super) struct ElementSite<'f, 'a> {
    /// Its key, or its index.
    pub(super) key: Text<'a>,
    /// Its JSON.
    pub(super) json: Text<'a>,
    /// Values in it, by the slots of the rule's own pointers.
    pub(super) found: &'f [FoundValue<'a>],
}

/// The place where values are picked: a line, and an element of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'f, 'a> {
    /// Values in the line, by the slots of the table's pointers.
    pub(super) found: &'f FoundValues<'a>,
    /// The element, in a rule that goes through a list.
    pub(super) element: Option<&'f ElementSite<'f, 'a>>,
}

impl<'a> Site<'_, 'a> {
    /// Picks a value.
    #[inline]
    pub(super) fn pick(&self, pick: &Pick) -> Picked<'a> {
        match pick {
            Pick::Slot(slot) => of_found(&self.found[*slot]),
            composed => self.pick_composed(composed),
        }
    }

    /// Picks a value that is not one of the line as it is.
    fn pick_composed(&self, pick: &Pick) -> Picked<'a> {
        match pick {
            Pick::Slot(slot) => of_found(&self.found[*slot]),
            Pick::ElementSlot(slot) => self.element.map_or(Picked::Absent, |it| of_found(&it.found[*slot])),
            Pick::Element => self.element.map_or(Picked::Absent, |it| of_json(&it.json)),
            Pick::ElementKey => self.element.map_or(Picked::Absent, |it| Picked::Text(it.key.clone())),
            Pick::Register(register) => Picked::Pieces(vec![IdPiece::Register(register_of(*register))]),
            Pick::Const(text) => Picked::Text(text.to_string().into()),
            Pick::First(picks) => {
                let mut all = picks.iter().map(|pick| self.pick(pick));
                // `null` says that nothing is known, and another place may know.
                let mut null = Picked::Absent;
                all.find_map(|picked| match picked {
                    Picked::Absent => None,
                    Picked::Null => {
                        null = Picked::Null;
                        None
                    }
                    value => Some(value),
                })
                .unwrap_or(null)
            }
            Pick::Join { parts, with } => self.join(parts, with),
            Pick::Strip { of, start, end } => match self.pick(of) {
                Picked::Text(text) => Picked::Text(stripped(text, start, end)),
                other => other,
            },
        }
    }

    /// Joins parts. Without one that is not optional there is no value.
    fn join(&self, parts: &[(Pick, bool)], with: &str) -> Picked<'a> {
        let mut pieces: Vec<IdPiece<'a>> = Vec::with_capacity(2 * parts.len());
        for (part, is_optional) in parts {
            let more = match self.pick(part) {
                Picked::Absent | Picked::Null if *is_optional => continue,
                Picked::Absent => return Picked::Absent,
                Picked::Null => return Picked::Null,
                Picked::Text(text) => vec![IdPiece::Text(text)],
                Picked::Pieces(pieces) => pieces,
            };
            if !pieces.is_empty() {
                pieces.push(IdPiece::Text(with.to_owned().into()));
            }
            pieces.extend(more);
        }
        if pieces.is_empty() {
            return Picked::Absent;
        }
        let texts: Option<Vec<&str>> = pieces
            .iter()
            .map(|piece| match piece {
                IdPiece::Text(text) => Some(&**text),
                IdPiece::Register(_) => None,
            })
            .collect();
        match texts {
            Some(texts) => Picked::Text(texts.concat().into()),
            None => Picked::Pieces(pieces),
        }
    }

    /// Picks a text that names something; none where it is absent, `null` or empty.
    pub(super) fn composed(&self, pick: &Pick) -> Option<Composed<'a>> {
        match self.pick(pick) {
            Picked::Text(text) => (!text.is_empty()).then_some(Composed::Whole(text)),
            Picked::Pieces(pieces) => Some(Composed::Pieces(pieces.into())),
            Picked::Absent | Picked::Null => None,
        }
    }

    /// True of one value that is not there. Of others this is known only once they are picked.
    #[inline]
    pub(super) fn is_absent(&self, pick: &Pick) -> bool {
        matches!(pick, Pick::Slot(slot) if matches!(self.found[*slot], FoundValue::Absent))
    }

    /// The value itself, where no work on it is asked for.
    pub(super) fn found(&self, pick: &Pick) -> Option<&FoundValue<'a>> {
        match pick {
            Pick::Slot(slot) => Some(&self.found[*slot]),
            Pick::ElementSlot(slot) => Some(&self.element?.found[*slot]),
            _ => None,
        }
    }
}

/// Number of a register: a table has few.
fn register_of(register: usize) -> u8 {
    u8::try_from(register).expect("a table has at most 16 registers")
}

#[inline]
fn of_found<'a>(found: &FoundValue<'a>) -> Picked<'a> {
    match found {
        FoundValue::Text(Text::Borrowed(text)) | FoundValue::Number(Text::Borrowed(text)) => {
            Picked::Text(Text::Borrowed(text))
        }
        rare => of_rare(rare),
    }
}

/// The same, where the value is no text of the line.
fn of_rare<'a>(found: &FoundValue<'a>) -> Picked<'a> {
    match found {
        FoundValue::Absent => Picked::Absent,
        FoundValue::Null => Picked::Null,
        FoundValue::Bool(value) => Picked::Text(if *value { "true" } else { "false" }.into()),
        FoundValue::Number(text)
        | FoundValue::Text(text)
        | FoundValue::Array(text)
        | FoundValue::Object(text) => Picked::Text(text.clone()),
    }
}

/// Value of a whole document.
fn of_json<'a>(json: &Text<'a>) -> Picked<'a> {
    static WHOLE: LazyLock<PointerTrie> = LazyLock::new(|| PointerTrie::new(&[JsonPointer::default()]));
    let whole = &*WHOLE;
    let of = |json: &str| {
        let mut found = FoundValues::default();
        match scan(json.as_bytes(), whole, &mut found) {
            Ok(()) => found.first().cloned().map(FoundValue::into_owned),
            Err(_) => None,
        }
    };
    of(json).map_or(Picked::Absent, |found| of_found(&found))
}

fn stripped<'a>(text: Text<'a>, start: &str, end: &str) -> Text<'a> {
    fn inner<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
        let text = text.strip_prefix(start).unwrap_or(text);
        text.strip_suffix(end).unwrap_or(text)
    }
    match text {
        Text::Borrowed(text) => inner(text, start, end).into(),
        Text::Owned(text) => inner(&text, start, end).to_owned().into(),
    }
}
