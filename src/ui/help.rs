//! The help page, from the key table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::line_writer::LineWriter;
use super::page;
use super::theme::{Glyph, Meaning, Theme};
use super::timeline::heights;
use crate::input::KeyGroup;
use crate::view::Fold;
use crate::view::arrange::Direction;
use crate::view::detail::Stroke;
use crate::view::help::{self, HelpLine, HelpTopic, Sign};
use crate::view::screen::HelpPage;

/// The columns of the keys.
const KEYS: usize = 20;

/// A sign as it is drawn.
fn drawn(theme: Theme, sign: Sign) -> String {
    let glyph = match sign {
        Sign::Drawn(stroke) => return page::sign(theme, stroke).to_owned(),
        Sign::Trouble => return heights(theme).concat(),
        Sign::Fold(Fold::Open) => Glyph::Open,
        Sign::Fold(Fold::Closed) => Glyph::Closed,
        Sign::Fold(Fold::Peek) => Glyph::More,
        Sign::Marked => Glyph::Marked,
        Sign::Order(Direction::Up) => Glyph::Up,
        Sign::Order(Direction::Down) => Glyph::Down,
        Sign::Here => Glyph::Stand,
        Sign::Course(HelpTopic::Playing) => Glyph::Play,
        Sign::Course(HelpTopic::Going) => Glyph::Going,
        Sign::Course(HelpTopic::Still) => Glyph::Still,
    };
    theme.glyph(glyph).to_owned()
}

/// The page.
pub(super) struct Help<'a> {
    pub(super) page: HelpPage<'a>,
    /// The lines of the page, below its title.
    pub(super) text: Rect,
    pub(super) theme: Theme,
}

impl Widget for Help<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let Self { page, text, theme } = self;
        let HelpPage { keymap, states, tells, .. } = page;
        let last_top = help::lines(keymap, states, tells).count().saturating_sub(usize::from(text.height));
        let top = page.top.min(last_top);
        page::title(theme, "Help", (top > 0, top < last_top), area, buf);
        for (number, line) in (0..text.height).zip(help::lines(keymap, states, tells).skip(top)) {
            self.line(line, LineWriter::at(buf, theme, text, number));
        }
    }
}

impl Help<'_> {
    fn line(&self, line: HelpLine<'_>, mut pen: LineWriter<'_>) {
        pen.skip(1);
        match line {
            HelpLine::Empty => (),
            HelpLine::Heading(words) => {
                pen.own(Meaning::Title, words);
                if let (true, Some(why)) = (words == KeyGroup::Cancel.label(), self.page.off) {
                    pen.skip(1);
                    pen.own(Meaning::Warn, &format!("not now: {why}"));
                }
            }
            HelpLine::Keys(rows) => {
                pen.skip(1);
                let keys = rows.iter().map(|row| row.key.label()).fold(String::new(), |keys, key| {
                    if keys.is_empty() {
                        key.into_owned()
                    } else if keys.contains(&*key) {
                        keys
                    } else {
                        keys + "  " + &key
                    }
                });
                pen.cell(Meaning::Key, &keys, KEYS);
                pen.own(Meaning::Text, rows[0].help);
            }
            HelpLine::Command(row) => {
                pen.skip(1);
                pen.cell(Meaning::Key, &format!(":{} {}", row.name, row.argument()), KEYS);
                pen.own(Meaning::Text, row.help);
            }
            HelpLine::Told(words) => {
                pen.skip(1);
                pen.own(Meaning::Text, words);
            }
            HelpLine::Mark(mark, words) => {
                pen.skip(1);
                pen.id(Meaning::Title, mark, KEYS);
                pen.own(Meaning::Text, words);
            }
            HelpLine::Sign(sign, words) => {
                pen.skip(1);
                let meaning = match sign {
                    Sign::Drawn(Stroke::Sign(state)) => Meaning::State(state),
                    _ => Meaning::Title,
                };
                pen.cell(meaning, &drawn(self.theme, sign), KEYS);
                pen.own(Meaning::Text, words);
            }
        }
    }
}
