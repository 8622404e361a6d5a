//! A value for each of a million runs, of which few may have one: in pages, so that memory is taken as it is used, and
//! no key waits for all of it.

use super::RunKey;

/// Runs in a page.
const PAGE_LEN: usize = 1 << 12;

/// A value for each run; the same for all that have none of their own.
#[derive(Debug, Clone)]
pub struct Paged<T> {
    pages: Vec<Option<Box<[T]>>>,
    otherwise: T,
}

impl<T: Copy> Paged<T> {
    /// Nothing but this for every run.
    #[must_use]
    pub const fn new(otherwise: T) -> Self {
        Self { pages: Vec::new(), otherwise }
    }

    /// The value of a run.
    #[must_use]
    #[inline]
    pub fn get(&self, run: RunKey) -> T {
        let page = self.pages.get(run.index() / PAGE_LEN).and_then(Option::as_ref);
        page.map_or(self.otherwise, |page| page[run.index() % PAGE_LEN])
    }

    /// Gives a run a value.
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

    /// Takes all values away.
    pub fn clear(&mut self) {
        self.pages.clear();
    }
}
