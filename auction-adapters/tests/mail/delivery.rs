//! Mails that arrive.

use crate::server::{MailServer, clock, header, mail, mailer, send};
use auction_adapters::smtp::{Smtp, SmtpLogin, SmtpOptions, SmtpSecurity};
use auction_core::ports::{Mailer, UnsentKind};
use serde_json::{Value, json};

#[tokio::test]
async fn a_mail_arrives_over_each_kind_of_connection_with_exactly_these_headers() {
    let mut server = MailServer::start();
    for security in [SmtpSecurity::Plain, SmtpSecurity::StartTls, SmtpSecurity::Tls] {
        let mut letter = mail("0a1b");
        letter.html = Some("<p>The code is 012345.</p>\n".to_owned());
        mailer(server.options(security)).send(&letter).await.unwrap();
        server.hear("connected");
        let user = if security == SmtpSecurity::Plain { Value::Null } else { json!("house") };
        // The last line end of a part belongs to the line that ends the part.
        let expected = json!({
            "event": "mail",
            "sender": "house@example.org",
            "recipients": ["ann@example.com"],
            "user": user,
            "hello": "example.org",
            "mail": {
                "headers": [
                    ["Date", "Fri, 02 Jan 1970 00:00:00 +0000"],
                    ["From", "house@example.org"],
                    ["To", "ann@example.com"],
                    ["Message-ID", "<0a1b@example.org>"],
                    ["Subject", "Hello"],
                    ["Auto-Submitted", "auto-generated"],
                    ["MIME-Version", "1.0"],
                    ["Content-Type", "multipart/alternative; boundary=\"part-0a1b\""],
                ],
                "recipients": ["ann@example.com"],
                "parts": [
                    ["text/plain", "The code is 012345."],
                    ["text/html", "<p>The code is 012345.</p>"],
                ],
                "defects": [],
                "longest": 57,
                "is_clean": true,
            },
        });
        assert_eq!(server.hear("mail"), expected, "{security:?}");
    }
}

#[tokio::test]
async fn a_probe_signs_in_and_sends_nothing() {
    let mut server = MailServer::start();
    let options = server.options(SmtpSecurity::StartTls);
    mailer(options.clone()).probe().await.unwrap();
    server.hear("connected");
    let login = Some(SmtpLogin::new("house", "hunter3"));
    let failure = mailer(SmtpOptions { login, ..options }).probe().await.unwrap_err();
    server.hear("connected");
    let source = failure.source.unwrap().to_string();
    assert_eq!(source, "signing in: the server answered 535 (5.7.8)");
}

#[tokio::test]
async fn nobody_is_let_in_with_a_wrong_password() {
    let mut server = MailServer::start();
    for security in [SmtpSecurity::StartTls, SmtpSecurity::Tls] {
        for login in [Some(SmtpLogin::new("house", "hunter3")), None] {
            let options = SmtpOptions { login, ..server.options(security) };
            assert_eq!(send(&mailer(options), "a").await, Err(UnsentKind::Down));
            server.hear("connected");
        }
    }
    server.drop_connections();
}

#[tokio::test]
async fn passwords_are_not_shown() {
    let server = MailServer::start();
    let options = server.options(SmtpSecurity::StartTls);
    let mailer = mailer(options.clone());
    let shown = format!("{options:?} {mailer:?} {:?}", options.login);
    assert!(shown.contains("localhost") && !shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn what_a_server_says_besides_its_code_is_not_passed_on() {
    let mut server = MailServer::start();
    server.fault("content", "554 5.7.1 no mails with the code 012345");
    let unsent = server.plain(crate::server::PATIENT).send(&mail("a")).await.unwrap_err();
    let source = unsent.failure.source.as_deref().unwrap();
    assert_eq!(source.to_string(), "waiting for the answer after the mail: the server answered 554 (5.7.1)");
    assert!(!format!("{unsent:?}").contains("012345"));
}

#[test]
fn senders_and_authorities_that_make_no_sense_are_refused() {
    let server = MailServer::start();
    let options = server.options(SmtpSecurity::StartTls);
    let refused = |options| Smtp::new(options, clock()).is_err();
    for sender in ["", "house", "a@b.co\r\nBcc: c@d.co", "House <a@b.co>"] {
        assert!(refused(SmtpOptions { sender: sender.to_owned(), ..options.clone() }), "{sender:?}");
    }
    for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let authorities = Some(text.as_bytes().to_vec());
        assert!(refused(SmtpOptions { authorities, ..options.clone() }), "{text:?}");
    }
}

#[tokio::test]
async fn a_text_that_looks_like_the_end_of_a_mail_is_none() {
    let mut server = MailServer::start();
    let mut letter = mail("a");
    letter.text = "one\n.\nMAIL FROM:<eve@example.com>\n.two\n..\r\n.\r\nQUIT\n\n.\n".to_owned();
    server.plain(crate::server::PATIENT).send(&letter).await.unwrap();
    server.hear("connected");
    let received = server.hear("mail");
    let text = received["mail"]["parts"][0][1].as_str().unwrap();
    assert_eq!(text, letter.text.replace("\r\n", "\n"));
    assert_eq!(header(&received["mail"], "Subject"), "Hello");
}
