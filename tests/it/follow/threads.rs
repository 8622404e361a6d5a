//! A system that starts no thread: one sentence and exit code 2, and no panic.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use super::program::events;

/// A user without processes: limits of them do not hold for root.
const OTHER_USER: &str = "61234";

/// Runs the rest with this number of processes and threads; root first becomes another user.
const LIMITED: &str = "ulimit -u \"$0\"; exec \"$@\"";

#[test]
fn what_starts_no_thread_is_one_sentence_and_no_panic() {
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
    let log = dir.path().join("log.jsonl");
    fs::write(&log, events(1..9)).unwrap();
    let as_other = ["setpriv", "--reuid", OTHER_USER, "--regid", OTHER_USER, "--clear-groups"];
    let as_other = if rustix::process::getuid().is_root() { &as_other[..] } else { &[] };
    for args in [
        "stats",
        "stats --at end",
        "runs",
        "check",
        "diff",
        "wait --for count>=0",
        "cancel --query live --control file:commands --yes",
        "follow",
    ] {
        // With one more, another part is the one that is not started. What follows would not end then.
        let most = if args == "follow" { &["1"][..] } else { &["1", "2"] };
        for most in most {
            let output = Command::new("bash")
                .args(["-c", LIMITED, most])
                .args(as_other)
                .arg(env!("CARGO_BIN_EXE_runwatch"))
                .args(args.split(' '))
                .arg(&log)
                .current_dir(dir.path())
                .stdin(Stdio::null())
                .output()
                .unwrap();
            let told = String::from_utf8(output.stderr).unwrap();
            assert!(!told.contains("panicked"), "{most} {args}: {told}");
            let is_told = output.status.code() == Some(2) && told.starts_with("runwatch: ");
            assert!(is_told || (*most != "1" && output.status.success()), "{most} {args}: {told}");
            assert!(*most != "1" || told.contains("could not be started"), "{args}: {told}");
        }
    }
}
