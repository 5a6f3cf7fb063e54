//! The document before anything is written into it.

/// The start of the document, where its language stands.
const LANGUAGE: &str = "<html lang=\"en\"";
/// Where what the page is about goes.
const HEAD: &str = "<!--site:head-->";
/// Where what can be read without JavaScript goes.
const PLAIN: &str = "<!--site:plain-->";
/// An address that is relative to where the site stands.
const RELATIVE: &str = "=\"./";

/// The document, cut where something is written into it. What was written is never looked at again.
#[derive(Debug)]
pub(super) struct Shell(Vec<Piece>);

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(Slot),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Language,
    Base,
    Head,
    Plain,
}

/// What is written into the document. All of it is HTML.
pub(super) struct Filling<'a> {
    pub(super) language: &'a str,
    pub(super) base: &'a str,
    pub(super) head: &'a str,
    pub(super) plain: &'a str,
}

impl Shell {
    pub(super) fn parse(text: &str) -> Self {
        let slots =
            [(LANGUAGE, Slot::Language), (RELATIVE, Slot::Base), (HEAD, Slot::Head), (PLAIN, Slot::Plain)];
        let (mut pieces, mut rest) = (Vec::new(), text);
        loop {
            let found = slots.iter().filter_map(|(mark, slot)| Some((rest.find(mark)?, *mark, *slot)));
            let Some((place, mark, slot)) = found.min_by_key(|(place, ..)| *place) else { break };
            pieces.push(Piece::Text(rest[..place].to_owned()));
            pieces.push(Piece::Slot(slot));
            rest = &rest[place + mark.len()..];
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Self(pieces)
    }

    /// The whole document.
    pub(super) fn fill(&self, filling: &Filling<'_>) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Slot(Slot::Head) => text.push_str(filling.head),
                Piece::Slot(Slot::Plain) => text.push_str(filling.plain),
                Piece::Slot(Slot::Base) => text.extend(["=\"", filling.base]),
                Piece::Slot(Slot::Language) => text.extend(["<html lang=\"", filling.language, "\""]),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_into_the_document_is_not_looked_at_again() {
        let shell = Shell::parse(
            "<html lang=\"en\"><head><!--site:head--><script src=\"./assets/a.js\"></script></head>\
             <body><!--site:plain--></body></html>",
        );
        let (head, plain) = ("<title><!--site:plain--></title>", "<a href=\"./x\">");
        let filling = Filling { language: "es", base: "/shop/", head, plain };
        assert_eq!(
            shell.fill(&filling),
            "<html lang=\"es\"><head><title><!--site:plain--></title><script src=\"/shop/assets/a.js\"></script></head>\
             <body><a href=\"./x\"></body></html>"
        );
    }
}
