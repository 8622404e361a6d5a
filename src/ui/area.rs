//! Areas of the layout as the painter's.

use ratatui::layout::Rect;

use crate::view::Area;

/// The same area in cells.
pub(super) fn rect(area: Area) -> Rect {
    Rect::new(area.x, area.y, area.width, area.height)
}
