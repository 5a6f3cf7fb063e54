//! What people say about themselves.

use super::name::{is_hidden, line};
use crate::identity::{BirthDate, InvalidName, MediaPath, Note, Website};

/// The longest text about oneself, in characters.
pub const BIO_CHARS_MAX: usize = 2_000;

/// The longest name of a place, in characters.
pub const LOCATION_CHARS_MAX: usize = 100;

/// What somebody says about themselves. It is for them and for the house, and reaches nobody else.
///
/// It is kept beside the account, in a record of its own, so that what is read with each request stays small.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// A telephone number; empty where none is told.
    pub phone: Note,
    /// A postal address; empty where none is told.
    pub address: Note,
    /// A picture.
    pub avatar: Option<MediaPath>,
    /// A few words.
    pub bio: Option<Bio>,
    /// Where they are.
    pub location: Option<Location>,
    /// A page of theirs.
    pub website: Option<Website>,
    /// When they were born.
    pub birth_date: Option<BirthDate>,
}

/// What is to be changed of a profile. `None` leaves a field as it is, `Some(None)` empties it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// A telephone number; an empty one for none.
    pub phone: Option<Note>,
    /// A postal address; an empty one for none.
    pub address: Option<Note>,
    /// A picture.
    pub avatar: Option<Option<MediaPath>>,
    /// A few words.
    pub bio: Option<Option<Bio>>,
    /// Where they are.
    pub location: Option<Option<Location>>,
    /// A page of theirs.
    pub website: Option<Option<Website>>,
    /// When they were born.
    pub birth_date: Option<Option<BirthDate>>,
}

/// A text about oneself, of several lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bio(String);

/// The name of a place, on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location(String);

impl Profile {
    /// The profile after a change.
    #[must_use]
    pub fn changed(self, change: ProfileChange) -> Self {
        Self {
            phone: change.phone.unwrap_or(self.phone),
            address: change.address.unwrap_or(self.address),
            avatar: change.avatar.unwrap_or(self.avatar),
            bio: change.bio.unwrap_or(self.bio),
            location: change.location.unwrap_or(self.location),
            website: change.website.unwrap_or(self.website),
            birth_date: change.birth_date.unwrap_or(self.birth_date),
        }
    }
}

impl Bio {
    /// Reads a text; white space around it is dropped, and every line ends with a line feed.
    ///
    /// # Errors
    /// [`InvalidName`]: it is blank, too long, or has characters that cannot be seen.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let text = text.trim().replace("\r\n", "\n");
        if text.is_empty() {
            return Err(InvalidName::Blank);
        }
        if text.chars().nth(BIO_CHARS_MAX).is_some() {
            return Err(InvalidName::TooLong(BIO_CHARS_MAX));
        }
        if text.chars().any(|character| is_hidden(character) && !matches!(character, '\n' | '\t')) {
            return Err(InvalidName::Control);
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Location {
    /// Reads the name of a place; white space around it is dropped.
    ///
    /// # Errors
    /// [`InvalidName`]: it is blank, too long, or not on one line.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        match line(text, LOCATION_CHARS_MAX)? {
            "" => Err(InvalidName::Blank),
            place => Ok(Self(place.to_owned())),
        }
    }

    /// The name of the place.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_about_oneself_has_lines_and_nothing_hidden() {
        assert_eq!(Bio::parse(" a\r\nb\tc\n\n").unwrap().as_str(), "a\nb\tc");
        assert_eq!(Bio::parse(" \n "), Err(InvalidName::Blank));
        for text in ["a\0b", "a\rb", "a\u{202e}b", "a\u{1b}[31m"] {
            assert_eq!(Bio::parse(text), Err(InvalidName::Control), "{text:?}");
        }
        assert!(Bio::parse(&"é".repeat(BIO_CHARS_MAX)).is_ok());
        let longer = "é".repeat(BIO_CHARS_MAX + 1);
        assert_eq!(Bio::parse(&longer), Err(InvalidName::TooLong(BIO_CHARS_MAX)));
    }

    #[test]
    fn a_place_is_one_line_that_is_not_blank() {
        assert_eq!(Location::parse(" Zürich ").unwrap().as_str(), "Zürich");
        assert_eq!(Location::parse(""), Err(InvalidName::Blank));
        assert_eq!(Location::parse("a\nb"), Err(InvalidName::Control));
        let longer = "é".repeat(LOCATION_CHARS_MAX + 1);
        assert_eq!(Location::parse(&longer), Err(InvalidName::TooLong(LOCATION_CHARS_MAX)));
    }

    #[test]
    fn a_change_leaves_what_it_does_not_tell_and_empties_what_it_tells_to_be_none() {
        let before = Profile {
            phone: Note::parse("+1 555").unwrap(),
            bio: Some(Bio::parse("Collector").unwrap()),
            location: Some(Location::parse("Here").unwrap()),
            ..Profile::default()
        };
        let there = Location::parse("There").unwrap();
        let change = ProfileChange {
            bio: Some(None),
            location: Some(Some(there.clone())),
            ..ProfileChange::default()
        };
        let expected = Profile { bio: None, location: Some(there), ..before.clone() };
        assert_eq!(before.clone().changed(change), expected);
        assert_eq!(before.clone().changed(ProfileChange::default()), before);
    }
}
