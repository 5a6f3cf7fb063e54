//! How Redis is reached.

use super::fault::Fault;
use super::options::RedisOptions;
use auction_core::ports::{Failure, FailureKind};
use redis::{ConnectionAddr, IntoConnectionInfo, RedisConnectionInfo};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Where Redis is, who we are to it, and how the connection is protected. It holds the password and is never shown.
pub(super) struct Route {
    host: String,
    port: u16,
    encryption: Option<(TlsConnector, ServerName<'static>)>,
    pub(super) login: RedisConnectionInfo,
}

/// What a connection is made of.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

impl Route {
    /// Reads a URL like `redis://user:password@host:6379/0`, or `rediss://` for an encrypted connection.
    ///
    /// # Errors
    /// A [`Failure`] that does not repeat the URL, since that may hold a password.
    pub(super) fn parse(url: &str, options: &RedisOptions) -> Result<Self, Failure> {
        let unfit = |why: &str| Failure::new(FailureKind::Other, "read the URL of Redis", why);
        let (rest, is_encrypted) = match (url.strip_prefix("redis://"), url.strip_prefix("rediss://")) {
            (Some(rest), _) => (rest, false),
            (None, Some(rest)) => (rest, true),
            (None, None) => return Err(unfit("it begins with neither redis:// nor rediss://")),
        };
        if rest.contains('#') {
            return Err(unfit("it has a fragment; a # in a password is written %23"));
        }
        let info = format!("redis://{rest}")
            .into_connection_info()
            .map_err(|_| unfit("it is not like redis://user:password@host:6379/0"))?;
        let ConnectionAddr::Tcp(host, port) = info.addr().clone() else {
            return Err(unfit("it names no host"));
        };
        let encryption = if is_encrypted {
            let name = ServerName::try_from(host.clone()).map_err(|_| unfit("its host is no name"))?;
            Some((connector(options.authorities.as_deref())?, name))
        } else {
            None
        };
        Ok(Self { host, port, encryption, login: info.redis_settings().clone() })
    }

    /// Connects, without signing in yet. How long that takes is bounded by the caller.
    pub(super) async fn connect(&self) -> Result<Box<dyn Wire>, Fault> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        // A call is one small packet that somebody waits for.
        stream.set_nodelay(true)?;
        Ok(match &self.encryption {
            Some((connector, name)) => Box::new(connector.connect(name.clone(), stream).await?),
            None => Box::new(stream),
        })
    }
}

/// Trusts the public authorities and these.
fn connector(authorities: Option<&[u8]>) -> Result<TlsConnector, Failure> {
    let unfit = |why: &str| Failure::new(FailureKind::Other, "read the certificates of the authorities", why);
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(pem) = authorities {
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|_| unfit("they are not in the form of PEM"))?;
        if certificates.is_empty() {
            return Err(unfit("there is none in the form of PEM"));
        }
        for certificate in certificates {
            roots.add(certificate).map_err(|error| unfit(&error.to_string()))?;
        }
    }
    let provider =
        CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(ring::default_provider()));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::new(FailureKind::Other, "choose an encryption", error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Route, Failure> {
        Route::parse(url, &RedisOptions::default())
    }

    #[test]
    fn urls_name_a_host_and_whether_the_connection_is_encrypted() {
        let route = parse("redis://ann:secret%23@cache.example.com:7000/3").unwrap();
        assert_eq!((route.host.as_str(), route.port), ("cache.example.com", 7_000));
        assert_eq!((route.login.username(), route.login.password()), (Some("ann"), Some("secret#")));
        assert_eq!(route.login.db(), 3);
        assert!(route.encryption.is_none());
        let route = parse("rediss://cache.example.com").unwrap();
        assert_eq!(route.port, 6_379);
        assert!(route.encryption.is_some());
        assert_eq!(parse("rediss://[::1]:7000").unwrap().host, "::1");
    }

    #[test]
    fn a_url_that_is_refused_is_not_repeated() {
        for url in [
            "",
            "hunter2",
            "http://ann:hunter2@host/",
            "redis://ann:hunter2@host:99999",
            "redis://ann:hunter2@/",
            "redis://ann:hunter2@host/hunter2",
            "rediss://ann:hunter2@host/#insecure",
            "redis://ann:hunter2#@host/",
            "unix:///hunter2",
        ] {
            match parse(url) {
                Err(failure) => {
                    let shown = format!("{failure} {failure:?}");
                    assert!(!shown.contains("hunter2"), "{shown}");
                    assert_eq!(failure.kind, FailureKind::Other);
                }
                // What the parser makes of a missing host is up to it.
                Ok(_) => assert_eq!(url, "redis://ann:hunter2@/"),
            }
        }
    }

    #[test]
    fn authorities_have_to_be_certificates() {
        for pem in
            [&b""[..], b"no certificate", b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"]
        {
            let options = RedisOptions { authorities: Some(pem.to_vec()), ..RedisOptions::default() };
            assert!(Route::parse("rediss://host", &options).is_err(), "{pem:?}");
        }
    }
}
