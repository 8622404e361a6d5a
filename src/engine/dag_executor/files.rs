//! The files of a state directory of dag-executor 0.1 (`storage/file_storage.rs`), told apart by their names and by what is
//! in them.
//!
//! A file is named after the hash of its key, so only its content says whether it is of a task. Must not open one.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::decode::{BorrowedText, DagContent, kept};
use super::envelope::{Envelope, file_name};
use crate::model::json::ascii::to_text;
use crate::model::json::error::plain;
use crate::source::directory::shape::FileContent;

/// Hexadecimal digits of a hash.
const DIGITS: usize = 64;

/// Most bytes of a torn file that are kept beside the reason.
const MAX_TORN_BYTES: usize = 64 << 10;

/// A file, as the engine writes it.
#[derive(Deserialize)]
struct StateFile<'a> {
    #[serde(borrow)]
    key: BorrowedText<'a>,
    #[serde(borrow)]
    checksum: BorrowedText<'a>,
    #[serde(borrow)]
    data: &'a RawValue,
}

/// A line about a file that stays torn: the decoder reads its name and the reason, and its text is there to be looked at.
#[derive(Serialize)]
struct TornLine<'a> {
    ev: &'a str,
    id: &'a str,
    error: &'a str,
    text: Cow<'a, str>,
}

/// Is true of a name that the engine gives to a file.
pub(super) fn is_named(name: &str) -> bool {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    name.strip_suffix(".json").is_some_and(|it| it.len() == DIGITS && it.as_bytes().iter().all(is_digit))
}

/// Is true of a name that the engine gives to a file that it has not written to its end. A crash leaves it behind.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with(".tmp-")
}

/// Finds what a file holds. Data that the engine keeps for a task, and no record of it, is beside.
pub(super) fn judge(name: &str, bytes: &[u8]) -> FileContent {
    if bytes.is_empty() {
        return FileContent::Torn("the file is empty".to_owned());
    }
    let file: StateFile<'_> = match serde_json::from_slice(bytes) {
        Ok(file) => file,
        // Whole JSON, and no such file.
        Err(error) if error.classify() == Category::Data => return FileContent::Foreign,
        Err(error) => return FileContent::Torn(plain(&error.to_string())),
    };
    let (key, data) = (&*file.key.0, file.data.get());
    if file_name(key) != name {
        return FileContent::Torn(format!("the name is not that of a file of `{key}`"));
    }
    let envelope = Envelope { key, checksum: &file.checksum.0, data };
    match envelope.verify().and_then(|()| kept(key, data)) {
        Ok(DagContent::Record(saved)) => FileContent::Record { at: saved.updated_at },
        Ok(DagContent::DeadLetter(letter)) => FileContent::Note { at: letter.at },
        Ok(_) => FileContent::Beside,
        Err(reason) => FileContent::Torn(reason),
    }
}

/// The line about a file that stays torn.
pub(super) fn torn(name: &str, reason: &str, bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_TORN_BYTES)]);
    to_text(&TornLine { ev: "file", id: name, error: reason, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::dag_executor::decode::decode;

    const RECORD: &str = r#"{"attempts":0,"created_at":5,"id":"a","state":"running","updated_at":7}"#;

    fn file(key: &str, data: &str) -> (String, String) {
        let checksum = file_name(data);
        let checksum = checksum.trim_end_matches(".json");
        (file_name(key), format!(r#"{{"key":"{key}","checksum":"{checksum}","data":{data}}}"#))
    }

    #[test]
    fn a_file_is_told_by_its_key_and_refused_for_what_does_not_belong_to_it() {
        let letter = r#"{"attempts":3,"error":"x","task_id":"a","timestamp":9}"#;
        for (key, data, expected) in [
            ("record:a", RECORD, FileContent::Record { at: 7 }),
            ("dlq:a", letter, FileContent::Note { at: 9 }),
            ("state:a", "[1]", FileContent::Beside),
        ] {
            let (name, text) = file(key, data);
            let found = judge(&name, text.as_bytes());
            assert_eq!(found, expected, "{text}");
            assert!(is_named(&name) && !is_named(&name.to_uppercase()) && !is_named(&name[1..]));
        }
        let (name, text) = file("record:a", RECORD);
        let torn = |name: &str, text: &str| match judge(name, text.as_bytes()) {
            FileContent::Torn(reason) => reason,
            other => panic!("{other:?}"),
        };
        assert_eq!(torn(&name, ""), "the file is empty");
        let (of_another, no_record) = file("record:a", "[]");
        assert!(!torn(&of_another, &no_record).is_empty());
        assert_eq!(torn(&name, &text[..90]), "the line ends inside a text at column 90");
        assert!(torn(&name, &text.replace(":7", ":8")).starts_with("the checksum"));
        assert!(torn(&file_name("record:b"), &text).contains("not that of a file of `record:a`"));
        assert_eq!(judge(&name, b"{\"key\":1}"), FileContent::Foreign);
        assert_eq!(judge(&name, RECORD.as_bytes()), FileContent::Foreign);
    }

    #[test]
    fn the_line_about_a_torn_file_is_no_record_and_names_it() {
        let line = super::torn("ab.json", "it is cut", b"{\"key\n\xff");
        let DagContent::Unreadable(reason) = decode(line.as_bytes()) else { panic!("{line}") };
        assert_eq!(reason, "ab.json: it is cut");
        assert!(!line.contains('\n'));
    }
}
