//! `RunInstance` against actionqueue-core: its recorded verdicts, and the published crates themselves, 0.1.2 and 0.3.0.

use proptest::prelude::*;
use runwatch::engine::actionqueue::run_instance::{ConstructionError, MutationError, RunInstance, RunRecord};
use runwatch::engine::actionqueue::states::RunState;
use runwatch::model::id::{AttemptId, RunId, TaskId};
use serde_json::{Value, json};

use crate::common::read_text;

fn state(value: &Value) -> RunState {
    RunState::from_name(value.as_str().unwrap()).unwrap()
}

fn id<T: std::str::FromStr<Err = impl std::fmt::Debug>>(value: &Value) -> T {
    value.as_str().unwrap().parse().unwrap()
}

fn shown(run: &RunInstance) -> Value {
    json!({
        "attempt_count": run.attempt_count(),
        "created_at": run.created_at(),
        "current_attempt_id": run.current_attempt_id().map(|id| id.to_string()),
        "effective_priority": run.effective_priority(),
        "id": run.id().to_string(),
        "last_state_change_at": run.last_state_change_at(),
        "scheduled_at": run.scheduled_at(),
        "state": run.state().name(),
        "task_id": run.task_id().to_string(),
    })
}

fn record_of(value: &Value) -> RunRecord {
    let number = |key: &str| value[key].as_u64().unwrap();
    RunRecord {
        id: id(&value["id"]),
        task_id: id(&value["task_id"]),
        state: state(&value["state"]),
        current_attempt_id: value["current_attempt_id"].as_str().map(|text| text.parse().unwrap()),
        attempt_count: number("attempt_count").try_into().unwrap(),
        failure_attempt_count: None,
        created_at: number("created_at"),
        scheduled_at: number("scheduled_at"),
        effective_priority: value["effective_priority"].as_i64().unwrap().try_into().unwrap(),
        last_state_change_at: number("last_state_change_at"),
    }
}

/// The name of an error's variant, which its debug form begins with.
fn variant(error: &impl std::fmt::Debug) -> String {
    let text = format!("{error:?}");
    text.split([' ', '{', '(']).next().unwrap().to_owned()
}

fn verdict<E: std::fmt::Debug + std::fmt::Display>(outcome: Result<(), E>) -> Value {
    match outcome {
        Ok(()) => json!("ok"),
        Err(error) => json!({"display": error.to_string(), "err": variant(&error)}),
    }
}

fn constructed(outcome: Result<RunInstance, ConstructionError>) -> Value {
    match outcome {
        Ok(run) => json!({"ok": shown(&run)}),
        Err(error) => json!({"display": error.to_string(), "err": variant(&error)}),
    }
}

fn call(run: &mut RunInstance, op: &Value) -> Value {
    let (name, argument) = match op {
        Value::String(name) => (name.as_str(), &Value::Null),
        Value::Object(object) => object.iter().next().map(|(name, value)| (name.as_str(), value)).unwrap(),
        _ => panic!("{op}"),
    };
    let number = || i32::try_from(argument.as_i64().unwrap()).unwrap();
    let outcome: Result<(), MutationError> = match name {
        "transition_to" => run.transition_to(state(argument)),
        "promote_to_ready" => run.promote_to_ready(),
        "promote_to_ready_with_priority" => run.promote_to_ready_with_priority(number()),
        "set_effective_priority" => run.set_effective_priority(number()),
        "start_attempt" => run.start_attempt(id(argument)),
        "finish_attempt" => run.finish_attempt(id(argument)),
        "record_state_change_at" => {
            run.record_state_change_at(argument.as_u64().unwrap());
            Ok(())
        }
        "restore_attempt_state_for_bootstrap" => {
            let count = argument[0].as_u64().unwrap().try_into().unwrap();
            run.restore_attempt_state_for_bootstrap(
                count,
                argument[1].as_str().map(|id| id.parse().unwrap()),
            );
            Ok(())
        }
        _ => panic!("{op}"),
    };
    verdict(outcome)
}

#[test]
fn every_recorded_call_has_the_engines_answer() {
    let (mut cells, mut calls) = (0, 0);
    for line in read_text("tests/oracles/core-0.1.2-run-instance.jsonl.gz").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if let Some(table) = case.get("table") {
            let (from, to) = (state(&table[0]), state(&table[1]));
            assert_eq!(json!(from.can_become(to)), case["valid"], "{line}");
            assert_eq!(json!([from.to_string(), to.to_string()]), case["display"]);
            assert_eq!(json!(from.is_terminal()), case["from_terminal"]);
            cells += 1;
        } else if let Some(from) = case.get("valid_transitions") {
            let ours = state(from).next().iter().filter(|next| **next != RunState::Awaiting);
            let ours: Vec<&str> = ours.map(|next| next.name()).collect();
            assert_eq!(json!(ours), case["to"]);
        } else if let Some(with) = case.get("construct") {
            let number = |key: &str| with[key].as_u64().unwrap();
            let (run, task) = (id::<RunId>(&with["run"]), id::<TaskId>(&with["task"]));
            let (scheduled_at, created_at) = (number("scheduled_at"), number("created_at"));
            let scheduled = RunInstance::new_scheduled_with_id(run, task, scheduled_at, created_at);
            assert_eq!(constructed(scheduled), case["scheduled"], "{line}");
            let priority = case["ready"]["ok"]["effective_priority"].as_i64().unwrap_or(0);
            let ready = RunInstance::new_ready_with_id(
                run,
                task,
                scheduled_at,
                created_at,
                priority.try_into().unwrap(),
            );
            assert_eq!(constructed(ready), case["ready"], "{line}");
        } else {
            let mut run = RunInstance::from_record(record_of(&case["start"])).unwrap();
            let results: Vec<Value> =
                case["ops"].as_array().unwrap().iter().map(|op| call(&mut run, op)).collect();
            assert_eq!(json!(results), case["results"], "{line}");
            assert_eq!(shown(&run), case["end"], "{line}");
            let reread = RunInstance::from_record(record_of(&case["end"]));
            let reread = reread.map_or_else(|error| json!(error.to_string()), |_| json!(true));
            assert_eq!(reread, case["reparse"], "{line}");
            calls += 1;
        }
    }
    assert_eq!((cells, calls), (81, 1018));
}

/// One engine's crate behind the calls that both versions share.
macro_rules! against {
    ($name:ident, $core:ident, $n_states:literal) => {
        mod $name {
            use $core::ids::{AttemptId as TheirAttempt, RunId as TheirRun, TaskId as TheirTask};
            use $core::run::run_instance::RunInstance as TheirInstance;
            use $core::run::state::RunState as TheirState;

            use super::*;

            fn theirs(state: RunState) -> TheirState {
                serde_json::from_value(json!(state.name())).unwrap()
            }

            fn states() -> Vec<RunState> {
                RunState::ALL[..$n_states].to_vec()
            }

            #[test]
            fn the_table_is_the_engines() {
                for from in states() {
                    assert_eq!(from.is_terminal(), theirs(from).is_terminal());
                    assert_eq!(from.to_string(), theirs(from).to_string());
                    assert_eq!(from.name(), format!("{:?}", theirs(from)));
                    for to in states() {
                        let legal = $core::run::transitions::is_valid_transition(theirs(from), theirs(to));
                        assert_eq!(from.can_become(to), legal, "{from:?} -> {to:?}");
                    }
                    let next = $core::run::transitions::valid_transitions(theirs(from));
                    let ours: Vec<TheirState> = from
                        .next()
                        .iter()
                        .filter(|to| states().contains(to))
                        .map(|to| theirs(*to))
                        .collect();
                    assert_eq!(ours, next);
                }
            }

            proptest! {
                #![proptest_config(crate::common::cases(256))]

                #[test]
                fn every_list_of_calls_has_the_engines_answers(
                    birth in birth(),
                    calls in prop::collection::vec(any_call($n_states), 0..40),
                ) {
                    let (run, task) = (TheirRun::from_uuid(*birth.run.as_uuid()), TheirTask::from_uuid(*birth.task.as_uuid()));
                    let ours = birth.ours();
                    let theirs_born = if birth.ready {
                        TheirInstance::new_ready_with_id(run, task, birth.scheduled_at, birth.created_at, birth.priority)
                    } else {
                        TheirInstance::new_scheduled_with_id(run, task, birth.scheduled_at, birth.created_at)
                    };
                    let (mut ours, mut their) = match (ours, theirs_born) {
                        (Ok(ours), Ok(their)) => (ours, their),
                        (Err(ours), Err(their)) => {
                            prop_assert_eq!(ours.to_string(), their.to_string());
                            prop_assert_eq!(variant(&ours), variant(&their));
                            return Ok(());
                        }
                        (ours, their) => panic!("{ours:?} {their:?}"),
                    };
                    for call in calls {
                        let attempt = |n: u8| TheirAttempt::from_uuid(uuid::Uuid::from_u128(n.into()));
                        let answer = match &call {
                            Call::Transition(state) => their.transition_to(theirs(*state)),
                            Call::Promote => their.promote_to_ready(),
                            Call::PromoteWith(priority) => their.promote_to_ready_with_priority(*priority),
                            Call::Prioritize(priority) => their.set_effective_priority(*priority),
                            Call::Start(n) => their.start_attempt(attempt(*n)),
                            Call::Finish(n) => their.finish_attempt(attempt(*n)),
                            Call::ChangedAt(at) => { their.record_state_change_at(*at); Ok(()) }
                            Call::Restore(count, n) => {
                                their.restore_attempt_state_for_bootstrap(*count, n.map(attempt));
                                Ok(())
                            }
                        };
                        prop_assert_eq!(verdict(call.on(&mut ours)), verdict(answer), "{:?}", call);
                        let mut expected = serde_json::to_value(&their).unwrap();
                        expected.as_object_mut().unwrap().remove("failure_attempt_count");
                        prop_assert_eq!(shown(&ours), expected, "{:?}", call);
                        prop_assert_eq!(ours.is_terminal(), their.is_terminal());
                    }
                }
            }
        }
    };
}

#[derive(Debug, Clone)]
struct Birth {
    run: RunId,
    task: TaskId,
    scheduled_at: u64,
    created_at: u64,
    priority: i32,
    ready: bool,
}

impl Birth {
    fn ours(&self) -> Result<RunInstance, ConstructionError> {
        if self.ready {
            RunInstance::new_ready_with_id(
                self.run,
                self.task,
                self.scheduled_at,
                self.created_at,
                self.priority,
            )
        } else {
            RunInstance::new_scheduled_with_id(self.run, self.task, self.scheduled_at, self.created_at)
        }
    }
}

fn birth() -> impl Strategy<Value = Birth> {
    (0_u128..5, 0_u128..5, 0_u64..4, 0_u64..4, any::<i32>(), any::<bool>()).prop_map(
        |(run, task, scheduled_at, created_at, priority, ready)| Birth {
            run: RunId::from_uuid(uuid::Uuid::from_u128(run)),
            task: TaskId::from_uuid(uuid::Uuid::from_u128(task)),
            scheduled_at,
            created_at,
            priority,
            ready,
        },
    )
}

#[derive(Debug, Clone)]
enum Call {
    Transition(RunState),
    Promote,
    PromoteWith(i32),
    Prioritize(i32),
    Start(u8),
    Finish(u8),
    ChangedAt(u64),
    Restore(u32, Option<u8>),
}

impl Call {
    fn on(&self, run: &mut RunInstance) -> Result<(), MutationError> {
        let attempt = |n: u8| AttemptId::from_uuid(uuid::Uuid::from_u128(n.into()));
        match self {
            Self::Transition(state) => run.transition_to(*state),
            Self::Promote => run.promote_to_ready(),
            Self::PromoteWith(priority) => run.promote_to_ready_with_priority(*priority),
            Self::Prioritize(priority) => run.set_effective_priority(*priority),
            Self::Start(n) => run.start_attempt(attempt(*n)),
            Self::Finish(n) => run.finish_attempt(attempt(*n)),
            Self::ChangedAt(at) => {
                run.record_state_change_at(*at);
                Ok(())
            }
            Self::Restore(count, n) => {
                run.restore_attempt_state_for_bootstrap(*count, n.map(attempt));
                Ok(())
            }
        }
    }
}

fn any_call(n_states: usize) -> impl Strategy<Value = Call> {
    prop_oneof![
        // Along the usual way more often than not, so that lives get somewhere.
        6 => prop::sample::select(vec![RunState::Ready, RunState::Leased, RunState::Running]).prop_map(Call::Transition),
        3 => (0..n_states).prop_map(|n| Call::Transition(RunState::ALL[n])),
        1 => Just(Call::Promote),
        1 => any::<i32>().prop_map(Call::PromoteWith),
        1 => any::<i32>().prop_map(Call::Prioritize),
        3 => (0_u8..4).prop_map(Call::Start),
        3 => (0_u8..4).prop_map(Call::Finish),
        1 => any::<u64>().prop_map(Call::ChangedAt),
        1 => (prop_oneof![0_u32..3, Just(u32::MAX)], prop::option::of(0_u8..4))
            .prop_map(|(count, attempt)| Call::Restore(count, attempt)),
    ]
}

against!(core_0_1_2, core01, 9);
against!(core_0_3_0, core03, 10);
