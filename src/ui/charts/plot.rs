//! Parts shared by the charts over time: their columns, their words at the left, their scale, and the line of
//! times.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::bar;
use ratatui::widgets::{Sparkline, SparklineBar, Widget};

use crate::ui::area::rect;
use crate::ui::line_writer::LineWriter;
use crate::ui::theme::{Glyph, Meaning, Theme};
use crate::view::Area;
use crate::view::charts::{Axis, ChartStep, Charts, Plan};
use crate::view::format::squeezed;

/// The columns of all charts over time.
pub(super) struct Plot<'a> {
    pub(super) charts: &'a Charts<'a>,
    pub(super) theme: Theme,
    pub(super) plan: &'a Plan,
    pub(super) axis: Axis,
    pub(super) steps: Vec<ChartStep>,
    /// The column of the cursor.
    cursor: usize,
}

/// Eight heights of a cell, for a terminal that may show ASCII only.
const ASCII: bar::Set<'_> = bar::Set {
    full: "#",
    seven_eighths: "#",
    three_quarters: "=",
    five_eighths: "=",
    half: "-",
    three_eighths: "-",
    one_quarter: ".",
    one_eighth: ".",
    empty: " ",
};

impl<'a> Plot<'a> {
    /// The columns of a planned page; none when it is too narrow to draw.
    pub(super) fn of(charts: &'a Charts<'a>, theme: Theme, plan: &'a Plan) -> Option<Self> {
        let axis = Axis::of(charts, usize::from(plan.drawing(plan.flow).width))?;
        let steps = charts.steps(&axis);
        let cursor = axis.column_of(charts.cursor_place());
        Some(Self { charts, theme, plan, axis, steps, cursor })
    }

    /// Returns the area of a chart's words.
    pub(super) fn legend(&self, area: Rect) -> Rect {
        Rect { width: self.plan.legend.min(area.width), ..area }
    }

    /// Where a chart is drawn.
    pub(super) fn drawing(&self, area: Rect) -> Rect {
        let Rect { x, y, width, height } = area;
        rect(self.plan.drawing(Area { x, y, width, height }))
    }

    /// Writes a number of the scale, unless it is 0, beside line `line` of an area.
    pub(super) fn scale(&self, count: u64, line: u16, area: Rect, buf: &mut Buffer) {
        if count == 0 {
            return;
        }
        let width = self.plan.scale.saturating_sub(1);
        let beside = Rect { x: area.x + self.plan.legend, width, ..area };
        let width = usize::from(width);
        LineWriter::at(buf, self.theme, beside, line).right(Meaning::Dim, &squeezed(count, width), width);
    }

    /// Says why a chart is empty, in its middle.
    pub(super) fn nothing(&self, words: &str, area: Rect, buf: &mut Buffer) {
        let drawing = self.drawing(area);
        let mut pen = LineWriter::at(buf, self.theme, drawing, drawing.height / 2);
        pen.skip(pen.left().saturating_sub(words.len()) / 2);
        pen.own(Meaning::Dim, words);
    }

    /// Yields each column with the style laid over it: what is still to come is dim.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&ChartStep, Style)> {
        let width = usize::from(self.plan.drawing(self.plan.flow).width);
        (0..width).map(|column| {
            let over = if column > self.cursor { self.theme.ahead() } else { Style::new() };
            (&self.steps[self.axis.step_at(column)], over)
        })
    }

    /// Draws the cursor's line through a chart, wherever there is nothing else.
    pub(super) fn cursor(&self, area: Rect, buf: &mut Buffer) {
        let area = self.drawing(area);
        let x = area.x.saturating_add(u16::try_from(self.cursor).unwrap_or(u16::MAX));
        for line in 0..area.height {
            if buf.cell((x, area.y + line)).is_some_and(|cell| cell.symbol() == " ") {
                let mut pen = LineWriter::at(buf, self.theme, area, line);
                pen.skip(self.cursor);
                pen.own(Meaning::Focus, self.theme.glyph(Glyph::RuleDown));
            }
        }
    }

    /// Draws what `count` says of each step as bars, of which the highest is `top`.
    pub(super) fn bars(
        &self,
        meaning: Meaning,
        top: u64,
        count: impl Fn(&ChartStep) -> u64,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let drawing = self.drawing(area);
        let style = self.theme.style(meaning);
        // The least of something is still seen.
        let least = top.div_ceil(8 * u64::from(drawing.height.max(1)));
        let bar = |(step, over): (&ChartStep, Style)| {
            let shown = match count(step) {
                0 => 0,
                count => count.max(least),
            };
            SparklineBar::from(shown).style(style.patch(over))
        };
        let bars: Vec<SparklineBar> = self.columns().map(bar).collect();
        let set = if self.theme.unicode { bar::NINE_LEVELS } else { ASCII };
        Sparkline::default().data(bars).max(top.max(1)).bar_set(set).render(drawing, buf);
        self.cursor(area, buf);
    }

    /// Draws the line below a chart: the times, and the cursor.
    pub(super) fn times(&self, line: u16, area: Rect, buf: &mut Buffer) {
        let drawing = self.drawing(area);
        LineWriter::at(buf, self.theme, drawing, line).rule();
        for tick in self.axis.ticks(self.charts) {
            // The cursor would be in the place of a digit.
            if (tick.column + 1..=tick.column + tick.label.len()).contains(&self.cursor) {
                continue;
            }
            let mut pen = LineWriter::at(buf, self.theme, drawing, line);
            pen.skip(tick.column);
            pen.own(Meaning::Rule, self.theme.glyph(Glyph::Notch));
            pen.own(Meaning::Dim, &tick.label);
        }
        let mut pen = LineWriter::at(buf, self.theme, drawing, line);
        pen.skip(self.cursor);
        pen.own(Meaning::Focus, self.theme.glyph(Glyph::Here));
    }
}
