//! `TaskState` and `TaskRecord` against the published dag-executor 0.1: every pair of states, random lists of calls, and
//! both directions of serde.

use std::collections::HashMap;

use dag_executor::state::{TaskRecord as Theirs, TaskState as Their};
use proptest::prelude::*;
use runwatch::engine::dag_executor::record::TaskRecord;
use runwatch::engine::dag_executor::states::TaskState;
use serde_json::{Value, json};

const THEIRS: [Their; TaskState::COUNT] = [
    Their::Pending,
    Their::Ready,
    Their::Running,
    Their::Completed,
    Their::Failed,
    Their::Retrying,
    Their::Cancelled,
    Their::Skipped,
    Their::DeadLettered,
];

fn both() -> impl Iterator<Item = (TaskState, Their)> {
    TaskState::ALL.into_iter().zip(THEIRS)
}

#[test]
fn states_agree_in_everything_that_they_are_asked() {
    for (ours, theirs) in both() {
        let json = serde_json::to_value(theirs).unwrap();
        assert_eq!(ours.to_string(), theirs.to_string());
        assert_eq!(serde_json::to_value(ours).unwrap(), json);
        assert_eq!(serde_json::from_value::<TaskState>(json).unwrap(), ours);
        assert_eq!(ours.is_terminal(), theirs.is_terminal(), "{ours}");
        assert_eq!(ours.is_success(), theirs.is_success(), "{ours}");
        assert_eq!(ours.is_failure(), theirs.is_failure(), "{ours}");
        for (our_next, their_next) in both() {
            let allowed = theirs.can_transition_to(their_next);
            assert_eq!(ours.can_transition_to(our_next), allowed, "{ours} {our_next}");
        }
    }
}

/// A record without what a clock says.
fn timeless(mut record: Value) -> (Value, bool, bool) {
    let object = record.as_object_mut().unwrap();
    let mut is_set = |key| object.insert(String::from(key), json!(null)).is_some_and(|it| !it.is_null());
    let (started, finished) = (is_set("started_at"), is_set("finished_at"));
    let is_stamped = ["created_at", "updated_at"].into_iter().all(is_set);
    assert!(is_stamped);
    (record, started, finished)
}

fn instant() -> impl Strategy<Value = Option<u64>> {
    prop_oneof![Just(None), (0_u64..4).prop_map(Some), any::<u64>().prop_map(Some)]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        // Numbers that the engine's own reader of JSON takes exactly; the one that both crates share does not take all so.
        any::<i32>().prop_map(|it| json!(f64::from(it) / 4.0)),
        any::<i64>().prop_map(|it| json!(it)),
        ".{0,20}".prop_map(|it| json!({"nested": [it, {"z": 1}]})),
    ]
}

prop_compose! {
    fn record()(
        id in ".{0,30}",
        state in 0..TaskState::COUNT,
        attempts: u32,
        [created_at, updated_at] in any::<[u64; 2]>(),
        (started_at, finished_at) in (instant(), instant()),
        output in proptest::option::of(value()),
        error in proptest::option::of(".{0,40}"),
        metadata in proptest::collection::hash_map(".{0,5}", ".{0,5}", 0..3),
    ) -> TaskRecord {
        let state = TaskState::ALL[state];
        TaskRecord { id, state, attempts, created_at, updated_at, started_at, finished_at, output, error, metadata }
    }
}

proptest! {
    #[test]
    fn any_list_of_transitions_ends_alike(id in ".{0,20}", calls in proptest::collection::vec(0..TaskState::COUNT, 0..12)) {
        let (mut ours, mut theirs) = (TaskRecord::new(id.clone()), Theirs::new(id));
        for call in calls {
            prop_assert_eq!(ours.transition(TaskState::ALL[call]), theirs.transition(THEIRS[call]));
            let (our, their) = (serde_json::to_value(&ours).unwrap(), serde_json::to_value(&theirs).unwrap());
            prop_assert_eq!(timeless(our), timeless(their));
            prop_assert!(ours.updated_at >= ours.created_at);
            prop_assert_eq!(ours.started_at.is_some_and(|it| it < ours.created_at), false);
        }
    }

    #[test]
    fn a_record_is_written_and_read_alike(ours in record()) {
        let text = serde_json::to_string(&ours).unwrap();
        let theirs: Theirs = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(ours.duration_millis(), theirs.duration_millis());
        let written = serde_json::to_string(&theirs).unwrap();
        if ours.metadata.len() < 2 {
            prop_assert_eq!(&written, &text);
        }
        let back: TaskRecord = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(serde_json::to_value(&back).unwrap(), serde_json::to_value(&theirs).unwrap());
    }

    #[test]
    fn a_record_without_some_of_its_keys_is_judged_alike(ours in record(), left_out in proptest::bits::u16::between(0, 10)) {
        let Value::Object(whole) = serde_json::to_value(&ours).unwrap() else { unreachable!("it is an object") };
        let keys = whole.into_iter().enumerate().filter(|(index, _)| left_out >> index & 1 == 0);
        let part: HashMap<String, Value> = keys.map(|(_, pair)| pair).collect();
        let text = serde_json::to_string(&part).unwrap();
        let (ours, theirs) = (serde_json::from_str::<TaskRecord>(&text), serde_json::from_str::<Theirs>(&text));
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{}", text);
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            prop_assert_eq!(serde_json::to_value(&ours).unwrap(), serde_json::to_value(&theirs).unwrap());
        }
    }
}
