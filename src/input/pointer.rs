//! Mouse input, as far as it means anything here: the left button and the wheel.
//!
//! Must not know which part of the screen is where, nor what a click there means.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

/// Rows that one notch of the wheel goes.
const NOTCH: isize = 3;

/// Mouse action, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointing {
    /// The column, from 0.
    pub x: u16,
    /// The line, from 0.
    pub y: u16,
    /// Kind of action.
    pub deed: Deed,
}

/// Kinds of mouse actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// The button went down.
    Press,
    /// It was moved while the button was down.
    Drag,
    /// The button came up.
    Release,
    /// The wheel was turned by this number of rows; up is negative.
    Wheel(isize),
}

/// Translates a mouse event that came `times` in a row. Other buttons mean nothing, nor does the left one
/// with a key held.
#[must_use]
pub fn pointing(event: &MouseEvent, times: u16) -> Option<Pointing> {
    let rows = NOTCH * isize::try_from(times).unwrap_or(isize::MAX / NOTCH);
    let deed = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Deed::Press,
        MouseEventKind::Drag(MouseButton::Left) => Deed::Drag,
        // Not every terminal tells which button came up.
        MouseEventKind::Up(_) => Deed::Release,
        MouseEventKind::ScrollDown => Deed::Wheel(rows),
        MouseEventKind::ScrollUp => Deed::Wheel(-rows),
        _ => return None,
    };
    let is_plain = event.modifiers == KeyModifiers::NONE || !matches!(deed, Deed::Press);
    is_plain.then_some(Pointing { x: event.column, y: event.row, deed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_left_button_and_the_wheel_mean_something() {
        use MouseEventKind::*;
        let (none, ctrl) = (KeyModifiers::NONE, KeyModifiers::CONTROL);
        for (kind, modifiers, times, expected) in [
            (Down(MouseButton::Left), none, 1, Some(Deed::Press)),
            (Down(MouseButton::Left), ctrl, 1, None),
            (Down(MouseButton::Right), none, 1, None),
            (Drag(MouseButton::Left), none, 9, Some(Deed::Drag)),
            (Drag(MouseButton::Middle), none, 1, None),
            (Up(MouseButton::Left), ctrl, 1, Some(Deed::Release)),
            (ScrollDown, none, 1, Some(Deed::Wheel(3))),
            (ScrollUp, ctrl, 5, Some(Deed::Wheel(-15))),
            (ScrollLeft, none, 1, None),
            (Moved, none, 1, None),
        ] {
            let event = MouseEvent { kind, column: 4, row: 7, modifiers };
            let expected = expected.map(|deed| Pointing { x: 4, y: 7, deed });
            assert_eq!(pointing(&event, times), expected, "{kind:?}");
        }
    }
}
