//! What rows of notices, rounds and mails say.

use super::columns::Reading;
use auction_core::notify::{
    Audience, Channels, MailClass, MailContent, MailId, MailReport, MailState, NewRound, Notice, NoticeId,
    NoticeKind, OutgoingMail, Round, RoundId,
};
use auction_core::ports::Failure;

/// A token in a column: all of its bits.
pub(super) const fn signed_token(token: u64) -> i64 {
    token.cast_signed()
}

/// A notice, from its own columns.
pub(super) fn notice(row: &Reading<'_>) -> Result<Notice, Failure> {
    Ok(Notice {
        id: NoticeId(row.unsigned("notice_id")?),
        user: row.user_id("user_id")?,
        auction: row.auction_id("auction_id")?,
        kind: row.named("kind", NoticeKind::named)?,
        occurrence: row.unsigned("occurrence")?,
        facts: row.json("facts")?,
        at: row.time("at")?,
        in_app: row.flag("in_app")?,
        is_read: row.flag("is_read")?,
    })
}

/// A round that was just claimed with this token.
pub(super) fn round(row: &Reading<'_>, token: u64) -> Result<Round, Failure> {
    let call = NewRound {
        kind: row.named("kind", NoticeKind::named)?,
        occurrence: row.unsigned("occurrence")?,
        audience: row.named("audience", Audience::named)?,
        except: row.maybe_user_id("except_user")?,
        facts: row.json("facts")?,
        due_at: row.time("due_at")?,
    };
    let called_up_to = row.maybe_user_id("called_up_to")?;
    let id = RoundId(row.unsigned("id")?);
    Ok(Round { id, token, auction: row.auction_id("auction_id")?, call, called_up_to })
}

/// What somebody chose for one kind.
pub(super) fn choice(row: &Reading<'_>) -> Result<(NoticeKind, Channels), Failure> {
    let channels = Channels { mail: row.flag("mail")?, in_app: row.flag("in_app")? };
    Ok((row.named("kind", NoticeKind::named)?, channels))
}

/// A mail that was just claimed with this token, with the columns of its notice where it has one.
pub(super) fn mail(row: &Reading<'_>, token: u64) -> Result<OutgoingMail, Failure> {
    let content = match row.maybe_sealed("sealed")? {
        Some(sealed) => MailContent::Sealed(sealed),
        None => MailContent::Notice(Box::new(notice(row)?)),
    };
    Ok(OutgoingMail {
        id: MailId(row.unsigned("id")?),
        token,
        message_id: row.text("message_id")?,
        class: row.named("class", MailClass::named)?,
        content,
        attempts: row.small("attempts")?,
        written_at: row.time("written_at")?,
        expires_at: row.time("expires_at")?,
    })
}

/// What the house may know about a mail.
pub(super) fn report(row: &Reading<'_>) -> Result<MailReport, Failure> {
    Ok(MailReport {
        id: MailId(row.unsigned("id")?),
        state: row.named("state", MailState::named)?,
        class: row.named("class", MailClass::named)?,
        kind: row.maybe_named("kind", NoticeKind::named)?,
        attempts: row.small("attempts")?,
        written_at: row.time("written_at")?,
        due_at: row.time("due_at")?,
        reason: row.maybe_text("reason")?,
    })
}
