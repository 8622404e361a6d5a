//! The box of a dialog: which form of the question fits, and whether all of it is visible.
//!
//! A question that is not drawn whole is not asked yet. Must not know what a cell is.

use crate::model::text;
use crate::view::Area;
use crate::view::detail::DetailLine;

/// The maximum width of the box, in columns.
const MAX_SHEET_COLUMNS: u16 = 76;
/// Columns between two answers.
pub const ANSWER_GAP_COLUMNS: usize = 4;

/// The box of a question, ready to be drawn.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The title in the upper border.
    pub title: String,
    /// The text.
    pub lines: Vec<DetailLine>,
    /// The keys, and the answer of each.
    pub answers: Vec<(String, String)>,
    /// True if there is an empty line around the text.
    pub is_airy: bool,
    /// True if the answers are in the lower border, for want of a line.
    pub is_tight: bool,
    /// True if all of it is visible.
    pub is_whole: bool,
    /// The area of the box.
    pub area: Area,
}

impl Sheet {
    /// The columns of a question's lines in `room`.
    #[must_use]
    pub fn columns(room: Area) -> usize {
        usize::from(room.width.min(MAX_SHEET_COLUMNS)).saturating_sub(4)
    }

    /// Fits a question into `room`: the first of its forms that fits, with as many empty lines as there is room for.
    #[must_use]
    pub fn of(
        title: String,
        forms: Vec<Vec<DetailLine>>,
        answers: Vec<(String, String)>,
        room: Area,
    ) -> Self {
        let height = usize::from(room.height);
        let dense = |mut lines: Vec<DetailLine>| {
            lines.retain(|line| !line.parts.is_empty());
            lines
        };
        let mut sheet = Self {
            title,
            lines: Vec::new(),
            answers,
            is_airy: false,
            is_tight: false,
            is_whole: true,
            area: Area::default(),
        };
        for lines in forms {
            sheet.is_airy = lines.len() + 6 <= height;
            sheet.lines = if sheet.is_airy { lines } else { dense(lines) };
            sheet.is_tight = !sheet.is_airy && sheet.lines.len() + 3 > height;
            if sheet.is_airy || sheet.lines.len() + 2 <= height {
                break;
            }
        }
        let frame = if sheet.is_airy { 6 } else { 3 - usize::from(sheet.is_tight) };
        let n_lines = sheet.lines.len().min(height.saturating_sub(frame));
        let width = room.width.min(MAX_SHEET_COLUMNS);
        let is_fitting = |line: &DetailLine| line.width() <= usize::from(width.saturating_sub(3));
        sheet.is_whole = n_lines == sheet.lines.len()
            && height >= frame
            && sheet.lines.iter().all(is_fitting)
            && sheet.answers_width() <= usize::from(width.saturating_sub(2))
            && text::width(&sheet.title) + 6 <= usize::from(width);
        sheet.lines.truncate(n_lines);
        sheet.area = room.centered(width, u16::try_from(n_lines + frame).unwrap_or(u16::MAX));
        sheet
    }

    /// Columns of the answers, with those before and between them.
    fn answers_width(&self) -> usize {
        let widths = self.answers.iter().map(|(key, words)| text::width(key) + 1 + text::width(words));
        2 + widths.sum::<usize>() + ANSWER_GAP_COLUMNS * self.answers.len().saturating_sub(1)
    }
}
