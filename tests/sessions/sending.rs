//! Commands on their way to a target, and what comes of them.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use runwatch::control::channel::{Channel, ChannelConfig, Outcomes};
use runwatch::control::command::{Command, CommandKind, CommandNames, Operator};
use runwatch::control::outcome::Outcome;
use runwatch::control::target::Target;
use runwatch::control::token::Token;
use runwatch::model::id::{CommandId, RunId};

/// Longer than anything takes on a loaded machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// A channel to a target, with a record of its own.
pub(crate) struct Line {
    pub(crate) channel: Option<Channel>,
    outcomes: Outcomes,
    runtime: tokio::runtime::Runtime,
    dir: tempfile::TempDir,
}

pub(crate) fn command(kind: CommandKind) -> Command {
    Command {
        id: CommandId::random(),
        kind,
        names: CommandNames::default(),
        reason: None,
        at_ms: 1,
        by: Operator { user: "ada".to_owned(), host: "box".to_owned(), pid: 1 },
        seen: 7,
    }
}

pub(crate) fn any_run() -> CommandKind {
    CommandKind::Cancel { run: RunId::random() }
}

impl Line {
    pub(crate) fn to(target: &str, token: Option<&str>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let means = ChannelConfig {
            token: token.map(|token| Token::new(token.as_bytes(), "the test").unwrap()),
            record: Some(dir.path().join("runwatch/commands.jsonl")),
            ..ChannelConfig::default()
        };
        let target: Target = target.parse().unwrap_or_else(|error| panic!("{error}"));
        let (channel, outcomes) = Channel::open(target, &means).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { channel: Some(channel), outcomes, runtime, dir }
    }

    pub(crate) fn channel(&self) -> &Channel {
        self.channel.as_ref().unwrap()
    }

    /// The next outcome.
    pub(crate) fn next(&mut self) -> Outcome {
        let Self { runtime, outcomes, .. } = self;
        runtime.block_on(async { tokio::time::timeout(LIMIT, outcomes.recv()).await }).unwrap().unwrap()
    }

    /// Sends a command, and waits for what comes of it: nothing when it was sent, else the words.
    pub(crate) fn send(&mut self, kind: CommandKind) -> Option<String> {
        let command = command(kind);
        let id = command.id;
        self.channel().send(command).unwrap();
        let outcome = self.next();
        assert_eq!((outcome.id, outcome.kind), (id, kind));
        outcome.result.err().map(|error| error.to_string())
    }

    /// Sends many, as fast as there is room, and returns how many were taken and how long it took.
    pub(crate) fn send_many(&mut self, kinds: &[CommandKind]) -> (usize, Duration) {
        let start = Instant::now();
        let (mut n_queued, mut n_done, mut n_sent) = (0, 0, 0);
        while n_done < kinds.len() {
            let room = self.channel().room().min(kinds.len() - n_queued);
            for kind in &kinds[n_queued..n_queued + room] {
                self.channel().send(command(*kind)).unwrap();
            }
            n_queued += room;
            n_sent += usize::from(self.next().result.is_ok());
            n_done += 1;
        }
        (n_sent, start.elapsed())
    }

    pub(crate) fn record_path(&self) -> PathBuf {
        self.dir.path().join("runwatch/commands.jsonl")
    }

    pub(crate) fn record(&self) -> Vec<serde_json::Value> {
        let text = fs::read_to_string(self.record_path()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
