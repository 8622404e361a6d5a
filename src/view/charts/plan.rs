//! The geometry of the charts on their page, which may be higher than the screen and then scrolls.

use super::Charts;
use crate::view::Area;
use crate::view::attempts::Figures;

/// The area of each chart, relative to the page's corner. The first line of each is its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Plan {
    /// Live runs by state, with the axis as its last line.
    pub flow: Area,
    /// Runs that have ended, a line a state; without a title, as it shares the axis above.
    pub ends: Area,
    /// Attempts that finished and that failed, above a blank line.
    pub pace: Area,
    /// Lines of `pace` for those that failed.
    pub failed_lines: u16,
    /// Attempts of the live runs.
    pub attempts: Area,
    /// Durations of the stays in each state.
    pub times: Area,
    /// Columns of the legend at the left of the first three.
    pub legend: u16,
    /// Columns of the vertical axis beside it.
    pub scale: u16,
    /// The height of the page: at least that of the screen.
    pub height: u16,
}

/// The minimum width for full legends, and for the last two charts side by side.
const MIN_WIDE_COLUMNS: u16 = 116;
/// The minimum width for short names of states; a narrower page has only their signs.
const MIN_NAMED_COLUMNS: u16 = 56;
/// The minimum height for all charts at once.
const MIN_TALL_LINES: u16 = 30;

impl Plan {
    /// Plans a page for a screen of `width` by `height`, that of [`crate::view::Layout::page`].
    #[must_use]
    pub fn of(charts: &Charts<'_>, width: u16, height: u16) -> Self {
        let is_wide = width >= MIN_WIDE_COLUMNS;
        let (legend, scale) = match width {
            MIN_WIDE_COLUMNS.. => (31, 8),
            MIN_NAMED_COLUMNS.. => (16, 6),
            _ => (7, 5),
        };
        let (finished, failed_lines) = if height >= 45 { (5, 2) } else { (3, 1) };
        let (all, kinds) = charts.time_lines();
        let figures = Figures::of(charts.store, charts.now);
        let n_attempts = 1 + lines(figures.highest()).min(if is_wide { 10 } else { 6 });
        let n_times = lines(all) + if kinds > 0 { 1 + lines(kinds) } else { 0 };
        let below = if is_wide { n_attempts.max(n_times) } else { n_attempts + 1 + n_times };

        let fixed = 2 + 3 + 1 + finished + failed_lines;
        let kept = if height < MIN_TALL_LINES { 0 } else { 1 + below.min(height * 2 / 5) };
        let rows = height.saturating_sub(fixed + kept).clamp(5, 40);

        let top = Area { x: 0, y: 0, width, height: u16::MAX };
        let (flow, rest) = top.split_top(2 + rows);
        let (ends, rest) = rest.split_top(3);
        let (pace, rest) = rest.split_top(1 + finished + failed_lines);
        let (_, rest) = rest.split_top(1);
        let (attempts, times) = if is_wide {
            let (left, right) = rest.split_left((width * 2 / 5).min(width - 82));
            let (_, right) = right.split_left(2);
            (left.split_top(n_attempts).0, right.split_top(n_times).0)
        } else {
            let (attempts, rest) = rest.split_top(n_attempts);
            (attempts, rest.below_title().split_top(n_times).0)
        };
        let end = times.y.saturating_add(times.height).max(attempts.y + attempts.height);
        Self { flow, ends, pace, failed_lines, attempts, times, legend, scale, height: end.max(height) }
    }

    /// The part of one of the first three areas that is drawn on: without legend and scale.
    #[must_use]
    pub const fn drawing(&self, area: Area) -> Area {
        let left = self.legend + self.scale;
        Area { x: area.x + left, width: area.width.saturating_sub(left), ..area }
    }

    /// The largest scroll offset of the page on a screen of `height` lines.
    #[must_use]
    pub const fn last_line(&self, height: u16) -> u16 {
        self.height.saturating_sub(height)
    }
}

fn lines(count: usize) -> u16 {
    // The kinds of runs of a log are far fewer.
    u16::try_from(count).unwrap_or(u16::MAX).min(1_000)
}
