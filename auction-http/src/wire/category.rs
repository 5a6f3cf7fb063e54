//! Categories.

use auction_core::catalog::Category;
use serde::Serialize;
use utoipa::ToSchema;

/// What auctions can be filed under.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Category)]
pub struct CategoryView<'a> {
    id: u64,
    name: &'a str,
    slug: &'a str,
    description: &'a str,
}

impl<'a> From<&'a Category> for CategoryView<'a> {
    fn from(category: &'a Category) -> Self {
        let Category { id, name, slug, description } = category;
        Self { id: id.number(), name, slug, description }
    }
}
