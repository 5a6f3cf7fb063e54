//! Notices and mails, as several processes see them, and what is left of them when one dies.

use super::scene::{at, create, user};
use super::{InDirectory, block_on};
use crate::sqlite::{SqliteNotices, SqliteOptions, SqliteReader, SqliteStore};
use async_trait::async_trait;
use auction_core::AuctionId;
use auction_core::Span;
use auction_core::conformance::{Counter, Mailroom};
use auction_core::identity::Sealed;
use auction_core::money::Currency;
use auction_core::notify::{
    Audience, Channels, MailClass, MailEnd, Manner, NewNotice, NewRound, NoticeFacts, NoticeKind, Plan,
    Position, RoundPage,
};
use auction_core::ports::{Failure, FailureKind, InboxPage, InboxStore as _, Letter};
use auction_core::ports::{OutboxStore as _, RelayStore as _, RowClaim};
use sqlx::Row as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A page and its header.
const FRAME: u64 = 4096 + 24;

#[async_trait]
impl Counter for InDirectory {
    async fn open(&self) -> Result<Arc<dyn Mailroom>, Failure> {
        Ok(Arc::new(SqliteNotices::open(self.path()).await?))
    }
}

mod conformance {
    use super::*;

    auction_core::notices_conformance_tests! {
        block_on: block_on,
        counter: InDirectory::new(SqliteOptions::default()),
    }
}

fn facts() -> NoticeFacts {
    NoticeFacts {
        title: "A lot".to_owned(),
        price: None,
        currency: Currency::USD,
        starts_at: None,
        ends_at: None,
        result: None,
        manner: Manner::Open,
    }
}

fn told(person: u64, kind: NoticeKind, occurrence: u64) -> NewNotice {
    NewNotice {
        user: user(person),
        auction: AuctionId::new(1).unwrap(),
        kind,
        occurrence,
        facts: facts(),
        at: at(10),
        channels: Channels { mail: true, in_app: true },
    }
}

fn plan(before: u64) -> Plan {
    let round = NewRound {
        kind: NoticeKind::Started,
        occurrence: before,
        audience: Audience::Participants,
        except: None,
        facts: facts(),
        due_at: at(10),
    };
    Plan {
        auction: AuctionId::new(1).unwrap(),
        before,
        after: Position { revision: before + 1, leader: None },
        notices: (1..=20).map(|person| told(person, NoticeKind::Outbid, before)).collect(),
        rounds: vec![round],
        dropped: vec![NoticeKind::EndingSoon],
    }
}

fn claim(token: u64) -> RowClaim {
    RowClaim { now: at(20), lease: Span::from_secs(60), token, rows_max: 10 }
}

/// Everything in the tables.
async fn dump(notices: &SqliteNotices) -> String {
    let mut dump = String::new();
    for sql in [
        "SELECT group_concat(concat_ws('/', auction_id, revision, leader)) AS rows FROM notice_positions",
        "SELECT group_concat(concat_ws('/', id, user_id, kind, occurrence, is_read)) AS rows FROM notices",
        "SELECT group_concat(concat_ws('/', id, kind, occurrence, token, called_up_to, is_called)) AS rows \
         FROM notice_rounds",
        "SELECT group_concat(concat_ws('/', id, notice_id, state, attempts, due_at, token, sealed IS NULL)) AS rows \
         FROM mails",
    ] {
        let row =
            sqlx::query(sql).fetch_one(&mut *notices.readers.take("dump").await.unwrap()).await.unwrap();
        dump.push_str(&row.get::<Option<String>, _>("rows").unwrap_or_default());
        dump.push('\n');
    }
    dump
}

fn log(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// A plan, a page of a round, a claim or what became of mails: all of it or nothing, wherever the process dies.
#[test]
fn whatever_is_left_of_the_log_holds_whole_plans_pages_and_ends() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default());
        let notices = SqliteNotices::open(place.path()).await.unwrap();
        let mut known = vec![dump(&notices).await];
        for step in 0..3 {
            notices.plan(&[plan(step)]).await.unwrap();
            known.push(dump(&notices).await);
            let round = notices.claim_rounds(&claim(step)).await.unwrap().pop().unwrap();
            known.push(dump(&notices).await);
            let called = (1..=20).map(|person| told(person, NoticeKind::Started, step)).collect();
            let up_to = (step == 1).then(|| user(20));
            let page = RoundPage { round: round.id, token: step, notices: called, called_up_to: up_to };
            assert_eq!(notices.call(&page).await.unwrap().unwrap().len(), 20);
            known.push(dump(&notices).await);
            let mails = notices.claim_mails(&claim(step)).await.unwrap();
            known.push(dump(&notices).await);
            let ends: Vec<_> = mails.iter().map(|mail| (mail.id, MailEnd::Sent)).collect();
            notices.settle_mails(step, &ends).await.unwrap();
            known.push(dump(&notices).await);
        }
        let bytes = fs::read(log(&place.path())).unwrap();
        let whole = bytes.len() as u64;
        assert!(whole > 60 * FRAME, "{whole} bytes are too short to say anything");
        let cuts = (0..).map(|step| 32 + step * FRAME).take_while(|cut| *cut < whole);
        let mut seen = 0;
        for cut in cuts.flat_map(|cut| [cut, cut + FRAME / 2]).chain([whole]).filter(|cut| *cut <= whole) {
            let copy = InDirectory::new(SqliteOptions::default());
            fs::copy(place.path(), copy.path()).unwrap();
            fs::write(log(&copy.path()), &bytes[..usize::try_from(cut).unwrap()]).unwrap();
            let left = dump(&SqliteNotices::open(copy.path()).await.unwrap()).await;
            let found = known.iter().position(|known| *known == left);
            let found = found.unwrap_or_else(|| panic!("cut at {cut}: half of something\n{left}"));
            assert!(found >= seen, "cut at {cut}: a longer log has less in it");
            seen = found;
        }
        assert_eq!(seen, known.len() - 1, "the whole log has everything in it");
    });
}

/// Whoever walks away in the middle leaves nothing half done, and nobody waiting.
#[test]
fn a_call_that_is_given_up_leaves_all_or_nothing() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default());
        let notices = SqliteNotices::open(place.path()).await.unwrap();
        let mut position = 0;
        for polls in 0..60 {
            let plans = [plan(position)];
            let mut call = notices.plan(&plans);
            for _ in 0..polls {
                if futures_util::poll!(&mut call).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            drop(call);
            let auction = [plans[0].auction];
            // It is known what became of it when somebody writes after it.
            notices.read_all_notices(user(1)).await.unwrap();
            let known = notices.positions(&auction).await.unwrap()[0].revision;
            assert!(known == position || known == position + 1, "{known} after {position}");
            let inbox = notices.inbox(user(20), InboxPage::Before(None), 9).await.unwrap();
            assert_eq!(inbox.first().map(|notice| notice.occurrence + 1).unwrap_or(0), known);
            position = known;
        }
        notices.plan(&[plan(position)]).await.unwrap()[0].as_ref().unwrap();
    });
}

#[test]
fn the_check_of_auctions_and_readers_pass_over_notices() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default());
        // Whoever opens the file first.
        let notices = SqliteNotices::open(place.path()).await.unwrap();
        assert!(SqliteReader::open(place.path()).await.is_err(), "there are no auctions yet");
        let store = SqliteStore::open(place.path(), place.options.clone()).await.unwrap();
        create(&store).await;
        notices.plan(&[plan(0)]).await.unwrap();
        let checked = store.check(|_| {}).await.unwrap();
        assert!(checked.is_sound() && checked.auctions == 3, "{checked:?}");
        let checked = SqliteReader::open(place.path()).await.unwrap().check(|_| {}).await.unwrap();
        assert!(checked.is_sound() && checked.auctions == 3, "{checked:?}");
        notices.close().await;
        assert!(notices.next_mail().await.is_err());
        assert!(SqliteNotices::open(place.path()).await.unwrap().next_mail().await.unwrap().is_some());
    });
}

#[test]
fn a_row_of_a_notice_that_makes_no_sense_is_named() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default());
        let notices = SqliteNotices::open(place.path()).await.unwrap();
        notices.plan(&[plan(0)]).await.unwrap();
        let mut draft = notices.pen.begin("spoil a row").await.unwrap();
        sqlx::query("UPDATE notices SET kind = 'rumour' WHERE user_id = 7")
            .execute(&mut *draft)
            .await
            .unwrap();
        draft.commit().await.unwrap();
        let failure = notices.inbox(user(7), InboxPage::Before(None), 9).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Corrupt);
        let source = failure.source.unwrap().to_string();
        assert_eq!(source, "table notices, column kind, row 7: there is no such name");
    });
}

/// Erased in the file as well, not only in what is answered.
#[test]
fn a_secret_that_was_sent_is_nowhere_in_the_tables() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default());
        let notices = SqliteNotices::open(place.path()).await.unwrap();
        let sealed = Sealed::from_bytes(b"a secret".to_vec());
        let letter = |name: &str| Letter {
            message_id: name.to_owned(),
            class: MailClass::Secret,
            sealed: sealed.clone(),
            at: at(0),
            expires_at: at(100),
        };
        for (token, end) in [(1, MailEnd::Sent), (2, MailEnd::Dropped)] {
            let id = notices.post(&letter(&format!("mail{token}"))).await.unwrap();
            notices.claim_mails(&claim(token)).await.unwrap();
            notices.settle_mails(token, &[(id, end)]).await.unwrap();
        }
        notices.post(&letter("expired")).await.unwrap();
        notices.forget_mails(at(100), at(0)).await.unwrap();
        let row = sqlx::query("SELECT count(*) AS count, count(sealed) AS sealed FROM mails");
        let row = row.fetch_one(&mut *notices.readers.take("dump").await.unwrap()).await.unwrap();
        assert_eq!((row.get::<i64, _>("count"), row.get::<i64, _>("sealed")), (3, 0));
    });
}
