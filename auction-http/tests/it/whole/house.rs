//! A data folder, the people in it, and the server that serves it.

use super::http::{Answer, Client};
use super::process::{Process, UNLIMITED};
use super::socket::Socket;
use auction_adapters::sqlite::{Checked, SqliteAccounts, SqliteReader};
use auction_adapters::system::{SystemClock, SystemEntropy};
use auction_core::identity::{
    Ban, BanScope, Device, Email, PasswordHash, PersonName, Role, SESSION_LIFETIME, SessionStyle,
    StandingChange, Token,
};
use auction_core::ports::{AccountStore, Clock, Created, NewAccount, NewSession, StandingStore};
use auction_core::{Span, UserId};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;

/// How long auctions last.
const HOUR: Span = Span::from_secs(3_600);

/// A data folder, the people in it, and the server that serves it.
pub(super) struct House {
    pub(super) process: Process,
    pub(super) folder: Folder,
}

/// A data folder and the people in it. Clones share them.
#[derive(Clone)]
pub(super) struct Folder {
    accounts: Arc<dyn Registry>,
    path: PathBuf,
    /// Where everything is that is not in the folder.
    server: Option<String>,
    // Removed after everything else.
    _held: Option<Arc<TempDir>>,
}

/// Where accounts are made, beside the server.
pub(super) trait Registry: AccountStore + StandingStore {}

impl<T: AccountStore + StandingStore> Registry for T {}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) id: UserId,
    pub(super) email: String,
    pub(super) token: String,
}

/// What somebody may do besides bidding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    Bidder,
    Seller,
    Admin,
    Unverified,
}

impl Folder {
    pub(super) async fn new() -> Self {
        let held = tempfile::tempdir().expect("a folder");
        let mut folder = Self::at(held.path()).await;
        folder._held = Some(Arc::new(held));
        folder
    }

    /// A folder of a node, of which everything else is in a database that it shares.
    pub(super) fn beside(server: &str, accounts: Arc<dyn Registry>) -> Self {
        let held = tempfile::tempdir().expect("a folder");
        let (path, server) = (held.path().to_owned(), Some(server.to_owned()));
        Self { accounts, path, server, _held: Some(Arc::new(held)) }
    }

    /// Uses a folder that somebody else made.
    pub(super) async fn at(path: &Path) -> Self {
        let data = path.join("data");
        auction_http::server::make_folder(&data).expect("a folder");
        let accounts = SqliteAccounts::open(data.join("auction.db")).await.expect("a database");
        Self { accounts: Arc::new(accounts), path: path.to_owned(), server: None, _held: None }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn database(&self) -> PathBuf {
        self.path.join("data/auction.db")
    }

    /// Makes an account, and signs it in.
    pub(super) async fn person(&self, name: &str, is: Is) -> Person {
        let email = format!("{name}@example.org");
        let at = SystemClock.now();
        let account = NewAccount {
            email: Email::parse(&email).expect("an address"),
            username: None,
            first_name: PersonName::parse("Ann").expect("a name"),
            last_name: PersonName::parse("Li").expect("a name"),
            password_hash: PasswordHash::new("none".to_owned()),
            is_verified: is != Is::Unverified,
            role: if is == Is::Admin { Role::Admin } else { Role::Client },
            is_seller: is == Is::Seller,
            at,
        };
        let created = self.accounts.create(&account).await.expect("a database");
        let Created::Account(account) = created else { panic!("{email} is there already") };
        let token = Token::draw(&SystemEntropy);
        let session = NewSession {
            user: account.id,
            token: token.digest(),
            style: SessionStyle::Opaque,
            device: Device::new("a test"),
            at,
            expires_at: at.after(SESSION_LIFETIME),
        };
        self.accounts.add_session(&session).await.expect("a database");
        Person { id: account.id, email, token: token.reveal() }
    }

    pub(super) async fn bidders(&self, count: usize) -> Vec<Person> {
        let mut bidders = Vec::with_capacity(count);
        for number in 0..count {
            bidders.push(self.person(&format!("bidder{number}"), Is::Bidder).await);
        }
        bidders
    }

    /// Serves it, with these settings.
    pub(super) async fn serve(self, environment: &[(&str, &str)]) -> House {
        let process = Process::start(&self.path, environment).await;
        House { process, folder: self }
    }

    /// Shuts somebody out, as another process does.
    pub(super) async fn ban(&self, person: &Person, scope: BanScope) {
        let email = Email::parse(&person.email).expect("an address");
        let account = self.accounts.account_by_email(&email).await.expect("a database").expect("an account");
        let ban = StandingChange::Banned(Ban::new(scope, None, "").expect("a reason"));
        self.accounts.change_standing(account.id, &ban).await.expect("a database");
    }

    /// Folds all events and compares.
    pub(super) async fn check(&self) -> Checked {
        let mut reader = SqliteReader::open(self.database()).await.expect("a database");
        reader.check(|_| {}).await.expect("it can be read")
    }

    pub(super) async fn assert_sound(&self) {
        if let Some(server) = &self.server {
            return assert_server_is_sound(server);
        }
        let checked = self.check().await;
        assert!(checked.is_sound(), "{checked:?}");
    }
}

/// As whoever runs it asks, by the command.
fn assert_server_is_sound(url: &str) {
    let mut check = Command::new(env!("CARGO_BIN_EXE_auction-server"));
    let checked = check.arg("check").env_clear().env("DATABASE_URL", url).output().expect("it runs");
    let said = [checked.stdout, checked.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    assert!(checked.status.success() && said[0].contains("is sound"), "{said:?}");
}

impl House {
    /// A house in which nothing is counted.
    pub(super) async fn open() -> Self {
        Folder::new().await.serve(&UNLIMITED).await
    }

    pub(super) async fn person(&self, name: &str, is: Is) -> Person {
        self.folder.person(name, is).await
    }

    /// A connection of nobody.
    pub(super) async fn stranger(&self) -> Client {
        Client::open(self.process.address, None).await.expect("it accepts")
    }

    /// A connection of somebody.
    pub(super) async fn client(&self, person: &Person) -> Client {
        Client::open(self.process.address, Some(person.token.clone())).await.expect("it accepts")
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.stranger().await.get(path).await.expect("an answer")
    }

    pub(super) async fn post(&self, person: &Person, path: &str, body: &Value) -> Answer {
        self.client(person).await.post(path, body, None).await.expect("an answer")
    }

    /// Sells a rug for an hour from now, from 10.00, under these terms.
    pub(super) async fn sell(&self, seller: &Person, terms: Value) -> u64 {
        self.sell_described(seller, terms, "Knotted, not stirred").await
    }

    /// Sells a rug of which this is said.
    pub(super) async fn sell_described(&self, seller: &Person, terms: Value, description: &str) -> u64 {
        let now = SystemClock.now();
        let body = json!({
            "title": "Persian rug", "description": description, "starting_price": "10.00",
            "start_date_time": now.to_string(), "end_date_time": now.after(HOUR).to_string(), "terms": terms,
        });
        let answer = self.post(seller, "/api/auctions/", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let auction = answer.json()["id"].as_u64().expect("a number");
        // That it has started is an event, too: whoever watches would see it come or not.
        while self.events(auction).await.is_empty() {
            tokio::task::yield_now().await;
        }
        auction
    }

    pub(super) async fn join(&self, person: &Person, auction: u64) {
        let answer = self.post(person, &format!("/api/auctions/{auction}/join_auction/"), &json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    pub(super) async fn bid(&self, person: &Person, auction: u64, body: Value) -> Answer {
        self.post(person, &format!("/api/auctions/{auction}/bids/"), &body).await
    }

    /// Watches an auction as somebody.
    pub(super) async fn watch(&self, person: &Person, auction: u64) -> Socket {
        let path = format!("/ws/auction/{auction}/?token={}", person.token);
        Socket::open(self.process.address, &path, &[]).await.expect("it is let in")
    }

    /// All bids of an auction, oldest first.
    pub(super) async fn history(&self, auction: u64) -> Vec<Value> {
        self.pages(&format!("/api/auctions/{auction}/bids/?after=")).await
    }

    /// All public events of an auction, oldest first.
    pub(super) async fn events(&self, auction: u64) -> Vec<Value> {
        self.pages(&format!("/api/auctions/{auction}/events/?since=")).await
    }

    async fn pages(&self, path: &str) -> Vec<Value> {
        let mut client = self.stranger().await;
        let (mut rows, mut after) = (Vec::new(), 0);
        loop {
            let answer = client.get(&format!("{path}{after}")).await.expect("an answer");
            assert_eq!(answer.status, 200, "{}", answer.text());
            let Value::Array(page) = answer.json() else { panic!("no list: {}", answer.text()) };
            let Some(last) = page.last() else { return rows };
            after = last["version"].as_u64().expect("a version");
            rows.extend(page);
        }
    }
}

/// The terms of most tests: whoever is verified may bid, from the starting price, a dollar at a time.
pub(super) fn open_terms() -> Value {
    json!({"participation": "open", "first_bid": "at_least", "increments": {"kind": "fixed", "step": "1.00"}})
}
