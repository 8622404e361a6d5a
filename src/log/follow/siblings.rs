//! The files that a rotation leaves beside the log: `LOG.1` is the latest, `LOG.n` the oldest.
//!
//! Must not read them, nor know which of them have been read.

use std::ffi::OsString;
use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::log::open::FileId;

/// A generation that was rotated away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sibling {
    /// Its number: the greater, the older.
    pub(super) age: u32,
    pub(super) path: PathBuf,
    pub(super) id: FileId,
    pub(super) modified: SystemTime,
    /// Its name says that it was compressed: `LOG.3.gz`.
    pub(super) is_packed: bool,
}

/// As many numbers are tried in a directory that cannot be listed.
const TRIED: u32 = 32;

/// Finds the siblings of the log, oldest first.
pub(super) fn siblings(log: &Path) -> Vec<Sibling> {
    // A link's target is what is rotated.
    let log = std::fs::canonicalize(log).unwrap_or_else(|_| log.to_owned());
    let Some(name) = log.file_name() else { return Vec::new() };
    let parent = log.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut found: Vec<Sibling> = match std::fs::read_dir(parent) {
        Ok(entries) => entries
            .flatten()
            .filter_map(|entry| {
                let (age, is_packed) = age(name.as_bytes(), entry.file_name().as_bytes())?;
                sibling(age, is_packed, entry.path())
            })
            .collect(),
        Err(_) => (1..=TRIED)
            .filter_map(|age| {
                let mut path = OsString::from(&log);
                path.push(format!(".{age}"));
                sibling(age, false, path.into())
            })
            .collect(),
    };
    found.sort_by(|a, b| (b.age, a.is_packed).cmp(&(a.age, b.is_packed)));
    found
}

fn sibling(age: u32, is_packed: bool, path: PathBuf) -> Option<Sibling> {
    let meta = std::fs::metadata(&path).ok().filter(Metadata::is_file)?;
    Some(Sibling { age, path, id: FileId::of(&meta), modified: meta.modified().ok()?, is_packed })
}

/// The number in a name, and whether a packer's ending follows it.
fn age(log: &[u8], name: &[u8]) -> Option<(u32, bool)> {
    let rest = name.strip_prefix(log)?.strip_prefix(b".")?;
    let n_digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let age = std::str::from_utf8(&rest[..n_digits]).ok()?.parse().ok()?;
    match &rest[n_digits..] {
        b"" => Some((age, false)),
        b".gz" | b".zst" | b".xz" | b".bz2" | b".lz4" => Some((age, true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sibling_is_the_name_a_dot_and_a_number() {
        for (name, expected) in [
            ("log.1", Some((1, false))),
            ("log.12", Some((12, false))),
            ("log.3.gz", Some((3, true))),
            ("log.", None),
            ("log", None),
            ("log.1a", None),
            ("log.1.tmp", None),
            ("log.99999999999", None),
            ("slog.1", None),
        ] {
            assert_eq!(age(b"log", name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn the_oldest_comes_first() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["log", "log.2", "log.10", "log.1", "log.1.gz", "log.x"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        let found = siblings(&dir.path().join("log"));
        let ages: Vec<_> = found.iter().map(|sibling| (sibling.age, sibling.is_packed)).collect();
        assert_eq!(ages, [(10, false), (2, false), (1, false), (1, true)]);
    }
}
