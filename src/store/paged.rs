//! Sparse values by run, in pages: memory is allocated on use, and no key waits for the allocation of all of it.

use super::RunKey;

/// Runs per page.
const PAGE_LEN: usize = 1 << 12;

/// A value for each run, with a default for runs without one.
#[derive(Debug, Clone)]
pub struct Paged<T> {
    pages: Vec<Option<Box<[T]>>>,
    otherwise: T,
}

impl<T: Copy> Paged<T> {
    /// An empty map that yields `otherwise` for every run.
    #[must_use]
    pub const fn new(otherwise: T) -> Self {
        Self { pages: Vec::new(), otherwise }
    }

    /// Value of a run.
    #[must_use]
    #[inline]
    pub fn get(&self, run: RunKey) -> T {
        let page = self.pages.get(run.index() / PAGE_LEN).and_then(Option::as_ref);
        page.map_or(self.otherwise, |page| page[run.index() % PAGE_LEN])
    }

    /// Sets the value of a run.
    #[inline]
    pub fn set(&mut self, run: RunKey, value: T) {
        let (number, at) = (run.index() / PAGE_LEN, run.index() % PAGE_LEN);
        if number >= self.pages.len() {
            self.pages.resize_with(number + 1, || None);
        }
        let otherwise = self.otherwise;
        let page = self.pages[number].get_or_insert_with(|| vec![otherwise; PAGE_LEN].into());
        page[at] = value;
    }

    /// Removes all values.
    pub fn clear(&mut self) {
        self.pages.clear();
    }
}
