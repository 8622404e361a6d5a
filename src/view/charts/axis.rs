//! The axis that the charts share: a mapping of columns to stretches of the log.

use super::Charts;
use crate::model::time::Unit;
use crate::view::format::squeezed;

/// An axis over the whole log: ticks of its clock or lines, in steps of a column or a few.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    first: u64,
    /// The last place, which is on the axis.
    last: u64,
    /// Ticks of the log's unit or lines of one step; at least 1.
    step: u64,
    /// At least 1, and at most the number of columns.
    n_steps: usize,
    width: usize,
}

/// A labeled place of an axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// The column of its place.
    pub column: usize,
    /// Its label.
    pub label: String,
}

/// Columns of a line number.
const LINE_NUMBER_COLUMNS: usize = 5;

/// The shortest interval of ticks that are labeled with their day, in seconds.
const MIN_DAY_LABEL_SECS: u64 = 43_200;

/// Intervals of ticks, in seconds.
const TICK_STEPS_SECS: [u64; 22] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400,
    172_800, 604_800, 2_592_000, 31_536_000,
];

impl Axis {
    /// The axis of charts that have `width` columns; none when there is no sample.
    #[must_use]
    pub fn of(charts: &Charts<'_>, width: usize) -> Option<Self> {
        let first = charts.place(charts.samples.first()?);
        let last = charts.place(charts.samples.last()?).max(first);
        let n_places = (last - first).saturating_add(1);
        let step = n_places.div_ceil(u64::try_from(width).ok().filter(|width| *width > 0)?);
        let n_steps = usize::try_from(n_places.div_ceil(step)).unwrap_or(width);
        Some(Self { first, last, step, n_steps, width })
    }

    /// The number of steps.
    #[must_use]
    pub const fn n_steps(&self) -> usize {
        self.n_steps
    }

    /// Ticks of the log's unit or lines of one step.
    #[must_use]
    pub const fn step(&self) -> u64 {
        self.step
    }

    /// The first and the last place.
    #[must_use]
    pub const fn ends(&self) -> (u64, u64) {
        (self.first, self.last)
    }

    /// The step of a place, clamped to the axis.
    #[must_use]
    pub fn step_of(&self, place: u64) -> usize {
        let step = (place.clamp(self.first, self.last) - self.first) / self.step;
        usize::try_from(step).unwrap_or(usize::MAX).min(self.n_steps - 1)
    }

    /// The first place of a step.
    #[must_use]
    pub const fn start_of(&self, step: usize) -> u64 {
        self.first.saturating_add(self.step.saturating_mul(step as u64))
    }

    /// The step that a column shows.
    #[must_use]
    pub const fn step_at(&self, column: usize) -> usize {
        column * self.n_steps / self.width
    }

    /// The last column that shows the step of a place.
    #[must_use]
    pub fn column_of(&self, place: u64) -> usize {
        let next = (self.step_of(place) + 1) * self.width;
        next.div_ceil(self.n_steps).saturating_sub(1).min(self.width - 1)
    }

    /// The places that have room for a label, in order.
    #[must_use]
    pub fn ticks(&self, charts: &Charts<'_>) -> Vec<Tick> {
        let (label, apart): (Box<dyn Fn(u64) -> String>, u64) = if charts.by_sequence {
            (Box::new(|line| squeezed(line, LINE_NUMBER_COLUMNS)), self.round_lines())
        } else {
            let unit = charts.clock.unit();
            let apart = self.round_ticks(unit);
            // The log may begin at an instant that is not round, and its label must not hide that.
            let is_round =
                move |at: u64| unit.seconds(apart) >= MIN_DAY_LABEL_SECS || at.is_multiple_of(apart);
            let closely = apart.min(unit.of_seconds(1));
            let label = move |at| charts.clock.tick(at, if is_round(at) { apart } else { closely });
            (Box::new(label), apart)
        };
        let mut ticks: Vec<Tick> = vec![];
        let mut place = self.first;
        let mut free = 0;
        while place <= self.last && ticks.len() < self.width {
            let column = (self.step_of(place) * self.width).div_ceil(self.n_steps);
            let label = label(place);
            if column >= free && column + 1 + label.len() <= self.width {
                free = column + label.len() + 3;
                ticks.push(Tick { column, label });
            }
            let Some(next) = (place / apart + 1).checked_mul(apart) else { break };
            place = next;
        }
        ticks
    }

    /// True if labels of `columns` columns, on ticks that are `apart`, do not touch.
    fn has_room(&self, apart: u64, columns: u64) -> bool {
        let n_places = u128::from(self.step) * self.n_steps as u128;
        u128::from(apart) * self.width as u128 / n_places >= u128::from(columns) + 6
    }

    fn round_ticks(&self, unit: Unit) -> u64 {
        let columns = |apart| match unit.seconds(apart) {
            0 => 9 + unit.digits() as u64,
            1..60 => 8,
            60..MIN_DAY_LABEL_SECS => 5,
            _ => 11,
        };
        let powers = (0..).map_while(|power| 10_u64.checked_pow(power));
        let below = powers.take_while(|power| *power < unit.ticks_a_second());
        let below = below.flat_map(|power| [power, 2 * power, 5 * power]);
        let fits = |apart: &u64| self.has_room(*apart, columns(*apart));
        let steps = below.chain(TICK_STEPS_SECS.into_iter().map(|seconds| unit.of_seconds(seconds)));
        steps.into_iter().find(fits).unwrap_or(u64::MAX)
    }

    fn round_lines(&self) -> u64 {
        let mut apart: u64 = 1;
        while !self.has_room(apart, LINE_NUMBER_COLUMNS as u64) {
            let next =
                if apart.to_string().starts_with('2') { apart / 2 * 5 } else { apart.saturating_mul(2) };
            if next == apart {
                break;
            }
            apart = next;
        }
        apart
    }
}
