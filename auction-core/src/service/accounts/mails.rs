//! What is mailed about accounts. Nothing that a stranger typed stands in these mails.

use crate::identity::{CODE_LIFETIME, Code, Email, MAILED_CODE_LIFETIME, RESET_LIFETIME, Token};
use crate::notify::{LaidOut, Letter, Link, MailClass};
use crate::ports::{Entropy, Mail};
use crate::time::Span;
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
    Mail {
        class: MailClass::Secret,
        lifetime: CODE_LIFETIME,
        ..mail(to, "Your verification code", &paragraphs, entropy)
    }
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

/// The link with which a forgotten password can be set anew.
pub(super) fn password_reset(to: &Email, site: &str, token: &Token, entropy: &dyn Entropy) -> Mail {
    let minutes = RESET_LIFETIME.secs() / 60;
    let link = Link {
        label: "Set a new password".to_owned(),
        url: format!("{}/reset-password?token={}", site.trim_end_matches('/'), token.reveal()),
    };
    let letter = Letter {
        subject: "Set a new password".to_owned(),
        paragraphs: vec!["Somebody, probably you, asked for a new password for your account.".to_owned()],
        link: Some(link),
        below: vec![
            format!("The link works for {minutes} minutes and once."),
            "If that was not you, you can ignore this mail: nothing has changed.".to_owned(),
        ],
        footer: FOOTER.to_owned(),
    };
    Mail { class: MailClass::Secret, lifetime: RESET_LIFETIME, ..lay_out(to, letter, entropy) }
}

/// The password is another now.
pub(super) fn password_changed(to: &Email, entropy: &dyn Entropy) -> Mail {
    let paragraphs = [
        "The password of your account was changed, and you were signed out everywhere else.".to_owned(),
        NOT_YOU.to_owned(),
    ];
    mail(to, "Your password was changed", &paragraphs, entropy)
}

/// The second factor is gone.
pub(super) fn factor_removed(to: &Email, entropy: &dyn Entropy) -> Mail {
    let paragraphs =
        ["Two-factor authentication was switched off for your account.".to_owned(), NOT_YOU.to_owned()];
    mail(to, "Two-factor authentication is off", &paragraphs, entropy)
}

/// The code with which somebody signs in.
pub(super) fn sign_in(to: &Email, code: &Code, entropy: &dyn Entropy) -> Mail {
    let minutes = MAILED_CODE_LIFETIME.secs() / 60;
    let paragraphs = [
        format!("The code with which you can sign in is {}.", code.reveal()),
        format!("It is valid for {minutes} minutes and can be used once."),
        "If you did not ask for it, you can ignore this mail. Never tell the code to anybody.".to_owned(),
    ];
    Mail {
        class: MailClass::Secret,
        lifetime: MAILED_CODE_LIFETIME,
        ..mail(to, "Your sign-in code", &paragraphs, entropy)
    }
}

/// The code that proves that a wanted address is somebody's.
pub(super) fn email_change(to: &Email, code: &Code, entropy: &dyn Entropy) -> Mail {
    let minutes = MAILED_CODE_LIFETIME.secs() / 60;
    let paragraphs = [
        format!("The code with which this address becomes that of your account is {}.", code.reveal()),
        format!("It is valid for {minutes} minutes and can be used once."),
        "If you did not ask for it, you can ignore this mail: without the code nobody can use your address."
            .to_owned(),
    ];
    Mail {
        class: MailClass::Secret,
        lifetime: MAILED_CODE_LIFETIME,
        ..mail(to, "Confirm your new address", &paragraphs, entropy)
    }
}

/// Somebody wants another address. The address itself is not told: who reads this mail may not be its owner.
pub(super) fn email_change_wanted(to: &Email, entropy: &dyn Entropy) -> Mail {
    let paragraphs = [
        "Somebody, probably you, wants your account to have another address. It changes once the new address is \
         confirmed."
            .to_owned(),
        NOT_YOU.to_owned(),
    ];
    mail(to, "Your address is about to change", &paragraphs, entropy)
}

/// The address is another now.
pub(super) fn email_changed(to: &Email, entropy: &dyn Entropy) -> Mail {
    let paragraphs = [
        "Your account has another address now, and this one belongs to it no longer.".to_owned(),
        NOT_YOU.to_owned(),
    ];
    mail(to, "Your address was changed", &paragraphs, entropy)
}

/// For how long it is of use to learn of what was changed.
const NEWS_LIFETIME: Span = Span::from_secs(7 * 24 * 60 * 60);

/// What somebody should do whose account is changed by somebody else.
const NOT_YOU: &str = "If that was not you, set a new password at once and write to us.";

/// Why somebody gets these mails.
const FOOTER: &str =
    "You get this mail since your address was entered on our site, or belongs to an account there.";

fn mail(to: &Email, subject: &str, paragraphs: &[String], entropy: &dyn Entropy) -> Mail {
    let letter = Letter {
        subject: subject.to_owned(),
        paragraphs: paragraphs.to_vec(),
        link: None,
        below: Vec::new(),
        footer: FOOTER.to_owned(),
    };
    lay_out(to, letter, entropy)
}

fn lay_out(to: &Email, letter: Letter, entropy: &dyn Entropy) -> Mail {
    let mut id = [0; 16];
    entropy.fill(&mut id);
    let id = id.iter().fold(String::with_capacity(32), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    let LaidOut { subject, text, html } = letter.lay_out();
    Mail {
        id,
        to: to.clone(),
        subject,
        text,
        html: Some(html),
        class: MailClass::Notice,
        lifetime: NEWS_LIFETIME,
    }
}
