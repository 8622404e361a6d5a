//! No pane cuts a number, at any width and with numbers of any length.
//!
//! Each is given numbers of one length that are unlike their own parts, so that a part of one is found out. The panes
//! are drawn from their own data, since no log of a test has that number of runs.

use std::collections::BTreeSet;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::charts::ChartsPage;
use super::header::HeaderLine;
use super::line_writer::LineWriter;
use super::names::ShortNames;
use super::runs::Group;
use super::sending::SendingBar;
use super::state_bar::Strip;
use super::{Theme, attempts, page, suspended};
use crate::control::ledger::Counts;
use crate::engine::Engine;
use crate::engine::actionqueue;
use crate::engine::actionqueue::event::Vocabulary;
use crate::engine::actionqueue::states::STATES;
use crate::model::facts::Budget;
use crate::model::states::{MAX_STATES, State};
use crate::model::time::Unit;
use crate::store::{RUNGS, Tally};
use crate::view::attempts::Figures;
use crate::view::changes::RunChanges;
use crate::view::changes::page::ChangesPageView;
use crate::view::charts::{Charts, Sample};
use crate::view::format::fitted;
use crate::view::instant::Here;
use crate::view::row::AttemptsCell;
use crate::view::screen::Header;
use crate::view::sending::Progress;
use crate::view::summary::{Backlog, Flow, Rate, Summary};
use crate::view::{Clock, Ids, Timeline, Times};

/// 2026-11-20 17:37:41 in UTC.
const SECOND: u64 = 1_795_196_261;

/// Returns numbers with this number of digits: `897`, `896` and on.
fn numbers(digits: usize) -> [u64; 10] {
    let most: u64 = "897654321"[..digits].parse().unwrap();
    std::array::from_fn(|less| most - if digits == 1 { 0 } else { less as u64 })
}

/// Every number that may be seen: those that there are, their short forms, and those of the words around them.
fn allowed(numbers: &[u64], words: &str) -> BTreeSet<String> {
    let forms = numbers.iter().flat_map(|number| (1..30).filter_map(|width| fitted(*number, width)));
    forms.chain(numbers.iter().map(u64::to_string)).chain(found(words)).collect()
}

/// The numbers in a line.
fn found(line: &str) -> Vec<String> {
    let mut found = vec![];
    let mut rest = line;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = &rest[start..];
        let end = tail.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.'))).unwrap_or(tail.len());
        let number = tail[..end].trim_end_matches([',', '.']);
        let unit = tail[number.len()..].chars().next().filter(|c| "kMGTPE".contains(*c));
        found.push(number.chars().chain(unit).collect());
        rest = &tail[end..];
    }
    found
}

/// Draws something at every width, with numbers of every length, and looks at each number that is seen.
fn check(name: &str, height: u16, words: &str, draw: impl Fn([u64; 10], Rect, &mut Buffer)) {
    for digits in 1..=9 {
        let numbers = numbers(digits);
        let sums = [numbers.iter().sum(), numbers[1..].iter().sum(), numbers[2..].iter().sum()];
        let allowed = allowed(&[&numbers[..], &sums].concat(), words);
        let mut seen = BTreeSet::new();
        for width in 40..=220 {
            let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
            draw(numbers, buf.area, &mut buf);
            for y in 0..height {
                let row: String = (0..width).map(|x| buf[(x, y)].symbol()).collect();
                for number in found(&row) {
                    assert!(allowed.contains(&number), "{name}: `{number}` at width {width} in\n{row}");
                    seen.insert(number);
                }
            }
        }
        // Else nothing was drawn at all.
        assert!(seen.contains(&fitted(numbers[0], 30).unwrap()), "{name}: {seen:?}");
    }
}

fn states(numbers: [u64; 10]) -> [u32; MAX_STATES] {
    let mut states = [0; MAX_STATES];
    for (state, number) in states.iter_mut().zip(numbers) {
        *state = u32::try_from(number).unwrap();
    }
    states
}

/// The numbers as counts of the states, in the order of listing.
fn counts(numbers: [u64; 10]) -> Vec<(State, u64)> {
    STATES.listed().zip(numbers).collect()
}

fn summary(numbers: [u64; 10], flow: Flow) -> Summary<'static> {
    let [rate, sequence, applied, rejected, unreadable, ignored, problems, pending, ..] = numbers;
    Summary {
        name: "orders.jsonl",
        states: &STATES,
        flow,
        paused: None,
        rate: Rate::Queue(rate),
        sequence,
        lag: Some(Duration::from_millis(rate)),
        tally: Tally { lines: 0, applied, rejected, unreadable, ignored },
        problems: problems * 2,
        pending,
        is_read_only: true,
        is_engine_paused: true,
        progress: None,
        unit: Unit::Seconds,
        engine: Some(Engine::ActionQueue(Vocabulary::Aq01)),
        is_foreign: false,
    }
}

#[test]
fn the_header_cuts_no_number() {
    let clock = Clock::utc();
    for case in 0..7 {
        check("header", 1, "17:37 1 37 0.1 0", |numbers, area, buf| {
            let flow = match case {
                0 => Flow::Live,
                1 => Flow::Past { behind: numbers[0] },
                2 => Flow::Loading { percent: 37, left: None, behind: numbers[0] },
                3 => Flow::Unavailable { since: SECOND },
                _ => Flow::Replay,
            };
            let mut summary = summary(numbers, flow);
            summary.problems = numbers[6];
            if case == 4 {
                summary.paused = Some(Backlog { lines: numbers[0], is_full: true });
            }
            if case == 5 {
                (summary.rate, summary.is_engine_paused) = (Rate::Reading(numbers[0]), false);
            }
            let theme = Theme::default();
            let header = Header { summary, clock: clock.of(Unit::Seconds), uses_mouse: case == 6 };
            HeaderLine { header: &header, theme }.render(area, buf);
        });
    }
}

#[test]
fn the_strip_and_the_groups_cut_no_number() {
    let names = ["billing.invoices.send_receipt", "billing.invoices.send_reminder", "etl", "結算"];
    for lines in 1..=2 {
        check("strip", lines, "", |numbers, area, buf| {
            // It is not there on a narrower screen.
            let area = Rect { width: area.width.max(60), ..area };
            let mut wide = Buffer::empty(area);
            Strip { counts: counts(numbers), theme: Theme::default() }.render(area, &mut wide);
            if buf.area.width >= 60 {
                buf.merge(&wide);
            }
        });
    }
    for n_states in 0..=10 {
        check("group", 4, "", |numbers, area, buf| {
            let all = ShortNames::of(names.into_iter());
            for (line, name) in (0..).zip(names) {
                let mut states = numbers;
                states[n_states..].fill(0);
                let group = Group {
                    name: Some(name),
                    unnamed: "no name",
                    n_runs: numbers[0],
                    states: &counts(states),
                };
                group.write(Theme::default(), &all, &mut LineWriter::at(buf, Theme::default(), area, line));
            }
            let row = |y| (0..area.width).map(|x| buf[(x, y)].symbol()).collect::<String>();
            for (y, name) in (0..).zip(names) {
                let end = &name[name.len() - 3..];
                let shown = row(y).split("  ").next().unwrap().trim_end().to_owned();
                assert!(shown.ends_with(end) || shown.replace(' ', "").ends_with(end), "{name}: {}", row(y));
            }
        });
    }
}

#[test]
fn the_attempts_cut_no_number() {
    check("results", 1, "", |numbers, area, buf| {
        let counts = std::array::from_fn(|index| numbers[index]);
        attempts::results(&STATES, "last minute", counts, LineWriter::at(buf, Theme::default(), area, 0));
    });
    check("rungs", 4, "1 2 3 4", |numbers, area, buf| {
        let mut rungs = [0; RUNGS + 1];
        rungs[1..5].copy_from_slice(&numbers[..4]);
        let figures = Figures { rungs, minute: [0; 5], uncounted: 0, total: 1 };
        attempts::rungs(Theme::default(), &figures, 4, area, buf);
    });
    for digits in 1..=9 {
        let numbers = numbers(digits).map(|number| u32::try_from(number).unwrap());
        let allowed = allowed(&numbers.map(u64::from), "");
        for width in 9..20 {
            let it = AttemptsCell {
                counted: Some(numbers[0]),
                cap: Some(numbers[1]),
                is_capped: true,
                uncounted: numbers[2],
            };
            let words = it.of_cap(width);
            assert!(words.len() <= width, "{words} in {width}");
            assert!(found(&words).iter().all(|number| allowed.contains(number)), "{words}");
            assert_eq!(found(&words).len(), 2);
        }
    }
}

#[test]
fn the_charts_cut_no_number() {
    let (store, clock) = (actionqueue::store(crate::store::Rules::default()), Clock::utc());
    let times = Times::of(&store, SECOND);
    for by_sequence in [false, true] {
        // Places of the axis and its scale are round numbers, and the words tell sums.
        let words = "2026 11 20 17 37 41 0 p50 p90 p99 100 1 2 3";
        for digits in 1..=9 {
            let numbers = numbers(digits);
            for width in 40..=220 {
                let sample = |position: u64, at| Sample {
                    position,
                    at,
                    states: states(numbers),
                    finished: numbers[3] * position,
                    failed: numbers[4] * position,
                    problems: numbers[5],
                };
                let samples = [sample(1, SECOND - 90_000), sample(numbers[0] + 1, SECOND)];
                let charts = Charts {
                    samples: &samples,
                    cursor: numbers[0] / 2,
                    now: SECOND - 40_000,
                    by_sequence,
                    store: &store,
                    times: &times,
                    clock: clock.of(Unit::Seconds),
                };
                let area = Rect::new(0, 0, width, 60);
                let mut buf = Buffer::empty(area);
                ChartsPage { charts, scroll: 0, theme: Theme::default() }.render(area, &mut buf);
                let rows = (0..60).map(|y| (0..width).map(|x| buf[(x, y)].symbol()).collect::<String>());
                for row in rows {
                    glued(&row, words);
                }
            }
        }
    }
}

/// Asserts that no number touches another one, which cannot be read: its groups of digits are wrong then.
fn glued(row: &str, words: &str) {
    for number in found(row) {
        let plain = number.trim_end_matches(char::is_alphabetic).split('.').next().unwrap_or_default();
        let groups: Vec<&str> = plain.split(',').collect();
        let is_grouped =
            groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|it| it.len() == 3));
        let is_short = groups.len() > 1 || groups[0].len() <= 3 || found(words).contains(&number);
        assert!(is_grouped && is_short, "`{number}` in\n{row}");
    }
    let letters: Vec<char> = row.chars().collect();
    for pair in letters.windows(2) {
        let is_glued = "kMGTPE".contains(pair[0]) && pair[1].is_ascii_digit();
        assert!(!is_glued, "{pair:?} in\n{row}");
    }
    // A unit is one letter, or `ms`: a word that begins at a number is in its place.
    for three in letters.windows(3) {
        let is_word = three[1..].iter().all(|c| c.is_alphabetic()) && three[1..] != ['m', 's'];
        assert!(!(three[0].is_ascii_digit() && is_word), "{three:?} in\n{row}");
    }
}

#[test]
fn the_page_of_changes_cuts_no_number() {
    let (store, clock) = (actionqueue::store(crate::store::Rules::default()), Clock::utc());
    check("changes", 24, "0 2026 11 20 17 37 41 1", |numbers, area, buf| {
        let sample = |less: usize| Sample {
            position: 1,
            at: SECOND,
            states: states(numbers)
                .map(|number| number - u32::from(number > 9) * u32::try_from(less).unwrap()),
            finished: numbers[less],
            failed: numbers[less],
            problems: numbers[less],
        };
        let here = Here { line: numbers[0], sequence: numbers[0], at: SECOND };
        let (before, after) = (sample(0), Sample { states: [0; MAX_STATES], ..sample(0) });
        let changes = RunChanges { from: here, to: here, before, after, runs: vec![] };
        let width = usize::from(area.width);
        let page = ChangesPageView {
            changes: &changes,
            store: &store,
            clock: clock.of(Unit::Seconds),
            ids: Ids::default(),
            width,
        };
        page::lines(Theme::default(), &page.lines(0, 24), area, buf);
    });
}

#[test]
fn the_bars_cut_no_number() {
    check("sending", 1, "", |numbers, area, buf| {
        let [total, unsent, skipped, stopped, asked, sent, silent, proved, overtaken, refused] =
            numbers.map(|number| usize::try_from(number).unwrap());
        let counts = Counts { asked, sent, silent, unconfirmed: sent, proved, overtaken, refused };
        let progress = Progress { total, unsent, skipped, stopped, counts, is_held: false };
        SendingBar { progress: Some(progress), theme: Theme::default() }.render(area, buf);
    });
    for by_sequence in [false, true] {
        for digits in 1..=9 {
            let edge = numbers(digits)[0];
            for width in 40..=220 {
                let line =
                    Timeline { samples: &[], here: (1, SECOND - 90_000), edge: (edge, SECOND), by_sequence };
                let bar = line.bar(Clock::utc().of(Unit::Seconds), width);
                assert!(bar.x + bar.width + bar.end.len() + 2 <= width);
                let is_known =
                    allowed(&[edge], "1 17 37 41").is_superset(&found(&bar.end).into_iter().collect());
                assert!(is_known, "{bar:?}");
            }
        }
    }
}

#[test]
fn budgets_are_shortened_as_a_whole() {
    for digits in 1..=9 {
        let [consumed, limit, ..] = numbers(digits);
        let dimension = crate::model::facts::Dimension::Token;
        let budget = Budget { dimension, consumed, limit, exhausted: true, allocated_at: 1 };
        let allowed = allowed(&[consumed, limit], "");
        let shown =
            (0..40).filter_map(|room| suspended::budget_words(&budget, room).map(|words| (room, words)));
        for (room, words) in shown {
            assert!(found(&words).iter().all(|number| allowed.contains(number)), "{words}");
            assert!(words.len() <= room);
        }
        assert!(suspended::budget_words(&budget, 15).is_some());
    }
}
