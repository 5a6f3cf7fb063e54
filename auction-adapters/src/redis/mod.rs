//! Redis, which hurries and never decides: what nodes tell each other, and limits that all nodes share.
//!
//! [`RedisNews`] carries news from node to node over one channel; [`RedisLimiter`] counts for all nodes together. Both
//! connect by themselves and again after a loss, and both can do without: losing Redis costs latency, not data. Nothing
//! here is durable, and nothing that matters is kept in Redis alone.
//!
//! # When Redis does not answer
//! Every call has 250 ms, the connection included. After a failure nothing is tried for 100 ms, then for twice as long,
//! up to a second: calls in that time fail at once, so that nothing queues up behind a server that hangs. The first
//! call after that finds out whether it is back.
//!
//! # What Redis has to be
//! One server from version 6.0 on, or a compatible one; none of a cluster. Where its memory may run out, its policy should
//! be `volatile-ttl`: every key of ours has an end.
//!
//! # Encryption
//! `rediss://` is encrypted by rustls, with the provider of cryptography that the host has installed, and *ring* where it
//! installed none; nothing is installed here. The certificate has to be one of the public authorities that are built in,
//! or of those in [`RedisOptions::authorities`].
//!
//! # Metrics
//! | name | labels | what it is |
//! |---|---|---|
//! | `auction_redis_up` | `purpose`: `limits`, `tell`, `hear` | 1 where the last call was answered, else 0 |
//! | `auction_news_total` | `direction`: `told`, `heard`; `outcome` | news by what became of them |
//!
//! Of what is told the outcomes are `sent` and `dropped` (there was no room); of what is heard they are `passed_on` and
//! `ignored` (a message, not news, that makes no sense).

mod breaker;
mod examine;
mod fault;
mod form;
mod key;
mod limiter;
mod link;
mod news;
mod options;
mod presence;
mod route;
mod subscription;
mod waiting;

pub use examine::{Examined, examine};
pub use limiter::RedisLimiter;
pub use news::RedisNews;
pub use options::RedisOptions;

use std::time::Duration;

/// How long a call of Redis takes at most, the connection included.
const CALL_DURATION_MAX: Duration = Duration::from_millis(250);
