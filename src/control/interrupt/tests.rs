//! Processes that are there, that are gone, that were replaced, and the signal that each of them gets or does not.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{self, Child, Stdio};
use std::time::{Duration, Instant};

use super::super::target::Target;
use super::*;

fn target(pid: u32) -> SignalTarget {
    let Ok(Target::Signal(target)) = format!("signal:{pid}").parse() else { panic!("{pid} is a process") };
    target
}

fn sleeper() -> Child {
    let child = process::Command::new("sleep").arg("60").stdin(Stdio::null()).spawn().unwrap();
    // The system knows its command line a moment after it was started.
    let path = format!("/proc/{}/cmdline", child.id());
    let deadline = Instant::now() + Duration::from_secs(10);
    while fs::read(&path).is_ok_and(|line| line.is_empty()) && Instant::now() < deadline {
        std::thread::yield_now();
    }
    child
}

fn everything() -> Command {
    Command { kind: CommandKind::CancelAll, ..Command::any() }
}

fn words(found: Result<(), SendError>) -> String {
    let error = found.unwrap_err();
    assert!(!error.may_have_arrived());
    error.to_string()
}

#[test]
fn a_process_is_interrupted_for_everything_and_for_nothing_less() {
    let mut child = sleeper();
    let (interrupt, found) = Interrupt::open(&target(child.id())).unwrap();
    assert_eq!((found.command(), found.to_string()), (Some("sleep 60"), format!("signal:{}", child.id())));
    let refused = words(interrupt.send(&Command::any()));
    assert_eq!(
        refused,
        format!("signal:{}: a signal cancels everything at once, and not one of it", child.id())
    );
    assert!(child.try_wait().unwrap().is_none());
    interrupt.send(&everything()).unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(2));
}

#[test]
fn a_process_that_has_ended_gets_no_signal_buried_or_not() {
    let mut child = sleeper();
    let (interrupt, _) = Interrupt::open(&target(child.id())).unwrap();
    child.kill().unwrap();
    let ended = format!("signal:{}: the process has ended; {}", child.id(), UnfitProcess::Ended.hint());
    // Its number is kept until it is waited for.
    while fs::read_to_string(format!("/proc/{}/stat", child.id())).is_ok_and(|stat| !stat.contains(") Z ")) {
        std::thread::yield_now();
    }
    assert_eq!(words(interrupt.send(&everything())), ended);
    assert_eq!(Interrupt::open(&target(child.id())).unwrap_err(), UnfitProcess::Missing);
    child.wait().unwrap();
    assert_eq!(words(interrupt.send(&everything())), ended);
    assert_eq!(Interrupt::open(&target(child.id())).unwrap_err(), UnfitProcess::Missing);
}

#[test]
fn another_process_with_the_same_number_gets_no_signal() {
    let mut child = sleeper();
    let (interrupt, _) = Interrupt::open(&target(child.id())).unwrap();
    assert!(interrupt.started.is_some());
    let earlier = Interrupt { started: interrupt.started.map(|ticks| ticks - 1), ..interrupt };
    let refused = words(earlier.send(&everything()));
    assert!(refused.contains("another one has its number now; the log tells"), "{refused}");
    assert!(child.try_wait().unwrap().is_none());
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn our_own_process_is_refused() {
    assert_eq!(Interrupt::open(&target(process::id())).unwrap_err(), UnfitProcess::Own);
}
