//! Being told: which queries runs have come to answer, by what the log said just now.
//!
//! Only what is new counts: an event that was read after all that was there when the dashboard began, of a log that goes
//! on. A run that comes to answer by time alone is not told of, since no event says so. What comes while somebody looks
//! back, or while the view is frozen, is told when it is shown. Must not know how somebody is told.

use std::time::{Duration, Instant};

use super::{App, Now};
use crate::model::id::RunId;
use crate::query::{LiveQuery, Query};
use crate::store::RunKey;

/// Two tellings of one query are this far apart at least.
const APART: Duration = Duration::from_secs(2);

/// So many runs are named; of more, only the number is told.
const NAMED: usize = 100;

/// Something to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Which of the queries, in the order in which they were asked.
    pub number: usize,
    /// The query.
    pub query: String,
    /// How many runs came to answer it since it was told last. One that came, went and came again is two.
    pub count: usize,
    /// The first of them.
    pub runs: Vec<RunId>,
}

/// The queries that are watched.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    watched: Vec<Watched>,
    /// All that was there has been read.
    is_live: bool,
    /// The runs that answer are known. Not before that, nor when the store has been at another instant.
    is_known: bool,
}

#[derive(Debug)]
struct Watched {
    query: Query,
    live: LiveQuery,
    count: usize,
    runs: Vec<RunId>,
    told_at: Option<Instant>,
}

impl Watched {
    fn new(query: Query) -> Self {
        Self { live: LiveQuery::new(&query), query, count: 0, runs: Vec::new(), told_at: None }
    }

    fn due_at(&self, now: Instant) -> Option<Instant> {
        let due = self.told_at.map_or(now, |told_at| told_at + APART);
        (self.count > 0).then_some(due)
    }
}

impl Alarms {
    pub(super) const fn is_empty(&self) -> bool {
        self.watched.is_empty()
    }

    /// When something is to be told next.
    pub(super) fn next_due(&self, now: Instant) -> Option<Instant> {
        self.watched.iter().filter_map(|watched| watched.due_at(now)).min()
    }
}

impl App {
    /// From now on runs that come to answer one of these are told of, by [`App::take_told`].
    pub fn watch_for(&mut self, queries: Vec<Query>) {
        self.alarms.watched = queries.into_iter().map(Watched::new).collect();
        self.watch_changes();
    }

    /// What there is to tell.
    pub fn take_told(&mut self, now: Now) -> Vec<Told> {
        let mut told = Vec::new();
        for (number, watched) in self.alarms.watched.iter_mut().enumerate() {
            if watched.due_at(now.instant).is_none_or(|due| now.instant < due) {
                continue;
            }
            watched.told_at = Some(now.instant);
            let query = watched.query.text().to_owned();
            let (count, runs) = (std::mem::take(&mut watched.count), std::mem::take(&mut watched.runs));
            told.push(Told { number, query, count, runs });
        }
        told
    }

    /// All that was there has been read, and was shown.
    pub(super) fn alarms_go_live(&mut self) {
        if !self.alarms.is_empty() && !self.alarms.is_live && !self.backlog.holds() {
            self.alarms.is_live = true;
            self.judge_alarms(&[]);
        }
    }

    /// It is another log: what is there now is not new.
    pub(super) fn forget_alarms(&mut self) {
        self.alarms.is_live = false;
        self.alarms.is_known = false;
        for watched in &mut self.alarms.watched {
            *watched = Watched { told_at: watched.told_at, ..Watched::new(watched.query.clone()) };
        }
    }

    /// Runs have other keys: who answers is judged anew, and nobody has come to answer by that.
    pub(super) fn renew_alarms(&mut self) {
        let (store, now) = (self.history.store(), self.second());
        for watched in self.alarms.watched.iter_mut().filter(|_| self.alarms.is_known) {
            watched.live = LiveQuery::new(&watched.query);
            watched.live.judge_all(store, now);
        }
    }

    /// The instant at hand may be any other: who answers is not known any more.
    pub(super) const fn unsettle_alarms(&mut self) {
        self.alarms.is_known = false;
    }

    /// Judges the runs that the log has just changed.
    pub(super) fn judge_alarms(&mut self, changed: &[RunKey]) {
        if self.alarms.is_empty() || !self.alarms.is_live {
            return;
        }
        if self.looks_back() {
            self.alarms.is_known = false;
            return;
        }
        let (store, now) = (self.history.store(), self.second());
        for Watched { live, count, runs, .. } in &mut self.alarms.watched {
            if !self.alarms.is_known {
                live.judge_all(store, now);
                continue;
            }
            let came = live.judge_changed(store, changed.iter().copied(), now);
            *count += came.len();
            let room = NAMED.saturating_sub(runs.len());
            runs.extend(came.into_iter().take(room).map(|run| store.id_of(run)));
            live.judge_due(store, now);
        }
        self.alarms.is_known = true;
    }

    /// Lets time change who answers, of which nobody is told.
    pub(super) fn tick_alarms(&mut self) {
        if self.alarms.is_known && !self.looks_back() {
            self.judge_alarms(&[]);
        }
    }
}

#[cfg(test)]
mod tests;
