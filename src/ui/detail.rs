//! The page of one run.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::line_writer::LineWriter;
use super::page;
use super::theme::{Meaning, Theme};
use crate::model::text;
use crate::view::detail::{Detail, Scroll};

/// The page of a run that is not there at the instant at hand.
pub(super) struct AbsentPage {
    pub(super) run: String,
    pub(super) text: Rect,
    pub(super) theme: Theme,
}

impl Widget for AbsentPage {
    fn render(self, area: Rect, buf: &mut Buffer) {
        page::title(self.theme, &format!("Run {}", self.run), (false, false), area, buf);
        let mut pen = LineWriter::at(buf, self.theme, self.text, 1);
        pen.skip(1);
        pen.own(Meaning::Dim, "At this instant there is no such run yet: } goes to its first event.");
    }
}

/// The page of a run.
#[derive(Debug)]
pub struct RunPage<'a> {
    /// Data to show.
    pub detail: &'a Detail<'a>,
    /// Scroll position.
    pub scroll: Scroll,
    /// Look of the screen.
    pub theme: Theme,
    /// Area of its lines, below its title.
    pub text: Rect,
}

impl Widget for RunPage<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let Self { detail, scroll, theme, text } = self;
        let height = usize::from(text.height);
        let id = detail.store.run(detail.key).id;
        let more = detail.is_scrollable(scroll, height);
        // Whole where it leaves room for what else the title tells.
        let whole = detail.ids.whole(id);
        let has_room = text::width(&whole) * 2 <= area.width.into();
        let is_text = detail.store.states().has_text_ids();
        let id = if is_text && has_room { whole } else { detail.ids.run(id) };
        page::title(theme, &format!("Run {id}"), more, area, buf);
        page::lines(theme, &detail.page(scroll, height), text.intersection(area), buf);
    }
}
