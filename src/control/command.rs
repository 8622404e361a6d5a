//! A command to the engine, and the line that it is written as.
//!
//! A line is one JSON object in ASCII, short enough to be appended in one piece. Must not know where it goes.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;

use crate::model::id::{CommandId, RunId, TaskId};
use crate::model::json::ascii;

/// Maximum length of a line with its newline: as much as a pipe takes in one piece.
pub const MAX_LINE: usize = 4096;

/// Number of characters kept of a user's or a host's name.
const MAX_NAME: usize = 64;

/// Answer of a place that takes no cancel of everything.
pub(super) const NOT_ALL: &str = "it cancels runs and tasks by their ids, and not everything at once";

/// Suffix of a reason that was cut.
const CUT: &str = "...";

/// Request to the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandKind {
    /// Cancel a run.
    Cancel {
        /// The run.
        run: RunId,
    },
    /// Cancel a task, and with it every run of it that has not ended.
    CancelTask {
        /// The task.
        task: TaskId,
    },
    /// Cancel the parent of a run, and with it every run of that parent that has not ended.
    CancelParent {
        /// The run.
        run: RunId,
    },
    /// Cancel everything that has not ended.
    CancelAll,
}

impl CommandKind {
    /// The run that is to be canceled, if it is one.
    #[must_use]
    pub const fn run(self) -> Option<RunId> {
        match self {
            Self::Cancel { run } => Some(run),
            Self::CancelTask { .. } | Self::CancelParent { .. } | Self::CancelAll => None,
        }
    }

    /// The object that is to be canceled, as a word and the id, which is a UUID; none where it is neither a run nor a
    /// task.
    pub(super) fn object(self) -> Option<(&'static str, String)> {
        match self {
            Self::Cancel { run } => Some(("run", run.to_string())),
            Self::CancelTask { task } => Some(("task", task.to_string())),
            Self::CancelParent { .. } | Self::CancelAll => None,
        }
    }
}

/// The user who asks. Handed in, since only the arguments read the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// The user's name, or its number.
    pub user: String,
    /// The machine.
    pub host: String,
    /// The process.
    pub pid: u32,
}

impl Operator {
    /// The command of an intent, as this operator sends it: when, and after the event with which sequence number.
    #[must_use]
    pub fn command(&self, id: CommandId, kind: CommandKind, at_ms: u64, seen: u64) -> Command {
        let names = CommandNames::default();
        Command { id, kind, names, reason: None, at_ms, by: self.clone(), seen }
    }
}

/// Names of what is canceled, as the log writes them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommandNames {
    /// The id of the run or task that is to be canceled, where it is no UUID.
    pub text: Option<Arc<str>>,
    /// The name of the task.
    pub task: Option<Arc<str>>,
    /// The id of the parent.
    pub parent: Option<Arc<str>>,
}

impl CommandNames {
    /// The id of a run that has these names.
    pub(super) fn run_text(&self, run: RunId) -> Cow<'_, str> {
        self.text.as_deref().map_or_else(|| run.to_string().into(), Cow::from)
    }
}

/// One intent, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Names the intent, so that a receiver can tell a repetition from a second wish.
    pub id: CommandId,
    /// The request.
    pub kind: CommandKind,
    /// The names of what is to be canceled.
    pub names: CommandNames,
    /// Why, for the record.
    pub reason: Option<String>,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// The user who asks.
    pub by: Operator,
    /// The last sequence number that the operator had seen.
    pub seen: u64,
}

impl Command {
    /// The same about what has these names.
    #[must_use]
    pub fn about(self, names: CommandNames) -> Self {
        Self { names, ..self }
    }

    /// The id of what is to be canceled, as the log writes it; none where it is everything, or not known.
    #[must_use]
    pub fn object(&self) -> Option<Cow<'_, str>> {
        if let CommandKind::CancelParent { .. } = self.kind {
            return self.names.parent.as_deref().map(Cow::from);
        }
        let (_, id) = self.kind.object()?;
        Some(self.names.text.as_deref().map_or_else(|| id.into(), Cow::from))
    }

    /// The command as one line of printable ASCII, without the newline that ends it. Takes at most [`MAX_LINE`]
    /// bytes with it: a reason that is too long is cut. An id of many odd letters may take more.
    #[must_use]
    pub fn to_line(&self) -> String {
        self.shortened_line(None)
    }

    /// The same line, that says as well where the command goes: for a record of it.
    pub(super) fn to_record(&self, target: &str) -> String {
        self.shortened_line(Some(target))
    }

    fn shortened_line(&self, target: Option<&str>) -> String {
        let frame = self.line(self.reason.as_ref().map(|_| ""), target);
        match &self.reason {
            None => frame,
            Some(reason) => {
                let room = (MAX_LINE - 1).saturating_sub(frame.len());
                self.line(Some(&shortened(reason, room)), target)
            }
        }
    }

    fn line(&self, reason: Option<&str>, target: Option<&str>) -> String {
        let (mut run_id, mut task_id, mut parent_id) = (None, None, None);
        match self.kind {
            CommandKind::Cancel { .. } => run_id = self.object(),
            CommandKind::CancelTask { .. } => task_id = self.object(),
            CommandKind::CancelParent { .. } => parent_id = self.object(),
            CommandKind::CancelAll => (),
        }
        ascii::to_text(&Line {
            v: 1,
            id: self.id.to_string(),
            command: match self.kind {
                CommandKind::Cancel { .. } => "cancel",
                CommandKind::CancelTask { .. } => "cancel_task",
                CommandKind::CancelParent { .. } => "cancel_parent",
                CommandKind::CancelAll => "cancel_all",
            },
            run_id,
            task_id,
            parent_id,
            reason,
            at: self.at_ms,
            by: By {
                user: self.by.user.chars().take(MAX_NAME).collect(),
                host: self.by.host.chars().take(MAX_NAME).collect(),
                pid: self.by.pid,
            },
            seen: Seen { sequence: self.seen },
            target,
        })
    }
}

/// Formats the outcome of a command as a line of the record.
pub(super) fn ending(id: CommandId, outcome: &str, why: Option<&str>, at_ms: u64) -> String {
    ascii::to_text(&Ending { v: 1, id: id.to_string(), outcome, why, at: at_ms })
}

/// The shape of a line. The order of the fields is the order in the line.
#[derive(Serialize)]
struct Line<'a> {
    v: u8,
    id: String,
    command: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    run_id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<Cow<'a, str>>,
    reason: Option<&'a str>,
    at: u64,
    by: By,
    seen: Seen,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
}

/// The shape of what became of a command.
#[derive(Serialize)]
struct Ending<'a> {
    v: u8,
    id: String,
    outcome: &'a str,
    why: Option<&'a str>,
    at: u64,
}

#[derive(Serialize)]
struct By {
    user: String,
    host: String,
    pid: u32,
}

#[derive(Serialize)]
struct Seen {
    sequence: u64,
}

/// The bytes that a character takes in a line.
fn written(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        ' '..='~' => 1,
        _ => 6 * c.len_utf16(),
    }
}

/// As much of `text` as takes at most `budget` bytes in a line.
fn shortened(text: &str, budget: usize) -> String {
    let mut used = 0;
    let mut kept = 0;
    for (at, c) in text.char_indices() {
        if used + CUT.len() <= budget {
            kept = at;
        }
        used += written(c);
        if used > budget {
            return [&text[..kept], CUT].concat();
        }
    }
    text.to_owned()
}

#[cfg(test)]
impl Command {
    /// Returns a command of some user, to cancel a run that no other test has.
    pub(super) fn any() -> Self {
        Self {
            id: CommandId::random(),
            kind: CommandKind::Cancel { run: RunId::random() },
            names: CommandNames::default(),
            reason: None,
            at_ms: 1,
            by: Operator { user: "ada".to_owned(), host: "box".to_owned(), pid: 1 },
            seen: 7,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn command(reason: Option<&str>, user: &str) -> Command {
        Command {
            id: "11111111-1111-4111-8111-111111111111".parse().unwrap(),
            kind: CommandKind::Cancel { run: "22222222-2222-4222-8222-222222222222".parse().unwrap() },
            names: CommandNames::default(),
            reason: reason.map(str::to_owned),
            at_ms: 1_795_196_261_123,
            by: Operator { user: user.to_owned(), host: "box".to_owned(), pid: 42 },
            seen: 182_233,
        }
    }

    #[test]
    fn the_line_has_the_agreed_shape() {
        let head = r#"{"v":1,"id":"11111111-1111-4111-8111-111111111111","command":"cancel","run_id":"22222222-2222-4222-8222-222222222222","reason":"#;
        let tail =
            r#","at":1795196261123,"by":{"user":"ada","host":"box","pid":42},"seen":{"sequence":182233}}"#;
        for (reason, expected) in [
            (None, "null"),
            (Some(""), r#""""#),
            (Some("stuck since noon"), r#""stuck since noon""#),
            (Some("a \"b\" \\ \n\t\x1b\x7f"), r#""a \"b\" \\ \n\t\u001b\u007f""#),
            (Some("né 仕 👍 \u{202e}"), r#""n\u00e9 \u4ed5 \ud83d\udc4d \u202e""#),
        ] {
            assert_eq!(command(reason, "ada").to_line(), format!("{head}{expected}{tail}"));
        }
    }

    #[test]
    fn a_whole_task_is_named_as_such() {
        let task = "33333333-3333-4333-8333-333333333333".parse().unwrap();
        let command = Command { kind: CommandKind::CancelTask { task }, ..command(None, "ada") };
        let expected = r#"{"v":1,"id":"11111111-1111-4111-8111-111111111111","command":"cancel_task","task_id":"33333333-3333-4333-8333-333333333333","reason":null,"at":1795196261123,"by":{"user":"ada","host":"box","pid":42},"seen":{"sequence":182233}"#;
        assert_eq!(command.to_line(), format!("{expected}}}"));
        assert_eq!(
            command.to_record("exec:/bin/a\"b"),
            format!("{expected},\"target\":\"exec:/bin/a\\\"b\"}}")
        );
    }

    #[test]
    fn a_parent_is_named_as_the_log_names_it() {
        let kind = CommandKind::CancelParent { run: RunId::nil() };
        let names = CommandNames { parent: Some("wf \"1\"".into()), ..CommandNames::default() };
        let command = Command { kind, names, ..command(None, "ada") };
        let expected = r#"{"v":1,"id":"11111111-1111-4111-8111-111111111111","command":"cancel_parent","parent_id":"wf \"1\"","reason":null,"#;
        assert!(command.to_line().starts_with(expected), "{}", command.to_line());
        assert_eq!(command.object().as_deref(), Some("wf \"1\""));
    }

    #[test]
    fn everything_has_no_id() {
        let command = Command { kind: CommandKind::CancelAll, ..command(None, "ada") };
        let expected = r#"{"v":1,"id":"11111111-1111-4111-8111-111111111111","command":"cancel_all","reason":null,"at":1795196261123,"by":{"user":"ada","host":"box","pid":42},"seen":{"sequence":182233},"target":"signal:42"}"#;
        assert_eq!(command.to_record("signal:42"), expected);
    }

    #[test]
    fn a_reason_that_is_too_long_is_cut_and_says_so() {
        for unit in ["x", "\"", "é", "👍"] {
            let line = command(Some(&unit.repeat(5000)), "ada").to_line();
            assert!(line.len() < MAX_LINE && line.len() > MAX_LINE - 20, "{unit}: {}", line.len());
            let value: serde_json::Value = serde_json::from_str(&line).unwrap();
            assert!(value["reason"].as_str().unwrap().ends_with(&format!("{unit}...")));
        }
    }

    proptest! {
        #[test]
        fn every_line_is_short_ascii_and_reads_back(
            reason in proptest::option::of(any::<String>()), times in 1usize..300, user in any::<String>(),
        ) {
            let reason = reason.map(|reason| reason.repeat(times));
            let line = command(reason.as_deref(), &user).to_line();
            prop_assert!(line.len() < MAX_LINE && line.bytes().all(|byte| matches!(byte, b' '..=b'~')));
            let value: serde_json::Value = serde_json::from_str(&line).unwrap();
            if let Some(reason) = &reason {
                let kept = value["reason"].as_str().unwrap();
                prop_assert!(kept == reason || reason.starts_with(kept.strip_suffix(CUT).unwrap()));
            }
        }
    }
}
