//! A log in a file, and any instant of it, by the library.

use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;

use runwatch::commands::instant::Instants;
use runwatch::commands::runs;
use runwatch::engine::batch::Decoder;
use runwatch::history::{History, Keep};
use runwatch::source::archive::Archive;
use runwatch::source::origin::Origin;
use runwatch::source::read_once::read_once;
use runwatch::store::{Rules, Store};
use runwatch::view::Clock;
use runwatch::view::instant::When;

/// A log in a file.
pub(crate) struct Stage {
    file: tempfile::NamedTempFile,
}

impl Stage {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        Self { file }
    }

    fn source(&self) -> Origin {
        Origin::Path(self.file.path().to_owned())
    }

    /// The log as the reports go through it, with clocks in UTC.
    pub(crate) fn instants(&self) -> Instants {
        Instants::open(&self.source(), runwatch::engine::Given::default(), Clock::utc()).unwrap()
    }

    /// The store at an instant.
    pub(crate) fn fold_to(&self, at: &str) -> Store {
        self.instants().fold_to(&When::parse(at).unwrap()).unwrap().0
    }

    /// The history of all of it, and what its lines are read again from.
    pub(crate) fn history(&self) -> (History, Archive) {
        let mut archive = Archive::new(runwatch::engine::options().framing);
        archive.keep(0, &Arc::new(File::open(self.file.path()).unwrap()));
        let mut history = History::new(Rules::Lenient, Keep::Lines(u64::MAX));
        let mut decoder = Decoder::default();
        read_once(&self.source(), runwatch::engine::options(), |block| history.fold(&decoder.decode(block)))
            .unwrap();
        (history, archive)
    }
}

/// Where each line ends, and first where none has begun.
pub(crate) fn ends(bytes: &[u8]) -> Vec<usize> {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(ends).collect()
}

/// Returns the output of `runs --json` for a store.
pub(crate) fn runs_json(store: &Store) -> String {
    let mut out = Vec::new();
    runs::write(&mut out, store, None, true).unwrap();
    String::from_utf8(out).unwrap()
}
