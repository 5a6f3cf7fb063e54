//! What the doctor says about a Redis.

use super::super::said;
use super::{Finding, Verdict};
use crate::settings::Settings;
use auction_adapters::redis::{Examined, RedisOptions, examine};

/// The oldest version that is supported.
const MAJOR_VERSION_MIN: u32 = 6;

/// Whether Redis answers, or is missed. Nothing to say where one node works alone and without.
pub(super) async fn finding(settings: &Settings) -> Option<Finding> {
    let finding = |verdict, text| Some(Finding(verdict, "redis", text));
    let Some(redis) = &settings.redis else {
        let text = "REDIS_URL is not set: who watches through another node sees a bid within a second instead of at \
                    once, and each node counts limits for itself";
        return settings.database.is_shared().then(|| Finding(Verdict::Worth, "redis", text.to_owned()));
    };
    let examined = match examine(redis.expose(), &RedisOptions::default()).await {
        Ok(examined) => examined,
        Err(failure) => return finding(Verdict::Bad, format!("{redis}: {}", said(&failure))),
    };
    let Examined { version, is_replica, call_duration, .. } = examined;
    if is_replica {
        return finding(Verdict::Bad, format!("{redis} is a replica, which takes no writes"));
    }
    let (verdict, version) = match &version {
        Some(version) if is_old(version) => {
            (Verdict::Bad, format!("version {version}; it has to be {MAJOR_VERSION_MIN} or newer"))
        }
        Some(version) => (Verdict::Good, format!("version {version}")),
        None => (Verdict::Good, "it does not tell its version".to_owned()),
    };
    finding(verdict, format!("{redis} answers within {call_duration:.1?}: {version}"))
}

fn is_old(version: &str) -> bool {
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    major.is_some_and(|major| major < MAJOR_VERSION_MIN)
}
