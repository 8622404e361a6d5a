//! Reading of the facts that a user gives beside a log.

use std::fs;

use super::Failure;
use super::formats;
use crate::args::GivenArgs;
use crate::engine::Given;
use crate::model::text;

/// Reads what was given beside a log.
///
/// # Errors
/// When a file cannot be read, or is not of the form that it must have.
pub(super) fn read(args: &GivenArgs) -> Result<Given, Failure> {
    if let Some(format) = &args.format {
        return Ok(Given::Format(formats::named(format)?));
    }
    let Some(path) = &args.dag else {
        let given = Given::of_dag(None, args.concurrency.map(Into::into));
        return given.map_err(|what| Failure { what, hint: None });
    };
    let name = text::clean_path(path);
    let graph = fs::read(path).map_err(|error| Failure {
        what: format!("failed to read the graph {name}: {error}"),
        hint: Some("name the file that holds the graph after --dag".to_owned()),
    })?;
    Given::of_dag(Some(graph), args.concurrency.map(Into::into)).map_err(|reason| Failure {
        what: format!("{name} is no graph: {reason}"),
        hint: Some(
            r#"a graph is JSON of this form: {"tasks":[{"id":"load","deps":["extract"]}]}"#.to_owned(),
        ),
    })
}
