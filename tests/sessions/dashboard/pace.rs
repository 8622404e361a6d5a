//! Frequency of drawing: not more than a user sees, and nothing when nothing happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::gone::used_so_far;
use super::{Stage, WHOLE};

/// Suffix of each frame that changes something, and of nothing else.
const END: &[u8] = b"\x1b[59m\x1b[0m";

fn frames(raw: &[u8]) -> usize {
    raw.windows(END.len()).filter(|bytes| *bytes == END).count()
}

/// A log that comes without a pause, and a user who holds a key, would keep a far line busy with frames.
#[test]
fn a_storm_is_at_most_sixty_frames_a_second() {
    let stage = Stage::new(WHOLE);
    let mut session = stage.watch();
    let is_over = Arc::new(AtomicBool::new(false));
    let (log, end) = (stage.log.clone(), Arc::clone(&is_over));
    let storm = thread::spawn(move || {
        use std::io::Write as _;
        let mut log = std::fs::File::options().append(true).open(log).unwrap();
        for number in (2000_u64..).take_while(|_| !end.load(Ordering::SeqCst)) {
            let task = "00000000-0000-4000-8000-000000000001";
            let event = format!(
                "{{\"BudgetConsumed\":{{\"task_id\":\"{task}\",\"dimension\":\"Token\",\"amount\":1,\"timestamp\":1}}}}"
            );
            writeln!(log, "{{\"sequence\":{number},\"event\":{event}}}").unwrap();
            if number.is_multiple_of(10) {
                thread::sleep(Duration::from_millis(1));
            }
        }
    });
    session.wait_for(" ev/s");
    let (start, before) = (Instant::now(), frames(session.raw()));
    while start.elapsed() < Duration::from_secs(1) {
        session.press(if frames(session.raw()).is_multiple_of(2) { "j" } else { "k" });
        session.look(Duration::from_millis(2));
    }
    let took = start.elapsed();
    let drawn = frames(session.raw()) - before;
    is_over.store(true, Ordering::SeqCst);
    storm.join().unwrap();
    assert!(drawn > 5, "{drawn} frames: nothing is measured");
    // Some were on their way already when the second began.
    assert!(drawn as f64 <= took.as_secs_f64() * 62.5 + 10.0, "{drawn} frames in {took:?}");
    session.press("q");
    session.end(0);
}

/// A dashboard is left open for weeks, on laptops and over slow lines.
#[test]
#[ignore = "it waits for the rate to come to rest, and then looks on for three seconds"]
fn a_dashboard_at_rest_writes_nothing_and_takes_next_to_no_processor() {
    let stage = Stage::new(WHOLE);
    let mut session = stage.watch();
    session.wait_for("applied 1,230");
    // The rate of the last seconds comes to rest.
    session.look(Duration::from_secs(12));
    let (written, used) = (session.raw().len(), used_so_far(session.id()));
    session.look(Duration::from_secs(3));
    let (new, used) = (String::from_utf8_lossy(&session.raw()[written..]), used_so_far(session.id()) - used);
    assert_eq!(new, "");
    assert!(used <= 0.03, "{used} s of the processor in 3 s");
    session.press("q");
    session.end(0);
}
