//! Pictures of auctions.

use crate::auctions::body::{Id, ImageId};
use crate::auctions::detail::one;
use crate::auctions::edit::changeable;
use crate::auctions::relisting::relist;
use crate::auctions::room::AuctionRoom;
use crate::audit::{Origin, to_the_end};
use crate::error::{ApiError, ApiResult};
use crate::extract::{REQUIRED, Upload};
use crate::pictures::{PICTURE_BYTES_MAX, PictureError, Shape};
use crate::visitors::{Member, Visitor};
use crate::wire::auction::AuctionView;
use crate::wire::problem::WriteProblems;
use auction_core::AuctionId;
use auction_core::admin::{AuditAction, AuditSubject};
use auction_core::catalog::{IMAGES_MAX, Listing};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use utoipa::ToSchema;

/// The largest body of an upload, in bytes: two of the largest pictures, or many ordinary ones.
pub(super) const UPLOAD_BYTES_MAX: usize = 2 * PICTURE_BYTES_MAX + 64 * 1024;

/// The field in which pictures come.
const FIELD: &str = "image";

/// Pictures to add.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = NewImages)]
#[expect(dead_code, reason = "it describes the body; fields are read one by one")]
pub(super) struct ImagesBody {
    /// One picture or several: JPEG, PNG, WebP or GIF, which is found by the content.
    #[schema(value_type = Vec<Picture>)]
    image: Vec<Picture>,
}

/// The file of a picture.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it describes a part of a body")]
pub(super) struct Picture(Vec<u8>);

/// Adds pictures to an auction, behind those that it has.
///
/// Either all are added or none. They are made anew, without metadata: at most 2,048 pixels wide and high, with small
/// ones of at most 480.
#[utoipa::path(
    post,
    operation_id = "add_images",
    path = "/auctions/{id}/images/",
    tag = "auctions",
    security(("token" = [])),
    params(("id" = u64, Path, description = "The auction")),
    request_body(content = inline(ImagesBody), content_type = "multipart/form-data"),
    responses((status = 201, description = "The auction.", body = AuctionView<'_>), WriteProblems)
)]
pub(super) async fn add(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    Id(auction): Id,
    origin: Origin,
    upload: Upload<UPLOAD_BYTES_MAX>,
) -> ApiResult<Response> {
    let before = changeable(&room, auction, &visitor).await?;
    let _place = room.pictures().enter(visitor.user).ok_or_else(ApiError::busy)?;
    let had = before.listing.images().len();
    let mut kept = Vec::new();
    let added = match keep_all(&room, before.auction.id(), had, upload, &mut kept).await {
        Ok(()) => relist(&room, before, &visitor, |listing| with_more(listing, &kept)).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(after) => {
            let subject = auction.map(AuditSubject::Auction);
            room.account_for(&origin, &visitor, AuditAction::PictureAdded, subject).await?;
            one(&room, after, Some(&visitor), StatusCode::CREATED).await
        }
        Err(error) => {
            // Of a failure nobody knows whether the auction names them by now.
            if !error.status().is_server_error() {
                remove_all(&room, &kept).await;
            }
            Err(error)
        }
    }
}

/// Takes a picture away from an auction.
///
/// `n` counts from 0 in `images`.
#[utoipa::path(
    delete,
    operation_id = "remove_image",
    path = "/auctions/{id}/images/{n}/",
    tag = "auctions",
    security(("token" = [])),
    params(
        ("id" = u64, Path, description = "The auction"),
        ("n" = u64, Path, description = "Which picture, from 0"),
    ),
    responses((status = 204, description = "It is gone."), WriteProblems)
)]
pub(super) async fn remove(
    State(room): State<AuctionRoom>,
    Member(visitor): Member,
    ImageId(auction, place): ImageId,
    origin: Origin,
) -> ApiResult<StatusCode> {
    to_the_end(take_away(room, visitor, auction, place, origin)).await
}

async fn take_away(
    room: AuctionRoom,
    visitor: Visitor,
    auction: Option<AuctionId>,
    place: Option<usize>,
    origin: Origin,
) -> ApiResult<StatusCode> {
    let before = changeable(&room, auction, &visitor).await?;
    let path = place.and_then(|place| before.listing.images().get(place)).ok_or_else(ApiError::not_found)?;
    let path = path.clone();
    let after = relist(&room, before, &visitor, |listing| without(listing, &path)).await?;
    // Nothing is removed before the auction has ceased to name it: a crash leaves a file, never a hole.
    if !after.listing.images().contains(&path) {
        room.pictures().remove(&path).await;
    }
    let subject = auction.map(AuditSubject::Auction);
    room.account_for(&origin, &visitor, AuditAction::PictureRemoved, subject).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps all files of an upload, and notes their paths in `kept` as it goes.
async fn keep_all(
    room: &AuctionRoom,
    auction: AuctionId,
    had: usize,
    mut upload: Upload<UPLOAD_BYTES_MAX>,
    kept: &mut Vec<String>,
) -> ApiResult<()> {
    let folder = format!("auctions/{}", auction.number());
    while let Some(file) = upload.next_file(FIELD, PICTURE_BYTES_MAX).await? {
        if had + kept.len() >= IMAGES_MAX {
            return Err(too_many());
        }
        match room.pictures().keep(&folder, file, Shape::Whole).await {
            Ok(path) => kept.push(path),
            Err(PictureError::Invalid(error)) => return Err(ApiError::field(FIELD, error.to_string())),
            Err(PictureError::Failed(failure)) => return Err(failure.into()),
        }
    }
    if kept.is_empty() { Err(ApiError::field(FIELD, REQUIRED)) } else { Ok(()) }
}

/// Removes pictures that no auction names.
pub(super) async fn remove_all(room: &AuctionRoom, paths: &[String]) {
    for path in paths {
        room.pictures().remove(path).await;
    }
}

fn with_more(listing: &Listing, more: &[String]) -> ApiResult<Listing> {
    let images = [listing.images(), more].concat();
    if images.len() > IMAGES_MAX { Err(too_many()) } else { Ok(listing.clone().with_images(images)) }
}

/// Without the first picture of this path; it may be gone already.
fn without(listing: &Listing, path: &str) -> ApiResult<Listing> {
    let mut images = listing.images().to_vec();
    let place = images.iter().position(|image| image == path).ok_or_else(ApiError::not_found)?;
    images.remove(place);
    Ok(listing.clone().with_images(images))
}

fn too_many() -> ApiError {
    ApiError::field(FIELD, format!("An auction has at most {IMAGES_MAX} pictures."))
}
