//! Styles of painted cells in a picture: their colors as numbers, and their texts as documents have them.
//!
//! Must not know what was painted, nor what kind of picture it is for.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::theme::{Ground, Palette};

/// The sixteen colors, in the order of their numbers.
const PALETTE: [Rgb; 16] = [
    0x0032_3741,
    0x00e0_6c75,
    0x008c_c26a,
    0x00e0_b666,
    0x006c_9fe8,
    0x00c0_85dc,
    0x0056_bcc6,
    0x00c8_ccd4,
    0x006b_7280,
    0x00ff_7f87,
    0x00a5_dc86,
    0x00f2_cf8a,
    0x0085_b8ff,
    0x00db_a4f5,
    0x0078_d9e2,
    0x00ff_ffff,
];
/// Paper and ink of a picture, where nothing else is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageColors {
    /// Color of the background.
    pub(super) paper: Rgb,
    /// Color of text without a color of its own.
    pub(super) ink: Rgb,
}

impl PageColors {
    pub(super) const DARK: Self = Self { paper: 0x0016_191f, ink: 0x00d7_dae0 };
    const LIGHT: Self = Self { paper: 0x00ff_ffff, ink: 0x001f_2328 };
    const STARK: Self = Self { paper: 0, ink: 0x00ff_ffff };

    /// The one that a palette is made for.
    pub(super) const fn of(palette: Palette) -> Self {
        match (palette, palette.ground()) {
            (Palette::HighContrast, _) => Self::STARK,
            (_, Ground::Dark) => Self::DARK,
            (_, Ground::Light) => Self::LIGHT,
        }
    }
}

/// Red, green and blue, eight bits each.
pub(super) type Rgb = u32;

/// Style of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CellStyle {
    pub(super) ink: Rgb,
    pub(super) paper: Rgb,
    pub(super) bold: bool,
    pub(super) underlined: bool,
}

/// Writes a text as XML has it. What no document may hold becomes a replacement character.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

impl CellStyle {
    pub(super) fn of(cell: &Cell, sheet: PageColors) -> Self {
        let modifier = cell.modifier;
        let (mut ink, mut paper) = (rgb(cell.fg, sheet.ink), rgb(cell.bg, sheet.paper));
        if modifier.contains(Modifier::DIM) {
            ink = between(ink, paper);
        }
        if modifier.contains(Modifier::REVERSED) {
            (ink, paper) = (paper, ink);
        }
        let underlined = modifier.contains(Modifier::UNDERLINED);
        Self { ink, paper, bold: modifier.contains(Modifier::BOLD), underlined }
    }
}

/// The color of a number above the sixteen: a cube of six sides, and after it the grays.
pub(super) const fn fixed(number: u8) -> Rgb {
    const SIDES: [Rgb; 6] = [0, 0x5f, 0x87, 0xaf, 0xd7, 0xff];
    if number >= 232 {
        return (8 + 10 * (number as Rgb - 232)) * 0x0001_0101;
    }
    let number = number.saturating_sub(16) as usize;
    SIDES[number / 36] << 16 | SIDES[number / 6 % 6] << 8 | SIDES[number % 6]
}

const fn rgb(color: Color, default: Rgb) -> Rgb {
    let number = match color {
        Color::Rgb(r, g, b) => return (r as Rgb) << 16 | (g as Rgb) << 8 | b as Rgb,
        Color::Indexed(number @ 0..16) => number,
        Color::Indexed(number) => return fixed(number),
        Color::Reset => return default,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    PALETTE[number as usize]
}

/// Three fifths of `a` and two of `b`.
pub(super) const fn between(a: Rgb, b: Rgb) -> Rgb {
    let mut mixed = 0;
    let mut shift = 0;
    while shift < 24 {
        let (a, b) = (a >> shift & 0xff, b >> shift & 0xff);
        mixed |= ((3 * a + 2 * b) / 5) << shift;
        shift += 8;
    }
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_document_may_hold_is_replaced() {
        let mut out = String::new();
        escape("a\x1b[0m<&>\u{ffff}", &mut out);
        assert_eq!(out, "a\u{fffd}[0m&lt;&amp;&gt;\u{fffd}");
    }
}
