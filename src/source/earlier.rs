//! Earlier generations beside a log that does not begin with its first event: those that were rotated away
//! before, and how they are read together with it.
//!
//! Must not read them, nor know whether they are needed: only sequences tell that.

use std::path::{Path, PathBuf};

use super::file::siblings;
use super::origin::Origin;
use super::sniff::quoted;

/// As many generations are named in a command.
const NAMED: usize = 3;

/// Generations beside a log, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Earlier {
    log: PathBuf,
    generations: Vec<Generation>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Generation {
    path: PathBuf,
    /// Program that unpacks it.
    unpacker: Option<&'static str>,
}

impl Earlier {
    /// Looks beside the log; finds nothing beside the standard input.
    #[must_use]
    pub fn beside(origin: &Origin) -> Self {
        let Origin::Path(log) = origin else { return Self::default() };
        let mut generations: Vec<Generation> = Vec::new();
        for (path, is_packed) in siblings::earlier(log) {
            let unpacker = if is_packed { unpacker(&path) } else { None };
            // What nothing is known to unpack is named as it is, and the shell tells the rest.
            generations.push(Generation { path, unpacker });
        }
        Self { log: log.clone(), generations }
    }

    /// Returns the notice for a log that begins with event `first`; nothing when that is the first one, or
    /// nothing lies beside.
    #[must_use]
    pub fn notice(&self, first: Option<u64>, command: &str) -> Option<String> {
        let first = first.filter(|first| *first > 1)?;
        let (latest, older) = self.generations.split_last()?;
        let name = quoted(Path::new(latest.path.file_name()?));
        let others = match older.len() {
            0 => format!("{name} lies beside it"),
            n => format!("{name} and {n} older lie beside it"),
        };
        Some(format!("the log begins at #{first}; {others}: `{}`", self.command(command)))
    }

    /// The command that reads the latest of them and the log, in the order in which they were written.
    fn command(&self, command: &str) -> String {
        let from = self.generations.len().saturating_sub(NAMED);
        let mut parts: Vec<(&str, String)> = Vec::new();
        let log = Generation { path: self.log.clone(), unpacker: None };
        for generation in self.generations[from..].iter().chain([&log]) {
            let (reader, name) = (generation.unpacker.unwrap_or("cat"), quoted(&generation.path));
            match parts.last_mut() {
                Some((last, names)) if *last == reader => {
                    names.push(' ');
                    names.push_str(&name);
                }
                _ => parts.push((reader, name)),
            }
        }
        let parts: Vec<String> =
            parts.into_iter().map(|(reader, names)| format!("{reader} {names}")).collect();
        match &parts[..] {
            [one] => format!("{one} | {command}"),
            [..] => format!("({}) | {command}", parts.join("; ")),
        }
    }
}

fn unpacker(path: &Path) -> Option<&'static str> {
    Some(match path.extension()?.to_str()? {
        "gz" | "Z" => "zcat",
        "zst" => "zstdcat",
        "xz" | "lzma" => "xzcat",
        "bz2" => "bzcat",
        "lz4" => "lz4cat",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_reads_what_lies_beside_in_the_order_in_which_it_was_written() {
        for (names, expected) in [
            (&[][..], None),
            (&["q.1"], Some("q.1 lies beside it: `cat D/q.1 D/q | runwatch -`")),
            (&["q.1", "q.2"], Some("q.1 and 1 older lie beside it: `cat D/q.2 D/q.1 D/q | runwatch -`")),
            (&["q.1.gz"], Some("q.1.gz lies beside it: `(zcat D/q.1.gz; cat D/q) | runwatch -`")),
            (
                &["q.1", "q.2.gz", "q.3.gz", "q.4.gz"],
                Some("q.1 and 3 older lie beside it: `(zcat D/q.3.gz D/q.2.gz; cat D/q.1 D/q) | runwatch -`"),
            ),
            (&["q-20261129"], Some("q-20261129 lies beside it: `cat D/q-20261129 D/q | runwatch -`")),
            (&["other.1", "q.tmp"], None),
        ] {
            let dir = tempfile::tempdir().unwrap();
            for name in ["q"].iter().chain(names) {
                std::fs::write(dir.path().join(name), "").unwrap();
            }
            let earlier = Earlier::beside(&Origin::Path(dir.path().join("q")));
            let told = earlier.notice(Some(7), "runwatch -");
            let told = told.map(|text| text.replace(&dir.path().display().to_string(), "D"));
            assert_eq!(told, expected.map(|text| format!("the log begins at #7; {text}")), "{names:?}");
            assert_eq!((earlier.notice(Some(1), ""), earlier.notice(None, "")), (None, None));
        }
        assert_eq!(Earlier::beside(&Origin::Stdin), Earlier::default());
    }
}
