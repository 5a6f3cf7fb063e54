//! Encrypted connections.

use super::limits::{START, caller, ready, three_a_minute};
use super::server::Server;
use super::support::block_on;
use auction_adapters::redis::{RedisLimiter, RedisOptions};
use auction_core::ports::{FailureKind, Limiter};
use rcgen::{CertificateParams, KeyPair};

#[test]
fn an_encrypted_connection_needs_a_certificate_that_is_trusted_and_of_that_name() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let key = KeyPair::generate().unwrap();
        let names = vec!["localhost".to_owned()];
        let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap().pem();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let certificate_file = file("certificate.pem", &certificate);
        let key_file = file("key.pem", &key.serialize_pem());
        let server = Server::start();
        server.kill();
        let tls =
            ["--tls-cert-file", &certificate_file, "--tls-key-file", &key_file, "--tls-auth-clients", "no"];
        server.start_again(&[&["--port", "0", "--tls-port", server.port()][..], &tls].concat());

        let trusting =
            RedisOptions { authorities: Some(certificate.into_bytes()), ..RedisOptions::default() };
        let url = |scheme: &str, host: &str| format!("{scheme}://{host}:{}", server.port());
        let limiter = RedisLimiter::new(&url("rediss", "localhost"), &trusting).unwrap();
        ready(&limiter).await;
        assert!(limiter.take(&caller(1), three_a_minute(), START).await.unwrap().is_allowed());

        let refused = [
            (url("rediss", "localhost"), RedisOptions::default()),
            (url("rediss", "127.0.0.1"), trusting.clone()),
            (url("redis", "localhost"), trusting),
        ];
        for (url, options) in refused {
            let limiter = RedisLimiter::new(&url, &options).unwrap();
            let failure = limiter.take(&caller(1), three_a_minute(), START).await.unwrap_err();
            assert_eq!(failure.kind, FailureKind::Unavailable, "{url}");
        }
    });
}
