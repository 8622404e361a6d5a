//! `runwatch follow --json`: the real program on real files, and what it tells from line to line.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::stage::Stage;

/// Longer than anything takes on a loaded machine.
const LIMIT: Duration = Duration::from_secs(20);

/// Logs that engines wrote.
const RECORDED: &[&str] =
    &["tests/logs/live-small-mid.jsonl", "tests/logs/v030-crash-recovery.jsonl", "assets/incident.jsonl"];

/// The program, following.
pub(crate) struct Following {
    child: Child,
    told: Receiver<Value>,
    /// Everything that happened so far: its kind and its words.
    pub(crate) notices: Vec<(String, String)>,
}

impl Following {
    pub(crate) fn on(path: &Path) -> Self {
        Self::start(path, &[])
    }

    pub(crate) fn start(path: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_runwatch"));
        command.arg("follow").arg(path).args(["--json", "--every", "0.05"]);
        command.env_clear().envs(variables.iter().copied());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (tell, told) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                assert!(line.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{line:?}");
                let _ = tell.send(serde_json::from_str(&line).unwrap());
            }
        });
        Self { child, told, notices: Vec::new() }
    }

    /// The first account of which this holds.
    pub(crate) fn until(&mut self, holds: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + LIMIT;
        let mut last = Value::Null;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(told) = self.told.recv_timeout(left) else { panic!("after {last}") };
            for notice in told["notices"].as_array().unwrap() {
                let text = |key: &str| notice[key].as_str().unwrap().to_owned();
                self.notices.push((text("kind"), text("text")));
            }
            let sum = ["applied", "rejected", "unreadable", "ignored"].map(|key| told[key].as_u64().unwrap());
            assert_eq!(told["lines"], sum.iter().sum::<u64>(), "every line is accounted for");
            if holds(&told) {
                return told;
            }
            last = told;
        }
    }

    /// Returns the first account after which `lines` lines were folded and there is nothing more to read.
    pub(crate) fn until_lines(&mut self, lines: u64) -> Value {
        self.until(|told| told["lines"] == lines && told["caught_up"] == true)
    }

    pub(crate) fn kinds(&self) -> Vec<&str> {
        self.notices.iter().map(|(kind, _)| kind.as_str()).collect()
    }

    /// Returns its open descriptors.
    pub(crate) fn descriptors(&self) -> Vec<String> {
        let open = std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().flatten();
        let targets = open.filter_map(|entry| std::fs::read_link(entry.path()).ok());
        targets.map(|target| target.to_string_lossy().into_owned()).collect()
    }

    /// Processor time that it has used, in hundredths of a second.
    pub(crate) fn ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }

    /// Sends a signal; gives the last account and the exit code.
    pub(crate) fn end_by(mut self, signal: Signal) -> (Value, Option<i32>) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        let last = self.until(|told| !told["end"].is_null());
        (last, self.child.wait().unwrap().code())
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Formats a line of an engine's log that is applied after any other.
pub(crate) fn event(sequence: u64) -> String {
    let (run, task) = (uuid::Uuid::from_u128(sequence.into()), uuid::Uuid::from_u128(7));
    let instance = json!({
        "id": run, "task_id": task, "state": "Scheduled", "current_attempt_id": null, "attempt_count": 0,
        "created_at": 1_795_196_261_u64, "scheduled_at": 1_795_196_261_u64, "effective_priority": 0,
        "last_state_change_at": 1_795_196_261_u64,
    });
    let event = json!({"sequence": sequence, "event": {"RunCreated": {"run_instance": instance}}});
    format!("{event}\n")
}

pub(crate) fn events(sequences: std::ops::Range<u64>) -> String {
    sequences.map(event).collect()
}

/// Returns the counts of `stats`.
fn stats(path: &str) -> Value {
    let output = super::program_once(&["stats", "--json", path]);
    serde_json::from_slice(&output).unwrap()
}

/// Catches: a reader or a count of its own that differs from that of the reports and of the screen.
#[test]
fn a_log_at_rest_is_told_as_the_report_tells_it() {
    for path in RECORDED {
        let stats = stats(path);
        let mut following = Following::on(Path::new(path));
        let told = following.until_lines(stats["lines"].as_u64().unwrap());
        for key in [
            "applied",
            "rejected",
            "unreadable",
            "ignored",
            "runs",
            "states",
            "problems",
            "latest_sequence",
            "pending_bytes",
            "sequence_gaps",
            "vocabulary",
            "engine_paused",
        ] {
            assert_eq!(told[key], stats[key], "{key} of {path}");
        }
        let size = std::fs::metadata(path).unwrap().len();
        assert_eq!((&told["offset"], &told["size"]), (&json!(size), &json!(size)));
        assert_eq!((&told["source"], &told["end"]), (&json!(path), &Value::Null));
        assert_eq!(following.kinds(), ["opened"]);
    }
}

/// Catches: an end without a last account, or with another exit code than the dashboard's.
#[test]
fn a_signal_ends_it_with_a_last_account_and_its_own_code() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129), (Signal::QUIT, 131)] {
        let stage = Stage::new();
        stage.append("log", &events(1..4));
        let mut following = Following::on(&stage.path("log"));
        following.until_lines(3);
        let (last, ended) = following.end_by(signal);
        assert_eq!((&last["end"], &last["lines"], ended), (&json!("signal"), &json!(3), Some(code)));
    }
}

/// Catches: a last line of a pipe that is not counted, and accounts that only come when the time does.
#[test]
fn a_pipe_is_told_of_when_it_ends() {
    let mut following = Following::on(Path::new("-"));
    let mut log = following.child.stdin.take().unwrap();
    log.write_all(events(1..3).as_bytes()).unwrap();
    let told = following.until_lines(2);
    assert_eq!(told["pending_bytes"], 0);
    // No line is read back here, so nothing of the pipe is kept on the disk.
    assert!(!following.descriptors().iter().any(|path| path.contains("(deleted)")));
    log.write_all(event(3).trim_end().as_bytes()).unwrap();
    let told = following.until(|told| told["pending_bytes"] != 0);
    assert_eq!(told["lines"], 2);
    drop(log);
    let last = following.until(|told| told["end"] == "log");
    assert_eq!(
        (&last["applied"], &last["pending_bytes"], &last["caught_up"]),
        (&json!(3), &json!(0), &json!(true))
    );
    assert_eq!(following.child.wait().unwrap().code(), Some(0));
    assert_eq!(following.kinds(), ["opened", "ended"]);
}

/// Catches: a follower that outlives its reader, or complains of its loss.
#[test]
fn it_ends_quietly_when_its_reader_is_gone() {
    let stage = Stage::with("");
    let mut child = Command::new(env!("CARGO_BIN_EXE_runwatch"))
        .args(["follow", "--every", "0.5"])
        .arg(stage.path("log"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut first).unwrap();
    assert_eq!(
        first,
        "read all 0 bytes; 0 lines: 0 applied, 0 rejected, 0 unreadable, 0 ignored; 0 a second; \
         reading the log from line 1\n"
    );
    drop(out);
    let deadline = Instant::now() + LIMIT;
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "it goes on");
        std::thread::yield_now();
    }
    let mut complaint = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
    assert_eq!((child.wait().unwrap().code(), complaint.as_str()), (Some(0), ""));
}

/// Catches: a follower that cannot be ended, or forgets what happened, because its lines are not taken.
#[test]
fn a_signal_ends_it_also_when_its_lines_are_not_taken() {
    let stage = Stage::with("");
    let mut child = Command::new(env!("CARGO_BIN_EXE_runwatch"))
        .args(["follow", "--json", "--every", "0.001"])
        .arg(stage.path("log"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = child.stdout.take().unwrap();
    let deadline = Instant::now() + LIMIT;
    // Its printer waits inside a write when there is no room in the pipe for one more line.
    let is_full = || rustix::io::ioctl_fionread(&out).is_ok_and(|n| n > 60 << 10);
    while !is_full() {
        assert!(Instant::now() < deadline, "the pipe does not fill");
        std::thread::yield_now();
    }
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "it goes on");
        std::thread::yield_now();
    }
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

/// Catches: a read that yields less, is interrupted or fails once, and with it a line that is lost, read twice or out of
/// its order; and an error that is not reported, or again and again.
#[cfg(debug_assertions)]
#[test]
fn reads_that_go_wrong_lose_nothing_and_are_told_once() {
    const WHOLE: &str = "tests/logs/live-small-mid.jsonl";
    let lines: Vec<String> = super::text(WHOLE).lines().map(|line| format!("{line}\n")).collect();
    let clean = stats(WHOLE);
    for (fault, told_once) in [
        ("read:short", 0),
        ("read:eintr", 0),
        ("read:short,read:eintr", 0),
        ("read:eio-once", 2),
        ("read:estale-once", 2),
        ("read:short,read:eintr,read:eio-once", 2),
    ] {
        let stage = Stage::new();
        stage.append("log", &lines[..400].concat());
        let mut following = Following::start(&stage.path("log"), &[("RUNWATCH_FAULT", fault)]);
        // Behind while it is rotated, and what comes after waits for what fails to be read.
        stage.append("log", &lines[400..600].concat());
        following.until(|told| told["lines"].as_u64() > Some(0) || !following_is_clean(told));
        stage.rename("log", "log.1");
        stage.append("log", &lines[600..].concat());
        let told = following.until_lines(lines.len() as u64);
        for key in ["applied", "states", "problems", "runs", "latest_sequence"] {
            assert_eq!(told[key], clean[key], "{key} with {fault}");
        }
        assert_eq!(told["begun_anew"], 0);
        // Each of the two files fails once.
        let failures = following.kinds().into_iter().filter(|kind| *kind == "unreadable").count();
        assert_eq!(failures, told_once, "{fault}: {:?}", following.notices);
        let others: Vec<&str> = following.kinds().into_iter().filter(|kind| *kind != "unreadable").collect();
        assert_eq!(others, ["opened", "rotated", "opened"], "{fault}");
    }
}

/// Returns true if nothing has gone wrong yet.
fn following_is_clean(told: &Value) -> bool {
    told["notices"].as_array().unwrap().iter().all(|notice| notice["kind"] != "unreadable")
}

/// Catches: a pipe whose reads are interrupted or short and that is taken for ended, and one that fails without a word.
#[cfg(debug_assertions)]
#[test]
fn a_pipe_that_fails_says_where_and_one_that_is_interrupted_goes_on() {
    for (fault, expected) in
        [("read:short,read:eintr", Ok(20)), ("read:eio-once", Err("reading stdin failed at byte 122"))]
    {
        let mut child = Command::new(env!("CARGO_BIN_EXE_runwatch"))
            .args(["follow", "-", "--json", "--every", "60"])
            .env("RUNWATCH_FAULT", fault)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let written = child.stdin.take().unwrap().write_all(events(1..21).as_bytes());
        let output = child.wait_with_output().unwrap();
        let last: Value = serde_json::from_slice(&output.stdout).unwrap();
        match expected {
            Ok(lines) => {
                written.unwrap();
                assert_eq!((output.status.code(), &last["applied"]), (Some(0), &json!(lines)));
            }
            Err(words) => {
                assert_eq!((output.status.code(), &last["end"]), (Some(2), &json!("failure")));
                let complaint = String::from_utf8(output.stderr).unwrap();
                assert!(complaint.contains(words), "{complaint}");
            }
        }
    }
}

/// Catches: a reader that spins at the end of a pipe without a writer, or of a log at rest.
#[test]
fn what_is_silent_costs_nothing() {
    let stage = Stage::new();
    let pipe = stage.path("pipe");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    stage.append("log", &events(1..3));
    let mut all =
        vec![Following::on(&pipe), Following::on(&stage.path("log")), Following::on(&stage.path("none"))];
    for following in &mut all {
        following.until(|told| told["notices"] == json!([]));
    }
    // A program wrote, and has left.
    std::fs::write(&pipe, events(1..4)).unwrap();
    all[0].until_lines(3);
    let began: Vec<u64> = all.iter().map(Following::ticks).collect();
    for _ in 0..12 {
        all.iter_mut().for_each(|following| drop(following.until(|_| true)));
    }
    for (following, began) in all.iter().zip(began) {
        let used = following.ticks() - began;
        assert!(used < 20, "{used} hundredths of a second of a processor in six tenths of a second");
    }
}

/// Catches: a name that cannot be watched, listed or told, and a byte of it that reaches the account's reader
/// raw.
#[test]
fn a_log_may_have_any_name() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let long = "n".repeat(255);
    for name in [
        &b"a b"[..],
        b"new\nline",
        b"esc\x1b[2Jape",
        b"not utf-8 \xff\xfe",
        "\u{202e}gol".as_bytes(),
        b"-",
        b"-x",
        b"..log",
        b"*",
        long.as_bytes(),
    ] {
        let stage = Stage::new();
        let path = stage.dir.path().join(OsStr::from_bytes(name));
        std::fs::write(&path, events(1..3)).unwrap();
        let mut following = Following::on(&path);
        following.until_lines(2);
        // Rotated to a number where the name leaves room for one.
        let other = if name.len() < 200 { [name, b".1"].concat() } else { b"moved".to_vec() };
        std::fs::rename(&path, stage.dir.path().join(OsStr::from_bytes(&other))).unwrap();
        std::fs::write(&path, events(3..5)).unwrap();
        let told = following.until_lines(4);
        assert_eq!((&told["begun_anew"], &told["generation"]), (&json!(0), &json!(1)));
        assert_eq!(
            following.kinds(),
            ["opened", "rotated", "opened"],
            "{:?}",
            name.escape_ascii().to_string()
        );
    }
}

/// Catches: two names that differ and are shown alike, since a byte of them is no text, or JSON that no
/// program can read.
#[test]
fn a_byte_of_a_name_that_is_no_text_is_shown_as_what_it_is() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let stage = Stage::new();
    let path = stage.dir.path().join(OsStr::from_bytes(b"q\xff.jsonl"));
    std::fs::write(&path, events(4..6)).unwrap();
    std::fs::write(stage.dir.path().join(OsStr::from_bytes(b"q\xff.jsonl.1")), events(1..4)).unwrap();
    let printed = |args: &[&OsStr]| {
        let output = Command::new(env!("CARGO_BIN_EXE_runwatch")).args(args).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let json =
        |text: &str| serde_json::from_str::<Value>(text).unwrap()["source"].as_str().unwrap().to_owned();
    let (stats, check, flag) = (OsStr::new("stats"), OsStr::new("check"), OsStr::new("--json"));
    assert!(json(&printed(&[stats, flag, path.as_os_str()])).ends_with(r"/q\xff.jsonl"));
    for text in [printed(&[stats, path.as_os_str()]), printed(&[check, path.as_os_str()])] {
        assert!(text.contains(r"/q\xff.jsonl") && !text.contains('\u{fffd}'), "{text}");
        assert!(text.contains(r"the log begins at #4; 'q\xff.jsonl.1' lies beside it"), "{text}");
    }
    let missing = path.with_extension("none");
    assert!(printed(&[stats, missing.as_os_str()]).contains(r"q\xff.none' does not exist"));
    let mut following = Following::on(&path);
    let told = following.until_lines(2);
    assert!(told["source"].as_str().unwrap().ends_with(r"/q\xff.jsonl"));
    assert_eq!(following.kinds(), ["opened", "beside"]);
}

/// Catches: a limit of open files that is told as something else, that is no exit code of the program, or a panic.
#[test]
fn too_few_open_files_are_told_as_what_they_are() {
    let stage = Stage::new();
    stage.append("log", &events(1..3));
    for most in [5, 6, 7, 8, 9] {
        for (args, may_do) in
            [("follow --every 0.05", false), ("wait --query live --for count=9", false), ("stats", true)]
        {
            let script = format!("ulimit -n {most}; exec \"$0\" {args} \"$1\"");
            let output = Command::new("sh")
                .args(["-c", &script, env!("CARGO_BIN_EXE_runwatch")])
                .arg(stage.path("log"))
                .output()
                .unwrap();
            let told = String::from_utf8(output.stderr).unwrap();
            if may_do && output.status.success() {
                continue;
            }
            assert_eq!(output.status.code(), Some(2), "{most} {args}: {told}");
            let limit = format!("too many open files: this process may have {most} open at once");
            assert!(told.contains(&limit) && told.contains("ulimit -n 1024"), "{most} {args}: {told}");
            assert!(!told.contains("report"), "{told}");
        }
    }
}
