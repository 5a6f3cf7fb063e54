//! What others must never see: in the log, in metrics, in answers, in frames.

use super::house::{Folder, House, Is, open_terms};
use super::process::{UNLIMITED, until};
use super::socket::Socket;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::Mutex;

#[tokio::test]
async fn tokens_passwords_and_codes_stand_in_no_log_no_metric_and_no_error() {
    let settings = [UNLIMITED.as_slice(), &[("LOG_FORMAT", "json"), ("LOG_LEVEL", "trace")]].concat();
    let house = Folder::new().await.serve(&settings).await;
    let seller = house.person("seller", Is::Seller).await;
    let auction = house.sell(&seller, open_terms()).await;
    let (email, password) = ("zoe@example.org", "tango-uniform-4711");
    let mut answers = Vec::new();
    let mut nobody = house.stranger().await;
    let body = json!({"email": email, "password": password, "first_name": "Zoe", "last_name": "Li"});
    answers.push(nobody.post("/api/register/", &body, None).await.expect("an answer"));
    let code = mailed_code(&house).await;
    let wrong = json!({"email": email, "otp": "000000", "password": password});
    answers.push(nobody.post("/api/verify-otp/", &wrong, None).await.expect("an answer"));
    let right = json!({"email": email, "otp": code});
    answers.push(nobody.post("/api/verify-otp/", &right, None).await.expect("an answer"));
    let wrong = json!({"email": email, "password": format!("{password}?")});
    answers.push(nobody.post("/api/login/", &wrong, None).await.expect("an answer"));
    let login = nobody.post("/api/login/", &json!({"email": email, "password": password}), None).await;
    let login = login.expect("an answer").json();
    let token = login["token"].as_str().expect("a token").to_owned();

    // Wherever a token may stand, and where it may not.
    let plain = format!("/ws/auction/{auction}/");
    let header = format!("Token {token}");
    let protocols = format!("auction.v1, token.{token}");
    let address = house.process.address;
    for (path, headers) in [
        (format!("{plain}?token={token}"), vec![]),
        (plain.clone(), vec![("authorization", header.as_str())]),
        (plain.clone(), vec![("sec-websocket-protocol", protocols.as_str())]),
        (format!("/ws/auctions/?ids={auction}&token={token}"), vec![]),
    ] {
        let mut socket = Socket::open(address, &path, &headers).await.expect("it is let in");
        assert_eq!(socket.next().await["title"], "Persian rug");
    }
    let mut socket = Socket::open(address, &plain, &[]).await.expect("it waits for the token");
    socket.say(&json!({"token": token})).await;
    assert_eq!(socket.next().await["title"], "Persian rug");
    let mut refused = Vec::new();
    for path in [
        format!("/ws/auction/999/?token={token}"),
        format!("{plain}?token={token}x"),
        format!("{plain}?token={token}&since=x"),
        format!("/ws/auctions/?ids=x&token={token}"),
        format!("/ws/auctions/?ids={auction}&token={token}0"),
    ] {
        refused.push(Socket::open(address, &path, &[]).await.map(|_| ()).expect_err("it is refused").1);
    }
    for headers in
        [[("Authorization", format!("Token {token}0"))], [("Authorization", format!("Basic {token}"))]]
    {
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        answers.push(nobody.send("GET", "/api/me/", &headers, "").await.expect("an answer"));
    }
    for path in
        [format!("/api/auctions/?token={token}"), format!("/api/auctions/?ordering={token}&token={token}")]
    {
        answers.push(nobody.get(&path).await.expect("an answer"));
    }
    // The request that names the field with the secret in it is not repeated to whom sent it.
    answers.retain(|answer| !answer.text().contains(&format!("\"ordering={token}")));
    answers.push(house.get("/metrics").await);

    let log = house.process.said();
    assert!(log.contains("answered") && log.lines().all(|line| line.starts_with('{')), "it is a log in JSON");
    for secret in [token.as_str(), password, code.as_str()] {
        let hits: Vec<_> = log.lines().filter(|line| names(line, secret)).collect();
        assert!(hits.is_empty(), "in the log: {hits:?}");
        for text in answers.iter().map(|answer| answer.text()).chain(refused.iter().cloned()) {
            assert!(!names(&text, secret), "in an answer: {text}");
        }
        for name in ["auction.db", "auction.db-wal"] {
            let bytes = std::fs::read(house.folder.path().join("data").join(name)).unwrap_or_default();
            let is_there = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_there || secret == code, "in {name}");
        }
    }
}

/// Whether a secret stands in a text by itself: six digits may be part of a longer number.
fn names(text: &str, secret: &str) -> bool {
    text.match_indices(secret).any(|(at, _)| {
        let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        !is_digit(before) && !is_digit(text.as_bytes().get(at + secret.len()))
    })
}

/// The code in the only mail.
async fn mailed_code(house: &House) -> String {
    let folder = house.folder.path().join("data/mail");
    let mails = || {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
        entries.filter(|path| path.extension().is_some_and(|kind| kind == "eml")).collect::<Vec<_>>()
    };
    until("a mail is written", || !mails().is_empty()).await;
    let text = std::fs::read_to_string(&mails()[0]).expect("a mail");
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    text.split(|c: char| !c.is_ascii_alphanumeric()).find(is_code).expect("a code").to_owned()
}

/// All that a frame for others may have in it.
const OF_A_FRAME: [&str; 35] = [
    "auction",
    "bid_count",
    "bids",
    "bids[].at",
    "bids[].id",
    "bids[].kind",
    "bids[].price",
    "bids[].user",
    "bids[].version",
    "buy_now_price",
    "current_price",
    "next_price_at",
    "units_left",
    "description",
    "ends_at",
    "image",
    "last_vote",
    "last_vote.price",
    "last_vote.user",
    "minimum_bid",
    "outcome",
    "outcome.price",
    "outcome.result",
    "outcome.winner",
    "previous_version",
    "reserve",
    "server_time",
    "starting_price",
    "status",
    "title",
    "version",
    "you",
    "you.leading",
    "you.max",
    "quantity",
];

#[tokio::test]
async fn frames_and_answers_to_others_have_nothing_hidden_in_them() {
    let settings = [UNLIMITED.as_slice(), &[("TRUSTED_PROXIES", "127.0.0.0/8")]].concat();
    let house = Folder::new().await.serve(&settings).await;
    let [seller, ann, bob, eve, staff] = [
        house.person("seller", Is::Seller).await,
        house.person("ann", Is::Bidder).await,
        house.person("bob", Is::Bidder).await,
        house.person("eve", Is::Bidder).await,
        house.person("staff", Is::Admin).await,
    ];
    for person in [&seller, &ann] {
        let mut client = house.client(person).await;
        let answer = client.send("PATCH", "/api/me/", &[], &told_profile().to_string()).await;
        assert_eq!(answer.expect("an answer").status, 200);
    }
    let mut terms = open_terms();
    terms["reserve"] = json!("777.77");
    terms["reserve_visibility"] = json!("hidden");
    let auction = house.sell(&seller, terms).await;
    let frames = Arc::new(Mutex::new(Vec::<Value>::new()));
    let feed = format!("/ws/auctions/?ids={auction}");
    let mut feed = Socket::open(house.process.address, &feed, &[]).await.expect("everybody is let in");
    let mut eves = house.watch(&eve, auction).await;
    let path = format!("/api/auctions/{auction}/bids/");
    let from = [("X-Forwarded-For", "203.0.113.77")];
    for (person, body, status) in [
        (&ann, json!({"max": "543.21"}), 201),
        (&bob, json!({"price": "20.00"}), 201),
        (&bob, json!({"max": "43.21"}), 201),
        (&ann, json!({"max": "654.32"}), 201),
        (&bob, json!({"price": "1.00"}), 400),
        (&seller, json!({"max": "700.00"}), 403),
    ] {
        let mut client = house.client(person).await;
        let answer = client.send("POST", &path, &from, &body.to_string()).await.expect("an answer");
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    let closed = house.post(&staff, &format!("/api/auctions/{auction}/close/"), &json!({})).await;
    assert_eq!(closed.status, 200, "{}", closed.text());
    for socket in [&mut feed, &mut eves] {
        loop {
            let frame = socket.next().await;
            let is_last = frame["status"] == "ended";
            frames.lock().await.push(frame);
            if is_last {
                break;
            }
        }
    }

    let mut bodies = read_everything(&house, auction, &eve).await;
    let frames = frames.lock().await;
    assert!(frames.len() >= 4 && bodies.len() > 20);
    let mut found = BTreeSet::new();
    frames.iter().for_each(|frame| members(frame, "", &mut found));
    let allowed: BTreeSet<_> = OF_A_FRAME.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(found.difference(&allowed).collect::<Vec<_>>(), Vec::<&String>::new());
    bodies.extend(frames.iter().map(ToString::to_string));
    for text in &bodies {
        for secret in [
            "543.21",
            "654.32",
            "777.77",
            "hidden",
            "not_met",
            "ann@example.org",
            "bob@example.org",
            "seller@example.org",
            "staff@example.org",
            "203.0.113.77",
            "revision",
            &ann.token,
            &bob.token,
            "planted",
            "1971-12-13",
        ] {
            // Why it was not sold is told when it is over, and nothing about the amount.
            let text = text.replace("reserve_not_met", "");
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    assert!(bodies.iter().any(|text| text.contains("a***n@example.org")), "there was something to hide");
}

/// What somebody says about themselves, in every field.
fn told_profile() -> Value {
    json!({
        "first_name": "planted-first", "last_name": "planted-last", "phone": "planted-phone",
        "address": "planted-address", "bio": "planted-bio", "location": "planted-location",
        "website": "https://planted.example/", "birth_date": "1971-12-13",
    })
}

/// Every body of every path that can be read, for a stranger and for another bidder.
async fn read_everything(house: &House, auction: u64, eve: &super::house::Person) -> Vec<String> {
    let schema = house.get("/api/schema/").await.json();
    let paths = schema["paths"].as_object().expect("paths");
    let readable = paths.iter().filter(|(_, item)| item.get("get").is_some()).map(|(path, _)| path.clone());
    let mut bodies = Vec::new();
    for path in readable.chain(["/metrics".to_owned()]) {
        let path = path.replace("{id}", &auction.to_string());
        for query in ["", "?scope=all", "?scope=all&page=1", "?since=0", "?after=0"] {
            let path = format!("{path}{query}");
            let mut client = house.client(eve).await;
            for answer in [house.get(&path).await, client.get(&path).await.expect("an answer")] {
                assert!(answer.status < 500, "{path}: {}", answer.text());
                bodies.push(answer.text());
            }
        }
    }
    bodies
}

/// The names of all members, with those above them.
fn members(value: &Value, above: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let name = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
                members(value, &name, found);
                found.insert(name);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| members(value, &format!("{above}[]"), found)),
        _ => {}
    }
}
