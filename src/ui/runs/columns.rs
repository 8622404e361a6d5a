//! The columns of a run's row: which there is room for, and where each begins.

use crate::model::state::RunState;
use crate::model::text;
use crate::ui::pen::Pen;
use crate::ui::theme::Meaning;
use crate::view::RunRow;
use crate::view::format::age;
use crate::view::row::Attempts;

/// Cursor, flag, glyph, and the space after each.
const SIGNS: usize = 4;
const ID: usize = 8;
const AGE: usize = 9;
const ATTEMPTS: usize = 9;
const PRIORITY: usize = 5;
const GAP: usize = 2;

/// What there is room for, in columns; 0 is left out.
pub(in crate::ui) struct Columns {
    task: usize,
    attempts: usize,
    owner: usize,
    priority: usize,
}

impl Columns {
    /// The columns for a row of this width.
    pub(in crate::ui) fn of(width: u16) -> Self {
        let width = usize::from(width);
        let attempts = if width >= 56 { ATTEMPTS } else { 0 };
        let owner = match width {
            150.. => 24,
            104.. => 16,
            70.. => 10,
            _ => 0,
        };
        let priority = if width >= 84 { PRIORITY } else { 0 };
        let gaps = GAP * (2 + usize::from(attempts > 0) + usize::from(owner > 0));
        let rest = SIGNS + ID + AGE + attempts + owner + priority + gaps;
        Self { task: width.saturating_sub(rest), attempts, owner, priority }
    }

    /// How many columns come after that of the age.
    pub(in crate::ui) const fn after_age(&self) -> usize {
        self.owner + self.priority + if self.owner > 0 { 2 * GAP } else { GAP }
    }

    /// Writes the names of the columns.
    pub(in crate::ui) fn heading(&self, mut pen: Pen<'_>) {
        pen.skip(SIGNS);
        pen.cell(Meaning::Dim, "run", ID + GAP);
        pen.cell(Meaning::Dim, "task", self.task);
        if self.attempts > 0 {
            pen.skip(GAP);
            pen.cell(Meaning::Dim, "attempts", self.attempts);
        }
        pen.right(Meaning::Dim, "in state", AGE);
        if self.owner > 0 {
            pen.skip(GAP);
            pen.cell(Meaning::Dim, "owner", self.owner);
        }
        if self.priority > 0 {
            pen.right(Meaning::Dim, "prio", self.priority);
        }
    }

    /// Writes a run behind the sign of the cursor.
    pub(in crate::ui) fn row(&self, row: &RunRow<'_>, mark: Option<(Meaning, String)>, mut pen: Pen<'_>) {
        let theme = pen.theme();
        match (row.flagged, row.joined) {
            (true, _) => pen.own(Meaning::Bad, "!"),
            (false, true) => pen.own(Meaning::Warn, "~"),
            (false, false) => pen.skip(1),
        }
        pen.own(Meaning::State(row.state), theme.state(row.state));
        pen.skip(1);
        pen.cell(Meaning::Text, &row.id.short(), ID + GAP);
        self.task(row, mark, &mut pen);
        if self.attempts > 0 {
            pen.skip(GAP);
            self.attempts(row.attempts, row.state, &mut pen);
        }
        pen.right(Meaning::Text, &age(row.age), AGE);
        if self.owner > 0 {
            pen.skip(GAP);
            pen.log_cell(Meaning::Dim, row.owner.unwrap_or(""), self.owner);
        }
        if self.priority > 0 {
            let priority = row.priority.map_or_else(|| "?".to_owned(), |priority| priority.to_string());
            pen.right(Meaning::Dim, &priority, self.priority);
        }
    }

    fn task(&self, row: &RunRow<'_>, mark: Option<(Meaning, String)>, pen: &mut Pen<'_>) {
        let end = pen.left().saturating_sub(self.task);
        let mark_width = mark.as_ref().map_or(0, |(_, words)| text::width(words) + 1);
        let room = |pen: &Pen<'_>| pen.left().saturating_sub(end + mark_width);
        match row.description {
            Some(description) => pen.log(Meaning::Text, description, room(pen)),
            None => pen.own(Meaning::Dim, &row.task.short()),
        }
        for tag in row.tags() {
            if room(pen) < 4 {
                break;
            }
            pen.skip(1);
            pen.log(Meaning::Dim, tag, room(pen));
        }
        if let Some((meaning, words)) = mark {
            pen.skip_to_last(end + mark_width - 1);
            pen.own(meaning, &words);
        }
        pen.skip_to_last(end);
    }

    /// `2/5 +1`, with the strokes below each other; the last attempt of a live run stands out.
    fn attempts(&self, attempts: Attempts, state: RunState, pen: &mut Pen<'_>) {
        let Attempts { counted, cap, uncounted } = attempts;
        let cap_words = cap.map_or_else(|| "?".to_owned(), |cap| cap.to_string());
        let end = pen.left().saturating_sub(self.attempts);
        let is_last = !state.is_terminal() && cap.is_some_and(|cap| cap > 1 && counted >= cap);
        pen.right(if is_last { Meaning::Warn } else { Meaning::Text }, &counted.to_string(), 3);
        pen.own(Meaning::Dim, &format!("/{cap_words}"));
        if uncounted > 0 {
            pen.own(Meaning::Dim, &format!(" +{uncounted}"));
        }
        pen.skip_to_last(end);
    }
}
