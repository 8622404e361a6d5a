//! The engine's own storage, and a line in the log for each record that it has saved.
//!
//! This is all that a host needs for a log: the engine waits for each save before the next, so the lines are in the
//! order in which it worked. Must not know what a record says.

use std::sync::Arc;

use async_trait::async_trait;
use dag_executor::storage::{Storage, StorageResult};
use serde_json::Value;

use super::journal::Journal;

/// Prefix of the keys of records; the task's id follows. The engine keeps its dead letters in the same storage.
pub const RECORD: &str = "record:";

/// A storage whose records are told.
pub struct JournalStorage<S> {
    inner: S,
    journal: Arc<Journal>,
}

impl<S> JournalStorage<S> {
    /// Tells `journal` the records that `inner` keeps.
    pub const fn new(inner: S, journal: Arc<Journal>) -> Self {
        Self { inner, journal }
    }
}

#[async_trait]
impl<S: Storage> Storage for JournalStorage<S> {
    async fn save(&self, key: &str, value: &Value) -> StorageResult<()> {
        self.inner.save(key, value).await?;
        if key.starts_with(RECORD) {
            self.journal.record(value)?;
        }
        Ok(())
    }

    async fn load(&self, key: &str) -> StorageResult<Option<Value>> {
        self.inner.load(key).await
    }

    async fn delete(&self, key: &str) -> StorageResult<()> {
        self.inner.delete(key).await
    }

    async fn list(&self) -> StorageResult<Vec<String>> {
        self.inner.list().await
    }
}
