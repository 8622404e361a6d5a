//! Reading of one JSON document: the values at a few pointers. A plain form on `serde_json`, with the interface of the
//! quick one that takes its place.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use crate::model::json::error::plain;

/// Steps that a pointer may have.
pub const MAX_STEPS: usize = 16;

/// Pointer to a value of a JSON document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pointer(String);

impl FromStr for Pointer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !text.is_empty() && !text.starts_with('/') {
            return Err(format!("a pointer begins with `/`; did you mean `/{text}`?"));
        }
        if text.split('~').skip(1).any(|part| !part.starts_with(['0', '1'])) {
            return Err("`~` is written `~0` in a pointer, and `/` within a name `~1`".to_owned());
        }
        let count = text.matches('/').count();
        if count > MAX_STEPS {
            return Err(format!("a pointer has at most {MAX_STEPS} steps; this one has {count}"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Pointers; the place of one in the list is its slot.
#[derive(Debug)]
pub struct PointerTrie(Vec<Pointer>);

impl PointerTrie {
    /// A trie of these pointers.
    #[must_use]
    pub fn new(pointers: &[Pointer]) -> Self {
        Self(pointers.to_vec())
    }

    /// Number of slots.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Is true of a trie without any pointer.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Value at a pointer.
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
    /// A list as written.
    Array(Cow<'a, str>),
    /// An object as written.
    Object(Cow<'a, str>),
}

/// Reads one JSON document. `found` is overwritten with one value for each slot of the trie.
///
/// # Errors
/// The reason why the document is no JSON, in words.
pub fn scan<'a>(json: &'a [u8], trie: &PointerTrie, found: &mut Vec<FoundValue<'a>>) -> Result<(), String> {
    found.clear();
    let value: Value = serde_json::from_slice(json).map_err(|error| plain(&error.to_string()))?;
    found.extend(trie.0.iter().map(|pointer| value.pointer(&pointer.0).map_or(FoundValue::Absent, of_value)));
    Ok(())
}

fn of_value<'a>(value: &Value) -> FoundValue<'a> {
    match value {
        Value::Null => FoundValue::Null,
        Value::Bool(it) => FoundValue::Bool(*it),
        Value::Number(it) => FoundValue::Number(it.to_string().into()),
        Value::String(it) => FoundValue::Text(it.clone().into()),
        Value::Array(_) => FoundValue::Array(value.to_string().into()),
        Value::Object(_) => FoundValue::Object(value.to_string().into()),
    }
}
