//! A log folded to one of its instants, for the reports that are asked for one.
//!
//! One pass, however far back the instant is: the fold stops there. An instant that is told by the log's end takes a
//! pass more, to find that end. Nothing is kept of a line.

use std::io::{self, Write as _};
use std::ops::ControlFlow as Flow;

use serde::Serialize;

use super::Failure;
use super::nothing_read::{no_newline, nothing_read};
use super::read::{fold_log, fold_until};
use crate::engine;
use crate::engine::Given;
use crate::engine::batch::Batch;
use crate::engine::fold;
use crate::history::{Goal, fold_to};
use crate::model::time::Unit;
use crate::source::origin::Origin;
use crate::source::passes::Passes;
use crate::source::read_once::{LogEnd, Once};
use crate::store::{Rules, Store};
use crate::view::Clock;
use crate::view::beyond::{Beyond, TIMELESS, TIMELESS_HINT};
use crate::view::instant::{Here, When};

/// A log that can be folded to any instant, as often as needed.
#[derive(Debug)]
pub struct Instants {
    source: Origin,
    log: Passes,
    given: Given,
    clock: Clock,
    /// The instant that others are told by: the last one, once it was asked for.
    end: Option<Here>,
    /// Which of the instants that were asked for the log does not reach.
    remarks: Vec<String>,
}

/// An instant in JSON.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct InstantObject {
    line: u64,
    sequence: u64,
    time: Option<u64>,
    #[serde(skip)]
    unit: Unit,
}

/// Folds a log to an instant; without one, to its end.
///
/// # Errors
/// When the log cannot be read.
pub fn fold_at(source: &Origin, given: Given, at: Option<&When>) -> Result<(Store, LogEnd), Failure> {
    match at {
        None => {
            let (store, ending) = fold_log(source, engine::store_given(Rules::Lenient, &given), |_| Ok(()))?;
            match nothing_read(source, &store, ending.pending) {
                None => Ok((store, ending)),
                Some(failure) => Err(failure),
            }
        }
        Some(when) => {
            let mut log = Instants::open(source, given, Clock::default())?;
            let folded = log.fold_to(when)?;
            log.tell();
            Ok(folded)
        }
    }
}

impl Instants {
    /// Opens a log, whose times are those of `clock` where the user does not say so.
    ///
    /// # Errors
    /// When it is missing or cannot be opened, and when a pipe cannot be kept.
    pub fn open(source: &Origin, given: Given, clock: Clock) -> Result<Self, Failure> {
        Ok(Self {
            source: source.clone(),
            log: Passes::open(source, crate::engine::options_given(&given))?,
            given,
            clock,
            end: None,
            remarks: Vec::new(),
        })
    }

    /// The store at an instant: at the nearest one, for an instant beyond the log, which [`Instants::tell`] tells.
    ///
    /// # Errors
    /// When the log cannot be read, or is asked for a time and has none.
    pub fn fold_to(&mut self, when: &When) -> Result<(Store, LogEnd), Failure> {
        let goal = self.goal(when)?;
        let (store, ending) = self.fold_to_goal(goal)?;
        let is_end = ending.is_some();
        let ending = ending.unwrap_or_default();
        if ending.lines == 0 && ending.pending > 0 {
            return Err(no_newline(&self.source, ending.pending));
        }
        if store.is_without_events() {
            self.refuse_nothing()?;
        }
        if is_end {
            refuse_time(when, &store)?;
        }
        if let Some(beyond) = Beyond::of(goal, &store, is_end) {
            let words = beyond.words(Here::of(&store), self.clock.of(store.unit()));
            if !self.remarks.contains(&words) {
                self.remarks.push(words);
            }
        }
        Ok((store, ending))
    }

    /// Tells, beside the report, which of the instants that were asked for the log does not reach.
    pub fn tell(&self) {
        for words in &self.remarks {
            // There is no one left to report to when this fails.
            let _ = writeln!(io::stderr().lock(), "runwatch: {words}");
        }
    }

    /// A store into which nothing was folded.
    fn empty(&self) -> Store {
        engine::store_given(Rules::Lenient, &self.given)
    }

    fn fold_to_goal(&self, goal: Goal) -> Result<(Store, Option<LogEnd>), Failure> {
        let once = self.log.once()?;
        match goal {
            Goal::Position(line) => fold_all(self.empty(), once.until(line)),
            goal => fold_until(once, self.empty(), move |store, batch| {
                let content = batch.content();
                fold::adopt(store, content);
                Ok(fold_to(store, content, 0..content.len(), goal))
            }),
        }
    }

    /// Reads the log from its first line, and ends after line `line`.
    ///
    /// # Errors
    /// When it cannot be read again.
    pub fn until(&self, line: u64) -> Result<Once, Failure> {
        Ok(self.log.once()?.until(line))
    }

    /// The unit of the times of the log, which its first records show.
    fn unit(&self) -> Result<Unit, Failure> {
        let (store, _) = fold_until(self.log.once()?, self.empty(), |store, batch: &Batch| {
            fold::adopt(store, batch.content());
            Ok(Flow::Break(()))
        })?;
        Ok(store.unit())
    }

    /// Refuses a log that has bytes, and no event at all. Reads up to the first event.
    fn refuse_nothing(&self) -> Result<(), Failure> {
        let (store, ending) = fold_until(self.log.once()?, self.empty(), |store, batch: &Batch| {
            fold::batch(store, batch);
            Ok(if store.is_without_events() { Flow::Continue(()) } else { Flow::Break(()) })
        })?;
        let pending = ending.map_or(0, |ending| ending.pending);
        nothing_read(&self.source, &store, pending).map_or(Ok(()), Err)
    }

    fn goal(&mut self, when: &When) -> Result<Goal, Failure> {
        let reference = match self.end {
            Some(end) => end,
            None if when.is_relative() => {
                let (store, _) = fold_all(self.empty(), self.log.once()?)?;
                *self.end.insert(Here::of(&store))
            }
            None => Here::default(),
        };
        Ok(when.goal(reference, self.clock.of(self.unit()?)))
    }
}

impl InstantObject {
    /// Returns the report of an instant. A log that has told no time yet has none.
    #[must_use]
    pub fn of(here: Here, unit: Unit) -> Self {
        let Here { line, sequence, at } = here;
        Self { line, sequence, time: (at > 0).then_some(at), unit }
    }

    /// It in words.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { line, sequence, time, unit } = *self;
        Here { line, sequence, at: time.unwrap_or(0) }.words(Clock::default().of(unit))
    }
}

/// Refuses a time for a log that has none, of which a store is at the end.
pub(super) fn refuse_time(when: &When, store: &Store) -> Result<(), Failure> {
    if matches!(when, When::Time(_)) && store.latest_at() == 0 {
        return Err(Failure { what: TIMELESS.to_owned(), hint: Some(TIMELESS_HINT.to_owned()) });
    }
    Ok(())
}

fn fold_all(empty: Store, once: Once) -> Result<(Store, Option<LogEnd>), Failure> {
    fold_until(once, empty, |store, batch: &Batch| {
        fold::batch(store, batch);
        Ok(Flow::Continue(()))
    })
}
