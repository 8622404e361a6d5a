//! A terminal that is closed under the program, and no signal tells of it.

use std::fs;
use std::path::Path;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::slow::fill;
use super::{HELP, PROGRAM, Stage, WHOLE, ask};
use crate::session::Session;

/// Only the first process on a terminal is told of a hang-up. Here that is a shell that does not care, and notes what
/// came of the program, and how much of the processor it had. It starts no other program for that: it would fail to.
const SHELL: &str = "trap '' HUP; \"$@\"; { echo $?; times; } > end";

/// The same, and lets the program go on in the background when it was stopped.
const JOBS: &str = "set -m; trap '' HUP; \"$@\"; bg > behind; wait %1; { echo $?; times; } > end";

/// Where the program is when that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    Board,
    Dialog,
    Help,
    Typing,
    /// On the board, and the terminal has not been read for long.
    Full,
    /// In the background, where it neither reads the terminal nor writes to it.
    Background,
}

/// Seconds of the processor that a process has had so far, with what the system did for it.
pub(crate) fn used_so_far(id: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let numbers: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    // In hundredths of a second, which is all that Linux tells.
    let ticks: u32 = numbers[11].parse::<u32>().unwrap() + numbers[12].parse::<u32>().unwrap();
    f64::from(ticks) / 100.0
}

/// The same of all children of the shell, as its `times` has it: `0m0.12s 0m0.03s`.
fn used_in_all(times: &str) -> f64 {
    times
        .split_whitespace()
        .map(|time| {
            let (minutes, seconds) = time.trim_end_matches('s').split_once('m').unwrap();
            minutes.parse::<f64>().unwrap() * 60.0 + seconds.parse::<f64>().unwrap()
        })
        .sum()
}

/// A program that goes on without a terminal would be found a week later, with a core of its own.
#[test]
fn a_terminal_that_is_closed_without_a_word_ends_it_soon_and_it_does_not_spin_until_then() {
    use Moment::{Background, Board, Dialog, Full, Help, Typing};
    for moment in [Board, Dialog, Help, Typing, Full, Background] {
        let stage = Stage::new(WHOLE);
        let dir = stage.log.parent().unwrap();
        let target = format!("file:{}", stage.control.display());
        let script = format!("cd '{}'; {}", dir.display(), if moment == Background { JOBS } else { SHELL });
        let log = stage.log.to_str().unwrap();
        let argv = ["sh", "-c", &script, "sh", PROGRAM, log, "--control", &target, "--theme", "dark"];
        let mut session = Session::start(&argv, &[]);
        session.wait_for("LIVE");
        match moment {
            Board | Full => (),
            Dialog => drop(ask(&mut session)),
            Help => {
                session.press("?");
                session.wait_for(HELP);
            }
            Typing => {
                session.press("/payroll");
                session.wait_for("payroll");
            }
            Background => {
                session.press("\x1a");
                session.until("job", || {
                    dir.join("behind").metadata().is_ok_and(|it| it.len() > 0).then_some(())
                });
            }
        }
        let shell = session.id();
        let child = fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).unwrap();
        let reading = session.reading();
        let held = (moment == Full).then(|| {
            let held = reading.lock().unwrap_or_else(PoisonError::into_inner);
            fill(&mut session);
            held
        });
        let before = used_so_far(child.trim().parse().unwrap());
        let hung_up_at = Instant::now();
        session.hang_up(held);
        let note = dir.join("end");
        let end =
            session.until("end", || fs::read_to_string(&note).ok().filter(|it| it.lines().count() == 3));
        let took = hung_up_at.elapsed();
        assert!(took < Duration::from_secs(3), "{moment:?}: {took:?}");
        let mut lines = end.lines();
        assert_eq!(lines.next(), Some("129"), "{moment:?}: {end}");
        let used = used_in_all(lines.nth(1).unwrap()) - before;
        assert!(used < 0.5, "{moment:?}: {used} s of the processor in {took:?}");
        assert!(!Path::new(&stage.control).exists());
    }
}
