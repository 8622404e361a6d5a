//! The columns of a run's row: which there is room for, how wide each is, and what is written into it.

use crate::engine::waiting::Scene;
use crate::model::clock::TimeForm;
use crate::model::states::State;
use crate::model::text;
use crate::store::{RunKey, Store};
use crate::ui::line_writer::Pen;
use crate::ui::names::Names;
use crate::ui::theme::{Glyph, Meaning};
use crate::view::arrange::{Direction, Sort};
use crate::view::format::{age, fitted, signed};
use crate::view::row::Attempts;
use crate::view::{Clock, Column, Ids, RunRow, waiting};

/// Cursor, flag, glyph, and the space after each.
const SIGNS: usize = 4;
/// Columns that are left free at the end of a row.
const MARGIN: usize = 2;
/// Between two columns that would touch.
const GAP: usize = 2;
/// The fewest columns of the one that takes what is left.
const LEAST: usize = 10;

/// What there is room for.
pub(in crate::ui) struct Columns {
    /// In order; the one of [`flexible`] as wide as the others leave room for.
    columns: Vec<(Column, usize)>,
    sort: (Sort, Direction),
    ids: Ids,
}

/// The names in the columns that may hold some which begin alike.
#[derive(Debug, Default)]
pub(in crate::ui) struct RowNames<'a> {
    tasks: Names<'a>,
    owners: Names<'a>,
    keys: Names<'a>,
}

/// What a row is written with beside its own facts.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Beside<'a> {
    pub(in crate::ui) store: &'a Store,
    pub(in crate::ui) key: RunKey,
    pub(in crate::ui) now: u64,
    pub(in crate::ui) clock: &'a Clock,
    pub(in crate::ui) is_marked: bool,
    /// What it takes to know why it waits; none where that is not shown.
    pub(in crate::ui) scene: Option<&'a Scene>,
    pub(in crate::ui) names: &'a RowNames<'a>,
}

impl Columns {
    /// The columns for a row of this width: those that somebody chose, as far as they fit, or those that matter most.
    pub(in crate::ui) fn of(
        width: u16,
        chosen: Option<&[Column]>,
        sort: (Sort, Direction),
        ids: Ids,
    ) -> Self {
        let width = usize::from(width);
        let mut columns: Vec<(Column, usize)> = match chosen {
            Some(chosen) => chosen.iter().map(|column| (*column, own_width(*column, width))).collect(),
            None => usual(width),
        };
        for (_, width) in columns.iter_mut().filter(|(column, _)| *column == Column::Run) {
            *width = ids.run_columns();
        }
        // Whoever sorts by something wants to see it.
        if let Sort::By(column) = sort.0
            && !columns.iter().any(|(shown, _)| *shown == column)
        {
            let place = columns.len().min(2);
            columns.insert(place, (column, own_width(column, width)));
        }
        let flexible = flexible(&columns);
        let room = width.saturating_sub(SIGNS + MARGIN);
        let needs = |columns: &[(Column, usize)]| -> usize {
            let widths = columns.iter().enumerate().map(|(index, (column, width))| {
                gap(*column, index) + if *column == flexible { LEAST } else { *width }
            });
            widths.sum()
        };
        while columns.len() > 1 && needs(&columns) > room {
            let last = columns.iter().rposition(|(column, _)| {
                *column != flexible && Sort::By(*column) != sort.0 && *column != Column::Run
            });
            match last {
                Some(last) => drop(columns.remove(last)),
                None => break,
            }
        }
        let rest = room.saturating_sub(needs(&columns)) + LEAST;
        for (column, width) in &mut columns {
            if *column == flexible {
                *width = rest;
            }
        }
        Self { columns, sort, ids }
    }

    /// The names in the rows that are shown.
    pub(in crate::ui) fn names<'a, 'r>(
        &self,
        store: &'a Store,
        rows: &(impl Iterator<Item = &'r RunRow<'a>> + Clone),
    ) -> RowNames<'a>
    where
        'a: 'r,
    {
        let of = |column: Column, name: fn(&'a Store, &RunRow<'a>) -> Option<&'a str>| match self.has(column)
        {
            true => Names::of(rows.clone().filter_map(|row| name(store, row))),
            false => Names::default(),
        };
        RowNames {
            tasks: of(Column::Task, |_, row| row.description),
            owners: of(Column::Owner, |_, row| row.owner),
            keys: of(Column::Key, |store, row| key_of(store, row.key())),
        }
    }

    /// Whether a column is shown.
    pub(in crate::ui) fn has(&self, wanted: Column) -> bool {
        self.columns.iter().any(|(column, _)| *column == wanted)
    }

    /// How many columns come after that of the age.
    pub(in crate::ui) fn after_age(&self) -> usize {
        let place = self.columns.iter().position(|(column, _)| *column == Column::InState);
        let after = self.columns.iter().enumerate().skip(place.map_or(self.columns.len(), |place| place + 1));
        after.map(|(index, (column, width))| gap(*column, index) + width).sum::<usize>() + MARGIN
    }

    /// Writes the names of the columns.
    pub(in crate::ui) fn heading(&self, mut pen: Pen<'_>) {
        pen.skip(SIGNS);
        for (index, (column, width)) in self.columns.iter().enumerate() {
            pen.skip(gap(*column, index));
            let (meaning, words) = match self.sort {
                (Sort::By(sorted), direction) if sorted == *column => {
                    let arrow = match direction {
                        Direction::Up => Glyph::Up,
                        Direction::Down => Glyph::Down,
                    };
                    (Meaning::Title, format!("{}{}", heading(*column), pen.theme().glyph(arrow)))
                }
                _ => (Meaning::Dim, heading(*column).to_owned()),
            };
            if is_right(*column) {
                pen.right(meaning, &words, *width);
            } else {
                pen.cell(meaning, &words, *width);
            }
        }
    }

    /// Writes a run behind the sign of the cursor.
    pub(in crate::ui) fn row(
        &self,
        row: &RunRow<'_>,
        beside: Beside<'_>,
        standing: Option<(Meaning, String)>,
        mut pen: Pen<'_>,
    ) {
        let theme = pen.theme();
        match (beside.is_marked, row.flagged, row.joined) {
            (true, true, _) => pen.own(Meaning::Bad, theme.glyph(Glyph::Marked)),
            (true, false, _) => pen.own(Meaning::Focus, theme.glyph(Glyph::Marked)),
            (false, true, _) => pen.own(Meaning::Bad, "!"),
            (false, false, true) => pen.own(Meaning::Warn, "~"),
            (false, false, false) => pen.skip(1),
        }
        pen.own(Meaning::State(row.state), theme.state(row.state));
        pen.skip(1);
        let flexible = flexible(&self.columns);
        let mut standing = standing;
        for (index, (column, width)) in self.columns.iter().enumerate() {
            pen.skip(gap(*column, index));
            let words = if *column == flexible { standing.take() } else { None };
            cell((*column, *width), row, beside, self.ids, words, &mut pen);
        }
    }
}

/// What fits best without being asked.
fn usual(width: usize) -> Vec<(Column, usize)> {
    let mut columns = vec![(Column::Run, own_width(Column::Run, width)), (Column::Task, 0)];
    for (column, from) in [
        (Column::Attempts, 56),
        (Column::InState, 0),
        (Column::Owner, 70),
        (Column::Priority, 84),
        (Column::Waiting, 140),
    ] {
        if width >= from {
            columns.push((column, own_width(column, width)));
        }
    }
    columns
}

/// The column that takes what the others leave.
fn flexible(columns: &[(Column, usize)]) -> Column {
    let has = |wanted: Column| columns.iter().any(|(column, _)| *column == wanted);
    [Column::Task, Column::Error, Column::Waiting, Column::Key, Column::Owner]
        .into_iter()
        .find(|column| has(*column))
        .unwrap_or(Column::Run)
}

const fn own_width(column: Column, width: usize) -> usize {
    match column {
        Column::Run => 8,
        Column::Task => 24,
        Column::Attempts | Column::InState => 9,
        Column::Owner if width >= 150 => 24,
        Column::Owner if width >= 104 => 16,
        Column::Owner => 10,
        Column::Priority if width >= 104 => 8,
        Column::Priority => 5,
        Column::Created if width >= 130 => 19,
        Column::Created if width >= 60 => 14,
        Column::Created => 11,
        Column::Key => 16,
        Column::Error => 28,
        Column::Waiting => 34,
    }
}

/// Columns that stay free before a column; figures that end at its right side bring their own.
const fn gap(column: Column, index: usize) -> usize {
    if index == 0 || is_right(column) { 0 } else { GAP }
}

const fn is_right(column: Column) -> bool {
    matches!(column, Column::InState | Column::Priority)
}

const fn heading(column: Column) -> &'static str {
    match column {
        Column::InState => "in state",
        Column::Priority => "prio",
        Column::Waiting => "waits for",
        column => column.name(),
    }
}

/// The concurrency key of a run.
fn key_of(store: &Store, run: RunKey) -> Option<&str> {
    store.spec(run).and_then(|spec| spec.concurrency_key).map(|name| store.text(name))
}

fn cell(
    (column, width): (Column, usize),
    row: &RunRow<'_>,
    beside: Beside<'_>,
    ids: Ids,
    standing: Option<(Meaning, String)>,
    pen: &mut Pen<'_>,
) {
    let end = pen.left().saturating_sub(width);
    // Where there is no room for all of it, what became of the cancel goes before when that was.
    let standing = standing.map(|(meaning, words)| match words.split_once(" #") {
        Some((what, _)) if text::width(&words) >= width => (meaning, what.to_owned()),
        _ => (meaning, words),
    });
    let standing_width = standing.as_ref().map_or(0, |(_, words)| text::width(words) + 1);
    let room = width.saturating_sub(standing_width);
    let name = |name: Option<crate::store::Name>| name.map(|name| beside.store.text(name));
    match column {
        Column::Run => pen.id(Meaning::Text, &ids.run(row.id), width),
        Column::Task => task(row, &beside.names.tasks, ids, end + standing_width, pen),
        Column::Attempts => attempts(row.attempts, row.state, width, pen),
        Column::InState => pen.right(Meaning::Text, &age(row.age), width),
        Column::Owner => pen.name(Meaning::Dim, row.owner.unwrap_or(""), &beside.names.owners, room),
        Column::Priority => {
            let priority = row.priority.map(|priority| signed(priority.into(), width - 1));
            pen.right(Meaning::Dim, priority.as_deref().unwrap_or("?"), width);
        }
        Column::Created => {
            let at = beside.store.created_at(beside.key);
            let words = if row.joined { "?".to_owned() } else { beside.clock.listed(at, created(width)) };
            pen.cell(Meaning::Dim, &words, room);
        }
        Column::Key => {
            pen.name(Meaning::Dim, key_of(beside.store, beside.key).unwrap_or(""), &beside.names.keys, room);
        }
        Column::Error => {
            let error = name(beside.store.latest_error(beside.key)).unwrap_or("");
            pen.log(Meaning::Bad, text::telling_line(error), room);
        }
        Column::Waiting => {
            let why = beside.scene.and_then(|scene| scene.why(beside.store, beside.key, beside.now));
            if let Some(why) = why {
                let meaning = if why.is_stuck { Meaning::Bad } else { Meaning::Dim };
                pen.words(meaning, &waiting::short(beside.store, &why, ids, beside.now), room);
            }
        }
    }
    if let Some((meaning, words)) = standing {
        pen.skip_to_last(end + standing_width - 1);
        pen.own(meaning, &words);
    }
    pen.skip_to_last(end);
}

/// What its task is called, and the tags of it that there is room for before the last `end` columns.
fn task(row: &RunRow<'_>, names: &Names<'_>, ids: Ids, end: usize, pen: &mut Pen<'_>) {
    let room = |pen: &Pen<'_>| pen.left().saturating_sub(end);
    match row.description {
        Some(description) => pen.name(Meaning::Text, description, names, room(pen)),
        None => {
            let task = ids.task(row.task);
            pen.words(Meaning::Dim, &task, room(pen));
        }
    }
    for tag in row.tags() {
        if room(pen) < 4 {
            break;
        }
        pen.skip(1);
        pen.log(Meaning::Dim, tag, room(pen));
    }
}

/// `2/5 +1`, with the strokes below each other where the numbers are short; the last attempt of a live run stands out.
/// Those that do not count are left out where there is no room for them.
fn attempts(attempts: Attempts, state: State, width: usize, pen: &mut Pen<'_>) {
    let Attempts { counted, cap, uncounted } = attempts;
    let is_last = !state.is_terminal() && cap.is_some_and(|cap| cap > 1 && counted >= cap);
    let words = attempts.of_cap(width);
    let (counted, cap) = words.split_once('/').unwrap_or((&words, "?"));
    let counted = if cap.len() + 4 <= width { format!("{counted:>3}") } else { counted.to_owned() };
    let rest = width.saturating_sub(counted.len() + 1 + cap.len());
    pen.own(if is_last { Meaning::Warn } else { Meaning::Text }, &counted);
    pen.own(Meaning::Dim, &format!("/{cap}"));
    if uncounted > 0
        && let Some(words) = fitted(uncounted.into(), rest.saturating_sub(2))
    {
        pen.own(Meaning::Dim, &format!(" +{words}"));
    }
}

/// How instants of creation are told in a column of this width: all of them alike.
const fn created(width: usize) -> TimeForm {
    match width {
        ..14 => TimeForm::DayAndMinute,
        14..19 => TimeForm::DayAndSecond,
        _ => TimeForm::Full,
    }
}
