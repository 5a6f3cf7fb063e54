//! Pages of other sites may not use the rights of their visitors.

use super::house::{House, Is, open_terms};
use super::socket::Socket;
use serde_json::{Value, json};

#[tokio::test]
async fn sockets_of_foreign_nameless_and_lookalike_origins_are_refused() {
    let house = House::open().await;
    let [seller, ann] = [house.person("seller", Is::Seller).await, house.person("ann", Is::Bidder).await];
    let auction = house.sell(&seller, open_terms()).await;
    let address = house.process.address;
    let paths =
        [format!("/ws/auction/{auction}/?token={}", ann.token), format!("/ws/auctions/?ids={auction}")];
    for path in &paths {
        for foreign in [
            "https://evil.example",
            "null",
            "",
            "http://localhost.evil.example",
            "http://localhost:3000.evil.example",
            "http://evil.example/localhost",
            "http://localhost@evil.example",
            "http://evillocalhost:3000",
            "http://localhost:3000/",
            "http://localhost:3001",
            "https://localhost:3000",
            "ws://localhost:3000",
            "http://127.0.0.1:1",
            "file://",
            "http://localhost:3000, https://evil.example",
        ] {
            let refused = Socket::open(address, path, &[("origin", foreign)]).await.map(|_| ());
            let (status, body) = refused.expect_err(foreign);
            assert_eq!(status, 403, "{foreign}: {body}");
            let body: Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!(body["code"], "permission_denied", "{foreign}");
        }
        let own = [format!("http://{address}"), format!("http://localhost:{}", address.port())];
        for ours in own.iter().map(String::as_str).chain(["http://localhost:3000"]) {
            let mut socket = Socket::open(address, path, &[("origin", ours)]).await.expect(ours);
            assert_eq!(socket.next().await["title"], json!("Persian rug"));
        }
    }
}
