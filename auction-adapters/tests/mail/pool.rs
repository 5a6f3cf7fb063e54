//! Connections that are kept between mails.

use crate::server::{MailServer, PATIENT, SHORT, header, send};
use auction_adapters::smtp::SmtpLimits;
use auction_core::ports::UnsentKind;
use std::time::Duration;

/// Hears of a mail with this id over a connection that was there already.
fn arrives(server: &mut MailServer, id: &str) {
    let received = server.hear("mail");
    assert_eq!(header(&received["mail"], "Message-ID"), format!("<{id}@example.org>"));
}

#[tokio::test]
async fn one_connection_serves_mail_after_mail_also_after_a_refusal() {
    let mut server = MailServer::start();
    let mailer = server.plain(PATIENT);
    send(&mailer, "a").await.unwrap();
    server.hear("connected");
    arrives(&mut server, "a");
    for (step, answer) in
        [("mail", "550 no"), ("rcpt", "450 busy"), ("data", "451 later"), ("content", "552 too large")]
    {
        server.fault(step, answer);
        assert!(send(&mailer, "b").await.is_err());
        send(&mailer, "c").await.unwrap();
        arrives(&mut server, "c");
    }
}

#[tokio::test]
async fn a_connection_that_was_dropped_between_mails_neither_loses_nor_repeats_one() {
    let mut server = MailServer::start();
    let mailer = server.plain(PATIENT);
    send(&mailer, "a").await.unwrap();
    server.hear("connected");
    arrives(&mut server, "a");
    server.drop_connections();
    send(&mailer, "b").await.unwrap();
    server.hear("connected");
    arrives(&mut server, "b");
    for step in ["mail", "rcpt", "data"] {
        for action in ["421 4.4.2 you were away for too long", "abort"] {
            server.fault(step, action);
            send(&mailer, "c").await.unwrap();
            server.hear("connected");
            arrives(&mut server, "c");
        }
    }
}

#[tokio::test]
async fn a_kept_connection_that_fell_silent_is_replaced() {
    let mut server = MailServer::start();
    let mailer = server.plain(SmtpLimits { command_wait_max: Duration::from_secs(2), ..PATIENT });
    send(&mailer, "a").await.unwrap();
    server.hear("connected");
    arrives(&mut server, "a");
    server.fault("mail", "silence");
    send(&mailer, "b").await.unwrap();
    server.hear("connected");
    arrives(&mut server, "b");
}

#[tokio::test]
async fn a_kept_connection_that_breaks_after_the_mail_sends_no_second_one() {
    let mut server = MailServer::start();
    let mailer = server.plain(PATIENT);
    send(&mailer, "a").await.unwrap();
    server.hear("connected");
    arrives(&mut server, "a");
    server.fault("content", "lost");
    assert_eq!(send(&mailer, "b").await, Err(UnsentKind::Unknown));
    arrives(&mut server, "b");
    // Nothing came in between.
    server.drop_connections();
}

#[tokio::test]
async fn a_connection_is_not_kept_for_longer_than_agreed() {
    let mut server = MailServer::start();
    let mailer = server.plain(SmtpLimits { idle_max: Duration::ZERO, ..PATIENT });
    for id in ["a", "b"] {
        send(&mailer, id).await.unwrap();
        server.hear("connected");
        arrives(&mut server, id);
    }
}

#[tokio::test]
async fn there_are_never_more_connections_than_agreed() {
    let mut server = MailServer::start();
    let mailer = server.plain(SmtpLimits { connections_max: 1, ..PATIENT });
    let ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let outcomes = futures_util::future::join_all(ids.map(|id| send(&mailer, id))).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    server.hear("connected");
    for id in ids {
        arrives(&mut server, id);
    }
}

#[tokio::test]
async fn a_mail_waits_for_its_turn_no_longer_than_agreed() {
    let mut server = MailServer::start();
    let limits = SmtpLimits { connections_max: 1, turn_wait_max: SHORT, ..PATIENT };
    let mailer = server.plain(limits);
    server.fault("mail", "silence");
    let second = async {
        let outcome = send(&mailer, "b").await;
        server.hear("connected");
        server.drop_connections();
        outcome
    };
    let outcomes = tokio::join!(send(&mailer, "a"), second);
    assert_eq!(outcomes, (Err(UnsentKind::Later), Err(UnsentKind::Later)));
}
