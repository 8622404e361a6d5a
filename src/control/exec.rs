//! Commands to a program: it is run for each one, without a shell, and its exit status is the answer.
//!
//! A program may hang, write for ever or leave children behind: it gets its time and no more, what it says is read to
//! the end and hardly kept, and nobody waits for its children.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command as Process};
use tokio::time::{sleep, timeout};

use crate::control::command::{Command, Kind};
use crate::control::place::shown;
use crate::control::program::Program;
use crate::control::refusal::SendError;
use crate::model::text;

/// How long a program may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// How long after the end of a program its last words may take; its children may hold the pipe for ever.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// How long after its death the system may take to say so.
const BURIAL: Duration = Duration::from_secs(1);

/// How much of each stream is kept, in bytes.
const KEPT: usize = 64 * 1024;

/// How much of a line is shown, in characters.
const SHOWN: usize = 200;

/// A program that cancels.
#[derive(Debug)]
pub(super) struct Exec {
    program: Program,
    patience: Duration,
}

/// What a program wrote, up to [`KEPT`].
#[derive(Debug, Default)]
struct Said {
    out: Vec<u8>,
    err: Vec<u8>,
}

impl Exec {
    /// Runs `program` for each command, and gives it so much time.
    pub(super) const fn new(program: Program, patience: Duration) -> Self {
        Self { program, patience }
    }

    /// Runs the program for a command.
    pub(super) async fn send(&self, command: &Command) -> Result<(), SendError> {
        self.program.inspect().map_err(|unfit| self.refused(format!("{unfit}; {}", unfit.hint())))?;
        let mut child = start(self.program.path(), command)
            .map_err(|error| self.refused(format!("it could not be started: {error}")))?;
        let mut said = Said::default();
        match self.wait(&mut child, &mut said).await {
            Some(Ok(status)) if status.success() => Ok(()),
            Some(Ok(status)) => Err(self.refused(words(status, &said))),
            Some(Err(error)) => Err(self.unanswered(format!("its end was missed: {error}"))),
            None => {
                let took = self.patience.as_secs_f32();
                Err(self.unanswered(format!("it did not end within {took} s, and was killed")))
            }
        }
    }

    /// Waits for the end of a program, and kills it with its children when its time is over.
    async fn wait(&self, child: &mut Child, said: &mut Said) -> Option<std::io::Result<ExitStatus>> {
        // Its id is its group's as well, and is nobody else's until we have taken note of its end.
        let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let reading = async { tokio::join!(keep(out, &mut said.out), keep(err, &mut said.err)) };
        tokio::pin!(reading);
        let mut is_read = false;
        let end = sleep(self.patience);
        tokio::pin!(end);
        loop {
            tokio::select! {
                biased;
                status = child.wait() => {
                    if !is_read {
                        let _ = timeout(LAST_WORDS, &mut reading).await;
                    }
                    return Some(status);
                }
                _ = &mut reading, if !is_read => is_read = true,
                () = &mut end => break,
            }
        }
        if let Some(group) = group {
            let _ = kill_process_group(group, Signal::KILL);
        }
        // One that the kernel does not let go is left to it.
        let _ = timeout(BURIAL, child.wait()).await;
        None
    }

    fn target(&self) -> String {
        format!("exec:{}", shown(self.program.path()))
    }

    fn refused(&self, words: String) -> SendError {
        SendError::Refused { target: self.target(), words }
    }

    fn unanswered(&self, words: String) -> SendError {
        SendError::Unanswered { target: self.target(), words }
    }
}

/// Starts a program in a group of its own, with nothing to read.
fn start(program: &Path, command: &Command) -> std::io::Result<Child> {
    let verb = match command.kind {
        Kind::Cancel { .. } => "cancel",
        Kind::CancelTask { .. } => "cancel-task",
    };
    Process::new(program)
        .args([verb, "--", &command.kind.object().1])
        .env("RUNWATCH_COMMAND_ID", command.id.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
}

/// Reads a stream to its end, and keeps its beginning. What is too much is read as well, so that no program waits.
async fn keep(stream: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut stream) = stream else { return };
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        let room = KEPT - kept.len();
        kept.extend_from_slice(&buffer[..length.min(room)]);
    }
}

/// How a program ended, and the first line of what it said of it.
fn words(status: ExitStatus, said: &Said) -> String {
    let end = match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("ended by signal {signal}"),
        (None, None) => "no exit status".to_owned(),
    };
    let line = |bytes: &[u8]| {
        let line =
            bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty())?;
        let line: String = String::from_utf8_lossy(line).chars().take(SHOWN).collect();
        Some(text::clean(&line).into_owned())
    };
    match line(&said.err).or_else(|| line(&said.out)) {
        Some(line) => format!("{end}: {line}"),
        None => format!("{end}, without a word"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;
    use std::time::Instant;

    use super::*;
    use crate::control::command::Operator;
    use crate::model::id::{CommandId, RunId, TaskId};

    const LONG: Duration = Duration::from_secs(20);

    /// Programs that were written, and what each leaves behind.
    struct Stage {
        dir: tempfile::TempDir,
    }

    impl Stage {
        fn new() -> Self {
            Self { dir: tempfile::tempdir().unwrap() }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.dir.path().join(name)
        }

        /// Runs a shell script of its own as the program, and tells what came of it.
        fn run(&self, name: &str, script: &str, kind: Kind, patience: Duration) -> Result<(), SendError> {
            let path = self.path(name);
            write(&path, &format!("#!/bin/sh\ncd '{}'\n{script}\n", self.dir.path().display()));
            let exec = Exec::new(Program::find(&path, None).unwrap(), patience);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let by = Operator { user: "ada".to_owned(), host: "box".to_owned(), pid: 1 };
            let id = "11111111-1111-4111-8111-111111111111".parse::<CommandId>().unwrap();
            let command = Command { id, kind, reason: None, at_ms: 1, by, seen: 7 };
            runtime.block_on(exec.send(&command))
        }

        fn cancel(&self, script: &str, patience: Duration) -> Result<(), SendError> {
            self.run("program", script, Kind::Cancel { run: RunId::random() }, patience)
        }

        fn text(&self, name: &str) -> String {
            fs::read_to_string(self.path(name)).unwrap()
        }
    }

    /// Writes a program. Another process does, since one that we hold open ourselves, if only in a child of another
    /// test, cannot be run.
    fn write(path: &Path, text: &str) {
        let mut shell = std::process::Command::new("sh")
            .args(["-c", "umask 077; cat > \"$1\" && chmod 700 \"$1\"", "sh"])
            .arg(path)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        shell.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(shell.wait().unwrap().success());
    }

    /// Waits until a process is gone, or only waits to be buried by somebody.
    fn wait_for_death(pid: &str) {
        let deadline = Instant::now() + LONG;
        let is_alive = || {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            stat.rsplit(')').next().is_some_and(|rest| rest.starts_with(' ') && !rest.starts_with(" Z"))
        };
        while is_alive() {
            assert!(Instant::now() < deadline, "{pid} lives");
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_program_is_given_the_id_and_nothing_else() {
        let stage = Stage::new();
        let script = r#"printf '%s\n' "$#" "$@" "$RUNWATCH_COMMAND_ID" > said; cat >> said; ps -o pgid= -p $$ | tr -d ' ' >> said; echo $$ >> said"#;
        let (run, task) = (RunId::random(), TaskId::random());
        for (name, kind, verb, id) in [
            ("a program\nwith 'odd' $name", Kind::Cancel { run }, "cancel", run.to_string()),
            ("-n", Kind::CancelTask { task }, "cancel-task", task.to_string()),
        ] {
            stage.run(name, script, kind, LONG).unwrap();
            let said = stage.text("said");
            let said: Vec<&str> = said.lines().collect();
            let [args @ .., group, pid] = &said[..] else { panic!("{said:?}") };
            assert_eq!(args, ["3", verb, "--", &id, "11111111-1111-4111-8111-111111111111"]);
            assert_eq!(group, pid, "in a group of its own");
        }
    }

    #[test]
    fn how_it_ended_is_the_answer_and_its_first_line_says_why() {
        let stage = Stage::new();
        for (script, expected) in [
            ("echo fine; echo odd >&2", None),
            ("exit 3", Some("exit status 3, without a word")),
            (
                "echo; echo '  no \u{1b}[31mright' >&2; echo more >&2; exit 1",
                Some("exit status 1: no \\x1b[31mright"),
            ),
            ("echo 'only here'; exit 2", Some("exit status 2: only here")),
            ("kill -9 $$", Some("ended by signal 9, without a word")),
        ] {
            let found = stage.cancel(script, LONG).err().map(|error| error.to_string());
            let target = format!("exec:{}: ", stage.path("program").display());
            assert_eq!(found, expected.map(|words| [&target, words].concat()), "{script}");
        }
    }

    #[test]
    fn one_that_hangs_is_killed_with_its_children() {
        let stage = Stage::new();
        let script = "trap '' TERM INT HUP; sleep 1000 & echo $! > child; echo $$ > self; wait; wait";
        let error = stage.cancel(script, Duration::from_millis(700)).unwrap_err();
        assert!(error.may_have_arrived());
        assert!(error.to_string().contains("did not end within 0.7 s, and was killed"), "{error}");
        wait_for_death(stage.text("self").trim());
        wait_for_death(stage.text("child").trim());
    }

    #[test]
    fn nobody_waits_for_a_child_that_holds_the_pipe() {
        let stage = Stage::new();
        let start = Instant::now();
        let error = stage.cancel("sleep 30 & echo $! > child; echo no >&2; exit 1", LONG).unwrap_err();
        assert!(error.to_string().ends_with("exit status 1: no"), "{error}");
        assert!(start.elapsed() < Duration::from_secs(10));
        let child: i32 = stage.text("child").trim().parse().unwrap();
        rustix::process::kill_process(Pid::from_raw(child).unwrap(), Signal::KILL).unwrap();
    }

    #[test]
    fn one_that_writes_too_much_is_heard_to_its_end() {
        let stage = Stage::new();
        let script = "yes first | head -c 10000000 >&2; yes | head -c 10000000; echo done > done; exit 1";
        let error = stage.cancel(script, LONG).unwrap_err();
        assert!(error.to_string().ends_with("exit status 1: first"), "{error}");
        assert_eq!(stage.text("done"), "done\n");
        let error = stage.cancel("head -c 10000000 /dev/zero >&2; exit 1", LONG).unwrap_err();
        assert!(error.to_string().len() < 4 * SHOWN + 200, "{}", error.to_string().len());
    }

    #[test]
    fn one_that_was_opened_to_others_meanwhile_is_not_run() {
        let stage = Stage::new();
        stage.cancel("true", LONG).unwrap();
        let exec = Exec::new(Program::find(&stage.path("program"), None).unwrap(), LONG);
        fs::set_permissions(stage.path("program"), fs::Permissions::from_mode(0o777)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let by = Operator { user: "ada".to_owned(), host: "box".to_owned(), pid: 1 };
        let kind = Kind::Cancel { run: RunId::random() };
        let command = Command { id: CommandId::random(), kind, reason: None, at_ms: 1, by, seen: 7 };
        let error = runtime.block_on(exec.send(&command)).unwrap_err().to_string();
        assert!(
            error.ends_with(
                "others than its owner may write it; let nobody but its owner write it: chmod go-w PROGRAM"
            ),
            "{error}"
        );
    }
}
