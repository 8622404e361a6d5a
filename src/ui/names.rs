//! Shortening of names in a column: where they begin alike, the part that differs is shown.
//!
//! Must not know what the names name.

use std::borrow::Cow;

use super::spelling::Spelling;
use crate::model::text;

/// Number of bytes of a name that are compared; those that are alike for longer are not told apart.
const COMPARED: usize = 512;

/// The names that are on the screen together.
#[derive(Debug, Default)]
pub(super) struct ShortNames<'a>(Vec<&'a str>);

impl<'a> ShortNames<'a> {
    pub(super) fn of(names: impl Iterator<Item = &'a str>) -> Self {
        let mut names: Vec<&str> = names.map(beginning).collect();
        names.sort_unstable();
        names.dedup();
        Self(names)
    }

    /// The part of its beginning that a name shares with another one, in bytes of whole letters.
    pub(super) fn shared(&self, name: &str) -> usize {
        let name = beginning(name);
        let place = self.0.partition_point(|other| *other < name);
        // In their order, the most alike are neighbors.
        let others = [place.checked_sub(1), Some(place), Some(place + 1)];
        let others = others.into_iter().flatten().filter_map(|index| self.0.get(index));
        let shared =
            others.filter(|other| **other != name).map(|other| common(other, name)).max().unwrap_or(0);
        let within = |(at, letter): &(usize, &str)| at + letter.len() <= shared;
        match name.as_bytes().get(shared.saturating_sub(1)..=shared) {
            Some([b' '..=b'~', b' '..=b'~']) | None => shared,
            // Half a flag is another sign.
            Some(_) => {
                text::letters(name).take_while(within).last().map_or(0, |(at, letter)| at + letter.len())
            }
        }
    }

    /// A name in at most `columns`, so that what tells it from the others is seen; safe for a screen.
    pub(super) fn fit<'t>(&self, name: &'t str, columns: usize, spelling: Spelling) -> Cow<'t, str> {
        let cut = spelling.fit(name, columns);
        if !cut.ends_with(spelling.mark()) || spelling.width(beginning(name)) <= columns {
            return cut;
        }
        let shared = self.shared(name);
        let before = spelling.width(&name[..shared]);
        // What differs is most of what is seen anyway.
        if shared == 0 || (before * 2 <= columns && before + 1 < text::width(&cut)) {
            return cut;
        }
        Cow::Owned(apart(name, shared, columns, spelling))
    }
}

/// A name that is too long, cut before what differs from `at` on: in the middle where its end fits, else at its start.
fn apart(name: &str, at: usize, columns: usize, spelling: Spelling) -> String {
    let width = |from: usize| spelling.width(beginning(&name[from..]));
    // Whole words are shown where there is room.
    let words = || {
        let before = name[..at].char_indices().rev().take(columns);
        before
            .filter(|(_, c)| matches!(c, '.' | '_' | '-' | '/' | ':' | ' '))
            .map(|(place, c)| place + c.len_utf8())
    };
    let ends = |from: &usize| width(*from) <= columns * 2 / 3;
    let is_near = |from: &usize| spelling.width(&name[*from..at]) <= columns / 2;
    let from = words().filter(ends).last().or_else(|| words().find(is_near)).unwrap_or(at);
    let mark = spelling.mark();
    let room = columns.saturating_sub(1);
    if let Some(begin) = room.checked_sub(width(from)).filter(|_| name.len() - from < COMPARED) {
        // It is cut before that, and what joins its letters is judged by those after it.
        let head = spelling.fit(name, begin + 1);
        let head = head.strip_suffix(mark).unwrap_or(&head);
        return format!("{head}{mark}{}", spelling.whole(&name[from..]));
    }
    format!("{mark}{}", spelling.fit(&name[from..], room))
}

fn beginning(name: &str) -> &str {
    let mut end = name.len().min(COMPARED);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

/// The bytes that two names begin with alike, without a part of a character.
fn common(one: &str, other: &str) -> usize {
    let alike = one.char_indices().zip(other.chars()).take_while(|((_, a), b)| a == b);
    alike.last().map_or(0, |((at, c), _)| at + c.len_utf8())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const NAMES: [&str; 6] = [
        "billing.invoices.send_receipt",
        "billing.invoices.send_reminder",
        "billing.invoices.void",
        "sync crm",
        "a very long name that nothing else begins like",
        "rebuild search index",
    ];

    #[test]
    fn names_that_begin_alike_show_where_they_differ() {
        let names = ShortNames::of(NAMES.into_iter());
        for (name, columns, expected) in [
            (NAMES[0], 40, "billing.invoices.send_receipt"),
            (NAMES[0], 28, "billing.invoice…send_receipt"),
            (NAMES[0], 20, "billing…send_receipt"),
            (NAMES[1], 20, "billin…send_reminder"),
            (NAMES[0], 10, "bi…receipt"),
            (NAMES[2], 12, "billing…void"),
            (NAMES[3], 5, "sync…"),
            (NAMES[4], 12, "a very long…"),
        ] {
            let fitted = names.fit(name, columns, Spelling::Unicode);
            assert!(text::width(&fitted) <= columns, "{fitted}");
            assert_eq!(fitted, expected, "{name} in {columns}");
        }
    }

    #[test]
    fn different_names_look_different_from_twelve_columns_on() {
        let long =
            |number: u32| format!("com.example.billing.invoices.{number:03}.{}", "nightly.".repeat(40));
        let names: Vec<String> = (0..50).map(long).chain(NAMES.map(str::to_owned)).collect();
        let all = ShortNames::of(names.iter().map(String::as_str));
        for columns in 12..60 {
            let shown: HashSet<String> =
                names.iter().map(|name| all.fit(name, columns, Spelling::Unicode).into_owned()).collect();
            assert_eq!(shown.len(), names.len(), "{columns}: {shown:?}");
            assert!(shown.iter().all(|name| text::width(name) <= columns));
        }
    }

    #[test]
    fn a_letter_is_not_cut_in_two() {
        let names = ["nightly jobs of 🇩🇪", "nightly jobs of 🇩🇰", "می\u{200c}خواهم یک", "می\u{200c}خواهم دو"];
        let all = ShortNames::of(names.into_iter());
        for (name, columns, expected) in [
            (names[0], 14, "nightly …of 🇩🇪"),
            (names[1], 14, "nightly …of 🇩🇰"),
            (names[2], 8, "می\u{200c}خوا…یک"),
        ] {
            assert_eq!(all.fit(name, columns, Spelling::Unicode), expected, "{name} in {columns}");
        }
    }

    #[test]
    fn different_names_look_different_in_ascii_and_no_escape_is_cut() {
        let names = [
            "日次バッチ処理",
            "日次バッチ集計",
            "日次バッチ",
            "日次",
            "月次",
            "résumé a",
            "résumé b",
            "ab日c",
            "ab日d",
            "🇩🇪 a",
            "🇩🇪 b",
        ];
        let all = ShortNames::of(names.into_iter());
        for columns in 19..70 {
            let shown: HashSet<String> =
                names.iter().map(|name| all.fit(name, columns, Spelling::Ascii).into_owned()).collect();
            assert_eq!(shown.len(), names.len(), "{columns}: {shown:?}");
            for name in &shown {
                assert!(name.is_ascii() && name.len() <= columns, "{name}");
                let whole = name.split("\\u{").skip(1).all(|rest| {
                    rest.split_once('}')
                        .is_some_and(|(digits, _)| digits.bytes().all(|it| it.is_ascii_hexdigit()))
                });
                assert!(whole && !name.trim_end_matches('~').ends_with('\\'), "{name}");
            }
        }
        for (columns, expected) in [
            (30, r"\u{65e5}~\u{51e6}\u{7406}"),
            (20, r"~\u{51e6}\u{7406}"),
            (12, r"~\u{51e6}~"),
            (60, r"\u{65e5}\u{6b21}\u{30d0}\u{30c3}\u{30c1}\u{51e6}\u{7406}"),
        ] {
            assert_eq!(all.fit(names[0], columns, Spelling::Ascii), expected, "{columns}");
        }
    }
}
