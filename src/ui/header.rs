//! The first line: which log, how it is, how fast it comes, and what became of its lines.
//!
//! Where there is no room the least important goes first; how the log is, what was lost and that nothing can be
//! sent never go, nor that the mouse is ours.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::pen::Pen;
use super::theme::{Glyph, Meaning, Theme};
use crate::app::App;
use crate::model::{text, time};
use crate::view::format::thousands;
use crate::view::summary::{Flow, Summary};

/// The header.
pub(super) struct Header<'a> {
    pub(super) app: &'a App,
    pub(super) theme: Theme,
}

/// One word or two of the header.
struct Part {
    text: String,
    meaning: Meaning,
    /// The higher, the sooner it goes; 0 never goes.
    rank: u8,
}

const GAP: usize = 2;

/// Columns of the bar that shows how much has been read.
const BAR: usize = 20;

impl Widget for Header<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let summary = self.app.summary();
        let mut parts = self.parts(&summary);
        let right = match (self.app.uses_mouse(), summary.is_read_only) {
            (true, true) => "MOUSE RO",
            (true, false) => "MOUSE",
            (false, true) => "RO",
            (false, false) => "",
        };
        let room = usize::from(area.width).saturating_sub(2 + right.len() + GAP);
        let name = text::clean(summary.name);
        shed(&mut parts, room, text::width(&name));
        let used: usize = parts.iter().map(|part| text::width(&part.text) + GAP).sum();
        let mut pen = Pen::at(buf, self.theme, area, 0);
        pen.skip(1);
        for part in &parts {
            match part.meaning {
                // The log's name takes what is left.
                Meaning::Focus => pen.log(Meaning::Title, summary.name, room.saturating_sub(used)),
                meaning => pen.own(meaning, &part.text),
            }
            pen.skip(GAP);
        }
        pen.skip_to_last(right.len() + 1);
        pen.own(Meaning::Warn, right);
    }
}

/// Drops parts until the rest fits.
fn shed(parts: &mut Vec<Part>, room: usize, name: usize) {
    loop {
        let used: usize = parts.iter().map(|part| text::width(&part.text) + GAP).sum();
        let least = parts.iter().map(|part| part.rank).max().unwrap_or(0);
        if used + name <= room || least == 0 {
            return;
        }
        if let Some(index) = parts.iter().rposition(|part| part.rank == least) {
            parts.remove(index);
        }
    }
}

impl Header<'_> {
    fn parts(&self, summary: &Summary<'_>) -> Vec<Part> {
        let mut parts = Vec::with_capacity(16);
        let mut add = |rank, meaning, text: String| parts.push(Part { text, meaning, rank });
        add(9, Meaning::Dim, "runwatch".to_owned());
        add(0, Meaning::Focus, String::new());
        let (meaning, words) = self.flow(summary);
        add(0, meaning, words);
        if let Flow::Loading { percent, .. } = summary.flow {
            let done = usize::from(percent) * BAR / 100;
            let (done, rest) = (self.glyphs(Glyph::Bar, done), self.glyphs(Glyph::RuleAcross, BAR - done));
            add(5, meaning, done + &rest);
        }
        if summary.is_engine_paused {
            add(0, Meaning::Warn, "ENGINE PAUSED".to_owned());
        }
        add(4, Meaning::Text, format!("{} ev/s", thousands(summary.rate)));
        add(3, Meaning::Text, format!("#{}", thousands(summary.sequence)));
        if let Some(lag) = summary.lag {
            add(
                7,
                Meaning::Dim,
                format!("lag {}ms", thousands(u64::try_from(lag.as_millis()).unwrap_or(u64::MAX))),
            );
        }
        let tally = &summary.tally;
        add(5, Meaning::Dim, format!("applied {}", thousands(tally.applied)));
        for (name, lines) in [("rejected", tally.rejected), ("unreadable", tally.unreadable)] {
            let (rank, meaning) = if lines > 0 { (0, Meaning::Bad) } else { (8, Meaning::Dim) };
            add(rank, meaning, format!("{name} {}", thousands(lines)));
        }
        // A line that was applied may be a problem too: one that shows that others are missing.
        if summary.problems > tally.rejected + tally.unreadable {
            add(1, Meaning::Warn, format!("problems {}", thousands(summary.problems)));
        }
        let rank = if tally.ignored > 0 { 6 } else { 10 };
        add(rank, Meaning::Dim, format!("ignored {}", thousands(tally.ignored)));
        let rank = if summary.pending > 0 { 6 } else { 10 };
        add(rank, Meaning::Dim, format!("pending {} B", thousands(summary.pending)));
        if let Some(vocabulary) = summary.vocabulary {
            add(11, Meaning::Dim, vocabulary.label().to_owned());
        }
        parts
    }

    fn glyphs(&self, glyph: Glyph, n: usize) -> String {
        self.theme.glyph(glyph).repeat(n)
    }

    fn flow(&self, summary: &Summary<'_>) -> (Meaning, String) {
        if let Some(backlog) = summary.paused {
            let more = if backlog.is_full { "..." } else { "" };
            return (Meaning::Warn, format!("PAUSED +{}{more}", thousands(backlog.lines)));
        }
        match summary.flow {
            Flow::Opening => (Meaning::Dim, "OPENING".to_owned()),
            Flow::Waiting => (Meaning::Warn, "WAITING".to_owned()),
            Flow::Loading { percent, left: None, .. } => (Meaning::Warn, format!("READING {percent} %")),
            Flow::Loading { percent, left: Some(left), .. } => {
                (Meaning::Warn, format!("READING {percent} %, {} left", time::words(left)))
            }
            Flow::Past { behind } => {
                let at = thousands(summary.sequence);
                (Meaning::Warn, format!("PAST #{at}, +{} behind", thousands(behind)))
            }
            Flow::Replay => (Meaning::Title, "REPLAY".to_owned()),
            Flow::Live => (Meaning::Good, "LIVE".to_owned()),
            Flow::Ended => (Meaning::Title, "ENDED".to_owned()),
            Flow::Unavailable { since } => {
                (Meaning::Bad, format!("LOG UNAVAILABLE since {}", self.app.clock().minute(since)))
            }
        }
    }
}
