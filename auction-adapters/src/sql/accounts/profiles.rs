//! What people say about themselves.

use super::rows::profile;
use super::{Accounts, Connection, Row, failure, signed};
use async_trait::async_trait;
use auction_core::UserId;
use auction_core::identity::{Bio, Location, MediaPath, Profile, ProfileChange, Website};
use auction_core::ports::{Failure, ProfileStore};
use sqlx::Row as _;

macro_rules! profile_columns {
    () => {
        "profiles.user_id, profiles.phone, profiles.address, profiles.avatar, profiles.bio, profiles.location, \
         profiles.website, profiles.birth_date"
    };
}

#[async_trait]
impl ProfileStore for Accounts {
    async fn profile(&self, user: UserId) -> Result<Option<Profile>, Failure> {
        const OPERATION: &str = "read a profile";
        let row = sqlx::query(concat!(
            "SELECT accounts.id, ",
            profile_columns!(),
            " FROM accounts LEFT JOIN profiles ON profiles.user_id = accounts.id WHERE accounts.id = $1"
        ))
        .bind(signed(user.number()))
        .fetch_optional(&mut *self.readers.take(OPERATION).await?)
        .await
        .map_err(|error| failure(OPERATION, error))?;
        row.as_ref().map(written).transpose()
    }
}

/// Changes a profile, and answers it as it is then. The account is locked, so that nobody else changes it meanwhile.
pub(super) async fn change(
    connection: &mut Connection,
    user: UserId,
    change: ProfileChange,
) -> Result<Profile, Failure> {
    let failed = |error| failure("change a profile", error);
    let row = sqlx::query(concat!("SELECT ", profile_columns!(), " FROM profiles WHERE user_id = $1"))
        .bind(signed(user.number()))
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed)?;
    let before = row.as_ref().map(profile).transpose()?.unwrap_or_default();
    let after = before.clone().changed(change);
    if after == before {
        return Ok(after);
    }
    sqlx::query(
        "INSERT INTO profiles (user_id, phone, address, avatar, bio, location, website, birth_date) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (user_id) DO UPDATE SET \
         phone = excluded.phone, address = excluded.address, avatar = excluded.avatar, bio = excluded.bio, \
         location = excluded.location, website = excluded.website, birth_date = excluded.birth_date",
    )
    .bind(signed(user.number()))
    .bind(after.phone.as_str())
    .bind(after.address.as_str())
    .bind(after.avatar.as_ref().map(MediaPath::as_str))
    .bind(after.bio.as_ref().map(Bio::as_str))
    .bind(after.location.as_ref().map(Location::as_str))
    .bind(after.website.as_ref().map(Website::as_str))
    .bind(after.birth_date.map(|date| date.to_string()))
    .execute(connection)
    .await
    .map_err(failed)?;
    Ok(after)
}

/// The profile of an account, which may have said nothing.
fn written(row: &Row) -> Result<Profile, Failure> {
    let has_row = row.try_get::<Option<i64>, _>("user_id").is_ok_and(|user| user.is_some());
    if has_row { profile(row) } else { Ok(Profile::default()) }
}
