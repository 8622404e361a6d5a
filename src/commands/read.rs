//! A log folded once, for the reports: one thread reads and decodes, the other folds.

use std::sync::mpsc::sync_channel;
use std::thread;

use super::Failure;
use crate::fold;
use crate::log::decode::batch::{Batch, Decoder};
use crate::log::lines::Limits;
use crate::log::once::{Ending, read_once};
use crate::log::source::Source;
use crate::store::{Rules, Store};

/// Batches on their way from the reader to the folder: enough that neither waits for the other's hiccups, and few
/// enough to stay in the processor's caches.
const IN_FLIGHT: usize = 4;

/// Folds the whole log; `after` sees the store after each batch.
pub fn fold_log(
    source: &Source,
    rules: Rules,
    mut after: impl FnMut(&mut Store) -> Result<(), Failure>,
) -> Result<(Store, Ending), Failure> {
    let mut store = Store::new(rules);
    let (send, batches) = sync_channel::<Batch>(IN_FLIGHT);
    let ending = thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let mut decoder = Decoder::default();
            read_once(source, Limits::default(), |block| {
                // Refused when the folder has failed; what is read then is not looked at.
                let _ = send.send(decoder.decode(block));
            })
        });
        for batch in batches {
            fold::batch(&mut store, &batch);
            after(&mut store)?;
        }
        let ending = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        Ok::<_, Failure>(ending)
    })?;
    Ok((store, ending))
}
