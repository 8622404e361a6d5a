//! The files that rotations leave of the log: beside it, or in a directory for what is old.
//!
//! Must not read them, nor know which of them have been read.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::naming::{Added, NamingScheme, added};
use crate::source::open::FileId;

/// A generation that was rotated away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sibling {
    pub(super) path: PathBuf,
    pub(super) id: FileId,
    pub(super) modified: SystemTime,
    pub(super) size: u64,
    /// Its name says that it was compressed: `LOG.3.gz`.
    pub(super) is_packed: bool,
    /// The directory that it was found in, by its place in the search.
    place: usize,
    added: Added,
}

/// As many numbers are tried in a directory that cannot be listed.
const TRIED: u64 = 32;

/// Directories for old generations, in that of the log or beside it.
const OLD: [&str; 9] =
    ["old", "olddir", "archive", "archives", "archived", "rotated", "backup", "backups", "history"];

impl Sibling {
    /// Returns true if both were named in one way, so that the names give their order.
    pub(super) fn is_comparable(&self, other: &Self) -> bool {
        self.scheme() == other.scheme()
    }

    /// Returns true if it is younger than another that was named in the same way.
    pub(super) fn is_younger(&self, other: &Self) -> bool {
        self.is_comparable(other) && self.order() > other.order()
    }

    /// Returns true if it is the same generation as another, one of the two compressed.
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.is_comparable(other)
            && self.is_packed != other.is_packed
            && self.added.rank == other.added.rank
            && (!self.added.rank.is_empty() || self.modified == other.modified)
    }

    /// Its number, where it has one: the greater, the older.
    pub(super) fn number(&self) -> Option<u64> {
        let rank = self.added.rank.first().filter(|_| self.added.kind == NamingScheme::Number)?;
        Some(u64::MAX - rank)
    }

    /// Returns true if its name alone makes it a generation of the log. Other names are believed when the log
    /// itself got one.
    pub(super) fn is_certain(&self) -> bool {
        self.added.kind != NamingScheme::Other
    }

    /// Returns true if it is in the directory of the log.
    pub(super) const fn is_beside(&self) -> bool {
        self.place == 0
    }

    pub(super) fn name(&self) -> String {
        crate::model::text::spelled(self.path.file_name().unwrap_or_default().as_bytes()).into_owned()
    }

    fn scheme(&self) -> (usize, NamingScheme, usize) {
        (self.place, self.added.kind, self.added.ending)
    }

    fn order(&self) -> (&[u64], SystemTime) {
        (&self.added.rank, if self.added.rank.is_empty() { self.modified } else { SystemTime::UNIX_EPOCH })
    }
}

/// Finds the siblings of the log, oldest first: those beside it, in `old`, and in the usual places for what is old.
pub(super) fn siblings(log: &Path, old: Option<&Path>) -> Vec<Sibling> {
    // A link's target is what is rotated.
    let log = std::fs::canonicalize(log).unwrap_or_else(|_| log.to_owned());
    let Some(name) = log.file_name() else { return Vec::new() };
    let parent = log.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut found = beside(parent, name.as_bytes());
    let mut places = vec![parent.to_owned()];
    let usual = OLD.iter().flat_map(|old| [parent.join(old), parent.join("..").join(old)]);
    for place in old.map(Path::to_owned).into_iter().chain(usual) {
        let Ok(place) = std::fs::canonicalize(place) else { continue };
        if !places.contains(&place) {
            found.extend(list(&place, name.as_bytes(), places.len()).unwrap_or_default());
            places.push(place);
        }
    }
    in_order(found)
}

/// The generations in the directory of a log, oldest first, by the path that was given, and whether they are compressed.
pub(in crate::source) fn earlier(log: &Path) -> Vec<(PathBuf, bool)> {
    let Ok(own) = std::fs::metadata(log) else { return Vec::new() };
    let parent = log.parent().unwrap_or(Path::new(""));
    let all = siblings(log, None);
    let is_unpacked = |one: &Sibling| all.iter().any(|other| one.is_packed && other.is_same_as(one));
    let older = all.iter().filter(|one| one.is_beside() && one.is_certain() && one.id != FileId::of(&own));
    older
        .filter(|one| !is_unpacked(one))
        .map(|one| {
            // Where the log is a link, they lie beside what it leads to.
            let named = parent.join(one.path.file_name().unwrap_or_default());
            (if named.exists() { named } else { one.path.clone() }, one.is_packed)
        })
        .collect()
}

fn beside(parent: &Path, name: &[u8]) -> Vec<Sibling> {
    list(parent, name, 0).unwrap_or_else(|| {
        let number = |age| {
            let mut path = OsString::from(OsStr::from_bytes(name));
            path.push(format!(".{age}"));
            let added = added(name, path.as_bytes())?;
            sibling(0, added, parent.join(path))
        };
        (1..=TRIED).filter_map(number).collect()
    })
}

fn list(directory: &Path, name: &[u8], place: usize) -> Option<Vec<Sibling>> {
    let entries = std::fs::read_dir(directory).ok()?.flatten();
    let found = entries.filter_map(|entry| {
        let added = added(name, entry.file_name().as_bytes())?;
        sibling(place, added, entry.path())
    });
    Some(found.collect())
}

fn sibling(place: usize, added: Added, path: PathBuf) -> Option<Sibling> {
    let meta = std::fs::metadata(&path).ok().filter(Metadata::is_file)?;
    let (id, modified) = (FileId::of(&meta), meta.modified().ok()?);
    Some(Sibling { path, id, modified, size: meta.len(), is_packed: added.is_packed, place, added })
}

/// Puts those of one scheme in the order of their names, and merges schemes by the times of writing.
fn in_order(mut found: Vec<Sibling>) -> Vec<Sibling> {
    found.sort_by(|a, b| (a.scheme(), a.order(), a.is_packed).cmp(&(b.scheme(), b.order(), b.is_packed)));
    let mut schemes: Vec<VecDeque<Sibling>> = Vec::new();
    for sibling in found {
        match schemes.last_mut() {
            Some(last) if last.back().is_some_and(|one| one.is_comparable(&sibling)) => {
                last.push_back(sibling);
            }
            _ => schemes.push([sibling].into()),
        }
    }
    let mut merged = Vec::new();
    while let Some(next) =
        schemes.iter_mut().filter(|scheme| !scheme.is_empty()).min_by_key(|scheme| scheme[0].modified)
    {
        merged.extend(next.pop_front());
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(made: &[&str], expected: &[&str]) {
        let dir = tempfile::tempdir().unwrap();
        let mut written = SystemTime::UNIX_EPOCH;
        for name in made {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            written += std::time::Duration::from_secs(1);
            std::fs::File::create(path).unwrap().set_modified(written).unwrap();
        }
        let found = siblings(&dir.path().join("log"), None);
        let names: Vec<String> = found.iter().map(Sibling::name).collect();
        assert_eq!(names, expected, "{made:?}");
    }

    #[test]
    fn the_oldest_comes_first() {
        check(
            &["log", "log.2", "log.10", "log.1", "log.1.gz", "log.x"],
            &["log.10", "log.2", "log.1", "log.1.gz"],
        );
        check(&["log-20261130", "log-20261129", "log"], &["log-20261129", "log-20261130"]);
        check(
            &["log.2", "log.1", "log-20261129", "log.1.gz"],
            &["log.2", "log.1", "log-20261129", "log.1.gz"],
        );
        check(&["old/log-20261130", "old/log-20261129", "log"], &["log-20261129", "log-20261130"]);
        check(&["log.old", "log.bak"], &["log.old", "log.bak"]);
    }
}
