//! The answers of ActionQueue's data about its log, for those who do not know the engine.

use std::borrow::Cow;
use std::rc::Rc;

use super::Registry;
use super::waiting::WaitingScene;
use crate::engine::Engine;
use crate::engine::data::EngineData;
use crate::engine::recorded::Recorded;
use crate::engine::waiting::Judge;
use crate::model::deadline::Deadline;
use crate::model::facts::Budget;
use crate::store::{RunKey, Store, TaskKey};

impl EngineData for Registry {
    fn engine(&self) -> Option<Engine> {
        self.vocabulary().map(Engine::ActionQueue)
    }

    fn recorded(&self) -> Recorded {
        Recorded::ALL
    }

    fn judge(&self, store: &Store) -> Rc<dyn Judge> {
        Rc::new(WaitingScene::of(store))
    }

    fn judge_of(&self, store: &Store, run: RunKey) -> Rc<dyn Judge> {
        Rc::new(WaitingScene::of_run(store, run))
    }

    fn hangs_on_others(&self, store: &Store, run: RunKey) -> bool {
        WaitingScene::hangs_on_others(store, run)
    }

    fn counts_failures(&self) -> bool {
        self.is_newer()
    }

    fn parent<'a>(&'a self, store: &'a Store, run: RunKey) -> Option<Cow<'a, str>> {
        store.task(store.task_key_of(run)).parent.map(|parent| store.id_text(parent))
    }

    fn budgets(&self, task: TaskKey) -> &[Budget] {
        self.budget_list(task)
    }

    fn deadline(&self, run: RunKey) -> Option<Deadline> {
        self.wait(run)?.deadline
    }
}
