//! Servers that refuse, break off or keep silent, and what that says about a mail.

use crate::server::{MailServer, PATIENT, SHORT, mail, mailer, send};
use auction_adapters::smtp::{SmtpLimits, SmtpSecurity};
use auction_core::ports::Mailer;
use auction_core::ports::UnsentKind::{self, Down, Later, Never, Unknown};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What follows from this action at this step, over a connection that was opened for the mail.
async fn outcome(server: &mut MailServer, step: &str, action: &str, limits: SmtpLimits) -> UnsentKind {
    server.fault(step, action);
    let mailer = server.plain(limits);
    let kind = send(&mailer, "a").await.unwrap_err();
    server.hear("connected");
    kind
}

#[tokio::test]
async fn each_answer_says_what_can_be_done_about_the_mail() {
    let mut server = MailServer::start();
    let answers = [
        ("greeting", "421 4.3.2 closing", Down),
        ("greeting", "554 5.7.1 not for you", Down),
        ("greeting", "nonsense", Down),
        ("mail", "421 4.3.2 closing", Down),
        ("mail", "450 4.2.0 later", Later),
        ("mail", "451 4.3.0 later", Later),
        ("mail", "452 4.3.1 full", Later),
        ("mail", "530 5.7.0 sign in first", Down),
        ("mail", "550 5.7.1 no such sender", Never),
        ("rcpt", "421 4.3.2 closing", Down),
        ("rcpt", "450 4.2.1 busy", Later),
        ("rcpt", "451 4.7.1 greylisted", Later),
        ("rcpt", "452 4.2.2 full", Later),
        ("rcpt", "550 5.1.1 unknown", Never),
        ("rcpt", "554 5.7.1 no", Never),
        ("rcpt", "nonsense", Later),
        ("data", "421 4.3.2 closing", Down),
        ("data", "451 4.3.0 later", Later),
        ("data", "554 5.5.1 no", Never),
        ("data", "250 2.0.0 no invitation", Later),
        ("content", "421 4.3.2 closing", Down),
        ("content", "450 4.2.0 later", Later),
        ("content", "451 4.3.0 later", Later),
        ("content", "452 4.3.1 full", Later),
        ("content", "550 5.7.1 spam", Never),
        ("content", "554 5.6.0 no", Never),
        ("content", "nonsense", Unknown),
        ("content", "354 go on", Unknown),
    ];
    for (step, answer, kind) in answers {
        assert_eq!(outcome(&mut server, step, answer, PATIENT).await, kind, "{answer} at {step}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_says_that_only_what_was_handed_over_may_have_been_sent() {
    let mut server = MailServer::start();
    for (step, kind) in
        [("greeting", Down), ("mail", Later), ("rcpt", Later), ("data", Later), ("content", Unknown)]
    {
        assert_eq!(outcome(&mut server, step, "abort", PATIENT).await, kind, "{step}");
    }
}

#[tokio::test]
async fn a_mail_that_was_taken_without_an_answer_may_have_been_sent() {
    let mut server = MailServer::start();
    let limits = SmtpLimits { delivery_wait_max: SHORT, ..PATIENT };
    for (action, limits) in [("lost", PATIENT), ("late", limits)] {
        assert_eq!(outcome(&mut server, "content", action, limits).await, Unknown, "{action}");
        assert_eq!(server.hear("mail")["recipients"], json!(["ann@example.com"]), "{action}");
    }
    server.drop_connections();
}

#[tokio::test]
async fn a_server_that_keeps_silent_is_left_in_time() {
    let mut server = MailServer::start();
    let connect = SmtpLimits { connect_wait_max: SHORT, ..PATIENT };
    let command = SmtpLimits { command_wait_max: SHORT, ..PATIENT };
    let delivery = SmtpLimits { delivery_wait_max: SHORT, ..PATIENT };
    let silences = [
        ("greeting", connect, Down),
        ("mail", command, Later),
        ("rcpt", command, Later),
        ("data", command, Later),
        ("content", delivery, Unknown),
    ];
    for (step, limits, kind) in silences {
        assert_eq!(outcome(&mut server, step, "silence", limits).await, kind, "{step}");
    }
    server.drop_connections();
}

#[tokio::test]
async fn a_server_that_stops_reading_in_the_middle_of_a_mail_has_not_taken_it() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut options = MailServer::start().options(SmtpSecurity::Plain);
    options.host = "127.0.0.1".to_owned();
    options.port = listener.local_addr().unwrap().port();
    options.limits.delivery_wait_max = SHORT;
    let answers = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        for answer in ["220 a", "250 b", "250 c", "250 d"] {
            stream.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
            assert!(stream.read(&mut [0; 1_024]).await.unwrap() > 0);
        }
        stream.write_all(b"354 e\r\n").await.unwrap();
        stream
    });
    let mut letter = mail("a");
    letter.text = "A line of a mail that no buffer holds.\n".repeat(1 << 20);
    let unsent = mailer(options).send(&letter).await.unwrap_err();
    assert_eq!(unsent.kind, Later);
    drop(answers.await.unwrap());
}

#[tokio::test]
async fn without_a_server_nothing_is_sent() {
    let mut server = MailServer::start();
    let closed = server.plain(PATIENT);
    server.order(&json!({"order": "close"}));
    assert_eq!(send(&closed, "a").await, Err(Down));
    let mut options = server.options(SmtpSecurity::Plain);
    options.host = "no-such-host.invalid".to_owned();
    assert_eq!(send(&mailer(options), "a").await, Err(Down));
}
