//! Output queue: the rest of one frame, and orders behind it.
//!
//! It is bounded: no frame is made while another waits, and no order beyond what a terminal that is read keeps up with.
//! Must not know the terminal.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

/// As many bytes of orders may wait: the longest copy, and then some.
const ORDERS: usize = 128 << 10;

/// Bytes that wait.
#[derive(Debug, Default)]
pub(in crate::terminal) struct Queue {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    drained: Notify,
    is_over: AtomicBool,
}

#[derive(Debug, Default)]
struct Waiting {
    bytes: Vec<u8>,
    /// Number of them that are written.
    written: usize,
    /// Number of bytes of orders that came since all was written.
    orders: usize,
}

impl Queue {
    /// Puts a frame, or what belongs to it, last.
    pub(in crate::terminal) fn push(&self, bytes: &[u8]) {
        self.lock().bytes.extend_from_slice(bytes);
        self.filled.notify_all();
    }

    /// Puts an order last, unless too many wait already.
    pub(in crate::terminal) fn push_order(&self, bytes: &[u8]) -> bool {
        let mut waiting = self.lock();
        if waiting.orders + bytes.len() > ORDERS {
            return false;
        }
        // What waits may be gone with the next write; only what has to wait counts.
        waiting.orders += bytes.len();
        waiting.bytes.extend_from_slice(bytes);
        drop(waiting);
        self.filled.notify_all();
        true
    }

    /// Returns true if an order waits.
    pub(in crate::terminal) fn has_orders(&self) -> bool {
        self.lock().orders > 0
    }

    /// Returns true if nothing waits.
    pub(in crate::terminal) fn is_empty(&self) -> bool {
        self.lock().bytes.is_empty()
    }

    /// Waits until nothing may wait any more.
    pub(in crate::terminal) async fn drained(&self) {
        self.drained.notified().await;
    }

    /// All that waits, and how much of it is written.
    pub(in crate::terminal) fn look<T>(&self, look: impl FnOnce(&[u8], usize) -> T) -> T {
        let waiting = self.lock();
        look(&waiting.bytes, waiting.written)
    }

    /// Marks `n` bytes more as written.
    pub(in crate::terminal) fn took(&self, n: usize) {
        let mut waiting = self.lock();
        waiting.written += n;
        if waiting.written >= waiting.bytes.len() {
            drop(waiting);
            self.clear();
        }
    }

    /// Forgets what waits.
    pub(in crate::terminal) fn clear(&self) {
        let mut waiting = self.lock();
        waiting.bytes.clear();
        (waiting.written, waiting.orders) = (0, 0);
        drop(waiting);
        self.drained.notify_one();
    }

    /// Waits until something waits; false when nothing ever will again.
    pub(in crate::terminal) fn wait(&self) -> bool {
        let is_idle = |waiting: &mut Waiting| waiting.bytes.is_empty() && !self.is_over();
        drop(self.filled.wait_while(self.lock(), is_idle).unwrap_or_else(PoisonError::into_inner));
        !self.is_over()
    }

    /// Waits a moment, or until it is over.
    pub(in crate::terminal) fn rest(&self, moment: Duration) {
        let going_on = |_: &mut Waiting| !self.is_over();
        drop(self.filled.wait_timeout_while(self.lock(), moment, going_on));
    }

    /// Nothing is written any more.
    pub(in crate::terminal) fn end(&self) {
        let _waiting = self.lock();
        self.is_over.store(true, Ordering::SeqCst);
        self.filled.notify_all();
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_keep_their_place_and_their_number() {
        let queue = Queue::default();
        queue.push(b"frame");
        assert!(queue.push_order(b"order") && queue.has_orders());
        assert!(!queue.push_order(&[b'x'; ORDERS]), "bounded");
        assert_eq!(queue.look(|bytes, written| (bytes.to_vec(), written)), (b"frameorder".to_vec(), 0));
        queue.took(7);
        assert!(!queue.is_empty() && queue.wait());
        queue.took(3);
        assert!(queue.is_empty() && !queue.has_orders() && queue.push_order(&[b'x'; ORDERS]));
        queue.end();
        assert!(!queue.wait());
    }
}
