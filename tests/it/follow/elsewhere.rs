//! File systems that go by paths, and files that are bound to another place: the real program on real ones.
//!
//! These need root, FUSE, and `bindfs` or `sshfs` with an `sftp-server`. Without them nothing is tested here, and that is
//! said aloud.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::program::{Following, event};
use super::stage::Stage;

/// Servers of sshfs that may be there, spoken to without a network.
const SERVERS: [&str; 3] =
    ["/usr/lib/openssh/sftp-server", "/usr/lib/ssh/sftp-server", "/usr/libexec/openssh/sftp-server"];

/// A directory that is seen through another file system.
struct Mount {
    stage: Stage,
}

impl Mount {
    /// Mounts `origin` on `seen`; nothing when that cannot be done here.
    fn by(program: &str) -> Option<Self> {
        let stage = Stage::new();
        let (origin, seen) = (stage.path("origin"), stage.path("seen"));
        fs::create_dir(&origin).unwrap();
        fs::create_dir(&seen).unwrap();
        let mut command = Command::new(program);
        match program {
            "bindfs" => command.args([&origin, &seen]),
            _ => {
                let server = SERVERS.iter().find(|server| Path::new(server).exists())?;
                let script = stage.path("server");
                fs::write(&script, format!("#!/bin/sh\nexec {server}\n")).unwrap();
                Command::new("chmod").arg("+x").arg(&script).status().ok()?;
                // What is seen may be as old as twenty seconds otherwise.
                command.args(["-o", "dir_cache=no", "-o", &format!("ssh_command={}", script.display())]);
                command.arg(format!("here:{}", origin.display())).arg(&seen)
            }
        };
        let mounted = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        mounted.is_ok_and(|status| status.success()).then_some(Self { stage })
    }

    fn origin(&self, name: &str) -> PathBuf {
        self.stage.path("origin").join(name)
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        unmount(&self.stage.path("seen"));
    }
}

/// A file that is bound to another place.
struct Bound(PathBuf);

impl Drop for Bound {
    fn drop(&mut self) {
        unmount(&self.0);
    }
}

fn unmount(path: &Path) {
    let _ = Command::new("umount").arg("-l").arg(path).stderr(Stdio::null()).status();
}

fn skipped(what: &str) {
    // Past the harness, which keeps what a passing test prints to itself.
    let words = format!("SKIPPED: {what} cannot be had here, so nothing of it was tested\n");
    std::io::stderr().write_all(words.as_bytes()).unwrap();
}

fn events(sequences: std::ops::Range<u64>) -> String {
    sequences.map(event).collect()
}

/// Lines before the rotation, those that are not read then, and those of the new file, which is shorter than
/// what was read or longer.
const CASES: [(u64, u64, u64); 4] = [(200, 0, 20), (200, 30, 20), (100, 0, 400), (100, 30, 400)];

/// Catches: a descriptor whose size is that of the new file and whose bytes are those of the old one, which are read twice
/// then, and lines of both that are lost.
#[test]
fn a_rotation_on_the_other_side_of_a_file_system_loses_nothing() {
    for program in ["bindfs", "sshfs"] {
        if Mount::by(program).is_none() {
            skipped(program);
            continue;
        }
        for (read, unread, new) in CASES {
            for name in ["log.1", "log-20261129"] {
                let mount = Mount::by(program).unwrap();
                fs::write(mount.origin("log"), events(1..read + 1)).unwrap();
                let mut following = Following::on(&mount.stage.path("seen/log"));
                following.until_lines(read);
                let unseen = events(read + 1..read + unread + 1);
                fs::File::options()
                    .append(true)
                    .open(mount.origin("log"))
                    .unwrap()
                    .write_all(unseen.as_bytes())
                    .unwrap();
                fs::rename(mount.origin("log"), mount.origin(name)).unwrap();
                fs::write(mount.origin("log"), events(read + unread + 1..read + unread + new + 1)).unwrap();
                let told = following.until_lines(read + unread + new);
                let account = (&told["begun_anew"], &told["problems"]["total"], &told["latest_sequence"]);
                assert_eq!(
                    account,
                    (&0.into(), &0.into(), &(read + unread + new).into()),
                    "{program}: {:?}",
                    following.notices
                );
            }
        }
    }
}

/// Catches: a file that lost its name where it was bound from, and is shown as live for ever.
#[test]
fn a_bound_file_that_lost_its_name_is_told() {
    let stage = Stage::new();
    fs::create_dir(stage.path("origin")).unwrap();
    fs::write(stage.path("origin/log"), events(1..11)).unwrap();
    fs::write(stage.path("log"), "").unwrap();
    let mounted =
        Command::new("mount").arg("--bind").args([stage.path("origin/log"), stage.path("log")]).status();
    if !mounted.is_ok_and(|status| status.success()) {
        return skipped("a file that is bound to another place");
    }
    let _bound = Bound(stage.path("log"));
    let mut following = Following::on(&stage.path("log"));
    following.until_lines(10);
    fs::rename(stage.path("origin/log"), stage.path("origin/log.1")).unwrap();
    fs::write(stage.path("origin/log"), events(11..21)).unwrap();
    fs::remove_file(stage.path("origin/log.1")).unwrap();
    let told = following.until(|told| !told["unavailable_since"].is_null());
    following.until(|told| told["notices"] == serde_json::json!([]));
    assert_eq!(told["lines"], 10);
    assert_eq!(following.kinds(), ["opened", "nameless"]);
}
