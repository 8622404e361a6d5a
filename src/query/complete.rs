//! Completions of a query that is being typed. The only door of fuzzy matching.
//!
//! Reads the same pieces as the parser, so that what is offered is what would be understood. Looks at a few thousand
//! texts of a store at most, however many runs it has.

mod values;

use std::ops::Range;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::compare::Compare;
use super::field::{FIELDS, FieldKind, FieldRow, WORDS};
use super::token::{Compared, Piece, QueryWord, Quotes, What, pieces};
use crate::model::states::StateTable;
use crate::store::Store;

/// Maximum number of candidates.
const MOST: usize = 50;

/// Completions of a query, the likeliest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completions {
    /// One row each.
    pub candidates: Vec<Candidate>,
}

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The bytes of the query that it replaces.
    pub replaces: Range<usize>,
    /// Text that it puts there.
    pub with: String,
    /// Meaning, for people; empty for values.
    pub help: &'static str,
}

/// Something that may be offered.
#[derive(Debug)]
struct Offer {
    /// Text that it is found by.
    name: String,
    with: String,
    help: &'static str,
}

/// The part being typed at the caret.
#[derive(Debug)]
struct Typing<'a> {
    /// Text typed so far, without quotes.
    typed: &'a str,
    replaces: Range<usize>,
    what: Asked,
}

#[derive(Debug)]
enum Asked {
    /// A term from its beginning.
    Term,
    /// The name of a field that is compared already.
    Field,
    Named,
    Value(&'static FieldRow, Compare),
    Nothing,
}

/// Completes the query `text` at the caret, that byte of it. `named` are the names of queries.
#[must_use]
pub fn complete(text: &str, caret: usize, store: &Store, named: &[String]) -> Completions {
    let caret = (0..=caret.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let typing = typing(text, caret);
    let offers = match typing.what {
        Asked::Term => terms(store.states(), named),
        Asked::Field => FIELDS.iter().map(|row| offer(row.name, row.name, row.help)).collect(),
        Asked::Named => queries(named),
        Asked::Value(row, compare) => values::of(row, compare, store),
        Asked::Nothing => vec![],
    };
    let mut candidates = fitting(typing.typed, offers);
    candidates.truncate(MOST);
    let candidate =
        |offer: Offer| Candidate { replaces: typing.replaces.clone(), with: offer.with, help: offer.help };
    Completions { candidates: candidates.into_iter().map(candidate).collect() }
}

/// Returns the part at the caret: the last piece that begins before it and does not end before it.
fn typing(text: &str, caret: usize) -> Typing<'_> {
    let found =
        pieces(text).into_iter().rev().find(|piece| piece.at.start < caret && touches(piece, text, caret));
    let here = |what| Typing { typed: "", replaces: caret..caret, what };
    let Some(piece) = found else { return here(Asked::Term) };
    let begun =
        |start: usize, end: usize, what| Typing { typed: &text[start..caret], replaces: start..end, what };
    match piece.what {
        What::Open | What::Minus => here(Asked::Term),
        What::Close => here(Asked::Nothing),
        What::Named(_) => begun(piece.at.start, piece.at.end, Asked::Named),
        What::Text(it) if it.quotes == Quotes::None => begun(it.at.start, it.at.end, Asked::Term),
        What::Text(_) => here(Asked::Nothing),
        What::Compared(it) if caret <= it.field_at.end => {
            begun(it.field_at.start, it.field_at.end, Asked::Field)
        }
        What::Compared(it) => value(text, caret, &it),
    }
}

/// Returns true if the caret is in a piece, or behind it so that the next letter belongs to it.
fn touches(piece: &Piece<'_>, text: &str, caret: usize) -> bool {
    let lacks_value = matches!(&piece.what, What::Compared(Compared { value: None, .. }));
    let is_before = lacks_value && piece.at.end < caret && text[piece.at.end..caret].trim().is_empty();
    caret <= piece.at.end || is_before
}

fn value<'a>(text: &'a str, caret: usize, it: &Compared<'a>) -> Typing<'a> {
    let row = FieldRow::find(it.field).filter(|row| row.kind.takes().contains(&it.compare));
    let what = row.map_or(Asked::Nothing, |row| Asked::Value(row, it.compare));
    match &it.value {
        Some(QueryWord { at, quotes, .. }) if at.start <= caret => {
            let start = if *quotes == Quotes::None { at.start } else { (at.start + 1).min(caret) };
            let end = if *quotes == Quotes::Closed { at.end - 1 } else { at.end };
            let typed = &text[start..caret.min(end).max(start)];
            // A quote that is not closed yet holds all that follows, which is not part of the value.
            let end = if *quotes == Quotes::Open { caret } else { at.end };
            Typing { typed, replaces: at.start..end.max(caret), what }
        }
        _ if caret < it.sign_at.end => Typing { typed: "", replaces: caret..caret, what: Asked::Nothing },
        _ => Typing { typed: "", replaces: caret..caret, what },
    }
}

fn offer(name: &str, with: impl Into<String>, help: &'static str) -> Offer {
    Offer { name: name.to_owned(), with: with.into(), help }
}

/// Fields with the comparison that they are mostly used with, words, states and names of queries.
fn terms(states: &'static StateTable, named: &[String]) -> Vec<Offer> {
    let sign = |kind: FieldKind| match kind {
        FieldKind::State | FieldKind::Name | FieldKind::Prose | FieldKind::Id | FieldKind::Cause => ":",
        FieldKind::Number => ">=",
        FieldKind::Length | FieldKind::Instant => ">",
    };
    let fields =
        FIELDS.iter().map(|row| offer(row.name, format!("{}{}", row.name, sign(row.kind)), row.help));
    let words = WORDS.iter().map(|row| offer(row.name, row.name, row.help));
    let states = states.listed().map(|state| {
        let name = state.to_string();
        offer(&name, format!("state:{name}"), "runs in this state")
    });
    fields.chain(words).chain(states).chain(queries(named)).collect()
}

fn queries(named: &[String]) -> Vec<Offer> {
    let offers = named
        .iter()
        .map(|name| format!("@{name}"))
        .map(|name| offer(&name, name.clone(), "a query of yours"));
    offers.collect()
}

/// Those that what is typed may be meant for, the best first; of equal ones the first.
fn fitting(typed: &str, offers: Vec<Offer>) -> Vec<Offer> {
    if typed.is_empty() {
        return offers;
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    let atom = Atom::new(typed, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy, false);
    let mut buffer = Vec::new();
    let mut score = |offer: &Offer| atom.score(Utf32Str::new(&offer.name, &mut buffer), &mut matcher);
    let mut scored: Vec<(u16, Offer)> =
        offers.into_iter().filter_map(|offer| Some((score(&offer)?, offer))).collect();
    scored.sort_by_key(|(score, offer)| (std::cmp::Reverse(*score), offer.name.len()));
    scored.into_iter().map(|(_, offer)| offer).collect()
}
