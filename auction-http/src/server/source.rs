//! Where a request came from.

use crate::settings::TrustedProxies;
use axum::http::{Extensions, HeaderMap};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The most addresses of a chain of proxies that are looked at.
const HOPS_MAX: usize = 16;

/// The other end of the connection, which may be a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Where a request came from: the other end of the connection, or where that is a trusted proxy, the address that
/// it names. Handlers find it among the extensions of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source(pub IpAddr);

impl Source {
    /// What limits are counted by: IPv6 addresses come in blocks of which one customer has all, so that only the
    /// first 64 bits count.
    pub fn network(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let mask = u128::MAX << 64;
                IpAddr::V6((u128::from(address) & mask).into())
            }
        }
    }
}

/// Follows `X-Forwarded-For` from its end as long as the addresses are those of trusted proxies: what stands before
/// the first other one was written by nobody knows whom.
pub(super) fn source(proxies: &TrustedProxies, extensions: &Extensions, headers: &HeaderMap) -> Source {
    let peer = extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
    let mut source = peer.to_canonical();
    if !proxies.trusts(source) {
        return Source(source);
    }
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')).take(HOPS_MAX) {
        let Some(address) = address(hop.trim()) else { break };
        source = address;
        if !proxies.trusts(address) {
            break;
        }
    }
    Source(source)
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let alone = text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
    alone.or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip())).map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn seen(peer: &str, forwarded: &[&'static str]) -> String {
        let proxies = "10.0.0.0/8".parse().expect("a network");
        let mut extensions = Extensions::new();
        extensions.insert(Peer(SocketAddr::new(peer.parse().expect("an address"), 1)));
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        source(&proxies, &extensions, &headers).0.to_string()
    }

    #[test]
    fn the_rightmost_address_that_is_no_trusted_proxy_counts() {
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, 2.2.2.2, 10.9.9.9"]), "2.2.2.2");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1", "3.3.3.3:80"]), "3.3.3.3");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, nonsense"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn the_header_of_somebody_who_is_no_proxy_counts_for_nothing() {
        assert_eq!(seen("9.9.9.9", &["1.1.1.1"]), "9.9.9.9");
    }

    #[test]
    fn addresses_of_one_block_count_as_one() {
        let network = |text: &str| Source(text.parse().expect("an address")).network();
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:1.2.3.4"), network("1.2.3.4"));
    }
}
