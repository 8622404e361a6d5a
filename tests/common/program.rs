//! The real program, run once on a real file.
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// The program, without the environment of the user who runs the tests.
pub(crate) fn runwatch(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runwatch"));
    command.args(args).env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Returns the output of a command that has succeeded.
pub(crate) fn text(output: &Output) -> String {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A log in a directory of its own.
pub(crate) struct Log {
    _dir: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

impl Log {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self::named("log.jsonl", bytes)
    }

    pub(crate) fn named(name: &str, bytes: &[u8]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        Self { _dir: dir, path }
    }

    pub(crate) fn path(&self) -> &str {
        self.path.to_str().unwrap()
    }

    pub(crate) fn run(&self, command: &[&str]) -> Output {
        let args: Vec<&str> = command.iter().copied().chain([self.path()]).collect();
        runwatch(&args).output().unwrap()
    }
}
