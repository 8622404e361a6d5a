//! Where each chart stands on the page, which may be higher than the screen: then it scrolls.

use super::Charts;
use crate::view::Area;
use crate::view::attempts::Figures;

/// Where each chart stands, counted from the page's own corner. The first line of each is its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Plan {
    /// Live runs by state, with the axis as its last line.
    pub flow: Area,
    /// Runs that have ended, a line a state; it has no title, for it stands below the same axis.
    pub ends: Area,
    /// Attempts that finished and that failed, and nothing below them.
    pub pace: Area,
    /// Lines of `pace` for those that failed.
    pub failed_lines: u16,
    /// On which attempt the live runs are.
    pub attempts: Area,
    /// How long runs stayed in each state.
    pub times: Area,
    /// Columns at the left of the first three that say in words what is drawn.
    pub legend: u16,
    /// Columns beside them for the numbers of the other axis.
    pub scale: u16,
    /// The height of the page: at least that of the screen.
    pub height: u16,
}

/// The width from which words are written out, and the last two stand side by side.
const WIDE: u16 = 116;
/// From here on a state has a short name; below, its sign alone.
const NAMED: u16 = 56;
/// The height from which there is room for everything at once.
const TALL: u16 = 30;

impl Plan {
    /// Plans a page for so many columns and lines of the screen, those of [`crate::view::Layout::page`].
    #[must_use]
    pub fn of(charts: &Charts<'_>, width: u16, height: u16) -> Self {
        let is_wide = width >= WIDE;
        let (legend, scale) = match width {
            WIDE.. => (31, 8),
            NAMED.. => (16, 6),
            _ => (7, 5),
        };
        let (finished, failed_lines) = if height >= 45 { (5, 2) } else { (3, 1) };
        let (all, kinds) = charts.time_lines();
        let figures = Figures::of(charts.store, charts.now);
        let n_attempts = 1 + lines(figures.highest()).min(if is_wide { 10 } else { 6 });
        let n_times = lines(all) + if kinds > 0 { 1 + lines(kinds) } else { 0 };
        let below = if is_wide { n_attempts.max(n_times) } else { n_attempts + 1 + n_times };

        let fixed = 2 + 3 + 1 + finished + failed_lines;
        let kept = if height < TALL { 0 } else { 1 + below.min(height * 2 / 5) };
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

    /// Where the drawing of one of the first three stands, in columns.
    #[must_use]
    pub const fn drawing(&self, area: Area) -> Area {
        let left = self.legend + self.scale;
        Area { x: area.x + left, width: area.width.saturating_sub(left), ..area }
    }

    /// How far a page can be scrolled on a screen of so many lines.
    #[must_use]
    pub const fn last_line(&self, height: u16) -> u16 {
        self.height.saturating_sub(height)
    }
}

fn lines(count: usize) -> u16 {
    // More than the log's kinds of runs never are.
    u16::try_from(count).unwrap_or(u16::MAX).min(1_000)
}
