//! One run, whole: its facts, its life as a drawing, every attempt with its error, every state it was in, its events.
//!
//! The page is a sequence of blocks, and only those on the screen are rendered: a run with ten thousand attempts opens
//! as fast as one with two. All texts that leave here are safe for a screen, because wrapping needs their width.

mod course;
mod events;
mod facts;
mod history;
mod lane;
mod line;
mod scale;
mod timeline;

pub(super) use events::raw_lines;
pub use line::{DetailLine, Part, Stroke, Tone};
pub(super) use line::{fact, indented};
pub use timeline::Drawn;

use super::Ids;
use crate::engine::cause::Waiting;
use crate::engine::run_event::RunEvent;
use crate::model::clock::{LogClock, TimeForm};
use crate::store::{Life, RunKey, Store};

/// One run, rendered in `width` columns.
#[derive(Debug, Clone)]
pub struct Detail<'a> {
    /// The store of the run.
    pub store: &'a Store,
    /// The run.
    pub key: RunKey,
    /// Its history.
    pub life: Life<'a>,
    /// The instant of the view.
    pub now: u64,
    /// Formats instants.
    pub clock: LogClock<'a>,
    /// The forms of ids.
    pub ids: Ids<'a>,
    /// The reason why it does not go on.
    pub waiting: Option<Waiting>,
    /// The outcome of a request to cancel it, in words.
    pub standing: Option<String>,
    /// Its events in order, as far as their lines are in memory.
    pub moments: &'a [RunEvent],
    /// The availability of its events' lines.
    pub lines: DetailLines,
    /// The index in `moments` of the selected event.
    pub selected: Option<usize>,
    /// The line of the selected event, or else of the last one, once it was read again; not yet safe for a screen.
    pub raw: Option<&'a str>,
    /// The cached drawing of its life; one that does not fit is drawn again.
    pub drawn: Option<&'a Drawn>,
    /// The columns of the page.
    pub width: usize,
}

/// The availability of the lines of a run's events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetailLines {
    /// All are in memory.
    Whole,
    /// They are being read again.
    Awaited,
    /// Some or all of them cannot be read again.
    Gone,
}

/// The scroll position of the page: a block, and a line within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Scroll {
    block: usize,
    line: usize,
}

/// A block of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Facts,
    Timeline,
    Attempts,
    Attempt(usize),
    Changes,
    Change(usize),
    Task,
    Events,
    Event(usize),
}

impl Detail<'_> {
    /// The form of the instants in the page's lists, as the first and the last of them require.
    fn form(&self) -> TimeForm {
        let changes = &self.life.changes;
        let ends = [changes.first(), changes.last()].into_iter().flatten().map(|change| change.at);
        let moments = [self.moments.first(), self.moments.last()].into_iter().flatten();
        self.clock.form(ends.chain(moments.filter_map(|moment| moment.at)), self.now)
    }

    /// An instant with all of its digits, and with the day where it is not that of `now`.
    fn time(&self, at: u64) -> String {
        self.clock.exactly(at, self.clock.time(at, self.now))
    }

    /// An instant of a list, with all of its digits.
    fn listed_exactly(&self, at: u64, form: TimeForm) -> String {
        self.clock.exactly(at, self.clock.listed(at, form))
    }

    fn n_blocks(&self) -> usize {
        self.events_block() + 1 + self.moments.len()
    }

    /// The number of the events' title block.
    fn events_block(&self) -> usize {
        5 + self.life.changes.len() + self.life.attempts.len()
    }

    fn block(&self, number: usize) -> Block {
        let changes = 3 + self.life.attempts.len();
        let events = self.events_block();
        match number {
            0 => Block::Facts,
            1 => Block::Timeline,
            2 => Block::Attempts,
            n if n < changes => Block::Attempt(n - 3),
            n if n == changes => Block::Changes,
            n if n + 1 < events => Block::Change(n - changes - 1),
            n if n < events => Block::Task,
            n if n == events => Block::Events,
            n => Block::Event(n - events - 1),
        }
    }

    fn write(&self, number: usize) -> Vec<DetailLine> {
        match self.block(number) {
            Block::Facts => self.facts(),
            Block::Timeline => self.timeline().into_owned(),
            Block::Attempts => self.attempts_title(),
            Block::Attempt(index) => self.attempt(index),
            Block::Changes => self.changes_title(),
            Block::Change(index) => self.change(index),
            Block::Task => self.about_task(),
            Block::Events => self.events_title(),
            Block::Event(index) => self.event(index),
        }
    }

    /// The lines of a page of `height` lines.
    #[must_use]
    pub fn page(&self, scroll: Scroll, height: usize) -> Vec<DetailLine> {
        let scroll = self.clamp(scroll, height);
        let mut lines = Vec::new();
        for number in scroll.block..self.n_blocks() {
            let skip = if number == scroll.block { scroll.line } else { 0 };
            lines.extend(self.write(number).into_iter().skip(skip));
            if lines.len() >= height {
                break;
            }
        }
        lines.truncate(height);
        lines
    }

    /// True if there is more above the shown lines, and below them.
    #[must_use]
    pub fn is_scrollable(&self, scroll: Scroll, height: usize) -> (bool, bool) {
        let scroll = self.clamp(scroll, height);
        (scroll > Scroll::default(), scroll < self.end(height))
    }

    /// The scroll position `lines` further on.
    #[must_use]
    pub fn scrolled(&self, scroll: Scroll, lines: isize, height: usize) -> Scroll {
        let mut scroll = self.clamp(scroll, height);
        if lines >= 0 {
            scroll.line += lines.unsigned_abs();
            while scroll.block + 1 < self.n_blocks() {
                let own = self.write(scroll.block).len();
                if scroll.line < own {
                    break;
                }
                scroll = Scroll { block: scroll.block + 1, line: scroll.line - own };
            }
            return self.clamp(scroll, height);
        }
        self.above(scroll, lines.unsigned_abs())
    }

    /// The scroll position `lines` above another, or the first.
    fn above(&self, mut scroll: Scroll, mut lines: usize) -> Scroll {
        while lines > scroll.line && scroll.block > 0 {
            lines -= scroll.line;
            scroll.block -= 1;
            scroll.line = self.write(scroll.block).len();
        }
        Scroll { line: scroll.line.saturating_sub(lines), ..scroll }
    }

    /// The scroll position that shows the last line at the bottom.
    #[must_use]
    pub fn end(&self, height: usize) -> Scroll {
        let mut left = height;
        for number in (0..self.n_blocks()).rev() {
            let own = self.write(number).len();
            if own >= left {
                return Scroll { block: number, line: own - left };
            }
            left -= own;
        }
        Scroll::default()
    }

    /// The nearest scroll position that shows an event, with as much of its line as fits.
    #[must_use]
    pub fn scrolled_to_event(&self, index: usize, scroll: Scroll, height: usize) -> Scroll {
        let scroll = self.clamp(scroll, height);
        let row = Scroll { block: self.events_block() + 1 + index.min(self.moments.len()), line: 0 };
        if row <= scroll || self.moments.len() <= index {
            return self.clamp(scroll.min(row), height);
        }
        let own = self.write(row.block).len();
        let lowest = self.above(row, height.saturating_sub(own));
        self.clamp(scroll.max(lowest), height)
    }

    fn clamp(&self, scroll: Scroll, height: usize) -> Scroll {
        scroll.min(self.end(height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::actionqueue::states::RunState;
    use crate::engine::waiting::Scene;
    use crate::model::clock::Clock;
    use crate::view::testing::{TestField, id};

    /// A run with twenty attempts, whose errors have from one to many lines.
    fn field() -> TestField {
        let mut field = TestField::default().with(1..=1, RunState::Running);
        for number in 1..=20_u32 {
            field.fail(1, number.into(), &format!("error {number}\n").repeat(number as usize % 5 + 1));
        }
        field.to(1, RunState::Failed);
        field
    }

    #[test]
    fn every_way_to_a_line_shows_the_same_page() {
        let (field, clock) = (field(), Clock::utc());
        let key = field.store.find(id(1)).unwrap();
        let detail = Detail {
            store: &field.store,
            key,
            life: field.store.life(key),
            now: 2,
            clock: clock.of(field.store.unit()),
            ids: Ids::default(),
            waiting: Scene::of(&field.store).why(&field.store, key, 2),
            standing: None,
            moments: &[],
            lines: DetailLines::Whole,
            selected: None,
            raw: None,
            drawn: None,
            width: 60,
        };
        let whole = detail.page(Scroll::default(), usize::MAX);
        assert!(whole.len() > 80);
        for height in [1, 7, 30, 200] {
            let last = whole.len().saturating_sub(height);
            let check = |scroll: Scroll, line: usize| {
                let end = whole.len().min(line + height);
                assert_eq!(detail.page(scroll, height), whole[line..end], "line {line}, height {height}");
            };
            let (mut stepped, end) = (Scroll::default(), detail.end(height));
            for line in 0..=last {
                check(stepped, line);
                let jump = isize::try_from(line).unwrap();
                check(detail.scrolled(Scroll::default(), jump, height), line);
                check(detail.scrolled(end, jump - isize::try_from(last).unwrap(), height), line);
                assert_eq!(detail.is_scrollable(stepped, height), (line > 0, line < last));
                stepped = detail.scrolled(stepped, 1, height);
            }
            check(stepped, last);
            check(detail.scrolled(end, 1000, height), last);
            check(detail.scrolled(end, -1000, height), 0);
        }
    }

    fn page_of(field: &TestField) -> String {
        let (clock, key) = (Clock::utc(), field.store.find(id(1)).unwrap());
        let detail = Detail {
            store: &field.store,
            key,
            life: field.store.life(key),
            now: 2,
            clock: clock.of(field.store.unit()),
            ids: Ids::default(),
            waiting: Scene::of(&field.store).why(&field.store, key, 2),
            standing: None,
            moments: &[],
            lines: DetailLines::Whole,
            selected: None,
            raw: None,
            drawn: None,
            width: 90,
        };
        let lines = detail.page(Scroll::default(), usize::MAX);
        let text = |line: &DetailLine| line.parts.iter().map(|part| part.text.as_str()).collect::<String>();
        lines.iter().map(|line| text(line) + "\n").collect()
    }

    #[test]
    fn the_page_names_unknown_facts_and_false_impressions() {
        let mut canceled = TestField::default().with(1..=1, RunState::Running);
        canceled.move_to(1, RunState::Running, RunState::Canceled);
        assert!(page_of(&canceled).contains("Canceled does not mean stopped"));
        let calm = TestField::default().with(1..=1, RunState::Canceled);
        assert!(!page_of(&calm).contains("stopped"));
        assert!(!page_of(&calm).contains("joined late"));
        // The log goes on with a run that it has not created.
        let mut joined = TestField::default();
        joined.move_to(1, RunState::Ready, RunState::Leased);
        assert!(page_of(&joined).contains("joined late: what came before is not known"));
        assert!(page_of(&joined).contains("the log does not say what this task is"));
    }
}
