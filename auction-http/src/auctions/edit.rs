//! Changing an auction before it starts, and discarding drafts.

use crate::auctions::body::{AUCTION_BYTES_MAX, Id};
use crate::auctions::create::{charter, document, known_category, listing, read_currency, schedule};
use crate::auctions::detail::one;
use crate::auctions::images::remove_all;
use crate::auctions::relisting::relist;
use crate::auctions::room::{AuctionRoom, Errand, owns};
use crate::audit::{Origin, to_the_end};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Fields, Given, JsonText, amount, text, time, whole};
use crate::visitors::{Member, Visitor};
use crate::wire::auction::AuctionView;
use crate::wire::money::PriceInput;
use crate::wire::problem::WriteProblems;
use crate::wire::time::Time;
use auction_core::admin::{AuditAction, AuditSubject};
use auction_core::auction::{Action, Auction, Charter, ClosingPolicy, Phase, Terms, TermsDocument};
use auction_core::catalog::{CategoryId, ListedAuction, Listing};
use auction_core::{AuctionId, Timestamp};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::sync::Arc;
use utoipa::ToSchema;

/// What is to change; everything else stays.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = AuctionChanges)]
#[expect(dead_code, reason = "it describes the body; members are read one by one")]
pub(super) struct ChangesBody {
    #[schema(max_length = 200)]
    title: Option<String>,
    #[schema(max_length = 20000)]
    description: Option<String>,
    /// The number of a category; null for none.
    category: Option<u64>,
    /// Only of a draft.
    currency: Option<String>,
    starting_price: Option<PriceInput>,
    start_date_time: Option<Time>,
    end_date_time: Option<Time>,
    /// The terms that change; null puts one back to what it is where nothing is said.
    #[schema(value_type = Option<Object>)]
    terms: Option<String>,
}

/// Changes an auction that has not started.
///
/// Of one that has, the staff may still correct title, description and category.
#[utoipa::path(
    patch,
    operation_id = "change_auction",
    path = "/auctions/{id}/",
    tag = "auctions",
    security(("token" = [])),
    params(("id" = u64, Path, description = "The auction")),
    request_body = inline(ChangesBody),
    responses((status = 200, description = "The auction.", body = AuctionView<'_>), WriteProblems)
)]
pub(super) async fn edit(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    Id(auction): Id,
    origin: Origin,
    JsonText(body): JsonText<AUCTION_BYTES_MAX>,
) -> ApiResult<Response> {
    to_the_end(async move {
        let before = owned(&room, auction, &visitor).await?;
        let after = change(&room, &visitor, before, &body).await?;
        let subject = auction.map(AuditSubject::Auction);
        room.account_for(&origin, &visitor, AuditAction::AuctionEdited, subject).await?;
        one(&room, after, Some(&visitor), StatusCode::OK).await
    })
    .await
}

/// Discards a draft.
#[utoipa::path(
    delete,
    operation_id = "discard_auction",
    path = "/auctions/{id}/",
    tag = "auctions",
    security(("token" = [])),
    params(("id" = u64, Path, description = "The auction")),
    responses((status = 204, description = "It is gone."), WriteProblems)
)]
pub(super) async fn discard(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    Id(auction): Id,
    origin: Origin,
) -> ApiResult<StatusCode> {
    to_the_end(async move {
        let before = owned(&room, auction, &visitor).await?;
        if !room.catalog().discard(before.auction.id()).await? {
            return Err(not_now(&before.auction, room.now(), "Only drafts can be deleted."));
        }
        remove_all(&room, before.listing.images()).await;
        let subject = auction.map(AuditSubject::Auction);
        room.account_for(&origin, &visitor, AuditAction::AuctionDeleted, subject).await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// An auction that the visitor may change.
async fn owned(
    room: &AuctionRoom,
    auction: Option<AuctionId>,
    visitor: &Visitor,
) -> ApiResult<ListedAuction> {
    let found = room.listed(auction, Some(visitor)).await?;
    if !owns(&found.auction, visitor) || visitor.facts.banned {
        return Err(ApiError::forbidden());
    }
    Ok(found)
}

/// An auction whose listing the visitor may change now.
pub(super) async fn changeable(
    room: &AuctionRoom,
    auction: Option<AuctionId>,
    visitor: &Visitor,
) -> ApiResult<ListedAuction> {
    let found = owned(room, auction, visitor).await?;
    let now = room.now();
    if !is_open(&found.auction, now) && !visitor.is_staff() {
        return Err(started(&found.auction, now));
    }
    Ok(found)
}

/// Whether everything may still change.
fn is_open(auction: &Auction, now: Timestamp) -> bool {
    matches!(auction.phase_at(now), Phase::Draft | Phase::Scheduled)
}

fn started(auction: &Auction, now: Timestamp) -> ApiError {
    not_now(auction, now, "An auction that has started cannot be changed.")
}

fn not_now(auction: &Auction, now: Timestamp, sentence: &str) -> ApiError {
    let status = auction.phase_at(now).name();
    ApiError::new(StatusCode::CONFLICT, "illegal_transition", sentence).with("status", status)
}

async fn change(
    room: &AuctionRoom,
    visitor: &Visitor,
    before: ListedAuction,
    body: &[u8],
) -> ApiResult<ListedAuction> {
    let stamp = room.stamp();
    let mut fields = Fields::parse(body)?;
    let is_open = is_open(&before.auction, stamp.at());
    if !is_open && (!visitor.is_staff() || asks_for_another_charter(&fields)) {
        return Err(started(&before.auction, stamp.at()));
    }
    let words = read_words(room, &mut fields, &before.listing).await?;
    let charter = if asks_for_another_charter(&fields) {
        read_charter(room, &mut fields, &before.auction, stamp.at())
    } else {
        None
    };
    fields.finish()?;
    let id = before.auction.id();
    if let Some(charter) = charter.filter(|charter| charter != &**before.auction.charter()) {
        let action = Action::Revise(Arc::new(charter));
        room.hand_in(stamp, Errand { auction: Some(id), visitor, key: None, action }).await?;
    }
    let before = room.listed(Some(id), Some(visitor)).await?;
    relist(room, before, visitor, |listing| words.over(listing)).await
}

/// Whether a body names anything that seller and house have agreed on.
fn asks_for_another_charter(fields: &Fields<'_>) -> bool {
    let agreed = ["currency", "starting_price", "start_date_time", "end_date_time", "terms"];
    agreed.iter().any(|field| !matches!(fields.raw(field), Given::Absent))
}

/// What is to be read about an auction where a body says something.
struct Words {
    title: Option<String>,
    description: Option<String>,
    category: Option<Option<CategoryId>>,
}

impl Words {
    /// A listing with what was said; the rest stays.
    fn over(&self, before: &Listing) -> ApiResult<Listing> {
        let title = self.title.as_deref().unwrap_or(before.title());
        let description = self.description.as_deref().unwrap_or(before.description());
        let category = self.category.unwrap_or(before.category());
        let after = Listing::new(title, description, category);
        let after = after.map_err(|error| ApiError::field("title", error.to_string()))?;
        Ok(after.with_images(before.images().to_vec()))
    }
}

async fn read_words(room: &AuctionRoom, fields: &mut Fields<'_>, before: &Listing) -> ApiResult<Words> {
    let title = fields.optional("title", text).map(Cow::into_owned);
    let description = fields.optional("description", text).map(Cow::into_owned);
    let category = match fields.nullable("category", whole) {
        Given::Absent => None,
        Given::Null => Some(None),
        Given::Value(number) => Some(known_category(room, fields, number).await?),
    };
    let words = Words { title, description, category };
    let title = words.title.as_deref().unwrap_or(before.title());
    let description = words.description.as_deref().unwrap_or(before.description());
    listing(fields, title, description, None);
    Ok(words)
}

fn read_charter(
    room: &AuctionRoom,
    fields: &mut Fields<'_>,
    before: &Auction,
    now: Timestamp,
) -> Option<Charter> {
    let currency = fields.optional("currency", read_currency).unwrap_or(before.terms().currency);
    let price = match fields.raw("starting_price") {
        Given::Absent => Some(before.terms().starting_price),
        _ => fields.optional("starting_price", amount(currency)),
    };
    let start = fields.optional("start_date_time", time).or(Some(before.schedule().starts_at()));
    let end = fields.optional("end_date_time", time).or(Some(before.schedule().ends_at()));
    let terms = match fields.raw("terms") {
        Given::Absent => revised(fields, before.terms(), None, &room.settings().default_terms),
        Given::Null => {
            fields.wrong("terms", crate::extract::NOT_NULL);
            None
        }
        Given::Value(raw) => revised(fields, before.terms(), Some(raw), &room.settings().default_terms),
    };
    let terms = terms.zip(price).and_then(|(document, price)| {
        let terms = document.terms(currency, price).map(|terms| with_seed(room, before.terms(), terms));
        terms.map_err(|errors| fields.wrong_terms(errors)).ok()
    });
    let schedule = schedule(fields, start, end, now);
    let (schedule, terms) = schedule.zip(terms)?;
    charter(fields, before.seller(), schedule, terms)
}

/// Terms with the seed that was committed to before, or with a new one where there was none.
fn with_seed(room: &AuctionRoom, before: &Terms, after: Terms) -> Terms {
    match before.closing {
        ClosingPolicy::Candle { seed: Some(seed), .. } => after.with_seed(seed),
        _ => room.with_seed(after),
    }
}

/// The terms as they stand, with `changes`: what is null there is as if it had never been said.
fn revised(
    fields: &mut Fields<'_>,
    before: &Terms,
    changes: Option<&RawValue>,
    defaults: &TermsDocument,
) -> Option<TermsDocument> {
    let mut standing = before.document();
    let changed = match changes {
        None => TermsDocument::default(),
        Some(raw) => {
            let changed = document(fields, raw)?;
            let mut named = Fields::parse(raw.get().as_bytes()).ok()?;
            standing.retain(|field, _| !matches!(named.nullable(field, Ok), Given::Null));
            changed
        }
    };
    let standing = serde_json::to_string(&standing).ok()?;
    let standing = TermsDocument::parse(&standing).map_err(|errors| fields.wrong_terms(errors)).ok()?;
    Some(changed.over(&standing).or(defaults))
}
