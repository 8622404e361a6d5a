//! The names that a command gives to what it cancels, as the log has them. Must not know where commands go.

use std::sync::Arc;

use crate::control::command::{CommandKind, CommandNames};
use crate::engine;
use crate::model::id::RunId;
use crate::store::{RunKey, Store, TaskEntry};
use crate::view::row::description;

/// The names of what a command cancels.
#[must_use]
pub fn command_names(store: &Store, kind: CommandKind) -> CommandNames {
    let texts = store.id_texts();
    let task_name = |task: &TaskEntry<'_>| description(store, task).map(Arc::from);
    match kind {
        CommandKind::Cancel { run } | CommandKind::CancelParent { run } => {
            let key = store.find(run);
            CommandNames {
                text: texts.get(run).map(Arc::from),
                task: key.and_then(|key| task_name(&store.task(store.task_key_of(key)))),
                parent: parent(store, run),
            }
        }
        CommandKind::CancelTask { task } => CommandNames {
            text: texts.get(task).map(Arc::from),
            task: store.find_task(task).and_then(|key| task_name(&store.task(key))),
            parent: None,
        },
        CommandKind::CancelAll => CommandNames::default(),
    }
}

fn parent(store: &Store, run: RunId) -> Option<Arc<str>> {
    engine::parent(store, store.find(run)?).map(Arc::from)
}

/// The runs that the engine may cancel and that have the same parent as a run, with the parent's id; none where the log
/// names no parent.
#[must_use]
pub fn siblings(store: &Store, run: RunKey) -> Option<(String, Vec<RunKey>)> {
    let parent = engine::parent(store, run)?;
    let is_open = |key: &RunKey| store.standing(*key).0.is_cancelable();
    let is_of_parent = |key: &RunKey| engine::parent(store, *key).is_some_and(|it| it == parent);
    let runs = store.keys().filter(is_open).filter(is_of_parent).collect();
    Some((parent.into_owned(), runs))
}

/// The reason why no run of a log can be canceled, if the log names no way to do it.
#[must_use]
pub fn no_way_to_cancel(store: &Store) -> Option<String> {
    let log = engine::Engine::of(store)
        .map_or_else(|| "this log".to_owned(), |engine| format!("the log of {}", engine.label()));
    (!store.states().can_cancel()).then(|| format!("{log} names no way to cancel a run"))
}
