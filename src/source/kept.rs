//! Text of a line that is too long to be kept as it is, and the place of its bytes in the line. Must not know
//! JSON.

/// Text of a long line without what makes it long.
#[derive(Debug, Clone, Default)]
pub struct KeptText {
    /// The text.
    pub text: Vec<u8>,
    /// Pairs of a byte of the text, and the number of bytes of the line that are missing before it.
    pub shifts: Vec<(usize, isize)>,
    /// The length of the whole line, in bytes.
    pub whole: usize,
    /// The text ends behind a fault, and not where the line does.
    pub is_cut: bool,
}

impl KeptText {
    /// A reason why the text is no event, with the column that it has in the whole line.
    pub fn reason(&self, reason: &str) -> String {
        const COLUMN: &str = " at column ";
        let place =
            reason.rsplit_once(COLUMN).and_then(|(what, column)| Some((what, column.parse::<usize>().ok()?)));
        let Some((what, column)) = place else { return reason.to_owned() };
        if column >= self.text.len() && !self.is_cut {
            return format!("{what}{COLUMN}{}", self.whole);
        }
        let n_before = self.shifts.partition_point(|(from, _)| *from < column);
        let shift = n_before.checked_sub(1).map_or(0, |last| self.shifts[last].1);
        format!("{what}{COLUMN}{}", column.cast_signed() + shift)
    }
}
