//! The fan-out of a change: what each owner does when the store is at another instant, and when runs have new keys.

use super::App;
use super::alerts::Sight;
use super::store_change::StoreChange;
use crate::engine::waiting::SharedScene;
use crate::input::Mode;
use crate::store::Renumbering;

impl App {
    /// Hands a change of the store to every owner whose state depends on it.
    pub(super) fn on_change(&mut self, change: StoreChange) {
        self.scene = SharedScene::default();
        self.finding.share(&self.scene);
        let view_at = self.view_at();
        let changed = match change {
            // Those that are not known may be any: all are looked through.
            StoreChange::Folded | StoreChange::Traveled => {
                let changed = self.session.history.take_changed();
                match &changed {
                    Some(changed) => self.finding.note(changed, view_at),
                    None => {
                        self.look_through();
                        self.alerts.unsettle();
                    }
                }
                changed.unwrap_or_default()
            }
            // Every run has another key: all are looked through again, and none has changed.
            StoreChange::Evicted => {
                self.look_through();
                Vec::new()
            }
        };
        let sight = Sight::of(&self.session, &self.travel, &self.scene, view_at);
        match change {
            StoreChange::Folded | StoreChange::Traveled => self.alerts.judge(&changed, sight),
            StoreChange::Evicted => self.alerts.renumber(sight),
        }
        match change {
            StoreChange::Folded => {
                let (store, had_open) = (self.session.store(), self.cancels.ledger.has_open());
                let remarks = self.cancels.note_changes(&changed, store, self.naming.ids(store));
                self.report(remarks);
                if had_open {
                    self.watch_changes();
                }
            }
            // Each event up to the edge was looked at when it was folded. The state of a run at an earlier instant
            // proves nothing about a cancel, and an eviction changes no state.
            StoreChange::Traveled | StoreChange::Evicted => (),
        }
        match change {
            // Charts are measured on at a pace of their own while the log grows.
            StoreChange::Folded => (),
            // The figures are those of another instant, or hold other keys.
            StoreChange::Traveled | StoreChange::Evicted => self.charts.restart(),
        }
        self.settle();
    }

    /// Looks through all runs again, from the beginning.
    pub(super) fn look_through(&mut self) {
        let view_at = self.view_at();
        self.finding.restart(self.session.store(), &self.scene, view_at);
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
            board,
            // Hold keys that are found again: see [`App::on_change`].
            finding: _,
            alerts: _,
            charts: _,
            // Hold ids, lines, or no runs at all.
            naming: _,
            notices: _,
            intake: _,
            pointer: _,
            typing: _,
            setup: _,
            session: _,
            memory: _,
            size: _,
            scene: _,
            now: _,
            is_dirty: _,
        } = self;
        marking.renumber(renumbering);
        cancels.renumber(renumbering);
        travel.renumber(renumbering);
        board.pages.close(Mode::Changes);
        baselines.forget()
    }
}
