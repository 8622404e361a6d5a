//! Facts of a run's page that only a mapped log has, and the instants that a report gives.

use super::MappedRuns;
use crate::engine::run_facts::{FactValue, RunFact};
use crate::model::states::{Phase, State};
use crate::model::text;
use crate::store::{Name, RunKey, Store};

/// Facts of a run.
pub(super) fn facts(store: &Store, own: &MappedRuns, run: RunKey) -> Vec<RunFact> {
    let detail = own.detail(run);
    let state = store.state_of(run);
    let named = |name: Option<Name>| name.map(FactValue::Text);
    let mut facts = Vec::new();
    let mut add = |label, value: Option<FactValue>| {
        facts.extend(value.map(|value| RunFact { label, value }));
    };
    let spec = store.spec(run);
    add("task", named(spec.and_then(|spec| spec.description)));
    add("key", named(spec.and_then(|spec| spec.concurrency_key)));
    let tags: Vec<&str> = spec.iter().flat_map(|spec| &spec.tags).map(|tag| store.text(*tag)).collect();
    add("tags", (!tags.is_empty()).then(|| FactValue::Note(text::clean(&tags.join(", ")).into_owned())));
    add("", left_open(state).map(FactValue::Note));
    add("error", named(store.error(run)));
    add("reason", named(detail.reason));
    add("worker", named(store.owner(run)));
    add("queue", named(detail.queue));
    let priority = detail.tells_priority.then(|| FactValue::Note(store.priority(run).to_string()));
    add("priority", priority);
    add("parent", parent(store, detail.parent));
    add("last told", Some(detail.told_at).filter(|at| *at > 0).map(FactValue::Instant));
    let reopened = (detail.reopened > 0).then(|| match detail.reopened {
        1 => "it went on once after an end".to_owned(),
        n => format!("it went on {n} times after an end"),
    });
    add("", reopened.map(FactValue::Note));
    add("output", store.run(run).output.map(FactValue::Json));
    facts
}

fn left_open(state: State) -> Option<String> {
    let is_left =
        state.phase() == Phase::Parked && state.name() == super::states::MappedState::LeftOpen.name();
    is_left.then(|| "its parent has ended, and the log tells no end of it".to_owned())
}

/// The parent: a run of the log, or a name that only children know.
fn parent(store: &Store, parent: Option<Name>) -> Option<FactValue> {
    let parent = parent?;
    Some(match store.find_run_named(store.text(parent)) {
        Some(run) => FactValue::Runs(vec![(0, run)], 1),
        None => FactValue::Text(parent),
    })
}

/// The engine's own word for the state of a run, where it is another than the state's name.
pub(super) fn word(store: &Store, own: &MappedRuns, run: RunKey) -> Option<Name> {
    let state = store.state_of(run);
    own.detail(run).word.filter(|word| {
        let word = store.text(*word);
        !word.eq_ignore_ascii_case(state.name()) && !word.eq_ignore_ascii_case(&state.to_string())
    })
}

/// True if the number of attempts of a run is known. Where lines give it, a run that was at work and has none is one of
/// another kind: a stage among tasks, for example.
pub(super) fn tells_attempts(own: &MappedRuns, store: &Store, run: RunKey) -> bool {
    let table = own.format.table();
    let (state, count) = store.standing(run);
    let was_at_work = matches!(state.phase(), Phase::Running | Phase::Succeeded | Phase::Failed);
    let is_told = table.counts_attempts || count > 0 || own.detail(run).tells_attempts;
    is_told || (table.tells_attempts() && !was_at_work)
}

/// Instant at which a run began to execute last.
pub(super) fn started(store: &Store, own: &MappedRuns, run: RunKey) -> Option<u64> {
    let by_history = || {
        let changes = store.life(run).changes;
        let last = changes.iter().rev().find(|change| change.to.phase() == Phase::Running)?;
        Some(last.at).filter(|at| *at > 0)
    };
    own.detail(run).started_at.or_else(by_history)
}

/// Instant of the end of a run; none while it has not ended.
pub(super) fn ended(store: &Store, own: &MappedRuns, run: RunKey) -> Option<u64> {
    let at = || Some(store.changed_at(run)).filter(|at| *at > 0);
    if store.state_of(run).is_terminal() { own.detail(run).ended_at.or_else(at) } else { None }
}
