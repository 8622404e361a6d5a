//! End of a task, derived from its runs.

use crate::engine::actionqueue::cron;
use crate::model::facts::TaskEnd;
use crate::model::task::RunPolicy;
use crate::store::TaskEntry;

/// End of a task, if it has ended (`task_status.rs` of actionqueue-storage 0.3.0). A cron task that may still derive
/// runs has not ended; the cron library decides whether its expression has instants left.
#[must_use]
pub(super) fn task_end(task: &TaskEntry<'_>) -> Option<TaskEnd> {
    if task.canceled_at.is_some() {
        return Some(TaskEnd::Canceled);
    }
    let spec = task.spec?;
    if task.live > 0 {
        return None;
    }
    let total = task.runs.len() + task.gone as usize;
    let more_to_come = match &spec.policy {
        RunPolicy::Once => total == 0,
        RunPolicy::Repeat { count, .. } => total < *count as usize,
        RunPolicy::Cron { expression, max_occurrences } => {
            let after = if total > 0 { task.last_scheduled } else { task.created_at.saturating_sub(1) };
            max_occurrences.is_none_or(|cap| total < cap as usize)
                && !cron::occurrences(expression, after, 1).is_empty()
        }
    };
    if more_to_come {
        return None;
    }
    Some(if task.completed > 0 { TaskEnd::Succeeded } else { TaskEnd::Failed })
}
