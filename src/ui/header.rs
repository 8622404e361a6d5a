//! The first line: which log, how it is, how fast it comes, and what became of its lines.
//!
//! Where there is no room the least important goes first; how the log is, what was lost and that nothing can be
//! sent never go, nor that the mouse is ours.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::line_writer::LineWriter;
use super::theme::{Glyph, Meaning, Theme};
use crate::engine::progress::ExecutionProgress;
use crate::model::time::Unit;
use crate::model::{text, time};
use crate::view::format::{MAX_SHORT_COLUMNS, squeezed, thousands};
use crate::view::screen::Header;
use crate::view::summary::{Flow, Rate, Summary};

/// The header.
pub(super) struct HeaderLine<'a> {
    pub(super) header: &'a Header<'a>,
    pub(super) theme: Theme,
}

/// One word or two of the header.
struct Part {
    text: String,
    /// The same in fewer columns, for a screen that has no room for what never goes.
    short: Option<String>,
    meaning: Meaning,
    /// The higher, the sooner it goes; 0 never goes.
    rank: u8,
}

const GAP: usize = 2;

/// Columns that every number fits in.
const MAX_NUMBER_COLUMNS: usize = 26;

/// Columns of the bar that shows how much has been read.
const BAR: usize = 20;

impl Widget for HeaderLine<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let summary = &self.header.summary;
        let mut parts = self.parts(summary);
        let right = match (self.header.uses_mouse, summary.is_read_only) {
            (true, true) => "MOUSE RO",
            (true, false) => "MOUSE",
            (false, true) => "RO",
            (false, false) => "",
        };
        let room = usize::from(area.width).saturating_sub(2 + right.len() + GAP);
        let name = text::clean(summary.name);
        shed(&mut parts, room, text::width(&name));
        let used: usize = parts.iter().map(|part| text::width(&part.text) + GAP).sum();
        let mut pen = LineWriter::at(buf, self.theme, area, 0);
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
    let used = |parts: &[Part]| parts.iter().map(|part| text::width(&part.text) + GAP).sum::<usize>();
    while used(parts) + name > room {
        let least = parts.iter().map(|part| part.rank).max().unwrap_or(0);
        match parts.iter().rposition(|part| part.rank == least && least > 0) {
            Some(index) => drop(parts.remove(index)),
            None => break,
        }
    }
    // What never goes is shortened, the last of it first; the log's name is in the place of the first part.
    while used(parts) > room {
        if let Some(part) = parts.iter_mut().rev().find(|part| part.short.is_some()) {
            part.text = part.short.take().unwrap_or_default();
        } else if parts.len() > 2 {
            parts.pop();
        } else {
            break;
        }
    }
}

impl HeaderLine<'_> {
    fn parts(&self, summary: &Summary<'_>) -> Vec<Part> {
        let mut parts = Vec::with_capacity(16);
        let mut add = |rank, meaning, text: String| parts.push(Part { text, short: None, meaning, rank });
        add(9, Meaning::Dim, "runwatch".to_owned());
        add(0, Meaning::Focus, String::new());
        let (meaning, words, short) = self.flow(summary);
        parts.push(Part { text: words, short, meaning, rank: 0 });
        let mut add = |rank, meaning, text: String| parts.push(Part { text, short: None, meaning, rank });
        if let Flow::Loading { percent, .. } = summary.flow {
            let done = usize::from(percent) * BAR / 100;
            let (done, rest) = (self.glyphs(Glyph::Bar, done), self.glyphs(Glyph::RuleAcross, BAR - done));
            add(5, meaning, done + &rest);
        }
        if summary.is_engine_paused {
            add(0, Meaning::Warn, "ENGINE PAUSED".to_owned());
        }
        if let Some(progress) = &summary.progress {
            self.progress(progress, summary.unit, &mut parts);
        }
        let mut add = |rank, meaning, text: String| parts.push(Part { text, short: None, meaning, rank });
        match summary.rate {
            Rate::None => (),
            Rate::Unknown => {
                add(4, Meaning::Dim, format!("{} ev/s", if self.theme.unicode { "–" } else { "-" }));
            }
            Rate::Queue(rate) => add(4, Meaning::Text, format!("{} ev/s", thousands(rate))),
            Rate::Reading(rate) => add(4, Meaning::Dim, format!("reading {} lines/s", thousands(rate))),
        }
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
            let short = Some(format!("{name} {}", squeezed(lines, MAX_SHORT_COLUMNS)));
            parts.push(Part { text: format!("{name} {}", thousands(lines)), short, meaning, rank });
        }
        let mut add = |rank, meaning, text: String| parts.push(Part { text, short: None, meaning, rank });
        // A line that was applied may be a problem too: one that shows that others are missing.
        if summary.problems > tally.rejected + tally.unreadable {
            add(1, Meaning::Warn, format!("problems {}", thousands(summary.problems)));
        }
        let rank = if tally.ignored > 0 { 6 } else { 10 };
        let word = if summary.is_foreign { "passed over" } else { "ignored" };
        add(rank, Meaning::Dim, format!("{word} {}", thousands(tally.ignored)));
        let rank = if summary.pending > 0 { 6 } else { 10 };
        add(rank, Meaning::Dim, format!("pending {} B", thousands(summary.pending)));
        if let Some(engine) = summary.engine {
            let rank = if summary.is_foreign { 5 } else { 11 };
            add(rank, Meaning::Dim, engine.label().to_owned());
        }
        parts
    }

    /// Adds how far an execution is, and how many of its runs execute.
    fn progress(&self, progress: &ExecutionProgress, unit: Unit, parts: &mut Vec<Part>) {
        let mut add =
            |rank, text: String| parts.push(Part { text, short: None, meaning: Meaning::Text, rank });
        if let Some(percent) = progress.percent() {
            let (_, total) = progress.ended_of.unwrap_or_default();
            add(1, format!("{percent}% of {}", thousands(total)));
        }
        if let Some(left) = progress.left {
            add(2, format!("~{} left", unit.words(left)));
        }
        if let Some((executing, queued)) =
            progress.executing.filter(|(executing, queued)| executing + queued > 0)
        {
            add(4, format!("{} executing, {} queued", thousands(executing), thousands(queued)));
        }
        if progress.number > 1 {
            add(3, format!("execution {}", thousands(progress.number.into())));
        }
    }

    fn glyphs(&self, glyph: Glyph, n: usize) -> String {
        self.theme.glyph(glyph).repeat(n)
    }

    /// Returns the status of the log, and the same in fewer columns.
    fn flow(&self, summary: &Summary<'_>) -> (Meaning, String, Option<String>) {
        let (meaning, words) = self.flow_in(summary, MAX_NUMBER_COLUMNS);
        let (_, short) = self.flow_in(summary, MAX_SHORT_COLUMNS);
        (meaning, words, Some(short))
    }

    /// Returns the same with numbers of at most `digits` columns.
    fn flow_in(&self, summary: &Summary<'_>, digits: usize) -> (Meaning, String) {
        let number = |number| squeezed(number, digits);
        let is_short = digits == MAX_SHORT_COLUMNS;
        if let Some(backlog) = summary.paused {
            let more = if backlog.is_full { "..." } else { "" };
            return (Meaning::Warn, format!("PAUSED +{}{more}", number(backlog.lines)));
        }
        match summary.flow {
            Flow::Opening => (Meaning::Dim, "OPENING".to_owned()),
            Flow::Waiting => (Meaning::Warn, "WAITING".to_owned()),
            Flow::Loading { percent, left: Some(left), .. } if !is_short => {
                (Meaning::Warn, format!("READING {percent} %, {} left", time::words(left)))
            }
            Flow::Loading { percent, .. } => (Meaning::Warn, format!("READING {percent} %")),
            Flow::Past { behind } => {
                let at = number(summary.sequence);
                (Meaning::Warn, format!("PAST #{at}, +{} behind", number(behind)))
            }
            Flow::Replay => (Meaning::Title, "REPLAY".to_owned()),
            Flow::Live => (Meaning::Good, "LIVE".to_owned()),
            Flow::Ended => (Meaning::Title, "ENDED".to_owned()),
            Flow::Unavailable { since } => {
                let what = if is_short { "UNAVAILABLE" } else { "LOG UNAVAILABLE since" };
                (Meaning::Bad, format!("{what} {}", self.header.clock.minute(since)))
            }
        }
    }
}
