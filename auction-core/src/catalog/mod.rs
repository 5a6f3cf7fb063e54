//! What is sold: listings, categories, and how they are found.
//!
//! This room knows nothing of bidding: a listing is what people read about a lot, whatever becomes of it.

mod category;
mod listing;
mod query;
mod search;

pub use category::{
    CATEGORIES_MAX, CATEGORY_DESCRIPTION_CHARS_MAX, CATEGORY_NAME_CHARS_MAX, Category, CategoryId,
    InvalidCategory, NewCategory, SLUG_BYTES_MAX, category_description, category_name, category_slug,
    slug_of,
};
pub use listing::{DESCRIPTION_CHARS_MAX, IMAGES_MAX, InvalidListing, Listing, TITLE_CHARS_MAX};
pub use query::{
    AuctionQuery, Drafts, Found, LIST_ROWS_MAX, ListedAuction, Ordering, OrderingField, PAGE_SIZE_MAX,
    PriceText, SEARCH_CHARS_MAX, Scope, Window,
};
pub use search::{search_words, words_of};
