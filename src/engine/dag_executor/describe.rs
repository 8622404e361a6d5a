//! Lines of dag-executor as a task's page tells of them.

use super::decode::{DagContent, SavedState, decode};
use super::states::OTHER;
use super::states::STATES;
use crate::engine::run_event::{RunEvent, RunStep};
use crate::engine::unframed::unframed;
use crate::model::facts::AttemptResult;
use crate::model::id::RunId;
use crate::model::position::Position;

/// Reads one line; none for a line that is about no task.
#[must_use]
pub fn read(place: Position, text: &[u8]) -> Option<RunEvent> {
    let content = decode(unframed(text));
    let run = content.task().map(RunId::of_text)?;
    let (kind, step) = match &content {
        DagContent::Record(saved) => {
            let to = match &saved.state {
                SavedState::Known(state) => state.state(),
                SavedState::Other(_) => STATES.state(OTHER),
            };
            ("record", RunStep::Saved { to, error: saved.error.as_deref().map(Into::into) })
        }
        DagContent::AttemptStart(_) => ("attempt_start", RunStep::Started { owner: None }),
        DagContent::AttemptEnd(end) => {
            let result = match &*end.outcome {
                "ok" => AttemptResult::Success,
                "timeout" => AttemptResult::Timeout,
                _ => AttemptResult::Failure,
            };
            let error = end.error.as_deref().map(Into::into);
            ("attempt_end", RunStep::Finished { result, error, recovered: false })
        }
        DagContent::DeadLetter(_) => ("dlq", RunStep::Other),
        _ => return None,
    };
    Some(RunEvent { place, sequence: None, kind, at: content.at(), run: Some(run), step })
}
