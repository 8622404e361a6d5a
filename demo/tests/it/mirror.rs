//! The mirror loses nothing and adds nothing, however the engine's bytes arrive.

use std::io::{self, Read};

use actionqueue_storage::wal::fs_reader::WalFsReader;
use actionqueue_storage::wal::reader::WalReader;
use demo::mirror::{Mirror, MirrorError};

use crate::running::Running;

/// Hands out a file's bytes up to the next cut, then says "no more for now", as a file does that still grows.
struct Growing<'a> {
    bytes: &'a [u8],
    cuts: Vec<usize>,
    at: usize,
}

impl Read for Growing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.cuts.last().copied().unwrap_or(self.bytes.len());
        let n = (end - self.at).min(buffer.len());
        buffer[..n].copy_from_slice(&self.bytes[self.at..self.at + n]);
        self.at += n;
        if n == 0 {
            self.cuts.pop();
        }
        Ok(n)
    }
}

fn mirrored(bytes: &[u8], mut cuts: Vec<usize>) -> Vec<u8> {
    cuts.sort_unstable_by(|a, b| b.cmp(a));
    let n_pumps = cuts.len() + 1;
    let mut log = Vec::new();
    let mut mirror = Mirror::new(Growing { bytes, cuts, at: 0 }, &mut log);
    for _ in 0..n_pumps {
        mirror.pump().unwrap();
    }
    log
}

#[test]
fn the_lines_are_the_engines_events_however_the_bytes_are_cut() {
    let mut demo = Running::start(100.0);
    demo.wait_for("thirty ends of attempts", |log| {
        log.of_kind("AttemptDispositionCommitted").nth(29).map(drop)
    });
    let (dir, tally) = demo.stop();

    let wal = dir.path().join("store/wal/actionqueue.wal");
    let bytes = std::fs::read(&wal).unwrap();
    let mut expected = Vec::new();
    let mut n_events = 0;
    let mut events = WalFsReader::new(wal).unwrap();
    while let Some(event) = events.read_next().unwrap() {
        serde_json::to_writer(&mut expected, &event).unwrap();
        expected.push(b'\n');
        n_events += 1;
    }

    let live = std::fs::read(dir.path().join("demo.jsonl")).unwrap();
    assert!(live == expected, "the log that was made while the engine ran");
    assert_eq!(tally.events, n_events);

    assert!(mirrored(&bytes, vec![]) == expected, "in one piece");
    assert!(mirrored(&bytes, (0..bytes.len().min(3000)).collect()) == expected, "byte by byte");
    let mut rng = fastrand::Rng::with_seed(11);
    for round in 0..40 {
        let cuts = (0..rng.usize(1..200)).map(|_| rng.usize(..bytes.len())).collect();
        assert!(mirrored(&bytes, cuts) == expected, "round {round}");
    }
    // A torn tail stays out, and what came before it stays in.
    let torn = mirrored(&bytes[..bytes.len() - 1], vec![]);
    assert!(expected.starts_with(&torn) && torn.ends_with(b"\n"));
    assert_eq!(torn.iter().filter(|byte| **byte == b'\n').count() as u64, n_events - 1);
}

#[test]
fn what_is_no_frame_is_an_error_with_its_place() {
    let pump = |bytes: &[u8]| Mirror::new(bytes, io::sink()).pump();
    assert!(pump(b"AQCONT1W").is_ok(), "a torn header waits");
    assert!(matches!(pump(&[7; 60]), Err(MirrorError::Corrupt { offset: 0, .. })));
    let mut endless = *b"AQCONT1W____________________________________________";
    assert!(matches!(pump(&endless), Err(MirrorError::Corrupt { .. })), "longer than a frame can be");
    endless[40..44].copy_from_slice(&0_u32.to_le_bytes());
    assert!(matches!(pump(&endless), Err(MirrorError::Corrupt { .. })), "a header that lies");
}
