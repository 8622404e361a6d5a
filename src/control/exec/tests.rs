//! Programs that behave, and programs that do not.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Instant;

use rustix::process::{Pid, Signal};

use super::super::command::{CommandKind, CommandNames};
use super::*;
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
    fn run(&self, name: &str, script: &str, kind: CommandKind, patience: Duration) -> Result<(), SendError> {
        let path = self.path(name);
        write(&path, &format!("#!/bin/sh\ncd '{}'\n{script}\n", self.dir.path().display()));
        Self::send(&Exec::new(ProgramFile::find(&path, None).unwrap(), None, patience), kind)
    }

    fn send(exec: &Exec, kind: CommandKind) -> Result<(), SendError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let id = "11111111-1111-4111-8111-111111111111".parse::<CommandId>().unwrap();
        let command = Command { id, kind, ..Command::any() };
        runtime.block_on(exec.send(&command))
    }

    fn cancel(&self, script: &str, patience: Duration) -> Result<(), SendError> {
        self.run("program", script, CommandKind::Cancel { run: RunId::random() }, patience)
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

/// Waits until a process is gone, or a zombie.
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
        ("a program\nwith 'odd' $name", CommandKind::Cancel { run }, "cancel", run.to_string()),
        ("-n", CommandKind::CancelTask { task }, "cancel-task", task.to_string()),
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
fn an_id_that_is_a_text_is_one_argument() {
    let stage = Stage::new();
    let path = stage.path("program");
    write(&path, &format!("#!/bin/sh\nprintf '%s|' \"$#\" \"$3\" > '{}'\n", stage.path("said").display()));
    let exec = Exec::new(ProgramFile::find(&path, None).unwrap(), None, LONG);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let send = |text: &str| {
        let names = CommandNames { text: Some(text.into()), ..CommandNames::default() };
        runtime.block_on(exec.send(&Command { names, ..Command::any() }))
    };
    for text in ["-n $HOME 'x'\n", "仕事", "\u{1b}[2J"] {
        send(text).unwrap();
        assert_eq!(stage.text("said"), format!("3|{text}|"));
    }
    let error = send("a\0b").unwrap_err();
    assert!(error.to_string().contains("has a NUL") && !error.may_have_arrived(), "{error}");
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

/// However it hangs, nothing of its group is left after its time, and it is buried.
#[test]
fn one_that_hangs_is_killed_with_its_children() {
    for script in [
        "trap '' TERM INT HUP; sleep 1000 & echo $! > child; echo $$ > self; wait; wait",
        // A grandchild, of a child that has ended.
        "sh -c 'sleep 1000 & echo $! > child'; echo $$ > self; sleep 1000",
        // It has closed all that it was given.
        "exec <&- >&- 2>&-; sleep 1000 & echo $! > child; echo $$ > self; wait",
        // It writes without an end and without a line, on both.
        "cat /dev/zero >&2 & echo $! > child; echo $$ > self; exec cat /dev/zero",
        // It stops, and would never hear of a polite signal.
        "sleep 1000 & echo $! > child; echo $$ > self; kill -STOP $$; wait",
    ] {
        let stage = Stage::new();
        let error = stage.cancel(script, Duration::from_millis(500)).unwrap_err();
        assert!(error.may_have_arrived());
        assert!(error.to_string().contains("did not end within 0.5 s, and was killed"), "{error}");
        let program = stage.text("self");
        assert!(!Path::new(&format!("/proc/{}", program.trim())).exists(), "it is not buried: {script}");
        wait_for_death(stage.text("child").trim());
    }
}

/// A process that leaves the group is a daemon, which belongs to its own parent by then.
#[test]
fn one_that_leaves_a_daemon_behind_has_answered_and_the_daemon_lives() {
    let stage = Stage::new();
    let script = "mkfifo alive; setsid sh -c 'echo $$ > child; read x < alive; echo $x > heard' & \
        while ! [ -s child ]; do :; done; exit 0";
    let start = Instant::now();
    stage.cancel(script, LONG).unwrap();
    assert!(start.elapsed() < LONG / 2);
    fs::write(stage.path("alive"), "word\n").unwrap();
    let deadline = Instant::now() + LONG;
    while fs::read_to_string(stage.path("heard")).unwrap_or_default() != "word\n" {
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    }
    wait_for_death(stage.text("child").trim());
}

/// Between the start of the dashboard and a cancel, days may pass.
#[test]
fn one_that_is_not_what_it_was_is_refused_with_a_next_step() {
    type Change = fn(&Path);
    let set_mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let changes: [(Change, &str); 6] = [
        (|path| fs::remove_file(path).unwrap(), "it was not found; name a program by its whole path"),
        (|path| fs::remove_file(path).and_then(|()| fs::create_dir(path)).unwrap(), "it is not a file; name"),
        (
            |path| write(path, "#!/no/such/shell\n"),
            "No such file or directory (os error 2); start it by hand",
        ),
        (|path| write(path, "\u{1}\u{2}"), "Exec format error (os error 8); start it by hand"),
        (|path| write(path, ""), "Exec format error (os error 8); start it by hand"),
        (|path| fs::write(path.with_file_name("note"), "").unwrap(), ""),
    ];
    for (change, expected) in changes {
        let stage = Stage::new();
        write(&stage.path("program"), "#!/bin/sh\n");
        let exec = Exec::new(ProgramFile::find(&stage.path("program"), None).unwrap(), None, LONG);
        change(&stage.path("program"));
        let found = Stage::send(&exec, CommandKind::Cancel { run: RunId::random() });
        assert_eq!(found.is_ok(), expected.is_empty(), "{expected}");
        let said = found.map_or_else(|error| error.to_string(), |()| String::new());
        assert!(said.contains(expected), "{said}");
    }
    let stage = Stage::new();
    write(&stage.path("program"), "#!/bin/sh\n");
    let exec = Exec::new(ProgramFile::find(&stage.path("program"), None).unwrap(), None, LONG);
    for (mode, expected) in [
        (0o600, "it may not be run; make it executable"),
        (0o777, "others than its owner may write it; let only its owner write it: chmod go-w PROGRAM"),
    ] {
        set_mode(&stage.path("program"), mode);
        let error = Stage::send(&exec, CommandKind::Cancel { run: RunId::random() }).unwrap_err();
        assert!(!error.may_have_arrived() && error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn a_program_is_not_run_for_everything() {
    let stage = Stage::new();
    let error = stage.run("program", "echo run >note", CommandKind::CancelAll, LONG).unwrap_err();
    assert!(!error.may_have_arrived() && error.to_string().contains("not everything at once"), "{error}");
    assert!(!stage.path("note").exists());
}

#[test]
fn a_child_that_holds_the_pipe_is_not_waited_for() {
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
    assert!(error.to_string().len() < 4 * MAX_SHOWN_CHARS + 200, "{}", error.to_string().len());
}
