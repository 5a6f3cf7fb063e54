//! The query string of a list: which auctions, in which order, and which rows.

use crate::error::{ApiError, ApiResult};
use crate::extract::capitalised;
use crate::visitors::Visitor;
use auction_core::catalog::{
    AuctionQuery, CategoryId, Drafts, LIST_ROWS_MAX, Ordering, OrderingField, PAGE_SIZE_MAX,
    SEARCH_CHARS_MAX, Scope, Window,
};
use auction_core::money::parse_decimal;
use auction_core::{AuctionId, Timestamp, UserId};
use axum::extract::Query;
use axum::http::Uri;
use std::str::FromStr;

/// The most rows of a list that is not paged.
pub(super) const ROWS_MAX: usize = LIST_ROWS_MAX as usize;
/// The rows of a page where the request does not say.
pub(super) const PAGE_SIZE_DEFAULT: u32 = 20;
/// The most parameters of a query string.
const PARAMS_MAX: usize = 32;

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

/// The parameters of a query string, those without a value left out.
#[derive(Debug)]
pub(crate) struct Params(Vec<(String, String)>);

/// Which category is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CategoryName {
    /// That with this number.
    Id(CategoryId),
    /// That with this slug.
    Slug(String),
}

/// A list as it was asked for.
pub(super) struct ListQuery {
    pub(super) query: AuctionQuery,
    /// The category is looked up where it is not given by its number.
    pub(super) slug: Option<String>,
    pub(super) params: Params,
}

impl Params {
    /// Reads a query string that may have the parameters in `known`.
    ///
    /// # Errors
    /// 400 for others, among them what is hidden, for parameters that are given twice, and for too many.
    pub(crate) fn parse(query: Option<&str>, known: &[&str]) -> ApiResult<Self> {
        let pairs = read_pairs(query.unwrap_or_default())?;
        if pairs.len() > PARAMS_MAX {
            return Err(ApiError::new(
                axum::http::StatusCode::BAD_REQUEST,
                "too_many_parameters",
                format!("There may be at most {PARAMS_MAX} parameters."),
            ));
        }
        let mut errors = Vec::new();
        for (place, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                errors.push((name.clone(), "There is no such parameter.".to_owned()));
            } else if pairs[..place].iter().any(|(earlier, _)| earlier == name) {
                errors.push((name.clone(), "Is given twice.".to_owned()));
            }
        }
        if !errors.is_empty() {
            return Err(ApiError::fields(errors));
        }
        Ok(Self(pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// A whole number.
    pub(crate) fn whole(&self, name: &str) -> ApiResult<Option<u64>> {
        self.text(name)
            .map(|text| whole(text).map_err(|sentence| ApiError::field(name, sentence)))
            .transpose()
    }
}

fn read_pairs(query: &str) -> ApiResult<Vec<(String, String)>> {
    let uri = Uri::builder().path_and_query(format!("/?{query}")).build();
    let malformed = || {
        let sentence = "The query string could not be read.";
        ApiError::new(axum::http::StatusCode::BAD_REQUEST, "parse_error", sentence)
    };
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&uri.map_err(|_| malformed())?)
        .map_err(|_| malformed())?;
    Ok(pairs)
}

fn whole(text: &str) -> Result<u64, String> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain).ok_or_else(|| "A valid integer is required.".to_owned())
}

fn number(min: u64, max: u64) -> impl Fn(&str) -> Result<u64, String> {
    move |text| {
        whole(text)
            .ok()
            .filter(|number| (min..=max).contains(number))
            .ok_or_else(|| format!("Must be an integer from {min} to {max}."))
    }
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
        let page = read.value("page", number(1, u64::from(u32::MAX)));
        let page_size = read.value("page_size", number(1, u64::from(PAGE_SIZE_MAX)));
        let after = read.value("after", auction);
        let is_paged = page.is_some() || page_size.is_some();
        if is_paged && after.is_some() {
            read.errors.push(("after".to_owned(), "Does not go with pages.".to_owned()));
        }
        let window = if is_paged {
            let narrow =
                |number: Option<u64>, default| number.and_then(|it| it.try_into().ok()).unwrap_or(default);
            Window::Page { number: narrow(page, 1), size: narrow(page_size, PAGE_SIZE_DEFAULT) }
        } else {
            Window::Rows { after, rows_max: LIST_ROWS_MAX }
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
}
