//! The state directory before an execution: nothing of an earlier one holds it back.
//!
//! Must not know how the engine executes.

use std::collections::HashSet;

use color_eyre::Result;
use dag_executor::state::TaskRecord;
use dag_executor::storage::Storage;

use super::graph::{Night, PlannedTask};
use super::storage::RECORD;

/// Where an earlier execution left something: sets all tasks to pending, in one instant, and removes the rest. The engine
/// would take it up: what was completed is not executed again, and what was skipped or canceled stays so.
///
/// # Errors
/// When the storage fails.
pub async fn renew(storage: &impl Storage, night: &Night) -> Result<()> {
    let keys = storage.list().await?;
    if keys.is_empty() {
        return Ok(());
    }
    let fresh = TaskRecord::new("");
    let mut renewed = HashSet::new();
    for PlannedTask { node, .. } in &night.tasks {
        let (key, id) = (format!("{RECORD}{}", node.id), node.id.clone());
        storage.save(&key, &serde_json::to_value(TaskRecord { id, ..fresh.clone() })?).await?;
        renewed.insert(key);
    }
    for key in keys.iter().filter(|key| !renewed.contains(*key)) {
        storage.delete(key).await?;
    }
    Ok(())
}
