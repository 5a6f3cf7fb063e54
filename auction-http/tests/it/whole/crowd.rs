//! Many at once: of equal bids one is taken, and an auction ends once.

use super::house::{House, Is, Person, open_terms};
use super::http::Client;
use super::socket::Socket;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// How many bid at the same moment: half of them over sockets.
const AT_ONCE: usize = 100;

/// How often.
const ROUNDS: u64 = 20;

/// How many people they are.
const PEOPLE: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_equal_bids_over_two_kinds_of_connections_one_is_accepted_each_time() {
    let house = House::open().await;
    one_of_equal_bids_is_taken(&[house], AT_ONCE, ROUNDS).await;
}

/// Lets so many bid the same at the same moment, so often, by turns over HTTP and sockets and through these servers.
pub(super) async fn one_of_equal_bids_is_taken(houses: &[House], at_once: usize, rounds: u64) {
    let house = &houses[0];
    let seller = house.person("seller", Is::Seller).await;
    let people = house.folder.bidders(PEOPLE).await;
    let auction = house.sell(&seller, open_terms()).await;
    let barrier = Arc::new(Barrier::new(at_once));
    let mut crowd = JoinSet::new();
    for number in 0..at_once {
        let person = &people[number % PEOPLE];
        let barrier = Arc::clone(&barrier);
        let house = &houses[(number / 2) % houses.len()];
        // Everybody comes both ways.
        if (number / PEOPLE + number).is_multiple_of(2) {
            let mut client = house.client(person).await;
            crowd.spawn(async move {
                let mut taken = Vec::new();
                for round in 0..rounds {
                    barrier.wait().await;
                    taken.push(over_http(&mut client, auction, 20 + round).await);
                }
                taken
            });
        } else {
            let mut socket = house.watch(person, auction).await;
            crowd.spawn(async move {
                let mut taken = Vec::new();
                for round in 0..rounds {
                    barrier.wait().await;
                    taken.push(over_a_socket(&mut socket, 20 + round).await);
                }
                taken
            });
        }
    }
    let answers = crowd.join_all().await;
    for round in 0..rounds {
        let place = usize::try_from(round).expect("a small number");
        let accepted = answers.iter().filter(|taken| taken[place]).count();
        assert_eq!(accepted, 1, "round {round}");
    }
    let expected: Vec<_> = (0..rounds).map(|round| json!(format!("{}.00", 20 + round))).collect();
    for house in houses {
        let prices: Vec<_> = house.history(auction).await.iter().map(|row| row["price"].clone()).collect();
        assert_eq!(prices, expected);
    }
    house.folder.assert_sound().await;
}

async fn over_http(client: &mut Client, auction: u64, price: u64) -> bool {
    let path = format!("/api/auctions/{auction}/bids/");
    let answer = client.post(&path, &json!({"price": format!("{price}.00")}), None).await.expect("an answer");
    answer.status == 201 || is_late(&answer.json())
}

async fn over_a_socket(socket: &mut Socket, price: u64) -> bool {
    let answer = socket.bid(&format!("{price}.00")).await;
    answer["success"].is_string() || is_late(&answer)
}

/// Whether somebody was too slow is the only question.
fn is_late(refusal: &Value) -> bool {
    assert!(matches!(refusal["code"].as_str(), Some("below_minimum" | "already_leading")), "{refusal}");
    false
}

/// How many bid while an auction is ended.
const BIDDERS: usize = 6;

/// How often an auction is ended while people bid.
const ENDS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bid_that_meets_a_cancellation_or_a_close_comes_before_it_or_is_refused() {
    let house = House::open().await;
    let [seller, staff] = [house.person("seller", Is::Seller).await, house.person("staff", Is::Admin).await];
    let people = house.folder.bidders(BIDDERS).await;
    for number in 0..ENDS {
        for (action, result) in [("cancel", "cancelled"), ("close", "sold")] {
            let auction = house.sell(&seller, open_terms()).await;
            let mut crowd = JoinSet::new();
            for (place, person) in people.iter().enumerate() {
                let client = house.client(person).await;
                crowd.spawn(bid_to_the_end(client, auction, 20 + place as u64));
            }
            // A different moment each time.
            while house.history(auction).await.len() < 5 * number {
                tokio::task::yield_now().await;
            }
            let ended = house.post(&staff, &format!("/api/auctions/{auction}/{action}/"), &json!({})).await;
            assert_eq!(ended.status, 200, "{}", ended.text());
            let mut taken: Vec<u64> = crowd.join_all().await.into_iter().flatten().collect();
            taken.sort_unstable();
            let rows = house.history(auction).await;
            let mut versions: Vec<_> = rows.iter().filter_map(|row| row["version"].as_u64()).collect();
            assert!(versions.is_sorted());
            versions.sort_unstable();
            assert_eq!(versions, taken, "{action}: what was acknowledged is what is there");
            let seen = house.get(&format!("/api/auctions/{auction}/")).await.json();
            let expected = if rows.is_empty() && action == "close" { "no_bids" } else { result };
            assert_eq!(seen["outcome"]["result"], expected, "{action}");
            let events = house.events(auction).await;
            let versions: Vec<_> = events.iter().map(|event| event["version"].as_u64()).collect();
            assert_eq!(versions, (1..=events.len() as u64).map(Some).collect::<Vec<_>>(), "{action}");
            let last = events.last().and_then(|event| event["version"].as_u64());
            assert!(taken.last().copied() < last, "nothing comes after the end");
            if expected == "sold" {
                let highest = rows.last().expect("a bid");
                assert_eq!(
                    (&seen["outcome"]["price"], &seen["outcome"]["winner"]),
                    (&highest["price"], &highest["user"])
                );
            }
        }
    }
    house.folder.assert_sound().await;
}

/// Bids until the auction has ended: the versions of the bids that were taken.
async fn bid_to_the_end(mut client: Client, auction: u64, mut price: u64) -> Vec<u64> {
    let path = format!("/api/auctions/{auction}/bids/");
    let mut taken = Vec::new();
    loop {
        let answer =
            client.post(&path, &json!({"price": format!("{price}.00")}), None).await.expect("an answer");
        match answer.code() {
            (201, _) => taken.push(answer.json()["version"].as_u64().expect("a version")),
            (409, code) => {
                assert!(matches!(code.as_str(), "cancelled" | "ended"), "{code}");
                return taken;
            }
            (400, _) => {}
            other => panic!("{other:?}"),
        }
        price += BIDDERS as u64;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_who_end_an_auction_at_once_one_does() {
    let house = House::open().await;
    let seller = house.person("seller", Is::Seller).await;
    let staff: [Person; 2] = [house.person("staff", Is::Admin).await, house.person("chief", Is::Admin).await];
    for _ in 0..ENDS {
        let auction = house.sell(&seller, open_terms()).await;
        let barrier = Arc::new(Barrier::new(8));
        let mut crowd = JoinSet::new();
        for number in 0..8 {
            let mut client = house.client(&staff[number % 2]).await;
            let action = ["cancel", "close"][number / 4];
            let (path, barrier) = (format!("/api/auctions/{auction}/{action}/"), Arc::clone(&barrier));
            crowd.spawn(async move {
                barrier.wait().await;
                client.post(&path, &json!({}), None).await.expect("an answer").status
            });
        }
        let mut statuses = crowd.join_all().await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
    }
}
