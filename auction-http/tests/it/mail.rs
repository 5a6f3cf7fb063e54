//! The built binary and a mail server.

#[allow(
    dead_code,
    clippy::unwrap_used,
    reason = "it is written for the tests of the adapters, which need more of it"
)]
#[path = "../../../auction-adapters/tests/mail/server.rs"]
pub(crate) mod server;

use crate::assembly::process::{Running, run};
use auction_adapters::smtp::SmtpSecurity;
use serde_json::json;
use server::MailServer;

/// The settings that lead to this mail server.
pub(crate) fn settings(server: &MailServer, password: &str) -> [(&'static str, String); 5] {
    let options = server.options(SmtpSecurity::StartTls);
    [
        ("EMAIL_HOST", options.host),
        ("EMAIL_PORT", options.port.to_string()),
        ("EMAIL_HOST_USER", "house".to_owned()),
        ("EMAIL_HOST_PASSWORD", password.to_owned()),
        ("EMAIL_CA_FILE", server.folder().join("certificate.pem").display().to_string()),
    ]
}

/// The same, as a process takes them.
pub(crate) fn borrowed<'a>(settings: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    settings.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[test]
fn the_doctor_signs_in_to_the_mail_server_and_sends_nothing() {
    let mut server = MailServer::start();
    let port = server.port("starttls");
    let folder = tempfile::tempdir().expect("a folder");
    let (code, stdout, _) = run(folder.path(), &["doctor"], &borrowed(&settings(&server, "hunter2")));
    assert_eq!(code, Some(0), "{stdout}");
    let line = format!("ok    mail: localhost:{port} answers, encrypted (STARTTLS), and lets us sign in\n");
    assert!(stdout.contains(&line), "{stdout}");
    server.hear("connected");

    let (code, stdout, _) = run(folder.path(), &["doctor"], &borrowed(&settings(&server, "hunter3")));
    assert_eq!(code, Some(1), "{stdout}");
    let line =
        format!("FAIL  mail: localhost:{port}: reach the mail server failed (unavailable): signing in: ");
    assert!(stdout.contains(&line) && !stdout.contains("hunter"), "{stdout}");
    server.hear("connected");

    let trusting = settings(&server, "hunter2");
    let (code, stdout, _) = run(folder.path(), &["doctor"], &borrowed(&trusting[..4]));
    assert_eq!(code, Some(1), "{stdout}");
    assert!(stdout.contains(": encrypting: ") && stdout.contains("certificate"), "{stdout}");
    server.hear("connected");
    server.drop_connections();
}

#[test]
fn a_code_reaches_its_owner_over_the_mail_server() {
    let mut server = MailServer::start();
    let settings = settings(&server, "hunter2");
    let running = Running::start(&[], &borrowed(&settings));
    let body = json!({
        "email": "ann@example.com", "password": "correct horse battery", "first_name": "Ann", "last_name": "Lee",
    })
    .to_string();
    let answer = running.ask(&format!(
        "POST /api/register/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    ));
    assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
    server.hear("connected");
    let received = server.hear("mail");
    assert_eq!(received["recipients"], json!(["ann@example.com"]));
    assert_eq!((&received["user"], &received["sender"]), (&json!("house"), &json!("auctions@example.com")));
    let text = received["mail"]["parts"][0][1].as_str().expect("a text");
    let is_code = |word: &str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    assert!(text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_code), "{text}");
    assert!(!running.folder.path().join("data/mail").exists(), "nothing is written to files");
}

#[test]
fn a_file_of_authorities_that_cannot_be_read_keeps_the_server_from_starting() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = [("EMAIL_HOST", "localhost"), ("EMAIL_CA_FILE", "nowhere.pem")];
    let (code, _, stderr) = run(folder.path(), &["--listen", "127.0.0.1:0"], &settings);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("EMAIL_CA_FILE"), "{stderr}");
}
