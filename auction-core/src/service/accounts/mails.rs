//! What is mailed about accounts. Nothing that a stranger typed stands in these mails.

use crate::identity::{CODE_LIFETIME, Code, Email};
use crate::ports::{Entropy, Mail};
use std::fmt::Write;

/// The code that proves that an address is somebody's.
pub(super) fn verification(to: &Email, code: &Code, entropy: &dyn Entropy) -> Mail {
    let minutes = CODE_LIFETIME.secs() / 60;
    let paragraphs = [
        format!("Your verification code is {}.", code.reveal()),
        format!("It is valid for {minutes} minutes and can be used once."),
        "If you did not register, you can ignore this mail: without the code nobody can use your address."
            .to_owned(),
    ];
    mail(to, "Your verification code", &paragraphs, entropy)
}

/// Somebody registered an address that has an account.
pub(super) fn already_registered(to: &Email, entropy: &dyn Entropy) -> Mail {
    let paragraphs = [
        "Somebody, probably you, tried to register with this address, which already has an account.".to_owned(),
        "Sign in with your password instead. If that was not you, nothing has changed and there is nothing to do."
            .to_owned(),
    ];
    mail(to, "You already have an account", &paragraphs, entropy)
}

/// The paragraphs are our own and need no escaping.
fn mail(to: &Email, subject: &str, paragraphs: &[String], entropy: &dyn Entropy) -> Mail {
    let mut id = [0; 16];
    entropy.fill(&mut id);
    let id = id.iter().fold(String::with_capacity(32), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    let text = paragraphs.iter().map(|paragraph| format!("{paragraph}\n")).collect::<Vec<_>>().join("\n");
    let html = paragraphs.iter().map(|paragraph| format!("<p>{paragraph}</p>\n")).collect::<String>();
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><title>{subject}</title></head>\n<body>\n{html}</body></html>\n"
    );
    Mail { id, to: to.clone(), subject: subject.to_owned(), text, html: Some(html) }
}
