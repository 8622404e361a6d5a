//! The slow way: `serde_json` checks the document, and splits every container on the way to a pointer.
//!
//! A container is split once for each step of the longest pointer, so the time is linear in the length of the document.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::keys::NO_SLOT;
use super::trie::{PointerTrie, ROOT};
use super::{FoundValue, FoundValues};
use crate::model::json::error;

/// Reads a document into `found`, where every slot is absent.
///
/// # Errors
/// When the document is no JSON.
pub(super) fn read<'a>(
    json: &'a [u8],
    trie: &PointerTrie,
    found: &mut FoundValues<'a>,
) -> Result<(), String> {
    let mut read = || -> Result<(), serde_json::Error> {
        serde_json::from_slice::<Value>(json)?;
        walk(serde_json::from_slice(json)?, trie, ROOT, found)
    };
    read().map_err(|reason| error::plain(&reason.to_string()))
}

/// Keeps what is wanted of a value.
fn walk<'a>(
    raw: &'a RawValue,
    trie: &PointerTrie,
    node: u32,
    found: &mut FoundValues<'a>,
) -> Result<(), serde_json::Error> {
    let node = trie.node(node);
    let text = raw.get();
    let first = text.as_bytes().first();
    if node.slot != NO_SLOT {
        let value = match first {
            Some(b'"') => FoundValue::Text(serde_json::from_str::<String>(text)?.into()),
            Some(b'{') => FoundValue::Object(text.into()),
            Some(b'[') => FoundValue::Array(text.into()),
            Some(b't') => FoundValue::Bool(true),
            Some(b'f') => FoundValue::Bool(false),
            Some(b'n') => FoundValue::Null,
            _ => FoundValue::Number(text.into()),
        };
        found.put(node.slot as usize, value);
    }
    if node.children().is_empty() {
        return Ok(());
    }
    match first {
        Some(b'{') => {
            // The last of doubled keys is kept.
            let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text)?;
            let wanted = node.children().iter().filter_map(|(key, child)| Some((*fields.get(key)?, *child)));
            wanted.into_iter().try_for_each(|(raw, child)| walk(raw, trie, child, found))
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            let wanted =
                node.items.iter().filter_map(|(index, child)| Some((*items.get(*index)?, child.node)));
            wanted.into_iter().try_for_each(|(raw, child)| walk(raw, trie, child, found))
        }
        _ => Ok(()),
    }
}
