//! The short form of ids that are texts: whole where they are short, else a head and a tail with `…` between.
//!
//! It is cut between letters as a reader sees them, each clean and in one piece. Must not know UUIDs.

use std::collections::HashSet;

use crate::model::text::{Letter, shown_letters, width};

/// The widths of a short form, in columns: each is used where none before it makes the texts distinct.
const SHORT_FORM_COLUMNS: [usize; 5] = [12, 16, 24, 36, 48];

/// The short form of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TextForm {
    /// The index of its width in [`SHORT_FORM_COLUMNS`].
    width: usize,
    /// The widest short form so far, in columns.
    widest: usize,
}

impl TextForm {
    /// The narrowest form, from this one on, that is distinct for all distinct texts; else the widest one.
    pub(super) fn distinguishing(self, mut texts: Vec<&str>) -> Self {
        texts.sort_unstable();
        texts.dedup();
        let letters: Vec<Vec<Letter>> = texts.iter().map(|text| shown_letters(text)).collect();
        let is_distinct = |width: usize| {
            let mut seen = HashSet::with_capacity(letters.len());
            letters.iter().all(|letters| seen.insert(shortened(letters, SHORT_FORM_COLUMNS[width])))
        };
        let width = (self.width..SHORT_FORM_COLUMNS.len())
            .find(|width| is_distinct(*width))
            .unwrap_or(SHORT_FORM_COLUMNS.len() - 1);
        let widest =
            letters.iter().map(|letters| self::width(&shortened(letters, SHORT_FORM_COLUMNS[width]))).max();
        Self { width, widest: self.widest.max(widest.unwrap_or(0)) }
    }

    /// The short form of a text.
    pub(super) fn of(self, text: &str) -> String {
        shortened(&shown_letters(text), SHORT_FORM_COLUMNS[self.width])
    }

    /// The columns of the widest short form so far.
    pub(super) const fn columns(self) -> usize {
        self.widest
    }
}

/// As many letters of the head and of the tail as fit, in turn.
fn shortened(letters: &[Letter], columns: usize) -> String {
    let whole = || letters.iter().map(|letter| letter.shown.as_str());
    if whole().map(width).sum::<usize>() <= columns {
        return whole().collect();
    }
    let (mut head, mut tail, mut left) = (0, letters.len(), columns - 1);
    loop {
        let is_heads_turn = head <= letters.len() - tail;
        let next = if is_heads_turn { head } else { tail - 1 };
        let Some(rest) = left.checked_sub(width(&letters[next].shown)).filter(|_| head < tail) else { break };
        left = rest;
        if is_heads_turn { head += 1 } else { tail -= 1 }
    }
    whole().take(head).chain(["…"]).chain(whole().skip(tail)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_and_a_tail_make_texts_distinct() {
        for (texts, expected) in [
            (&["a", "b"][..], "a"),
            (&["job-1", "job-2"], "job-1"),
            (&["ingest#13", "backup-31453"], "ingest#13"),
            (&["import-2026-11-30", "import-2026-11-31"], "import…11-30"),
            (&["nightly-etl/one", "weekly-etl/one"], "nightl…l/one"),
            (&["aaaa-xx-11111-zzzz", "aaaa-xy-11111-zzzz"], "aaaa-xx-…11-zzzz"),
            (&["日本語の仕事その一", "日本語の仕事その二"], "日本語…の一"),
            (&["\x1b[2J-one", "\x1b[2J-two"], "\\x1b[2J-one"),
            (
                &[
                    "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}",
                ],
                "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}…e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}",
            ),
        ] {
            let form = TextForm::default().distinguishing(texts.to_vec());
            assert_eq!(form.of(texts[0]), expected);
            assert_eq!(form.distinguishing(texts.to_vec()), form, "the same again changes nothing");
            assert!(width(expected) <= form.columns());
        }
    }
}
