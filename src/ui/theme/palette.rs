//! The palettes: what color and weight each meaning has, on which background.
//!
//! The dark one is of the terminal's own sixteen colors. Those on white and for the color-blind are of the fixed part
//! of the 256, because of the sixteen only three can be read on white, and users may have changed them.

use ratatui::style::{Color, Modifier};

use super::{Meaning, Palette};
use crate::model::states::Phase;

impl Palette {
    /// Returns the look of a meaning: its color, where that is not the terminal's own, and its weight.
    pub(super) fn look(self, meaning: Meaning) -> (Color, Modifier) {
        match (self, meaning) {
            (Self::HighContrast, meaning) => (Color::Reset, stark(meaning)),
            (_, Meaning::Text) => (Color::Reset, Modifier::empty()),
            (_, Meaning::Dim | Meaning::Rule) => (Color::Reset, Modifier::DIM),
            (_, Meaning::Title) => (Color::Reset, Modifier::BOLD),
            (_, Meaning::Cursor) => (Color::Reset, Modifier::REVERSED),
            (_, Meaning::Focus | Meaning::Key) => (self.colors().focus, Modifier::BOLD),
            (_, Meaning::Good) => (self.colors().good, Modifier::empty()),
            (_, Meaning::Warn) => (self.colors().warn, Modifier::empty()),
            (_, Meaning::Bad) => (self.colors().bad, Modifier::BOLD),
            (_, Meaning::State(state)) => self.colors().of(state.phase(), state.nth_of_phase()),
            (_, Meaning::Phase(phase)) => self.colors().of(phase, 0),
        }
    }

    /// Returns the style of what is still to come, over its own look: its color, if not its own, and its
    /// weight.
    pub(super) const fn ahead(self) -> (Color, Modifier) {
        match self {
            Self::Dark => (Color::Reset, Modifier::DIM),
            // Dim colors fade into a light background, and shift where they must not.
            Self::Light | Self::ColorBlindLight => (Color::Indexed(243), Modifier::empty()),
            Self::ColorBlind => (Color::Indexed(244), Modifier::empty()),
            Self::HighContrast => (Color::Reset, Modifier::empty()),
        }
    }

    const fn colors(self) -> Colors {
        match self {
            Self::Dark | Self::HighContrast => DARK,
            Self::Light => LIGHT,
            Self::ColorBlind => COLOR_BLIND,
            Self::ColorBlindLight => COLOR_BLIND_LIGHT,
        }
    }
}

/// Weights in place of colors where there are none. A bar is drawn in some of them, so none is reversed.
fn stark(meaning: Meaning) -> Modifier {
    match meaning {
        Meaning::Text | Meaning::Dim | Meaning::Rule | Meaning::Good => Modifier::empty(),
        Meaning::Title | Meaning::Focus | Meaning::Key => Modifier::BOLD,
        Meaning::Warn => Modifier::UNDERLINED,
        Meaning::Bad => Modifier::BOLD.union(Modifier::UNDERLINED),
        Meaning::Cursor => Modifier::REVERSED,
        Meaning::State(state) => heavy(state.phase()),
        Meaning::Phase(phase) => heavy(phase),
    }
}

const fn heavy(phase: Phase) -> Modifier {
    if matches!(phase, Phase::Running | Phase::Failed) { Modifier::BOLD } else { Modifier::empty() }
}

/// The colors of one palette.
struct Colors {
    focus: Color,
    good: Color,
    warn: Color,
    bad: Color,
    ready: Color,
    running: Color,
    retrying: Color,
    parked: Color,
    succeeded: Color,
    failed: Color,
    parked_else: Color,
}

impl Colors {
    /// The color and the weight of a phase, or of the nth state of it.
    const fn of(&self, phase: Phase, nth: usize) -> (Color, Modifier) {
        let color = match phase {
            Phase::Pending => Color::Reset,
            Phase::Canceled | Phase::Skipped => return (Color::Reset, Modifier::DIM),
            Phase::Ready | Phase::Held => self.ready,
            Phase::Running => self.running,
            Phase::Retrying => self.retrying,
            // Two ways to be parked are told apart.
            Phase::Parked if nth == 0 => self.parked,
            Phase::Parked => self.parked_else,
            Phase::Succeeded => self.succeeded,
            Phase::Failed => self.failed,
        };
        (color, Modifier::empty())
    }
}

const DARK: Colors = Colors {
    focus: Color::Cyan,
    good: Color::Green,
    warn: Color::Yellow,
    bad: Color::LightRed,
    ready: Color::Cyan,
    running: Color::LightBlue,
    retrying: Color::Yellow,
    parked: Color::Magenta,
    succeeded: Color::Green,
    failed: Color::LightRed,
    parked_else: Color::LightMagenta,
};

const LIGHT: Colors = Colors {
    focus: Color::Indexed(24),
    good: Color::Indexed(28),
    warn: Color::Indexed(94),
    bad: Color::Indexed(160),
    ready: Color::Indexed(24),
    running: Color::Indexed(26),
    retrying: Color::Indexed(94),
    parked: Color::Indexed(90),
    succeeded: Color::Indexed(28),
    failed: Color::Indexed(160),
    parked_else: Color::Indexed(127),
};

/// After Okabe and Ito: sky blue, yellow, orange and reddish purple, as near as the 256 come.
const COLOR_BLIND: Colors = Colors {
    focus: Color::Indexed(159),
    good: Color::Indexed(75),
    warn: Color::Indexed(227),
    bad: Color::Indexed(208),
    ready: Color::Indexed(159),
    running: Color::Indexed(117),
    retrying: Color::Indexed(227),
    parked: Color::Indexed(175),
    succeeded: Color::Indexed(75),
    failed: Color::Indexed(208),
    parked_else: Color::Indexed(218),
};

/// The same, dark enough for white. There is no dark yellow, so purple replaces it.
const COLOR_BLIND_LIGHT: Colors = Colors {
    focus: Color::Indexed(23),
    good: Color::Indexed(20),
    warn: Color::Indexed(97),
    bad: Color::Indexed(130),
    ready: Color::Indexed(23),
    running: Color::Indexed(25),
    retrying: Color::Indexed(97),
    parked: Color::Indexed(90),
    succeeded: Color::Indexed(20),
    failed: Color::Indexed(130),
    parked_else: Color::Indexed(127),
};

#[cfg(test)]
mod tests;
