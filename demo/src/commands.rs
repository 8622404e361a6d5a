//! The host's end of a control file: the reference reader of the protocol that runwatch writes.
//!
//! A command is one JSON object on one line, at most 4 KiB:
//!
//! ```json
//! {"v":1,"id":"<uuid>","command":"cancel","run_id":"<uuid>","reason":null,"at":1795196261000,
//!  "by":{"user":"ada","host":"desk","pid":4711},"seen":{"sequence":182233}}
//! ```
//!
//! A whole task is canceled by `"command":"cancel_task","task_id":"<uuid>"`. Where the engine's ids are no UUIDs, the log's
//! texts take their place.
//!
//! Five rules keep a host safe. It reads from the end of what it finds, so that no old command is obeyed twice. Only
//! a newline commits a line. One `id` is one intent, however often it is written. What the host does not
//! understand it counts and skips. And it answers nowhere but in its log. Must not know the engine.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::marker::PhantomData;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// The version of the protocol that this reader speaks.
const VERSION: u32 = 1;

/// A longer line is no command, and is never held in memory.
const LONGEST_LINE: usize = 4096;

/// A wish to cancel. Unknown fields are left alone: a later runwatch may say more.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Cancel<I> {
    v: u32,
    /// Names the intent; the same when it is sent again.
    pub id: Uuid,
    /// Object to be ended.
    #[serde(flatten)]
    pub object: Object<I>,
    /// User who asks.
    pub by: Option<Sender>,
}

/// Author of a command.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Sender {
    /// The user's name.
    pub user: String,
    /// The machine.
    pub host: String,
}

/// Object to be ended, by the command that asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "command")]
pub enum Object<I> {
    /// A run.
    #[serde(rename = "cancel")]
    Run {
        /// Its id.
        run_id: I,
    },
    /// A task, with every run of it that has not ended.
    #[serde(rename = "cancel_task")]
    Task {
        /// Its id.
        task_id: I,
    },
}

/// The commands of a control file, as they come in, about ids of an engine.
#[derive(Debug)]
pub struct Commands<I> {
    file: File,
    /// The line that has no newline yet. At most [`LONGEST_LINE`] + 1 bytes: one more tells that it is too long.
    line: Vec<u8>,
    /// Ids that were obeyed. People type cancels, so sixteen bytes for each is little even after a year.
    obeyed: HashSet<Uuid>,
    ids: PhantomData<I>,
    /// Lines that were no command.
    pub ignored: u64,
    /// Commands that were written again.
    pub repeated: u64,
}

impl<I: DeserializeOwned> Commands<I> {
    /// Opens `path`, creates it if need be, and seeks to its end.
    ///
    /// # Errors
    /// When the file cannot be created, read or sought.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self { file, line: Vec::new(), obeyed: HashSet::new(), ids: PhantomData, ignored: 0, repeated: 0 })
    }

    /// Returns the commands that were committed since the last call. Never waits.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn poll(&mut self) -> io::Result<Vec<Cancel<I>>> {
        let mut commands = Vec::new();
        let mut chunk = [0; LONGEST_LINE];
        loop {
            match self.file.read(&mut chunk) {
                Ok(0) => return Ok(commands),
                Ok(n) => chunk[..n].iter().for_each(|byte| commands.extend(self.take(*byte))),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Takes one byte; a newline turns the bytes before it into a command or into something ignored.
    fn take(&mut self, byte: u8) -> Option<Cancel<I>> {
        if byte != b'\n' {
            if self.line.len() <= LONGEST_LINE {
                self.line.push(byte);
            }
            return None;
        }
        let line = std::mem::take(&mut self.line);
        // A sender that finds a torn line ends it before writing its own; that may leave an empty one.
        if line.trim_ascii().is_empty() {
            return None;
        }
        let Some(command) = parse(&line) else {
            self.ignored += 1;
            return None;
        };
        if !self.obeyed.insert(command.id) {
            self.repeated += 1;
            return None;
        }
        Some(command)
    }
}

fn parse<I: DeserializeOwned>(line: &[u8]) -> Option<Cancel<I>> {
    let line = Some(line).filter(|line| line.len() <= LONGEST_LINE)?;
    serde_json::from_slice(line).ok().filter(|command: &Cancel<I>| command.v == VERSION)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const ID: &str = "7ef1a3c2-0000-4000-8000-000000000001";
    const RUN: &str = "7ef1a3c2-0000-4000-8000-0000000000ff";

    fn command(id: &str) -> String {
        format!(
            r#"{{"v":1,"id":"{id}","command":"cancel","run_id":"{RUN}","reason":null,"at":1,"by":{{"user":"a","host":"b","pid":1}},"seen":{{"sequence":3}}}}"#
        )
    }

    /// Writes `pieces` one after another, polling after each; expects commands, lines ignored, commands repeated.
    fn check(pieces: &[&str], expected: (usize, u64, u64)) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("control.jsonl");
        std::fs::write(&path, format!("{}\n", command(RUN))).unwrap();
        let mut commands = Commands::<Uuid>::open(&path).unwrap();
        let mut sender = OpenOptions::new().append(true).open(&path).unwrap();
        let mut n_taken = 0;
        for piece in pieces {
            sender.write_all(piece.as_bytes()).unwrap();
            n_taken += commands.poll().unwrap().len();
        }
        assert_eq!((n_taken, commands.ignored, commands.repeated), expected, "{pieces:?}");
    }

    #[test]
    fn a_newline_and_nothing_else_commits_a_command() {
        let line = command(ID);
        check(&[], (0, 0, 0));
        check(&[&line], (0, 0, 0));
        check(&[&line, "\n"], (1, 0, 0));
        check(&[&line[..40], &line[40..], "\r\n"], (1, 0, 0));
        for at in 0..line.len() {
            check(&[&line[..at], &line[at..], "\n"], (1, 0, 0));
        }
    }

    #[test]
    fn an_intent_written_again_is_obeyed_once() {
        let line = format!("{}\n", command(ID));
        check(&[&line, &line, &line], (1, 0, 2));
    }

    #[test]
    fn a_command_names_a_run_or_a_task() {
        let line = command(ID);
        let task = line.replace("\"cancel\"", "\"cancel_task\"").replace("run_id", "task_id");
        let uuid: Uuid = RUN.parse().unwrap();
        for (line, expected) in [
            (&line, Some(Object::Run { run_id: uuid })),
            (&task, Some(Object::Task { task_id: uuid })),
            (&task.replace("task_id", "run_id"), None),
            (&line.replace("run_id", "task_id"), None),
        ] {
            assert_eq!(parse(line.as_bytes()).map(|command| command.object), expected, "{line}");
        }
    }

    #[test]
    fn what_is_no_command_is_counted_and_skipped() {
        let line = format!("{}\n", command(ID));
        let long = "x".repeat(3 * LONGEST_LINE);
        for garbage in [
            "nonsense\n",
            "{\"v\":1}\n",
            "\u{fffd}\0\n",
            &line.replace("\"v\":1", "\"v\":2"),
            &line.replace("\"cancel\"", "\"pause\""),
            &line.replace(RUN, "not-a-run"),
            &format!("{long}\n"),
            &format!("{long}{line}"),
        ] {
            check(&[garbage, &line], (1, 1, 0));
        }
        check(&["\n", "\n", &line], (1, 0, 0));
        check(&["torn", &format!("\n{line}")], (1, 1, 0));
    }
}
