//! Dispositions of schema 1 as the engine's types of today write them: JSON to JSON.
//!
//! No published version of the engine writes them, but all since 0.2 read them.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::wire::Refused;

/// Appends the record.
pub(super) fn upgrade(payload: &[u8], line: &mut Vec<u8>) -> Result<(), Refused> {
    let old: Record<'_> = serde_json::from_slice(payload).map_err(|_| "no disposition of schema 1")?;
    // Writing to a vector cannot fail.
    serde_json::to_writer(line, &old).map_err(|_| "no disposition of schema 1")
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Record<'a> {
    #[serde(borrow)]
    sequence: &'a RawValue,
    run_id: &'a RawValue,
    attempt_id: &'a RawValue,
    fence: &'a RawValue,
    timestamp: &'a RawValue,
    disposition: Disposition<'a>,
    children: Vec<Child<'a>>,
    signals: &'a RawValue,
    target_state: &'a RawValue,
    failure_attempt_count: &'a RawValue,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Disposition<'a> {
    #[serde(borrow)]
    outcome: &'a RawValue,
    output: Option<&'a RawValue>,
    checkpoint: Option<&'a RawValue>,
    wait: Option<Wait<'a>>,
    child_admissions: &'a RawValue,
    emitted_signals: &'a RawValue,
    consumption: &'a RawValue,
}

/// All waits are for signals in schema 1, so that what they wait for has no name.
#[derive(Deserialize, Serialize)]
#[serde(from = "OldWait<'_>")]
struct Wait<'a> {
    #[serde(borrow)]
    wait_id: &'a RawValue,
    target: Target<'a>,
    deadline: Option<&'a RawValue>,
}

#[derive(Deserialize, Serialize)]
enum Target<'a> {
    #[serde(borrow)]
    Signal(Signal<'a>),
}

#[derive(Deserialize, Serialize)]
struct Signal<'a> {
    #[serde(borrow)]
    filter: &'a RawValue,
    match_policy: &'a RawValue,
    eligible_from: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OldWait<'a> {
    #[serde(borrow)]
    wait_id: &'a RawValue,
    filter: &'a RawValue,
    match_policy: &'a RawValue,
    eligible_from: &'a RawValue,
    deadline: Option<&'a RawValue>,
}

impl<'a> From<OldWait<'a>> for Wait<'a> {
    fn from(old: OldWait<'a>) -> Self {
        let OldWait { wait_id, filter, match_policy, eligible_from, deadline } = old;
        Self { wait_id, target: Target::Signal(Signal { filter, match_policy, eligible_from }), deadline }
    }
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Child<'a> {
    #[serde(borrow)]
    admission: Admission<'a>,
    runs: &'a RawValue,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Admission<'a> {
    #[serde(borrow)]
    key: &'a RawValue,
    task_spec: Task<'a>,
    dependencies: &'a RawValue,
    causal: &'a RawValue,
    control: Option<&'a RawValue>,
    canonical_version: &'a RawValue,
    hash_algorithm: &'a RawValue,
    hash: &'a RawValue,
    timestamp: &'a RawValue,
    sequence: &'a RawValue,
}

/// The task of schema 2 in that of schema 3: children were all required.
#[derive(Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'a"), from = "&'a RawValue")]
struct Task<'a> {
    base: &'a RawValue,
    child_policy: u8,
}

impl<'a> From<&'a RawValue> for Task<'a> {
    fn from(base: &'a RawValue) -> Self {
        Self { base, child_policy: 0 }
    }
}
