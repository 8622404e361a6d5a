//! The screen: paints what the app says, and changes nothing.
//!
//! [`draw`] borrows the app, so painting cannot move anything. Every text of a log passes through
//! one function on its way to a cell. The only floor besides the terminal that knows ratatui.

mod area;
mod attempts;
pub mod caret;
mod cell_style;
pub mod charts;
mod detail;
mod dialog;
mod filter_bar;
mod footer;
mod header;
mod help;
mod html;
mod line_writer;
mod names;
mod page;
mod problems;
mod runs;
mod sending;
mod spelling;
mod state_bar;
mod suspended;
mod svg;
mod tallies;
pub mod theme;
mod timeline;
mod title;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

pub use detail::RunPage;
pub use theme::Theme;

use crate::app::App;
use crate::view::layout::SMALLEST;
use crate::view::{Area, Layout, Pane};
use area::rect;
use line_writer::Pen;
use theme::Meaning;

/// Paints the whole screen.
pub fn draw(app: &App, theme: Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    frame.render_widget(&Screen { app, theme }, area);
}

/// The whole screen as an SVG picture, for where there is no terminal.
#[must_use]
pub fn picture(app: &App, theme: Theme) -> String {
    svg::svg(&painted(app, theme), theme.palette)
}

/// The whole screen as an HTML page that needs nothing else, whose text can be selected.
#[must_use]
pub fn page(app: &App, theme: Theme) -> String {
    html::html(&painted(app, theme), app.summary().name, theme.palette)
}

fn painted(app: &App, theme: Theme) -> Buffer {
    let (width, height) = app.size();
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    Screen { app, theme }.render(buffer.area, &mut buffer);
    buffer
}

/// All there is to see.
#[derive(Debug)]
struct Screen<'a> {
    app: &'a App,
    theme: Theme,
}

impl Widget for &Screen<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let Screen { app, theme } = *self;
        // The app has been told the size; while a resize is on its way, what does not fit is left out.
        let layout = app.layout();
        let on = |part: Area| rect(part).intersection(area);
        if layout.is_too_small() {
            too_small(theme, area, buf);
            return;
        }
        header::Header::of(app, theme).render(on(layout.header), buf);
        state_bar::Strip::of(app, theme).render(on(layout.strip), buf);
        filter_bar::Narrow { app, theme }.render(on(layout.narrow), buf);
        if app.help().is_some() {
            help::Help { app, theme }.render(on(layout.body), buf);
        } else if let Some((page, top)) = app.ledger_page() {
            let text = on(layout.page());
            let height = usize::from(text.height);
            let more = (top > 0, top + height < page.len_lines());
            page::title(theme, "Cancels", more, on(layout.body), buf);
            page::lines(theme, &page.lines(top, height), text, buf);
        } else if let Some((page, top)) = app.changes() {
            let text = on(layout.page());
            let height = usize::from(text.height);
            let more = (top > 0, top + height < page.len_lines());
            page::title(theme, "Changes", more, on(layout.body), buf);
            page::lines(theme, &page.lines(top, height), text, buf);
        } else if app.has_page() {
            detail::DetailPane { app, theme }.render(on(layout.body), buf);
        } else if let Some((number, lines, top)) = app.problem_page() {
            let text = on(layout.page());
            let height = usize::from(text.height);
            let more = (top > 0, top + height < lines.len());
            page::title(theme, &format!("Problem {number}"), more, on(layout.body), buf);
            page::lines(theme, &lines[top..], text, buf);
        } else if let Some((charts, scroll)) = app.charts() {
            let page = charts::ChartsPage { charts, scroll, theme };
            let remark = match page.is_scrollable(on(layout.page())) {
                (false, false) => app.query().map(|_| "all runs"),
                (false, true) => Some("more below"),
                (true, false) => Some("more above"),
                (true, true) => Some("more"),
            };
            page.render(on(layout.body), buf);
            let (pane, position) = (Pane::Charts, None);
            title::Title { app, theme, pane, position, remark }.render(on(layout.body), buf);
        } else {
            self.panes(&layout, area, buf);
        }
        timeline::TimeBar { app, theme }.render(on(layout.timeline), buf);
        sending::SendingBar { progress: app.progress(), theme }.render(on(layout.sending), buf);
        footer::Footer { app, theme }.render(on(layout.footer), buf);
        if app.dialog().is_some() {
            dialog::DialogBox { app, theme }.render(on(layout.dialog_room()), buf);
        }
    }
}

impl Screen<'_> {
    fn panes(&self, layout: &Layout, area: Rect, buf: &mut Buffer) {
        let Screen { app, theme } = *self;
        let on = |pane: Pane| rect(layout.pane(pane)).intersection(area);
        runs::Runs { app, theme }.render(on(Pane::Runs), buf);
        attempts::Attempts { app, theme }.render(on(Pane::Attempts), buf);
        suspended::Suspended { app, theme }.render(on(Pane::Suspended), buf);
        problems::Problems { app, theme }.render(on(Pane::Problems), buf);
        if layout.side_by_side {
            let runs = on(Pane::Runs);
            title::rule_down(theme, [on(Pane::Attempts).y, on(Pane::Suspended).y], runs, buf);
        }
    }
}

#[cfg(test)]
mod tests;

/// One line in the middle of a screen that has no room for more.
fn too_small(theme: Theme, area: Rect, buf: &mut Buffer) {
    let words = format!("runwatch needs {}x{}", SMALLEST.0, SMALLEST.1);
    let words = if usize::from(area.width) < words.len() { "too small".to_owned() } else { words };
    let indent = usize::from(area.width).saturating_sub(words.len()) / 2;
    let mut pen = Pen::at(buf, theme, area, area.height / 2);
    pen.skip(indent);
    pen.own(Meaning::Dim, &words);
}
