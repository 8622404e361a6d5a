//! Lines of a mapped log as a run's page tells of them.

use super::decode::StatementDecoder;
use super::format::Format;
use super::statement::{FieldChange, ToldState};
use crate::engine::run_event::{RunEvent, RunStep};
use crate::model::id::RunId;
use crate::model::position::Position;

/// Reads the first statement about a run on one line; the first of all where none is about it. None for a line that says
/// nothing of a run.
#[must_use]
pub fn read(format: Format, run: RunId, place: Position, text: &[u8]) -> Option<RunEvent> {
    let content = StatementDecoder::new(format.table()).decode(text);
    let all = content.statements();
    let statement = all.iter().find(|it| it.run == Some(run)).or_else(|| all.first())?;
    let step = match &statement.state {
        ToldState::State(state, _) => {
            let table = format.table();
            let to = table.states.state(table.id(*state));
            let error = match &statement.error {
                FieldChange::Set(error) => Some(error.clone().into()),
                FieldChange::Left | FieldChange::Cleared => None,
            };
            RunStep::Saved { to, error }
        }
        ToldState::Nothing | ToldState::Unknown(_) => RunStep::Other,
    };
    // An id that earlier lines have a part of is that of the run whose page asks.
    let about = statement.run.or(Some(run));
    Some(RunEvent { place, sequence: None, kind: "statement", at: statement.time, run: about, step })
}
