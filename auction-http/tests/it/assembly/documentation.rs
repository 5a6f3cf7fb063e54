//! The description of the API, and the pages that show it.

use super::house::server;
use auction_http::server::openapi;
use axum::http::StatusCode;
use std::collections::BTreeSet;

const GUIDE: &str = include_str!("../../../../docs/api.md");

#[tokio::test]
async fn the_schema_describes_the_rooms_and_the_pages_need_nothing_else() {
    let server = server(&[]).await;
    let schema = server.get("/api/schema").await.json();
    let paths: BTreeSet<&str> =
        schema["paths"].as_object().expect("paths").keys().map(String::as_str).collect();
    for path in ["/api/health/", "/api/time/", "/api/login/", "/api/auctions/", "/api/auctions/{id}/bids/"] {
        assert!(paths.contains(path), "{path} is missing among {paths:?}");
    }
    for (path, kind) in [
        ("/swagger", "text/html"),
        ("/swagger/swagger-ui-bundle.js", "text/javascript"),
        ("/swagger/swagger-ui.css", "text/css"),
        ("/redoc", "text/html; charset=utf-8"),
        ("/redoc/redoc.standalone.js", "text/javascript; charset=utf-8"),
        ("/redoc/start.js", "text/javascript; charset=utf-8"),
    ] {
        let answer = server.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, kind), "{path}");
    }
    let start = server.get("/swagger/swagger-initializer.js").await;
    assert!(start.text().contains("/api/schema/") && !start.text().contains("petstore"));
    for path in ["/swagger/", "/redoc/"] {
        let page = server.get(path).await;
        assert!(
            !page.text().contains("http://") && !page.text().contains("https://"),
            "{path} loads from elsewhere"
        );
    }
    assert_eq!(server.get("/swagger/nothing.js").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_nonce_of_a_page_is_that_of_its_policy_and_never_the_same() {
    let server = server(&[]).await;
    let mut nonces = BTreeSet::new();
    for _ in 0..2 {
        let page = server.get("/redoc/").await;
        let nonce =
            page.text().split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a nonce");
        assert!(page.header("content-security-policy").contains(&format!("'nonce-{nonce}'")));
        nonces.insert(nonce.to_owned());
    }
    assert_eq!(nonces.len(), 2);
}

#[test]
fn every_operation_of_the_description_has_a_summary() {
    let schema = serde_json::to_value(openapi()).expect("JSON");
    for (path, operations) in schema["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            assert!(operation["summary"].is_string(), "{method} {path}");
        }
    }
}

#[test]
fn the_guide_lists_every_call_of_the_description_and_no_other() {
    let schema = serde_json::to_value(openapi()).expect("JSON");
    let described: BTreeSet<String> = schema["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, operations)| {
            let methods = operations.as_object().expect("operations").keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let rows = GUIDE.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let listed: BTreeSet<String> =
        rows.map(|(call, _)| call.to_owned()).filter(|call| call.contains(" /api/")).collect();
    let missing: Vec<_> = described.difference(&listed).collect();
    let too_many: Vec<_> = listed.difference(&described).collect();
    assert!(
        missing.is_empty() && too_many.is_empty(),
        "docs/api.md, \"All calls\": missing {missing:#?}, too many {too_many:#?}"
    );
}
