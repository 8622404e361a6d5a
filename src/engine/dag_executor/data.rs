//! The answers of dag-executor's data about its log, for those who do not know the engine.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::page;
use super::tasks::DagTasks;
use super::waiting::GraphJudge;
use crate::engine::data::EngineData;
use crate::engine::progress::ExecutionProgress;
use crate::engine::recorded::Recorded;
use crate::engine::run_facts::RunFact;
use crate::engine::waiting::Judge;
use crate::engine::{Engine, Given};
use crate::store::{RunKey, Store};

impl EngineData for DagTasks {
    fn engine(&self) -> Option<Engine> {
        Some(Engine::DagExecutor)
    }

    fn recorded(&self) -> Recorded {
        Recorded { attempts: true, caps: true, causes: true, ..Recorded::NONE }
    }

    fn judge(&self, _: &Store) -> Rc<dyn Judge> {
        Rc::new(GraphJudge)
    }

    fn given(&self) -> Given {
        self.given.clone().map_or_else(Given::default, Given::DagExecutor)
    }

    fn max_attempts(&self) -> Option<u32> {
        self.execution().max_attempts
    }

    fn tells_attempts(&self, store: &Store, run: RunKey) -> bool {
        self.execution().tells_attempts || store.state_of(run).is_terminal()
    }

    fn unknown_states(&self, store: &Store) -> BTreeMap<String, u64> {
        self.unknown_words().map(|(word, count)| (store.text(word).to_owned(), count)).collect()
    }

    fn is_within_scan(&self) -> bool {
        self.execution().is_scanned()
    }

    fn run_facts(&self, store: &Store, run: RunKey) -> Vec<RunFact> {
        page::facts(store, run)
    }

    fn progress(&self, store: &Store) -> Option<ExecutionProgress> {
        Some(self.execution_progress(store))
    }

    fn critical_chain(&self, store: &Store) -> Vec<RunKey> {
        self.last_chain(store)
    }
}
