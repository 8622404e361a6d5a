//! The target of the pointer: the inverse of the geometry.

use super::{Area, Layout, Pane, explained_lines, heading_lines};

/// The target at a place of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// The line above a pane, and the column within it.
    Title(Pane, u16),
    /// A line of the rows of a pane, from 0. It may be below the last row.
    Row(Pane, usize),
    /// The rest of a pane: the names of its columns, or the explanation below its rows.
    Pane(Pane),
    /// A page that covers the panes.
    Page,
    /// The time line, and the column within it.
    Timeline(u16),
    /// A place that is no target.
    Elsewhere,
}

impl Area {
    /// True if a place is in it.
    #[must_use]
    pub const fn contains(self, x: u16, y: u16) -> bool {
        x >= self.x && x - self.x < self.width && y >= self.y && y - self.y < self.height
    }
}

impl Layout {
    /// The target at a place.
    #[must_use]
    pub fn at(&self, x: u16, y: u16) -> Spot {
        if self.timeline.contains(x, y) {
            return Spot::Timeline(x - self.timeline.x);
        }
        let pane = Pane::ALL.into_iter().find(|pane| self.pane(*pane).contains(x, y));
        match pane {
            Some(pane) => self.in_pane(pane, x, y),
            None if self.body.contains(x, y) && !self.side_by_side => Spot::Page,
            None => Spot::Elsewhere,
        }
    }

    fn in_pane(&self, pane: Pane, x: u16, y: u16) -> Spot {
        let area = self.pane(pane);
        if y == area.y {
            return Spot::Title(pane, x - area.x);
        }
        let body = area.below_title();
        let (body, explained) = body.split_bottom(explained_lines(pane, body.height));
        let (heading, rows) = body.split_top(heading_lines(pane, body.height));
        if explained.contains(x, y) || heading.contains(x, y) {
            return Spot::Pane(pane);
        }
        Spot::Row(pane, usize::from(y - rows.y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Shape;

    #[test]
    fn each_place_has_its_target() {
        let board = Shape::default();
        let problems = Shape { focus: Pane::Problems, timeline: true, ..board };
        let page = Shape { page: true, ..board };
        use Pane::{Attempts, Problems, Runs, Suspended};
        for ((width, height), shape, (x, y), expected) in [
            ((80, 24), board, (5, 0), Spot::Elsewhere),
            ((80, 24), board, (5, 2), Spot::Elsewhere),
            ((80, 24), board, (5, 3), Spot::Title(Runs, 5)),
            ((80, 24), board, (5, 4), Spot::Pane(Runs)),
            ((80, 24), board, (5, 5), Spot::Row(Runs, 0)),
            ((80, 24), board, (79, 22), Spot::Row(Runs, 17)),
            ((80, 24), board, (5, 23), Spot::Elsewhere),
            ((80, 24), board, (80, 22), Spot::Elsewhere),
            ((80, 10), board, (5, 2), Spot::Row(Runs, 0)),
            ((120, 40), board, (5, 5), Spot::Row(Runs, 0)),
            ((120, 40), board, (72, 5), Spot::Elsewhere),
            ((120, 40), board, (73, 5), Spot::Row(Attempts, 1)),
            ((120, 40), board, (73, 38), Spot::Row(Suspended, 16)),
            ((80, 24), problems, (5, 5), Spot::Row(Problems, 0)),
            ((80, 24), problems, (5, 20), Spot::Pane(Problems)),
            ((80, 24), problems, (5, 21), Spot::Timeline(5)),
            ((80, 24), page, (5, 5), Spot::Page),
            ((80, 24), page, (5, 1), Spot::Elsewhere),
            ((30, 5), board, (5, 2), Spot::Elsewhere),
        ] {
            let layout = Layout::of(width, height, shape);
            assert_eq!(layout.at(x, y), expected, "{x},{y} of {width}x{height}");
        }
    }

    #[test]
    fn as_many_lines_are_rows_as_the_pane_has() {
        for (width, height) in [(40, 10), (60, 14), (80, 24), (120, 40), (300, 100)] {
            for focus in Pane::ALL {
                let layout = Layout::of(width, height, Shape { focus, ..Shape::default() });
                let rows = |y| matches!(layout.at(1, y), Spot::Row(pane, _) if pane == focus);
                let counted = (0..height).filter(|y| rows(*y)).count();
                let shown = layout.pane(focus);
                if shown.x <= 1 && !shown.is_empty() {
                    assert_eq!(counted, layout.rows(focus), "{focus:?} of {width}x{height}");
                }
            }
        }
    }
}
