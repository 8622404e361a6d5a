//! The line that says how far many cancels have come: a bar, and what is known of each.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::line_writer::LineWriter;
use super::theme::{Glyph, Meaning, Theme};
use crate::view::format::count;
use crate::view::sending::Progress;

/// Columns of the bar.
const BAR: usize = 20;

/// The line.
pub(super) struct SendingBar {
    /// Progress; none when none are on their way.
    pub(super) progress: Option<Progress>,
    pub(super) theme: Theme,
}

impl Widget for SendingBar {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let Some(progress) = self.progress.filter(|_| !area.is_empty()) else { return };
        let counts = progress.counts;
        let mut pen = LineWriter::at(buf, self.theme, area, 0);
        pen.skip(1);
        pen.own(Meaning::Title, &format!("Canceling {}", count(progress.total)));
        pen.skip(2);
        if pen.left() > 4 * BAR {
            let of = |n: usize| (n * BAR).div_ceil(progress.total.max(1)).min(BAR);
            let known =
                of(counts.unconfirmed + counts.proved + counts.overtaken + counts.refused + progress.skipped);
            let sent = of(progress.total - progress.unsent).max(known) - known;
            pen.own(Meaning::Good, &self.theme.glyph(Glyph::Bar).repeat(known));
            pen.own(Meaning::Warn, &self.theme.glyph(Glyph::Bar).repeat(sent));
            pen.own(Meaning::Dim, &self.theme.glyph(Glyph::RuleAcross).repeat(BAR - known - sent));
            pen.skip(2);
        }
        let way_out = match progress {
            _ if progress.is_held => "waits for now",
            _ if progress.unsent > 0 => "Esc stops",
            _ => "Esc closes",
        };
        for (meaning, n, word) in [
            (Meaning::Text, progress.unsent, "unsent"),
            (Meaning::Text, counts.asked, "asked"),
            (Meaning::Text, counts.sent, "sent"),
            (Meaning::Text, counts.unconfirmed, "sent, unproved"),
            (Meaning::Good, counts.proved, "proved"),
            (Meaning::Warn, counts.overtaken, "overtaken"),
            (Meaning::Bad, counts.refused, "refused"),
            (Meaning::Bad, counts.silent, "no evidence"),
            (Meaning::Dim, progress.skipped, "skipped"),
            (Meaning::Warn, progress.stopped, "stopped"),
        ] {
            let always = matches!(word, "sent" | "proved");
            let words = format!("{word} {}", count(n));
            if (n > 0 || always) && pen.left() > words.len() + way_out.len() + 3 {
                pen.own(meaning, &words);
                pen.skip(2);
            }
        }
        pen.skip_to_last(way_out.len() + 1);
        pen.own(Meaning::Key, way_out);
    }
}
