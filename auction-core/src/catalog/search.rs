//! What a text to search for means, for every store alike.

use crate::catalog::SEARCH_CHARS_MAX;

/// The words of a text, in small letters: runs of letters and digits. Everything else only parts words, so that no
/// search engine finds syntax in them. What is longer than [`SEARCH_CHARS_MAX`] is cut off.
///
/// A text without words that is not blank finds nothing; a blank one is no search at all.
///
/// ```
/// use auction_core::catalog::search_words;
/// assert_eq!(search_words("Persian-RUG* OR \"1890\""), ["persian", "rug", "or", "1890"]);
/// assert!(search_words("%_*\"").is_empty());
/// ```
pub fn search_words(text: &str) -> Vec<String> {
    let text: String = text.chars().take(SEARCH_CHARS_MAX).collect();
    words_of(&text).collect()
}

/// All words of a text, in small letters, for a store that keeps them: what is found by [`search_words`].
pub fn words_of(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase)
}
