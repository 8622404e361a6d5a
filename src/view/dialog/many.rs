//! The confirmation dialog of many cancels: how many, why these, of which tasks and in which states.
//!
//! No label is broken: a name and its number are on one line.

use super::super::detail::{DetailLine, Tone, fact, indented};
use super::super::format::count;
use super::super::summary::Summary;
use super::{
    CommandRoute, MIN_WHOLE_COLUMNS, age_of_view, brief_age_of_view, brief_unconfirmed, one_line, warning,
};
use crate::model::clock::LogClock;
use crate::model::states::{MAX_STATES, Phase};
use crate::model::{text, time};

/// The maximum lines of a list.
const MAX_LIST_LINES: usize = 3;
/// The maximum number of tasks that are named: more than fit in their lines.
pub const MAX_NAMED_TASKS: usize = 100;
/// The warning for a dialog without room for more.
const FINAL_WARNING: &str = "cannot be undone";
/// Columns of the label of a fact.
const LABEL_COLUMNS: usize = 16;

/// The facts of a question about many runs.
#[derive(Debug, Clone, Copy)]
pub struct Questions<'a> {
    /// The number of marked runs.
    pub n_marked: usize,
    /// The number of marked runs that had not ended when the dialog opened.
    pub eligible: usize,
    /// The number of eligible runs that have ended since.
    pub ended_since: usize,
    /// The reason for these runs: the query or the marks.
    pub why: &'a str,
    /// The largest tasks of those that have not ended, at most [`MAX_NAMED_TASKS`], with the number of their runs; the
    /// largest first.
    pub by_task: &'a [(String, usize)],
    /// The number of tasks.
    pub n_tasks: usize,
    /// The number of runs that have not ended, by state.
    pub by_state: &'a [usize; MAX_STATES],
    /// The digits typed as confirmation.
    pub typed: &'a str,
    /// Time since the view was frozen, in seconds.
    pub frozen_for: Option<u64>,
    /// The state of the log.
    pub summary: &'a Summary<'a>,
    /// Formats instants.
    pub clock: LogClock<'a>,
    /// The way of the commands.
    pub route: &'a CommandRoute,
    /// Commands sent a second.
    pub rate: u32,
    /// The word for what one command cancels with all of them; none where there is a command for each run.
    pub whole: Option<&'static str>,
}

impl Questions<'_> {
    /// The number of runs that a yes cancels: the number to type.
    const fn number(&self) -> usize {
        self.eligible.saturating_sub(self.ended_since)
    }

    /// The forms of the question, in lines of at most `width` columns: the longest first.
    #[must_use]
    pub fn forms(&self, width: usize) -> Vec<Vec<DetailLine>> {
        let mut forms = vec![self.brief(width), self.tight(width)];
        if width >= MIN_WHOLE_COLUMNS {
            forms.insert(0, self.whole(width));
        }
        forms
    }

    /// A line a fact, but for the reason and the target, which are whole: a cut one could hide a part of their meaning.
    fn brief(&self, width: usize) -> Vec<DetailLine> {
        let mut lines = self.facts(width);
        let pace = if self.whole.is_some() { String::new() } else { format!("{} a second; ", self.rate) };
        let words = one_line(&format!("{pace}{FINAL_WARNING}"), width.saturating_sub(1));
        lines.push(DetailLine::empty().with(Tone::Plain, format!(" {words}")));
        lines.push(self.number_line(&format!(" type {} to mean it: ", self.number())));
        lines
    }

    /// The same with a line less, for a long reason on a small screen.
    fn tight(&self, width: usize) -> Vec<DetailLine> {
        let mut lines = self.facts(width);
        lines.push(self.number_line(&format!(" {FINAL_WARNING}; type {}: ", self.number())));
        lines
    }

    fn facts(&self, width: usize) -> Vec<DetailLine> {
        let room = width.saturating_sub(1);
        let line =
            |tone, words: &str| DetailLine::empty().with(Tone::Plain, " ").with(tone, one_line(words, room));
        let ended = match self.ended_since {
            0 => String::new(),
            n => format!("{} ended, ", count(n)),
        };
        let (tone, view) = brief_age_of_view(self.summary, self.clock);
        let (tasks, states) = (self.tasks(), self.states());
        let states = rows((&states, states.len()), "", room, 1).concat();
        let mut lines = indented(" ", Tone::Plain, self.why, width);
        lines.extend([
            line(Tone::Plain, &rows((&tasks, self.n_tasks), "", room, 1).concat()),
            line(if self.ended_since > 0 { Tone::Warn } else { Tone::Plain }, &format!("{ended}{states}")),
            line(tone, &view),
        ]);
        lines.extend(indented(" ", Tone::Plain, &self.route.brief(), width));
        lines.extend(brief_unconfirmed(self.summary.states));
        lines
    }

    /// The prompt for the number, and the digits typed.
    fn number_line(&self, words: &str) -> DetailLine {
        let tone = if self.typed == self.number().to_string() { Tone::Good } else { Tone::Warn };
        DetailLine::empty().with(Tone::Title, words).with(tone, self.typed).with(Tone::Caret, " ")
    }

    fn states(&self) -> Vec<String> {
        let states = self.summary.states.listed().filter(|state| !state.is_terminal());
        let counts = states.map(|state| (state, self.by_state[state.index()])).filter(|(_, n)| *n > 0);
        counts.map(|(state, n)| format!("{} {}", count(n), state.name())).collect()
    }

    fn tasks(&self) -> Vec<String> {
        let some = self.by_task.iter();
        some.map(|(name, n)| format!("{} {}", count(*n), text::clean(name))).collect()
    }

    fn whole(&self, width: usize) -> Vec<DetailLine> {
        let mut lines = fact("runs", Tone::Title, &count(self.number()), width);
        let room = width.saturating_sub(LABEL_COLUMNS);
        lines.extend(fact("why these", Tone::Plain, self.why, width));
        let (tasks, states) = (self.tasks(), self.states());
        lines.extend(listed("tasks", (&tasks, self.n_tasks), "tasks", room));
        lines.extend(listed("states", (&states, states.len()), "states", room));
        let mut add = |label: &str, tone, value: &str| lines.extend(fact(label, tone, value, width));
        if self.n_marked > self.eligible {
            let has_others =
                self.summary.states.all().any(|state| !state.is_terminal() && !state.is_cancelable());
            let what = if has_others { "cannot be canceled" } else { "had ended already" };
            let words = format!("{} that {what} and are left alone", count(self.n_marked - self.eligible));
            add("without", Tone::Dim, &words);
        }
        if self.ended_since > 0 {
            let are = if self.ended_since == 1 { "is" } else { "are" };
            let words = format!("{} since you asked, and {are} not sent", count(self.ended_since));
            add("ended", Tone::Warn, &words);
        }
        let (tone, words) = age_of_view(self.summary, self.frozen_for, self.clock);
        add("this view", tone, &words);
        let (label, value) = self.route.fact();
        add(label, Tone::Plain, value);
        if let Some(whole) = self.whole {
            add("takes", Tone::Plain, &format!("one command for the {whole}"));
        } else {
            let seconds = (self.number() as u64).div_ceil(u64::from(self.rate.max(1)));
            let words = format!("{} at {} a second; Esc stops it", time::words(seconds), self.rate);
            add("takes", Tone::Plain, &words);
        }
        lines.push(DetailLine::empty());
        lines.extend(indented("  ", Tone::Plain, &warning(self.summary.states, Phase::Running), width));
        lines.push(DetailLine::empty());
        lines.push(self.number_line(&format!("  type {} to mean it: ", self.number())));
        lines
    }
}

/// A fact that is a list, whose items stay whole.
fn listed(label: &str, items: (&[String], usize), others: &str, room: usize) -> Vec<DetailLine> {
    let labels = std::iter::once(label).chain(std::iter::repeat(""));
    let rows = rows(items, others, room, MAX_LIST_LINES);
    labels
        .zip(rows)
        .map(|(label, row)| {
            DetailLine::empty()
                .with(Tone::Dim, format!("  {label:<width$}", width = LABEL_COLUMNS - 2))
                .with(Tone::Plain, row)
        })
        .collect()
}

/// The columns of items in a row, separators included; more than `room` where they do not fit.
fn wide(items: &[String], room: usize) -> usize {
    let mut columns = 0;
    for item in items {
        columns += text::width(item) + 2;
        if columns > room + 2 {
            break;
        }
    }
    columns.saturating_sub(2)
}

/// Wraps items into at most `most` rows of at most `room` columns, none of them broken; the last row counts the items
/// that are left out.
fn rows((items, total): (&[String], usize), others: &str, room: usize, most: usize) -> Vec<String> {
    let left_out = |n: usize| format!("and {} more {others}", count(n)).trim_end().to_owned();
    let (mut rows, mut row, mut index) = (Vec::new(), String::new(), 0);
    while let Some(item) = items.get(index) {
        let (is_last_row, left) = (rows.len() + 1 >= most, total - index - 1);
        // After an item of the last row there must be room for the count of those left out.
        let is_rest = || total == items.len() && text::width(&row) + 2 + wide(&items[index..], room) <= room;
        let reserved = if is_last_row && left > 0 && !is_rest() { left_out(left).len() + 2 } else { 0 };
        // A row that is not the last one ends with a comma.
        let room = room.saturating_sub(reserved.max(usize::from(left > 0)));
        let gap = if row.is_empty() { "" } else { ", " };
        let item = if row.is_empty() { text::fit(item, room) } else { item.into() };
        if text::width(&row) + gap.len() + text::width(&item) <= room {
            row.extend([gap, &item]);
            index += 1;
        } else if is_last_row {
            row.extend([gap, &left_out(left + 1)]);
            break;
        } else {
            row.push(',');
            rows.push(std::mem::take(&mut row));
        }
    }
    rows.push(row);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stay_whole_and_what_is_left_out_is_counted() {
        let of = |items: &[&str], room, most| {
            let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
            rows((&items, items.len()), "tasks", room, most)
        };
        let five = ["11 slow job", "9 long job", "3 etl", "2 report", "1 other"];
        assert_eq!(of(&five, 60, 3), ["11 slow job, 9 long job, 3 etl, 2 report, 1 other"]);
        assert_eq!(of(&five, 24, 3), ["11 slow job, 9 long job,", "3 etl, 2 report, 1 other"]);
        assert_eq!(of(&five, 24, 2), ["11 slow job, 9 long job,", "3 etl, 2 report, 1 other"]);
        assert_eq!(of(&five, 30, 1), ["11 slow job, and 4 more tasks"]);
        assert_eq!(of(&five, 20, 1), ["1…, and 4 more tasks"]);
        assert_eq!(of(&["1 a very long name of a task"], 12, 1), ["1 a very lo…"]);
        assert_eq!(of(&[], 12, 1), [""]);
        for room in 24..80 {
            for most in 1..4 {
                let rows = of(&five, room, most);
                assert!(
                    rows.len() <= most && rows.iter().all(|row| text::width(row) <= room),
                    "{rows:?} in {room}"
                );
            }
        }
    }
}
