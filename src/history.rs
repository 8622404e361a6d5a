//! A store that can be at any instant of its log: every line that was read, and what crossing it costs.
//!
//! The log is the database. Of each line there are a dozen bytes: its place, its run, and the line before it
//! of the same run. Of stretches of lines, the *epochs*, there is what they changed, so that crossing one
//! costs what it changed and not what it says; inside an epoch the lines themselves are folded again. Lines
//! are read again only after they were compared to what is known of them, so that going to an instant either
//! arrives there exactly, or says that the lines are gone and is at another instant just as exactly.
//!
//! A *position* is a number of lines: the instant after that number of lines. Must not know the screen, nor
//! clocks.

mod evict;
mod goal;
mod refold;
mod rows;
mod sample;
mod seek;

use std::ops::ControlFlow;

pub use evict::EvictionResult;
use goal::Point;
pub use goal::{Goal, fold_to};
pub use sample::{Sample, Samples};
use seek::{Loaded, SeekState};

use crate::engine::batch::{Batch, Content};
use crate::engine::fold;
use crate::engine::{self, Engine};
use crate::model::facts::AttemptResult;
use crate::model::position::Position;
use crate::store::{Eviction, Excess, Pace, Retain, Retention, Rules, RunKey, Store};
use refold::Older;
use rows::LineRows;

/// Lines that are folded between two looks at where epochs and samples begin.
const CHUNK: usize = 512;

/// Granularity of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grain {
    /// Lines in an epoch, about: as many are folded again, at most, to be at an instant.
    pub epoch_lines: u64,
    /// Bytes in an epoch, about: as many are read again.
    pub epoch_bytes: u64,
    /// Lines between two savepoints: as many are folded again, at most, for a step back.
    pub stride: u64,
}

impl Default for Grain {
    /// An epoch is folded again within a frame, and a step back is not noticed. Half of it would take four bytes more for
    /// each line.
    fn default() -> Self {
        Self { epoch_lines: 1 << 14, epoch_bytes: 8 << 20, stride: 512 }
    }
}

/// Amount of the past that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Nothing: the store is always at the edge.
    Nothing,
    /// At least this number of the last lines; everything when there are fewer.
    Lines(u64),
}

impl Default for Keep {
    /// As many as take the memory of a browser's tab or two.
    fn default() -> Self {
        Self::Lines(10_000_000)
    }
}

/// Where an epoch begins, and what was true there.
#[derive(Debug, Clone, Copy)]
struct Start {
    position: u64,
    /// The place of its first line.
    place: Position,
    /// Engine whose language that line was read in; nothing where none has shown it in its generation.
    engine: Option<Engine>,
    /// [`Store::highest_sequence`] and [`Store::latest_at`].
    sequence: u64,
    at: u64,
}

impl Start {
    const fn point(&self) -> Point {
        Point { position: self.position, sequence: self.sequence, at: self.at }
    }
}

/// A store, and the way to any instant of its log.
#[derive(Debug)]
pub struct History {
    store: Store,
    keep: Keep,
    grain: Grain,
    rows: LineRows,
    samples: Samples,
    /// Where each epoch begins. Those before `oldest` cannot be crossed any more.
    starts: Vec<Start>,
    oldest: usize,
    stand: SeekState,
    /// Lines that are folded: where the store is.
    position: u64,
    /// Lines that were read.
    edge: u64,
    loaded: Option<Loaded>,
    /// The position and what was true at each savepoint of the open epoch.
    saves: Vec<Start>,
    /// Replay of the log older than what is kept, while the user is there.
    older: Option<Older>,
    /// Is true if the user was there when it was last asked what has changed.
    was_older: bool,
    retention: Retention,
    /// Number of ended runs to keep, when it is time to evict others.
    thins_to: Option<usize>,
    thinning: Option<Box<Eviction>>,
    /// Number of evictions; each one gives the other runs new keys.
    n_thinned: u32,
    /// Where it was looked last whether it is time.
    looked_at: u64,
    /// Is true if more lines followed at the last check.
    pace: Pace,
    /// Bytes that were left when a part of the past was forgotten last, or fewer that there were since.
    relieved: usize,
    excess: Option<Excess>,
}

impl History {
    /// A history of nothing.
    #[must_use]
    pub fn new(rules: Rules, keep: Keep) -> Self {
        Self::of(engine::store(rules), keep)
    }

    /// A history that begins with a store.
    #[must_use]
    pub fn of(store: Store, keep: Keep) -> Self {
        let position = store.tally().lines;
        Self {
            store,
            keep,
            grain: Grain::default(),
            rows: LineRows::from(position),
            samples: Samples::default(),
            starts: Vec::new(),
            oldest: 0,
            stand: SeekState::Before(0),
            position,
            edge: position,
            loaded: None,
            saves: Vec::new(),
            older: None,
            was_older: false,
            retention: Retention::new(Retain::default()),
            thins_to: None,
            thinning: None,
            n_thinned: 0,
            looked_at: position,
            pace: Pace::Reading,
            relieved: 0,
            excess: None,
        }
    }

    /// A history of nothing that keeps as much as this one.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self::of(engine::store_like(&self.store), self.keep)
            .with_grain(self.grain)
            .retaining(self.retention.rule())
    }

    /// The same with another grain. Before the first line.
    #[must_use]
    pub fn with_grain(self, grain: Grain) -> Self {
        Self { grain, ..self }
    }

    /// Keeps this number of ended runs.
    #[must_use]
    pub fn retaining(self, retain: Retain) -> Self {
        Self { retention: Retention::new(retain), ..self }
    }

    /// The store at the instant at hand.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.older.as_ref().map_or(&self.store, |older| older.history.store())
    }

    /// From now on it can be asked which runs the way from instant to instant has changed; or not any more.
    pub fn watch_changes(&mut self, is_watched: bool) {
        self.store.watch_changes(is_watched);
    }

    /// The runs that were changed since this was asked last, each of them once; nothing when that is not known, because
    /// what is not kept is or was looked at: then each may have.
    pub fn take_changed(&mut self) -> Option<Vec<RunKey>> {
        let (is_older, was_older) = (self.older.is_some(), self.was_older);
        self.was_older = is_older;
        let changed = self.store.take_changed();
        (!is_older && !was_older).then_some(changed)
    }

    /// Returns the instant at hand: the number of lines folded.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.older.as_ref().map_or(self.position, |older| older.history.position())
    }

    /// Returns the latest instant: the number of lines read.
    #[must_use]
    pub const fn edge(&self) -> u64 {
        self.edge
    }

    /// Returns true if the instant at hand is the latest.
    #[must_use]
    pub const fn is_at_edge(&self) -> bool {
        self.position == self.edge && self.older.is_none()
    }

    /// The earliest instant that can be gone to without reading the log from its start.
    #[must_use]
    pub fn oldest(&self) -> u64 {
        self.starts.get(self.oldest).map_or(self.edge, |start| start.position)
    }

    /// The run that a line is about, if it is about one and that is kept. Lines are numbered from 0: line `n` is the one
    /// that comes after position `n`.
    #[must_use]
    pub fn run_of(&self, line: u64) -> Option<RunKey> {
        if self.is_foreign(line) { None } else { self.rows_of(line).run(line) }
    }

    /// Returns the place of a line; its length is not known. `None` when that is not kept.
    #[must_use]
    pub fn place(&self, line: u64) -> Option<Position> {
        self.rows_of(line).place(line)
    }

    /// Returns the samples of the queue over the time of its log.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        self.samples.all()
    }

    /// The lines that are about a run, the latest first, as far as they are kept; those of the future too.
    pub fn all_lines_of(&self, run: RunKey) -> impl Iterator<Item = u64> + '_ {
        let older = self.older.as_ref().map(|older| &older.history);
        let folded_again = older.map_or(0, |older| older.edge);
        let kept = self.rows.lines_of(run);
        let kept = kept.take_while(move |line| *line >= folded_again && !self.is_foreign(*line));
        kept.chain(older.into_iter().flat_map(move |older| older.rows.lines_of(run)))
    }

    /// Returns true if no line before this one is about the same run.
    #[must_use]
    pub fn is_first_of_run(&self, line: u64) -> bool {
        self.rows_of(line).is_first_of_run(line)
    }

    /// The lines that were refused, could not be read, or tell of a failure, after `position` or before it.
    #[must_use]
    pub fn trouble_after(&self, position: u64) -> Option<u64> {
        self.rows.trouble_from(position)
    }

    /// The last such line of those before `position`.
    #[must_use]
    pub fn trouble_before(&self, position: u64) -> Option<u64> {
        self.rows.trouble_before(position)
    }

    /// Returns true if a line is beyond those that were folded again, and its run has another key there.
    fn is_foreign(&self, line: u64) -> bool {
        let older = self.older.as_ref().map(|older| &older.history);
        self.has_other_keys() && older.is_some_and(|older| line >= older.edge)
    }

    /// The rows that have a line: those of what is not kept were made again with it.
    fn rows_of(&self, line: u64) -> &LineRows {
        let older = self.older.as_ref().map(|older| &*older.history).filter(|older| line < older.edge);
        &older.unwrap_or(self).rows
    }

    /// Folds lines that follow on the last ones. Only at the edge.
    pub fn fold(&mut self, batch: &Batch) {
        self.fold_first(batch, usize::MAX);
    }

    /// Begins as a history of the engine of a batch, where nothing but lines of no engine came before.
    fn adopt_engine(&mut self, batch: &Batch) {
        if !fold::is_adopted_by(&self.store, batch.content()) {
            return;
        }
        fold::adopt(&mut self.store, batch.content());
        let store = std::mem::replace(&mut self.store, engine::store(Rules::default()));
        *self = Self::of(store, self.keep).with_grain(self.grain).retaining(self.retention.rule());
    }

    /// Folds the first `n` of such lines.
    fn fold_first(&mut self, batch: &Batch, n: usize) {
        debug_assert!(self.is_at_edge(), "new lines wait while the user is in the past");
        self.adopt_engine(batch);
        // A caller that folds all the same restarts the eviction.
        self.thinning = None;
        if self.keep == Keep::Nothing {
            fold::batch(&mut self.store, batch);
            self.position += batch.block().len_lines() as u64;
            self.edge = self.position;
            self.samples.take(self.position, &self.store);
            self.look_at_memory();
            return;
        }
        self.loaded = None;
        let end = n.min(batch.content().len());
        let mut at = 0;
        while at < end {
            self.open_if_due(batch.content(), at);
            let due = self.starts.last().map_or(0, |start| start.position) + self.grain.epoch_lines;
            let to_epoch = usize::try_from(due.saturating_sub(self.position)).unwrap_or(CHUNK);
            let n = CHUNK.min(to_epoch.max(1)).min(self.samples.until_next(self.position));
            let n = n.min(end - at);
            self.fold_new(batch, at, n);
            at += n;
            self.samples.take(self.position, &self.store);
        }
        self.look_at_memory();
    }

    fn fold_new(&mut self, batch: &Batch, from: usize, n: usize) {
        let Self { store, rows, .. } = self;
        let mut before = trouble(store);
        let _ = fold::records(store, batch.content(), from..from + n, |store, record| {
            let now = trouble(store);
            let run = record.run(store);
            rows.push(record.place(), run, now != before);
            before = now;
            ControlFlow::Continue(())
        });
        self.position += n as u64;
        self.edge = self.position;
    }

    /// Begins an epoch where one is due.
    fn open_if_due(&mut self, content: &Content<'_>, at: usize) {
        let record = content.record(at);
        let is_open = matches!(self.stand, SeekState::In(_));
        if is_open && let Some(start) = self.starts.last() {
            let is_full = self.position - start.position >= self.grain.epoch_lines
                || record
                    .place()
                    .bytes_since(start.place)
                    .is_none_or(|bytes| bytes >= self.grain.epoch_bytes);
            if !is_full {
                return;
            }
        }
        if is_open {
            self.close();
        }
        self.forget_oldest();
        // A hole before the first line is read again with it.
        let place = record.place().before_hole(record.nuls());
        let start = self.here(place, content.engine_at(at));
        self.starts.push(start);
        self.stand = SeekState::In(self.starts.len() - 1);
        self.save(start);
    }

    /// Returns the start of an epoch here, where the line at `place` is next.
    fn here(&self, place: Position, engine: Option<Engine>) -> Start {
        Start {
            position: self.position,
            place,
            engine,
            sequence: self.store.highest_sequence(),
            at: self.store.latest_at(),
        }
    }

    fn save(&mut self, here: Start) {
        self.store.save();
        self.saves.push(here);
    }

    fn close(&mut self) {
        if let SeekState::In(epoch) = self.stand {
            self.store.close(epoch);
            self.saves.clear();
            self.loaded = None;
            self.stand = SeekState::Before(epoch + 1);
        }
    }

    /// Drops epochs that are older than what is kept.
    fn forget_oldest(&mut self) {
        let Keep::Lines(most) = self.keep else { return };
        while let Some(next) = self.starts.get(self.oldest + 1)
            && self.edge - next.position >= most
        {
            let position = next.position;
            self.store.forget(self.oldest);
            self.rows.forget_before(position);
            self.oldest += 1;
        }
    }
}

/// A number that every line changes which was refused, could not be read, or tells of a failure.
fn trouble(store: &Store) -> u64 {
    let ended = &store.attempts().by_result;
    store.problems().total() + ended[AttemptResult::Failure as usize] + ended[AttemptResult::Timeout as usize]
}
