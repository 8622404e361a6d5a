//! Rows with letters on whose width terminals differ, drawn one over the other: nothing of the old frame is
//! left, with any columns a terminal gives them.

use proptest::prelude::*;
use proptest::sample::select;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;
use ratatui::{Terminal, TerminalOptions, Viewport};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::*;

const COLUMNS: u16 = 32;
const ROWS: u16 = 3;

/// End of each drawing.
const PLAIN: &str = "\x1b[39m\x1b[49m\x1b[59m\x1b[0m";

/// The bytes of frames, one after the other, each of a few rows.
fn drawn(frames: &[Vec<String>]) -> String {
    let mut written = Vec::new();
    let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, COLUMNS, ROWS)) };
    let sparing = DiffBackend::new(&mut written);
    sparing.columns.set(COLUMNS);
    let mut terminal = Terminal::with_options(sparing, options).unwrap();
    for rows in frames {
        let lines: Vec<Line<'_>> = rows.iter().map(|row| Line::raw(row.as_str())).collect();
        terminal.draw(|frame| frame.render_widget(Paragraph::new(lines), frame.area())).unwrap();
    }
    drop(terminal);
    String::from_utf8(written).unwrap()
}

/// A terminal that knows places, erasing, wrapping and letters, and gives each letter the columns that it likes.
fn shown(bytes: &str, columns_of: fn(&str) -> usize) -> Vec<String> {
    let mut rows = vec![vec![" ".to_owned(); COLUMNS.into()]; ROWS.into()];
    let (mut x, mut y, mut wraps) = (0, 0, true);
    let mut parts = bytes.split("\x1b[");
    let mut texts = vec![parts.next().unwrap()];
    for part in parts {
        let end = part.find(|c: char| c.is_ascii_alphabetic()).unwrap();
        match &part[end..=end] {
            "H" => {
                let (row, column) = part[..end].split_once(';').unwrap();
                (x, y) = (column.parse::<usize>().unwrap() - 1, row.parse::<usize>().unwrap() - 1);
            }
            "h" | "l" if &part[..end] == "?7" => wraps = &part[end..=end] == "h",
            "K" => rows[y][x.min(usize::from(COLUMNS) - 1)..].fill(" ".to_owned()),
            _ => (),
        }
        texts.push(&part[end + 1..]);
        for letter in texts.pop().unwrap().graphemes(true) {
            let columns = columns_of(letter);
            if wraps && x + columns > usize::from(COLUMNS) {
                (x, y) = (0, (y + 1) % usize::from(ROWS));
            }
            x = x.min(usize::from(COLUMNS) - columns);
            // Who loses one column of a letter loses all of it.
            let is_behind = |cell: &String| cell.is_empty();
            let first = (0..=x).rev().find(|at| !is_behind(&rows[y][*at])).unwrap();
            rows[y][first..x].fill(" ".to_owned());
            for cell in rows[y][x + columns..].iter_mut().take_while(|cell| is_behind(cell)) {
                *cell = " ".to_owned();
            }
            rows[y][x] = letter.to_owned();
            rows[y][x + 1..x + columns].fill(String::new());
            x += columns;
        }
    }
    rows.into_iter().map(|row| row.concat().trim_end().to_owned()).collect()
}

/// Ideas that terminals have of a letter's width: as many columns as we think, one for each character, one, two, or many.
const TERMINALS: [fn(&str) -> usize; 5] = [
    |letter| letter.width().max(1),
    |letter| letter.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>().max(1),
    |letter| if text::has_certain_width(letter) { letter.width() } else { 1 },
    |letter| if text::has_certain_width(letter) { letter.width() } else { 2 },
    |letter| if text::has_certain_width(letter) { letter.width() } else { 2 * letter.chars().count() },
];

/// Frames leave what the last one of them shows, on every terminal.
fn check(frames: &[Vec<String>]) {
    let (all, last) = (drawn(frames), drawn(&frames[frames.len() - 1..]));
    for columns_of in TERMINALS {
        assert_eq!(shown(&all, columns_of), shown(&last, columns_of), "{frames:?} {all:?}");
    }
    // It wraps all the same.
    let columns = |row: &String| row.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>();
    if frames.iter().flatten().any(|row| columns(row) > usize::from(COLUMNS)) {
        return;
    }
    let screen = |bytes: &str| {
        let mut parser = vt100::Parser::new(ROWS.try_into().unwrap(), COLUMNS.try_into().unwrap(), 0);
        parser.process(bytes.as_bytes());
        let rows = parser.screen().rows(0, COLUMNS).map(|row| row.trim_end().to_owned());
        rows.collect::<Vec<_>>()
    };
    assert_eq!(screen(&all), screen(&last), "{frames:?} {all:?}");
}

fn frame(rows: &[&str]) -> Vec<String> {
    rows.iter().map(|row| (*row).to_owned()).collect()
}

#[test]
fn nothing_is_left_of_a_letter_that_is_wider_on_the_terminal() {
    let named = frame(&["9ab4 क्\u{200d}ष नमस्ते दुनिया  3s", "9ab5 🇩🇪 🇫🇷🇮🇹 b  4s", "9ab6 plain 0  5s"]);
    for other in [
        frame(&["9ab6 plain 0  5s", "9ab4 क्\u{200d}ष  3s", "9ab5 🇩🇪  4s"]),
        frame(&["No run answers this query."]),
        frame(&["123456789 123456789 123456789 🇩🇪", "123456789 123456789 12345678 क्ष्म x", "दिन का काम"]),
        frame(&["", "9ab5 日本🇩🇪 x", "9ab6 दिन का काम"]),
        frame(&["日本日本 क 3s", "日本 🇩🇪🇫🇷🇮🇹 b", "9ab6 👩\u{200d}💻 5s"]),
        frame(&["9ab4 क्\u{200d}ष नमस्ते दुनिया  4s", "9ab5 🇩🇪 🇫🇷🇮🇹 b  5s", "9ab6 plain 0  6s"]),
    ] {
        check(&[named.clone(), other.clone()]);
        check(&[other, named.clone()]);
    }
}

/// Text beside such letters is found at its own place in the bytes.
#[test]
fn a_row_is_erased_and_painted_from_the_first_letter_of_uncertain_width() {
    let own = frame(&["a क्\u{200d}षb c"]);
    let first = drawn(std::slice::from_ref(&own));
    let (plain, placed) = (PLAIN, "\x1b[1;3H\x1b[K\x1b[1;3H");
    let row = format!("\x1b[1;1Ha{plain}{placed}क्\u{200d}ष{plain}\x1b[1;5Hb c{plain}\x1b[?25l");
    assert_eq!(first.trim_end_matches("\x1b[?25h"), row);
    let second = |other| drawn(&[own.clone(), frame(&[other])]).split_off(row.len());
    assert_eq!(second("a plain").trim_end_matches("\x1b[?25h"), format!("{placed}plain{plain}"));
    // What changes before it changes alone.
    assert_eq!(second("b क्\u{200d}षb c").trim_end_matches("\x1b[?25h"), format!("\x1b[1;1Hb{plain}"));
}

/// Rows of letters on which terminals agree go through as they always did.
#[test]
fn other_rows_take_no_more_bytes() {
    let styled = [(0, "a"), (1, "é"), (4, "日"), (9, "▌"), (10, "e\u{301}")].map(|(x, symbol)| {
        let mut cell = Cell::new(symbol);
        cell.set_style(Style::new().fg(Color::Red));
        (x, cell)
    });
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    let mut sparing = DiffBackend::new(&mut ours);
    let mut plain = CrosstermBackend::new(&mut theirs);
    for y in [1, 2, 1] {
        let cells = || styled.iter().map(move |(x, cell)| (*x, y, cell));
        sparing.draw(cells()).unwrap();
        plain.draw(cells()).unwrap();
    }
    assert_eq!(ours, theirs);
}

/// A row that no terminal makes longer than it is.
fn rows() -> impl Strategy<Value = String> {
    let letters = [
        "a",
        "b",
        " ",
        "  ",
        "é",
        "日",
        "क्\u{200d}ष",
        "क्ष",
        "का",
        "ते",
        "🇩🇪",
        "🇫🇷",
        "👍🏽",
        "❤\u{fe0f}",
        "1\u{fe0f}\u{20e3}",
        "👩\u{200d}💻",
        "ی\u{200c}",
        "e\u{301}",
    ];
    prop::collection::vec(select(letters.to_vec()), 0..18).prop_map(|letters| letters.concat())
}

proptest! {
    #[test]
    fn no_cell_of_an_old_frame_survives(
        frames in prop::collection::vec(prop::collection::vec(rows(), usize::from(ROWS)), 2..5)
    ) {
        check(&frames);
    }
}

#[test]
fn a_side_that_is_not_known_is_that_of_a_common_terminal() {
    assert_eq!(
        [known(0, 0), known(0, 50), known(132, 0), known(1, 1)],
        [(80, 24), (80, 50), (132, 24), (1, 1)]
    );
}

#[test]
fn what_changes_nothing_is_no_bytes() {
    let mut written = Vec::new();
    let mut terminal = DiffBackend::new(&mut written);
    terminal.hide_cursor().unwrap();
    terminal.hide_cursor().unwrap();
    terminal.draw(std::iter::empty()).unwrap();
    Backend::flush(&mut terminal).unwrap();
    assert_eq!(written, b"\x1b[?25l");
    let mut terminal = DiffBackend::new(&mut written);
    terminal.clear().unwrap();
    terminal.draw([(0, 0, &Cell::new("x"))].into_iter()).unwrap();
    terminal.hide_cursor().unwrap();
    Backend::flush(&mut terminal).unwrap();
    let text = String::from_utf8(written).unwrap();
    assert!(text.contains('x') && text.ends_with("\x1b[?25l"), "{text:?}");
}

#[test]
fn the_second_column_of_an_emoji_is_cleared_before_it_is_drawn() {
    let mut written = Vec::new();
    let mut terminal = DiffBackend::new(&mut written);
    let [heart, blank, letter] = ["\u{2764}\u{fe0f}", " ", "x"].map(Cell::new);
    let cells = [(4, 0, &heart), (5, 0, &blank), (6, 0, &letter), (7, 0, &blank)];
    terminal.draw(cells.into_iter()).unwrap();
    Backend::flush(&mut terminal).unwrap();
    let text = String::from_utf8(written).unwrap();
    let plain = PLAIN;
    assert_eq!(text, format!("\x1b[1;5H\x1b[K\x1b[1;5H\u{2764}\u{fe0f}{plain}\x1b[1;7Hx{plain}"));
}

#[test]
fn the_cursor_is_put_where_it_belongs_once() {
    let mut written = Vec::new();
    let mut terminal = DiffBackend::new(&mut written);
    terminal.hide_cursor().unwrap();
    for _ in 0..3 {
        terminal.rest_at(Some(Position::new(4, 2))).unwrap();
    }
    terminal.rest_at(None).unwrap();
    for _ in 0..3 {
        terminal.show_cursor().unwrap();
        terminal.set_cursor_position((7, 2)).unwrap();
        // One that is shown stays where it is.
        terminal.rest_at(Some(Position::new(4, 2))).unwrap();
    }
    Backend::flush(&mut terminal).unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), "\x1b[?25l\x1b[3;5H\x1b[?25h\x1b[3;8H");
}
