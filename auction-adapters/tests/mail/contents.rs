//! Whatever stands in a subject or a text, a mail has exactly its headers and one recipient.

use crate::server::{MailServer, PATIENT, clock, mail};
use auction_adapters::maildir::Maildir;
use auction_adapters::smtp::Smtp;
use auction_core::identity::Email;
use auction_core::ports::{Mail, Mailer};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use std::path::PathBuf;

/// How many mails are tried.
const MAILS: u32 = 300;

/// A server that takes mails, and a folder; both are read by the same parser.
struct Readers {
    server: MailServer,
    smtp: Smtp,
    maildir: Maildir,
    runtime: tokio::runtime::Runtime,
}

impl Readers {
    fn start() -> Self {
        let mut server = MailServer::start();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let smtp = server.plain(PATIENT);
        runtime.block_on(smtp.send(&mail("first"))).unwrap();
        server.hear("connected");
        server.hear("mail");
        let maildir = Maildir::open(server.folder().join("mail"), "house@example.org", clock()).unwrap();
        Self { server, smtp, maildir, runtime }
    }

    /// What a recipient of the mail sees, over SMTP and in a file.
    fn read(&mut self, mail: &Mail) -> [Value; 2] {
        self.runtime.block_on(self.smtp.send(mail)).unwrap();
        let mut received = self.server.hear("mail");
        assert_eq!(received["recipients"], json!([mail.to.typed()]));
        assert_eq!(received["sender"], "house@example.org");
        self.runtime.block_on(self.maildir.send(mail)).unwrap();
        let folder = self.server.folder().join("mail");
        let files: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        let [file] = files.as_slice() else { panic!("{files:?}") };
        let written = self.server.parse(file);
        std::fs::remove_file(file).unwrap();
        [received["mail"].take(), written]
    }
}

/// Texts of those who want to be a header, a recipient or the end of a mail, among others.
fn hostile(length: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r\n".to_owned()),
        Just("\n".to_owned()),
        Just("\r".to_owned()),
        Just("\r\n\r\n".to_owned()),
        Just("\r\n.\r\n".to_owned()),
        Just("Bcc: eve@example.com".to_owned()),
        Just("To: eve@example.com, mallory@example.com".to_owned()),
        Just("\" <eve@example.com>, \"".to_owned()),
        Just("=?UTF-8?Q?=0D=0ABcc:_eve@example.com?=".to_owned()),
        Just("--part-0a1b\r\n".to_owned()),
        Just("--part-0a1b--".to_owned()),
        Just("\u{2028}\u{85}\0\u{b}\u{c}".to_owned()),
        Just(" \t ".to_owned()),
        Just("x".repeat(1_200)),
        "[a-zA-Z0-9 ,;:'\"=?_()<>@.]{1,20}",
        "\\PC{1,12}",
    ];
    prop::collection::vec(piece, 0..length).prop_map(|pieces| pieces.concat())
}

/// Words as a recipient sees them: how much space is between them may change on the way.
fn words(text: &str) -> Vec<String> {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.split_ascii_whitespace().map(str::to_owned).collect()
}

fn check(mail: &Mail, seen: &Value) -> Result<(), TestCaseError> {
    let headers = seen["headers"].as_array().unwrap();
    let names: Vec<&str> = headers.iter().map(|header| header[0].as_str().unwrap()).collect();
    let mut expected =
        vec!["Date", "From", "To", "Message-ID", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type"];
    if mail.html.is_none() {
        expected.push("Content-Transfer-Encoding");
    }
    prop_assert_eq!(names, expected);
    prop_assert_eq!(&seen["recipients"], &json!([mail.to.typed()]));
    prop_assert_eq!(&seen["defects"], &json!([]));
    prop_assert_eq!(&seen["is_clean"], &json!(true));
    let subject = headers[4][1].as_str().unwrap();
    prop_assert_eq!(words(subject), words(&mail.subject));
    let texts: Vec<(&str, &str)> = match &mail.html {
        None => vec![("text/plain", &mail.text)],
        Some(html) => vec![("text/plain", &mail.text), ("text/html", html)],
    };
    let parts = seen["parts"].as_array().unwrap();
    prop_assert_eq!(parts.len(), texts.len());
    for (part, (kind, text)) in parts.iter().zip(texts) {
        prop_assert_eq!(part[0].as_str().unwrap(), kind);
        let shown = part[1].as_str().unwrap().trim_end_matches('\n');
        let text = text.replace('\r', "");
        prop_assert_eq!(shown, text.trim_end_matches('\n'));
    }
    Ok(())
}

#[test]
fn no_subject_and_no_text_adds_a_header_or_a_recipient() {
    let mut readers = Readers::start();
    let config = Config { cases: MAILS, failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let address = prop_oneof![
        Just("ann@example.com"),
        Just("O'Hara+tag@mail.example.org"),
        Just("!#$%&'*+/=?^_{|}~-@xn--bcher-kva.example"),
    ];
    let mails = (hostile(8), hostile(8), prop::option::of(hostile(8)), address);
    let readers = std::cell::RefCell::new(&mut readers);
    let outcome = runner.run(&mails, |(subject, text, html, address)| {
        let mail = Mail { subject, text, html, to: Email::parse(address).unwrap(), ..mail("0a1b") };
        let [received, written] = readers.borrow_mut().read(&mail);
        check(&mail, &received)?;
        check(&mail, &written)?;
        prop_assert!(received["longest"].as_u64().unwrap() <= 998, "a line is too long to travel");
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn an_address_that_would_be_two_or_a_header_is_none() {
    for text in [
        "ann@example.com\r\nBcc: eve@example.com",
        "ann@example.com, eve@example.com",
        "\"ann\r\nBcc: x\"@example.com",
        "\"ann, eve\"@example.com",
        "Ann <ann@example.com>",
        "ann@example.com>\r\nRCPT TO:<eve@example.com",
    ] {
        assert!(Email::parse(text).is_err(), "{text:?}");
    }
}
