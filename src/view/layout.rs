//! The geometry of the screen: the area of each part, from the size and from what is open.
//!
//! It is computed before anything is painted, so that moving a cursor and painting it agree on the height of a pane.
//! Knows columns and lines, not cells.

mod hit_test;

pub use hit_test::Spot;

/// The smallest screen that is drawn on: columns and lines.
pub const MIN_SCREEN: (u16, u16) = (40, 10);

/// The minimum width for panes side by side.
const MIN_SIDE_BY_SIDE_COLUMNS: u16 = 110;

/// A rectangle of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the four numbers of a rectangle")]
pub struct Area {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

/// One of the panes, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Pane {
    /// Runs by state.
    #[default]
    Runs,
    /// The attempts of the runs.
    Attempts,
    /// The waits of suspended and awaiting runs.
    Suspended,
    /// The violations of the log.
    Problems,
    /// The queue's life, drawn.
    Charts,
}

/// The facts of the view that decide the geometry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shape {
    /// The pane that has the keys.
    pub focus: Pane,
    /// True if it has the screen for itself.
    pub zoomed: bool,
    /// True if a page covers the panes: a run's details, or the help.
    pub page: bool,
    /// True if the time line is shown, because the view is in the past.
    pub timeline: bool,
    /// True if a query or another order is in force, or a query is being typed.
    pub has_filter: bool,
    /// True if many commands are being sent.
    pub sending: bool,
}

/// The areas of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layout {
    /// The whole screen.
    pub screen: Area,
    /// One line: the log's name and state.
    pub header: Area,
    /// Every state with its count; empty when there is no room.
    pub state_bar: Area,
    /// One line: the query and the order; empty when all runs are shown in the default order.
    pub filter_bar: Area,
    /// The area between those and the lines at the bottom.
    pub body: Area,
    /// One line: the progress of many commands; empty when none are being sent.
    pub sending: Area,
    /// The log's time and the instant of the view; empty in the present.
    pub timeline: Area,
    /// One line: the latest notice, or the keys.
    pub footer: Area,
    /// The area of each pane, its title line included; empty for one that is not shown.
    panes: [Area; Pane::ALL.len()],
    /// True if the panes are side by side, so that each needs a title of its own.
    pub side_by_side: bool,
}

impl Pane {
    /// Every pane, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::Runs, Self::Attempts, Self::Suspended, Self::Problems, Self::Charts];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Runs => "Runs",
            Self::Attempts => "Attempts",
            // Two states, so that their sum is not taken for that of one.
            Self::Suspended => "On hold",
            Self::Problems => "Problems",
            Self::Charts => "Charts",
        }
    }

    /// The pane with this number, from 1.
    #[must_use]
    pub fn numbered(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// The pane `steps` after this one, cyclically.
    #[must_use]
    pub const fn after(self, steps: usize) -> Self {
        Self::ALL[(self as usize + steps) % Self::ALL.len()]
    }
}

impl Area {
    /// True if nothing fits in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// Its first `lines` lines and the rest of it.
    #[must_use]
    pub fn split_top(self, lines: u16) -> (Self, Self) {
        let lines = lines.min(self.height);
        let top = Self { height: lines, ..self };
        (top, Self { y: self.y + lines, height: self.height - lines, ..self })
    }

    /// The rest of it above its last `lines` lines, and those.
    #[must_use]
    pub fn split_bottom(self, lines: u16) -> (Self, Self) {
        self.split_top(self.height.saturating_sub(lines))
    }

    /// Its first `columns` columns and the rest of it.
    #[must_use]
    pub fn split_left(self, columns: u16) -> (Self, Self) {
        let columns = columns.min(self.width);
        let left = Self { width: columns, ..self };
        (left, Self { x: self.x + columns, width: self.width - columns, ..self })
    }

    /// The rest of it below its title line.
    #[must_use]
    pub fn below_title(self) -> Self {
        self.split_top(1).1
    }

    /// An area of this size in its middle, or as much as fits.
    #[must_use]
    pub fn centered(self, width: u16, height: u16) -> Self {
        let (width, height) = (width.min(self.width), height.min(self.height));
        let (x, y) = (self.x + (self.width - width) / 2, self.y + (self.height - height) / 2);
        Self { x, y, width, height }
    }
}

impl Layout {
    /// Divides a screen.
    #[must_use]
    pub fn of(width: u16, height: u16, shape: Shape) -> Self {
        let screen = Area { x: 0, y: 0, width, height };
        if width < MIN_SCREEN.0 || height < MIN_SCREEN.1 {
            return Self { screen, ..Self::default() };
        }
        let (header, rest) = screen.split_top(1);
        let (state_bar, rest) = rest.split_top(state_bar_lines(width, height));
        let (filter_bar, rest) = rest.split_top(u16::from(shape.has_filter));
        let (rest, footer) = rest.split_bottom(1);
        let (rest, sending) = rest.split_bottom(u16::from(shape.sending));
        let (body, timeline) = rest.split_bottom(timeline_lines(shape.timeline, height));
        let mut layout = Self {
            screen,
            header,
            state_bar,
            filter_bar,
            body,
            timeline,
            sending,
            footer,
            ..Self::default()
        };
        layout.place_panes(shape);
        layout
    }

    /// True if the screen has room only for a message that it is too small.
    #[must_use]
    pub const fn is_too_small(&self) -> bool {
        self.header.is_empty()
    }

    /// The area of a pane, its title line included; empty when it is not shown.
    #[must_use]
    pub const fn pane(&self, pane: Pane) -> Area {
        self.panes[pane as usize]
    }

    /// The text area of a page: below a title, with a margin.
    #[must_use]
    pub fn page(&self) -> Area {
        let (_, inner) = self.body.below_title().split_left(1);
        Area { width: inner.width.saturating_sub(1), ..inner }
    }

    /// The largest area of a dialog: everything but the header, which shows the state of the log.
    #[must_use]
    pub fn dialog_room(&self) -> Area {
        self.screen.below_title()
    }

    /// The number of rows that fit in a pane, below its title and the names of its columns. A hidden pane is as high as
    /// it would be alone.
    #[must_use]
    pub fn rows(&self, pane: Pane) -> usize {
        let pane_area = Some(self.pane(pane)).filter(|area| !area.is_empty()).unwrap_or(self.body);
        let body = pane_area.below_title();
        let (body, _) = body.split_bottom(explained_lines(pane, body.height));
        usize::from(body.split_top(heading_lines(pane, body.height)).1.height)
    }

    fn place_panes(&mut self, shape: Shape) {
        if shape.page {
            return;
        }
        self.side_by_side = self.body.width >= MIN_SIDE_BY_SIDE_COLUMNS
            && self.body.height >= 16
            && !shape.zoomed
            && !matches!(shape.focus, Pane::Problems | Pane::Charts);
        if !self.side_by_side {
            self.panes[shape.focus as usize] = self.body;
            return;
        }
        let right = (self.body.width * 2 / 5).clamp(44, 84);
        let (runs, right) = self.body.split_left(self.body.width - right);
        let (_, right) = right.split_left(1);
        let (attempts, suspended) = right.split_top((right.height / 2).min(22));
        self.panes[Pane::Runs as usize] = runs;
        self.panes[Pane::Attempts as usize] = attempts;
        self.panes[Pane::Suspended as usize] = suspended;
    }
}

/// Lines of the names of a pane's columns.
#[must_use]
pub const fn heading_lines(pane: Pane, height: u16) -> u16 {
    let has_names = matches!(pane, Pane::Problems) || (matches!(pane, Pane::Runs) && height >= 12);
    has_names as u16
}

/// Lines at the end of a pane that show the selected row whole.
#[must_use]
pub const fn explained_lines(pane: Pane, height: u16) -> u16 {
    if matches!(pane, Pane::Problems) && height >= 12 { 5 } else { 0 }
}

/// Lines of the time line.
const fn timeline_lines(is_shown: bool, height: u16) -> u16 {
    match height {
        _ if !is_shown => 0,
        16.. => 2,
        // On the smallest screen the rows matter more.
        12.. => 1,
        _ => 0,
    }
}

/// Lines of the counts of the states: fixed by the size, so that nothing jumps when a count grows.
const fn state_bar_lines(width: u16, height: u16) -> u16 {
    match width {
        _ if height < 16 => 0,
        180.. => 1,
        60.. => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_stays_on_the_screen_at_every_size() {
        for (width, height) in (0..=300).step_by(7).flat_map(|w| (0..=100).step_by(3).map(move |h| (w, h))) {
            for focus in Pane::ALL {
                for (zoomed, page) in [(false, false), (true, false), (false, true)] {
                    for bars in 0..8 {
                        let [timeline, has_filter, sending] = [1, 2, 4].map(|bit| bars & bit != 0);
                        let shape = Shape { focus, zoomed, page, timeline, has_filter, sending };
                        check(&Layout::of(width, height, shape));
                    }
                }
            }
        }
    }

    fn check(layout: &Layout) {
        let screen = layout.screen;
        let Layout { header, state_bar, filter_bar, body, timeline, sending, footer, .. } = *layout;
        let bars = [header, state_bar, filter_bar, body, timeline, sending, footer];
        for area in bars.iter().chain(&layout.panes) {
            assert!(area.x + area.width <= screen.width, "{area:?} in {screen:?}");
            assert!(area.y + area.height <= screen.height, "{area:?} in {screen:?}");
        }
        let cells = |areas: &[Area]| -> u32 {
            areas.iter().map(|area| u32::from(area.width) * u32::from(area.height)).sum()
        };
        if !layout.is_too_small() {
            assert_eq!(cells(&bars), cells(&[screen]), "bars cover {screen:?} once");
            assert!(cells(&layout.panes) <= cells(&[layout.body]));
            assert!(layout.body.height >= 6);
        }
    }

    #[test]
    fn sizes_decide_what_is_shown() {
        for (width, height, state_bar, side_by_side, rows) in [
            (0, 0, 0, false, 0),
            (1, 1, 0, false, 0),
            (39, 50, 0, false, 0),
            (40, 10, 0, false, 7),
            (80, 24, 2, false, 18),
            (120, 40, 2, true, 34),
            (200, 60, 1, true, 55),
            (300, 100, 1, true, 95),
        ] {
            let layout = Layout::of(width, height, Shape::default());
            assert_eq!(layout.state_bar.height, state_bar, "{width}x{height}");
            assert_eq!(layout.side_by_side, side_by_side, "{width}x{height}");
            assert_eq!(layout.rows(Pane::Runs), rows, "{width}x{height}");
        }
    }

    #[test]
    fn a_zoomed_pane_is_alone() {
        let layout = Layout::of(200, 60, Shape { focus: Pane::Suspended, zoomed: true, ..Shape::default() });
        assert_eq!(layout.pane(Pane::Suspended), layout.body);
        assert!(layout.pane(Pane::Runs).is_empty());
    }

    #[test]
    fn panes_come_round() {
        assert_eq!(Pane::Charts.after(1), Pane::Runs);
        assert_eq!(Pane::Runs.after(3), Pane::Problems);
        assert_eq!(Pane::numbered(3), Some(Pane::Suspended));
        assert_eq!(Pane::numbered(0), None);
        assert_eq!(Pane::numbered(9), None);
    }
}
