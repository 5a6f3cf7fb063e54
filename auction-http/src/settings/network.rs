//! Names, origins and networks.

use ipnet::IpNet;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// The names under which the server may be asked.
///
/// `example.com` is that name alone, `.example.com` it and all below it, and `*` any name, which production
/// refuses. Ports do not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedHosts(Vec<String>);

/// Web pages of which origins may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// All of them. Refused in production.
    Any,
    /// These.
    Listed(Vec<WebOrigin>),
}

/// A scheme, a host, and a port where it is not that of the scheme: `https://example.com`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebOrigin(String);

/// Whose word counts on where a request came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl AllowedHosts {
    /// Any name would do.
    pub fn allows_any(&self) -> bool {
        self.0.iter().any(|host| host == "*")
    }

    /// Those that are whole names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str).filter(|name| *name != "*" && !name.starts_with('.'))
    }

    /// Whether the server may be asked under this value of a `Host` header.
    pub fn allows(&self, host: &str) -> bool {
        let Some(name) = name_of(host) else { return false };
        self.0.iter().any(|allowed| match allowed.strip_prefix('.') {
            Some(domain) => ends_in(name, domain),
            None => allowed == "*" || allowed.eq_ignore_ascii_case(name),
        })
    }
}

/// Whether a name is this domain, or one below it.
fn ends_in(name: &str, domain: &str) -> bool {
    let Some(start) = name.len().checked_sub(domain.len()) else { return false };
    let at_a_dot = start == 0 || name.as_bytes().get(start - 1) == Some(&b'.');
    at_a_dot && name.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(domain))
}

/// The name in a `Host` header, without the port; `None` where it makes no sense.
fn name_of(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (name, after) = rest.split_once(']')?;
            (name, if after.is_empty() { None } else { Some(after.strip_prefix(':')?) })
        }
        None => host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port))),
    };
    let port_is_sane =
        port.is_none_or(|port| port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit()));
    let is_sane = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte);
    (port_is_sane && !name.is_empty() && name.bytes().all(is_sane)).then_some(name)
}

impl FromStr for AllowedHosts {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let hosts: Vec<String> = listed(text).map(|host| host.trim_matches(['[', ']']).to_owned()).collect();
        if hosts.is_empty() {
            return Err("names at least one host".to_owned());
        }
        match hosts.iter().find(|host| *host != "*" && name_of(&format!("[{host}]")).is_none()) {
            Some(_) => Err("is a list of names like example.com, .example.com, 127.0.0.1".to_owned()),
            None => Ok(Self(hosts)),
        }
    }
}

impl Origins {
    /// Those that are named.
    pub fn listed(&self) -> &[WebOrigin] {
        match self {
            Self::Any => &[],
            Self::Listed(origins) => origins,
        }
    }
}

impl FromStr for Origins {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        Ok(Self::Listed(listed(text).map(str::parse).collect::<Result<_, _>>()?))
    }
}

impl WebOrigin {
    /// Its text, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for WebOrigin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const FORM: &str = "is a scheme and a host, like https://example.com";
        let text = text.trim().trim_end_matches('/');
        let uri: axum::http::Uri = text.parse().map_err(|_| FORM.to_owned())?;
        let scheme = uri.scheme_str().filter(|scheme| ["http", "https"].contains(scheme));
        match (scheme, uri.authority()) {
            (Some(scheme), Some(authority)) if !authority.as_str().contains('@') => {
                let origin = format!("{scheme}://{}", authority.as_str().to_ascii_lowercase());
                if origin.len() == text.len() { Ok(Self(origin)) } else { Err(FORM.to_owned()) }
            }
            _ => Err(FORM.to_owned()),
        }
    }
}

/// Where links in mails lead: an origin, and perhaps a path below which the pages stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontendUrl(String);

impl FrontendUrl {
    /// Its text, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its origin, as browsers name it.
    pub fn origin(&self) -> &str {
        self.0.match_indices('/').nth(2).map_or(&self.0, |(end, _)| &self.0[..end])
    }
}

impl FromStr for FrontendUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let start = text.find("://").map_or(0, |colon| colon + 3);
        let host_end =
            text.get(start..).and_then(|rest| rest.find('/')).map_or(text.len(), |slash| start + slash);
        let (origin, path) = text.split_at(host_end);
        let origin: WebOrigin = origin.parse()?;
        let is_sane = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~%".contains(&byte);
        match path.bytes().all(is_sane) {
            true => Ok(Self(format!("{origin}{}", path.trim_end_matches('/')))),
            false => {
                Err("is an address like https://example.com/auctions, without a question mark".to_owned())
            }
        }
    }
}

impl fmt::Display for FrontendUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TrustedProxies {
    /// Whether this address is one of them.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromStr for TrustedProxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let network = |text: &str| {
            let alone = text.parse::<IpAddr>().map(IpNet::from).ok();
            text.parse::<IpNet>().ok().or(alone).ok_or("is a list of addresses and networks, like 10.0.0.0/8")
        };
        Ok(Self(listed(text).map(network).collect::<Result<_, _>>()?))
    }
}

/// The parts of a list that is written with commas.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// Joins what a list is made of, as it is written.
fn joined<T: fmt::Display>(f: &mut fmt::Formatter<'_>, parts: &[T]) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        write!(f, "{}{part}", if index == 0 { "" } else { "," })?;
    }
    Ok(())
}

impl fmt::Display for AllowedHosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        joined(f, &self.0)
    }
}

impl fmt::Display for WebOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Listed(origins) => joined(f, origins),
        }
    }
}

impl fmt::Display for TrustedProxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        joined(f, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_compared_without_port_and_case_and_look_alikes_are_not_taken() {
        let hosts: AllowedHosts = "example.com,.auctions.test,::1".parse().expect("valid");
        for host in ["example.com", "EXAMPLE.com:80", "auctions.test", "a.b.auctions.test:1", "[::1]:9000"] {
            assert!(hosts.allows(host), "{host}");
        }
        for host in
            ["", "example.com.evil.test", "evilauctions.test", "a.example.com", "example.com:80:80", "x@y"]
        {
            assert!(!hosts.allows(host), "{host}");
        }
    }

    #[test]
    fn an_origin_has_no_path_and_no_user() {
        for text in ["https://example.com", "http://localhost:3000/"] {
            assert!(text.parse::<WebOrigin>().is_ok(), "{text}");
        }
        for text in
            ["example.com", "ftp://example.com", "https://example.com/a", "https://me@example.com", "*"]
        {
            assert!(text.parse::<WebOrigin>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_origin_of_an_address_has_no_path() {
        let origin = |text: &str| text.parse().map(|url: FrontendUrl| url.origin().to_owned());
        assert_eq!(origin("https://a.test/shop/b/").as_deref(), Ok("https://a.test"));
        assert_eq!(origin("http://a.test:81/").as_deref(), Ok("http://a.test:81"));
    }

    #[test]
    fn proxies_are_addresses_and_networks() {
        let proxies: TrustedProxies = "10.0.0.0/8, ::1".parse().expect("valid");
        let trusts = |text: &str| proxies.trusts(text.parse().expect("an address"));
        assert!(trusts("10.1.2.3") && trusts("::ffff:10.1.2.3") && trusts("::1") && !trusts("11.0.0.1"));
        assert!("10.0.0.0/33".parse::<TrustedProxies>().is_err());
    }
}
