//! The query string of a list: which auctions, in which order, and which rows.

use crate::error::{ApiError, ApiResult};
use crate::extract::capitalised;
use crate::params::{PAGE_SIZE_DEFAULT, Params, number, whole};
use crate::visitors::Visitor;
use crate::wire::bid::OwnState;
use auction_core::catalog::{
    AuctionQuery, CategoryId, Drafts, LIST_ROWS_MAX, Ordering, OrderingField, PAGE_SIZE_MAX,
    SEARCH_CHARS_MAX, Scope, Window,
};
use auction_core::money::parse_decimal;
use auction_core::{AuctionId, BidId, Timestamp, UserId};
use axum::http::Uri;
use std::str::FromStr;

/// The most rows of a list that is not paged.
pub(super) const ROWS_MAX: usize = LIST_ROWS_MAX as usize;
/// The names by which a list is filtered, ordered and paged.
pub(super) const LIST_PARAMS: [&str; 14] = [
    "search",
    "status",
    "category",
    "seller",
    "min_price",
    "max_price",
    "ends_before",
    "ends_after",
    "format",
    "ordering",
    "scope",
    "page",
    "page_size",
    "after",
];

const STATUSES: [&str; 6] = ["draft", "scheduled", "started", "paused", "ended", "cancelled"];
const FORMATS: [&str; 7] =
    ["english", "sealed_first_price", "vickrey", "multi_unit", "dutch", "reverse", "fixed_price"];
const ORDERINGS: [(&str, OrderingField); 7] = [
    ("title", OrderingField::Title),
    ("starting_price", OrderingField::StartingPrice),
    ("current_price", OrderingField::CurrentPrice),
    ("start_date_time", OrderingField::StartsAt),
    ("end_date_time", OrderingField::EndsAt),
    ("bid_count", OrderingField::BidCount),
    ("created_at", OrderingField::CreatedAt),
];
const SCOPES: [(&str, Scope); 5] = [
    ("available", Scope::Available),
    ("all", Scope::All),
    ("joined", Scope::Joined),
    ("selling", Scope::Selling),
    ("won", Scope::Won),
];

/// Which category is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CategoryName {
    /// That with this number.
    Id(CategoryId),
    /// That with this slug.
    Slug(String),
}

/// The names by which one's own bids are filtered and paged.
const BIDS_PARAMS: [&str; 5] = ["auction", "state", "page", "page_size", "before"];

/// One's own bids as they were asked for.
pub(super) struct BidsQuery {
    pub(super) auction: Option<AuctionId>,
    pub(super) state: Option<OwnState>,
    pub(super) window: BidsWindow,
    pub(super) params: Params,
}

/// Which rows of one's own bids.
#[derive(Clone, Copy, Debug)]
pub(super) enum BidsWindow {
    /// A page, from 1.
    Page { number: u32, size: u32 },
    /// The rows that follow a bid, or the first.
    Rows { before: Option<BidId> },
}

/// A list as it was asked for.
pub(super) struct ListQuery {
    pub(super) query: AuctionQuery,
    /// The category is looked up where it is not given by its number.
    pub(super) slug: Option<String>,
    pub(super) params: Params,
}

fn choice<T: Copy>(names: &[(&'static str, T)]) -> impl Fn(&str) -> Result<T, String> {
    move |text| {
        let found = names.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        found.ok_or_else(|| format!("Must be one of {}.", list(names.iter().map(|(name, _)| *name))))
    }
}

fn name_of(names: &[&'static str]) -> impl Fn(&str) -> Result<&'static str, String> {
    move |text| {
        let found = names.iter().find(|name| **name == text).copied();
        found.ok_or_else(|| format!("Must be one of {}.", list(names.iter().copied())))
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn search(text: &str) -> Result<String, String> {
    match text.chars().count() {
        0..=SEARCH_CHARS_MAX => Ok(text.to_owned()),
        _ => Err(format!("Must have at most {SEARCH_CHARS_MAX} characters.")),
    }
}

fn time(text: &str) -> Result<Timestamp, String> {
    Timestamp::from_str(text).map_err(|error| format!("{}.", capitalised(&error)))
}

fn ordering(text: &str) -> Result<Ordering, String> {
    let (descending, name) = text.strip_prefix('-').map_or((false, text), |name| (true, name));
    choice(&ORDERINGS)(name).map(|field| Ordering { field, descending })
}

fn category(text: &str) -> Result<CategoryName, String> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let id = whole(text).ok().and_then(|id| CategoryId::new(id).ok());
        return id.map(CategoryName::Id).ok_or_else(|| "There is no such category.".to_owned());
    }
    Ok(CategoryName::Slug(text.to_owned()))
}

fn user(text: &str) -> Result<UserId, String> {
    whole(text)?.try_into().map_err(|_| "There is no such user.".to_owned())
}

fn auction(text: &str) -> Result<AuctionId, String> {
    whole(text)?.try_into().map_err(|_| "There is no such auction.".to_owned())
}

fn bid(text: &str) -> Result<BidId, String> {
    whole(text)?.try_into().map_err(|_| "There is no such bid.".to_owned())
}

/// What a list asks for where the request does not say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Defaults {
    pub(super) scope: Scope,
    pub(super) ordering: Ordering,
}

impl ListQuery {
    /// Reads the query string of a list.
    ///
    /// # Errors
    /// 400 with every parameter that is wrong; 401 for what only people who are signed in have.
    pub(super) fn parse(
        uri: &Uri,
        known: &[&str],
        defaults: Defaults,
        visitor: Option<&Visitor>,
        now: Timestamp,
    ) -> ApiResult<Self> {
        let params = Params::parse(uri.query(), known)?;
        let mut read = Reader { params: &params, errors: Vec::new() };
        let category = read.value("category", category);
        let after = read.value("after", auction);
        let window = match read.page("after", after.is_some()) {
            Some((number, size)) => Window::Page { number, size },
            None => Window::Rows { after, rows_max: LIST_ROWS_MAX },
        };
        let scope = read.value("scope", choice(&SCOPES)).unwrap_or(defaults.scope);
        let query = AuctionQuery {
            now,
            viewer: visitor.map(|visitor| visitor.user),
            drafts: if visitor.is_some_and(Visitor::is_staff) { Drafts::All } else { Drafts::Own },
            scope,
            search: read.value("search", search),
            status: read.value("status", name_of(&STATUSES)),
            category: match &category {
                Some(CategoryName::Id(id)) => Some(*id),
                _ => None,
            },
            seller: read.value("seller", user),
            min_price: read.value("min_price", price),
            max_price: read.value("max_price", price),
            ends_before: read.value("ends_before", time),
            ends_after: read.value("ends_after", time),
            format: read.value("format", name_of(&FORMATS)).map(str::to_owned),
            ordering: read.value("ordering", ordering).unwrap_or(defaults.ordering),
            window,
        };
        if !read.errors.is_empty() {
            return Err(ApiError::fields(read.errors));
        }
        if visitor.is_none() && matches!(scope, Scope::Joined | Scope::Selling | Scope::Won) {
            return Err(ApiError::not_authenticated());
        }
        let slug = match category {
            Some(CategoryName::Slug(slug)) => Some(slug),
            _ => None,
        };
        Ok(Self { query, slug, params })
    }
}

fn price(text: &str) -> Result<rust_decimal::Decimal, String> {
    parse_decimal(text).map_err(|error| format!("A valid number is required: {error}."))
}

impl BidsQuery {
    /// Reads the query string of one's own bids.
    ///
    /// # Errors
    /// 400 with every parameter that is wrong.
    pub(super) fn parse(uri: &Uri) -> ApiResult<Self> {
        let params = Params::parse(uri.query(), &BIDS_PARAMS)?;
        let mut read = Reader { params: &params, errors: Vec::new() };
        let (auction, state) =
            (read.value("auction", auction), read.value("state", choice(&OwnState::NAMES)));
        let before = read.value("before", bid);
        let window = match read.page("before", before.is_some()) {
            Some((number, size)) => BidsWindow::Page { number, size },
            None => BidsWindow::Rows { before },
        };
        if !read.errors.is_empty() {
            return Err(ApiError::fields(read.errors));
        }
        Ok(Self { auction, state, window, params })
    }
}

/// Reads parameters and collects what is wrong with them.
struct Reader<'a> {
    params: &'a Params,
    errors: Vec<(String, String)>,
}

impl Reader<'_> {
    fn value<T>(&mut self, name: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let text = self.params.text(name)?;
        read(text).map_err(|sentence| self.errors.push((name.to_owned(), sentence))).ok()
    }
    /// The number and the size of a page, where one is asked for; the parameter that names a row does not go with it.
    fn page(&mut self, cursor: &str, has_cursor: bool) -> Option<(u32, u32)> {
        let page = self.value("page", number(1, u64::from(u32::MAX)));
        let page_size = self.value("page_size", number(1, u64::from(PAGE_SIZE_MAX)));
        if page.is_none() && page_size.is_none() {
            return None;
        }
        if has_cursor {
            self.errors.push((cursor.to_owned(), "Does not go with pages.".to_owned()));
        }
        let narrow =
            |number: Option<u64>, default| number.and_then(|it| it.try_into().ok()).unwrap_or(default);
        Some((narrow(page, 1), narrow(page_size, PAGE_SIZE_DEFAULT)))
    }
}
