//! What stands in pages about auctions, and in which language.

use super::{World, meta, unescaped};
use auction_core::auction::{Action, Bid, BidderFacts, Command};
use auction_core::catalog::Listing;
use auction_core::service::desk::Request as DeskRequest;
use auction_core::{AuctionId, UserId};
use axum::http::StatusCode;
use rust_decimal::Decimal;

const PUBLIC: [(&str, &str); 2] =
    [("FRONTEND_URL", "https://a.test/shop"), ("ALLOWED_HOSTS", "localhost,a.test")];

fn listing(title: &str, description: &str) -> Listing {
    let listing = Listing::new(title, description, None).expect("a listing");
    listing.with_images(vec!["auctions/one.jpg".to_owned(), "auctions/two.jpg".to_owned()])
}

impl World {
    async fn act(&self, by: u64, auction: AuctionId, facts: BidderFacts, action: Action) {
        let desk = &self.server.parts().desk;
        let stamp = desk.stamp();
        let command = Command::of(UserId::new(by).expect("a number"), stamp.at(), action);
        desk.submit(stamp, DeskRequest { auction, command, facts, key: None }).await.expect("accepted");
    }

    async fn bid(&self, by: u64, auction: AuctionId, bid: Bid) {
        self.act(by, auction, BidderFacts::VERIFIED, Action::Join).await;
        self.act(by, auction, BidderFacts::VERIFIED, Action::Bid(bid)).await;
    }
}

#[tokio::test]
async fn an_auction_is_described_for_those_who_link_to_it() {
    let world = World::open(&PUBLIC).await;
    let long = "Of gold, made in 1921 & still running. ".repeat(20);
    let auction = world.auction(listing("A \"fine\" watch", &long), r#"{"join_until":"end"}"#, false).await;
    world.bid(7, auction, Bid::straight(Decimal::from(12))).await;
    for path in [format!("/auction/{auction}"), format!("/auction/{auction}/bidding")] {
        let answer = world.page(&path).await;
        let page = answer.text();
        assert!(page.contains("<title>A &#34;fine&#34; watch · Auction house</title>"), "{page}");
        let address = format!("https://a.test/shop/auction/{auction}");
        assert!(page.contains(&format!("<link rel=\"canonical\" href=\"{address}\">")), "{page}");
        for (name, expected) in [
            ("og:type", "product"),
            ("og:title", "A \"fine\" watch"),
            ("og:url", &address),
            ("og:image", "https://a.test/shop/media/auctions/one.jpg"),
            ("product:price:amount", "12.00"),
            ("product:price:currency", "USD"),
            ("twitter:card", "summary_large_image"),
            ("twitter:image", "https://a.test/shop/media/auctions/one.jpg"),
        ] {
            assert_eq!(meta(page, name).as_deref(), Some(expected), "{name}");
        }
        let description = meta(page, "description").expect("a description");
        assert!(description.starts_with("Of gold, made in 1921 & still"), "{description}");
        assert!(description.chars().count() <= 201 && description.ends_with('…'), "{description}");
        assert_eq!(meta(page, "og:description"), Some(description));
    }
}

#[tokio::test]
async fn other_pages_are_described_as_what_they_are() {
    let world = World::open(&[]).await;
    let answer = world.page("/login?next=/x").await;
    let page = answer.text();
    assert!(page.contains("<title>Sign in · Auction house</title>"), "{page}");
    assert_eq!(meta(page, "og:type").as_deref(), Some("website"));
    assert_eq!(meta(page, "og:url").as_deref(), Some("http://127.0.0.1:9000/login"));
    assert_eq!(meta(page, "twitter:card").as_deref(), Some("summary"));
    assert_eq!(meta(page, "og:image"), None);
}

#[tokio::test]
async fn what_people_write_is_text_and_nothing_else() {
    let world = World::open(&[]).await;
    for attack in [
        "</title><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</noscript><script>alert(1)</script>",
        "<!--site:plain--><!--site:head-->",
        "=\"./assets/",
        "{{ 7*7 }}{% raw %}",
        "&lt;b&gt; &amp; &#60;",
        "\u{202e}ltr <svg/onload=alert(1)>",
    ] {
        let listing = Listing::new(attack, attack, None).expect("a listing");
        let auction = world.auction(listing, "{}", false).await;
        let answer = world.page(&format!("/auction/{auction}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{attack}");
        let page = answer.text();
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        assert_eq!(page.matches("<noscript>").count(), 1, "{page}");
        for tag in ["<img", "<svg", "onerror=\"", "<b>"] {
            assert!(!page.contains(tag), "{tag} in {page}");
        }
        let title =
            page.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).expect("a title");
        assert_eq!(unescaped(title), format!("{attack} · Auction house"));
        assert_eq!(meta(page, "og:title").as_deref(), Some(attack));
        let heading =
            page.split("<h1>").nth(1).and_then(|rest| rest.split("</h1>").next()).expect("a heading");
        assert_eq!(unescaped(heading), attack);
    }
    let page = world.page("/").await;
    assert_eq!((page.text().matches("<script").count(), page.text().matches("<li ").count()), (1, 3));
}

#[tokio::test]
async fn auctions_can_be_read_without_javascript() {
    let world = World::open(&PUBLIC).await;
    let terms = r#"{"join_until":"end","early_close":"seller"}"#;
    let auction = world.auction(listing("A watch", "Of gold.\n\nIt runs."), terms, false).await;
    world.bid(7, auction, Bid::straight(Decimal::from(12))).await;
    let answer = world.page(&format!("/auction/{auction}")).await;
    let plain = answer.text().split("<noscript>").nth(1).expect("a part without JavaScript").to_owned();
    for expected in [
        "<h1>A watch</h1>",
        "<img class=\"plain-picture\" src=\"https://a.test/shop/media/auctions/one.jpg\" alt=\"A watch\">",
        "<dd class=\"plain-state\">Open for bids</dd>",
        "<dd class=\"plain-price\"><data value=\"12.00\">12.00 USD</data></dd>",
        "<dd class=\"plain-bids\">1</dd>",
        "<time datetime=\"2026-01-01T11:00:00Z\">2026-01-01 11:00 UTC</time>",
        "<time datetime=\"2026-01-01T13:00:00Z\">2026-01-01 13:00 UTC</time>",
        "<p>Of gold.</p>\n<p>It runs.</p>",
    ] {
        assert!(plain.contains(expected), "{expected} in {plain}");
    }
    assert!(!plain.contains("plain-outcome"), "{plain}");
    let start = world.page("/").await;
    for expected in [
        &format!("<a href=\"/auction/{auction}\">A watch</a>"),
        "<p class=\"plain-price\">Current price: <data value=\"12.00\">12.00 USD</data></p>",
        "<p class=\"plain-state\">Open for bids</p>",
        "<time datetime=\"2026-01-01T13:00:00Z\">2026-01-01 13:00 UTC</time>",
    ] {
        assert!(start.text().contains(expected), "{expected} in {}", start.text());
    }
    world.act(99, auction, BidderFacts::VERIFIED, Action::Close).await;
    let answer = world.page(&format!("/auction/{auction}")).await;
    for expected in [
        "<dd class=\"plain-state\">Ended</dd>",
        "<dd class=\"plain-outcome\">Sold: <data value=\"12.00\">12.00 USD</data></dd>",
    ] {
        assert!(answer.text().contains(expected), "{expected} in {}", answer.text());
    }
    let start = world.page("/").await;
    assert!(start.text().contains("Nothing is up for auction at the moment."), "{}", start.text());
}

#[tokio::test]
async fn pages_speak_the_language_that_is_liked_best_among_ours() {
    let world = World::open(&[]).await;
    let auction = world.auction(Listing::new("Un reloj", "", None).expect("a listing"), "{}", false).await;
    for (accepted, language, title, state) in [
        ("es-MX,es;q=0.9,en;q=0.8", "es", "Casa de subastas", "Abierta a pujas"),
        ("en,es;q=0.9", "en", "Auction house", "Open for bids"),
        ("de", "en", "Auction house", "Open for bids"),
    ] {
        let answer = world.get(&format!("/auction/{auction}"), &[("accept-language", accepted)]).await;
        let page = answer.text();
        assert!(page.contains(&format!("<html lang=\"{language}\">")), "{page}");
        assert_eq!(answer.header("content-language"), language);
        assert!(
            page.contains(&format!("<title>Un reloj · {title}</title>")) && page.contains(state),
            "{page}"
        );
        let vary: Vec<_> =
            answer.headers.get_all("vary").iter().filter_map(|value| value.to_str().ok()).collect();
        assert!(vary.join(",").contains("accept-language"), "{vary:?}");
    }
}
