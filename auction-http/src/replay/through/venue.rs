//! The server of a replay, and everything that is there before the first bid.

use super::super::input::BidLog;
use super::super::options::Options;
use super::super::play::{charter, is_bought};
use super::ServerError;
use crate::server::{self, House};
use crate::settings::{Settings, Sources};
use auction_adapters::system::SystemEntropy;
use auction_core::auction::{Action, Auction, BidderFacts, Command, Outcome, Recorded, Status};
use auction_core::catalog::Listing;
use auction_core::identity::{Device, Email, PasswordHash, PersonName, Role, SessionStyle, Token};
use auction_core::memory::ManualClock;
use auction_core::ports::{
    AccountStore, CommitId, Created, HISTORY_PAGE_MAX, NewAccount, NewAuction, NewSession, Wanted,
};
use auction_core::service::desk::{Desk, Request};
use auction_core::{AuctionId, Timestamp, UserId};
use std::collections::{BTreeSet, HashMap};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

/// The time at which everything is prepared: before any start, since the clock of a replay is ahead of the log.
const BEFORE: Timestamp = Timestamp::EPOCH;

/// How many people join at once, which is far less than the desk lets wait for one auction.
const JOINS_MAX: usize = 1_024;

/// How often it is looked whether all auctions are closed.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// How long closing all auctions may take.
const CLOSING_DURATION_MAX: Duration = Duration::from_secs(600);

/// The server of a replay, on a clock that is set by hand, with the auctions and the people of a log.
pub(super) struct Venue {
    house: House,
    clock: Arc<ManualClock>,
    address: SocketAddr,
    auctions: Vec<AuctionId>,
    /// Whether the lot of each is bought at a price that stands.
    bought: Vec<bool>,
    /// What each bidder sends to say who they are.
    tokens: Vec<String>,
    bidders: HashMap<UserId, u32>,
    /// Where it keeps everything; removed at the end.
    _folder: TempDir,
}

/// Somebody of the log, as the server knows them.
struct Member {
    id: UserId,
    token: String,
}

impl Venue {
    pub(super) async fn open(log: &BidLog, options: &Options) -> Result<Self, ServerError> {
        let folder = tempfile::Builder::new().prefix("auction-replay-").tempdir()?;
        let clock = Arc::new(ManualClock::new(BEFORE));
        let house = House::open(settings(&folder)?, clock.clone(), Arc::new(SystemEntropy)).await?;
        let parts = house.parts();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        tokio::spawn(server::serve(listener, server::assemble(parts), parts.stop.clone()));

        let accounts = parts.people.accounts().store();
        let seller = member(accounts, "seller".to_owned()).await?;
        let (mut tokens, mut bidders) = (Vec::new(), HashMap::new());
        for number in 0..log.bidders() {
            let member = member(accounts, format!("bidder-{number}")).await?;
            bidders.insert(member.id, tokens.len() as u32);
            tokens.push(member.token);
        }
        let mut venue = Self {
            house,
            clock,
            address,
            auctions: Vec::new(),
            bought: Vec::new(),
            tokens,
            bidders,
            _folder: folder,
        };
        venue.put_up(log, options, seller.id).await?;
        venue.let_join(log).await?;
        Ok(venue)
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn clock(&self) -> &ManualClock {
        &self.clock
    }

    pub(super) fn auction(&self, lot: u32) -> AuctionId {
        self.auctions[lot as usize]
    }

    /// Whether a lot is bought at a price that stands, and not bid for.
    pub(super) fn is_bought(&self, lot: u32) -> bool {
        self.bought[lot as usize]
    }

    /// What a bidder sends to say who they are.
    pub(super) fn token(&self, bidder: u32) -> &str {
        &self.tokens[bidder as usize]
    }

    /// Whose number in the log somebody has.
    pub(super) fn bidder(&self, user: UserId) -> u32 {
        self.bidders[&user]
    }

    /// Makes the auctions of a log.
    async fn put_up(&mut self, log: &BidLog, options: &Options, seller: UserId) -> Result<(), ServerError> {
        let lots = log.lots().iter().zip(log.rows().chunk_by(|one, other| one.lot == other.lot));
        for (number, (lot, rows)) in lots.enumerate() {
            let listing = Listing::new(&format!("Lot {}", number + 1), "", None);
            let new = NewAuction {
                commit: CommitId::random(&SystemEntropy),
                charter: Arc::new(charter(seller, lot, rows, options)?),
                listing: listing.expect("invariant: a short title"),
                draft: false,
                at: BEFORE,
            };
            let auction = self.house.parts().auctions.create(&new).await?;
            self.auctions.push(auction.id());
            self.bought.push(is_bought(auction.terms().format));
        }
        Ok(())
    }

    /// Lets everybody join the auctions in which they are going to bid.
    async fn let_join(&self, log: &BidLog) -> Result<(), ServerError> {
        let users: HashMap<u32, UserId> =
            self.bidders.iter().map(|(user, bidder)| (*bidder, *user)).collect();
        let places: BTreeSet<(u32, u32)> = log.rows().iter().map(|row| (row.lot, row.bidder)).collect();
        let requests = places.into_iter().map(|(lot, bidder)| Request {
            auction: self.auction(lot),
            command: Command::of(users[&bidder], BEFORE, Action::Join),
            facts: BidderFacts::VERIFIED,
            key: None,
        });
        let requests: Vec<Request> = requests.collect();
        for some in requests.chunks(JOINS_MAX) {
            for reply in Desk::submit(&self.house.parts().desk, some.to_vec()).await {
                reply.map_err(|refusal| ServerError::Refused(format!("nobody can join: {refusal:?}")))?;
            }
        }
        Ok(())
    }

    /// Sets the clock to the last end, waits until the server has closed everything, and answers all auctions in
    /// the order of the log; of those that sold units what happened, too.
    pub(super) async fn run_out(&self) -> Result<Vec<(Auction, Vec<Recorded>)>, ServerError> {
        let mut ended = Vec::with_capacity(self.auctions.len());
        for auction in self.closed().await? {
            let is_needed =
                matches!(auction.status(), Status::Ended { outcome: Outcome::SoldUnits { .. }, .. });
            let log = if is_needed { self.log(auction.id()).await? } else { Vec::new() };
            ended.push((auction, log));
        }
        Ok(ended)
    }

    async fn log(&self, auction: AuctionId) -> Result<Vec<Recorded>, ServerError> {
        let mut log: Vec<Recorded> = Vec::new();
        loop {
            let read = log.last().map_or(0, |recorded| recorded.revision);
            let page = self.house.parts().auctions.history(auction, read, HISTORY_PAGE_MAX).await?;
            if page.is_empty() {
                return Ok(log);
            }
            log.extend(page);
        }
    }

    async fn closed(&self) -> Result<Vec<Auction>, ServerError> {
        let ends = self.load().await?.iter().map(Auction::ends_at).max();
        self.clock.set(ends.unwrap_or(BEFORE).max(auction_core::ports::Clock::now(&*self.clock)));
        let closed = async {
            loop {
                // It was asleep until a time that has passed on a clock which it cannot hear.
                self.house.parts().desk.expect(BEFORE);
                let auctions = self.load().await?;
                if auctions.iter().all(|auction| auction.deadline().is_none()) {
                    return Ok(auctions);
                }
                sleep(LOOK_EVERY).await;
            }
        };
        timeout(CLOSING_DURATION_MAX, closed).await.unwrap_or(Err(ServerError::Unclosed))
    }

    async fn load(&self) -> Result<Vec<Auction>, ServerError> {
        let wanted = Wanted { auctions: self.auctions.clone(), ..Wanted::NOTHING };
        let found = self.house.parts().auctions.load(&wanted).await?.auctions;
        let missing = || ServerError::Refused("an auction is gone".to_owned());
        found.into_iter().map(|auction| auction.ok_or_else(missing)).collect()
    }

    /// Ends in good order, and removes what was stored.
    pub(super) async fn close(self) {
        // Everything that was wanted of it is known.
        let _ = self.house.close().await;
    }
}

fn settings(folder: &TempDir) -> Result<Settings, ServerError> {
    let sources = ["RATE_LIMIT_ANON", "RATE_LIMIT_USER", "RATE_LIMIT_BIDS"]
        .into_iter()
        .fold(Sources::new(folder.path()), |sources, limit| sources.with_flag(limit, "off"));
    Settings::parse(&sources).map_err(|problems| ServerError::Refused(problems.to_string()))
}

/// Makes somebody who is signed in for good. They have no password: nobody signs in with one here, and hashing
/// thousands of them would take longer than the bidding.
async fn member(accounts: &dyn AccountStore, name: String) -> Result<Member, ServerError> {
    let wrong = |error: &dyn std::fmt::Display| ServerError::Refused(format!("{name}: {error}"));
    let new = NewAccount {
        email: Email::parse(&format!("{name}@replay.invalid")).map_err(|error| wrong(&error))?,
        username: None,
        first_name: PersonName::parse("Replayed").map_err(|error| wrong(&error))?,
        last_name: PersonName::parse("Bidder").map_err(|error| wrong(&error))?,
        password_hash: PasswordHash::new(String::new()),
        is_verified: true,
        role: Role::Client,
        is_seller: false,
        at: BEFORE,
    };
    let Created::Account(account) = accounts.create(&new).await? else {
        return Err(wrong(&"the name is taken"));
    };
    let token = Token::draw(&SystemEntropy);
    let session = NewSession {
        user: account.id,
        token: token.digest(),
        style: SessionStyle::Opaque,
        device: Device::new("replay"),
        at: BEFORE,
        expires_at: Timestamp::MAX,
    };
    accounts.add_session(&session).await?;
    Ok(Member { id: account.id, token: format!("Token {}", token.reveal()) })
}
