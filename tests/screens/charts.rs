//! The page of charts, at fixed sizes, for recorded logs and for hardly any.

use insta::assert_snapshot;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::states::RunState;
use runwatch::model::facts::AttemptResult;
use runwatch::model::states::MAX_STATES;
use runwatch::model::time::Unit;
use runwatch::store::{Rules, Store};
use runwatch::ui::Theme;
use runwatch::ui::charts::ChartsPage;
use runwatch::ui::theme::Palette;
use runwatch::view::charts::{Charts, Plan, Sample};
use runwatch::view::layout::{Layout, Shape};
use runwatch::view::{Clock, Times};

use crate::common::{self, fold_into, lines_of};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];
const ASCII: Theme = Theme { color: false, unicode: false, palette: Palette::Dark };

/// A log with its course, and a store at the cursor.
pub(crate) struct Stage {
    samples: Vec<Sample>,
    store: Store,
    times: Times,
    clock: Clock,
    now: u64,
    cursor: u64,
    by_sequence: bool,
    theme: Theme,
}

impl Stage {
    /// The cursor after `cursor` lines, or at the end.
    fn new(log: &[u8], cursor: Option<u64>) -> Self {
        let (mut store, mut samples, mut at) = (actionqueue::store(Rules::Lenient), vec![], 0);
        let mut there = None;
        for line in log.split_inclusive(|byte| *byte == b'\n') {
            fold_into(&mut store, line);
            let states = RunState::ALL.map(|state| store.lane(state).latest(0));
            // The run that moved last is the first of its lane.
            let latest = states.into_iter().filter_map(|mut lane| lane.next());
            let instants = latest.map(|key| store.run(key).changed_at);
            at = instants.filter(|it| Unit::Seconds.is_believed(*it)).fold(at, u64::max);
            samples.push(sample(&store, at));
            if Some(store.tally().lines) == cursor {
                there = Some((log[..position(log, store.tally().lines)].to_vec(), at));
            }
        }
        // Nothing is known of a time before the first run.
        let first = samples.iter().map(|sample| sample.at).find(|at| *at > 0).unwrap_or(0);
        samples.iter_mut().for_each(|sample| sample.at = sample.at.max(first));
        let now = there.as_ref().map_or(at, |(_, at)| *at);
        if let Some((before, _)) = there {
            store = common::fold(&before, Rules::Lenient);
        }
        Self::showing(store, samples, now)
    }

    /// A store at the end of its log.
    pub(crate) fn showing(store: Store, samples: Vec<Sample>, now: u64) -> Self {
        let (times, cursor) = (Times::of(&store, now), store.tally().lines);
        let (clock, theme) = (Clock::utc(), Theme::default());
        Self { samples, store, times, clock, now, cursor, by_sequence: false, theme }
    }

    fn charts(&self) -> Charts<'_> {
        let Self { samples, store, times, clock, now, cursor, by_sequence, .. } = self;
        let (cursor, now, by_sequence) = (*cursor, *now, *by_sequence);
        Charts { samples, cursor, now, by_sequence, store, times, clock: clock.of(store.unit()) }
    }

    /// Where the page is on a screen of this size, and how it is planned.
    fn place(&self, (width, height): (u16, u16)) -> (Rect, Plan, u16) {
        let layout = Layout::of(width, height, Shape { page: true, ..Shape::default() });
        let (body, text) = (layout.body, layout.page());
        let plan = Plan::of(&self.charts(), text.width, text.height);
        (Rect::new(body.x, body.y, body.width, body.height), plan, text.height)
    }

    fn draw(&self, size: (u16, u16), scroll: u16) -> Buffer {
        let (body, ..) = self.place(size);
        let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        let page = ChartsPage { charts: self.charts(), scroll, theme: self.theme };
        terminal.draw(|frame| frame.render_widget(page, body)).unwrap().buffer.clone()
    }

    pub(crate) fn text(&self, size: (u16, u16), scroll: u16) -> String {
        let buffer = self.draw(size, scroll);
        let (body, ..) = self.place(size);
        let row = |y| (0..size.0).map(|x| buffer[(x, y)].symbol()).collect::<String>();
        (body.top()..body.bottom()).map(|y| format!("{}\n", row(y).trim_end())).collect()
    }

    /// Screens of this size, one below the other, until the end of the page.
    fn pages(&self, size: (u16, u16)) -> String {
        let (_, plan, height) = self.place(size);
        let last = plan.last_line(height);
        let scrolls = (0..last).step_by(usize::from(height)).chain([last]);
        scrolls.map(|scroll| self.text(size, scroll)).collect::<Vec<_>>().join("\n")
    }
}

fn sample(store: &Store, at: u64) -> Sample {
    let of = |result: AttemptResult| store.attempts().by_result[result as usize];
    let mut states = [0; MAX_STATES];
    for state in store.states().all() {
        states[state.index()] = u32::try_from(store.lane(state).len()).unwrap();
    }
    Sample {
        position: store.tally().lines,
        at,
        states,
        finished: store.attempts().by_result.iter().sum(),
        failed: of(AttemptResult::Failure) + of(AttemptResult::Timeout),
        problems: store.problems().total(),
    }
}

/// Returns the place where a log has `lines` lines.
fn position(log: &[u8], lines: u64) -> usize {
    let lines = usize::try_from(lines).unwrap();
    log.split_inclusive(|byte| *byte == b'\n').take(lines).map(<[u8]>::len).sum()
}

fn orders() -> Vec<u8> {
    lines_of("assets/orders.jsonl")
}

#[test]
fn the_page_fits_every_size() {
    let stage = Stage::new(&orders(), None);
    for size in SIZES {
        assert_snapshot!(format!("orders_{}x{}", size.0, size.1), stage.pages(size));
    }
    for size in [(40, 10), (60, 16)] {
        assert_snapshot!(format!("orders_{}x{}", size.0, size.1), stage.text(size, 0));
    }
}

#[test]
fn the_cursor_is_in_the_midst_of_the_log() {
    let stage = Stage::new(&orders(), Some(500));
    assert_snapshot!("cursor_120x40", stage.text((120, 40), 0));
    let by_line = Stage { by_sequence: true, ..Stage::new(&orders(), Some(500)) };
    assert_snapshot!("by_line_120x40", by_line.text((120, 40), 0));
}

#[test]
fn what_is_still_to_come_is_dim() {
    let stage = Stage::new(&orders(), Some(500));
    let buffer = stage.draw((120, 40), 0);
    let row = |y: u16| (0..120).map(move |x| (x, y));
    let times = (0..40).find(|y| row(*y).any(|at| buffer[at].symbol() == "▲")).unwrap();
    let cursor = (0..120).find(|x| buffer[(*x, times)].symbol() == "▲").unwrap();
    for y in times - 3..times {
        let is_dim = |x: u16| buffer[(x, y)].modifier.contains(Modifier::DIM);
        assert!(!(cursor - 5..=cursor).any(is_dim) && (cursor + 1..cursor + 6).all(is_dim), "line {y}");
    }
}

#[test]
fn longer_logs_are_as_clear() {
    let stage = Stage::new(&lines_of("tests/logs/live-medium.jsonl.gz"), None);
    assert_snapshot!("medium_80x24", stage.text((80, 24), 0));
    assert_snapshot!("medium_200x60", stage.text((200, 60), 0));
}

#[test]
fn in_ascii_the_same_is_said() {
    let stage = Stage { theme: ASCII, ..Stage::new(&orders(), Some(500)) };
    let text = stage.text((120, 40), 0);
    assert!(text.is_ascii());
    assert_snapshot!("ascii_120x40", text);
    let is_colored = |color| !matches!(color, None | Some(Color::Reset));
    let buffer = stage.draw((120, 40), 0);
    let styles = buffer.content().iter().map(ratatui::buffer::Cell::style);
    assert!(styles.into_iter().all(|style| !is_colored(style.fg) && !is_colored(style.bg)));
}

#[test]
fn hardly_any_log_is_shown_as_well() {
    let log = orders();
    assert_snapshot!("empty_80x24", Stage::new(b"", None).text((80, 24), 0));
    let first = &log[..position(&log, 1)];
    assert_snapshot!("one_line_80x24", Stage::new(first, None).pages((80, 24)));
    let few = Stage::new(&log[..position(&log, 12)], None);
    assert_snapshot!("few_lines_120x40", few.text((120, 40), 0));
}

#[test]
fn times_that_are_not_measured_yet_say_so() {
    let mut stage = Stage::new(&orders(), None);
    stage.times = Times::begin(stage.now);
    stage.times.advance(&stage.store, 150);
    let text = stage.text((120, 40), 0);
    assert!(text.contains("Time in state"));
    assert!(text.contains("measured to 1"), "{text}");
}

#[test]
fn every_size_can_be_drawn_however_far_it_is_scrolled() {
    for stage in [Stage::new(&orders(), Some(70)), Stage::new(b"", None)] {
        for (width, height) in (1..=230).step_by(13).flat_map(|w| (1..=70).step_by(7).map(move |h| (w, h))) {
            for scroll in [0, 3, u16::MAX] {
                stage.draw((width, height), scroll);
            }
        }
    }
}
