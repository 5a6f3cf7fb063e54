//! Under which keys is counted.

use auction_core::ports::{Failure, FailureKind, LimitKey};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use std::net::IpAddr;

/// Where a bucket and a window of this key stand. Addresses and accounts enter it as a digest, so that it is short and
/// shows nobody. (Somebody who reads Redis and guesses an address can find out whether it is there.)
pub(super) fn place(prefix: &str, key: &LimitKey) -> Result<String, Failure> {
    let mut digest = Sha256::new();
    write(key, &mut digest)?;
    Ok(format!("{prefix}:limit:{}", BASE64URL_NOPAD.encode(&digest.finalize())))
}

/// Writes a key so that no two are written alike: what may have any length comes last.
fn write(key: &LimitKey, digest: &mut Sha256) -> Result<(), Failure> {
    match key {
        LimitKey::CallsFrom(source) => {
            digest.update([0]);
            write_source(Some(*source), digest);
        }
        LimitKey::CallsOf(user) => {
            digest.update([1]);
            digest.update(user.number().to_be_bytes());
        }
        LimitKey::BidsOf(user) => {
            digest.update([2]);
            digest.update(user.number().to_be_bytes());
        }
        LimitKey::SignIns { account, source } => {
            digest.update([3]);
            write_source(*source, digest);
            digest.update(account);
        }
        LimitKey::SignInsFrom(source) => {
            digest.update([4]);
            write_source(*source, digest);
        }
        LimitKey::MailsTo(address) => {
            digest.update([5]);
            digest.update(address);
        }
        _ => return Err(Failure::new(FailureKind::Other, "count in Redis", "this kind of key is not known")),
    }
    Ok(())
}

fn write_source(source: Option<IpAddr>, digest: &mut Sha256) {
    match source {
        None => digest.update([0]),
        Some(IpAddr::V4(address)) => {
            digest.update([4]);
            digest.update(address.octets());
        }
        Some(IpAddr::V6(address)) => {
            digest.update([6]);
            digest.update(address.octets());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_short_and_show_nobody() {
        let account = "ann@example.com".repeat(1_000);
        let source = Some(IpAddr::from([192, 0, 2, 1]));
        for key in [LimitKey::MailsTo("ann".to_owned()), LimitKey::SignIns { account, source }] {
            let place = place("auction", &key).unwrap();
            assert_eq!(place.len(), "auction:limit:".len() + 43);
            assert!(!place.contains("ann") && !place.contains("192"), "{place}");
        }
    }

    /// Nodes of two versions count together.
    #[test]
    fn keys_stay_what_they_are() {
        let key = LimitKey::MailsTo("ann@example.com".to_owned());
        let digest = Sha256::digest(b"\x05ann@example.com");
        assert_eq!(place("a", &key).unwrap(), format!("a:limit:{}", BASE64URL_NOPAD.encode(&digest)));
    }
}
