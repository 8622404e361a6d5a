//! Whole screens at instants that are looked back on, at fixed sizes.

use std::io::Write as _;
use std::sync::Arc;

use insta::assert_snapshot;
use runwatch::runtime::finish;
use runwatch::source::archive::Archive;
use runwatch::ui::Theme;
use runwatch::ui::theme::Palette;

use crate::common::{lines_of, read_text};
use crate::stage::Stage;

const PLAIN: Theme = Theme { color: false, unicode: true, palette: Palette::Dark };
const ASCII: Theme = Theme { color: false, unicode: false, palette: Palette::Dark };

/// A recording in which payments fail for a while.
const INCIDENT: &str = "assets/incident.jsonl";

/// A replay on a screen, with a log that can be read again.
struct Replay {
    stage: Stage,
    archive: Archive,
}

impl Replay {
    fn of(log: &[u8], (width, height): (u16, u16)) -> Self {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(log).unwrap();
        let mut archive = Archive::new(runwatch::engine::options().framing);
        archive.keep(0, &Arc::new(file));
        Self { stage: Stage::replay(width, height).read(log), archive }
    }

    fn incident(size: (u16, u16)) -> Self {
        Self::of(&lines_of(INCIDENT), size)
    }

    fn theme(self, theme: Theme) -> Self {
        Self { stage: self.stage.theme(theme), ..self }
    }

    /// Presses keys one by one, each when what came of the one before is done.
    fn press(mut self, keys: &str) -> Self {
        let mut rest = keys;
        while let Some(c) = rest.chars().next() {
            let end = if c == '<' { rest.find('>').unwrap() + 1 } else { c.len_utf8() };
            let (key, after) = rest.split_at(end);
            let _ = self.stage.type_keys(key);
            finish(&mut self.stage.app, &self.archive);
            rest = after;
        }
        self
    }

    fn text(&mut self) -> String {
        self.stage.text()
    }
}

#[test]
fn a_replay_fits_every_size() {
    for (width, height) in [(40, 10), (80, 24), (120, 40), (200, 60)] {
        let mut replay = Replay::incident((width, height)).press("b#1851<enter>");
        assert_snapshot!(format!("replay_{width}x{height}"), replay.text());
    }
}

#[test]
fn an_instant_is_told_without_color_and_in_ascii() {
    let replay = |theme| Replay::incident((120, 40)).theme(theme).press("b#1851<enter>");
    assert_eq!(replay(PLAIN).text(), replay(Theme::default()).text());
    let ascii = replay(ASCII).text();
    assert!(ascii.is_ascii(), "{ascii}");
    assert_snapshot!("replay_120x40_ascii", ascii);
}

#[test]
fn the_charts_tell_the_whole_log_and_measure_up_to_the_instant() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut replay = Replay::incident((width, height)).press("b#1851<enter>5");
        assert_snapshot!(format!("charts_{width}x{height}"), replay.text());
    }
}

#[test]
fn what_is_different_from_a_marked_instant_is_a_page() {
    let mut replay = Replay::incident((120, 40)).press("b#572<enter>Db#2419<enter>d");
    assert_snapshot!("changes_120x40", replay.text());
    assert_snapshot!("changes_end_120x40", replay.press("G").text());
    let mut back = Replay::incident((80, 24)).press("b#2419<enter>Db#572<enter>dG");
    assert_snapshot!("changes_back_80x24", back.text());
}

#[test]
fn a_log_whose_clocks_lie_is_gone_through_by_sequence() {
    // Of a host that was never told the time.
    let early = read_text(INCIDENT).replace("1795243", "1");
    let mut replay = Replay::of(early.as_bytes(), (120, 40)).press("b#1851<enter>");
    assert_snapshot!("timeless_120x40", replay.text());
    let mut leapt = replay.press("[");
    assert!(leapt.text().contains("#1,815 of #3,608"), "a hundredth of the log: {}", leapt.text());
    // Of one whose time runs backward.
    let log = backward(&read_text("tests/logs/live-small-mid.jsonl"));
    let mut replay = Replay::of(log.as_bytes(), (80, 24)).press("b#615<enter>");
    assert_snapshot!("timeless_80x24", replay.text());
}

#[test]
fn a_log_of_one_second_is_drawn_by_its_events() {
    let log = read_text(INCIDENT);
    let second: Vec<&str> =
        log.split_inclusive('\n').skip(1852).take_while(|line| line.contains("1795243660")).collect();
    let mut replay = Replay::of(second.concat().as_bytes(), (80, 24)).press(",,");
    let text = replay.text();
    assert_snapshot!("one_second", text.lines().skip(21).collect::<Vec<_>>().join("\n"));
}

/// The same log with its seconds in the reverse order, and far apart.
fn backward(log: &str) -> String {
    let mut turned = String::new();
    let mut rest = log;
    while let Some(at) = rest.find("17951") {
        let (before, found) = rest.split_at(at);
        let (second, after) = found.split_at(10);
        let number =
            second.parse::<u64>().map(|second| (1_795_196_000 - (second - 1_795_190_000) * 100).to_string());
        turned += before;
        turned += &number.unwrap_or_else(|_| second.to_owned());
        rest = after;
    }
    turned + rest
}

#[test]
fn what_is_typed_of_an_instant_is_in_the_last_line() {
    for (width, height) in [(40, 10), (80, 24), (120, 40)] {
        let mut replay = Replay::incident((width, height)).press("b06:47");
        let text = replay.text();
        assert!(text.lines().last().unwrap().starts_with(" Go to 06:47"), "{text}");
        assert_snapshot!(format!("prompt_{width}"), text.lines().last().unwrap());
    }
}

#[test]
fn hostile_text_that_is_typed_is_shown_as_marks() {
    let mut replay = Replay::incident((80, 24)).press("b\u{202e}#1\u{200b}8\u{2066}\u{9b}\u{85}");
    let text = replay.text();
    let last = text.lines().last().unwrap();
    assert!(!last.chars().any(is_hidden), "{last:?}");
    assert_snapshot!("prompt_hostile", last);
    let mut refused = replay.press("<enter>");
    let text = refused.text();
    let last = text.lines().last().unwrap();
    assert!(last.contains("is no instant") && !last.chars().any(is_hidden), "{last:?}");
}

/// Returns true if a character shows nothing, or shows it in another order.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

#[test]
fn every_size_of_a_replay_can_be_drawn() {
    let log = lines_of(INCIDENT);
    let first: Vec<u8> = log.split_inclusive(|byte| *byte == b'\n').take(600).collect::<Vec<_>>().concat();
    for keys in ["", "<home>", "b#573<enter>", "b", "5", "jj<enter>", "D,d", "jj<enter><home>"] {
        let mut replay = Replay::of(&first, (80, 24)).press(keys);
        for (width, height) in (1..=130).step_by(13).flat_map(|w| (1..=50).step_by(7).map(move |h| (w, h))) {
            replay.stage.app.resize(width, height);
            finish(&mut replay.stage.app, &replay.archive);
            replay.stage.draw();
        }
    }
}
