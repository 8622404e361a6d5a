//! The page of one run.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::area::rect;
use super::line_writer::Pen;
use super::page;
use super::theme::{Meaning, Theme};
use crate::app::App;
use crate::view::detail::{Detail, Scroll};

/// The page that is open.
pub(super) struct DetailPane<'a> {
    pub(super) app: &'a App,
    pub(super) theme: Theme,
}

impl Widget for DetailPane<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let text = rect(self.app.layout().page());
        if let Some(run) = self.app.absent() {
            page::title(self.theme, &format!("Run {}", self.app.ids().run(run)), (false, false), area, buf);
            let mut pen = Pen::at(buf, self.theme, text.intersection(area), 1);
            pen.skip(1);
            pen.own(Meaning::Dim, "At this instant there is no such run yet: } goes to its first event.");
            return;
        }
        let Some((detail, scroll, _)) = self.app.detail() else { return };
        RunPage { detail: &detail, scroll, theme: self.theme, text }.render(area, buf);
    }
}

/// The page of a run, whoever has it.
#[derive(Debug)]
pub struct RunPage<'a> {
    /// What it shows.
    pub detail: &'a Detail<'a>,
    /// How far it is scrolled.
    pub scroll: Scroll,
    /// How it may look.
    pub theme: Theme,
    /// Where its lines stand, below its title.
    pub text: Rect,
}

impl Widget for RunPage<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let Self { detail, scroll, theme, text } = self;
        let height = usize::from(text.height);
        let id = detail.store.run(detail.key).id;
        let more = detail.is_scrollable(scroll, height);
        page::title(theme, &format!("Run {}", detail.ids.run(id)), more, area, buf);
        page::lines(theme, &detail.page(scroll, height), text.intersection(area), buf);
    }
}
