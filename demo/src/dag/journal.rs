//! The log of a host: a line for each record that the engine saves, and between them what the engine keeps to itself.
//!
//! The graph, the attempts, the commands that were taken and the end of an execution are nowhere in the engine's
//! records. Each line is written in one piece, when it happens. Must not know who writes it.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use uuid::Uuid;

/// An event between records.
#[derive(Debug, Serialize)]
#[serde(tag = "ev", rename_all = "snake_case")]
pub enum Event<'a> {
    /// An execution begins: its graph, and its limits.
    Dag {
        /// Names the execution.
        run_id: &'a str,
        /// The process of the host.
        pid: u32,
        /// Number of tasks that may execute at once.
        concurrency: usize,
        /// Number of attempts that a task may make.
        max_attempts: u32,
        /// The tasks.
        tasks: Vec<&'a Node>,
    },
    /// The body of a task begins.
    AttemptStart {
        /// The task.
        id: &'a str,
        /// Number of the attempt, from 1.
        attempt: u32,
    },
    /// The body of a task has ended.
    AttemptEnd {
        /// The task.
        id: &'a str,
        /// Number of the attempt, from 1.
        attempt: u32,
        /// `ok`, `err`, `timeout` or `cancelled`.
        outcome: &'a str,
        /// The error, as the engine writes it.
        error: Option<String>,
    },
    /// A command is obeyed.
    Control {
        /// The command: `cancel` with the id of a task, or `cancel-run`.
        cmd: String,
        /// User who asked, where the command says so.
        by: Option<String>,
        /// Names the command, where it has a name.
        command: Option<Uuid>,
    },
    /// The execution has ended.
    RunEnd {
        /// Names the execution.
        run_id: &'a str,
    },
}

/// A task of the graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Names it.
    pub id: String,
    /// Tasks that must complete first.
    pub deps: Vec<String>,
    /// Higher is dispatched first.
    pub priority: u8,
}

/// An event and its instant, in microseconds since the Unix epoch.
#[derive(Serialize)]
struct Stamped<'a> {
    #[serde(flatten)]
    event: Event<'a>,
    t_us: u64,
}

/// The log.
#[derive(Debug)]
pub struct Journal(Mutex<Written>);

#[derive(Debug)]
struct Written {
    file: File,
    lines: u64,
    /// A line was torn. What follows it would be taken for the rest of it.
    is_torn: bool,
}

impl Journal {
    /// Makes a log of an open file.
    #[must_use]
    pub const fn new(file: File) -> Self {
        Self(Mutex::new(Written { file, lines: 0, is_torn: false }))
    }

    /// Writes a record of the engine.
    ///
    /// # Errors
    /// When the file does not take it, or has not taken an earlier line.
    pub fn record(&self, record: &serde_json::Value) -> io::Result<()> {
        self.write(record)
    }

    /// Writes an event that happens now.
    ///
    /// # Errors
    /// When the file does not take it, or has not taken an earlier line.
    pub fn event(&self, event: Event<'_>) -> io::Result<()> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.write(&Stamped { event, t_us: u64::try_from(since.as_micros()).unwrap_or(u64::MAX) })
    }

    /// Number of lines.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).lines
    }

    fn write(&self, line: &impl Serialize) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if written.is_torn {
            return Err(io::Error::other("an earlier line was not written"));
        }
        let result = written.file.write_all(&bytes);
        written.is_torn = result.is_err();
        written.lines += u64::from(result.is_ok());
        result
    }
}
