//! Checkpoints, made by attempts and waits.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::engine::actionqueue::event::Checkpoint;
use crate::model::id::{AttemptId, CheckpointId};

#[derive(Deserialize)]
pub(super) struct CheckpointShape {
    checkpoint_id: CheckpointId,
    #[serde(rename = "data")]
    _data: IgnoredAny,
    created_by_attempt: AttemptId,
}

impl CheckpointShape {
    pub(super) fn checkpoint(self) -> Checkpoint {
        Checkpoint { id: self.checkpoint_id, by: self.created_by_attempt }
    }
}
