//! An address to which mail can be sent.

use std::fmt;

/// The longest address, in bytes (RFC 5321, 4.5.3.1.3, without the angle brackets).
pub const EMAIL_BYTES_MAX: usize = 254;

/// The longest part before the `@`, in bytes (RFC 5321, 4.5.3.1.1).
pub const EMAIL_LOCAL_BYTES_MAX: usize = 64;

/// The longest part of a domain between two dots, in bytes (RFC 1035).
const LABEL_BYTES_MAX: usize = 63;

/// An address to which mail can be sent, as it was typed and in the form in which addresses are compared.
///
/// Only plain addresses are taken: letters, digits and `!#$%&'*+/=?^_{|}~.-` and the backtick before the `@`, a
/// domain with a dot after it. Quoted parts, comments, spaces, control characters and characters outside of ASCII
/// are refused, so that an address can never bring a second header or a second recipient into a mail, and no two
/// Unicode forms can be one address. (A domain outside of ASCII is written in its `xn--` form.)
///
/// Two addresses are one if they differ by case only.
///
/// ```
/// use auction_core::identity::Email;
/// # fn main() -> Result<(), auction_core::identity::InvalidEmail> {
/// let email = Email::parse(" Ann.O'Hara@Example.com ")?;
/// assert_eq!(email.typed(), "Ann.O'Hara@Example.com");
/// assert_eq!(email.key(), "ann.o'hara@example.com");
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email {
    typed: String,
    key: String,
}

/// Not an address that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Enter a valid email address.")]
#[non_exhaustive]
pub struct InvalidEmail;

impl Email {
    /// Reads an address; white space around it is dropped.
    ///
    /// # Errors
    /// [`InvalidEmail`].
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let typed = text.trim();
        if typed.len() > EMAIL_BYTES_MAX {
            return Err(InvalidEmail);
        }
        let (local, domain) = typed.split_once('@').ok_or(InvalidEmail)?;
        if !is_local(local) || !is_domain(domain) {
            return Err(InvalidEmail);
        }
        Ok(Self { typed: typed.to_owned(), key: typed.to_ascii_lowercase() })
    }

    /// As it was typed: mail goes there.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The form in which addresses are compared.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The part before the `@`, in the form in which addresses are compared.
    pub fn local(&self) -> &str {
        self.key.split_once('@').map_or("", |(local, _)| local)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Email({})", self.typed)
    }
}

fn is_local(local: &str) -> bool {
    let is_atom = |atom: &str| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte);
        !atom.is_empty() && atom.bytes().all(is_allowed)
    };
    local.len() <= EMAIL_LOCAL_BYTES_MAX && local.split('.').all(is_atom)
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_BYTES_MAX).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_number = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    domain.contains('.')
        && domain.split('.').all(is_label)
        && !domain.rsplit('.').next().is_some_and(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_are_taken() {
        for text in ["a@b.co", "user+tag@example.com", "O'Hara@mail.example.org", "x_y-z@a-b.example"] {
            assert_eq!(Email::parse(text).unwrap().typed(), text);
        }
    }

    #[test]
    fn an_address_cannot_carry_a_header_or_a_second_recipient() {
        for text in [
            "a@b.co\r\nBcc: c@d.co",
            "a\r\n@b.co",
            "a@b.co,c@d.co",
            "a@b.co;c@d.co",
            "Ann <a@b.co>",
            "\"a b\"@b.co",
            "\"a\"@b.co",
            "a@b.co\0",
            "a\u{202e}@b.co",
            "a(comment)@b.co",
            "a@[127.0.0.1]",
        ] {
            assert_eq!(Email::parse(text), Err(InvalidEmail), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "@",
            "a",
            "a@",
            "@b.co",
            "a@b",
            "a@@b.co",
            "a@b@c.co",
            "a..b@c.co",
            ".a@b.co",
            "a.@b.co",
            "a@-b.co",
            "a@b-.co",
            "a@b..co",
            "a@b.co.",
            "a@1.2.3.4",
            "ä@b.co",
            "a@bü.co",
            "ａ@b.co",
        ] {
            assert_eq!(Email::parse(text), Err(InvalidEmail), "{text:?}");
        }
    }

    #[test]
    fn the_bounds_on_lengths_are_exact() {
        let local = "a".repeat(EMAIL_LOCAL_BYTES_MAX);
        assert!(Email::parse(&format!("{local}@b.co")).is_ok());
        assert!(Email::parse(&format!("{local}a@b.co")).is_err());
        let label = "b".repeat(LABEL_BYTES_MAX);
        let longest =
            format!("{local}@{label}.{label}.{}.co", "c".repeat(EMAIL_BYTES_MAX - 64 - 1 - 128 - 3));
        assert_eq!(longest.len(), EMAIL_BYTES_MAX);
        assert!(Email::parse(&longest).is_ok());
        assert!(Email::parse(&format!("{longest}m")).is_err());
    }

    #[test]
    fn addresses_that_differ_by_case_are_one() {
        assert_eq!(Email::parse("A@B.CO").unwrap().key(), Email::parse("a@b.co").unwrap().key());
    }
}
