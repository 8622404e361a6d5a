//! The fan-out of a change: what each owner does when the store is at another instant, and when runs have new keys.

use super::App;
use super::alerts::Sight;
use crate::input::Mode;
use crate::store::{Renumbering, RunKey};

/// A way in which the store came to be another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// The log has said something new.
    Folded,
    /// The instant at hand is another one.
    Traveled,
    /// Ended runs were evicted, and the others have new keys.
    Evicted,
}

impl App {
    /// Hands a change of the store to every owner whose state depends on it.
    pub(super) fn on_change(&mut self, change: Change) {
        self.finding.forget_scene();
        let changed = match change {
            Change::Folded | Change::Traveled => self.note_changes(),
            // Every run has another key: all are looked through again, and none has changed.
            Change::Evicted => {
                self.look_through();
                Vec::new()
            }
        };
        let sight =
            Sight { store: self.session.store(), second: self.second(), looks_back: self.looks_back() };
        match change {
            Change::Folded | Change::Traveled => self.alerts.judge(&changed, sight),
            Change::Evicted => self.alerts.renumber(sight),
        }
        match change {
            Change::Folded => self.look_for_evidence(&changed),
            // Each event up to the edge was looked at when it was folded. The state of a run at an earlier instant
            // proves nothing about a cancel, and an eviction changes no state.
            Change::Traveled | Change::Evicted => (),
        }
        match change {
            // Charts are measured on at a pace of their own while the log grows.
            Change::Folded => (),
            // The figures are those of another instant, or hold other keys.
            Change::Traveled | Change::Evicted => self.charts.restart(),
        }
        self.settle();
    }

    /// Takes the runs that have changed since this was asked last. When they are not known, all are looked through.
    fn note_changes(&mut self) -> Vec<RunKey> {
        let Some(changed) = self.session.history.take_changed() else {
            self.look_through();
            self.alerts.unsettle();
            return Vec::new();
        };
        let second = self.second();
        self.finding.note(&changed, second);
        changed
    }

    fn look_for_evidence(&mut self, changed: &[RunKey]) {
        let told = self.cancels.note(changed, self.session.store());
        self.tell(told);
        if !self.cancels.ledger.has_open() {
            return;
        }
        let store = self.session.store();
        let told = self.cancels.look_for_evidence(changed, store, self.naming.ids(store));
        self.tell(told);
        let told = self.cancels.take_done();
        self.tell(told);
        self.watch_changes();
    }

    /// Looks through all runs again, from the beginning.
    pub(super) fn look_through(&mut self) {
        let second = self.second();
        self.finding.restart(self.session.store(), second);
        self.watch_changes();
        self.is_dirty = true;
    }

    /// Has changes of runs kept for as long as they are of use.
    pub(super) fn watch_changes(&mut self) {
        let is_watched =
            self.finding.is_watching() || !self.alerts.is_empty() || self.cancels.ledger.has_open();
        self.session.history.watch_changes(is_watched);
    }

    /// Hands the new keys of runs to every owner that holds keys; says whether a marked instant was lost by that. Names
    /// each owner, so that a new one is not forgotten.
    pub(super) fn renumber(&mut self, renumbering: &Renumbering) -> bool {
        let Self {
            // Hold keys for as long as they live.
            marking,
            cancels,
            travel,
            // Hold the keys of an instant that is gone.
            baselines,
            pages,
            // Hold keys that are found again: see [`App::on_change`].
            finding: _,
            alerts: _,
            charts: _,
            // Hold ids, lines, or no runs at all.
            board: _,
            naming: _,
            notices: _,
            backlog: _,
            feed: _,
            pulse: _,
            pointer: _,
            typing: _,
            setup: _,
            session: _,
            told_excess: _,
            size: _,
            now: _,
            is_dirty: _,
        } = self;
        marking.renumber(renumbering);
        cancels.renumber(renumbering);
        travel.renumber(renumbering);
        pages.close(Mode::Changes);
        baselines.forget()
    }
}
