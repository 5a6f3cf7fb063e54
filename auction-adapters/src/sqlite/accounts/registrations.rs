//! From a registration to an account, in SQLite.

use super::credentials::end_sign_ins;
use super::rows::{Table, account, registration};
use super::{failure, integer};
use auction_core::Timestamp;
use auction_core::identity::{Account, Applicant, CodeId, Email, Registration, Role, Selling, Username};
use auction_core::ports::{Failure, NewAccount};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

/// Writes a registration in the place of the one before.
pub(super) async fn register(connection: &mut SqliteConnection, new: &Registration) -> Result<(), Failure> {
    let applicant = new.applicant.as_ref();
    sqlx::query(
        "INSERT OR REPLACE INTO registrations (email_key, email, username, first_name, last_name, \
         password_hash, code_id, code_digest, code_expires, code_attempts, at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
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
    .bind(new.code.attempts)
    .bind(new.at.micros())
    .execute(&mut *connection)
    .await
    .map_err(|error| failure("write a registration", error))?;
    Ok(())
}

/// Writes an account. What is taken is an error of the database.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    new: &NewAccount,
) -> Result<SqliteRow, sqlx::Error> {
    sqlx::query(concat!(
        "INSERT INTO accounts (email, email_key, username, username_key, first_name, last_name, \
         password_hash, is_verified, role, selling, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING ",
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
    .fetch_one(&mut *connection)
    .await
}

/// Writes an account that is not verified for a registration, where the address has none.
pub(super) async fn admit_unverified(
    connection: &mut SqliteConnection,
    new: &Registration,
) -> Result<(), Failure> {
    let Some(applicant) = &new.applicant else { return Ok(()) };
    if holder(connection, &new.email).await?.is_some() {
        return Ok(());
    }
    let account = admitted(connection, applicant, &new.email, new.at).await?;
    let account = NewAccount { is_verified: false, ..account };
    insert(connection, &account).await.map_err(|error| failure("admit somebody", error))?;
    Ok(())
}

/// Makes the registration with this code a verified account; `None`, and nothing is written, where that cannot be.
pub(super) async fn confirm(
    connection: &mut SqliteConnection,
    email: &Email,
    code: CodeId,
    at: Timestamp,
) -> Result<Option<Account>, Failure> {
    let failed = |error| failure("confirm a registration", error);
    let found = sqlx::query(concat!(
        "SELECT ",
        registration_columns!(),
        " FROM registrations WHERE email_key = ?1 AND code_id = ?2"
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
        Some(holder) if holder.password_hash == applicant.password_hash => {
            sqlx::query(concat!(
                "UPDATE accounts SET is_verified = 1 WHERE id = ?1 RETURNING ",
                account_columns!()
            ))
            .bind(integer(holder.id.number()))
            .fetch_one(&mut *connection)
            .await
        }
        Some(_) | None => {
            release(connection, &email).await?;
            let account = admitted(connection, &applicant, &email, at).await?;
            insert(connection, &account).await
        }
    };
    let account = account(&row.map_err(failed)?)?;
    sqlx::query("DELETE FROM registrations WHERE email_key = ?1")
        .bind(email.key())
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    Ok(Some(account))
}

/// Makes an account give up its address, where that is not verified.
pub(super) async fn release(connection: &mut SqliteConnection, email: &Email) -> Result<(), Failure> {
    let failed = |error| failure("release an address", error);
    // No address has a line end in it, so that nothing else is ever found under this key.
    let row = sqlx::query(
        "UPDATE accounts SET email_key = email_key || char(10) || id, username = NULL, username_key = NULL \
         WHERE email_key = ?1 AND is_verified = 0 RETURNING id",
    )
    .bind(email.key())
    .fetch_optional(&mut *connection)
    .await
    .map_err(failed)?;
    let Some(row) = row else { return Ok(()) };
    let user = Table { name: "accounts", row: &row, key: "id" }.user("id")?;
    sqlx::query("DELETE FROM profiles WHERE user_id = ?1")
        .bind(integer(user.number()))
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    end_sign_ins(connection, user, None).await.map_err(failed)
}

/// Who has an address, verified or not.
async fn holder(connection: &mut SqliteConnection, email: &Email) -> Result<Option<Account>, Failure> {
    let row = sqlx::query(concat!("SELECT ", account_columns!(), " FROM accounts WHERE email_key = ?1"))
        .bind(email.key())
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| failure("read an account by its address", error))?;
    row.as_ref().map(account).transpose()
}

/// The account that somebody gets; a name to sign in with that is taken is left out.
async fn admitted(
    connection: &mut SqliteConnection,
    applicant: &Applicant,
    email: &Email,
    at: Timestamp,
) -> Result<NewAccount, Failure> {
    let Applicant { username, first_name, last_name, password_hash } = applicant.clone();
    let owner = sqlx::query("SELECT 1 FROM accounts WHERE username_key = ?1")
        .bind(username.as_ref().map(Username::key))
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| failure("read an account by its name", error))?;
    Ok(NewAccount {
        email: email.clone(),
        username: username.filter(|_| owner.is_none()),
        first_name,
        last_name,
        password_hash,
        is_verified: true,
        role: Role::Client,
        is_seller: false,
        at,
    })
}
