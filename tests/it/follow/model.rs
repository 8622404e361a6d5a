//! Any order of writes, rotations, cuts and looks, against a plain account of what was written.

use std::fs;
use std::io::Write;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use runwatch::fault::Faults;
use runwatch::source::origin::Origin;
use runwatch::source::read_once::read_once;

use super::stage::{Stage, spell};

#[derive(Debug, Clone, Copy)]
enum Act {
    Append(u8),
    AppendTorn,
    Rotate,
    /// Moved to a name with a date.
    RotateDated,
    /// The rest of what was torn, or a line, written to the file that was renamed last, where nothing newer is.
    Late,
    /// A copy with more lines is put in its place at once, or written over it.
    Longer(u8, bool),
    Delete,
    CopyCut,
    Cut,
    /// Cut, and filled again before the next look, to the same size or another.
    Refill(u8),
    /// Another file is put in its place at once.
    Swap,
    Steps,
    Pause,
}

/// The bytes of a line.
const LINE: u64 = 11;

/// Rotations are named in one way, which is chosen once a log.
fn acts() -> impl Strategy<Value = Vec<Act>> {
    let named = |act: Act, is_dated| match act {
        Act::Rotate if is_dated => Act::RotateDated,
        act => act,
    };
    let act = prop_oneof![
        6 => (1_u8..40).prop_map(Act::Append),
        2 => Just(Act::AppendTorn),
        3 => Just(Act::Rotate),
        2 => Just(Act::Late),
        2 => (0_u8..10, any::<bool>()).prop_map(|(n, in_place)| Act::Longer(n, in_place)),
        1 => Just(Act::Delete),
        1 => Just(Act::CopyCut),
        1 => Just(Act::Cut),
        1 => (0_u8..40).prop_map(Act::Refill),
        1 => Just(Act::Swap),
        4 => Just(Act::Steps),
        4 => Just(Act::Pause),
    ];
    (prop::collection::vec(act, 1..40), any::<bool>())
        .prop_map(move |(acts, is_dated)| acts.into_iter().map(|act| named(act, is_dated)).collect())
}

/// Faults of reads, and nothing in most cases. Every generation has its own failure.
fn faults() -> impl Strategy<Value = &'static str> {
    let faults = prop_oneof![
        4 => Just(""),
        1 => Just("read:short"),
        1 => Just("read:short,read:eintr"),
        1 => Just("read:eio-once"),
        1 => Just("read:short,read:estale-once"),
    ];
    faults.prop_map(|faults| if cfg!(debug_assertions) { faults } else { "" })
}

/// As many failures as can come one behind the other, each for a second.
const FAILURES: usize = 60;

/// Plays the acts; gives what was read, and what was written of which no cut or deletion destroyed a line before it
/// could be read.
fn play(acts: &[Act], may_destroy: bool, faults: &str) -> (Vec<String>, Vec<String>) {
    let mut stage = Stage::new().failing(Faults::parse(faults).unwrap());
    stage.append("log", "");
    stage.settle();
    let mut next = 0;
    let mut torn = false;
    // The file that was renamed last, as long as its follower holds it and nothing newer was written.
    let mut renamed: Option<fs::File> = None;
    let shift = |stage: &Stage| {
        for age in (1..60).rev() {
            if stage.path(&format!("log.{age}")).exists() {
                stage.rename(&format!("log.{age}"), &format!("log.{}", age + 1));
            }
        }
    };
    // Each act at a time of its own: the times of files are coarse.
    let mut clock = SystemTime::now() - Duration::from_secs(10_000);
    for (number, act) in acts.iter().enumerate() {
        clock += Duration::from_secs(2);
        let mut log = stage.writer("log");
        if !matches!(act, Act::Late | Act::Steps | Act::Pause | Act::Rotate | Act::RotateDated) {
            renamed = None;
        }
        match act {
            Act::Append(n) => {
                for _ in 0..*n {
                    if torn {
                        writeln!(log).unwrap();
                        torn = false;
                    } else {
                        writeln!(log, "line {next:05}").unwrap();
                        next += 1;
                    }
                }
            }
            Act::AppendTorn if !torn => {
                write!(log, "line {next:05}").unwrap();
                next += 1;
                torn = true;
            }
            Act::AppendTorn => (),
            Act::Steps => stage.steps(),
            Act::Pause => stage.pass(Duration::from_secs(2)),
            // The writer that ends a generation first ends its last line, and waits for the reader unless
            // lines may be lost.
            Act::Late => {
                if let Some(late) = &mut renamed
                    && log.metadata().unwrap().len() == 0
                {
                    // It was read before the new file was.
                    stage.settle();
                    settle_all(&mut stage, next);
                    writeln!(late, "line {next:05}").unwrap();
                    // In the time of the acts, as every other file: files of two namings are ordered by it.
                    late.set_modified(clock).unwrap();
                    next += 1;
                    stage.settle();
                    settle_all(&mut stage, next);
                }
            }
            Act::Longer(n, in_place) => {
                // A program that copies a log has its writer elsewhere: nothing but whole lines comes.
                stage.settle();
                settle_all(&mut stage, next);
                let old = fs::read_to_string(stage.path("log")).unwrap();
                let new: String =
                    (next..next + usize::from(*n)).map(|number| format!("line {number:05}\n")).collect();
                if !torn && !old.is_empty() && !old.contains('\0') {
                    next += usize::from(*n);
                    fs::write(stage.path(if *in_place { "log" } else { "new" }), old + &new).unwrap();
                    if !in_place {
                        stage.rename("new", "log");
                    }
                    log = stage.writer("log");
                }
            }
            Act::Rotate
            | Act::RotateDated
            | Act::Delete
            | Act::CopyCut
            | Act::Cut
            | Act::Refill(_)
            | Act::Swap => {
                if torn {
                    writeln!(log).unwrap();
                    torn = false;
                }
                if !may_destroy && !matches!(act, Act::Rotate | Act::RotateDated) {
                    stage.settle();
                    settle_all(&mut stage, next);
                }
                match act {
                    Act::Rotate => {
                        shift(&stage);
                        stage.rename("log", "log.1");
                        renamed = Some(log.try_clone().unwrap());
                    }
                    Act::RotateDated => {
                        stage.rename("log", &format!("log-20261129-{}", 1_795_910_400 + number));
                        renamed = Some(log.try_clone().unwrap());
                    }
                    Act::Delete => fs::remove_file(stage.path("log")).unwrap(),
                    Act::CopyCut => {
                        shift(&stage);
                        fs::copy(stage.path("log"), stage.path("log.1")).unwrap();
                        stage.writer("log.1").set_modified(clock - Duration::from_secs(1)).unwrap();
                        log.set_len(0).unwrap();
                    }
                    Act::Swap => {
                        drop(stage.writer("new"));
                        stage.rename("new", "log");
                    }
                    Act::Refill(n) => {
                        let n = if *n == 0 { log.metadata().unwrap().len() / LINE } else { u64::from(*n) };
                        log.set_len(0).unwrap();
                        for _ in 0..n {
                            writeln!(log, "line {next:05}").unwrap();
                            next += 1;
                        }
                    }
                    _ => log.set_len(0).unwrap(),
                }
            }
        }
        log.set_modified(clock).unwrap();
    }
    if torn {
        writeln!(stage.writer("log")).unwrap();
    }
    drop(stage.writer("log"));
    stage.settle();
    settle_all(&mut stage, next);
    stage.pass(Duration::from_secs(7));
    (stage.lines, (0..next).map(|number| format!("line {number:05}")).collect())
}

/// Lets as much time go by as all failures may take that are under way.
fn settle_all(stage: &mut Stage, written: usize) {
    for _ in 0..FAILURES {
        if stage.lines.len() >= written || !stage.is_failing() {
            return;
        }
        stage.pass(Duration::from_secs(1));
    }
}

/// The lines of a log that is read once, as `Stage` spells them.
fn once(stage: &Stage) -> (Vec<String>, u64) {
    let mut lines = Vec::new();
    let source = Origin::Path(stage.path("log"));
    let ending =
        read_once(&source, stage.options(), |block| lines.extend(block.lines().map(|line| spell(&line))));
    (lines, ending.unwrap().pending)
}

proptest! {
    #![proptest_config(crate::common::cases(256))]

    #[test]
    fn a_log_that_was_never_rotated_is_the_same_followed_or_read_once(
        parts in prop::collection::vec(
            prop_oneof![
                Just("{\n".to_owned()), Just("\r\n".to_owned()), Just("\0\0\0".to_owned()),
                Just("{\"a\":1}\n".to_owned()), Just("\u{feff}".to_owned()), Just("x".repeat(700)), "[a-z\n]{0,9}",
            ], 0..20),
    ) {
        let mut stage = Stage::with("{\n");
        for part in &parts {
            stage.append("log", part);
            stage.pass(Duration::from_secs(1));
        }
        let (lines, pending) = once(&stage);
        prop_assert_eq!(&stage.lines, &lines);
        prop_assert_eq!(stage.status.pending, pending);
    }
}

proptest! {
    #![proptest_config(crate::common::cases(300))]

    #[test]
    fn no_line_is_lost_doubled_or_invented(acts in acts(), faults in faults()) {
        let (read, written) = play(&acts, false, faults);
        prop_assert_eq!(read, written);
    }

    #[test]
    fn what_a_cut_destroys_is_all_that_is_missing(acts in acts(), faults in faults()) {
        let (read, written) = play(&acts, true, faults);
        // In order, once, and whole.
        let mut left = written.iter();
        for line in &read {
            prop_assert!(left.any(|one| one == line), "{line} is doubled, invented or out of order");
        }
    }
}

#[test]
fn a_copy_beside_dated_files_is_read_in_its_order() {
    use Act::{Append, CopyCut, Late, RotateDated, Swap};
    let acts = [RotateDated, Late, Swap, Append(1), RotateDated, Append(1), CopyCut];
    let (read, written) = play(&acts, true, "");
    assert_eq!(read, written);
}
