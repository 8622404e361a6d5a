//! The answers that the data of an engine gives of its own log. Each engine gives its own; the defaults are those of a
//! queue of independent runs that has no end.
//!
//! Must not know any engine by its name.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::lines_told::LinesTold;
use super::progress::ExecutionProgress;
use super::recorded::Recorded;
use super::run_facts::RunFact;
use super::waiting::Judge;
use super::{Engine, Given};
use crate::model::deadline::Deadline;
use crate::model::facts::Budget;
use crate::store::{Name, RunKey, Side, Store, TaskKey};

/// Data of one engine, as those ask it who do not know the engine. Every `store` is the one that the data is in.
pub(in crate::engine) trait EngineData: Side {
    /// The engine; none until a record has shown it.
    fn engine(&self) -> Option<Engine>;

    /// Kinds of facts that its records have.
    fn recorded(&self) -> Recorded;

    /// A judge of waiting runs, for many of them. Holds no instant, so that it is valid until the store changes.
    fn judge(&self, store: &Store) -> Rc<dyn Judge>;

    /// A judge of one run, which for most needs less.
    fn judge_of(&self, store: &Store, _run: RunKey) -> Rc<dyn Judge> {
        self.judge(store)
    }

    /// True for a run whose judgment hangs on other runs.
    fn hangs_on_others(&self, _store: &Store, _run: RunKey) -> bool {
        false
    }

    /// Facts that a user gave beside the log.
    fn given(&self) -> Given {
        Given::Nothing
    }

    /// True if the engine counts the failures of a run.
    fn counts_failures(&self) -> bool {
        false
    }

    /// Number of attempts that a run may make where its own records do not say.
    fn max_attempts(&self) -> Option<u32> {
        None
    }

    /// True if the log tells how many attempts a run has made so far, and not only at its end.
    fn tells_attempts(&self, _store: &Store, _run: RunKey) -> bool {
        true
    }

    /// True if the log tells the priority of a run.
    fn tells_priority(&self, _store: &Store, _run: RunKey) -> bool {
        true
    }

    /// Queue that a run came by.
    fn queue(&self, _run: RunKey) -> Option<Name> {
        None
    }

    /// Words for states that are none of the engine's, and the number of records with each.
    fn unknown_states(&self, _store: &Store) -> BTreeMap<String, u64> {
        BTreeMap::new()
    }

    /// Lines by what a table makes of them.
    fn lines_told(&self) -> Option<LinesTold> {
        None
    }

    /// True inside a full read of a directory.
    fn is_within_scan(&self) -> bool {
        false
    }

    /// The engine's own word for the state of a run, where it is another than the state's name.
    fn word(&self, _store: &Store, _run: RunKey) -> Option<Name> {
        None
    }

    /// Facts that the log of a foreign engine tells and what it does not, a line each.
    fn tells(&self) -> &'static [String] {
        &[]
    }

    /// Id of the parent of a run, as the log writes it.
    fn parent<'a>(&'a self, _store: &'a Store, _run: RunKey) -> Option<Cow<'a, str>> {
        None
    }

    /// Facts of a run that only this engine has, in the order of a page.
    fn run_facts(&self, _store: &Store, _run: RunKey) -> Vec<RunFact> {
        Vec::new()
    }

    /// Progress of the execution; none for an engine whose queue has no end.
    fn progress(&self, _store: &Store) -> Option<ExecutionProgress> {
        None
    }

    /// Runs that determined how long an execution took, the last first.
    fn critical_chain(&self, _store: &Store) -> Vec<RunKey> {
        Vec::new()
    }

    /// Budgets of a task, in order of allocation.
    fn budgets(&self, _task: TaskKey) -> &[Budget] {
        &[]
    }

    /// Deadline of the wait of a run, if it waits and has one.
    fn deadline(&self, _run: RunKey) -> Option<Deadline> {
        None
    }
}
