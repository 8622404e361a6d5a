//! Admissions: a task and its first runs.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::engine::actionqueue::decode::run::Run02;
use crate::engine::actionqueue::decode::scalar::{State02, Str};
use crate::engine::actionqueue::decode::task::StoredTask;
use crate::engine::actionqueue::event::Admission;
use crate::model::id::TaskId;

#[derive(Deserialize)]
pub(in crate::engine::actionqueue::decode) struct AdmissionCommitted<'a> {
    #[serde(borrow)]
    record: AdmissionRecord<'a>,
    runs: Vec<Run02<State02>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::engine::actionqueue::decode) struct AdmissionRecord<'a> {
    #[serde(borrow)]
    key: Str<'a>,
    #[serde(borrow)]
    task_spec: StoredTask<'a>,
    dependencies: Vec<TaskId>,
    #[serde(rename = "causal")]
    _causal: IgnoredAny,
    #[serde(rename = "control")]
    _control: Option<IgnoredAny>,
    #[serde(rename = "canonical_version")]
    _canonical_version: u32,
    #[serde(rename = "hash_algorithm")]
    _hash_algorithm: u8,
    #[serde(rename = "hash")]
    _hash: [u8; 32],
    timestamp: u64,
    sequence: u64,
}

impl<'a> AdmissionCommitted<'a> {
    pub(in crate::engine::actionqueue::decode) fn admission(self) -> Result<Admission<'a>, String> {
        admission(self.record, self.runs)
    }
}

pub(super) fn admission<'a>(
    record: AdmissionRecord<'a>,
    runs: Vec<Run02<State02>>,
) -> Result<Admission<'a>, String> {
    Ok(Admission {
        recorded: record.sequence,
        key: record.key.0,
        task: record.task_spec.checked()?,
        dependencies: record.dependencies,
        runs: runs.into_iter().map(Run02::run).collect::<Result<_, _>>()?,
        at: record.timestamp,
    })
}
