//! The look of things: a role for each meaning, a glyph and a color for each state.
//!
//! Colors are on the terminal's own background, and only ever underline what a word or a glyph says already:
//! without color, and in ASCII alone, everything is still told apart.

pub mod palette;

use ratatui::style::{Color, Modifier, Style};

use crate::model::states::{Phase, State};
pub use crate::model::theme::{Ground, Palette, ThemeChoice};

/// Look of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Uses colors.
    pub color: bool,
    /// Uses more than ASCII.
    pub unicode: bool,
    /// Which colors, if any.
    pub palette: Palette,
}

impl Default for Theme {
    fn default() -> Self {
        Self { color: true, unicode: true, palette: Palette::default() }
    }
}

/// Purposes of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// To be read.
    Text,
    /// To be read second.
    Dim,
    /// A name of what follows.
    Title,
    /// Target of the keys.
    Focus,
    /// A line between panes.
    Rule,
    /// It is as it should be.
    Good,
    /// It may need a look.
    Warn,
    /// It is wrong.
    Bad,
    /// The row that keys act on.
    Cursor,
    /// A key to press.
    Key,
    /// A state.
    State(State),
    /// A kind of states.
    Phase(Phase),
}

/// A sign that is no letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the name is the sign's own")]
pub enum Glyph {
    Open,
    Closed,
    Peek,
    More,
    Cursor,
    RuleAcross,
    RuleDown,
    Branch,
    Corner,
    Bar,
    HalfBar,
    Up,
    Down,
    TopLeft,
    TopRight,
    BottomLeft,
    BottomRight,
    Timeout,
    Brief,
    Ahead,
    Break,
    Begin,
    Beat,
    End,
    Tick,
    Here,
    Hair,
    Notch,
    Stand,
    Play,
    Going,
    Still,
    Marked,
}

impl Theme {
    /// The glyph of a state.
    #[must_use]
    pub const fn state(self, state: State) -> &'static str {
        let (glyph, ascii) = state.signs();
        if self.unicode { glyph } else { ascii }
    }

    /// A sign.
    #[must_use]
    pub const fn glyph(self, glyph: Glyph) -> &'static str {
        let (unicode, ascii) = match glyph {
            Glyph::Open => ("▾", "v"),
            Glyph::Closed => ("▸", ">"),
            Glyph::Peek => ("▿", "v"),
            Glyph::More => ("…", "..."),
            Glyph::Cursor => ("▌", ">"),
            Glyph::RuleAcross => ("─", "-"),
            Glyph::RuleDown => ("│", "|"),
            Glyph::Branch => ("├", "+"),
            Glyph::Corner => ("┬", "+"),
            Glyph::Bar => ("━", "="),
            Glyph::HalfBar => ("╸", "="),
            Glyph::Up => ("↑", "^"),
            Glyph::Down => ("↓", "v"),
            Glyph::TopLeft => ("╭", "+"),
            Glyph::TopRight => ("╮", "+"),
            Glyph::BottomLeft => ("╰", "+"),
            Glyph::BottomRight => ("╯", "+"),
            Glyph::Timeout => ("◷", "t"),
            Glyph::Brief => ("╌", "-"),
            Glyph::Ahead => ("┄", "."),
            Glyph::Break => ("╱", "/"),
            Glyph::Begin => ("├", "["),
            Glyph::Beat => ("┴", "'"),
            Glyph::End => ("┤", "]"),
            Glyph::Tick => ("┬", "+"),
            Glyph::Here => ("▲", "^"),
            Glyph::Hair => ("┊", ":"),
            Glyph::Notch => ("╵", "|"),
            Glyph::Stand => ("◆", "O"),
            Glyph::Play => ("▶", ">"),
            Glyph::Going => ("»", ">"),
            Glyph::Still => ("■", "."),
            Glyph::Marked => ("◆", "#"),
        };
        if self.unicode { unicode } else { ascii }
    }

    /// The style of a meaning.
    #[must_use]
    pub fn style(self, meaning: Meaning) -> Style {
        self.styled(self.palette.look(meaning))
    }

    /// Returns the style laid over that of what is still to come.
    #[must_use]
    pub const fn ahead(self) -> Style {
        self.styled(self.palette.ahead())
    }

    const fn styled(self, (color, modifier): (Color, Modifier)) -> Style {
        let style = Style::new().add_modifier(modifier);
        match color {
            Color::Reset => style,
            color if self.color => style.fg(color),
            _ => style,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::engine::actionqueue::states::STATES;
    use crate::model::text;

    #[test]
    fn states_are_told_apart_without_color_and_in_ascii() {
        for unicode in [true, false] {
            let theme = Theme { color: false, unicode, ..Theme::default() };
            let glyphs: HashSet<_> = STATES.all().map(|state| theme.state(state)).collect();
            assert_eq!(glyphs.len(), STATES.len());
            assert!(glyphs.iter().all(|glyph| text::width(glyph) == 1));
            assert!(unicode || glyphs.iter().all(|glyph| glyph.is_ascii()));
        }
        let shorts: HashSet<_> = STATES.all().map(State::short).collect();
        assert_eq!(shorts.len(), STATES.len());
        assert!(shorts.iter().all(|short| short.len() <= 6));
    }

    #[test]
    fn a_theme_without_color_has_none() {
        for palette in Palette::ALL {
            let theme = Theme { color: false, unicode: true, palette };
            for meaning in STATES.all().map(Meaning::State).chain([Meaning::Bad, Meaning::Focus]) {
                assert_eq!(theme.style(meaning).fg, None);
            }
            assert_eq!(theme.ahead().fg, None);
        }
    }
}
