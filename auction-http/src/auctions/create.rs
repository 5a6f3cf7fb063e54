//! Putting something up for sale.

use crate::auctions::body::AUCTION_BYTES_MAX;
use crate::auctions::detail::one;
use crate::auctions::room::{AuctionRoom, may_take_part};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Fields, Given, JsonText, amount, boolean, text, time, whole};
use crate::visitors::{Member, Visitor};
use crate::wire::auction::AuctionView;
use crate::wire::money::PriceInput;
use crate::wire::problem::WriteProblems;
use crate::wire::time::Time;
use auction_core::auction::{Charter, Schedule, TermsDocument};
use auction_core::catalog::{CategoryId, InvalidListing, ListedAuction, Listing};
use auction_core::money::Currency;
use auction_core::ports::NewAuction;
use auction_core::{Timestamp, UserId};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::value::RawValue;
use std::sync::Arc;
use utoipa::ToSchema;

/// Something that is put up for sale.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = NewAuction)]
#[expect(dead_code, reason = "it describes the body; members are read one by one")]
pub(super) struct NewAuctionBody {
    #[schema(max_length = 200)]
    title: String,
    #[schema(max_length = 20000)]
    description: Option<String>,
    /// The number of a category.
    category: Option<u64>,
    /// An ISO 4217 code.
    #[schema(example = "USD")]
    currency: Option<String>,
    starting_price: PriceInput,
    /// In the past it means now.
    start_date_time: Time,
    end_date_time: Time,
    /// What the house does not decide; see the description of terms.
    #[schema(value_type = Option<Object>)]
    terms: Option<String>,
    /// Keeps it a draft, which only the seller and the staff see.
    draft: Option<bool>,
}

/// Puts something up for sale.
#[utoipa::path(
    post,
    operation_id = "create_auction",
    path = "/auctions/",
    tag = "auctions",
    security(("token" = [])),
    request_body = inline(NewAuctionBody),
    responses((status = 201, description = "The auction.", body = AuctionView<'_>), WriteProblems)
)]
pub(super) async fn create(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    JsonText(body): JsonText<AUCTION_BYTES_MAX>,
) -> ApiResult<Response> {
    may_take_part(&visitor)?;
    if !visitor.may_sell && !visitor.is_staff() {
        return Err(ApiError::forbidden());
    }
    let listed = put_up(&room, &visitor, &body).await?;
    one(&room, listed, Some(&visitor), StatusCode::CREATED).await
}

async fn put_up(room: &AuctionRoom, visitor: &Visitor, body: &[u8]) -> ApiResult<ListedAuction> {
    let now = room.now();
    let mut fields = Fields::parse(body)?;
    let title = fields.required("title", text).unwrap_or_default();
    let description = fields.nullable("description", text).value().unwrap_or_default();
    let category = match fields.nullable("category", whole) {
        Given::Value(number) => known_category(room, &mut fields, number).await?,
        Given::Absent | Given::Null => None,
    };
    // A title that is missing, or no text, has been told so.
    let listing = if matches!(fields.raw("title"), Given::Value(_)) {
        listing(&mut fields, &title, &description, category)
    } else {
        None
    };
    let currency = fields.nullable("currency", read_currency).value().unwrap_or(room.settings().currency);
    let start = fields.required("start_date_time", time);
    let end = fields.required("end_date_time", time);
    let price = fields.required("starting_price", amount(currency));
    let document = match fields.raw("terms") {
        Given::Value(raw) => document(&mut fields, raw),
        Given::Absent | Given::Null => Some(TermsDocument::default()),
    };
    let draft = fields.nullable("draft", boolean).value().unwrap_or(false);
    let defaults = &room.settings().default_terms;
    let terms = match (document, price) {
        (Some(document), Some(price)) => {
            let terms = document.or(defaults).terms(currency, price).map(|terms| room.with_seed(terms));
            terms.map_err(|errors| fields.wrong_terms(errors)).ok()
        }
        _ => None,
    };
    let schedule = schedule(&mut fields, start, end, now);
    let charter = match (schedule, terms) {
        (Some(schedule), Some(terms)) => charter(&mut fields, visitor.user, schedule, terms),
        _ => None,
    };
    let (listing, charter) = fields.complete(listing.zip(charter))?;
    let new = NewAuction { commit: room.commit_id(), charter: Arc::new(charter), listing, draft, at: now };
    let auction = room.store().create(&new).await?;
    if let Some(deadline) = auction.deadline() {
        room.expect(deadline);
    }
    Ok(ListedAuction { auction, listing: new.listing, created_at: now })
}

/// The category with this number.
pub(super) async fn known_category(
    room: &AuctionRoom,
    fields: &mut Fields<'_>,
    number: u64,
) -> ApiResult<Option<CategoryId>> {
    let categories = room.catalog().categories().await?;
    let found = categories.iter().map(|category| category.id).find(|id| id.number() == number);
    if found.is_none() {
        fields.wrong("category", "There is no such category.");
    }
    Ok(found)
}

pub(super) fn listing(
    fields: &mut Fields<'_>,
    title: &str,
    description: &str,
    category: Option<CategoryId>,
) -> Option<Listing> {
    let wrong = |error: InvalidListing| {
        let field = match error {
            InvalidListing::LongDescription => "description",
            _ => "title",
        };
        let sentence = match error {
            InvalidListing::BlankTitle => "This field may not be blank.".to_owned(),
            error => format!("{}.", crate::extract::capitalised(&error)),
        };
        fields.wrong(field, sentence);
    };
    Listing::new(title, description, category).map_err(wrong).ok()
}

pub(super) fn read_currency(raw: &RawValue) -> Result<Currency, String> {
    let code = text(raw)?;
    Currency::from_code(&code).map_err(|error| format!("{}.", crate::extract::capitalised(&error)))
}

pub(super) fn document(fields: &mut Fields<'_>, raw: &RawValue) -> Option<TermsDocument> {
    TermsDocument::parse(raw.get()).map_err(|errors| fields.wrong_terms(errors)).ok()
}

/// A start in the past means now; the end is later than now.
pub(super) fn schedule(
    fields: &mut Fields<'_>,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    now: Timestamp,
) -> Option<Schedule> {
    let (start, end) = (start?.max(now), end?);
    if end <= now {
        fields.wrong("end_date_time", "Must be in the future.");
        return None;
    }
    Schedule::new(start, end).map_err(|errors| fields.wrong_terms(errors)).ok()
}

pub(super) fn charter(
    fields: &mut Fields<'_>,
    seller: UserId,
    schedule: Schedule,
    terms: auction_core::auction::Terms,
) -> Option<Charter> {
    Charter::new(seller, schedule, terms).map_err(|errors| fields.wrong_terms(errors)).ok()
}
