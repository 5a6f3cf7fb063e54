//! Connections that must be encrypted are, or nothing is said over them.

use crate::server::{MailServer, mailer, send};
use auction_adapters::smtp::{SmtpOptions, SmtpSecurity};
use auction_core::ports::UnsentKind;

#[tokio::test]
async fn a_server_whose_certificate_nobody_vouches_for_gets_no_mail() {
    let mut server = MailServer::start();
    for security in [SmtpSecurity::StartTls, SmtpSecurity::Tls] {
        let options = SmtpOptions { authorities: None, ..server.options(security) };
        assert_eq!(send(&mailer(options), "a").await, Err(UnsentKind::Down), "{security:?}");
        if security == SmtpSecurity::StartTls {
            server.hear("connected");
        }
    }
    server.drop_connections();
}

#[tokio::test]
async fn a_server_of_another_name_gets_no_mail() {
    let mut server = MailServer::start();
    for security in [SmtpSecurity::StartTls, SmtpSecurity::Tls] {
        let options = SmtpOptions { host: "127.0.0.1".to_owned(), ..server.options(security) };
        assert_eq!(send(&mailer(options), "a").await, Err(UnsentKind::Down), "{security:?}");
        if security == SmtpSecurity::StartTls {
            server.hear("connected");
        }
    }
    server.drop_connections();
}

#[tokio::test]
async fn a_server_that_does_not_encrypt_gets_no_mail_in_the_clear() {
    let mut server = MailServer::start();
    let starttls = SmtpOptions { port: server.port("plain"), ..server.options(SmtpSecurity::StartTls) };
    assert_eq!(send(&mailer(starttls), "a").await, Err(UnsentKind::Down));
    server.hear("connected");
    let tls = SmtpOptions { port: server.port("plain"), ..server.options(SmtpSecurity::Tls) };
    assert_eq!(send(&mailer(tls), "a").await, Err(UnsentKind::Down));
    server.hear("connected");
    server.drop_connections();
}

#[tokio::test]
async fn answers_that_were_slipped_in_before_the_encryption_never_make_a_mail_count_as_sent() {
    let mut server = MailServer::start();
    server.fault("tls", "inject");
    // From here on each answer is taken for that to the next command, up to the one that begins the mail.
    let outcome = send(&mailer(server.options(SmtpSecurity::StartTls)), "a").await;
    assert_eq!(outcome, Err(UnsentKind::Later));
    server.hear("connected");
    server.drop_connections();
}
