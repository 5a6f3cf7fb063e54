//! What pages must not tell.

use super::{World, meta};
use auction_core::catalog::Listing;
use axum::http::StatusCode;

fn secret() -> Listing {
    Listing::new("A secret watch", "Of secret gold.", None).expect("a listing")
}

#[tokio::test]
async fn nothing_about_auctions_is_told_where_only_those_who_are_signed_in_may_look() {
    let world = World::open(&[("PUBLIC_BROWSING", "off")]).await;
    let open = world.auction(secret(), "{}", false).await.number();
    let draft = world.auction(secret(), "{}", true).await.number();
    // Not even a token changes it: browsers send none along when they open a page.
    let token = world.server.token("ann").await;
    let mut pages = Vec::new();
    for path in
        ["/".to_owned(), format!("/auction/{open}"), format!("/auction/{draft}"), "/auction/999".to_owned()]
    {
        for headers in [&[][..], &[("authorization", token.as_str())]] {
            let answer = world.get(&path, headers).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert!(!answer.text().contains("secret"), "{}", answer.text());
            assert_eq!(meta(answer.text(), "product:price:amount"), None);
            pages.push(answer.text().replace(path.trim_start_matches('/'), ""));
        }
    }
    // Whether there is such an auction makes no difference.
    assert_eq!(pages[2], pages[6]);
    assert_eq!(pages[4], pages[6]);
}

#[tokio::test]
async fn a_hidden_reserve_and_a_draft_are_not_told() {
    let world = World::open(&[]).await;
    let terms = r#"{"reserve":"4321.00","reserve_visibility":"hidden"}"#;
    let auction = world.auction(secret(), terms, false).await.number();
    for path in ["/", &format!("/auction/{auction}"), &format!("/auction/{auction}/bidding")] {
        let answer = world.page(path).await;
        assert!(answer.text().contains("A secret watch"), "{}", answer.text());
        assert!(
            !answer.text().contains("4321") && !answer.text().to_lowercase().contains("reserve"),
            "{path}"
        );
    }
    let draft = world.auction(secret(), "{}", true).await.number();
    let (drafted, none) = (world.page(&format!("/auction/{draft}")).await, world.page("/auction/999").await);
    assert_eq!((drafted.status, drafted.text()), (StatusCode::NOT_FOUND, none.text()));
}

#[tokio::test]
async fn passwords_of_demonstrations_are_told_only_in_demonstrations() {
    let world = World::open(&[]).await;
    assert!(!world.page("/login").await.text().contains("@demo.example"));
    let mut settings = (*world.server.parts().settings).clone();
    settings.demo = auction_http::settings::Switch::On;
    let told = |settings: &auction_http::settings::Settings| {
        let bundle = auction_http::site::Bundle::of(settings).expect("a bundle");
        let site = auction_http::site::Site::new(bundle, world.server.parts().room.clone(), settings);
        async move {
            let request =
                axum::http::Request::get("/login").body(axum::body::Body::empty()).expect("a request");
            let body = axum::body::to_bytes(site.answer(request).await.into_body(), 1 << 20).await;
            String::from_utf8(body.expect("a body").to_vec()).expect("UTF-8")
        }
    };
    let page = told(&settings).await;
    let config = meta(&page, "auction:config").expect("a config");
    let config: serde_json::Value = serde_json::from_str(&config).expect("JSON");
    let people = config["demo"].as_array().expect("people");
    assert_eq!(people.len(), auction_http::demo::PEOPLE.len());
    let sally =
        serde_json::json!({"name": "Sally", "email": "sally@demo.example", "password": "gavel-falls-twice"});
    assert_eq!(people[0], sally);
    settings.environment = auction_http::settings::Environment::Production;
    assert!(!told(&settings).await.contains("@demo.example"));
}
