//! What is sent of the mails that were claimed, and as what.

use super::Courier;
use crate::auction::Auction;
use crate::id::{AuctionId, UserId};
use crate::notify::{LaidOut, MailClass, MailContent, MailEnd, MailId, Notice, OutgoingMail, notice_matters};
use crate::ports::{Failure, Mail, Recipient, Wanted};
use crate::service::post;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// What was prepared.
pub(super) struct Prepared {
    /// To be sent.
    pub(super) ready: Vec<Ready>,
    /// What became of the rest.
    pub(super) ends: Vec<(MailId, MailEnd)>,
    /// Why nothing is known of what notices are about.
    pub(super) failure: Option<Failure>,
}

/// A mail in words.
pub(super) struct Ready {
    pub(super) id: MailId,
    pub(super) class: MailClass,
    pub(super) attempts: u32,
    pub(super) written_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) mail: Mail,
}

/// What notices are about, and whom they are for.
struct Known {
    auctions: BTreeMap<AuctionId, Auction>,
    recipients: BTreeMap<UserId, Recipient>,
}

impl Courier {
    /// Puts mails into words, and says what becomes of those that are not sent. Mails that are whole already are sent
    /// also where nothing can be learnt about notices.
    pub(super) async fn prepare(&self, claimed: Vec<OutgoingMail>, now: Timestamp) -> Prepared {
        let (known, failure) = match self.look_up(&claimed).await {
            Ok(known) => (Some(known), None),
            Err(failure) => (None, Some(failure)),
        };
        let mut prepared = Prepared { ready: Vec::new(), ends: Vec::new(), failure };
        for outgoing in claimed {
            match self.put_into_words(&outgoing, known.as_ref(), now) {
                Ok(mail) => prepared.ready.push(Ready {
                    id: outgoing.id,
                    class: outgoing.class,
                    attempts: outgoing.attempts,
                    written_at: outgoing.written_at,
                    expires_at: outgoing.expires_at,
                    mail,
                }),
                Err(end) => prepared.ends.push((outgoing.id, end)),
            }
        }
        prepared
    }

    async fn look_up(&self, claimed: &[OutgoingMail]) -> Result<Known, Failure> {
        let notices = claimed.iter().filter_map(|outgoing| match &outgoing.content {
            MailContent::Notice(notice) => Some((notice.auction, notice.user)),
            MailContent::Sealed(_) => None,
        });
        let (mut auctions, mut users): (Vec<_>, Vec<_>) = notices.unzip();
        if users.is_empty() {
            return Ok(Known { auctions: BTreeMap::new(), recipients: BTreeMap::new() });
        }
        auctions.sort_unstable();
        auctions.dedup();
        users.sort_unstable();
        users.dedup();
        let wanted = Wanted { auctions: auctions.clone(), ..Wanted::NOTHING };
        let found = self.parts.auctions.load(&wanted).await?;
        let recipients = self.parts.directory.recipients(&users).await?;
        let auctions = auctions.into_iter().zip(found.auctions);
        let recipients = users.into_iter().zip(recipients);
        Ok(Known {
            auctions: auctions.filter_map(|(id, auction)| Some((id, auction?))).collect(),
            recipients: recipients.filter_map(|(user, recipient)| Some((user, recipient?))).collect(),
        })
    }

    /// The mail, or what becomes of it where it is not sent.
    fn put_into_words(
        &self,
        outgoing: &OutgoingMail,
        known: Option<&Known>,
        now: Timestamp,
    ) -> Result<Mail, MailEnd> {
        let dead = |reason: &str| MailEnd::Dead { reason: reason.to_owned() };
        let mail = match &outgoing.content {
            MailContent::Sealed(_) if now >= outgoing.expires_at => return Err(dead("it has expired")),
            MailContent::Sealed(sealed) => {
                let opened = post::open(&outgoing.message_id, sealed, &self.parts.seal_key);
                let opened = opened.ok_or_else(|| dead("it was sealed with another key"))?;
                Mail {
                    id: outgoing.message_id.clone(),
                    to: opened.to,
                    subject: opened.subject,
                    text: opened.text,
                    html: opened.html,
                    class: outgoing.class,
                    lifetime: outgoing.expires_at.since(now),
                }
            }
            MailContent::Notice(notice) => {
                let known = known.ok_or(MailEnd::Untried { due_at: now })?;
                let recipient = recipient(notice, known, now).ok_or(MailEnd::Dropped)?;
                if now >= outgoing.expires_at {
                    return Err(dead("it has expired"));
                }
                let LaidOut { subject, text, html } =
                    notice.letter(&recipient.name, &self.parts.site_url).lay_out();
                Mail {
                    id: outgoing.message_id.clone(),
                    to: recipient.email.clone(),
                    subject,
                    text,
                    html: Some(html),
                    class: outgoing.class,
                    lifetime: outgoing.expires_at.since(now),
                }
            }
        };
        Ok(mail)
    }
}

/// Whom a notice goes to, where it still matters.
fn recipient<'a>(notice: &Notice, known: &'a Known, now: Timestamp) -> Option<&'a Recipient> {
    let matters = notice_matters(notice, known.auctions.get(&notice.auction), now);
    known.recipients.get(&notice.user).filter(|_| matters)
}
