//! The screen: paints what the app says, and changes nothing.
//!
//! [`draw`] borrows the app, so painting cannot move anything. Every text of a log passes through
//! one function on its way to a cell. The only floor besides the terminal that knows ratatui.

mod area;
mod attempts;
mod caret;
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
use crate::view::layout::MIN_SCREEN;
use crate::view::panes::{RunsPane, SuspendedPane};
use crate::view::screen::{PageView, ProblemsPane, Screen};
use crate::view::{Area, Pane};
use area::rect;
use line_writer::LineWriter;
use theme::Meaning;

/// Paints the whole screen.
pub fn draw(app: &App, theme: Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    frame.render_widget(&Painting { screen: &app.screen(), theme }, area);
}

/// Paints the whole screen, and puts the cursor at the caret if text is typed; else says where it rests unseen.
pub fn draw_with_cursor(app: &App, theme: Theme, frame: &mut Frame<'_>) -> Option<(u16, u16)> {
    let (screen, area) = (app.screen(), frame.area());
    frame.render_widget(&Painting { screen: &screen, theme }, area);
    caret::place(&screen, theme, frame)
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
    Painting { screen: &app.screen(), theme }.render(buffer.area, &mut buffer);
    buffer
}

/// The whole screen.
#[derive(Debug)]
struct Painting<'a> {
    screen: &'a Screen<'a>,
    theme: Theme,
}

impl Widget for &Painting<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let Painting { screen, theme } = *self;
        // The app has been told the size; while a resize is on its way, what does not fit is left out.
        let layout = &screen.layout;
        let on = |part: Area| rect(part).intersection(area);
        if layout.is_too_small() {
            too_small(theme, area, buf);
            return;
        }
        header::HeaderLine { header: &screen.header, theme }.render(on(layout.header), buf);
        state_bar::Strip::of(screen.shared.shelves, theme).render(on(layout.state_bar), buf);
        filter_bar::FilterBar { filter: screen.filter, theme }.render(on(layout.filter_bar), buf);
        self.page(area, buf);
        if let Some(time) = screen.time {
            timeline::TimeBar { time, theme }.render(on(layout.timeline), buf);
        }
        sending::SendingBar { progress: screen.progress, theme }.render(on(layout.sending), buf);
        footer::LastLine { footer: screen.footer, theme }.render(on(layout.footer), buf);
        if let Some(question) = &screen.question {
            dialog::DialogBox { question, theme }.render(on(layout.dialog_room()), buf);
        }
    }
}

impl Painting<'_> {
    fn page(&self, area: Rect, buf: &mut Buffer) {
        let Painting { screen, theme } = *self;
        let (body, text) = (rect(screen.layout.body), rect(screen.layout.page()));
        let (body, text) = (body.intersection(area), text.intersection(area));
        match &screen.page {
            PageView::Panes { runs, suspended, problems } => {
                self.panes(runs, suspended, *problems, area, buf);
            }
            PageView::Charts(charts, scroll) => {
                let page = charts::ChartsPage { charts: *charts, scroll: *scroll, theme };
                let remark = match page.is_scrollable(text) {
                    (false, false) => screen.shared.has_query.then_some("all runs"),
                    (false, true) => Some("more below"),
                    (true, false) => Some("more above"),
                    (true, true) => Some("more"),
                };
                page.render(body, buf);
                let (shared, pane, position) = (&screen.shared, Pane::Charts, None);
                title::Title { shared, theme, pane, position, remark }.render(body, buf);
            }
            PageView::Detail(detail, scroll) => {
                let text = rect(screen.layout.page());
                RunPage { detail, scroll: *scroll, theme, text }.render(body, buf);
            }
            PageView::Absent(run) => {
                let run = screen.shared.ids.run(*run);
                detail::AbsentPage { run, text, theme }.render(body, buf);
            }
            PageView::Text(page) => {
                page::title(theme, &page.title, page.more, body, buf);
                page::lines(theme, &page.lines, text, buf);
            }
            PageView::Help(page) => help::Help { page: *page, text, theme }.render(body, buf),
        }
    }

    fn panes(
        &self,
        runs: &RunsPane<'_>,
        suspended: &SuspendedPane<'_>,
        problems: ProblemsPane<'_>,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let Painting { screen, theme } = *self;
        let (layout, shared) = (&screen.layout, &screen.shared);
        let on = |pane: Pane| rect(layout.pane(pane)).intersection(area);
        runs::RunsWidget { pane: runs, theme }.render(on(Pane::Runs), buf);
        attempts::AttemptsWidget { shared, theme }.render(on(Pane::Attempts), buf);
        suspended::SuspendedWidget { pane: suspended, theme }.render(on(Pane::Suspended), buf);
        problems::ProblemsWidget { pane: problems, shared, theme }.render(on(Pane::Problems), buf);
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
    let words = format!("runwatch needs {}x{}", MIN_SCREEN.0, MIN_SCREEN.1);
    let words = if usize::from(area.width) < words.len() { "too small".to_owned() } else { words };
    let indent = usize::from(area.width).saturating_sub(words.len()) / 2;
    let mut pen = LineWriter::at(buf, theme, area, area.height / 2);
    pen.skip(indent);
    pen.own(Meaning::Dim, &words);
}
