//! Facts that a user gives beside a log of dag-executor: the graph, and the limit of the executor.

use std::collections::HashMap;

use super::decode::{RunHeader, read_graph};
use crate::model::id::LONGEST_ID;
use crate::model::text;

/// Facts beside a log.
#[derive(Debug)]
pub struct DagGiven {
    /// JSON of the graph, which was read once.
    graph: Option<Vec<u8>>,
    /// Number of tasks that may execute at once.
    pub concurrency: Option<u32>,
}

impl DagGiven {
    /// Facts from their texts.
    ///
    /// # Errors
    /// When the graph is none.
    pub fn of(graph: Option<Vec<u8>>, concurrency: Option<u32>) -> Result<Self, String> {
        if let Some(graph) = &graph {
            let header = read_graph(graph)?;
            if header.tasks.is_empty() {
                return Err("it has no task".to_owned());
            }
            let is_id = |id: &str| (1..=LONGEST_ID).contains(&id.len());
            if let Some(task) =
                header.tasks.iter().find(|task| !is_id(&task.id) || task.deps.iter().any(|on| !is_id(&on.0)))
            {
                return Err(format!("an id of `{}` has not 1 to {LONGEST_ID} bytes", text::clean(&task.id)));
            }
            check_order(&header)?;
        }
        Ok(Self { graph, concurrency })
    }

    /// The graph, where one was given.
    #[must_use]
    pub fn graph(&self) -> Option<RunHeader<'_>> {
        read_graph(self.graph.as_deref()?).ok()
    }
}

/// Checks that a graph can be executed, as the engine does before it begins: each task is there once, and so is each that
/// another depends on, and none depends on itself, at any distance.
fn check_order(header: &RunHeader<'_>) -> Result<(), String> {
    let named = |id: &str| format!("`{}`", text::clean(id));
    let mut numbers = HashMap::with_capacity(header.tasks.len());
    for (number, task) in header.tasks.iter().enumerate() {
        if numbers.insert(&*task.id, number).is_some() {
            return Err(format!("it has the task {} twice", named(&task.id)));
        }
    }
    let mut dependents = vec![Vec::new(); header.tasks.len()];
    let mut n_open = vec![0_usize; header.tasks.len()];
    for (number, task) in header.tasks.iter().enumerate() {
        for on in &task.deps {
            let Some(on_number) = numbers.get(&*on.0) else {
                return Err(format!(
                    "{} depends on {}, which it does not have",
                    named(&task.id),
                    named(&on.0)
                ));
            };
            dependents[*on_number].push(number);
            n_open[number] += 1;
        }
    }
    let mut ready: Vec<usize> = (0..n_open.len()).filter(|number| n_open[*number] == 0).collect();
    while let Some(number) = ready.pop() {
        for dependent in &dependents[number] {
            n_open[*dependent] -= 1;
            if n_open[*dependent] == 0 {
                ready.push(*dependent);
            }
        }
    }
    match n_open.iter().position(|n| *n > 0) {
        None => Ok(()),
        Some(number) => {
            Err(format!("{} depends on itself, through others or at once", named(&header.tasks[number].id)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graph_that_cannot_be_executed_is_refused() {
        let of = |graph: &str| DagGiven::of(Some(graph.as_bytes().to_vec()), None).map(drop);
        for (graph, expected) in [
            (r#"{"tasks":[{"id":"a","deps":[]},{"id":"b","deps":["a","a"]}]}"#, None),
            (r#"{"tasks":[]}"#, Some("it has no task")),
            (r#"{"tasks":[{"id":"a"},{"id":"a"}]}"#, Some("it has the task `a` twice")),
            (r#"{"tasks":[{"id":"a","deps":["z"]}]}"#, Some("`a` depends on `z`, which it does not have")),
            (
                r#"{"tasks":[{"id":"a","deps":["a"]}]}"#,
                Some("`a` depends on itself, through others or at once"),
            ),
            (
                r#"{"tasks":[{"id":"s"},{"id":"a","deps":["s","c"]},{"id":"b","deps":["a"]},{"id":"c","deps":["b"]}]}"#,
                Some("`a` depends on itself, through others or at once"),
            ),
        ] {
            assert_eq!(of(graph).err().as_deref(), expected, "{graph}");
        }
    }
}
