//! A storage for dag-executor that writes each record as a line too; the README shows it as it is.

use std::{fs::File, io::Write as _};

use dag_executor::storage::{Storage, StorageResult};
use serde_json::Value;

pub struct LineStorage<S>(pub S, pub File);

#[async_trait::async_trait]
impl<S: Storage> Storage for LineStorage<S> {
    async fn save(&self, key: &str, value: &Value) -> StorageResult<()> {
        self.0.save(key, value).await?;
        if key.starts_with("record:") {
            (&self.1).write_all(format!("{value}\n").as_bytes())?;
        }
        Ok(())
    }
    async fn load(&self, key: &str) -> StorageResult<Option<Value>> {
        self.0.load(key).await
    }
    async fn delete(&self, key: &str) -> StorageResult<()> {
        self.0.delete(key).await
    }
    async fn list(&self) -> StorageResult<Vec<String>> {
        self.0.list().await
    }
}
