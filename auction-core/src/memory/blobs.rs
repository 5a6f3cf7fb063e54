//! Blobs, in memory.

use crate::ports::{BlobName, BlobStore, Failure};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Blobs in memory.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    blobs: Mutex<BTreeMap<BlobName, Vec<u8>>>,
}

impl MemoryBlobs {
    /// All names that are taken, in order.
    pub fn names(&self) -> Vec<BlobName> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<BlobName, Vec<u8>>> {
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl BlobStore for MemoryBlobs {
    async fn put(&self, name: &BlobName, content: Vec<u8>) -> Result<bool, Failure> {
        let mut blobs = self.lock();
        if blobs.contains_key(name) {
            return Ok(false);
        }
        blobs.insert(name.clone(), content);
        Ok(true)
    }

    async fn read(&self, name: &BlobName) -> Result<Option<Vec<u8>>, Failure> {
        Ok(self.lock().get(name).cloned())
    }

    async fn remove(&self, name: &BlobName) -> Result<bool, Failure> {
        Ok(self.lock().remove(name).is_some())
    }
}

#[cfg(all(test, feature = "conformance"))]
mod tests {
    use super::*;
    use pollster::block_on;

    crate::blob_cases!(block_on, Box::new(MemoryBlobs::default()));
}
