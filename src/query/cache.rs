//! Judgments that are made once: of a text by the number of its name, of a task by that of its spec.

/// Judgments by number, as far as they were asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Memo(Vec<Option<bool>>);

impl Memo {
    /// The judgment of a number, made now if it was not before.
    #[inline]
    pub(super) fn of(&mut self, number: usize, judge: impl FnOnce() -> bool) -> bool {
        match self.0.get(number) {
            Some(Some(known)) => *known,
            _ => self.judge(number, judge),
        }
    }

    #[cold]
    fn judge(&mut self, number: usize, judge: impl FnOnce() -> bool) -> bool {
        if self.0.len() <= number {
            self.0.resize(number + 1, None);
        }
        let judgment = judge();
        self.0[number] = Some(judgment);
        judgment
    }
}
