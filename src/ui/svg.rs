//! A painted screen as an SVG picture.
//!
//! Cells that look alike are one text of a fixed length, so that columns line up in any font that the reader
//! has. Rules and bars are drawn and not written, so that they join. Must not know what was painted.

use std::fmt::{self, Write};

use ratatui::buffer::{Buffer, Cell};

use super::cell_style::{CellStyle, PageColors, escape};
use super::theme::Palette;
use crate::model::text;

/// A cell, in units of the picture.
const WIDTH: u32 = 8;
const HEIGHT: u32 = 18;
/// Distance from the top of a cell to the baseline of its letters.
const BASE: u32 = 13;
/// Around the screen.
const MARGIN: u32 = 12;

/// Cells beside each other that are written as one.
#[derive(Debug)]
struct Run {
    x: u32,
    columns: u32,
    text: String,
    look: CellStyle,
}

/// The picture of a screen. The same cells give the same bytes.
pub(super) fn svg(buffer: &Buffer, palette: Palette) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(buffer, PageColors::of(palette), &mut out);
    out
}

fn write(buffer: &Buffer, sheet: PageColors, out: &mut String) -> fmt::Result {
    let (columns, lines) = (u32::from(buffer.area.width), u32::from(buffer.area.height));
    let (width, height) = (columns * WIDTH + 2 * MARGIN, lines * HEIGHT + 2 * MARGIN);
    writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">"#
    )?;
    writeln!(out, r##"<rect width="{width}" height="{height}" rx="8" fill="#{:06x}"/>"##, sheet.paper)?;
    writeln!(
        out,
        r#"<g transform="translate({MARGIN} {MARGIN})" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="13.3">"#
    )?;
    let line_length = usize::from(buffer.area.width).max(1);
    for (y, line) in (0..).zip(buffer.content.chunks(line_length)) {
        papers(line, y * HEIGHT, sheet, out)?;
        for run in runs(line, sheet) {
            run.write(y * HEIGHT, out)?;
        }
    }
    out.push_str("</g>\n</svg>\n");
    Ok(())
}

/// Paints what is behind the letters of a line, where it is not the picture's own paper.
fn papers(line: &[Cell], y: u32, sheet: PageColors, out: &mut String) -> fmt::Result {
    let mut x = 0;
    for cells in line.chunk_by(|a, b| CellStyle::of(a, sheet).paper == CellStyle::of(b, sheet).paper) {
        let width = columns(cells.len()) * WIDTH;
        let paper = CellStyle::of(&cells[0], sheet).paper;
        if paper != sheet.paper {
            writeln!(
                out,
                r##"<rect x="{x}" y="{y}" width="{width}" height="{HEIGHT}" fill="#{paper:06x}"/>"##
            )?;
        }
        x += width;
    }
    Ok(())
}

/// The words and signs of a line. Two blanks, another look, and a sign that is no letter end a run.
fn runs(line: &[Cell], sheet: PageColors) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut x = 0;
    while x < line.len() {
        let symbol = line[x].symbol();
        let look = CellStyle::of(&line[x], sheet);
        let width = text::width(symbol).max(1);
        let at = columns(x);
        match runs.last_mut().filter(|run| run.goes_on(at, symbol, look)) {
            Some(run) => {
                run.text.push_str(symbol);
                run.columns += columns(width);
            }
            None if is_blank(symbol) && !look.underlined => (),
            None => runs.push(Run { x: at, columns: columns(width), text: symbol.to_owned(), look }),
        }
        x += width;
    }
    runs
}

fn columns(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn is_blank(symbol: &str) -> bool {
    symbol.trim().is_empty()
}

impl Run {
    fn goes_on(&self, x: u32, symbol: &str, look: CellStyle) -> bool {
        let is_beside = self.x + self.columns == x && self.look == look;
        let is_alike = if symbol.is_ascii() { self.text.is_ascii() } else { self.text.starts_with(symbol) };
        let is_gap = is_blank(symbol) && self.text.ends_with(' ');
        is_beside && is_alike && (look.underlined || !is_gap)
    }

    fn write(&self, y: u32, out: &mut String) -> fmt::Result {
        let x = self.x * WIDTH;
        let CellStyle { ink, bold, underlined, .. } = self.look;
        if let Some(first) = self.text.chars().next().filter(|first| shape(*first).is_some()) {
            return draw(first, x, y, self.columns, self.look, out);
        }
        let text = if underlined { &*self.text } else { self.text.trim_end_matches(' ') };
        let length = (self.columns - columns(self.text.len() - text.len())) * WIDTH;
        write!(out, r##"<text x="{x}" y="{}" textLength="{length}" fill="#{ink:06x}""##, y + BASE)?;
        // Letters are only spaced; a sign of another font is fitted into its cell.
        out.push_str(if text.is_ascii() { "" } else { r#" lengthAdjust="spacingAndGlyphs""# });
        out.push_str(if bold { r#" font-weight="bold""# } else { "" });
        out.push_str(if underlined { r#" text-decoration="underline" xml:space="preserve""# } else { "" });
        out.push('>');
        escape(text, out);
        out.push_str("</text>\n");
        Ok(())
    }
}

/// Returns the drawing of a sign, from the top left of its cell; with a thickness, or filled.
const fn shape(sign: char) -> Option<(&'static str, u8)> {
    Some(match sign {
        '─' => ("m0 9h8", 1),
        '━' => ("m0 9h8", 3),
        '╸' => ("m0 9h4", 3),
        '╌' => ("m1 9h2m2 0h2", 1),
        '┄' => ("m1 9h1m2 0h1m2 0h1", 1),
        '╱' => ("m0 18l8-18", 1),
        '┊' => ("m4 2v3m0 3v3m0 3v3", 1),
        '│' => ("m4 0v18", 1),
        '├' => ("m4 0v18m0-9h4", 1),
        '┤' => ("m4 0v18m0-9h-4", 1),
        '┬' => ("m0 9h8m-4 0v9", 1),
        '┴' => ("m0 9h8m-4 0v-9", 1),
        '┼' => ("m0 9h8m-4-9v18", 1),
        '╭' => ("m8 9q-4 0-4 4v5", 1),
        '╮' => ("m0 9q4 0 4 4v5", 1),
        '╰' => ("m4 0v5q0 4 4 4", 1),
        '╯' => ("m4 0v5q0 4-4 4", 1),
        '█' => ("m0 0h8v18h-8z", 0),
        '▌' => ("m0 0h4v18h-4z", 0),
        '▐' => ("m4 0h4v18h-4z", 0),
        _ => return None,
    })
}

fn draw(sign: char, x: u32, y: u32, columns: u32, look: CellStyle, out: &mut String) -> fmt::Result {
    let Some((path, thickness)) = shape(sign) else { return Ok(()) };
    out.push_str(r#"<path d=""#);
    match sign {
        // A rule is one stroke, however long.
        '─' | '━' => write!(out, "M{x} {}h{}", y + HEIGHT / 2, columns * WIDTH)?,
        _ => (0..columns).try_for_each(|n| write!(out, "M{} {y}{path}", x + n * WIDTH))?,
    }
    let ink = look.ink;
    match thickness {
        0 => writeln!(out, r##"" fill="#{ink:06x}"/>"##),
        _ => writeln!(out, r##"" fill="none" stroke="#{ink:06x}" stroke-width="{thickness}"/>"##),
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Modifier, Style};

    use super::*;
    use crate::ui::cell_style::{between, fixed};

    fn painted() -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 4));
        buffer.set_string(1, 0, "a <b> & c  d", Style::new().fg(Color::Green));
        buffer.set_string(0, 1, "●● 漢字 done", Style::new().add_modifier(Modifier::BOLD));
        buffer.set_string(0, 2, "──┬─ x", Style::new().add_modifier(Modifier::DIM));
        buffer.set_string(0, 3, "cursor", Style::new().add_modifier(Modifier::REVERSED));
        buffer
    }

    /// Reads the elements of a document, and fails where one is not well formed.
    fn elements(document: &str) -> Vec<(String, String)> {
        let mut open: Vec<&str> = Vec::new();
        let mut found = Vec::new();
        let mut rest = document;
        while let Some((text, tag)) = rest.split_once('<') {
            assert!(!text.contains('>'), "{text}");
            let (tag, after) = tag.split_once('>').expect("a tag ends");
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            let name = tag.trim_matches('/').split(' ').next().unwrap();
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name));
            } else if !tag.ends_with('/') {
                open.push(name);
            }
            if name == "text" && !tag.starts_with('/') {
                found.push((tag.to_owned(), after.split('<').next().unwrap().to_owned()));
            }
            rest = after;
        }
        assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
        found
    }

    #[test]
    fn every_word_is_written_in_its_column() {
        let picture = svg(&painted(), Palette::Dark);
        let texts = elements(&picture);
        let found: Vec<(&str, &str)> =
            texts.iter().map(|(tag, text)| (tag.split('"').nth(1).unwrap(), text.as_str())).collect();
        let expected = [
            ("8", "a &lt;b&gt; &amp; c"),
            ("96", "d"),
            ("0", "●●"),
            ("24", "漢"),
            ("40", "字"),
            ("64", "done"),
            ("40", "x"),
            ("0", "cursor"),
        ];
        assert_eq!(found, expected);
        assert!(texts[0].0.contains(r#"textLength="72""#), "{}", texts[0].0);
        assert!(texts[3].0.contains(r#"textLength="16""#), "{}", texts[3].0);
        assert!(texts[5].0.contains(r#"font-weight="bold""#));
        assert!(picture.contains(r#"<path d="M0 45h16""#), "{picture}");
    }

    #[test]
    fn looks_are_told_apart() {
        let picture = svg(&painted(), Palette::Dark);
        assert!(picture.contains("#8cc26a"), "green");
        assert!(
            picture.contains(r##"<rect x="0" y="54" width="48" height="18" fill="#d7dae0"/>"##),
            "reversed"
        );
        assert!(
            picture.contains(&format!("#{:06x}", between(PageColors::DARK.ink, PageColors::DARK.paper))),
            "dim"
        );
    }

    #[test]
    fn a_palette_has_the_paper_that_it_is_made_for() {
        for (palette, paper, ink) in [
            (Palette::Dark, "16191f", "d7dae0"),
            (Palette::ColorBlind, "16191f", "d7dae0"),
            (Palette::Light, "ffffff", "1f2328"),
            (Palette::ColorBlindLight, "ffffff", "1f2328"),
            (Palette::HighContrast, "000000", "ffffff"),
        ] {
            let picture = svg(&painted(), palette);
            assert!(picture.contains(&format!(r##"rx="8" fill="#{paper}"/>"##)), "{palette:?}");
            assert!(picture.contains(&format!("fill=\"#{ink}\" font-weight=\"bold\"")), "{palette:?}");
        }
    }

    #[test]
    fn the_256_colors_are_those_of_every_terminal() {
        for (number, expected) in [
            (16, 0),
            (24, 0x5f87),
            (75, 0x005f_afff),
            (208, 0x00ff_8700),
            (231, 0x00ff_ffff),
            (232, 0x0008_0808),
            (255, 0x00ee_eeee),
        ] {
            assert_eq!(fixed(number), expected, "{number}");
        }
    }

    #[test]
    fn the_same_screen_is_the_same_picture() {
        assert_eq!(svg(&painted(), Palette::Dark), svg(&painted(), Palette::Dark));
        elements(&svg(&Buffer::empty(Rect::ZERO), Palette::Dark));
    }
}
