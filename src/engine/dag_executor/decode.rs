//! One line of a log of dag-executor, decoded: a record as the engine saves it, in any of the forms in which one is
//! found, or an event that a host writes between records.
//!
//! Must not know what a line does.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Visitor};
use serde_json::value::RawValue;

use super::envelope::{self, Envelope};
use super::states::TaskState;
use crate::model::json::error::plain;
use crate::model::task::Text;

/// Content of a line.
#[derive(Debug)]
pub enum DagContent<'a> {
    /// A task, whole.
    Record(SavedTask<'a>),
    /// A note that a task is in the queue of dead letters.
    DeadLetter(DeadLetter<'a>),
    /// The graph, and what else is known of a run at its start.
    Graph(RunHeader<'a>),
    /// An attempt was begun.
    AttemptStart(AttemptStartLine<'a>),
    /// An attempt has ended.
    AttemptEnd(AttemptEndLine<'a>),
    /// A host took a command.
    Control(ControlLine<'a>),
    /// A run has ended.
    RunEnd(RunEnd<'a>),
    /// A directory was read as a whole from here on, or up to here: lines between are in no order of saves.
    Scan {
        /// Is true of the end.
        is_end: bool,
    },
    /// Data that the engine keeps for a task, and that is no record of it.
    Beside,
    /// An event that is not known.
    Unknown,
    /// Nothing but blanks.
    Blank,
    /// None of these, and why.
    Unreadable(String),
    /// More than was kept.
    OverLong {
        /// Length of the line.
        bytes: u64,
    },
}

/// A task as a line has it. Instants are milliseconds since the Unix epoch.
#[derive(Debug)]
#[allow(missing_docs, reason = "the fields are those of the engine's record")]
pub struct SavedTask<'a> {
    pub id: Text<'a>,
    pub state: SavedState<'a>,
    pub attempts: u32,
    pub created_at: u64,
    pub updated_at: u64,
    pub started_at: Option<u64>,
    pub finished_at: Option<u64>,
    /// As the record has it, in JSON.
    pub output: Option<&'a str>,
    pub error: Option<Text<'a>>,
}

/// A state as a line has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SavedState<'a> {
    /// One of the engine's.
    Known(TaskState),
    /// Another word.
    Other(Text<'a>),
}

/// A dead letter.
#[derive(Debug)]
pub struct DeadLetter<'a> {
    /// The task.
    pub task: Text<'a>,
    /// Milliseconds since the Unix epoch.
    pub at: u64,
}

/// Header of a run.
#[derive(Debug)]
pub struct RunHeader<'a> {
    /// Names the run.
    pub run_id: Option<Text<'a>>,
    /// Milliseconds since the Unix epoch.
    pub at: Option<u64>,
    /// Number of tasks that may execute at once.
    pub concurrency: Option<u32>,
    /// Number of attempts that a task may make.
    pub max_attempts: Option<u32>,
    /// The process of the host.
    pub pid: Option<u32>,
    /// The tasks.
    pub tasks: Vec<GraphTask<'a>>,
}

/// A task of a graph.
#[derive(Debug, Deserialize)]
pub struct GraphTask<'a> {
    /// Names it.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// Names of the tasks that it depends on.
    #[serde(borrow, default)]
    pub deps: Vec<BorrowedText<'a>>,
    /// Tasks of a higher priority are dispatched first.
    #[serde(default)]
    pub priority: i64,
}

/// Start of an attempt.
#[derive(Debug)]
pub struct AttemptStartLine<'a> {
    /// The task.
    pub task: Text<'a>,
    /// Its number, from 1.
    pub number: u32,
    /// Milliseconds since the Unix epoch.
    pub at: u64,
}

/// End of an attempt.
#[derive(Debug)]
pub struct AttemptEndLine<'a> {
    /// The task.
    pub task: Text<'a>,
    /// Its number, from 1.
    pub number: u32,
    /// Milliseconds since the Unix epoch.
    pub at: u64,
    /// `ok`, `err`, `timeout` or `cancelled`.
    pub outcome: Text<'a>,
    /// The error.
    pub error: Option<Text<'a>>,
}

/// A command that a host took.
#[derive(Debug)]
pub struct ControlLine<'a> {
    /// The command.
    pub command: Text<'a>,
    /// Milliseconds since the Unix epoch.
    pub at: Option<u64>,
}

/// End of a run.
#[derive(Debug)]
pub struct RunEnd<'a> {
    /// Names the run.
    pub run_id: Option<Text<'a>>,
    /// Milliseconds since the Unix epoch.
    pub at: Option<u64>,
}

/// A text of JSON, borrowed where it has no escapes.
#[derive(Debug, Clone)]
pub struct BorrowedText<'a>(pub Text<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for BorrowedText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = BorrowedText<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(BorrowedText(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(BorrowedText(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Texts)
    }
}

/// The keys of all forms. Those of one form are asked for once its first is known.
#[derive(Deserialize)]
struct Keys<'a> {
    #[serde(borrow)]
    id: Option<BorrowedText<'a>>,
    #[serde(borrow)]
    state: Option<BorrowedText<'a>>,
    attempts: Option<u32>,
    created_at: Option<u64>,
    updated_at: Option<u64>,
    started_at: Option<u64>,
    finished_at: Option<u64>,
    #[serde(borrow)]
    output: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<BorrowedText<'a>>,

    // An event between records.
    #[serde(borrow)]
    ev: Option<BorrowedText<'a>>,
    t_us: Option<u64>,
    attempt: Option<u32>,
    #[serde(borrow)]
    outcome: Option<BorrowedText<'a>>,
    #[serde(borrow)]
    cmd: Option<BorrowedText<'a>>,
    #[serde(borrow)]
    run_id: Option<BorrowedText<'a>>,
    concurrency: Option<u32>,
    max_attempts: Option<u32>,
    pid: Option<u32>,
    #[serde(borrow)]
    tasks: Option<Vec<GraphTask<'a>>>,

    // A file of the engine's own store.
    #[serde(borrow)]
    key: Option<BorrowedText<'a>>,
    #[serde(borrow)]
    checksum: Option<BorrowedText<'a>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// Data of a dead letter, as the engine writes it.
#[derive(Deserialize)]
struct Letter<'a> {
    #[serde(borrow)]
    task_id: BorrowedText<'a>,
    timestamp: u64,
}

/// Reads a graph that is no line of a log.
///
/// # Errors
/// When it is no JSON, or has no list of tasks.
pub fn read_graph(json: &[u8]) -> Result<RunHeader<'_>, String> {
    header(parsed(json)?)
}

/// Decodes one line, without its line end.
#[must_use]
pub fn decode(line: &[u8]) -> DagContent<'_> {
    match decoded(line) {
        Ok(content) => content,
        Err(_) if line.iter().all(u8::is_ascii_whitespace) => DagContent::Blank,
        Err(reason) => DagContent::Unreadable(reason),
    }
}

fn decoded(line: &[u8]) -> Result<DagContent<'_>, String> {
    let keys: Keys<'_> = parsed(line)?;
    match (&keys.ev, &keys.key) {
        (None, None) => saved(keys).map(DagContent::Record),
        (Some(_), _) => event(keys),
        (None, Some(_)) => enveloped(&keys),
    }
}

fn parsed<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, String> {
    // Validated at once: for each text alone it is a tenth of all work. Else the parser tells where it is none.
    let parsed = match std::str::from_utf8(json) {
        Ok(json) => serde_json::from_str(json),
        Err(_) => serde_json::from_slice(json),
    };
    parsed.map_err(|error| plain(&error.to_string()))
}

fn saved(keys: Keys<'_>) -> Result<SavedTask<'_>, String> {
    let state = required(keys.state, "state")?.0;
    Ok(SavedTask {
        id: required(keys.id, "id")?.0,
        state: TaskState::from_name(&state).map_or(SavedState::Other(state), SavedState::Known),
        attempts: required(keys.attempts, "attempts")?,
        created_at: required(keys.created_at, "created_at")?,
        updated_at: required(keys.updated_at, "updated_at")?,
        started_at: keys.started_at,
        finished_at: keys.finished_at,
        output: keys.output.map(RawValue::get),
        error: keys.error.map(|error| error.0),
    })
}

fn required<T>(value: Option<T>, name: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("the field `{name}` is missing"))
}

fn header(keys: Keys<'_>) -> Result<RunHeader<'_>, String> {
    Ok(RunHeader {
        run_id: keys.run_id.map(|id| id.0),
        at: keys.t_us.map(|us| us / 1000),
        concurrency: keys.concurrency,
        max_attempts: keys.max_attempts,
        pid: keys.pid,
        tasks: required(keys.tasks, "tasks")?,
    })
}

fn event(mut keys: Keys<'_>) -> Result<DagContent<'_>, String> {
    let at = keys.t_us.map(|us| us / 1000);
    let name = required(keys.ev.take(), "ev")?.0;
    Ok(match &*name {
        "dag" => DagContent::Graph(header(keys)?),
        "attempt_start" => DagContent::AttemptStart(AttemptStartLine {
            task: required(keys.id, "id")?.0,
            number: required(keys.attempt, "attempt")?,
            at: required(at, "t_us")?,
        }),
        "attempt_end" => DagContent::AttemptEnd(AttemptEndLine {
            task: required(keys.id, "id")?.0,
            number: required(keys.attempt, "attempt")?,
            at: required(at, "t_us")?,
            outcome: required(keys.outcome, "outcome")?.0,
            error: keys.error.map(|error| error.0),
        }),
        "control" => DagContent::Control(ControlLine { command: required(keys.cmd, "cmd")?.0, at }),
        "run_end" => DagContent::RunEnd(RunEnd { run_id: keys.run_id.map(|id| id.0), at }),
        // A file that cannot be read is a line that cannot.
        "file" => {
            let name = required(keys.id, "id")?.0;
            return Err(format!("{name}: {}", required(keys.error, "error")?.0));
        }
        "scan" => DagContent::Scan { is_end: false },
        "scan_end" => DagContent::Scan { is_end: true },
        _ => DagContent::Unknown,
    })
}

/// The content of a file of the engine's store.
fn enveloped<'a>(keys: &Keys<'a>) -> Result<DagContent<'a>, String> {
    let missing = |name| format!("the field `{name}` is missing");
    let (Some(key), Some(checksum)) = (&keys.key, &keys.checksum) else { return Err(missing("checksum")) };
    let data = keys.data.ok_or_else(|| missing("data"))?.get();
    let envelope = Envelope { key: &key.0, checksum: &checksum.0, data };
    envelope.verify()?;
    kept(envelope.key, data)
}

/// The data that the engine keeps under a key.
pub(super) fn kept<'a>(key: &str, data: &'a str) -> Result<DagContent<'a>, String> {
    match key.split_once(':') {
        Some((envelope::RECORD, _)) => saved(parsed(data.as_bytes())?).map(DagContent::Record),
        Some((envelope::DEAD_LETTER, _)) => {
            let letter: Letter<'_> = parsed(data.as_bytes())?;
            Ok(DagContent::DeadLetter(DeadLetter { task: letter.task_id.0, at: letter.timestamp }))
        }
        _ => Ok(DagContent::Beside),
    }
}
