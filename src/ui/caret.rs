//! Where the terminal's own cursor belongs: at the caret of what is typed, else on what is selected.
//!
//! Input methods draw their candidates there, and screen readers and braille lines read there. It is found on the
//! painted cells, so that it is where a person sees it, however it was painted.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::area::rect;
use super::theme::{Glyph, Theme};
use crate::input::Mode;
use crate::view::Pane;
use crate::view::screen::Screen;

/// Puts the cursor of a painted frame at the caret, if text is typed; else says where it rests without being seen.
pub(super) fn place(shown: &Screen<'_>, theme: Theme, frame: &mut Frame<'_>) -> Option<(u16, u16)> {
    let Screen { layout, mode, .. } = *shown;
    let screen = frame.area();
    if layout.is_too_small() {
        return Some((screen.x, screen.y));
    }
    let on = |area| rect(area).intersection(screen);
    let buf = frame.buffer_mut();
    let typed = match mode {
        Mode::Find => caret(buf, on(layout.filter_bar)),
        Mode::Prompt | Mode::Command => caret(buf, on(layout.footer)),
        Mode::Count => caret(buf, question(shown, screen)),
        _ => None,
    };
    if let Some(at) = typed {
        // The terminal draws its own there, and two would make none.
        buf[at].modifier.remove(Modifier::REVERSED);
        frame.set_cursor_position(at);
        return None;
    }
    let pane = match mode {
        Mode::Board | Mode::Problems | Mode::Charts => on(layout.pane(shown.focus)),
        Mode::Dialog | Mode::Count => {
            // Its title.
            let area = question(shown, screen);
            return Some((area.right().min(area.x + 3), area.y));
        }
        Mode::Detail => return Some(event(buf, theme, on(layout.page()))),
        _ => on(layout.page()),
    };
    let selected = (pane.y..pane.bottom()).find(|y| is_marked(buf, (pane.x, *y)));
    let is_list = matches!(shown.focus, Pane::Runs | Pane::Suspended | Pane::Problems);
    Some((pane.x, selected.filter(|_| is_list).unwrap_or(pane.y)))
}

/// The first cell of an area on which the caret is.
fn caret(buf: &Buffer, area: Rect) -> Option<(u16, u16)> {
    area.positions().map(Into::into).find(|at| is_marked(buf, *at))
}

fn is_marked(buf: &Buffer, at: (u16, u16)) -> bool {
    buf.cell(at).is_some_and(|cell| cell.modifier.contains(Modifier::REVERSED))
}

/// Where the question is.
fn question(shown: &Screen<'_>, screen: Rect) -> Rect {
    shown.question.as_ref().map_or(screen, |it| rect(it.sheet.area).intersection(screen))
}

/// The event that is selected on a run's page, or the first line.
fn event(buf: &Buffer, theme: Theme, area: Rect) -> (u16, u16) {
    let sign = theme.glyph(Glyph::Cursor);
    let is_selected = |y: &u16| buf.cell((area.x, *y)).is_some_and(|cell| cell.symbol() == sign);
    (area.x, (area.y..area.bottom()).find(is_selected).unwrap_or(area.y))
}
