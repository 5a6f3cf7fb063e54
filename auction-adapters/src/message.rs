//! A mail in the form of RFC 5322.

use auction_core::Timestamp;
use auction_core::ports::Mail;
use chrono::{DateTime, Utc};
use std::fmt::Write;

/// How many bytes of text one encoded word carries: each becomes three characters of at most 75 (RFC 2047, 2).
const WORD_BYTES_MAX: usize = 20;

/// The longest id that is taken, in characters.
const ID_CHARS_MAX: usize = 64;

/// The longest line that may travel, in bytes without its end (RFC 5322, 2.1.1).
#[cfg(feature = "smtp")]
const LINE_BYTES_MAX: usize = 998;

/// How the texts of a mail are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transfer {
    /// As they are, for somebody who opens the file.
    #[cfg(feature = "maildir")]
    Readable,
    /// So that every mail server passes them on: in ASCII, and in lines that are not too long.
    #[cfg(feature = "smtp")]
    Travelling,
}

/// The id of a mail as it stands in its `Message-ID`: nothing but letters and digits.
pub(crate) fn id(mail: &Mail) -> String {
    mail.id.chars().filter(char::is_ascii_alphanumeric).take(ID_CHARS_MAX).collect()
}

/// The mail, with lines that end in CR LF. Exactly these headers: Date, From, To, Message-ID, Subject, Auto-Submitted
/// and those of MIME.
pub(crate) fn write(mail: &Mail, sender: &str, at: Timestamp, transfer: Transfer) -> String {
    let id = id(mail);
    let domain = sender.split_once('@').map_or("localhost", |(_, domain)| domain);
    let date = DateTime::<Utc>::from(at).to_rfc2822();
    let subject = header_text(&mail.subject);
    let mut message = format!(
        "Date: {date}\r\nFrom: {sender}\r\nTo: {}\r\nMessage-ID: <{id}@{domain}>\r\nSubject: {subject}\r\n\
         Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n",
        mail.to.typed(),
    );
    match &mail.html {
        None => part(&mut message, "plain", &mail.text, transfer),
        Some(html) => {
            let boundary = boundary(&id, [&mail.text, html]);
            // Writing to a string cannot fail.
            let _ = write!(message, "Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n");
            for (kind, text) in [("plain", mail.text.as_str()), ("html", html.as_str())] {
                let _ = write!(message, "--{boundary}\r\n");
                part(&mut message, kind, text, transfer);
            }
            let _ = write!(message, "--{boundary}--\r\n");
        }
    }
    message
}

/// What separates the parts: something that stands in neither of them.
fn boundary(id: &str, texts: [&str; 2]) -> String {
    let mut boundary = format!("part-{id}");
    while texts.iter().any(|text| text.contains(&boundary)) {
        boundary.push('-');
    }
    boundary
}

fn part(message: &mut String, kind: &str, text: &str, transfer: Transfer) {
    let mut body = String::with_capacity(text.len() + 2);
    for line in text.replace('\r', "").lines() {
        body.push_str(line);
        body.push_str("\r\n");
    }
    let encoding = match transfer {
        #[cfg(feature = "maildir")]
        Transfer::Readable => "8bit",
        #[cfg(feature = "smtp")]
        Transfer::Travelling if body.split("\r\n").all(travels) => "7bit",
        #[cfg(feature = "smtp")]
        Transfer::Travelling => {
            body = quoted_printable::encode_to_str(&body);
            "quoted-printable"
        }
    };
    // Writing to a string cannot fail.
    let _ = write!(
        message,
        "Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}"
    );
}

/// Whether a line passes every mail server as it is.
#[cfg(feature = "smtp")]
fn travels(line: &str) -> bool {
    line.len() <= LINE_BYTES_MAX && line.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte))
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
#[cfg(feature = "maildir")]
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
        let message =
            write(&mail("Hello", "text\n"), "house@example.org", Timestamp::EPOCH, Transfer::Readable);
        let expected = "Date: Thu, 1 Jan 1970 00:00:00 +0000\n\
            From: house@example.org\n\
            To: ann@example.com\n\
            Message-ID: <0a1b@example.org>\n\
            Subject: Hello\n\
            Auto-Submitted: auto-generated\n\
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
            let message =
                write(&mail(subject, "text"), "house@example.org", Timestamp::EPOCH, Transfer::Readable);
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
        let message =
            write(&mail("s", "a\nb\r\nc\rd"), "house@example.org", Timestamp::EPOCH, Transfer::Readable);
        assert!(message.contains("\r\n\r\na\r\nb\r\ncd\r\n"));
        assert!(!message.replace("\r\n", "").contains(['\r', '\n']));
    }
}
