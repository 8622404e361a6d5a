//! The record of commands that go to no file of their own: what is asked, before it is, and what came of it.
//!
//! Written as the control file is, in whole lines that reach the disk, so that it is there when the machine is not.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::io::Errno;

use super::command::{self, Command};
use super::file::CommandFile;
use super::open::ChannelOpenError;
use super::place::{self, Unfit};
use super::refusal::SendError;
use super::target::Target;
use crate::model::id::CommandId;

/// A file that commands are noted in.
#[derive(Debug)]
pub(super) struct CommandRecord {
    file: CommandFile,
    target: Target,
}

impl CommandRecord {
    /// Finds out whether commands to `target` can be noted in the file at `path`, and makes its directory.
    pub(super) fn open(path: Option<&Path>, target: &Target) -> Result<Self, ChannelOpenError> {
        let path = path.ok_or(ChannelOpenError::NoRecord)?;
        let unfit = |unfit| ChannelOpenError::Record { path: PathBuf::from(path), unfit };
        if let Some(directory) = path.parent() {
            make(directory).map_err(|error| unfit(system(&error)))?;
        }
        place::survey(path).map_err(unfit)?;
        Ok(Self { file: CommandFile::new(path), target: target.clone() })
    }

    /// Notes commands that are about to be sent, and sees the notes to the disk together.
    pub(super) fn asked(&mut self, commands: &[Command]) -> Result<(), SendError> {
        let line = |command: &Command| command.to_record(&self.target.of_command(command));
        let lines: Vec<String> = commands.iter().map(line).collect();
        self.file.append(&lines.join("\n"))
    }

    /// Notes the outcome. A command that was sent cannot be taken back: where this fails, the first note
    /// remains.
    pub(super) fn ended(&mut self, id: CommandId, result: &Result<(), SendError>) {
        let (outcome, why) = match result {
            Ok(()) => ("sent", None),
            Err(error) if error.may_have_arrived() => ("unanswered", Some(error.to_string())),
            Err(error) => ("refused", Some(error.to_string())),
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let now = u64::try_from(now).unwrap_or(u64::MAX);
        let _ = self.file.write(&command::ending(id, outcome, why.as_deref(), now));
    }
}

/// Makes a directory for us alone, and those above it.
fn make(directory: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

fn system(error: &io::Error) -> Unfit {
    error.raw_os_error().map_or(Unfit::NoDirectory, |code| Unfit::System(Errno::from_raw_os_error(code)))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_command_is_noted_for_us_alone_and_so_is_what_came_of_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state/runwatch/commands.jsonl");
        let target: Target = "http://localhost:1".parse().unwrap();
        let mut record = CommandRecord::open(Some(&path), &target).unwrap();
        assert!(!path.exists());
        let command = Command::any();
        record.asked(std::slice::from_ref(&command)).unwrap();
        let refused = SendError::Refused { target: target.to_string(), words: "no \u{1b}[m\n".to_owned() };
        record.ended(command.id, &Err(refused));
        record.ended(command.id, &Ok(()));
        for (path, mode) in
            [(&*path, 0o600), (path.parent().unwrap(), 0o700), (&dir.path().join("state"), 0o700)]
        {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, mode);
        }
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')));
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let id = command.id.to_string();
        assert_eq!(lines.len(), 3);
        assert_eq!((&lines[0]["id"], &lines[0]["target"]), (&(*id).into(), &"http://localhost:1".into()));
        assert_eq!((&lines[1]["id"], &lines[1]["outcome"]), (&(*id).into(), &"refused".into()));
        assert_eq!(lines[1]["why"], "http://localhost:1: no \u{1b}[m\n");
        assert_eq!((&lines[2]["outcome"], &lines[2]["why"]), (&"sent".into(), &serde_json::Value::Null));
    }

    #[test]
    fn without_a_record_nothing_is_sent() {
        let dir = tempfile::tempdir().unwrap();
        let target: Target = "http://localhost:1".parse().unwrap();
        assert!(matches!(CommandRecord::open(None, &target), Err(ChannelOpenError::NoRecord)));
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        let found = CommandRecord::open(Some(&file.join("runwatch/commands.jsonl")), &target);
        assert!(matches!(found, Err(ChannelOpenError::Record { unfit: Unfit::System(Errno::NOTDIR), .. })));

        let path = dir.path().join("commands.jsonl");
        let mut record = CommandRecord::open(Some(&path), &target).unwrap();
        fs::create_dir(&path).unwrap();
        let error = record.asked(&[Command::any(), Command::any()]).unwrap_err();
        assert!(matches!(error, SendError::Unfit { .. }), "{error}");
    }
}
