//! Detection of files that are no logs by their first bytes, so that a wrong file is one clear message and
//! not 100,000 problems.
//!
//! In doubt it is a log: a bad line is a problem of that line only. Must not open anything.

mod embedding;
mod language;

use std::fmt;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use super::frames::shape::Beginning;
use super::framing::Framing;
use super::shape::RecordShape;
use crate::model::text;
pub use embedding::Embedding;
pub use language::Language;

/// Kinds of files that are no logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Compressed, and by what.
    Compressed(Packer),
    /// An archive of files.
    Zip,
    /// Files one behind the other.
    Tar,
    /// Text in UTF-16 or UTF-32, by the name that `iconv` has for it.
    Wide(&'static str),
    /// Frames of an engine, in a form that is not read.
    FrameForm {
        /// Number of that form.
        found: u32,
        /// Number of the form that is read.
        read: u32,
    },
    /// Something else that is not text.
    Binary,
    /// Events, but not one a line.
    Embedded(Embedding),
    /// Text in a language that is not JSON.
    Language(Language),
}

/// Compressor of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the packer's own name")]
pub enum Packer {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
    Lz4,
}

const MAGIC: &[(&[u8], FileKind)] = &[
    (b"\x1f\x8b", FileKind::Compressed(Packer::Gzip)),
    (b"\x28\xb5\x2f\xfd", FileKind::Compressed(Packer::Zstd)),
    (b"\xfd7zXZ\0", FileKind::Compressed(Packer::Xz)),
    (b"BZh", FileKind::Compressed(Packer::Bzip2)),
    (b"\x04\x22\x4d\x18", FileKind::Compressed(Packer::Lz4)),
    (b"PK\x03\x04", FileKind::Zip),
    (b"\xff\xfe\0\0", FileKind::Wide("UTF-32")),
    (b"\0\0\xfe\xff", FileKind::Wide("UTF-32")),
    (b"\xff\xfe", FileKind::Wide("UTF-16")),
    (b"\xfe\xff", FileKind::Wide("UTF-16")),
    (b"\x7fELF", FileKind::Binary),
];

/// As many first bytes as are looked at, unless a line among them is an event: a program may say much before.
pub const SNIFFED: usize = 64 << 10;

/// As many bytes show whether it is text.
const BINARY: usize = 4096;

/// Where a header of a tar archive has its mark.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// Fewer bytes than this, with no newline among them, may still become anything.
pub const ENOUGH: usize = 8;

/// As many first lines are asked for a record by those that have no keys in common.
const MAX_ASKED_LINES: usize = 200;

/// The shapes that go by keys.
fn keyed(shapes: &'static [RecordShape]) -> impl Iterator<Item = &'static RecordShape> {
    shapes.iter().filter(|shape| shape.is_line.is_none())
}

/// True if one of the first lines is a record of a shape that has no keys.
fn has_line(shapes: &[RecordShape], head: &[u8]) -> bool {
    let mut asked = shapes.iter().filter_map(|shape| shape.is_line);
    asked.any(|is_line| head.split(|byte| *byte == b'\n').take(MAX_ASKED_LINES).any(is_line))
}

/// Says what begins with `head`, if that is no log of such records.
#[must_use]
pub fn sniff(framing: Framing, head: &[u8]) -> Option<FileKind> {
    sniff_bytes(framing, head).or_else(|| sniff_text(framing, head))
}

/// The answer of the shapes of frames to the first bytes.
fn beginning(framing: Framing, head: &[u8]) -> Beginning {
    let all = framing.frames.iter().map(|shape| (shape.begins)(head));
    all.reduce(|one, other| if one == Beginning::Other { other } else { one }).unwrap_or(Beginning::Other)
}

/// Says what begins with `head`, if that is text, and no log. More of it may tell more.
pub(super) fn sniff_text(framing: Framing, head: &[u8]) -> Option<FileKind> {
    if beginning(framing, head) != Beginning::Other {
        return None;
    }
    let shapes = framing.lines;
    let head = &head[..head.len().min(SNIFFED)];
    if keyed(shapes).any(|shape| embedding::is_log(shape, head)) || has_line(shapes, head) {
        return None;
    }
    let embedding = keyed(shapes).find_map(|shape| embedding::embedding(shape, head));
    let language = || keyed(shapes).find_map(|shape| language::language(shape, head));
    embedding.map(FileKind::Embedded).or_else(|| language().map(FileKind::Language))
}

/// Returns true if nothing that follows can make another thing of a text that begins with `head`.
pub(super) fn is_decided(framing: Framing, head: &[u8]) -> bool {
    let shapes = framing.lines;
    head.len() >= SNIFFED
        || beginning(framing, head) == Beginning::Frames
        || (head.contains(&b'\n')
            && (has_line(shapes, head) || keyed(shapes).any(|shape| embedding::has_event(shape, head))))
}

/// Says what begins with `head`, if that is not text.
pub(super) fn sniff_bytes(framing: Framing, head: &[u8]) -> Option<FileKind> {
    match beginning(framing, head) {
        Beginning::Other => {}
        Beginning::Form { found, read } => return Some(FileKind::FrameForm { found, read }),
        Beginning::Frames | Beginning::Unclear => return None,
    }
    let head = &head[..head.len().min(BINARY)];
    if head.get(TAR.0..).is_some_and(|rest| rest.starts_with(TAR.1)) {
        return Some(FileKind::Tar);
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(*kind);
    }
    if is_utf16(head) {
        return Some(FileKind::Wide(if head.first() == Some(&0) { "UTF-16BE" } else { "UTF-16LE" }));
    }
    // A hole at the start of a line is that line's problem.
    let lines = || head.split(|byte| *byte == b'\n').map(behind_nuls);
    let len: usize = lines().map(<[u8]>::len).sum();
    if len < ENOUGH || lines().any(|line| line.trim_ascii_start().starts_with(b"{")) {
        return None;
    }
    let odd = lines().flatten().filter(|byte| is_odd(**byte)).count();
    let has_nul = lines().any(|line| line.contains(&0));
    (has_nul || odd * 10 > len).then_some(FileKind::Binary)
}

/// Returns true if every second byte is NUL, behind NULs at the start or not, and the others are not.
fn is_utf16(head: &[u8]) -> bool {
    let rest = behind_nuls(head);
    rest.len() >= 4 && rest.chunks_exact(2).take(8).all(|pair| pair[0] != 0 && pair[1] == 0)
}

fn behind_nuls(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
}

/// Control bytes that no text has.
const fn is_odd(byte: u8) -> bool {
    byte == 0x7f || (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b))
}

/// The next step where no command helps.
const LINES: &str = "give the log that is written as JSON lines";

impl FileKind {
    /// Suggests the next step to a user who has the file `name`, as a fragment.
    #[must_use]
    pub fn hint(self, name: &Path) -> String {
        let name = quoted(name);
        match self {
            Self::Compressed(packer) => format!("read it with `{} {name} | runwatch -`", packer.reader()),
            Self::Zip => format!("read it with `unzip -p {name} | runwatch -`"),
            Self::Tar => format!("read it with `tar -xOf {name} | runwatch -`"),
            Self::Wide(code) => format!("read it with `iconv -f {code} -t UTF-8 {name} | runwatch -`"),
            Self::Embedded(embedding) => {
                let command = embedding.command(&name);
                command.map_or_else(
                    || LINES.to_owned(),
                    |command| format!("read it with `{command} | runwatch -`"),
                )
            }
            Self::FrameForm { .. } => "its engine is of another version than this program reads".to_owned(),
            Self::Language(_) => LINES.to_owned(),
            Self::Binary => "give a log of JSON lines".to_owned(),
        }
    }
}

/// Words that complete "NAME is ...".
impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compressed(packer) => write!(f, "compressed with {packer}"),
            Self::Zip => f.write_str("a zip archive"),
            Self::Tar => f.write_str("a tar archive"),
            Self::Wide(code) => write!(f, "text in {}", code.trim_end_matches("LE").trim_end_matches("BE")),
            Self::Embedded(embedding) => embedding.fmt(f),
            Self::Language(language) => language.fmt(f),
            Self::FrameForm { found, read } => {
                write!(f, "a write-ahead log of form {found}; only form {read} is read")
            }
            Self::Binary => f.write_str("binary"),
        }
    }
}

impl Packer {
    const fn reader(self) -> &'static str {
        match self {
            Self::Gzip => "zcat",
            Self::Zstd => "zstdcat",
            Self::Xz => "xzcat",
            Self::Bzip2 => "bzcat",
            Self::Lz4 => "lz4cat",
        }
    }
}

impl fmt::Display for Packer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Bzip2 => "bzip2",
            Self::Lz4 => "lz4",
        })
    }
}

/// A name that a shell takes as one word, and a terminal as text. A name of letters that cannot be shown is told, but
/// not as something to paste.
#[must_use]
pub fn quoted(name: &Path) -> String {
    let text = text::clean_bytes(name.as_os_str().as_bytes());
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,=".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text.into_owned();
    }
    let dashed = if text.starts_with('-') { "./" } else { "" };
    format!("'{dashed}{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::shape::SAMPLES;

    #[test]
    fn what_is_no_log_is_told_by_its_first_bytes_and_a_bad_log_is_still_a_log() {
        for (head, expected) in [
            (&b"\x1f\x8b\x08\0"[..], Some("compressed with gzip")),
            (b"\x28\xb5\x2f\xfd\x24\0", Some("compressed with zstd")),
            (b"\xfd7zXZ\0\0\x04", Some("compressed with xz")),
            (b"BZh91AY&SY", Some("compressed with bzip2")),
            (b"PK\x03\x04\x14\0", Some("a zip archive")),
            (b"\xff\xfe{\0\"\0", Some("text in UTF-16")),
            (b"{\0\"\0s\0e\0q\0", Some("text in UTF-16")),
            (b"\0{\0\"\0s\0e\0q", Some("text in UTF-16")),
            (b"\x7fELF\x02\x01", Some("binary")),
            (b"\x05\0\0\0\x20\0\0\0\x99\x12\0\0abc", Some("binary")),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02", Some("binary")),
            (b"", None),
            (b"{", None),
            (b"\x1f", None),
            (b"{\"sequence\":1}\n", None),
            (b"\xef\xbb\xbf{\"sequence\":1}\n", None),
            (b"\0\0\0\0\0\0\0\0\0\0\0\0", None),
            (b"\0\0\0\0\0\0\0\0\0{\"sequence\":1}\n", None),
            (b"1\n\0\0\0\0\0\0\0\0\0\0\0\0two and more\n", None),
            (b"\xff\x00\x01garbage\n{\"sequence\":1}\n", None),
            (b"just a text that is no log\n", None),
            (b"caf\xe9 in Latin-1, and more of it\n", None),
        ] {
            let found = sniff(Framing::of_lines(SAMPLES), head).map(|kind| kind.to_string());
            assert_eq!(found.as_deref(), expected, "{:?}", head.escape_ascii().to_string());
        }
    }

    #[test]
    fn hints_are_commands_that_can_be_pasted() {
        for (name, expected) in [
            ("orders.jsonl.gz", "read it with `zcat orders.jsonl.gz | runwatch -`"),
            ("a b.gz", "read it with `zcat 'a b.gz' | runwatch -`"),
            ("it's.gz", r"read it with `zcat 'it'\''s.gz' | runwatch -`"),
            ("-x.gz", "read it with `zcat './-x.gz' | runwatch -`"),
            ("a\x1b[2J.gz", r"read it with `zcat 'a\x1b[2J.gz' | runwatch -`"),
            ("a\u{202e}\u{200b}\u{9b}.gz", r"read it with `zcat 'a\u{202e}\u{200b}\u{9b}.gz' | runwatch -`"),
        ] {
            assert_eq!(FileKind::Compressed(Packer::Gzip).hint(Path::new(name)), expected);
        }
    }
}
