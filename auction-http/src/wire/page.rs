//! A page of a list.

use serde::Serialize;
use utoipa::ToSchema;

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// How many rows there are on all pages.
    pub count: u64,
    /// The address of the next page.
    pub next: Option<String>,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The rows.
    pub results: Vec<T>,
}

/// A list in the form that was asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Listed<T> {
    /// Without `page` and `page_size`: the rows, at most 500.
    Rows(Vec<T>),
    /// With `page` or `page_size`.
    Page(Page<T>),
}
