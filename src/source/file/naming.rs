//! Names that rotations give to the generations of a log, and the order of time that the names tell.
//!
//! `LOG.1` is younger than `LOG.2`; `LOG-20261129` is older than `LOG-20261130`; `LOG.old` tells nothing but that it is
//! one. The addition may come before the ending, too: `q-20261129.jsonl`. Must not look at any file.

/// Endings of packers.
const PACKED: [&[u8]; 7] = [b".gz", b".zst", b".xz", b".bz2", b".lz4", b".Z", b".lzma"];

/// Words for a generation of which there is one.
const WORDS: [&[u8]; 6] = [b".old", b".bak", b".prev", b".previous", b".orig", b"~"];

/// Digits of a Unix second, the shortest stamp that is no number of a generation.
const STAMP: usize = 10;

/// The way in which a name was made. Names that were made in one way are ordered by what they add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum NamingScheme {
    /// A number that grows with age.
    Number,
    /// A date, perhaps with a time or a counter behind it.
    Date,
    /// Seconds, or parts of seconds, since the Unix epoch.
    Stamp,
    /// A word: `.old`.
    Word,
    /// Something with a digit in it. Only the time of writing tells its order.
    Other,
}

/// Addition of a name to that of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Added {
    pub(super) kind: NamingScheme,
    /// Number of last bytes of the log's name that follow the addition; none when it is behind them all.
    pub(super) ending: usize,
    /// The greater, the younger, among names of one kind. Empty where the name does not tell.
    pub(super) rank: Vec<u64>,
    pub(super) is_packed: bool,
}

/// Reads what `name` adds to the name of the log; nothing when it is no generation of it.
pub(super) fn added(log: &[u8], name: &[u8]) -> Option<Added> {
    let (plain, is_packed) = unpacked(name);
    let of = |added: &[u8], ending: usize| {
        let (kind, rank) = read(added)?;
        // `q.2.jsonl` and `q-2.jsonl` may be other logs, and the first is how logrotate numbers.
        (ending == 0 || kind != NamingScheme::Word).then_some(Added { kind, ending, rank, is_packed })
    };
    if let Some(rest) = plain.strip_prefix(log) {
        return of(rest, 0);
    }
    let dots = (1..log.len()).rev().filter(|at| log[*at] == b'.');
    dots.filter_map(|dot| {
        let (stem, ending) = log.split_at(dot);
        of(plain.strip_prefix(stem)?.strip_suffix(ending)?, ending.len())
    })
    .next()
}

fn unpacked(name: &[u8]) -> (&[u8], bool) {
    let plain = PACKED.iter().find_map(|ending| name.strip_suffix(*ending));
    (plain.unwrap_or(name), plain.is_some())
}

/// The kind of what is added, and its rank.
fn read(added: &[u8]) -> Option<(NamingScheme, Vec<u64>)> {
    if WORDS.contains(&added) {
        return Some((NamingScheme::Word, Vec::new()));
    }
    let (separator, rest) = added.split_first()?;
    if !b"-._@".contains(separator) {
        return None;
    }
    let groups = groups(rest)?;
    let n_digits: usize = groups.iter().map(|group| group.len()).sum();
    let is_of_digits = rest.iter().all(|byte| byte.is_ascii_digit() || b"-._:+TtZz".contains(byte));
    if let Some(rank) = date(&groups).filter(|_| is_of_digits) {
        return Some((NamingScheme::Date, rank));
    }
    match groups[..] {
        [number] if number.len() == rest.len() && *separator == b'.' && n_digits < STAMP => {
            Some((NamingScheme::Number, vec![u64::MAX - value(number)]))
        }
        [stamp, ..] if is_of_digits && stamp.len() >= STAMP => {
            Some((NamingScheme::Stamp, groups.iter().map(|group| value(group)).collect()))
        }
        // A temporary name of an editor or a copy is not one.
        [..] if n_digits >= 4 => Some((NamingScheme::Other, Vec::new())),
        [..] => None,
    }
}

/// The runs of digits; nothing when there is none.
fn groups(text: &[u8]) -> Option<Vec<&[u8]>> {
    let groups: Vec<&[u8]> =
        text.split(|byte| !byte.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    (!groups.is_empty()).then_some(groups)
}

/// The parts of a date and of what follows it, the largest first: `20261129`, `2026-11-29`, `2026-11`, `2026112913`.
fn date(groups: &[&[u8]]) -> Option<Vec<u64>> {
    let (first, others) = groups.split_first()?;
    if !first.starts_with(b"19") && !first.starts_with(b"20") {
        return None;
    }
    let mut rank = Vec::with_capacity(groups.len() + 2);
    match first.len() {
        // The month, or the week, comes in a group of its own.
        4 => {
            let next = others.first().filter(|next| (1..=2).contains(&next.len()))?;
            if !(1..=53).contains(&value(next)) {
                return None;
            }
            rank.push(value(first));
        }
        6 | 8 | 10 | 12 | 14 | 17 => {
            rank.push(value(&first[..4]));
            let (pairs, millis) = first[4..].split_at((first.len() - 4).min(10));
            rank.extend(pairs.chunks(2).map(value));
            rank.extend((!millis.is_empty()).then(|| value(millis)));
            let is_day = |day: &u64| (1..=31).contains(day);
            if !(1..=12).contains(&rank[1]) || !rank.get(2).is_none_or(is_day) {
                return None;
            }
        }
        _ => return None,
    }
    rank.extend(others.iter().map(|group| value(group)));
    Some(rank)
}

/// The number that digits spell, as far as it can be held.
fn value(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |value: u64, digit| value.saturating_mul(10).saturating_add((digit - b'0').into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_is_known_by_what_its_name_adds() {
        use NamingScheme::{Date, Number, Other, Stamp, Word};
        for (name, expected) in [
            ("q.jsonl.1", Some((Number, 0, false))),
            ("q.jsonl.12", Some((Number, 0, false))),
            ("q.jsonl.3.gz", Some((Number, 0, true))),
            ("q.2.jsonl", Some((Number, 6, false))),
            ("q.2.jsonl.zst", Some((Number, 6, true))),
            ("q.jsonl-20261129", Some((Date, 0, false))),
            ("q.jsonl.20261129", Some((Date, 0, false))),
            ("q.jsonl-20261129.xz", Some((Date, 0, true))),
            ("q-20261129.jsonl", Some((Date, 6, false))),
            ("q-20261129.jsonl.gz", Some((Date, 6, true))),
            ("q.jsonl-20261129-1795910400", Some((Date, 0, false))),
            ("q.jsonl-2026112913", Some((Date, 0, false))),
            ("q.jsonl.2026-11-29", Some((Date, 0, false))),
            ("q.jsonl.2026-11-29_13-05-00", Some((Date, 0, false))),
            ("q-2026-11-29T13-05-00.123.jsonl", Some((Date, 6, false))),
            ("q.jsonl-2026-11", Some((Date, 0, false))),
            ("q.jsonl-202611", Some((Date, 0, false))),
            ("q.jsonl-1795910400", Some((Stamp, 0, false))),
            ("q.jsonl.1795910400123", Some((Stamp, 0, false))),
            ("q.jsonl-29112026", Some((Other, 0, false))),
            ("q.jsonl-29Nov2026", Some((Other, 0, false))),
            ("q.jsonl.old", Some((Word, 0, false))),
            ("q.jsonl~", Some((Word, 0, false))),
            ("q.jsonl", None),
            ("q.jsonl.", None),
            ("q.jsonl.1a", None),
            ("q.jsonl.1.tmp", None),
            ("q-2.jsonl", None),
            ("qa-20261129.jsonl", None),
            ("q.jsonl2", None),
            ("q.old.jsonl", None),
            ("other.jsonl.1", None),
            (".q.jsonl.Xa1B2c", None),
        ] {
            let found = added(b"q.jsonl", name.as_bytes());
            let found = found.map(|added| (added.kind, added.ending, added.is_packed));
            assert_eq!(found, expected, "{name}");
        }
        assert_eq!(added(b"log", b"log-20261129").map(|it| it.kind), Some(Date));
        assert_eq!(added(b".log", b"-20261129.log"), None);
    }

    #[test]
    fn names_of_one_kind_are_in_the_order_of_time() {
        for names in [
            &["q.jsonl.10", "q.jsonl.9", "q.jsonl.1", "q.jsonl.0"][..],
            &["q.10.jsonl", "q.9.jsonl"],
            &["q.jsonl-20251231", "q.jsonl-20260101", "q.jsonl-20261129", "q.jsonl-20261129-1795910400"],
            &["q.jsonl-20261129-1795910400", "q.jsonl-20261129-1795910401"],
            &["q.jsonl-2026112909", "q.jsonl-2026112910", "q.jsonl-2026113000"],
            &["q-2026-11-29T13-05-00.123.jsonl", "q-2026-11-29T13-05-01.001.jsonl"],
            &["q.jsonl.2026-11-29", "q.jsonl.2026-11-29.1", "q.jsonl.2026-11-29.2", "q.jsonl.20261130"],
            &["q.jsonl-999999999999", "q.jsonl-1000000000000"],
        ] {
            let all: Vec<Added> =
                names.iter().map(|name| added(b"q.jsonl", name.as_bytes()).unwrap()).collect();
            for pair in all.windows(2) {
                assert!(pair[0].kind == pair[1].kind && pair[0].rank < pair[1].rank, "{names:?}");
            }
        }
    }
}
