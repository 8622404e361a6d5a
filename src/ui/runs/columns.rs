//! The columns of a run's row: the name of each, and what is written into it.

use crate::model::clock::TimeForm;
use crate::model::states::State;
use crate::model::text;
use crate::ui::line_writer::LineWriter;
use crate::ui::names::ShortNames;
use crate::ui::page;
use crate::ui::theme::{Glyph, Meaning};
use crate::view::arrange::{Direction, Sort};
use crate::view::column::fitted::{Fitted, SIGN_COLUMNS, gap, is_right};
use crate::view::detail::Tone;
use crate::view::format::{fitted, signed};
use crate::view::panes::{PaneRow, RunLine};
use crate::view::row::AttemptsCell;
use crate::view::{Column, Ids, LogClock, RunRow};

/// The columns of the pane.
pub(in crate::ui) struct Columns<'a> {
    pub(in crate::ui) fitted: &'a Fitted,
    pub(in crate::ui) sort: (Sort, Direction),
    pub(in crate::ui) ids: Ids<'a>,
    pub(in crate::ui) clock: LogClock<'a>,
}

/// The names in the columns that may hold some which begin alike.
#[derive(Debug, Default)]
pub(in crate::ui) struct RowNames<'a> {
    tasks: ShortNames<'a>,
    owners: ShortNames<'a>,
    keys: ShortNames<'a>,
}

impl Columns<'_> {
    /// The names in the rows that are shown.
    pub(in crate::ui) fn names<'a>(&self, rows: &[PaneRow<'a>]) -> RowNames<'a> {
        let of = |column: Column, name: fn(&RunRow<'a>) -> Option<&'a str>| {
            let rows = rows.iter().filter_map(PaneRow::run).filter(|_| self.fitted.has(column));
            ShortNames::of(rows.filter_map(|line| name(&line.row)))
        };
        RowNames {
            tasks: of(Column::Task, |row| row.description),
            owners: of(Column::Owner, |row| row.owner),
            keys: of(Column::Key, RunRow::concurrency_key),
        }
    }

    /// Writes the names of the columns.
    pub(in crate::ui) fn heading(&self, mut pen: LineWriter<'_>) {
        pen.skip(SIGN_COLUMNS);
        for (index, (column, width)) in self.fitted.iter().enumerate() {
            pen.skip(gap(column, index));
            let (meaning, words) = match self.sort {
                (Sort::By(sorted), direction) if sorted == column => {
                    let arrow = match direction {
                        Direction::Up => Glyph::Up,
                        Direction::Down => Glyph::Down,
                    };
                    (Meaning::Title, format!("{}{}", heading(column), pen.theme().glyph(arrow)))
                }
                _ => (Meaning::Dim, heading(column).to_owned()),
            };
            if is_right(column) {
                pen.right(meaning, &words, width);
            } else {
                pen.cell(meaning, &words, width);
            }
        }
    }

    /// Writes a run behind the sign of the cursor.
    pub(in crate::ui) fn row(&self, line: &RunLine<'_>, names: &RowNames<'_>, mut pen: LineWriter<'_>) {
        let (theme, row) = (pen.theme(), &line.row);
        match (line.is_marked, row.flagged, row.joined) {
            (true, true, _) => pen.own(Meaning::Bad, theme.glyph(Glyph::Marked)),
            (true, false, _) => pen.own(Meaning::Focus, theme.glyph(Glyph::Marked)),
            (false, true, _) => pen.own(Meaning::Bad, "!"),
            (false, false, true) => pen.own(Meaning::Warn, "~"),
            (false, false, false) => pen.skip(1),
        }
        pen.own(Meaning::State(row.state), theme.state(row.state));
        pen.skip(1);
        let flexible = self.fitted.flexible();
        for (index, (column, width)) in self.fitted.iter().enumerate() {
            pen.skip(gap(column, index));
            let cancel = line.cancel.as_ref().filter(|_| column == flexible);
            self.cell((column, width), line, names, cancel, &mut pen);
        }
    }

    fn cell(
        &self,
        (column, width): (Column, usize),
        line: &RunLine<'_>,
        names: &RowNames<'_>,
        cancel: Option<&(Tone, String)>,
        pen: &mut LineWriter<'_>,
    ) {
        let (row, ids) = (&line.row, self.ids);
        let end = pen.left().saturating_sub(width);
        // Where there is no room for all of it, the outcome of the cancel goes before its sequence.
        let cancel = cancel.map(|(tone, words)| match words.split_once(" #") {
            Some((what, _)) if text::width(words) >= width => (*tone, what),
            _ => (*tone, words.as_str()),
        });
        let cancel_width = cancel.map_or(0, |(_, words)| text::width(words) + 1);
        let room = width.saturating_sub(cancel_width);
        match column {
            Column::Run => {
                let whole = ids.whole(row.id);
                let id = if text::width(&whole) <= width { whole } else { ids.run(row.id) };
                pen.id(Meaning::Text, &id, width);
            }
            Column::Task => task(row, &names.tasks, ids, end + cancel_width, pen),
            Column::Attempts => attempts(row.attempts, row.state, width, pen),
            Column::InState => pen.right(Meaning::Text, &row.age_words(), width),
            Column::Owner => pen.name(Meaning::Dim, row.owner.unwrap_or(""), &names.owners, room),
            Column::Priority => {
                let priority = row.priority.map(|priority| signed(priority.into(), width - 1));
                pen.right(Meaning::Dim, priority.as_deref().unwrap_or("?"), width);
            }
            Column::Created => {
                let words = match row.created_at() {
                    Some(at) => self.clock.listed(at, created(width)),
                    None => "?".to_owned(),
                };
                pen.cell(Meaning::Dim, &words, room);
            }
            Column::Key => {
                pen.name(Meaning::Dim, row.concurrency_key().unwrap_or(""), &names.keys, room);
            }
            Column::Error => {
                pen.log(Meaning::Bad, text::telling_line(row.latest_error().unwrap_or("")), room);
            }
            Column::Waiting => {
                if let Some((is_stuck, words)) = &line.waiting {
                    pen.words(if *is_stuck { Meaning::Bad } else { Meaning::Dim }, words, room);
                }
            }
        }
        if let Some((tone, words)) = cancel {
            pen.skip_to_last(end + cancel_width - 1);
            pen.own(page::meaning(tone), words);
        }
        pen.skip_to_last(end);
    }
}

const fn heading(column: Column) -> &'static str {
    match column {
        Column::InState => "in state",
        Column::Priority => "prio",
        Column::Waiting => "waits for",
        column => column.name(),
    }
}

/// Writes the name of its task, and the tags of it that there is room for before the last `end` columns.
fn task(row: &RunRow<'_>, names: &ShortNames<'_>, ids: Ids<'_>, end: usize, pen: &mut LineWriter<'_>) {
    let room = |pen: &LineWriter<'_>| pen.left().saturating_sub(end);
    match row.description {
        Some(description) => pen.name(Meaning::Text, description, names, room(pen)),
        None => {
            let task = ids.task(row.told_task());
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

/// `2/5 +1`, with the strokes below each other where the numbers are short; the last attempt of a live run is
/// highlighted. Those that do not count are left out where there is no room for them.
fn attempts(attempts: AttemptsCell, state: State, width: usize, pen: &mut LineWriter<'_>) {
    let AttemptsCell { counted, cap, uncounted, .. } = attempts;
    let is_last = !state.is_terminal() && cap.is_some_and(|cap| cap > 1 && counted >= Some(cap));
    let words = attempts.of_cap(width);
    // Where such a log tells of no cap, there is none to show.
    let (counted, cap) = match words.split_once('/') {
        Some((counted, cap)) => (counted, format!("/{cap}")),
        None => (words.as_str(), String::new()),
    };
    let counted = if cap.len() + 3 <= width { format!("{counted:>3}") } else { counted.to_owned() };
    let rest = width.saturating_sub(counted.len() + cap.len());
    pen.own(if is_last { Meaning::Warn } else { Meaning::Text }, &counted);
    pen.own(Meaning::Dim, &cap);
    if uncounted > 0
        && let Some(words) = fitted(uncounted.into(), rest.saturating_sub(2))
    {
        pen.own(Meaning::Dim, &format!(" +{words}"));
    }
}

/// Returns the form of instants of creation in a column of this width: all of them alike.
const fn created(width: usize) -> TimeForm {
    match width {
        ..14 => TimeForm::DayAndMinute,
        14..19 => TimeForm::DayAndSecond,
        _ => TimeForm::Full,
    }
}
