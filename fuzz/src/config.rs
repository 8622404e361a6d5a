//! Holds any config file to its rules: it is a config or a list of its faults, each with its place and safe
//! to show.

use runwatch::config;
use runwatch::model::text::clean;

/// Takes any text.
pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Err(faults) = config::parse(&text) else { return };
    assert!(!faults.is_empty());
    for fault in faults {
        let lines = text.matches('\n').count() + 1;
        assert!((1..=lines).contains(&fault.line) && fault.column > 0, "{fault:?}");
        assert!(!fault.what.is_empty());
        assert_eq!(clean(&fault.what), fault.what);
        assert!(fault.key.as_deref().is_none_or(|key| clean(key) == key), "{fault:?}");
    }
}
