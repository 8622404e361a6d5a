//! A directory with a log in it, a follower, and everything that the follower has said.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use runwatch::model::position::Position;
use runwatch::source::SourceStep;
use runwatch::source::archive::Archive;
use runwatch::source::delivery::{Delivery, SourceNotice, Status};
use runwatch::source::file::FileFollower;
use runwatch::source::line::{Line, Raw};
use runwatch::source::lines::Limits;
use runwatch::source::options::Options;
use runwatch::source::reread::Reread as _;
use tempfile::TempDir;

/// The limit of a line.
const LONGEST: usize = 1 << 20;

pub(crate) struct Stage {
    pub(crate) dir: TempDir,
    /// The name of the log.
    name: String,
    /// The directory that it is in, in that of the stage.
    place: String,
    follow: Option<FileFollower>,
    options: Options,
    now: Instant,
    pub(crate) lines: Vec<String>,
    pub(crate) places: Vec<Position>,
    pub(crate) notices: Vec<String>,
    pub(crate) status: Status,
    /// A status has come.
    is_told: bool,
    pub(crate) archive: Archive,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let limits = Limits { line: LONGEST, block: 4096 };
        Self {
            dir: tempfile::tempdir().unwrap(),
            name: "log".to_owned(),
            place: String::new(),
            follow: None,
            options: Options { limits, watch: false, ..runwatch::engine::options() },
            now: Instant::now(),
            lines: Vec::new(),
            places: Vec::new(),
            notices: Vec::new(),
            status: Status::default(),
            is_told: false,
            archive: Archive::new(runwatch::engine::options().framing),
        }
    }

    /// A stage whose log has this name.
    pub(crate) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::new() }
    }

    /// A stage whose files are in a directory of this name, in one that is the stage's alone.
    pub(crate) fn below(place: &str) -> Self {
        let stage = Self { place: place.to_owned(), ..Self::new() };
        fs::create_dir(stage.path("")).unwrap();
        stage
    }

    /// The same where lines are read back later, or not.
    pub(crate) fn reading_back(mut self, reads_back: bool) -> Self {
        self.options.keep_pipes = reads_back;
        self
    }

    /// A stage whose log says this, and has been read.
    pub(crate) fn with(content: &str) -> Self {
        let mut stage = Self::new();
        stage.append("log", content);
        stage.settle();
        stage
    }

    /// The same with reads that go wrong.
    pub(crate) fn failing(mut self, faults: runwatch::fault::Faults) -> Self {
        self.options.faults = faults;
        self
    }

    /// Returns true if reads may fail here.
    pub(crate) fn is_failing(&self) -> bool {
        self.options.faults != runwatch::fault::Faults::default()
    }

    pub(crate) fn options(&self) -> Options {
        self.options
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(&self.place).join(name)
    }

    /// Opens a file as a writer that appends, and keeps it over changes of the name.
    pub(crate) fn writer(&self, name: &str) -> File {
        OpenOptions::new().create(true).append(true).open(self.path(name)).unwrap()
    }

    pub(crate) fn append(&self, name: &str, content: &str) {
        self.writer(name).write_all(content.as_bytes()).unwrap();
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// Steps until there is nothing more to do at this instant.
    pub(crate) fn steps(&mut self) {
        let path = self.path(&self.name);
        if self.follow.is_none() {
            self.follow =
                Some(FileFollower::open(&path, self.options, self.now, SystemTime::UNIX_EPOCH).unwrap());
        }
        loop {
            match self.follow.as_mut().unwrap().step(self.now) {
                SourceStep::Deliver(delivery) => self.receive(delivery),
                SourceStep::Wait(until) => {
                    assert!(until > self.now, "a wait is a wait");
                    return;
                }
                other => panic!("{other:?}"),
            }
        }
    }

    /// Lets this time go by in steps of a fifth of a second.
    pub(crate) fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        self.steps();
        while self.now < end {
            self.now += Duration::from_millis(200);
            self.steps();
        }
    }

    /// Lets enough time go by for everything but late writers.
    pub(crate) fn settle(&mut self) {
        self.pass(Duration::from_secs(3));
    }

    fn receive(&mut self, delivery: Delivery) {
        match delivery {
            Delivery::Block(block) => {
                for line in block.lines() {
                    self.lines.push(spell(&line));
                    self.places.push(line.place);
                    assert_eq!(line.place.line(), self.lines.len() as u64);
                }
            }
            Delivery::Status(status) => {
                assert!(status != self.status || !self.is_told, "only changes are told");
                self.is_told = true;
                self.status = status;
            }
            Delivery::Notice(notice) => {
                self.archive.note(&notice);
                if !matches!(
                    notice,
                    SourceNotice::Opened { .. } | SourceNotice::Moved { .. } | SourceNotice::Beside(_)
                ) {
                    self.notices.push(notice.to_string());
                }
            }
        }
    }

    /// Compares all lines so far, spelled in one line.
    pub(crate) fn check(&self, expected: &str) {
        assert_eq!(self.lines.join(" "), expected, "notices: {:#?}", self.notices);
    }

    pub(crate) fn check_notices(&self, expected: &[&str]) {
        assert_eq!(self.notices, expected);
    }

    /// Every line can be read back.
    pub(crate) fn check_archive(&self) {
        for (place, line) in self.places.iter().zip(&self.lines) {
            let text = self.archive.record(*place, 1 << 20);
            assert_eq!(text.as_deref(), Ok(line.as_bytes()), "{place:?}");
        }
    }
}

/// A line as tests compare it.
pub(crate) fn spell(line: &Line<'_>) -> String {
    let text = match line.text {
        Raw::Whole(text) => String::from_utf8_lossy(text).into_owned(),
        Raw::OverLong { bytes } => format!("({bytes} bytes)"),
        Raw::Damaged(reason) => format!("({reason})"),
    };
    let nuls = if line.nuls > 0 { format!("({} NULs)", line.nuls) } else { String::new() };
    nuls + &text
}

/// Lines by their numbers.
pub(crate) fn lines(numbers: std::ops::Range<u32>) -> String {
    numbers.map(|number| format!("{number}\n")).collect()
}

/// The same as `Stage::check` wants it.
pub(crate) fn words(numbers: std::ops::Range<u32>) -> String {
    numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(" ")
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
}
