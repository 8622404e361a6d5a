//! The page of one run.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::theme::Theme;
use super::{page, rect};
use crate::app::App;

/// The page.
pub(super) struct DetailPane<'a> {
    pub(super) app: &'a App,
    pub(super) theme: Theme,
}

impl Widget for DetailPane<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let Some((detail, scroll, height)) = self.app.detail() else { return };
        let id = detail.store.run(detail.key).instance.id();
        let more = detail.is_scrollable(scroll, height);
        page::title(self.theme, &format!("Run {}", id.short()), more, area, buf);
        let text = rect(self.app.layout().page()).intersection(area);
        page::lines(self.theme, &detail.page(scroll, height), text, buf);
    }
}
