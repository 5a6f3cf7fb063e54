//! Many sessions at once.

use super::rows::{Table, account, session};
use super::{Readers, failure, signed};
use auction_core::identity::{Account, Session, SessionId, SessionKey, TokenDigest};
use auction_core::ports::{Failure, FailureKind};
use data_encoding::HEXLOWER;
use std::collections::HashMap;

/// Sessions by what is stored of their tokens, and sessions by their numbers: each half goes along an index.
const FIND: &str = concat!(
    "SELECT sessions.token, ",
    session_columns!(),
    ", ",
    account_columns!(),
    " FROM sessions JOIN accounts ON accounts.id = sessions.user_id WHERE sessions.token IN (SELECT ",
    unhex!("wanted.value"),
    " FROM ",
    each!("$1", "wanted"),
    ") UNION ALL SELECT sessions.token, ",
    session_columns!(),
    ", ",
    account_columns!(),
    " FROM sessions JOIN accounts ON accounts.id = sessions.user_id WHERE sessions.id IN (SELECT \
     CAST(wanted.value AS BIGINT) FROM ",
    each!("$2", "wanted"),
    ")"
);

/// Sessions and whose they are, in the order of the question.
pub(super) async fn find(
    readers: &Readers,
    keys: &[SessionKey],
) -> Result<Vec<Option<(Session, Account)>>, Failure> {
    const OPERATION: &str = "read sessions";
    let (mut tokens, mut numbers) = (Vec::new(), Vec::new());
    for key in keys {
        match key {
            SessionKey::Token(token) => tokens.push(HEXLOWER.encode(token.as_bytes())),
            SessionKey::Number(number) => numbers.push(signed(number.number())),
        }
    }
    let json = |error| Failure::new(FailureKind::Other, OPERATION, error);
    let rows = sqlx::query(FIND)
        .bind(serde_json::to_string(&tokens).map_err(json)?)
        .bind(serde_json::to_string(&numbers).map_err(json)?)
        .fetch_all(&mut *readers.take(OPERATION).await?)
        .await
        .map_err(|error| failure(OPERATION, error))?;
    let mut by_token = HashMap::<TokenDigest, (Session, Account)>::with_capacity(rows.len());
    let mut tokens = HashMap::<SessionId, TokenDigest>::with_capacity(rows.len());
    for row in &rows {
        let found = session(row)?;
        let table = Table { name: "sessions", row, key: "session_id" };
        let token = table.read("token", |bytes: &[u8]| bytes.try_into().ok().map(TokenDigest::from_bytes))?;
        tokens.insert(found.id, token);
        by_token.insert(token, (found, account(row)?));
    }
    let found = |key: &SessionKey| match key {
        SessionKey::Token(token) => by_token.get(token).cloned(),
        SessionKey::Number(number) => by_token.get(tokens.get(number)?).cloned(),
    };
    Ok(keys.iter().map(found).collect())
}
