//! A log folded once, for the reports.

use super::Failure;
use crate::fold;
use crate::log::block::Block;
use crate::log::lines::Limits;
use crate::log::once::{Ending, read_once};
use crate::log::source::Source;
use crate::store::{Rules, Store};

/// Folds the whole log; `after` sees the store after each block.
pub(super) fn fold_log(
    source: &Source,
    rules: Rules,
    mut after: impl FnMut(&mut Store) -> Result<(), Failure>,
) -> Result<(Store, Ending), Failure> {
    let mut store = Store::new(rules);
    let mut outcome = Ok(());
    let ending = read_once(source, Limits::default(), |block: Block| {
        if outcome.is_ok() {
            fold::block(&mut store, &block);
            outcome = after(&mut store);
        }
    })?;
    outcome?;
    Ok((store, ending))
}
