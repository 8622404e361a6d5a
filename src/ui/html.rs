//! A painted screen as an HTML page: text that can be read aloud, searched and selected.
//!
//! All style is inline, so the page is one file and loads nothing from elsewhere. Must not know what was
//! painted.

use std::fmt::{self, Write};

use ratatui::buffer::{Buffer, Cell};

use super::cell_style::{CellStyle, PageColors, escape};
use super::theme::Palette;
use crate::model::text;

/// The page of a screen that is called so. The same cells give the same bytes.
pub(super) fn html(buffer: &Buffer, name: &str, palette: Palette) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(buffer, name, PageColors::of(palette), &mut out);
    out
}

fn write(buffer: &Buffer, name: &str, sheet: PageColors, out: &mut String) -> fmt::Result {
    let PageColors { paper, ink } = sheet;
    out.push_str("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>runwatch ");
    escape(name, out);
    writeln!(out, "</title>\n</head>\n<body style=\"margin:0;background:#{paper:06x}\">")?;
    writeln!(
        out,
        "<pre style=\"margin:12px;color:#{ink:06x};font:13.3px/18px ui-monospace,SFMono-Regular,Menlo,Consolas,\
         'DejaVu Sans Mono',monospace\">"
    )?;
    let line_length = usize::from(buffer.area.width).max(1);
    for line in buffer.content.chunks(line_length) {
        write_line(line, sheet, out)?;
        out.push('\n');
    }
    out.push_str("</pre>\n</body>\n</html>\n");
    Ok(())
}

/// Writes what looks alike as one span. Blanks at the end of a line are left out.
fn write_line(line: &[Cell], sheet: PageColors, out: &mut String) -> fmt::Result {
    let mut pieces: Vec<(CellStyle, String)> = Vec::new();
    let mut x = 0;
    while x < line.len() {
        let (symbol, look) = (line[x].symbol(), CellStyle::of(&line[x], sheet));
        match pieces.last_mut().filter(|(before, _)| *before == look) {
            Some((_, text)) => text.push_str(symbol),
            None => pieces.push((look, symbol.to_owned())),
        }
        // The cell after a wide sign is a part of it.
        x += text::width(symbol).max(1);
    }
    while let Some((look, text)) = pieces.last_mut()
        && look.paper == sheet.paper
        && !look.underlined
    {
        text.truncate(text.trim_end().len());
        if !text.is_empty() {
            break;
        }
        pieces.pop();
    }
    pieces.iter().try_for_each(|(look, text)| write_piece(*look, text, sheet, out))
}

fn write_piece(look: CellStyle, text: &str, sheet: PageColors, out: &mut String) -> fmt::Result {
    let mut style = String::new();
    let CellStyle { ink, paper, bold, underlined } = look;
    if ink != sheet.ink {
        write!(style, "color:#{ink:06x};")?;
    }
    if paper != sheet.paper {
        write!(style, "background:#{paper:06x};")?;
    }
    style.push_str(if bold { "font-weight:bold;" } else { "" });
    style.push_str(if underlined { "text-decoration:underline;" } else { "" });
    if style.is_empty() || (text.trim().is_empty() && paper == sheet.paper && !underlined) {
        escape(text, out);
        return Ok(());
    }
    write!(out, "<span style=\"{}\">", style.trim_end_matches(';'))?;
    escape(text, out);
    out.push_str("</span>");
    Ok(())
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Modifier, Style};

    use super::*;

    #[test]
    fn a_page_says_what_the_screen_says_in_its_colors() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 4));
        buffer.set_string(1, 0, "a <b> & c", Style::new().fg(Color::Green));
        buffer.set_string(0, 1, "漢字 done", Style::new().add_modifier(Modifier::BOLD));
        buffer.set_string(0, 3, "cursor  ", Style::new().add_modifier(Modifier::REVERSED));
        let page = html(&buffer, "</title><script>", Palette::Dark);
        let (_, pre) = page.split_once("<pre").unwrap();
        let (_, lines) = pre.split_once(">\n").unwrap();
        let lines: Vec<&str> = lines.lines().take(4).collect();
        assert_eq!(
            lines,
            [
                r##" <span style="color:#8cc26a">a &lt;b&gt; &amp; c</span>"##,
                r#"<span style="font-weight:bold">漢字 done</span>"#,
                "",
                r##"<span style="color:#16191f;background:#d7dae0">cursor  </span>"##,
            ]
        );
        assert!(page.contains("<title>runwatch &lt;/title&gt;&lt;script&gt;</title>"), "{page}");
        // Nothing is fetched and nothing runs.
        assert!(!page.contains("http") && !page.contains("<script"));
        assert_eq!(page, html(&buffer, "</title><script>", Palette::Dark));
    }
}
