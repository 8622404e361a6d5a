//! The names of the themes, and which of them suits a background. Must not know colors.

/// The background of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// Light letters on it.
    Dark,
    /// Dark letters on it.
    Light,
}

impl Ground {
    /// The background of a lightness, from black at 0 to white at 1.
    #[must_use]
    pub fn of_lightness(lightness: f32) -> Self {
        if lightness > 0.5 { Self::Light } else { Self::Dark }
    }

    /// The background by a value of `COLORFGBG`, `15;0` or `0;default;15`: the background is the last.
    #[must_use]
    pub fn of_color_fgbg(value: &str) -> Option<Self> {
        match value.rsplit(';').next()?.parse().ok()? {
            7 | 9..=15 => Some(Self::Light),
            0..=6 | 8 => Some(Self::Dark),
            _ => None,
        }
    }
}

/// The colors that the screen is painted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Palette {
    /// On a dark background.
    #[default]
    Dark,
    /// On a light one.
    Light,
    /// Without colors and without anything dim, on either.
    HighContrast,
    /// Blue and orange in place of green and red, on a dark background.
    ColorBlind,
    /// The same on a light one.
    ColorBlindLight,
}

/// The palette that the user chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeChoice {
    /// The one that suits the background.
    #[default]
    Auto,
    /// This one; of the two for the color-blind, that which suits the background.
    Palette(Palette),
}

impl ThemeChoice {
    /// Every choice: `auto`, and each palette.
    pub const ALL: [Self; Palette::ALL.len() + 1] = {
        let mut all = [Self::Auto; Palette::ALL.len() + 1];
        let mut index = 0;
        while index < Palette::ALL.len() {
            all[index + 1] = Self::Palette(Palette::ALL[index]);
            index += 1;
        }
        all
    };

    /// The choice with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wanted| wanted.name() == name)
    }

    /// The name in an argument, a config file and a command.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Palette(palette) => palette.name(),
        }
    }

    /// The palette for a background, which is looked for only if it matters. An unknown one is taken for dark.
    #[must_use]
    pub fn palette(self, ground: impl FnOnce() -> Option<Ground>) -> Palette {
        let is_light = || ground() == Some(Ground::Light);
        match self {
            Self::Auto => {
                if is_light() {
                    Palette::Light
                } else {
                    Palette::Dark
                }
            }
            Self::Palette(Palette::ColorBlind) if is_light() => Palette::ColorBlindLight,
            Self::Palette(palette) => palette,
        }
    }
}

impl Palette {
    /// Every palette.
    pub const ALL: [Self; 5] =
        [Self::Dark, Self::Light, Self::HighContrast, Self::ColorBlind, Self::ColorBlindLight];

    /// The palette with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|palette| palette.name() == name)
    }

    /// The name in an argument, a config file and a command.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
            Self::ColorBlind => "color-blind",
            Self::ColorBlindLight => "color-blind-light",
        }
    }

    /// The background that it is made for. That without colors suits both, and is drawn on the darker.
    #[must_use]
    pub const fn ground(self) -> Ground {
        match self {
            Self::Dark | Self::HighContrast | Self::ColorBlind => Ground::Dark,
            Self::Light | Self::ColorBlindLight => Ground::Light,
        }
    }
}
