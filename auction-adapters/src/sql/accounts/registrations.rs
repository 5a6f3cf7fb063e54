//! From a registration to an account.

use super::credentials::end_sign_ins;
use super::rows::{Table, account, registration};
use super::{Connection, Row, failure, refused, signed};
use auction_core::Timestamp;
use auction_core::identity::{Account, Applicant, CodeId, Email, Registration, Role, Selling, Username};
use auction_core::ports::{Failure, FailureKind, NewAccount};
use sqlx::Row as _;

/// Writes a registration in the place of the one before.
pub(super) async fn register(connection: &mut Connection, new: &Registration) -> Result<(), Failure> {
    let applicant = new.applicant.as_ref();
    sqlx::query(
        "INSERT INTO registrations (email_key, email, username, first_name, last_name, password_hash, code_id, \
         code_digest, code_expires, code_attempts, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (email_key) DO UPDATE SET email = excluded.email, username = excluded.username, \
         first_name = excluded.first_name, last_name = excluded.last_name, \
         password_hash = excluded.password_hash, code_id = excluded.code_id, \
         code_digest = excluded.code_digest, code_expires = excluded.code_expires, \
         code_attempts = excluded.code_attempts, at = excluded.at",
    )
    .bind(new.email.key())
    .bind(new.email.typed())
    .bind(applicant.and_then(|applicant| applicant.username.as_ref()).map(Username::as_str))
    .bind(applicant.map(|applicant| applicant.first_name.as_str()))
    .bind(applicant.map(|applicant| applicant.last_name.as_str()))
    .bind(applicant.map(|applicant| applicant.password_hash.as_str()))
    .bind(new.code.id.as_bytes().as_slice())
    .bind(new.code.digest.as_bytes().as_slice())
    .bind(new.code.expires_at.micros())
    .bind(i64::from(new.code.attempts))
    .bind(new.at.micros())
    .execute(connection)
    .await
    .map_err(|error| failure("write a registration", error))?;
    Ok(())
}

/// Writes an account; `None`, and nothing is written, where its address or its name is taken. Its address is held.
pub(super) async fn insert(connection: &mut Connection, new: &NewAccount) -> Result<Option<Row>, Failure> {
    const OPERATION: &str = "write an account";
    let failed = |error| failure(OPERATION, error);
    // Looked for first: then one only waits for a name that is being taken, never for one that is being given up. Two
    // who each give up the name that the other wants do not wait for each other.
    if let Some(username) = &new.username
        && owner(connection, username).await.map_err(failed)?.is_some()
    {
        return Ok(None);
    }
    sqlx::query(concat!(
        "INSERT INTO accounts (email, email_key, username, username_key, first_name, last_name, \
         password_hash, is_verified, role, selling, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING ",
        account_columns!()
    ))
    .bind(new.email.typed())
    .bind(new.email.key())
    .bind(new.username.as_ref().map(Username::as_str))
    .bind(new.username.as_ref().map(Username::key))
    .bind(new.first_name.as_str())
    .bind(new.last_name.as_str())
    .bind(new.password_hash.as_str())
    .bind(new.is_verified)
    .bind(new.role.name())
    .bind(if new.is_seller { Selling::Allowed } else { Selling::No }.name())
    .bind(new.at.micros())
    .fetch_optional(connection)
    .await
    .map_err(failed)
}

/// Writes an account that is not verified for a registration, where the address has none. The address is held.
pub(super) async fn admit_unverified(connection: &mut Connection, new: &Registration) -> Result<(), Failure> {
    let Some(applicant) = &new.applicant else { return Ok(()) };
    if holder(connection, &new.email).await?.is_none() {
        let account = admitted(applicant, &new.email, new.at);
        admit(connection, NewAccount { is_verified: false, ..account }).await?;
    }
    Ok(())
}

/// Makes the registration with this code a verified account; `None`, and nothing is written, where that cannot be. The
/// address is held: whoever comes second finds no registration.
pub(super) async fn confirm(
    connection: &mut Connection,
    email: &Email,
    code: CodeId,
    at: Timestamp,
) -> Result<Option<Account>, Failure> {
    let failed = |error| failure("confirm a registration", error);
    let found = sqlx::query(concat!(
        "SELECT ",
        registration_columns!(),
        " FROM registrations WHERE email_key = $1 AND code_id = $2",
        for_update!()
    ))
    .bind(email.key())
    .bind(code.as_bytes().as_slice())
    .fetch_optional(&mut *connection)
    .await
    .map_err(failed)?;
    let Some(Registration { email, applicant: Some(applicant), .. }) =
        found.as_ref().map(registration).transpose()?
    else {
        return Ok(None);
    };
    let row = match holder(connection, &email).await? {
        Some(holder) if holder.is_verified => return Ok(None),
        Some(holder) if holder.password_hash == applicant.password_hash => sqlx::query(concat!(
            "UPDATE accounts SET is_verified = TRUE WHERE id = $1 RETURNING ",
            account_columns!()
        ))
        .bind(signed(holder.id.number()))
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?,
        Some(_) | None => {
            release(connection, &email).await?;
            admit(connection, admitted(&applicant, &email, at)).await?
        }
    };
    let account = account(&row)?;
    sqlx::query("DELETE FROM registrations WHERE email_key = $1")
        .bind(email.key())
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(Some(account))
}

/// Makes an account give up its address, where that is not verified. Of one that is being verified at this moment it
/// is seen that it is.
pub(super) async fn release(connection: &mut Connection, email: &Email) -> Result<(), Failure> {
    let failed = |error| failure("release an address", error);
    // No address has a line end in it, so that nothing else is ever found under this key.
    let row = sqlx::query(
        "UPDATE accounts SET email_key = email_key || $2 || CAST(id AS TEXT), username = NULL, username_key = NULL \
         WHERE email_key = $1 AND is_verified = FALSE RETURNING id",
    )
    .bind(email.key())
    .bind("\n")
    .fetch_optional(&mut *connection)
    .await
    .map_err(failed)?;
    let Some(row) = row else { return Ok(()) };
    let user = Table { name: "accounts", row: &row, key: "id" }.user("id")?;
    sqlx::query("DELETE FROM profiles WHERE user_id = $1")
        .bind(signed(user.number()))
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    end_sign_ins(connection, user, None).await.map_err(failed)
}

/// Who has an address, verified or not; they keep it until the end.
pub(super) async fn holder(connection: &mut Connection, email: &Email) -> Result<Option<Account>, Failure> {
    let row = sqlx::query(concat!(
        "SELECT ",
        account_columns!(),
        " FROM accounts WHERE email_key = $1",
        for_update!()
    ))
    .bind(email.key())
    .fetch_optional(connection)
    .await
    .map_err(|error| failure("read an account by its address", error))?;
    row.as_ref().map(account).transpose()
}

/// The number of who has a name to sign in with.
pub(super) async fn owner(
    connection: &mut Connection,
    username: &Username,
) -> Result<Option<i64>, sqlx::Error> {
    let row = sqlx::query("SELECT id FROM accounts WHERE username_key = $1")
        .bind(username.key())
        .fetch_optional(connection)
        .await?;
    row.map(|row| row.try_get("id")).transpose()
}

/// Writes an account for an address that is held and free; a name to sign in with that is taken is left out.
async fn admit(connection: &mut Connection, new: NewAccount) -> Result<Row, Failure> {
    if let Some(row) = insert(connection, &new).await? {
        return Ok(row);
    }
    let row = insert(connection, &NewAccount { username: None, ..new }).await?;
    row.ok_or_else(|| refused(FailureKind::Unavailable, "admit somebody", "the address was taken meanwhile"))
}

/// The account that somebody gets.
fn admitted(applicant: &Applicant, email: &Email, at: Timestamp) -> NewAccount {
    let Applicant { username, first_name, last_name, password_hash } = applicant.clone();
    NewAccount {
        email: email.clone(),
        username,
        first_name,
        last_name,
        password_hash,
        is_verified: true,
        role: Role::Client,
        is_seller: false,
        at,
    }
}
