//! Pictures of the recorded log: always the same for the same log and keys, and never in the place of anything else.

use std::fs;
use std::path::Path;

use runwatch::args::{Picture, Screenshot};
use runwatch::commands::{Failure, screenshot};
use runwatch::source::origin::Origin;
use runwatch::ui::theme::Palette;

const LOG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/orders.jsonl");
const INCIDENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/incident.jsonl");

fn shot(picture: &Path, keys: &str) -> Screenshot {
    Screenshot {
        given: runwatch::args::GivenArgs::default(),
        source: Origin::Path(LOG.into()),
        output: Picture::Path(picture.to_owned()),
        size: (120, 40),
        at: None,
        replay: false,
        query: None,
        keys: keys.to_owned(),
        now: None,
        control: None,
        ascii: false,
        no_color: false,
        theme: Palette::default(),
    }
}

fn draw(shot: &Screenshot) -> Result<String, Failure> {
    screenshot::run(shot)?;
    let Picture::Path(path) = &shot.output else { panic!("it goes to a file") };
    Ok(fs::read_to_string(path).unwrap())
}

#[test]
fn the_same_log_and_keys_are_the_same_picture() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.svg");
    for keys in ["", "l l l l j Enter", "?", "l l l j c"] {
        let picture = draw(&shot(&path, keys)).unwrap();
        assert_eq!(picture, draw(&shot(&path, keys)).unwrap(), "{keys}");
        assert!(picture.contains(">orders.jsonl</text>") && picture.contains(">LIVE</text>"), "{keys}");
    }
    let detail = draw(&shot(&path, "l l l l j Enter")).unwrap();
    assert!(detail.contains(">RetryWait</text>") && detail.contains(">Timeline</text>"), "{detail}");
    let end = draw(&shot(&path, "l l l l j Enter G")).unwrap();
    assert!(end.contains(r#">"code": "execution_failed",</text>"#), "{end}");
}

#[test]
fn time_is_what_it_is_told_to_be() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.svg");
    let picture = draw(&shot(&path, "")).unwrap();
    assert!(picture.contains(">0s</text>") && !picture.contains(">1h00m</text>"));
    let later = Screenshot { now: Some(1_795_222_665 + 3600), ..shot(&path, "") };
    assert!(draw(&later).unwrap().contains(">1h00m</text>"));
}

#[test]
fn a_picture_of_a_replay_knows_what_comes_and_one_of_a_log_that_ends_there_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.svg");
    let source = Origin::Path(INCIDENT.into());
    let at = Some("#1851".parse().unwrap());
    let replay = Screenshot { source, at, replay: true, ..shot(&path, "") };
    let words = |picture: &str| {
        let texts = picture.split("<text").skip(1).filter_map(|text| text.split(['>', '<']).nth(1));
        texts.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let picture = draw(&replay).unwrap();
    assert_eq!(picture, draw(&replay).unwrap());
    let said = words(&picture);
    assert!(said.contains("REPLAY") && said.contains("#1,851 of #3,608"), "{said}");
    let later = words(&draw(&Screenshot { keys: ".".to_owned(), ..replay.clone() }).unwrap());
    assert!(later.contains("#1,852 of #3,608"), "{later}");
    let ended = words(&draw(&Screenshot { replay: false, ..replay.clone() }).unwrap());
    assert!(ended.contains("LIVE") && ended.contains("#1,851") && !ended.contains("#3,608"), "{ended}");
    let piped = Screenshot { source: Origin::Stdin, ..replay };
    assert_eq!(draw(&piped).unwrap_err().what, "a replay of a pipe cannot be drawn");
}

#[test]
fn keys_that_lead_out_of_the_picture_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.svg");
    for (keys, words) in [
        ("q", "the key q leaves the dashboard"),
        ("j Ctrl-z", "the key Ctrl-z leaves the dashboard"),
        ("l l l j c y", "the key y sends a command, and a picture sends none"),
        ("j Hyper\x1b", "no key is called Hyper\\x1b"),
    ] {
        let control = Some(format!("file:{}/commands", dir.path().display()).parse().unwrap());
        let failure = draw(&Screenshot { control, ..shot(&path, keys) }).unwrap_err();
        assert_eq!(failure.what, words);
        assert!(failure.hint.is_some());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "{keys}");
    }
}

#[test]
fn a_picture_never_takes_the_place_of_its_log() {
    let dir = tempfile::tempdir().unwrap();
    let (log, link) = (dir.path().join("log"), dir.path().join("link"));
    fs::copy(LOG, &log).unwrap();
    std::os::unix::fs::symlink(&log, &link).unwrap();
    for place in [&log, &link] {
        let failure = draw(&Screenshot { source: Origin::Path(log.clone()), ..shot(place, "") }).unwrap_err();
        assert_eq!(failure.what, "the picture would overwrite the log");
    }
    assert_eq!(fs::read(&log).unwrap(), fs::read(LOG).unwrap());
}

/// A file is what it is called, and nothing is written under a name that promises something else.
#[test]
fn a_picture_is_written_as_what_the_file_is_called_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    for (name, expected) in [
        ("a.png", "no .png can be written: a screenshot is an .svg or .html"),
        ("a.svg.PNG", "no .PNG can be written"),
        ("a.txt", "no .txt can be written"),
        ("a.jpg", "no .jpg can be written"),
        ("a.csv", "would be a file of runs"),
        ("a.jsonl", "would be a file of runs"),
        ("picture", "does not say what to write"),
        (".svg", "does not say what to write"),
    ] {
        let failure = draw(&shot(&dir.path().join(name), "")).unwrap_err();
        assert!(failure.what.contains(expected), "{name}: {}", failure.what);
        assert!(failure.hint.unwrap().contains(".svg"), "{name}");
        assert!(!dir.path().join(name).exists(), "{name}");
    }
    for (name, begin) in [("a.svg", "<svg "), ("a.SVG", "<svg "), ("a.htm", "<!DOCTYPE html>")] {
        assert!(draw(&shot(&dir.path().join(name), "")).unwrap().starts_with(begin), "{name}");
    }
    let device = shot(Path::new("/dev/null"), "");
    assert!(screenshot::run(&device).is_ok());
}
