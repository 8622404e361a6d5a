//! Figures from samples, and the division of columns.

use super::*;
use crate::engine::actionqueue;
use crate::engine::actionqueue::states::RunState;
use crate::model::states::MAX_STATES;
use crate::store::Rules;
use crate::view::Clock;

fn sample(position: u64, at: u64, ready: u32, running: u32, finished: u64) -> Sample {
    let mut states = [0; MAX_STATES];
    states[RunState::Ready as usize] = ready;
    states[RunState::Running as usize] = running;
    Sample { position, at, states, finished, failed: finished / 2, problems: 0 }
}

/// 2026-11-20 17:37:40.
const START: u64 = 1_795_196_260;

fn with_charts(samples: &[Sample], by_sequence: bool, check: impl FnOnce(&Charts<'_>)) {
    let (store, times, clock) = (actionqueue::store(Rules::Lenient), Times::begin(0), Clock::utc());
    let (cursor, now) = samples.last().map_or((0, 0), |last| (last.position, last.at));
    check(&Charts {
        samples,
        cursor,
        now,
        by_sequence,
        store: &store,
        times: &times,
        clock: clock.of(store.unit()),
    });
}

#[test]
fn each_step_has_what_happened_in_it_and_one_without_samples_goes_on() {
    let samples = [
        sample(1, START, 1, 0, 0),
        sample(5, START + 1, 9, 0, 2),
        sample(7, START + 1, 4, 1, 3),
        sample(8, START + 9, 0, 2, 9),
    ];
    // Five steps of two seconds, in ten columns.
    with_charts(&samples, false, |charts| {
        let axis = Axis::of(charts, 5).unwrap();
        assert_eq!((axis.n_steps(), axis.step(), axis.ends()), (5, 2, (START, START + 9)));
        let steps = charts.steps(&axis);
        let finished: Vec<(u64, u64)> = steps.iter().map(|step| (step.finished, step.failed)).collect();
        assert_eq!(finished, [(3, 1), (0, 0), (0, 0), (0, 0), (6, 3)]);
        let lives: Vec<(u64, u64)> =
            steps.iter().map(|step| (charts.live(&step.fullest), charts.live(&step.last))).collect();
        assert_eq!(lives, [(9, 5), (5, 5), (5, 5), (5, 5), (2, 2)]);
        let peak = Charts::peak(&axis, &steps, |step| step.finished);
        assert_eq!(peak, Peak { count: 6, at: START + 8 });
    });
    with_charts(&samples, true, |charts| {
        let axis = Axis::of(charts, 80).unwrap();
        assert_eq!((axis.n_steps(), axis.step(), axis.ends()), (8, 1, (1, 8)));
        assert_eq!((axis.step_at(0), axis.step_at(9), axis.step_at(10), axis.step_at(79)), (0, 0, 1, 7));
        assert_eq!((axis.column_of(1), axis.column_of(8), axis.column_of(u64::MAX)), (9, 79, 79));
    });
    with_charts(&[], false, |charts| assert_eq!(Axis::of(charts, 80), None));
    with_charts(&samples, false, |charts| assert_eq!(Axis::of(charts, 0), None));
}

#[test]
fn an_axis_takes_any_places_and_names_some_that_do_not_touch() {
    for (from, to) in [(0, 0), (START, START + 3), (START, START + 4000), (0, u64::MAX), (5, 9_000_000)] {
        let samples = [sample(from, from, 1, 0, 0), sample(to, to, 1, 0, 0)];
        for by_sequence in [false, true] {
            with_charts(&samples, by_sequence, |charts| {
                for width in [1, 2, 7, 26, 57, 80, 161] {
                    let axis = Axis::of(charts, width).unwrap();
                    assert!((1..=width).contains(&axis.n_steps()));
                    assert_eq!(charts.steps(&axis).len(), axis.n_steps());
                    assert_eq!(axis.step_of(to), axis.n_steps() - 1);
                    assert_eq!(axis.step_at(width - 1), axis.n_steps() - 1);
                    assert_eq!(axis.step_at(axis.column_of(to)), axis.n_steps() - 1);
                    let ticks = axis.ticks(charts);
                    assert!(
                        ticks
                            .windows(2)
                            .all(|pair| pair[0].column + pair[0].label.len() + 1 < pair[1].column)
                    );
                    assert!(ticks.last().is_none_or(|tick| tick.column + tick.label.len() < width));
                }
            });
        }
    }
    let samples = [sample(1, START, 1, 0, 0), sample(2, START + 95, 1, 0, 0)];
    with_charts(&samples, false, |charts| {
        let ticks = Axis::of(charts, 60).unwrap().ticks(charts);
        let words: Vec<String> = ticks.iter().map(|tick| format!("{} {}", tick.column, tick.label)).collect();
        assert_eq!(words, ["0 17:37:40", "13 17:38:00", "32 17:38:30", "50 17:39:00"]);
    });
}

#[test]
fn a_column_is_as_high_as_its_sum_and_nothing_in_it_vanishes_while_there_is_room() {
    for (ready, running, top, rows, expected) in [
        (0, 0, 10, 8, (0, 0)),
        (10, 0, 10, 8, (8, 0)),
        (5, 5, 10, 8, (4, 4)),
        (1, 999, 1000, 8, (1, 7)),
        (1, 1, 1000, 8, (0, 1)),
        (3, 1, 8, 8, (3, 1)),
        (7, 1, 4, 4, (3, 1)),
        (u32::MAX, u32::MAX, 2 * u64::from(u32::MAX), 40, (20, 20)),
        (3, 3, 0, 8, (0, 0)),
        (3, 3, 6, 0, (0, 0)),
    ] {
        let shares = stacked(&[ready, running].map(u64::from), top, rows);
        assert_eq!((shares[0], shares[1]), expected, "{ready} {running} of {top} on {rows}");
    }
}

#[test]
fn scales_end_at_round_numbers() {
    for (count, expected) in
        [(0, 1), (1, 1), (3, 4), (9, 10), (11, 12), (24, 24), (141, 160), (601, 700), (u64::MAX, u64::MAX)]
    {
        assert_eq!(round_up(count), expected);
    }
}
