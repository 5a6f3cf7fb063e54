//! Lots that follow the end of their group, on the desk of this process.

use super::handle::DeskHandle;
use super::worker::Work;
use async_trait::async_trait;
use auction_core::ports::Failure;
use auction_core::service::Wake;
use auction_core::service::following::Following;
use std::sync::Arc;

/// The tick of following: what this desk has moved is told to the other lots, through the desk.
pub(super) struct FollowingWork {
    pub(super) following: Arc<Following>,
    pub(super) desk: DeskHandle,
}

#[async_trait]
impl Work for FollowingWork {
    fn name(&self) -> &'static str {
        "following"
    }

    async fn tick(&self) -> Result<Wake, Failure> {
        self.following.tick(&self.desk).await
    }
}
