//! The page of a run: the drawing of its life, its attempts, its events and their lines, at fixed times and sizes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;
#[path = "life/diary.rs"]
mod diary;

use std::time::{Duration, Instant};

use common::{fold, lines_of};
use diary::{Diary, NOON, RUN};
use insta::assert_snapshot;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use ratatui::style::Color;
use runwatch::log::decode::{Decoded, decode};
use runwatch::model::event::Vocabulary;
use runwatch::model::id::RunId;
use runwatch::model::place::Place;
use runwatch::model::text;
use runwatch::store::{Rules, RunKey, Store};
use runwatch::ui::{RunPage, Theme};
use runwatch::view::Clock;
use runwatch::view::detail::{Detail, Lines, Moment, Scroll};

const ASCII: Theme = Theme { color: false, unicode: false };

/// A run of a log, and what is needed to show it.
struct Show {
    log: Vec<u8>,
    store: Store,
    key: RunKey,
    moments: Vec<Moment>,
    clock: Clock,
    now: u64,
    selected: Option<usize>,
    lines: Lines,
    theme: Theme,
}

impl Show {
    fn of(log: &[u8], run: &str, vocabulary: Vocabulary, now: u64) -> Self {
        let store = fold(log, Rules::default());
        let run: RunId = run.parse().unwrap();
        let key = store.find(run).unwrap();
        let task = store.task(store.run(key).task).id;
        let mut moments = Vec::new();
        let mut offset = 0;
        for (number, line) in (1..).zip(log.split_inclusive(|byte| *byte == b'\n')) {
            let line_text = line.strip_suffix(b"\n").unwrap_or(line);
            let len = u32::try_from(line_text.len()).unwrap();
            let place = Place { line: number, offset, len, generation: 0 };
            offset += line.len() as u64;
            if let Ok(Decoded::Event(event)) = decode(line_text, vocabulary) {
                moments.extend(Moment::concerning(run, task, place, &event));
            }
        }
        Self {
            log: log.to_vec(),
            store,
            key,
            moments,
            clock: Clock::utc(),
            now,
            selected: None,
            lines: Lines::Whole,
            theme: Theme::default(),
        }
    }

    fn diary(diary: &Diary) -> Self {
        Self::of(&diary.log, RUN, Vocabulary::Aq01, diary.now)
    }

    /// A run of the recorded log of orders, found by the beginning of its id, ten seconds after the log's end.
    fn order(run: &str) -> Self {
        Self::recorded("assets/orders.jsonl", run, usize::MAX)
    }

    /// A run of the first lines of a log of ActionQueue 0.2 or later.
    fn recorded(path: &str, run: &str, n_lines: usize) -> Self {
        let all = lines_of(path);
        let log = all.split_inclusive(|byte| *byte == b'\n').take(n_lines).collect::<Vec<_>>().concat();
        let text = String::from_utf8(log.clone()).unwrap();
        let id =
            text.match_indices(run).map(|(at, _)| &text[at..at + 36]).find(|id| id.parse::<RunId>().is_ok());
        let mut show = Self::of(&log, id.unwrap(), Vocabulary::Aq02, 0);
        let last = show.moments.last().unwrap();
        show.now = last.at.unwrap() + 10;
        show
    }

    fn select(self, selected: usize) -> Self {
        Self { selected: Some(selected), ..self }
    }

    /// Without the lines of the log.
    fn without_lines(self) -> Self {
        Self { moments: Vec::new(), lines: Lines::Gone, ..self }
    }

    fn themed(self, theme: Theme) -> Self {
        Self { theme, ..self }
    }

    fn with<T>(&self, width: u16, what: impl FnOnce(&Detail<'_>) -> T) -> T {
        let shown = self.selected.map_or(self.moments.last(), |index| self.moments.get(index));
        let raw = shown.map(|moment| {
            let from = usize::try_from(moment.place.offset).unwrap();
            std::str::from_utf8(&self.log[from..from + moment.place.len as usize]).unwrap()
        });
        what(&Detail {
            store: &self.store,
            key: self.key,
            life: self.store.life(self.key),
            now: self.now,
            clock: &self.clock,
            standing: None,
            moments: &self.moments,
            lines: self.lines,
            selected: self.selected,
            raw,
            width: usize::from(width),
        })
    }

    /// The page on a screen of its own.
    fn screen(&self, width: u16, height: u16, scroll: Scroll) -> Terminal<TestBackend> {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let text = Rect::new(1, 1, width.saturating_sub(2), height.saturating_sub(1));
        self.with(text.width, |detail| {
            terminal
                .draw(|frame| {
                    let page = RunPage { detail, scroll, theme: self.theme, text };
                    frame.render_widget(page, frame.area());
                })
                .unwrap();
        });
        terminal
    }

    fn text_at(&self, width: u16, height: u16, scroll: Scroll) -> String {
        let screen = self.screen(width, height, scroll);
        let buffer = screen.backend().buffer();
        let row = |y| {
            let mut row = String::new();
            let mut x = 0;
            while x < width {
                let symbol = buffer[(x, y)].symbol();
                row += symbol;
                x += u16::try_from(text::width(symbol).max(1)).unwrap();
            }
            row.trim_end().to_owned() + "\n"
        };
        let rows: String = (0..height).map(row).collect();
        rows.trim_end().to_owned() + "\n"
    }

    fn text(&self, width: u16, height: u16) -> String {
        self.text_at(width, height, Scroll::default())
    }
}

fn retries() -> Diary {
    Diary::new()
        .to("Ready")
        .wait(1)
        .fail(
            2,
            "HTTP 503 from upstream: the payment gateway is draining its connections, try again in a while",
            4,
        )
        .fail(
            3,
            "panicked at src/worker.rs:12:5:\n  no such invoice: 4711\nnote: run with RUST_BACKTRACE=1",
            8,
        )
        .wait(1)
        .start("worker-2")
        .wait(5)
        .finish("Timeout", Some("timed out after 5 s"), "worker-2")
        .to("RetryWait")
        .wait(16)
        .to("Ready")
        .start("worker-1")
        .wait(4)
        .finish("Success", None, "worker-1")
        .to("Completed")
        .wait(30)
}

fn beaten() -> Diary {
    let mut diary = Diary::new().to("Ready").wait(3).start("worker-7");
    for _ in 0..6 {
        diary = diary.wait(10).beat("worker-7");
    }
    diary.wait(4)
}

fn backward() -> Diary {
    Diary::new().to("Ready").wait(50).fail(2, "connection reset", 5).back(3600).fail(1, "connection reset", 5)
}

fn quiet() -> Diary {
    Diary::new()
        .wait(3 * 86_400)
        .to("Ready")
        .wait(1)
        .fail(2, "the door is shut", 3600)
        .start("worker-1")
        .wait(2)
}

/// A run that was suspended and went on.
fn suspended() -> Diary {
    Diary::new()
        .to("Ready")
        .wait(2)
        .start("worker-1")
        .wait(6)
        .finish("Suspended", None, "worker-1")
        .suspend("budget of tokens used up")
        .wait(20)
        .resume()
        .wait(1)
        .start("worker-1")
        .wait(3)
        .finish("Success", None, "worker-1")
        .to("Completed")
}

#[test]
fn a_life_is_drawn_to_scale() {
    assert_snapshot!("success", Show::order("280ee1a1").text(80, 60));
    assert_snapshot!("retries", Show::diary(&retries()).text(120, 90));
    assert_snapshot!("suspended", Show::diary(&suspended()).text(80, 60));
    assert_snapshot!("open_attempt", Show::diary(&beaten()).text(80, 45));
    assert_snapshot!("awaiting", Show::recorded("assets/orders.jsonl", "37646d7c", usize::MAX).text(100, 60));
}

#[test]
fn a_cancel_before_the_start_is_the_whole_life() {
    assert_snapshot!("canceled", Show::diary(&Diary::new().wait(90).cancel().wait(60)).text(80, 40));
}

#[test]
fn clocks_that_lie_are_said_to() {
    assert_snapshot!("backward", Show::diary(&backward()).text(80, 24));
    let counter = Diary::at(7).to("Ready").wait(1).fail(2, "no", 3);
    assert_snapshot!("counter", Show::diary(&counter).text(80, 24));
}

#[test]
fn long_quiet_stretches_are_squeezed() {
    assert_snapshot!("quiet", Show::diary(&quiet()).text(80, 24));
    assert_snapshot!("quiet_ascii", Show::diary(&quiet()).themed(ASCII).select(7).text(80, 24));
}

#[test]
fn every_event_has_its_line() {
    let show = Show::diary(&retries()).select(4);
    let scroll = show.with(78, |detail| detail.scrolled_to_event(4, Scroll::default(), 23));
    assert_snapshot!("event", show.text_at(80, 24, scroll));
}

#[test]
fn a_log_whose_lines_are_gone_leaves_what_the_store_knows() {
    assert_snapshot!("lines_gone", Show::diary(&beaten()).without_lines().text(80, 45));
}
