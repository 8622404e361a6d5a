//! Finished and failed attempts over time, each in a band of its own scale.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::heading;
use super::plot::Plot;
use crate::model::facts::AttemptResult;
use crate::model::states::Phase;
use crate::ui::line_writer::LineWriter;
use crate::ui::theme::Meaning;
use crate::view::charts::{ChartStep, Charts, Peak};
use crate::view::format::{squeezed, thousands};

/// Columns for a number in the words at the left.
const COUNT: usize = 8;

/// Draws both.
pub(super) fn pace(plot: &Plot<'_>, area: Rect, buf: &mut Buffer) {
    let (charts, theme) = (plot.charts, plot.theme);
    let finished = |step: &ChartStep| step.finished;
    let failed = |step: &ChartStep| step.failed;
    let most = Charts::peak(&plot.axis, &plot.steps, finished);
    let worst = Charts::peak(&plot.axis, &plot.steps, failed);
    let step = plot.axis.step();
    let each = match (charts.by_sequence, step) {
        (true, 1) => "a line".to_owned(),
        (true, _) => format!("in {} lines", thousands(step)),
        (false, 1) => charts.clock.unit().one().to_owned(),
        (false, _) => format!("in {}", charts.clock.unit().words(step)),
    };
    let at = |peak: Peak| charts.place_words(peak.at);
    let mut remarks = vec![];
    if most.count > 0 {
        remarks.push((Meaning::Dim, format!("at most {} {each}, {}", thousands(most.count), at(most))));
    }
    if worst.count > 0 {
        remarks.push((Meaning::Dim, format!("at most {} failed, {}", thousands(worst.count), at(worst))));
    }
    heading(theme, "Attempts that ended", &remarks, area, buf);

    let by_result = charts.store.attempts().by_result;
    let of = |result: AttemptResult| by_result[result as usize];
    let rows = area.height.saturating_sub(1 + plot.plan.failed_lines);
    let band = Rect { y: area.y + 1, height: rows, ..area };
    let ended = by_result.iter().sum();
    words(plot, (Meaning::Text, "ended"), ended, band, buf);
    plot.scale(most.count, 0, band, buf);
    plot.bars(Meaning::Text, most.count, finished, band, buf);
    if most.count == 0 {
        let is_known = ended == 0 || charts.store.latest_at() > 0;
        let words = if is_known { "no attempt ended" } else { "when they ended is not known" };
        plot.nothing(words, band, buf);
    }

    let band = Rect { y: band.bottom(), height: plot.plan.failed_lines, ..area };
    let look = Meaning::Phase(Phase::Failed);
    words(plot, (look, "failed"), of(AttemptResult::Failure) + of(AttemptResult::Timeout), band, buf);
    plot.scale(worst.count, 0, band, buf);
    plot.bars(look, worst.count, failed, band, buf);
}

/// Paints the name of a band, and its count until the cursor.
fn words(plot: &Plot<'_>, (meaning, name): (Meaning, &str), count: u64, band: Rect, buf: &mut Buffer) {
    let mut pen = LineWriter::at(buf, plot.theme, plot.legend(band), 0);
    let number = if count > 0 { Meaning::Title } else { Meaning::Dim };
    let is_narrow = pen.left() < 2 + name.len() + 4;
    if is_narrow {
        pen.own(number, &squeezed(count, pen.left().saturating_sub(1)));
        return;
    }
    pen.own(meaning, name);
    let room = (pen.left() - 1).min(20 - name.len().min(20)).max(COUNT.min(pen.left() - 1));
    pen.right(number, &squeezed(count, room), room);
}
