//! The answers of a mapped log, for those who do not know the engine.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::page;
use super::runs::MappedRuns;
use super::table::rule::FieldName;
use crate::engine::data::EngineData;
use crate::engine::lines_told::LinesTold;
use crate::engine::recorded::Recorded;
use crate::engine::run_facts::RunFact;
use crate::engine::waiting::{Judge, Silent};
use crate::engine::{Engine, Given};
use crate::store::{Name, RunKey, Store};

impl EngineData for MappedRuns {
    fn engine(&self) -> Option<Engine> {
        Some(Engine::Mapped(self.format))
    }

    fn recorded(&self) -> Recorded {
        let table = self.format.table();
        let has = |name| table.has_field(name);
        Recorded {
            tasks: false,
            names: has(FieldName::Task),
            owners: has(FieldName::Worker),
            priorities: has(FieldName::Priority),
            attempts: table.tells_attempts(),
            caps: has(FieldName::MaxAttempts),
            schedules: has(FieldName::Due),
            ..Recorded::NONE
        }
    }

    fn judge(&self, _: &Store) -> Rc<dyn Judge> {
        Rc::new(Silent)
    }

    fn given(&self) -> Given {
        if self.is_given { Given::Format(self.format) } else { Given::Nothing }
    }

    fn tells_attempts(&self, store: &Store, run: RunKey) -> bool {
        page::tells_attempts(self, store, run)
    }

    fn tells_priority(&self, _: &Store, run: RunKey) -> bool {
        self.detail(run).tells_priority
    }

    fn queue(&self, run: RunKey) -> Option<Name> {
        self.detail(run).queue
    }

    fn unknown_states(&self, store: &Store) -> BTreeMap<String, u64> {
        self.unknown_words().map(|(word, count)| (store.text(word).to_owned(), count)).collect()
    }

    fn lines_told(&self) -> Option<LinesTold> {
        Some(self.told())
    }

    fn run_facts(&self, store: &Store, run: RunKey) -> Vec<RunFact> {
        page::facts(store, self, run)
    }

    fn parent<'a>(&'a self, store: &'a Store, run: RunKey) -> Option<Cow<'a, str>> {
        self.detail(run).parent.map(|parent| store.text(parent).into())
    }

    fn word(&self, store: &Store, run: RunKey) -> Option<Name> {
        page::word(store, self, run)
    }

    fn tells(&self) -> &'static [String] {
        &self.format.table().tells
    }
}
