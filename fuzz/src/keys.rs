//! Holds any name of a key to its rules: it is one key or none; and one that is shown can be written.

use runwatch::input::Key;

/// Takes any text.
pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(key) = Key::parse(&text) else { return };
    let label = key.label();
    assert_eq!(Key::parse(&label), Ok(key), "{text:?} is shown as {label:?}");
}
