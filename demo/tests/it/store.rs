//! The engine's own files, read from outside: nothing is lost and nothing added, while it runs and after it.

use std::fs;
use std::path::Path;

use actionqueue_storage::wal::event::WalEvent;
use actionqueue_storage::wal::fs_reader::WalFsReader;
use actionqueue_storage::wal::reader::{WalReader, WalReaderError};
use runwatch::commands::read::fold_log;
use runwatch::commands::runs;
use runwatch::engine;
use runwatch::source::copy::{CopiedRecords, copy_once};
use runwatch::source::origin::Origin;
use runwatch::store::{Rules, Store};

use crate::running::Running;

/// The events of a log as the engine's own reader decodes them, as lines; and the last one. A torn tail is left out.
pub(crate) fn events(wal: &Path) -> (Vec<u8>, Option<WalEvent>) {
    let (mut lines, mut last) = (Vec::new(), None);
    let mut events = WalFsReader::new(wal.to_owned()).unwrap();
    loop {
        match events.read_next() {
            Ok(Some(event)) => {
                serde_json::to_writer(&mut lines, &event).unwrap();
                lines.push(b'\n');
                last = Some(event);
            }
            Ok(None) => return (lines, last),
            Err(WalReaderError::Corruption(tail)) if tail.repairable() => return (lines, last),
            Err(error) => panic!("{error}"),
        }
    }
}

pub(crate) fn copied(path: &Path) -> (Vec<u8>, CopiedRecords) {
    let mut lines = Vec::new();
    let copied = copy_once(&Origin::Path(path.to_owned()), engine::options(), &mut lines).unwrap();
    (lines, copied)
}

pub(crate) fn folded(path: &Path) -> Store {
    fold_log(&Origin::Path(path.to_owned()), engine::store(Rules::Strict), |_| Ok(())).unwrap().0
}

/// All that `runs --json` tells.
pub(crate) fn told(store: &Store) -> Vec<u8> {
    let mut lines = Vec::new();
    runs::write(&mut lines, store, None, true).unwrap();
    lines
}

#[test]
fn the_lines_are_the_engines_events() {
    let mut demo = Running::start(100.0);
    demo.wait_for("thirty ends of attempts", |log| {
        log.of_kind("AttemptDispositionCommitted").nth(29).map(drop)
    });
    let (dir, tally) = demo.stop();
    let (store, wal) = (dir.path().join("store"), dir.path().join("store/wal/actionqueue.wal"));
    let (expected, last) = events(&wal);
    let n_events = last.unwrap().sequence();

    let live = fs::read(dir.path().join("demo.jsonl")).unwrap();
    assert!(live == expected, "the copy that was made while the engine ran");
    assert_eq!(tally.events, n_events);
    for path in [&store, &wal] {
        let (lines, done) = copied(path);
        assert!(lines == expected, "{}", path.display());
        assert_eq!(done, CopiedRecords { records: n_events, ..CopiedRecords::default() });
    }

    // The store is the same from the frames and from the lines.
    let (frames, lines) = (folded(&store), folded(&dir.path().join("demo.jsonl")));
    assert_eq!((frames.problems().total(), lines.problems().total()), (0, 0));
    assert_eq!(frames.tally(), lines.tally());
    assert!(told(&frames) == told(&lines));

    // A torn tail stays out, and what came before it stays in.
    let bytes = fs::read(&wal).unwrap();
    fs::write(&wal, &bytes[..bytes.len() - 1]).unwrap();
    let (torn, done) = copied(&wal);
    assert!(expected.starts_with(&torn) && torn.ends_with(b"\n"));
    assert_eq!((done.records, done.damaged), (n_events - 1, 0));
    assert!(done.pending > 0);
}
