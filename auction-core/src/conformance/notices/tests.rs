//! The cases on the reference backend.

use super::{Counter, Mailroom};
use crate::memory::MemoryNotices;
use crate::ports::Failure;
use async_trait::async_trait;
use std::sync::Arc;

#[derive(Default)]
struct InMemory(Arc<MemoryNotices>);

#[async_trait]
impl Counter for InMemory {
    async fn open(&self) -> Result<Arc<dyn Mailroom>, Failure> {
        Ok(Arc::clone(&self.0) as Arc<dyn Mailroom>)
    }
}

mod memory {
    use super::*;

    crate::notices_conformance_tests! {
        block_on: pollster::block_on,
        counter: InMemory::default(),
        lacks: { what_was_sent_is_removed_in_time => "the numbers of its mails are their places" },
    }
}
