//! What is sent to those who watch.

use auction_core::auction::Auction;
use axum::extract::ws::Utf8Bytes;

/// The state of an auction after a commit, as everybody may see it: serialised once.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The auction.
    pub auction: Auction,
    /// The public version before the first event that the frame tells of.
    pub previous_version: u64,
    /// The JSON object that everybody gets.
    pub public: Utf8Bytes,
}

impl Frame {
    /// The frame for one person: the public one with `"you"` besides, made without serialising the rest again.
    pub fn own(&self, you: &str) -> Utf8Bytes {
        let public = self.public.as_str();
        let open = public.strip_suffix('}').unwrap_or(public);
        let mut text = String::with_capacity(open.len() + you.len() + 10);
        text.push_str(open);
        text.push_str(",\"you\":");
        text.push_str(you);
        text.push('}');
        text.into()
    }
}
