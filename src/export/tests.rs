//! Files that are written whole or not at all, and what is in them.

use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use super::*;
use crate::app::{Now, Preferences, Sending, Setup};
use crate::control::Why;
use crate::engine::batch::Decoder;
use crate::history::Keep;
use crate::source::delivery::Delivery;
use crate::source::origin::Origin;
use crate::source::read_once::Once;
use crate::view::Clock;
use crate::view::format::thousands;

const LOG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/logs/live-small-mid.jsonl");
const NOW: u64 = 1_795_196_272;

/// A dashboard of a recording.
fn app() -> App {
    let setup = Setup {
        name: "orders.jsonl".to_owned(),
        given: crate::engine::Given::default(),
        clock: Clock::utc(),
        sending: Sending::Off(Why::NoTarget),
        evidence_timeout: Duration::from_secs(30),
        keep: Keep::Nothing,
        retain: crate::store::Retain::default(),
        opens_at: None,
        taste: Preferences::default(),
    };
    let now = Now { unix_ms: NOW * 1000, instant: Instant::now() };
    let mut app = App::new(setup, (100, 30), now);
    let mut once = Once::open(&Origin::Path(LOG.into()), crate::engine::options()).unwrap();
    let mut decoder = Decoder::default();
    while let Some(block) = once.read().unwrap() {
        app.ingest(Delivery::Block(decoder.decode(block)), now);
    }
    app
}

struct Place {
    dir: tempfile::TempDir,
    app: App,
}

impl Place {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), app: app() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes every run, `n` at a time; says in how many slices.
    fn export(&self, name: &str, existing: Existing, n: usize) -> Result<(Written, usize), ExportError> {
        let path = self.path(name);
        let (kind, runs) = (ExportFormat::of(&path).unwrap(), self.app.store().keys().collect());
        let export = Export { path, kind, existing, runs };
        let mut exporter =
            Exporter::begin(export, Some(&self.path("log.jsonl")), &self.app, Theme::default())?;
        for slices in 1.. {
            match exporter.advance(self.app.store(), NOW, n)? {
                ExportProgress::Going(rest) => exporter = rest,
                ExportProgress::Done(written) => return Ok((written, slices)),
            }
            assert!(!self.path(name).exists() || existing == Existing::Replace, "never a part of it");
        }
        unreachable!("it ends")
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.dir.path()).unwrap();
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
    }
}

#[test]
fn runs_are_written_in_slices_and_are_there_at_once() {
    let place = Place::new();
    let n_runs = place.app.store().len();
    assert_eq!(n_runs, 194);
    let (written, slices) = place.export("a.csv", Existing::Keep, 50).unwrap();
    assert_eq!((written.runs, slices), (194, 4));
    let text = fs::read_to_string(place.path("a.csv")).unwrap();
    assert_eq!(text.len() as u64, written.bytes);
    assert_eq!(
        written.to_string(),
        format!(
            "194 runs were written to {} ({} bytes)",
            place.path("a.csv").display(),
            thousands(written.bytes)
        )
    );
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().get(9), Some("in_state_seconds"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 194);
    let running = rows.iter().find(|row| &row[1] == "Running").unwrap();
    assert_eq!((&running[3], &running[5], &running[6]), ("slow job", "1", "2"), "{running:?}");
    assert!(running[10].starts_with("2026-11-20T17:3") && running[10].ends_with('Z'), "{running:?}");
    let ages = rows.iter().all(|row| row[9].parse::<u64>().is_ok());
    assert!(ages);

    place.export("a.jsonl", Existing::Keep, 1).unwrap();
    let text = fs::read_to_string(place.path("a.jsonl")).unwrap();
    let expected: String =
        place.app.store().keys().map(|key| projection::line(place.app.store(), key)).collect();
    assert_eq!(text, expected);
}

#[test]
fn the_screen_is_written_as_a_picture_and_as_a_page() {
    let place = Place::new();
    for (name, begin) in [("a.svg", "<svg "), ("a.html", "<!DOCTYPE html>")] {
        let (written, _) = place.export(name, Existing::Keep, 10).unwrap();
        assert!(written.to_string().starts_with("the screen was written to "), "{written}");
        let text = fs::read_to_string(place.path(name)).unwrap();
        assert!(text.starts_with(begin) && text.contains("orders.jsonl") && text.contains("Suspended"));
    }
}

#[test]
fn what_is_there_is_kept_unless_it_was_asked_to_be_replaced() {
    let place = Place::new();
    fs::write(place.path("a.csv"), "mine").unwrap();
    let error = place.export("a.csv", Existing::Keep, 10).unwrap_err();
    assert!(
        error.to_string().ends_with("is there already; put ! after the command to replace it"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(place.path("a.csv")).unwrap(), "mine");
    place.export("a.csv", Existing::Replace, 10).unwrap();
    assert!(fs::read_to_string(place.path("a.csv")).unwrap().starts_with("\u{feff}run,state,"));
    // A dangling link is there too.
    symlink("nowhere", place.path("b.csv")).unwrap();
    assert!(matches!(place.export("b.csv", Existing::Keep, 10), Err(ExportError::Exists(_))));
    assert!(matches!(place.export("b.csv", Existing::Replace, 10), Err(ExportError::NoFile(_))));
    assert_eq!(place.names().len(), 2, "{:?}", place.names());
}

#[test]
fn what_appears_while_it_is_written_is_kept() {
    let place = Place::new();
    let runs = place.app.store().keys().collect();
    let export =
        Export { path: place.path("a.csv"), kind: ExportFormat::Csv, existing: Existing::Keep, runs };
    let exporter = Exporter::begin(export, None, &place.app, Theme::default()).unwrap();
    fs::write(place.path("a.csv"), "mine").unwrap();
    let end = exporter.advance(place.app.store(), NOW, 1000);
    assert!(matches!(end, Err(ExportError::Exists(_))), "{end:?}");
    assert_eq!(fs::read_to_string(place.path("a.csv")).unwrap(), "mine");
    assert_eq!(place.names(), ["a.csv"]);
}

#[test]
fn the_log_is_never_replaced_nor_what_is_no_file() {
    let place = Place::new();
    fs::write(place.path("log.jsonl"), "events").unwrap();
    fs::hard_link(place.path("log.jsonl"), place.path("other.jsonl")).unwrap();
    fs::create_dir(place.path("dir.csv")).unwrap();
    for name in ["log.jsonl", "other.jsonl"] {
        for existing in [Existing::Keep, Existing::Replace] {
            let end = place.export(name, existing, 10);
            assert!(matches!(end, Err(ExportError::IsTheLog(_))), "{name} {existing:?}");
        }
    }
    assert!(matches!(place.export("dir.csv", Existing::Replace, 10), Err(ExportError::NoFile(_))));
    let error = place.export("no/a.csv", Existing::Keep, 10).unwrap_err();
    assert!(error.to_string().contains("name one in another directory"), "{error}");
    assert_eq!(fs::read_to_string(place.path("log.jsonl")).unwrap(), "events");
}

#[test]
fn nothing_is_left_of_a_file_that_was_given_up() {
    let place = Place::new();
    let runs = place.app.store().keys().collect();
    let export =
        Export { path: place.path("a.csv"), kind: ExportFormat::Csv, existing: Existing::Keep, runs };
    let exporter = Exporter::begin(export, None, &place.app, Theme::default()).unwrap();
    let ExportProgress::Going(exporter) = exporter.advance(place.app.store(), NOW, 10).unwrap() else {
        panic!()
    };
    assert_eq!(place.names().len(), 1);
    drop(exporter);
    assert!(place.names().is_empty());
}

#[test]
fn a_tilde_at_the_start_is_the_home_directory() {
    let home = Path::new("/home/ada");
    for (file, expected) in [
        ("~/x.svg", "/home/ada/x.svg"),
        ("~/a/b.csv", "/home/ada/a/b.csv"),
        ("x.svg", "x.svg"),
        ("/tmp/~/x.svg", "/tmp/~/x.svg"),
        ("~ada/x.svg", "~ada/x.svg"),
        ("a~.svg", "a~.svg"),
    ] {
        assert_eq!(expand_home(Path::new(file), Some(home)), Path::new(expected), "{file}");
        assert_eq!(expand_home(Path::new(file), None), Path::new(file), "{file} without a home");
    }
}
