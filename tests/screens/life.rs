//! The page of a run: the drawing of its life, its attempts, its events and their lines, at fixed times and sizes.

mod diary;

use std::time::Instant;

use diary::{Diary, RUN};
use insta::assert_snapshot;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use ratatui::style::Color;
use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::decode::{Decoded, decode};
use runwatch::engine::actionqueue::describe::concerning;
use runwatch::engine::actionqueue::event::Vocabulary;
use runwatch::engine::run_event::RunEvent;
use runwatch::engine::waiting::Scene;
use runwatch::model::id::RunId;
use runwatch::model::position::{Parts, Position};
use runwatch::model::text;
use runwatch::store::{Rules, RunKey, Store};
use runwatch::ui::theme::Palette;
use runwatch::ui::{RunPage, Theme};
use runwatch::view::detail::{Detail, DetailLines, Drawn, Scroll, Stroke};
use runwatch::view::{Clock, Ids};

use crate::common::{self, fold, lines_of};

const ASCII: Theme = Theme { color: false, unicode: false, palette: Palette::Dark };

/// A run of a log, and what is needed to show it.
struct Show {
    log: Vec<u8>,
    store: Store,
    key: RunKey,
    moments: Vec<RunEvent>,
    clock: Clock,
    now: u64,
    selected: Option<usize>,
    lines: DetailLines,
    theme: Theme,
    drawn: Option<Drawn>,
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
            let place = Position::new(Parts { line: number, offset, len, generation: 0 });
            offset += line.len() as u64;
            if let Ok(Decoded::Event(event)) = decode(line_text, vocabulary) {
                moments.extend(concerning(run, task, place, &event));
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
            lines: DetailLines::Whole,
            theme: Theme::default(),
            drawn: None,
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
        Self { moments: Vec::new(), lines: DetailLines::Gone, ..self }
    }

    fn themed(self, theme: Theme) -> Self {
        Self { theme, ..self }
    }

    fn with<T>(&self, width: u16, what: impl FnOnce(&Detail<'_>) -> T) -> T {
        let shown = self.selected.map_or(self.moments.last(), |index| self.moments.get(index));
        let raw = shown.map(|moment| {
            let from = usize::try_from(moment.place.byte()).unwrap();
            std::str::from_utf8(&self.log[from..from + moment.place.parts().len as usize]).unwrap()
        });
        what(&Detail {
            store: &self.store,
            key: self.key,
            life: self.store.life(self.key),
            now: self.now,
            clock: self.clock.of(self.store.unit()),
            ids: Ids::default(),
            waiting: Scene::of(&self.store).why(&self.store, self.key, self.now),
            standing: None,
            moments: &self.moments,
            lines: self.lines,
            selected: self.selected,
            raw,
            drawn: self.drawn.as_ref(),
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
fn a_run_that_nothing_moves_says_so_at_its_top() {
    // Its worker is gone: the lease has not been extended for two minutes.
    let left = beaten().wait(150);
    assert_snapshot!("stuck", Show::diary(&left).text(80, 16));
    assert_snapshot!("stuck_40x10", Show::diary(&left).themed(ASCII).text(40, 10));
}

#[test]
fn a_life_is_read_on_small_and_large_screens() {
    let show = Show::diary(&retries());
    let scroll = show.with(38, |detail| detail.scrolled(Scroll::default(), 8, 9));
    assert_snapshot!("retries_40x10", show.text_at(40, 10, scroll));
    assert_snapshot!("retries_200x60", show.text(200, 60));
    assert_snapshot!("open_attempt_ascii", Show::diary(&beaten()).themed(ASCII).text(120, 40));
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

/// A run that fails again and again.
fn many(n_attempts: u64) -> Diary {
    let mut diary = Diary::new().to("Ready");
    for attempt in 1..n_attempts {
        diary = diary.fail(attempt % 4, &format!("error {attempt}"), 10 + attempt % 7);
    }
    diary.start("worker-1").wait(2).finish("Success", None, "worker-1").to("Completed")
}

#[test]
fn hundreds_of_attempts_are_drawn_together() {
    assert_snapshot!("many", Show::diary(&many(12)).text(80, 24));
    assert_snapshot!("crowded", Show::diary(&many(300)).text(80, 24));
    // And none of them is lost from the list.
    let show = Show::diary(&many(300));
    let page = show.with(80, |detail| detail.page(Scroll::default(), usize::MAX));
    let text: String =
        page.iter().flat_map(|line| &line.parts).map(|part| part.text.clone() + "\n").collect();
    assert!((1..300).all(|attempt| text.contains(&format!("error {attempt}\n"))));
}

#[test]
fn later_attempts_hide_no_failure_before_them() {
    let mut diary = Diary::new().to("Ready").fail(1, "once", 1);
    for _ in 0..200 {
        diary = diary
            .start("worker-1")
            .wait(1)
            .finish("Suspended", None, "worker-1")
            .suspend("full")
            .wait(1)
            .resume();
    }
    for width in [40, 80, 200] {
        let text = Show::diary(&diary).text(width, 60);
        let lane = text.lines().find(|line| line.contains("attempts  ")).unwrap();
        assert_eq!(lane.matches('✗').count(), 1, "{lane}");
    }
}

#[test]
fn a_long_life_costs_no_more_than_a_moment() {
    let mut steady = Diary::new().to("Ready").start("worker-1");
    for _ in 0..10_000 {
        steady = steady.wait(10).beat("worker-1");
    }
    for diary in [many(1250), steady] {
        let mut show = Show::diary(&diary);
        show.drawn = show.with(198, |detail| Some(detail.draw()));
        let fits = |width| show.with(width, |detail| detail.drawn.is_some() && detail.is_drawn());
        assert!(fits(198) && !fits(78));
        assert!(show.moments.len() > 10_000, "{}", show.moments.len());
        for scroll in [Scroll::default(), show.with(198, |detail| detail.end(59))] {
            let start = Instant::now();
            for _ in 0..10 {
                show.screen(200, 60, scroll);
            }
            // Unoptimized, and with room for a busy machine.
            let each = start.elapsed() / 10;
            assert!(each.as_millis() < 200, "{each:?}");
        }
    }
}

#[test]
fn nothing_in_a_log_reaches_the_terminal_as_anything_but_text() {
    let evil = "\u{1b}[2J\u{7}\u{202e}evil\u{200b}\r\n\u{9b}31m\t仕事";
    let diary =
        Diary::new().to("Ready").start(evil).wait(9).finish("Suspended", Some(evil), evil).suspend(evil);
    for theme in [Theme::default(), ASCII] {
        let show = Show::diary(&diary).themed(theme);
        for selected in 0..show.moments.len() {
            let show = Show::diary(&diary).themed(theme).select(selected);
            for (width, height) in [(40, 10), (80, 24), (120, 90)] {
                let scroll = show.with(width - 2, |detail| {
                    detail.scrolled_to_event(selected, Scroll::default(), usize::from(height) - 1)
                });
                for scroll in [scroll, Scroll::default()] {
                    let text = show.text_at(width, height, scroll);
                    assert!(text.chars().all(|c| c == '\n' || text::is_visible(c)), "{text}");
                    assert!(theme.unicode || text.is_ascii(), "{text}");
                }
            }
        }
    }
}

#[test]
fn every_life_fits_every_size() {
    let diaries = [
        retries(),
        beaten(),
        backward(),
        quiet(),
        suspended(),
        many(40),
        Diary::at(0),
        Diary::at(u64::MAX / 2),
    ];
    for diary in &diaries {
        for theme in [Theme::default(), ASCII] {
            let show = Show::diary(diary).themed(theme);
            for width in [1, 2, 5, 14, 27, 28, 40, 64, 65, 66, 79, 80, 120, 200, 400] {
                for height in [1, 2, 10, 24, 60] {
                    show.screen(width, height, Scroll::default());
                    let rows = usize::from(height) - 1;
                    let end = show.with(width.saturating_sub(2), |detail| detail.end(rows));
                    show.screen(width, height, end);
                }
            }
        }
    }
}

#[test]
fn every_recorded_life_can_be_drawn() {
    for (path, _) in common::RECORDINGS {
        let log = lines_of(path);
        let store = fold(&log, Rules::default());
        let n_runs = store.len();
        for key in store.keys().step_by((n_runs / 12).max(1)) {
            let run = store.run(key);
            let now = run.changed_at + 3;
            let mut show = Show::of(&log, &run.id.to_string(), actionqueue::vocabulary(&store).unwrap(), now);
            assert!(show.moments.len() >= store.life(key).changes.len(), "{path} {}", run.id);
            for selected in [None, Some(0), Some(show.moments.len() - 1)] {
                show.selected = selected;
                let text = show.text(100, 200);
                assert!(text.contains(" Timeline  ") && text.contains("\"event\": {"), "{path}\n{text}");
            }
        }
    }
}

#[test]
fn without_color_the_same_is_drawn() {
    let plain = Theme { color: false, unicode: true, palette: Palette::Dark };
    for diary in [retries(), quiet(), beaten()] {
        assert_eq!(Show::diary(&diary).text(120, 60), Show::diary(&diary).themed(plain).text(120, 60));
        let screen = Show::diary(&diary).themed(plain).select(3).screen(120, 60, Scroll::default());
        let cells = screen.backend().buffer().content();
        assert!(cells.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    }
}

#[test]
fn an_event_is_shown_wherever_the_page_was() {
    let show = Show::diary(&many(60)).select(200);
    for height in [3_usize, 23, 200] {
        show.with(78, |detail| {
            for start in [Scroll::default(), detail.end(height)] {
                let page = detail.page(detail.scrolled_to_event(200, start, height), height);
                let row = page
                    .iter()
                    .position(|line| line.parts[0].stroke.is_some_and(|(it, _)| it == Stroke::Cursor));
                assert!(row.is_some(), "{height}");
            }
        });
    }
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
