//! A mail in the form of RFC 5322.

use auction_core::Timestamp;
use auction_core::ports::Mail;
use chrono::{DateTime, Utc};
use std::fmt::Write;

/// How many bytes of text one encoded word carries: each becomes three characters of at most 75 (RFC 2047, 2).
const WORD_BYTES_MAX: usize = 20;

/// The mail, with lines that end in CR LF. Exactly these headers: Date, From, To, Message-ID, Subject and those of
/// MIME.
pub(super) fn write(mail: &Mail, id: &str, sender: &str, at: Timestamp) -> String {
    let domain = sender.split_once('@').map_or("localhost", |(_, domain)| domain);
    let date = DateTime::<Utc>::from(at).to_rfc2822();
    let subject = header_text(&mail.subject);
    let mut message = format!(
        "Date: {date}\r\nFrom: {sender}\r\nTo: {}\r\nMessage-ID: <{id}@{domain}>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n",
        mail.to.typed(),
    );
    match &mail.html {
        None => part(&mut message, "plain", &mail.text),
        Some(html) => {
            let boundary = format!("part-{id}");
            // Writing to a string cannot fail.
            let _ = write!(message, "Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n");
            for (kind, text) in [("plain", mail.text.as_str()), ("html", html.as_str())] {
                let _ = write!(message, "--{boundary}\r\n");
                part(&mut message, kind, text);
            }
            let _ = write!(message, "--{boundary}--\r\n");
        }
    }
    message
}

fn part(message: &mut String, kind: &str, text: &str) {
    // Writing to a string cannot fail.
    let _ = write!(
        message,
        "Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    );
    for line in text.replace('\r', "").lines() {
        message.push_str(line);
        message.push_str("\r\n");
    }
}

/// A text as it may stand in a header: as it is where it is short printable ASCII, else in encoded words.
fn header_text(text: &str) -> String {
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let is_plain = line.len() <= 200 && line.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if is_plain && !line.contains("=?") {
        return line;
    }
    let mut words = vec![String::new()];
    let mut bytes = 0;
    for character in line.chars() {
        if bytes + character.len_utf8() > WORD_BYTES_MAX {
            words.push(String::new());
            bytes = 0;
        }
        bytes += character.len_utf8();
        if let Some(word) = words.last_mut() {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(word, "={byte:02X}");
            }
        }
    }
    words.iter().map(|word| format!("=?UTF-8?Q?{word}?=")).collect::<Vec<_>>().join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use auction_core::Span;
    use auction_core::identity::Email;
    use auction_core::notify::MailClass;

    fn mail(subject: &str, text: &str) -> Mail {
        Mail {
            id: "0a1b".to_owned(),
            to: Email::parse("ann@example.com").unwrap(),
            subject: subject.to_owned(),
            text: text.to_owned(),
            html: Some("<p>text</p>\n".to_owned()),
            class: MailClass::Notice,
            lifetime: Span::from_secs(60),
        }
    }

    #[test]
    fn a_mail_has_exactly_these_headers_and_parts() {
        let message = write(&mail("Hello", "text\n"), "0a1b", "house@example.org", Timestamp::EPOCH);
        let expected = "Date: Thu, 1 Jan 1970 00:00:00 +0000\n\
            From: house@example.org\n\
            To: ann@example.com\n\
            Message-ID: <0a1b@example.org>\n\
            Subject: Hello\n\
            MIME-Version: 1.0\n\
            Content-Type: multipart/alternative; boundary=\"part-0a1b\"\n\
            \n\
            --part-0a1b\n\
            Content-Type: text/plain; charset=utf-8\n\
            Content-Transfer-Encoding: 8bit\n\
            \n\
            text\n\
            --part-0a1b\n\
            Content-Type: text/html; charset=utf-8\n\
            Content-Transfer-Encoding: 8bit\n\
            \n\
            <p>text</p>\n\
            --part-0a1b--\n";
        assert_eq!(message, expected.replace('\n', "\r\n"));
    }

    #[test]
    fn a_subject_cannot_become_a_header() {
        for subject in ["Hi\r\nBcc: eve@example.com", "Hi\nBcc: x", "Hi\rBcc: x", "Ünï\r\nBcc: x"] {
            let message = write(&mail(subject, "text"), "0a1b", "house@example.org", Timestamp::EPOCH);
            let (headers, _) = message.split_once("\r\n\r\n").unwrap();
            assert!(!headers.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{subject:?}");
            assert!(!headers.replace("\r\n", "").contains(['\r', '\n']), "{subject:?}");
        }
    }

    #[test]
    fn other_subjects_are_encoded_in_short_words() {
        assert_eq!(header_text("é"), "=?UTF-8?Q?=C3=A9?=");
        assert_eq!(header_text("=?x"), "=?UTF-8?Q?=3D=3F=78?=");
        let long = header_text(&"é".repeat(60));
        assert!(long.lines().count() == 6 && long.lines().all(|line| line.len() <= 76));
    }

    #[test]
    fn single_line_ends_become_those_of_mail() {
        let message = write(&mail("s", "a\nb\r\nc\rd"), "0a1b", "house@example.org", Timestamp::EPOCH);
        assert!(message.contains("\r\n\r\na\r\nb\r\ncd\r\n"));
        assert!(!message.replace("\r\n", "").contains(['\r', '\n']));
    }
}
