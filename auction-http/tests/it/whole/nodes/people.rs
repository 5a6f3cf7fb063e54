//! Who signs out, is banned, has a new password or uses a code is known on every node.

use super::cluster::{Between, Cluster};
use crate::services::{Database, PostgresServer};
use crate::whole::house::{House, Is, Person, open_terms};
use crate::whole::process::{PATIENCE, UNLIMITED};
use crate::whole::socket::{Heard, Socket};
use auction_adapters::system::SystemClock;
use auction_core::identity::{BanScope, TotpSecret, TotpStep};
use auction_core::ports::Clock;
use data_encoding::BASE32_NOPAD;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Within what time a token is dead on every node.
const DEAD_WITHIN: Duration = Duration::from_secs(1);

const PASSWORD: &str = "Sn0wy-Owl-at-Night";

/// Waits until a token opens nothing on a node any more, and answers how long it took.
async fn until_dead(node: &House, person: &Person) -> Duration {
    let began = Instant::now();
    let mut client = node.client(person).await;
    loop {
        let answer = client.get("/api/me/").await.expect("an answer");
        match answer.status {
            401 => return began.elapsed(),
            200 => assert!(began.elapsed() < PATIENCE, "the token lives on"),
            other => panic!("{other}: {}", answer.text()),
        }
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_dies_on_one_node_dies_on_all_and_its_sockets_close() {
    for between in [Between::Redis, Between::Nothing] {
        let cluster = Cluster::open(3, between).await;
        let seller = cluster.person("seller", Is::Seller).await;
        let auction = cluster.nodes[0].sell(&seller, open_terms()).await;
        for way in ["logout", "ban"] {
            let ann = cluster.person(&format!("ann-{way}"), Is::Bidder).await;
            let mut sockets = Vec::new();
            for node in &cluster.nodes {
                // They know the token from now on.
                assert_eq!(node.client(&ann).await.get("/api/me/").await.expect("an answer").status, 200);
                sockets.push(node.watch(&ann, auction).await);
                let path = format!("/ws/notifications/?token={}", ann.token);
                sockets.push(Socket::open(node.process.address, &path, &[]).await.expect("it is let in"));
            }
            if way == "logout" {
                let answer = cluster.nodes[0].post(&ann, "/api/logout/", &json!({})).await;
                assert_eq!(answer.status, 204, "{}", answer.text());
            } else {
                cluster.folder().ban(&ann, BanScope::Everything).await;
            }
            for node in &cluster.nodes {
                let took = until_dead(node, &ann).await;
                // Much later only where the machine has much to do; what is remembered is a second old at most.
                assert!(took < DEAD_WITHIN * 5, "{way}, {between:?}: {took:?}");
            }
            for socket in &mut sockets {
                assert_eq!(socket.end().await, Heard::Closed(1008), "{way}, {between:?}");
            }
        }
    }
}

/// Somebody who has registered over HTTP, so that the password is known.
async fn register(node: &House, email: &str) {
    let body = json!({"email": email, "password": PASSWORD, "first_name": "Ann", "last_name": "Li"});
    let answer = node.stranger().await.post("/api/register/", &body, None).await.expect("an answer");
    assert_eq!(answer.status, 201, "{}", answer.text());
}

async fn ask(node: &House, token: Option<&str>, path: &str, body: &Value) -> (u16, Value) {
    let mut client = crate::whole::http::Client::open(node.process.address, token.map(str::to_owned))
        .await
        .expect("it accepts");
    let answer = client.post(path, body, None).await.expect("an answer");
    (answer.status, if answer.body.is_empty() { Value::Null } else { answer.json() })
}

/// Nodes on which an address is believed as it is typed in.
async fn trusting(settings: &[(&str, &str)], between: Between) -> Cluster {
    let mut all = vec![("EMAIL_VERIFICATION", "off")];
    all.extend(settings);
    Cluster::open_with(2, between, Database::on(PostgresServer::shared()).await, &all).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_of_an_authenticator_is_taken_once_whichever_nodes_are_asked_and_five_tries_are_all() {
    let cluster = trusting(&UNLIMITED, Between::Redis).await;
    let nodes = [&cluster.nodes[0], &cluster.nodes[1]];
    // One code, at the same moment through both nodes, each with a sign-in of its own.
    let ann = Holder::new(nodes, "ann@example.org").await;
    let (halves, code) = ([ann.half(nodes[0]).await, ann.half(nodes[1]).await], ann.next_code());
    let mut tries = Vec::new();
    for number in 0..10 {
        let body = json!({"temp_token": halves[number % 2], "code": code});
        tries.push(async move { ask(nodes[number % 2], None, "/api/2fa/verify/", &body).await.0 });
    }
    let answered = futures_util::future::join_all(tries).await;
    assert_eq!(answered.iter().filter(|status| **status == 200).count(), 1, "{answered:?}");

    // Five tries of one sign-in, wherever they are made.
    let bob = Holder::new(nodes, "bob@example.org").await;
    let temp_token = bob.half(nodes[0]).await;
    let body = json!({"temp_token": temp_token, "code": "000000"});
    for number in 0..5 {
        let (status, answer) = ask(nodes[number % 2], None, "/api/2fa/verify/", &body).await;
        assert_eq!((status, &answer["code"]), (400, &json!("invalid_code")), "{answer}");
    }
    for node in nodes {
        let body = json!({"temp_token": temp_token, "code": bob.next_code()});
        let (status, answer) = ask(node, None, "/api/2fa/verify/", &body).await;
        assert_eq!((status, &answer["code"]), (400, &json!("invalid_session")), "{answer}");
    }
}

/// Somebody with an authenticator.
struct Holder {
    sign_in: Value,
    secret: TotpSecret,
}

impl Holder {
    /// Registers on the first node, signs in on the second, and so on by turns.
    async fn new(nodes: [&House; 2], email: &str) -> Self {
        register(nodes[0], email).await;
        let sign_in = json!({"email": email, "password": PASSWORD});
        let (status, answer) = ask(nodes[1], None, "/api/login/", &sign_in).await;
        assert_eq!(status, 200, "{answer}");
        let token = answer["token"].as_str().expect("a token").to_owned();
        let (_, answer) = ask(nodes[0], Some(&token), "/api/2fa/setup/", &json!({})).await;
        let secret = BASE32_NOPAD.decode(answer["secret"].as_str().expect("a secret").as_bytes());
        let secret = TotpSecret::from_bytes(&secret.expect("base 32")).expect("a secret");
        let holder = Self { sign_in, secret };
        let body = json!({"code": holder.code(0)});
        let (status, answer) = ask(nodes[1], Some(&token), "/api/2fa/enable/", &body).await;
        assert_eq!(status, 200, "{answer}");
        holder
    }

    /// The code of so many steps later.
    fn code(&self, later: u64) -> String {
        let step = TotpStep::at(SystemClock.now()).number() + later;
        self.secret.code(TotpStep::new(step)).reveal().to_owned()
    }

    /// One that nobody has used yet.
    fn next_code(&self) -> String {
        self.code(1)
    }

    /// The half of a sign-in that asks for a code.
    async fn half(&self, node: &House) -> String {
        let (status, answer) = ask(node, None, "/api/login/", &self.sign_in).await;
        assert_eq!(status, 200, "{answer}");
        answer["temp_token"].as_str().expect("half of a sign-in").to_owned()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_of_signing_in_are_counted_over_all_nodes_however_an_address_is_written() {
    let cluster = trusting(&[], Between::Redis).await;
    register(&cluster.nodes[0], "ann@example.org").await;
    let written = ["ann@example.org", "ANN@example.org", "Ann@Example.ORG", " ann@example.org"];
    let paths = ["/api/login/", "/api/login", "//api/login/", "/api/login/?x=1"];
    let mut statuses = Vec::new();
    for number in 0..40_usize {
        let body = json!({"email": written[number % written.len()], "password": "wrong-Horse-77"});
        let path = paths[(number / 4) % paths.len()];
        statuses.push(ask(&cluster.nodes[number % 2], None, path, &body).await.0);
    }
    let looked_at = statuses.iter().filter(|status| **status == 401).count();
    println!("{looked_at} of 40 wrong passwords were looked at: {statuses:?}");
    assert!(looked_at <= 10, "{statuses:?}");
    assert!(statuses[30..].iter().all(|status| matches!(status, 429 | 404)), "{statuses:?}");
    // The right password does not help on any node.
    for node in &cluster.nodes {
        let body = json!({"email": "ann@example.org", "password": PASSWORD});
        assert_eq!(ask(node, None, "/api/login/", &body).await.0, 429);
    }
}
