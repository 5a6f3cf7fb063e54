//! How a mail looks.

use askama::Template;

/// The longest subject, in characters.
pub const SUBJECT_CHARS_MAX: usize = 150;

/// A mail before it is laid out. What stands in it may come from anybody: it is escaped, and the subject is one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// What it is about.
    pub subject: String,
    /// The paragraphs above the link.
    pub paragraphs: Vec<String>,
    /// Where it leads to.
    pub link: Option<Link>,
    /// The paragraphs below the link.
    pub below: Vec<String>,
    /// Why it was sent, in small print.
    pub footer: String,
}

/// Where a mail leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What the button says.
    pub label: String,
    /// The whole address.
    pub url: String,
}

/// A mail as it is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct LaidOut {
    /// The subject, on one line of at most [`SUBJECT_CHARS_MAX`] characters.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// The same as HTML, for mail readers that know tables and inline styles only.
    pub html: String,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Text<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    letter: &'a Letter,
}

impl Letter {
    /// Lays it out as text and as HTML.
    pub fn lay_out(mut self) -> LaidOut {
        self.subject = one_line(&self.subject, SUBJECT_CHARS_MAX);
        let text = Text { letter: &self }.render().expect("invariant: writing to a string cannot fail");
        let html = Html { letter: &self }.render().expect("invariant: writing to a string cannot fail");
        LaidOut { subject: self.subject, text, html }
    }
}

/// The text on one line of at most so many characters, the last of them an ellipsis where it was cut. What cannot be
/// seen, or turns the direction of what is written, becomes a space.
pub(crate) fn one_line(text: &str, chars_max: usize) -> String {
    let unseen = |character: char| {
        character.is_control()
            || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    let words: Vec<_> = text
        .split(|character: char| unseen(character) || character.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    let line = words.join(" ");
    if line.chars().count() <= chars_max {
        return line;
    }
    line.chars().take(chars_max.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(subject: &str, paragraph: &str) -> LaidOut {
        let link = Link { label: "See".to_owned(), url: "https://site.example/auction/1?a=1&b=2".to_owned() };
        Letter {
            subject: subject.to_owned(),
            paragraphs: vec![paragraph.to_owned()],
            link: Some(link),
            below: vec!["Below.".to_owned()],
            footer: "Why.".to_owned(),
        }
        .lay_out()
    }

    #[test]
    fn a_subject_is_one_short_line() {
        let hostile = "a\r\nBcc: eve@example.com\0\u{202e}b\u{2028}c";
        assert_eq!(letter(hostile, "").subject, "a Bcc: eve@example.com b c");
        let long = letter(&"ä".repeat(500), "").subject;
        assert_eq!(long.chars().count(), SUBJECT_CHARS_MAX);
        assert!(long.ends_with("ä…"));
        assert_eq!(letter(&"ä".repeat(SUBJECT_CHARS_MAX), "").subject, "ä".repeat(SUBJECT_CHARS_MAX));
    }

    #[test]
    fn html_in_a_text_is_inert() {
        let mail = letter("<b>&", "<script>alert('1')</script>\"");
        for markup in ["<script", "<b>", "'1'"] {
            assert!(!mail.html.contains(markup), "{markup}: {}", mail.html);
        }
        assert!(mail.text.contains("<script>alert('1')</script>\""));
    }

    #[test]
    fn a_mail_has_its_paragraphs_a_button_and_the_bare_link() {
        let mail = letter("About", "Above.");
        assert_eq!(
            mail.text,
            "Above.\n\nSee:\nhttps://site.example/auction/1?a=1&b=2\n\nBelow.\n\n-- \nWhy.\n"
        );
        let url = "https://site.example/auction/1?a=1&#38;b=2";
        assert!(mail.html.contains(&format!("<a href=\"{url}\"")), "{}", mail.html);
        assert!(mail.html.contains(&format!(">{url}</a>")), "{}", mail.html);
        for needed in ["<title>About</title>", ">Above.</p>", ">Below.</p>", ">Why.</p>", ">See</a>"] {
            assert!(mail.html.contains(needed), "{needed}: {}", mail.html);
        }
        for foreign in ["<img", "<style", "<link", "class="] {
            assert!(!mail.html.contains(foreign), "{foreign}");
        }
    }
}
