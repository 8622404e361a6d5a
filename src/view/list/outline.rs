//! The current rows of a list: computed from the counts of its sections, never all of them written down.
//!
//! A peeked section shows its first runs and a row for the rest. The run under the cursor is always shown, so that the
//! cursor is on the screen. Where there may be a million sections, closed ones are a row each and are not read.

use std::collections::HashMap;

use super::{Cursor, Fold, Shelf};
use crate::store::RunKey;
use crate::view::arrange::{GroupId, Grouping};

/// The numbers of runs that a peek may show of one state: steps, so that a count that changes by one moves nothing.
const STATE_PEEK_RUNS: [usize; 13] = [64, 48, 32, 24, 16, 12, 10, 8, 6, 5, 4, 3, 2];

/// Runs of a peek into a section that may be one of a million.
const GROUP_PEEK_RUNS: usize = 10;

/// The rows of a list, by their numbers.
#[derive(Debug)]
pub struct Outline<'a> {
    shelf: Shelf<'a>,
    /// The sections that may be more than their header, in order.
    sections: Vec<Section>,
    n_sections: usize,
    len: usize,
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The header of a section.
    Header {
        /// The section.
        section: GroupId,
        /// The number of its runs.
        count: usize,
        /// Its fold.
        fold: Fold,
    },
    /// A run.
    Run(RunKey),
    /// A row for the runs that are not shown.
    More {
        /// Their section.
        section: GroupId,
        /// The number of those runs.
        hidden: usize,
    },
}

#[derive(Debug, Clone, Copy)]
struct Section {
    id: GroupId,
    /// Its index among all sections.
    index: usize,
    fold: Fold,
    /// Its first row.
    start: usize,
    /// Rows of its header: 1, or 0 where it has none.
    header: usize,
    count: usize,
    /// The number of its first runs that are shown.
    shown: usize,
    /// The run under the cursor, when it is not among them.
    pinned: Option<RunKey>,
    more: bool,
}

impl Section {
    const fn len(&self) -> usize {
        self.header + self.shown + self.pinned.is_some() as usize + self.more as usize
    }

    const fn end(&self) -> usize {
        self.start + self.len()
    }

    const fn hidden(&self) -> usize {
        self.count - self.shown - self.pinned.is_some() as usize
    }
}

/// The options of an outline: folds, the selected run, and the height of the pane.
#[derive(Debug, Clone, Copy)]
pub(super) struct OutlineOptions<'a> {
    pub(super) folds: &'a HashMap<GroupId, Fold>,
    /// The fold of states that `folds` does not name.
    pub(super) otherwise: Fold,
    pub(super) selected: Option<RunKey>,
    pub(super) height: usize,
}

impl OutlineOptions<'_> {
    /// The fold of a section.
    pub(super) fn fold(&self, section: GroupId) -> Fold {
        self.folds.get(&section).copied().unwrap_or(match section {
            GroupId::State(_) => self.otherwise,
            GroupId::Named(_) => Fold::Closed,
            GroupId::All => Fold::Open,
        })
    }
}

impl<'a> Outline<'a> {
    pub(super) fn of(shelf: Shelf<'a>, options: OutlineOptions<'_>) -> Self {
        let n_sections = shelf.len();
        let ids = expandable(&shelf, &options, n_sections);
        let peek = match shelf.grouping() {
            Grouping::State => {
                peek(&ids.iter().map(|(_, id)| (options.fold(*id), shelf.count(*id))), options.height)
            }
            _ => GROUP_PEEK_RUNS,
        };
        let mut outline = Self { shelf, sections: Vec::with_capacity(ids.len()), n_sections, len: 0 };
        for (index, id) in ids {
            let section = outline.section_of(index, id, &options, peek);
            outline.sections.push(section);
        }
        outline.len = outline.start_of(n_sections);
        outline
    }

    fn section_of(&self, index: usize, id: GroupId, options: &OutlineOptions<'_>, peek: usize) -> Section {
        let (fold, count) = (options.fold(id), self.shelf.count(id));
        let shown = shown(fold, count, peek);
        let pinned = options.selected.filter(|run| {
            self.shelf.section_of(*run) == Some(id) && self.shelf.place_in_section(*run) >= shown
        });
        let rest = count - shown - usize::from(pinned.is_some());
        let more = fold == Fold::Peek && rest > 0;
        let header = usize::from(id != GroupId::All);
        Section { id, index, fold, start: self.start_of(index), header, count, shown, pinned, more }
    }

    /// The number of rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// True if there is no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Yields rows from the one with the number `top`.
    pub fn rows(&self, top: usize) -> impl Iterator<Item = Row> + '_ {
        let first = self.index_at(top);
        (first..self.n_sections).flat_map(move |index| {
            let skip = top.saturating_sub(self.start_of(index));
            let known = self.known(index);
            let closed = known.is_none().then(|| self.closed(index)).flatten();
            closed.into_iter().chain(known.into_iter().flat_map(move |section| self.rows_of(section, skip)))
        })
    }

    /// The number of a cursor's row.
    #[must_use]
    pub fn place(&self, cursor: Cursor) -> Option<usize> {
        match cursor {
            Cursor::Header(section) => {
                let index = self.shelf.place_of(section)?;
                (section != GroupId::All).then(|| self.start_of(index))
            }
            Cursor::More(section) => {
                let section = self.find(section).filter(|section| section.more)?;
                Some(section.end() - 1)
            }
            Cursor::Run(run) => {
                let key = self.shelf.store().find(run)?;
                let section = self.find(self.shelf.section_of(key)?)?;
                let place = self.shelf.place_in_section(key);
                match section.pinned {
                    Some(pinned) if pinned == key => Some(section.start + section.header + section.shown),
                    _ if place < section.shown => Some(section.start + section.header + place),
                    _ => None,
                }
            }
        }
    }

    /// The cursor on the row with this number.
    #[must_use]
    pub fn cursor(&self, row: usize) -> Option<Cursor> {
        Some(match self.rows(row).next()? {
            Row::Header { section, .. } => Cursor::Header(section),
            Row::Run(key) => Cursor::Run(self.shelf.store().id_of(key)),
            Row::More { section, .. } => Cursor::More(section),
        })
    }

    /// The first row of the section after that of a row.
    #[must_use]
    pub fn next_section(&self, row: usize) -> Option<usize> {
        let next = self.index_at(row) + 1;
        (next < self.n_sections).then(|| self.start_of(next))
    }

    /// The first row of a row's section, or of the one before for a row that is its section's first.
    #[must_use]
    pub fn previous_section(&self, row: usize) -> usize {
        let index = self.index_at(row);
        let start = self.start_of(index);
        if start < row { start } else { self.start_of(index.saturating_sub(1)) }
    }

    /// The number of runs of a section that are not shown.
    #[must_use]
    pub fn hidden(&self, section: GroupId) -> usize {
        self.find(section).map_or(0, Section::hidden)
    }

    /// The first run of a section that is not shown.
    #[must_use]
    pub fn first_hidden(&self, section: GroupId) -> Option<RunKey> {
        let section = self.find(section)?;
        let rest = self.shelf.runs(section.id, section.shown);
        rest.take(2).find(|key| section.pinned != Some(*key))
    }

    fn find(&self, id: GroupId) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    fn known(&self, index: usize) -> Option<&Section> {
        let place = self.sections.binary_search_by_key(&index, |section| section.index).ok()?;
        Some(&self.sections[place])
    }

    /// The row of a section that is not open.
    fn closed(&self, index: usize) -> Option<Row> {
        let section = self.shelf.at(index)?;
        Some(Row::Header { section, count: self.shelf.count(section), fold: Fold::Closed })
    }

    /// The first row of the section at an index; for the index after the last one, the number of rows.
    fn start_of(&self, index: usize) -> usize {
        let before = self.sections.partition_point(|section| section.index <= index);
        match before.checked_sub(1).map(|last| &self.sections[last]) {
            Some(section) if section.index == index => section.start,
            Some(section) => section.end() + (index - section.index - 1),
            None => index,
        }
    }

    /// The index of a row's section.
    fn index_at(&self, row: usize) -> usize {
        let before = self.sections.partition_point(|section| section.start <= row);
        match before.checked_sub(1).map(|last| &self.sections[last]) {
            Some(section) if row < section.end() => section.index,
            Some(section) => section.index + 1 + (row - section.end()),
            None => row,
        }
    }

    /// Yields the rows of one section after the first `skip`.
    fn rows_of(&self, section: &Section, skip: usize) -> impl Iterator<Item = Row> + use<'_> {
        let Section { id, fold, header, count, shown, pinned, more, .. } = *section;
        let heading = (skip < header).then_some(Row::Header { section: id, count, fold });
        let runs_skipped = skip.saturating_sub(header);
        let n_runs = shown.saturating_sub(runs_skipped);
        // A section is read only where one of its runs is shown.
        let runs = (n_runs > 0).then(|| self.shelf.runs(id, runs_skipped).take(n_runs));
        let pinned = pinned.filter(|_| skip <= header + shown);
        let rest = Row::More { section: id, hidden: section.hidden() };
        let more = (more && skip < section.len()).then_some(rest);
        heading
            .into_iter()
            .chain(runs.into_iter().flatten().map(Row::Run))
            .chain(pinned.map(Row::Run))
            .chain(more)
    }
}

/// The sections that may be more than their header, with their indexes.
fn expandable(shelf: &Shelf<'_>, options: &OutlineOptions<'_>, n_sections: usize) -> Vec<(usize, GroupId)> {
    if matches!(shelf.grouping(), Grouping::State | Grouping::Nothing) {
        return (0..n_sections).filter_map(|index| Some((index, shelf.at(index)?))).collect();
    }
    let opened = options.folds.iter().filter(|(_, fold)| **fold != Fold::Closed).map(|(id, _)| *id);
    let selected = options.selected.and_then(|run| shelf.section_of(run));
    let mut ids: Vec<(usize, GroupId)> =
        opened.chain(selected).filter_map(|id| Some((shelf.place_of(id)?, id))).collect();
    ids.sort_unstable_by_key(|(index, _)| *index);
    ids.dedup();
    ids
}

const fn shown(fold: Fold, count: usize, peek: usize) -> usize {
    match fold {
        Fold::Closed => 0,
        Fold::Open => count,
        // A row for one hidden run would take as much room as the run.
        Fold::Peek if count <= peek + 1 => count,
        Fold::Peek => peek,
    }
}

/// The largest peek that lets all sections fit in `height` rows, or the smallest when none does.
fn peek(sections: &(impl Iterator<Item = (Fold, usize)> + Clone), height: usize) -> usize {
    let fits = |peek: usize| {
        let rows = sections.clone().map(|(fold, count)| {
            let shown = shown(fold, count, peek);
            1 + shown + usize::from(fold == Fold::Peek && shown < count)
        });
        rows.fold(0, usize::saturating_add) <= height
    };
    STATE_PEEK_RUNS.into_iter().find(|peek| fits(*peek)).unwrap_or(STATE_PEEK_RUNS[STATE_PEEK_RUNS.len() - 1])
}
