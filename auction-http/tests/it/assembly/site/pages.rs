//! Which pages there are, where they stand, and what they may load.

use super::{SCRIPT, World, meta};
use auction_core::catalog::Listing;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

fn watch() -> Listing {
    Listing::new("A watch", "Of gold.", None).expect("a listing")
}

fn config(page: &str) -> Value {
    serde_json::from_str(&meta(page, "auction:config").expect("a config")).expect("JSON")
}

#[tokio::test]
async fn every_page_is_the_document() {
    let world = World::open(&[]).await;
    let auction = world.auction(watch(), "{}", false).await.number();
    let about =
        [format!("/auction/{auction}"), format!("/auction/{auction}/bidding"), format!("/sell/{auction}")];
    let plain = [
        "/",
        "/auctions",
        "/register",
        "/login",
        "/verify-otp",
        "/forgot-password",
        "/reset-password?token=a.secret",
        "/two-factor",
        "/my-auctions",
        "/won-auctions",
        "/profile",
        "/notifications",
        "/sell",
        "/sell/new",
        "/login/",
    ];
    for path in plain.into_iter().chain(about.iter().map(String::as_str)) {
        // Also for those who would take anything.
        let answer = world.get(path, &[]).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::OK, "text/html; charset=utf-8"),
            "{path}"
        );
        assert_eq!(
            (answer.header("cache-control"), answer.header("content-language")),
            ("no-cache", "en"),
            "{path}"
        );
        let page = answer.text();
        assert!(
            page.contains(&format!("src=\"/{SCRIPT}\"")) && page.contains("href=\"/favicon.svg\""),
            "{page}"
        );
        assert!(!page.contains("<!--site:") && !page.contains("=\"./") && !page.contains("secret"), "{page}");
        assert_eq!(page.matches("<title>").count(), 1, "{path}");
        assert!(page.contains("Live bidding needs JavaScript."), "{path}");
        assert_eq!(config(page)["base"], "/");
    }
    let request = Request::head("/").body(Body::empty()).expect("a request");
    let answer = world.server.send(request).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
}

#[tokio::test]
async fn what_is_no_page_is_404_in_the_form_that_is_asked_for() {
    let world = World::open(&[]).await;
    let draft = format!("/auction/{}", world.auction(watch(), "{}", true).await.number());
    for path in
        ["/nothing", "/auction/999", "/auction/999/bidding", "/auction/x", &draft, "/login/x", "/index.html"]
    {
        let answer = world.page(path).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::NOT_FOUND, "text/html; charset=utf-8"),
            "{path}"
        );
        let page = answer.text();
        assert!(
            page.contains("<title>Page not found · Auction house</title>") && !page.contains("watch"),
            "{page}"
        );
        assert!(page.contains(SCRIPT) && !page.contains("rel=\"canonical\""), "{page}");
    }
    let other = json!({"detail": "Not found.", "code": "not_found"});
    for path in ["/nothing", "/auction/x"] {
        let answer = world.get(path, &[("accept", "*/*")]).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::NOT_FOUND, other.clone()), "{path}");
    }
    for path in [
        "/api/nothing",
        "/api",
        "/ws/nothing",
        "/media/nothing",
        "/swagger/nothing",
        "/redoc/nothing",
        "/metrics/nothing",
        "/assets/nothing.js",
    ] {
        let answer = world.page(path).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::NOT_FOUND, other.clone()), "{path}");
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_page() {
    let world = World::open(&[]).await;
    let answer = world.server.post("/login", "{}").await;
    let expected = json!({"detail": "This method is not allowed here.", "code": "method_not_allowed"});
    assert_eq!((answer.status, answer.json()), (StatusCode::METHOD_NOT_ALLOWED, expected));
    assert_eq!(answer.header("allow"), "GET,HEAD");
    assert_eq!(world.server.post("/nothing", "{}").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_site_stands_under_whatever_prefix_it_is_mounted() {
    let world = World::open(&[]).await;
    let auction = world.auction(watch(), "{}", false).await.number();
    let nested = Router::new().nest("/shop", world.server.router.clone());
    let service = Router::new().nest_service("/a/shop", world.server.router.clone());
    for (router, prefix) in [(nested, "/shop"), (service, "/a/shop")] {
        for path in ["/", "", "/login", "/login/", &format!("/auction/{auction}")] {
            // `nest` hands on no slash alone.
            if (prefix, path) == ("/shop", "/") {
                continue;
            }
            let request = Request::get(format!("{prefix}{path}")).header(header::HOST, "localhost");
            let answer = router.clone().oneshot(request.body(Body::empty()).expect("a request")).await;
            let answer = answer.expect("routers always answer");
            assert_eq!(answer.status(), StatusCode::OK, "{prefix}{path}");
            let body = answer.into_body().collect().await.expect("a body").to_bytes();
            let page = std::str::from_utf8(&body).expect("UTF-8");
            assert!(page.contains(&format!("src=\"{prefix}/{SCRIPT}\"")), "{page}");
            let told = config(page);
            let base = format!("{prefix}/");
            assert_eq!(
                [&told["base"], &told["api"], &told["ws"]],
                [&json!(base), &json!(base), &json!(base)]
            );
            if path.is_empty() {
                assert!(
                    page.contains(&format!("<a href=\"{prefix}/auction/{auction}\">A watch</a>")),
                    "{page}"
                );
            }
        }
        let file = Request::get(format!("{prefix}/{SCRIPT}")).header(header::HOST, "localhost");
        let answer = router.oneshot(file.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.expect("routers always answer").status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn the_site_can_be_mounted_without_the_other_rooms() {
    let world = World::open(&[]).await;
    let parts = world.server.parts();
    let bundle = auction_http::site::Bundle::of(&parts.settings).expect("a bundle");
    let site = auction_http::site::Site::new(bundle, parts.room.clone(), &parts.settings);
    let host = Router::new()
        .route("/shop/own", axum::routing::get(async || "a page of the host"))
        .nest("/shop", auction_http::site::router(site));
    for (path, expected) in [
        ("/shop/own", "a page of the host"),
        ("/shop/login", "src=\"/shop/assets/"),
        ("/shop/favicon.svg", "<svg"),
    ] {
        let answer = host.clone().oneshot(Request::get(path).body(Body::empty()).expect("a request")).await;
        let body =
            answer.expect("routers always answer").into_body().collect().await.expect("a body").to_bytes();
        assert!(std::str::from_utf8(&body).expect("UTF-8").contains(expected), "{path}");
    }
}

#[tokio::test]
async fn a_prefix_that_a_proxy_takes_away_stands_in_front() {
    let world = World::open(&[("BASE_PATH", "/outer/")]).await;
    let page = world.page("/login").await;
    assert!(page.text().contains(&format!("src=\"/outer/{SCRIPT}\"")), "{}", page.text());
    assert_eq!(config(page.text())["base"], "/outer/");
}

#[tokio::test]
async fn pages_are_told_how_the_house_is_run() {
    let world = World::open(&[]).await;
    let expected = json!({
        "base": "/", "api": "/", "ws": "/", "currency": "USD", "public_browsing": true, "sellers": "open",
        "email_verification": "required", "demo": [],
    });
    assert_eq!(config(world.page("/").await.text()), expected);
    let world = World::open(&[
        ("REACT_APP_API_URL", "https://api.example.com/api"),
        ("CURRENCY", "EUR"),
        ("PUBLIC_BROWSING", "off"),
        ("SELLERS", "approval"),
        ("EMAIL_VERIFICATION", "before_first_bid"),
    ])
    .await;
    let expected = json!({
        "base": "/", "api": "https://api.example.com/", "ws": "wss://api.example.com/", "currency": "EUR",
        "public_browsing": false, "sellers": "approval", "email_verification": "before_first_bid", "demo": [],
    });
    assert_eq!(config(world.page("/").await.text()), expected);
}

#[tokio::test]
async fn pages_load_what_is_ours_and_run_nothing_that_stands_in_them() {
    let policy = async |settings: &[(&str, &str)], host: &str| {
        let world = World::open(settings).await;
        world.get("/", &[("host", host)]).await.header("content-security-policy").to_owned()
    };
    assert_eq!(
        policy(&[], "127.0.0.1:9000").await,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self' ws://127.0.0.1:9000 wss://127.0.0.1:9000; manifest-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    );
    // Pictures stand under the server's own address, also where it was asked under another name.
    let other = policy(&[], "localhost:9000").await;
    assert!(other.contains("img-src 'self' data: blob: http://127.0.0.1:9000;"), "{other}");
    let public =
        policy(&[("FRONTEND_URL", "https://a.test/shop"), ("ALLOWED_HOSTS", "a.test")], "a.test").await;
    assert!(public.contains("img-src 'self' data: blob:;"), "{public}");
    let apart = [("UI_API_URL", "https://api.test/x"), ("UI_WS_URL", "wss://live.test")];
    let apart = policy(&apart, "127.0.0.1:9000").await;
    assert!(apart.contains("connect-src 'self' https://api.test wss://live.test;"), "{apart}");
    assert!(apart.contains("img-src 'self' data: blob: https://api.test;"), "{apart}");
    assert!(!format!("{other}{public}{apart}").contains("unsafe"));
}
