//! From a statement to the store. Statements are what a foreign engine said: none is refused, and a table says which of
//! them hold once a run has ended.
//!
//! The first sight of a run may be in any state. The same state again is no event. A higher attempt is a new one. The
//! order of lines is the order, and clocks are not asked.

mod attempts;
mod fields;
mod late;

use super::lines::MappedEntry;
use super::runs::{MappedRuns, STATEMENT};
use super::statement::{Composed, IdPiece, MappedContent, Statement, ToldState};
use super::states::MappedState;
use super::table::MappedTable;
use crate::model::id::RunId;
use crate::model::kind::KindId;
use crate::model::position::Position;
use crate::model::task::Text;
use crate::store::{Last, Name, ProblemKind, RunKey, Store};

/// Longest id that a run of such a log may have, in bytes.
const LONGEST_MAPPED_ID: usize = 200;

/// The rules, with what they change.
pub(super) struct StatementRules<'a> {
    pub(super) store: &'a mut Store,
    pub(super) own: &'a mut MappedRuns,
    pub(super) table: &'static MappedTable,
}

/// Place of a line in the log.
#[derive(Clone, Copy)]
struct LineHere {
    place: Position,
    sequence: u64,
}

impl LineHere {
    fn last(self) -> Last {
        Last::new(KindId::new(STATEMENT), self.sequence, self.place)
    }
}

/// Effect of a statement on the state of its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// First sight of the run.
    First,
    /// The run enters the state.
    Enter,
    /// The run is in the state already.
    Again,
    /// The statement came too late to hold, or says nothing of the state.
    Late,
}

impl StatementRules<'_> {
    /// Applies one line, and accounts for it.
    pub(super) fn apply(&mut self, entry: &MappedEntry<'_>) {
        if entry.nuls > 0 {
            let reason = format!("gap of {} NUL bytes", entry.nuls);
            self.store.note(ProblemKind::Nul, entry.place, None, None, reason);
        }
        match &entry.content {
            MappedContent::Blank => self.store.blank(),
            MappedContent::PassedOver => self.pass_over(),
            MappedContent::Unreadable(reason) => {
                self.store.unreadable(ProblemKind::Unreadable, entry.place, reason.clone());
            }
            MappedContent::OverLong { bytes } => {
                let reason = format!("a line of {bytes} bytes is over the limit; it was not read");
                self.store.unreadable(ProblemKind::OverLong, entry.place, reason);
            }
            MappedContent::One(_) | MappedContent::Many(_) => self.line(entry),
        }
    }

    fn pass_over(&mut self) {
        self.own.told.value.passed_over += 1;
        self.store.blank();
    }

    fn line(&mut self, entry: &MappedEntry<'_>) {
        let sequence = self.store.latest_sequence() + 1;
        let here = LineHere { place: entry.place, sequence };
        self.store.begin_event();
        let in_order = self.store.take_sequence(entry.place, sequence);
        debug_assert!(in_order.is_ok(), "it follows the latest");
        self.own.told.value.matched += 1;
        if let MappedContent::Many(many) = &entry.content {
            if let Some(event) = &many.event
                && self.is_repeated(event)
            {
                return self.store.ignored_event(sequence);
            }
            for (register, value) in &many.carried {
                let value = self.store.intern(value);
                self.own.registers.insert(*register, value);
            }
        }
        for statement in entry.content.statements() {
            self.statement(here, statement);
        }
        self.store.applied_event(KindId::new(STATEMENT), entry.place, sequence, entry.content.at());
    }

    /// True of an event that was told before.
    fn is_repeated(&mut self, event: &str) -> bool {
        let name = self.store.intern(event);
        if self.own.events.contains(&name) {
            self.own.told.value.repeated += 1;
            return true;
        }
        self.own.events.insert(name, ());
        false
    }

    /// The whole text; none where an earlier line that has a part of it was not read.
    fn text<'t>(&'t self, composed: &'t Composed<'_>) -> Option<Text<'t>> {
        match composed {
            Composed::Whole(text) => Some(Text::Borrowed(text)),
            Composed::Pieces(pieces) => {
                let pieces = pieces.iter().map(|piece| match piece {
                    IdPiece::Text(text) => Some(&**text),
                    IdPiece::Register(register) => {
                        self.own.registers.get(register).map(|name| self.store.text(*name))
                    }
                });
                Some(Text::Owned(pieces.collect::<Option<String>>()?))
            }
        }
    }

    fn statement(&mut self, here: LineHere, statement: &Statement<'_>) {
        if let Some(at) = statement.time {
            let latest = &mut self.own.latest.value;
            self.own.told.value.back_in_time += u64::from(at < *latest);
            *latest = at.max(*latest);
        }
        if statement.has_unread_time {
            self.own.told.value.unread_times += 1;
            if self.own.told.value.unread_times == 1 {
                let reason = "the time is none that is read: RFC 3339, or a number since 1970 (told once)";
                self.store.note(
                    ProblemKind::Record,
                    here.place,
                    Some(here.sequence),
                    None,
                    reason.to_owned(),
                );
            }
        }
        if let ToldState::Unknown(word) = &statement.state {
            let word = self.store.intern(word);
            *self.own.words.get_or_default(word) += 1;
            return;
        }
        let Some(id) = self.id(here, statement) else { return };
        let known = self.store.find(id);
        let (state, word) = match &statement.state {
            ToldState::State(state, word) => (Some(*state), word.as_deref()),
            _ => (None, None),
        };
        let (key, step) = match (known, state) {
            (Some(key), None) => (key, Step::Late),
            // Of a run without a state, only its name is known.
            (None, None) => return,
            (Some(key), Some(state)) => (key, self.step(key, state, statement.attempt())),
            (None, Some(state)) => {
                let at = statement.time.unwrap_or(0);
                (self.store.insert_seen(id, self.table.id(state), at, here.last()), Step::First)
            }
        };
        if step == Step::Enter
            && let Some(state) = state
        {
            self.judge(here, key, state);
            self.enter(here, key, state, statement);
        }
        if step != Step::Late
            && let Some(state) = state
        {
            self.attempts(here, key, state, statement, step);
            let word = word.map(|word| self.store.intern(word));
            // A line that tells the same state without a word leaves the one that is known.
            let is_told = word.is_some() || step != Step::Again;
            // What is written is kept for the past: most lines repeat what is known.
            if is_told && self.own.detail(key).word != word {
                self.own.detail_mut(key).word = word;
            }
        }
        if statement.attempt.is_some() && !self.own.detail(key).tells_attempts {
            self.own.detail_mut(key).tells_attempts = true;
        }
        self.fields(here, key, statement, step);
        if self.table.left_open && step != Step::Late && state.is_some_and(MappedState::is_terminal) {
            self.close(here, key, statement.time);
        }
        self.store.set_last(key, here.last());
    }

    /// The id of a statement; none where its text is too long, or a part of it is not known.
    fn id(&mut self, here: LineHere, statement: &Statement<'_>) -> Option<RunId> {
        let composed;
        let text = match &statement.id {
            Composed::Whole(text) => &**text,
            pieces @ Composed::Pieces(_) => {
                composed = self.text(pieces)?.into_owned();
                &composed
            }
        };
        if text.len() > LONGEST_MAPPED_ID {
            let reason = format!("an id of {} bytes: at most {LONGEST_MAPPED_ID} are read", text.len());
            self.store.note(ProblemKind::Record, here.place, Some(here.sequence), None, reason);
            return None;
        }
        match statement.run {
            Some(run) => self.store.single_id(text, run),
            None => self.store.id_as(text, RunId::of_text(text)),
        }
    }

    fn enter(&mut self, here: LineHere, key: RunKey, state: MappedState, statement: &Statement<'_>) {
        let was = self.state(key);
        let is_retry = statement.attempt().is_some_and(|attempt| attempt > self.attempt_count(key));
        if was.is_terminal() && !state.is_terminal() && !is_retry {
            self.own.detail_mut(key).reopened += 1;
        }
        self.store.enter_state(key, self.table.id(state), statement.time.unwrap_or(0), here.last());
        if was.is_terminal() || was == MappedState::LeftOpen {
            self.own.detail_mut(key).ended_at = None;
            self.list_in_parent(key);
        }
    }

    /// Notes a step that the table does not have, where it has any.
    fn judge(&mut self, here: LineHere, key: RunKey, to: MappedState) {
        let Some(steps) = &self.table.transitions else { return };
        let from = self.state(key);
        if from != to && !steps.contains(&(from, to)) {
            let reason = format!("{} -> {} is no step of {}", from.name(), to.name(), self.table.name);
            let run = Some(self.store.record(key).id());
            self.store.note(ProblemKind::Transition, here.place, Some(here.sequence), run, reason);
        }
    }

    /// Leaves the open children of a run that has ended open.
    fn close(&mut self, here: LineHere, ended: RunKey, at: Option<u64>) {
        let Some(parent) = self.store.find_name(&self.store.id_text(self.store.id_of(ended))) else { return };
        let mut child = self.own.children.remove(&parent);
        while let Some(key) = child {
            let detail = self.own.detail_mut(key);
            (child, detail.is_listed) = (detail.sibling.take(), false);
            if !self.state(key).is_terminal() {
                let left_open = self.table.id(MappedState::LeftOpen);
                self.store.enter_state(key, left_open, at.unwrap_or(0), here.last());
            }
        }
    }

    /// Enters a run into the list of its parent, if the table asks for that.
    fn list_in_parent(&mut self, key: RunKey) {
        let detail = self.own.detail(key);
        let Some(parent) = detail.parent.filter(|_| self.table.left_open && !detail.is_listed) else {
            return;
        };
        let before = self.own.children.get(&parent).copied();
        self.own.children.insert(parent, key);
        let detail = self.own.detail_mut(key);
        (detail.sibling, detail.is_listed) = (before, true);
    }

    /// State of a run.
    fn state(&self, key: RunKey) -> MappedState {
        self.table.state(self.store.record(key).state())
    }

    fn attempt_count(&self, key: RunKey) -> u32 {
        self.store.standing(key).1
    }

    fn name(&mut self, text: Option<&str>) -> Option<Name> {
        text.map(|text| self.store.intern(text))
    }
}
