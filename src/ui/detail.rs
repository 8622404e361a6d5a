//! The page of one run.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::theme::Theme;
use super::{page, rect};
use crate::app::App;
use crate::view::detail::{Detail, Line, Scroll, Tone};

/// The page that is open.
pub(super) struct DetailPane<'a> {
    pub(super) app: &'a App,
    pub(super) theme: Theme,
}

impl Widget for DetailPane<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let text = rect(self.app.layout().page());
        let Some((detail, scroll, _)) = self.app.detail() else {
            if let Some(run) = self.app.unborn() {
                page::title(self.theme, &format!("Run {}", run.short()), (false, false), area, buf);
                let words = "   at this instant there is no such run yet";
                page::lines(
                    self.theme,
                    &[Line::empty().with(Tone::Dim, words)],
                    text.intersection(area),
                    buf,
                );
            }
            return;
        };
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
        let id = detail.store.run(detail.key).instance.id();
        let more = detail.is_scrollable(scroll, height);
        page::title(theme, &format!("Run {}", id.short()), more, area, buf);
        page::lines(theme, &detail.page(scroll, height), text.intersection(area), buf);
    }
}
