//! The page of charts: the log's course from its first line to its last, and where the cursor is in it.
//!
//! Painted as high as it is and then moved under the screen, for it is never much higher. Must not know runs.

mod flow;
mod pace;
mod plot;
mod times;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::area::rect;
use super::attempts::rungs;
use super::line_writer::LineWriter;
use super::page;
use super::theme::{Meaning, Theme};
use crate::view::Area;
use crate::view::attempts::Figures;
use crate::view::charts::{Charts, Plan};
use plot::Plot;

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct ChartsPage<'a> {
    /// Data to show.
    pub charts: Charts<'a>,
    /// Number of its lines above the screen; at most [`Plan::last_line`].
    pub scroll: u16,
    /// Look of the screen.
    pub theme: Theme,
}

impl ChartsPage<'_> {
    /// Returns true if there is more above and below what the page shows in `text`, the area of its lines.
    #[must_use]
    pub fn is_scrollable(&self, text: Rect) -> (bool, bool) {
        if self.charts.samples.is_empty() {
            return (false, false);
        }
        let last = Plan::of(&self.charts, text.width, text.height).last_line(text.height);
        let scroll = self.scroll.min(last);
        (scroll > 0, scroll < last)
    }
}

impl Widget for ChartsPage<'_> {
    /// Paints the page into the body of a screen, its title line included.
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.width < 4 || area.height < 2 {
            return;
        }
        let text = Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 1);
        if self.charts.samples.is_empty() {
            page::title(self.theme, "Charts", (false, false), area, buf);
            let mut pen = LineWriter::at(buf, self.theme, text, 1);
            pen.skip(1);
            pen.own(Meaning::Dim, "Nothing has happened yet.");
            return;
        }
        let plan = Plan::of(&self.charts, text.width, text.height);
        let last = plan.last_line(text.height);
        let scroll = self.scroll.min(last);
        page::title(self.theme, "Charts", (scroll > 0, scroll < last), area, buf);
        let mut page = Buffer::empty(Rect::new(0, 0, text.width, plan.height));
        self.paint(&plan, &mut page);
        for y in 0..text.height {
            for x in 0..text.width {
                buf[(text.x + x, text.y + y)] = page[(x, scroll + y)].clone();
            }
        }
    }
}

impl ChartsPage<'_> {
    fn paint(&self, plan: &Plan, buf: &mut Buffer) {
        let Self { charts, theme, .. } = *self;
        if let Some(plot) = Plot::of(&charts, theme, plan) {
            flow::flow(&plot, rect(plan.flow), buf);
            flow::ends(&plot, rect(plan.ends), buf);
            pace::pace(&plot, rect(plan.pace), buf);
        }
        self.attempts(plan.attempts, buf);
        times::Table { charts: &charts, theme }.render(rect(plan.times), buf);
    }

    fn attempts(&self, area: Area, buf: &mut Buffer) {
        let Self { charts, theme, .. } = *self;
        let figures = Figures::of(charts.store, charts.now);
        heading(theme, "Live runs by attempt", &[], rect(area), buf);
        let area = rect(area.below_title());
        if figures.rungs[1..].iter().all(|count| *count == 0) {
            let mut pen = LineWriter::at(buf, theme, area, 0);
            pen.skip(2);
            pen.own(Meaning::Dim, "No live run has begun one.");
            return;
        }
        rungs(theme, &figures, usize::from(area.height).min(figures.highest()), area, buf);
    }
}

/// The first line of a chart: what it is, and as many of the remarks as there is room for.
fn heading(theme: Theme, title: &str, remarks: &[(Meaning, String)], area: Rect, buf: &mut Buffer) {
    let mut pen = LineWriter::at(buf, theme, area, 0);
    pen.own(Meaning::Title, title);
    for (meaning, remark) in remarks {
        if pen.left() < remark.len() + 3 {
            return;
        }
        pen.skip(3);
        pen.own(*meaning, remark);
    }
}
