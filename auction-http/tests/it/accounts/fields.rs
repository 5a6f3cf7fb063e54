use super::world::{PASSWORD, World};
use auction_http::accounts::BODY_BYTES_MAX;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

fn unreadable() -> Value {
    let detail = "The body has to be one JSON object of at most 64 fields, none of them twice.";
    json!({"detail": detail, "code": "parse_error"})
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let world = World::new();
    let missing = "This field is required.";
    let errors = json!({
        "email": [missing], "password": [missing], "first_name": [missing], "last_name": [missing], "code": "invalid",
    });
    world.post("/api/register/", json!({})).await.is(400, errors);
    let body = json!({"email": "x", "password": "123456", "first_name": " ", "last_name": "a\r\nb", "username": "a@b"});
    let errors = json!({
        "email": ["Enter a valid email address."],
        "password": [
            "This password is too short. It must contain at least 8 characters.",
            "This password is too common.",
            "This password is entirely numeric.",
        ],
        "first_name": ["This field may not be blank."],
        "last_name": ["Control characters are not allowed."],
        "username": ["Use only letters, digits and the characters . _ + -"],
        "code": "invalid",
    });
    world.post("/api/register/", body).await.is(400, errors);
    let body = json!({"email": "annabel@example.com", "password": "Annabel1", "first_name": "Annabel", "last_name": "Li"});
    let errors = json!({
        "password": [
            "The password is too similar to the email address.", "The password is too similar to the name.",
        ],
        "code": "invalid",
    });
    world.post("/api/register/", body).await.is(400, errors);
    for (path, fields) in [
        ("/api/login/", ["email", "password"].as_slice()),
        ("/api/verify-otp/", &["email", "otp"]),
        ("/api/resend-otp/", &["email"]),
    ] {
        for (value, sentence) in [
            (Some(json!("")), "This field may not be blank."),
            (Some(json!(null)), "This field may not be null."),
            (Some(json!({"$ne": null})), "Not a valid string."),
            (Some(json!(["a", "b"])), "Not a valid string."),
            (Some(json!(true)), "Not a valid string."),
            (Some(json!(1.5)), "Not a valid string."),
            (None, missing),
        ] {
            let mut body = json!({});
            let mut errors = json!({"code": "invalid"});
            for field in fields {
                value.iter().for_each(|value| body[field] = value.clone());
                errors[field] = json!([sentence]);
            }
            world.post(path, body).await.is(400, errors);
        }
    }
    assert_eq!(world.hasher.hashes(), 0);
    assert!(world.mailer.take().is_empty());
}

#[tokio::test]
async fn what_is_not_one_object_without_duplicates_is_refused() {
    let world = World::new();
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"a\"",
        "1",
        "{\"a\":1}{\"a\":1}",
        "{\"password\":\"a\",\"password\":\"b\"}",
        "{\"x\":1,\"x\":1}",
        "{\"x\":01}",
        "{'a':1}",
        "\u{feff}{}",
    ] {
        world.post_text("/api/login/", body.to_owned()).await.is(400, unreadable());
    }
    world
        .post_text("/api/login/", vec![b'{', b'"', 0xff, b'"', b':', b'1', b'}'])
        .await
        .is(400, unreadable());
    // What nobody reads may be as deep as it likes.
    let deep = format!(r#"{{"email":"a@b.co","x":{}1{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    let errors = json!({"password": ["This field is required."], "code": "invalid"});
    world.post_text("/api/login/", deep).await.is(400, errors);
    let deep = format!(r#"{{"email":{}1{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    let errors = json!({
        "email": ["Not a valid string."], "password": ["This field is required."], "code": "invalid",
    });
    world.post_text("/api/login/", deep).await.is(400, errors);
    let wide = (0..65).map(|number| format!(r#""{number}":1"#)).collect::<Vec<_>>().join(",");
    world.post_text("/api/login/", format!("{{{wide}}}")).await.is(400, unreadable());
}

#[tokio::test]
async fn only_json_of_a_bounded_size_is_read() {
    let world = World::new();
    let unsupported = json!({
        "detail": "The body has to be JSON, with the content type application/json.",
        "code": "unsupported_media_type",
    });
    for content_type in
        [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("text/json")]
    {
        let request = Request::post("/api/login/");
        let request =
            content_type.into_iter().fold(request, |request, text| request.header("content-type", text));
        world.send(request.body(Body::from("{}")).unwrap()).await.is(415, unsupported.clone());
    }
    for content_type in ["application/json; charset=utf-8", "Application/JSON", "application/vnd.api+json"] {
        let world = World::new();
        let request = Request::post("/api/resend-otp/").header("content-type", content_type);
        let request = request.body(Body::from(r#"{"email":"a@b.co"}"#)).unwrap();
        world.send(request).await.is(200, json!({"detail": "A new OTP has been sent to your email."}));
    }
    let body = json!({"email": "a@b.co", "password": "x".repeat(BODY_BYTES_MAX)});
    let too_large = json!({"detail": "The request is too large.", "code": "payload_too_large"});
    world.post("/api/login/", body).await.is(413, too_large);
}

#[tokio::test]
async fn a_password_counts_whole_and_is_bounded_before_it_is_hashed() {
    let world = World::new();
    let (longest, email) = ("é".repeat(512), "ann@example.com");
    world
        .register(email, &format!("{longest}x"))
        .await
        .is(400, json!({"password": ["Ensure this field has no more than 1024 bytes."], "code": "invalid"}));
    assert_eq!(world.hasher.hashes(), 0);
    world.register(email, &longest).await.is(201, json!({"detail": "OTP sent to your email."}));
    let code = world.code();
    world.verify(email, &code).await;
    assert_eq!(world.login(email, &longest).await.status, 200);
    for other in [&longest[..72], &"e\u{301}".repeat(340), &format!(" {}", &longest[2..])] {
        assert_eq!(world.login(email, other).await.status, 401);
    }
}

#[tokio::test]
async fn white_space_in_a_password_counts() {
    let world = World::new();
    let (email, password) = ("ann@example.com", format!(" {PASSWORD} "));
    world.register(email, &password).await;
    let code = world.code();
    world.verify(email, &code).await;
    assert_eq!(world.login(email, PASSWORD).await.status, 401);
    assert_eq!(world.login(email, &password).await.status, 200);
}
