//! Alerts: runs that have come to match a watched query, by new events of the log.
//!
//! Only new events count: those read after the log's content at the start of the dashboard, of a log that goes on. A
//! run that comes to match by time alone raises no alert, since no event says so. Events that come while the past is
//! looked at, or while the view is frozen, raise alerts when they are shown. Must not know how the user is alerted.

use std::time::{Duration, Instant};

use super::travel::Travel;
use crate::engine::waiting::SharedScene;
use crate::model::id::RunId;
use crate::model::states::StateTable;
use crate::query::{LiveQuery, Query, QueryText};
use crate::session::Session;
use crate::store::{RunKey, Store};

/// Minimum interval between alerts of one query.
const MIN_ALERT_INTERVAL: Duration = Duration::from_secs(2);

/// Maximum number of runs that an alert names; the others are only counted.
const MAX_NAMED_RUNS: usize = 100;

/// Runs that have come to match one watched query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Index of the query, in the order in which queries were given.
    pub number: usize,
    /// The query.
    pub query: String,
    /// Number of runs that came to match it since its last alert. A run that ceased to match and matched again counts
    /// twice.
    pub count: usize,
    /// The first of them.
    pub runs: Vec<RunId>,
}

/// The queries that are watched.
#[derive(Debug, Default)]
pub(super) struct Alerts {
    /// The queries as they were typed: a log shows its engine, and so its states, later.
    texts: Vec<QueryText>,
    /// The states that the queries were read for.
    states: Option<&'static StateTable>,
    watched: Vec<Watched>,
    /// Queries that the engine of the log does not understand, since this was asked last.
    refused: Vec<String>,
    /// All that was there has been read.
    is_live: bool,
    /// The matching runs are known. Not before that, nor when the store has been at another instant.
    is_known: bool,
}

/// The runs at the instant at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight<'a> {
    pub(super) store: &'a Store,
    /// The queue of this version of the store.
    pub(super) scene: &'a SharedScene,
    /// In the unit of the log.
    pub(super) view_at: u64,
    /// Is true when the instant is one of the past.
    pub(super) looks_back: bool,
}

impl<'a> Sight<'a> {
    pub(super) fn of(session: &'a Session, travel: &Travel, scene: &'a SharedScene, view_at: u64) -> Self {
        Self { store: session.store(), scene, view_at, looks_back: travel.looks_back() }
    }
}

#[derive(Debug)]
struct Watched {
    /// The index of its text.
    number: usize,
    query: Query,
    live: LiveQuery,
    count: usize,
    runs: Vec<RunId>,
    alerted_at: Option<Instant>,
}

impl Watched {
    fn new(number: usize, query: Query) -> Self {
        Self { number, live: LiveQuery::new(&query), query, count: 0, runs: Vec::new(), alerted_at: None }
    }

    fn due_at(&self, now: Instant) -> Option<Instant> {
        let due = self.alerted_at.map_or(now, |alerted_at| alerted_at + MIN_ALERT_INTERVAL);
        (self.count > 0).then_some(due)
    }
}

impl Alerts {
    pub(super) const fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The instant at which the next alert is due.
    pub(super) fn next_due(&self, now: Instant) -> Option<Instant> {
        self.watched.iter().filter_map(|watched| watched.due_at(now)).min()
    }

    /// Watches for runs that come to match one of these from now on.
    pub(super) fn watch_for(&mut self, queries: Vec<QueryText>) {
        (self.texts, self.states) = (queries, None);
    }

    /// Reads the queries for the engine of a store, once it is known.
    fn read_for(&mut self, store: &Store) {
        if store.is_without_events() || self.states.is_some_and(|states| std::ptr::eq(states, store.states()))
        {
            return;
        }
        // Of a log that had no event, it is known that nothing matched.
        self.is_known &= self.states.replace(store.states()).is_none();
        self.watched.clear();
        for (number, text) in self.texts.iter().enumerate() {
            match text.with(store.states()) {
                Ok(query) => self.watched.push(Watched::new(number, query)),
                Err(error) => self.refused.push(format!("{}: {}", text.text(), error.what)),
            }
        }
    }

    /// Takes the queries that the engine of the log does not understand, each with the reason.
    pub(super) fn take_refused(&mut self) -> Vec<String> {
        std::mem::take(&mut self.refused)
    }

    /// Takes the alerts that are due.
    pub(super) fn take_alerts(&mut self, now: Instant) -> Vec<Alert> {
        let mut alerts = Vec::new();
        for watched in &mut self.watched {
            if watched.due_at(now).is_none_or(|due| now < due) {
                continue;
            }
            watched.alerted_at = Some(now);
            let query = watched.query.text().to_owned();
            let (count, runs) = (std::mem::take(&mut watched.count), std::mem::take(&mut watched.runs));
            alerts.push(Alert { number: watched.number, query, count, runs });
        }
        alerts
    }

    /// Takes in that all that was there has been read, and was shown.
    pub(super) fn go_live(&mut self, sight: Sight<'_>) {
        if !self.is_empty() && !self.is_live {
            self.is_live = true;
            self.judge(&[], sight);
        }
    }

    /// Forgets the matching runs: it is another log, whose present content is not new.
    pub(super) fn forget(&mut self) {
        self.is_live = false;
        self.is_known = false;
        for watched in &mut self.watched {
            *watched = Watched {
                alerted_at: watched.alerted_at,
                ..Watched::new(watched.number, watched.query.clone())
            };
        }
    }

    /// Judges all runs again under their new keys; none has come to match by that.
    pub(super) fn renumber(&mut self, sight: Sight<'_>) {
        for watched in self.watched.iter_mut().filter(|_| self.is_known) {
            watched.live = LiveQuery::new(&watched.query);
            watched.live.share(sight.scene);
            watched.live.judge_all(sight.store, sight.view_at);
        }
    }

    /// Forgets the matching runs, since the instant at hand may be any other.
    pub(super) const fn unsettle(&mut self) {
        self.is_known = false;
    }

    /// Judges the runs that the log has just changed.
    pub(super) fn judge(&mut self, changed: &[RunKey], sight: Sight<'_>) {
        if self.is_empty() || !self.is_live {
            return;
        }
        if sight.looks_back {
            self.is_known = false;
            return;
        }
        let Sight { store, scene, view_at, .. } = sight;
        self.read_for(store);
        for Watched { live, count, runs, .. } in &mut self.watched {
            live.share(scene);
            if !self.is_known {
                live.judge_all(store, view_at);
                continue;
            }
            let came = live.judge_changed(store, changed.iter().copied(), view_at);
            *count += came.len();
            let room = MAX_NAMED_RUNS.saturating_sub(runs.len());
            runs.extend(came.into_iter().take(room).map(|run| store.id_of(run)));
            live.judge_due(store, view_at);
        }
        self.is_known = true;
    }

    /// Lets time change which runs match, which raises no alert.
    pub(super) fn tick(&mut self, sight: Sight<'_>) {
        if self.is_known && !sight.looks_back {
            self.judge(&[], sight);
        }
    }
}

#[cfg(test)]
mod tests;
