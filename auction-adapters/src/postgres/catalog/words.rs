//! How words are kept and looked for: parted by the engine, not by the database, so that every store finds the same.

use super::sql::Sql;
use crate::postgres::value::Value;
use auction_core::catalog::{Listing, search_words, words_of as words};

/// The longest word that is kept, in bytes; of a longer one the beginning is. The database takes 2,046.
const WORD_BYTES_MAX: usize = 1_024;

/// The words of a listing.
pub(in crate::postgres) fn words_of(listing: &Listing) -> Vec<String> {
    let mut all: Vec<String> = words(listing.title())
        .chain(words(listing.description()))
        .map(|word| cut(&word).to_owned())
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Only lots with these words, the last of them perhaps as the beginning of one; `None` where nothing can have them.
/// Words are letters and digits only, and quoted all the same: nothing in them is syntax.
pub(super) fn search(text: &str, sql: &mut Sql) -> Option<()> {
    let words = search_words(text);
    if words.is_empty() {
        return text.trim().is_empty().then_some(());
    }
    let quoted: Vec<String> = words.iter().map(|word| format!("'{}'", cut(word))).collect();
    sql.push(" AND l.words @@ CAST(")
        .value(Value::Text(format!("{}:*", quoted.join(" & "))))
        .push(" AS tsquery)");
    Some(())
}

/// The title as lists are ordered by it.
pub(super) const TITLE_KEY: &str = "lower(l.title COLLATE \"C\") COLLATE \"C\"";

fn cut(word: &str) -> &str {
    &word[..word.floor_char_boundary(WORD_BYTES_MAX)]
}
