//! Files of the bundle.

use super::{SCRIPT, World};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use std::fs;

#[tokio::test]
async fn a_file_is_sent_in_the_form_that_is_liked_best_and_never_compressed_twice() {
    let world = World::open(&[]).await;
    let script = "export {};\n".repeat(1_000);
    let mut tags = Vec::new();
    for (accepted, encoding, body) in [
        ("br, gzip", "br", "the script as br"),
        ("gzip, br;q=0.5", "gzip", "the script as gz"),
        ("gzip", "gzip", "the script as gz"),
        ("identity", "", &script),
        ("deflate", "", &script),
    ] {
        let answer = world.get(&format!("/{SCRIPT}"), &[("accept-encoding", accepted)]).await;
        assert_eq!(
            (answer.status, answer.header("content-encoding")),
            (StatusCode::OK, encoding),
            "{accepted}"
        );
        assert_eq!(answer.text(), body, "{accepted}");
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.headers.get_all("vary").iter().any(|value| value == "accept-encoding"));
        tags.push(answer.header("etag").to_owned());
    }
    // Each form has a tag of its own.
    assert!(tags[0] != tags[1] && tags[1] == tags[2] && tags[2] != tags[3] && tags[3] == tags[4], "{tags:?}");
    assert!(tags.iter().all(|tag| tag.starts_with('"') && tag.len() == 34), "{tags:?}");
    // What is compressed by itself is sent as it is, however large.
    let font = world.get("/assets/font-0123abcd.woff2", &[("accept-encoding", "gzip")]).await;
    assert_eq!((font.header("content-type"), font.header("content-encoding")), ("font/woff2", ""));
    assert_eq!(font.body.len(), 12_000);
}

#[tokio::test]
async fn only_names_with_a_hash_are_kept_for_ever() {
    let world = World::open(&[]).await;
    for (path, kind) in [
        ("/favicon.svg", "image/svg+xml"),
        ("/assets/named.css", "text/css; charset=utf-8"),
        ("/manifest.json", "application/json"),
    ] {
        let answer = world.get(path, &[]).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, kind), "{path}");
        assert_eq!(answer.header("cache-control"), "public, max-age=3600", "{path}");
    }
}

#[tokio::test]
async fn a_file_that_the_browser_has_is_not_sent_again() {
    let world = World::open(&[]).await;
    let path = format!("/{SCRIPT}");
    let compressed = [("accept-encoding", "br")];
    let tag = world.get(&path, &compressed).await.header("etag").to_owned();
    for known in [tag.clone(), format!("\"other\", W/{tag}"), "*".to_owned()] {
        let answer = world.get(&path, &[compressed[0], ("if-none-match", &known)]).await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::NOT_MODIFIED, 0), "{known}");
        assert_eq!(answer.header("etag"), tag);
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    }
    let answer = world.get(&path, &[("if-none-match", &tag)]).await;
    assert_eq!(answer.status, StatusCode::OK, "the plain form is another one");
}

#[tokio::test]
async fn a_question_about_a_file_is_answered_without_it() {
    let world = World::open(&[]).await;
    for (path, length) in [(format!("/{SCRIPT}"), "11000"), ("/favicon.svg".to_owned(), "41")] {
        let request = Request::head(&path).body(Body::empty()).expect("a request");
        let answer = world.server.send(request).await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
        assert_eq!((answer.header("content-length"), answer.header("etag").len()), (length, 34), "{path}");
    }
    let request = Request::builder().method(Method::POST).uri(format!("/{SCRIPT}"));
    let answer = world.server.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nothing_outside_the_folder_and_nothing_hidden_is_served() {
    let world = World::open(&[]).await;
    let dist = world.folder.path().join("dist");
    fs::write(dist.join(".env"), "a secret").expect("written");
    fs::write(dist.join("assets/a b.js"), "a secret").expect("written");
    #[cfg(unix)]
    {
        let secret = world.folder.path().join("secret.txt");
        std::os::unix::fs::symlink(secret, dist.join("link.txt")).expect("a link");
        std::os::unix::fs::symlink(world.folder.path(), dist.join("assets/out")).expect("a link");
    }
    for path in [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "//secret.txt",
        "/..\u{5c}secret.txt",
        "/.env",
        "/%2eenv",
        "/assets/a%20b.js",
        "/link.txt",
        "/assets/out/secret.txt",
        "/assets",
        "/assets/",
        "/assets/index-AaaB_BGi.js.br",
        "/assets/index-AaaB_BGi.js.gz",
        "/assets/index-AaaB_BGi.js/",
        "/assets/gone-AaaB_BGi.js",
        "/index.html",
    ] {
        let Ok(request) = Request::get(path).body(Body::empty()) else { continue };
        let answer = world.server.send(request).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.json()["code"], "not_found", "{path}");
    }
}

#[tokio::test]
async fn files_and_pictures_are_not_counted_and_everything_else_is() {
    let world = World::open(&[("RATE_LIMIT_ANON", "3/day")]).await;
    for _ in 0..10 {
        for path in
            [&format!("/{SCRIPT}"), "/favicon.svg", "/assets/gone-AaaB_BGi.js", "/media/samples/gone.png"]
        {
            let answer = world.get(path, &[]).await;
            assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
            assert_eq!(answer.header("ratelimit-limit"), "", "{path}");
        }
    }
    for (path, status) in [
        ("/", StatusCode::OK),
        ("/api/auctions/", StatusCode::OK),
        ("/nothing", StatusCode::NOT_FOUND),
        ("/", StatusCode::TOO_MANY_REQUESTS),
        ("/api/auctions/", StatusCode::TOO_MANY_REQUESTS),
        ("/media/../api/auctions/", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(world.get(path, &[]).await.status, status, "{path}");
    }
    // What is written to the same paths is counted.
    let request = Request::post("/assets/x.js").body(Body::empty()).expect("a request");
    assert_eq!(world.server.send(request).await.status, StatusCode::TOO_MANY_REQUESTS);
}
