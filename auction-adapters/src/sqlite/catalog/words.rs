//! How words are looked for.

use super::sql::Sql;
use crate::sqlite::value::Value;
use auction_core::catalog::search_words;

/// Only lots with these words, the last of them perhaps as the beginning of one; `None` where nothing can have them.
/// Words are letters and digits only, and quoted all the same: nothing in them is syntax.
pub(super) fn search(text: &str, sql: &mut Sql) -> Option<()> {
    let words = search_words(text);
    if words.is_empty() {
        return text.trim().is_empty().then_some(());
    }
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    sql.push(" AND a.id IN (SELECT rowid FROM lots_words WHERE lots_words MATCH ");
    sql.value(Value::Text(format!("{}*", quoted.join(" ")))).push(")");
    Some(())
}

/// The title as lists are ordered by it.
pub(super) const TITLE_KEY: &str = "l.title COLLATE NOCASE";
