//! Deliveries of the reader, taken in: folded at once, or kept while the view is frozen.

use super::alerts::Sight;
use super::changes::Baselines;
use super::charts::ChartsState;
use super::ids::Naming;
use super::intake::{IntakeScope, remarks_on};
use super::remark::Remark;
use super::store_change::StoreChange;
use super::{App, Now};
use crate::engine::batch::Batch;
use crate::engine::waiting::SharedScene;
use crate::session::identity::Joint;
use crate::source::delivery::{Delivery, SourceNotice};
use crate::view::notice::Subject;
use crate::view::summary::Summary;

impl App {
    /// Takes in what the reader sent.
    pub fn ingest(&mut self, delivery: Delivery<Batch>, now: Now) {
        self.now = now;
        self.is_dirty = true;
        self.intake.throughput.pass(now.instant);
        let is_reported = matches!(&delivery, Delivery::Status(status) if status.caught_up);
        match delivery {
            Delivery::Block(batch) if self.intake.backlog.holds() || self.travel.is_held() => {
                self.intake.backlog.push(batch);
            }
            Delivery::Block(batch) => self.fold(&batch),
            Delivery::Status(status) => {
                if status.unavailable_since.is_none() && self.session.log.is_unavailable() {
                    self.report(Remark::Over(Subject::Path));
                }
                self.intake.note_status(status, now.instant);
                self.session.log.note(status);
                if status.caught_up {
                    self.rest();
                    if !self.intake.backlog.holds() {
                        let view_at = self.view_at();
                        let sight = Sight::of(&self.session, &self.travel, &self.scene, view_at);
                        self.alerts.go_live(sight);
                    }
                    self.open_there();
                }
            }
            Delivery::Notice(notice) => {
                self.session.log.hear(&notice);
                self.report(remarks_on(&notice));
                if matches!(notice, SourceNotice::Ended) {
                    self.rest();
                    self.open_there();
                }
            }
        }
        self.note_pace(is_reported);
    }

    /// Notes the pace of the log, whenever anything happens.
    pub(super) fn note_pace(&mut self, is_reported: bool) {
        let at = IntakeScope { session: &self.session, travel: &self.travel, now: self.now };
        self.intake.note_pace(is_reported, at);
    }

    /// Takes in that the reader is gone: the view may be out of date from now on.
    pub fn lose_log(&mut self, now: Now) {
        (self.now, self.is_dirty) = (now, true);
        self.intake.lose(now.ticks(self.session.store().unit()));
    }

    /// Is true while the reader may send more. When not, it waits, and the log with it.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        self.intake.wants_more(&self.travel, self.is_thinning())
    }

    /// Is true while blocks wait to be folded by [`App::catch_up`].
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.intake.is_behind(&self.travel)
    }

    /// Folds one of the blocks that waited while the view was frozen.
    pub fn catch_up(&mut self, now: Now) {
        self.now = now;
        if let Some(batch) = self.intake.backlog.pop() {
            self.is_dirty = true;
            self.fold(&batch);
            if self.session.log.is_read() {
                self.rest();
            }
        }
        self.note_pace(false);
    }

    fn fold(&mut self, batch: &Batch) {
        self.intake.throughput.came(batch.block().len_lines() as u64, self.now.instant);
        match self.session.join(batch) {
            Joint::Another => self.leave_log(),
            joint => {
                let remark = joint.notice().map(|(_, text)| Remark::warning(text));
                self.report(remark);
            }
        }
        let states = self.session.store().states();
        self.session.history.fold(batch);
        if !std::ptr::eq(states, self.session.store().states()) {
            self.read_queries_again();
        }
        let beside = self.intake.note_beside(&mut self.session);
        self.report(beside);
        self.report_memory();
        self.report(Remark::Over(Subject::Emptiness));
        self.on_change(StoreChange::Folded);
    }

    /// The log has shown its engine: what was typed before names states of another.
    fn read_queries_again(&mut self) {
        let (states, taste) = (self.session.store().states(), &self.setup.taste);
        let refused = self.finding.read_again(|text| taste.parse(text, states));
        self.look_through();
        let words = |query: String| Remark::warning(format!("the query is none in this log: {query}"));
        refused.into_iter().map(words).for_each(|remark| self.report(remark));
    }

    /// Begins again: the sequence goes back, so that it is another log.
    fn leave_log(&mut self) {
        self.scene = SharedScene::default();
        self.charts = ChartsState::default();
        self.naming = Naming::default();
        self.baselines = Baselines::default();
        self.board.leave_log();
        self.cancels.leave_log();
        self.intake.leave_log();
        self.marking.clear();
        self.alerts.forget();
        self.look_through();
        let words = "this is another log: its sequence starts again, and so does the view";
        self.report(Remark::warning(words));
    }

    /// The words of the header.
    #[must_use]
    pub fn summary(&self) -> Summary<'_> {
        let at = IntakeScope { session: &self.session, travel: &self.travel, now: self.now };
        self.intake.summary(at, &self.setup)
    }
}
