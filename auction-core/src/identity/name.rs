//! What people call themselves, and what they write about themselves.

use std::fmt;

/// The longest first or last name, in characters.
pub const NAME_CHARS_MAX: usize = 150;

/// The longest name to sign in with, in characters.
pub const USERNAME_CHARS_MAX: usize = 50;

/// The longest telephone number or postal address, in characters.
pub const NOTE_CHARS_MAX: usize = 300;

/// A name that is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidName {
    /// Nothing but white space.
    #[error("This field may not be blank.")]
    Blank,
    /// Longer than this many characters.
    #[error("Ensure this field has no more than {0} characters.")]
    TooLong(usize),
    /// Line ends and other characters that cannot be seen.
    #[error("Control characters are not allowed.")]
    Control,
    /// A name to sign in with has other characters.
    #[error("Use only letters, digits and the characters . _ + -")]
    Username,
}

/// A first or last name: not blank, on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName(String);

/// What people write about themselves, such as a telephone number: one line, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note(String);

/// A name to sign in with: ASCII letters, digits and `._+-`; those that differ by case only are one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username {
    typed: String,
    key: String,
}

impl PersonName {
    /// Reads a name; white space around it is dropped.
    ///
    /// # Errors
    /// [`InvalidName`].
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        match line(text, NAME_CHARS_MAX)? {
            "" => Err(InvalidName::Blank),
            name => Ok(Self(name.to_owned())),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Note {
    /// Reads a line, which may be empty; white space around it is dropped.
    ///
    /// # Errors
    /// [`InvalidName`].
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        Ok(Self(line(text, NOTE_CHARS_MAX)?.to_owned()))
    }

    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Username {
    /// Reads a name; white space around it is dropped.
    ///
    /// # Errors
    /// [`InvalidName`].
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let typed = line(text, USERNAME_CHARS_MAX)?;
        if typed.is_empty() {
            return Err(InvalidName::Blank);
        }
        if !typed.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte)) {
            return Err(InvalidName::Username);
        }
        Ok(Self { typed: typed.to_owned(), key: typed.to_ascii_lowercase() })
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The form in which names are compared.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(super) fn line(text: &str, chars_max: usize) -> Result<&str, InvalidName> {
    let text = text.trim();
    if text.chars().nth(chars_max).is_some() {
        return Err(InvalidName::TooLong(chars_max));
    }
    if text.chars().any(is_hidden) {
        return Err(InvalidName::Control);
    }
    Ok(text)
}

/// Control characters, line and paragraph ends, and marks that turn the direction of a text.
pub(super) fn is_hidden(character: char) -> bool {
    let turns =
        matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || turns || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_line_that_is_not_blank() {
        assert_eq!(PersonName::parse("  Zoë \"Z\" O'Hara ").unwrap().as_str(), "Zoë \"Z\" O'Hara");
        assert_eq!(PersonName::parse(" \u{3000}\n"), Err(InvalidName::Blank));
        for text in ["a\r\nBcc: x", "a\0", "a\u{2028}b", "a\u{202e}b", "a\tb"] {
            assert_eq!(PersonName::parse(text), Err(InvalidName::Control), "{text:?}");
        }
        assert!(PersonName::parse(&"é".repeat(NAME_CHARS_MAX)).is_ok());
        let longer = "é".repeat(NAME_CHARS_MAX + 1);
        assert_eq!(PersonName::parse(&longer), Err(InvalidName::TooLong(NAME_CHARS_MAX)));
    }

    #[test]
    fn a_username_is_never_an_address() {
        assert_eq!(Username::parse("Ann_1").unwrap().key(), "ann_1");
        assert_eq!(Username::parse("ann@example.com"), Err(InvalidName::Username));
        assert_eq!(Username::parse(""), Err(InvalidName::Blank));
    }

    #[test]
    fn a_note_may_be_empty() {
        assert_eq!(Note::parse("  "), Ok(Note::default()));
    }
}
