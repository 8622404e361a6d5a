//! The time line, while the past is looked at: the log from its first line to its last, and the instant
//! shown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::line_writer::LineWriter;
use super::theme::{Glyph, Meaning, Theme};
use crate::input::{Action, Mode};
use crate::view::format::thousands;
use crate::view::screen::TimeLine;
use crate::view::timeline::{TimelineColumn, TimelineCourse};

/// The time line.
pub(super) struct TimeBar<'a> {
    pub(super) time: TimeLine<'a>,
    pub(super) theme: Theme,
}

/// Signs for trouble, from little to much.
const HEIGHTS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// The same where there is ASCII alone.
const ASCII_HEIGHTS: [&str; 8] = [".", ".", ":", ":", "!", "!", "#", "#"];

/// The signs for trouble.
pub(super) const fn heights(theme: Theme) -> [&'static str; 8] {
    if theme.unicode { HEIGHTS } else { ASCII_HEIGHTS }
}

impl Widget for TimeBar<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.height == 0 {
            return;
        }
        self.bar(area, buf);
        if area.height > 1 {
            self.words(area, buf);
        }
    }
}

impl TimeBar<'_> {
    fn bar(&self, area: Rect, buf: &mut Buffer) {
        let line = self.time.line;
        let bar = line.bar(self.time.clock, usize::from(area.width));
        let mut pen = LineWriter::at(buf, self.theme, area, 0);
        pen.skip(1);
        pen.own(Meaning::Dim, &bar.begin);
        pen.skip(1);
        let heights = heights(self.theme);
        for column in line.columns(bar.width) {
            let (meaning, sign) = match column {
                TimelineColumn { is_here: true, .. } => (Meaning::Focus, self.theme.glyph(Glyph::Stand)),
                TimelineColumn { trouble: 1.., .. } => {
                    (Meaning::Bad, heights[usize::from(column.trouble.min(TimelineColumn::MAX_TROUBLE)) - 1])
                }
                TimelineColumn { is_past: true, .. } => (Meaning::Text, self.theme.glyph(Glyph::Bar)),
                TimelineColumn { .. } => (Meaning::Rule, self.theme.glyph(Glyph::RuleAcross)),
            };
            pen.own(meaning, sign);
        }
        pen.skip(1);
        pen.own(Meaning::Dim, &bar.end);
    }

    fn words(&self, area: Rect, buf: &mut Buffer) {
        let (time, theme) = (&self.time, self.theme);
        let mut pen = LineWriter::at(buf, theme, area, 1);
        pen.skip(1);
        let (sign, word) = match time.course {
            TimelineCourse::Playing(Some(speed)) => {
                (Glyph::Play, format!("{}x", thousands(u64::from(speed))))
            }
            TimelineCourse::Playing(None) => (Glyph::Play, "at full speed".to_owned()),
            TimelineCourse::Going => (Glyph::Going, "going".to_owned()),
            TimelineCourse::Still | TimelineCourse::Live => (Glyph::Still, String::new()),
        };
        pen.own(Meaning::Focus, theme.glyph(sign));
        pen.own(Meaning::Focus, &format!(" {word}"));
        pen.skip(if word.is_empty() { 0 } else { 2 });
        let (here, end) = time.sequences;
        pen.own(Meaning::Title, &format!("#{}", thousands(here)));
        let of = format!(" of #{}", thousands(end));
        if pen.left() >= of.len() {
            pen.own(Meaning::Dim, &of);
        }
        pen.skip(2);
        let (_, at) = time.line.here;
        let told = time.clock.day_and_time(at);
        if at > 0 && pen.left() >= told.len() {
            pen.own(Meaning::Title, &told);
            pen.skip(2);
        }
        if time.is_timeless {
            let why = "by sequence: the log's clocks contradict each other";
            pen.own(Meaning::Warn, if why.len() < pen.left() { why } else { "by sequence" });
            pen.skip(2);
        }
        // What matters most comes first, for there is not always room: the way back to the present before all.
        let keys: [(&[Action], &str); 9] = [
            (&[Action::Follow], "return"),
            (&[Action::Pause], "play"),
            (&[Action::StepBack, Action::StepForward], "event"),
            (&[Action::GoTo], "go to"),
            (&[Action::NextProblem, Action::PreviousProblem], "failure"),
            (&[Action::MinuteBack, Action::MinuteForward], "minute"),
            (&[Action::PreviousOfRun, Action::NextOfRun], "of the run"),
            (&[Action::Faster, Action::Slower], "speed"),
            (&[Action::Follow], "to the end"),
        ];
        let keys = if time.is_replay { &keys[1..] } else { &keys[..keys.len() - 1] };
        for (actions, what) in keys {
            let labels = actions.iter().filter_map(|action| time.keymap.label(*action, Mode::Board));
            let keys = labels.collect::<Vec<_>>().join(" ");
            if keys.is_empty() {
                continue;
            }
            if pen.left() < keys.len() + what.len() + 4 {
                break;
            }
            pen.own(Meaning::Key, &keys);
            pen.own(Meaning::Dim, &format!(" {what}"));
            pen.skip(2);
        }
    }
}
