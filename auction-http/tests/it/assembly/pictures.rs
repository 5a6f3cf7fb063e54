//! Pictures, from the upload to whoever looks.

use super::house::server;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;
use std::io::Cursor;

#[tokio::test]
async fn a_picture_is_served_as_what_it_is_and_nothing_else() {
    let server = server(&[]).await;
    let token = server.token("ann").await;
    let rug = json!({
        "title": "Persian rug", "starting_price": "10.00", "start_date_time": "2026-01-01T12:30:00Z",
        "end_date_time": "2026-01-01T13:00:00Z",
    });
    let request = Request::post("/api/auctions/")
        .header(header::AUTHORIZATION, &token)
        .header(header::CONTENT_TYPE, "application/json");
    let answer = server.send(request.body(Body::from(rug.to_string())).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let mut picture = Cursor::new(Vec::new());
    RgbImage::from_pixel(20, 10, Rgb([9, 90, 200]))
        .write_to(&mut picture, ImageFormat::Jpeg)
        .expect("a picture");
    let head = "--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.svg\"\r\n\
                Content-Type: text/html\r\n\r\n";
    let script = b"<html><script>alert(1)</script></html>";
    let body = [head.as_bytes(), picture.get_ref(), script, b"\r\n--x--\r\n"].concat();
    let request = Request::post("/api/auctions/1/images/")
        .header(header::AUTHORIZATION, &token)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let answer = server.send(request.body(Body::from(body)).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let auction = answer.json();
    for field in ["image", "thumbnail"] {
        let address = auction[field].as_str().expect("an address");
        let path = &address[address.find("/media/").expect("a path")..];
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "image/jpeg");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(image::guess_format(&answer.body).expect("a picture"), ImageFormat::Jpeg);
        assert!(!answer.body.windows(6).any(|window| window == b"script"));
        for other in [path.replace(".jpg", ".png"), path.replace("/media/", "/media/../"), format!("{path}/")]
        {
            assert_eq!(server.get(&other).await.status, StatusCode::NOT_FOUND, "{other}");
        }
    }
}

#[tokio::test]
async fn a_picture_of_oneself_takes_the_place_of_the_one_before_and_can_be_taken_away() {
    let server = server(&[]).await;
    let (ann, bob) = (server.token("ann").await, server.token("bob").await);
    let ask = async |method: &str, token: &str, body: Vec<u8>| {
        let request = Request::builder().method(method).uri("/api/me/avatar/");
        let request = request
            .header(header::AUTHORIZATION, token)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        server.send(request.body(Body::from(body)).expect("a request")).await
    };
    let form = |content: &[u8]| {
        let head = "--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n";
        [head.as_bytes(), content, b"\r\n--x--\r\n"].concat()
    };
    let mut file = Cursor::new(Vec::new());
    RgbImage::from_pixel(60, 20, Rgb([9, 90, 200])).write_to(&mut file, ImageFormat::Png).expect("a picture");
    let path = |me: &serde_json::Value| {
        let address = me["avatar"].as_str().expect("an address");
        address[address.find("/media/avatars/").expect("a path")..].to_owned()
    };
    let answer = ask("POST", &ann, form(file.get_ref())).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let first = path(&answer.json());
    let shown = server.get(&first).await;
    let picture = image::load_from_memory(&shown.body).expect("a picture");
    assert_eq!((shown.status, picture.width(), picture.height()), (StatusCode::OK, 20, 20));
    let second = path(&ask("POST", &ann, form(file.get_ref())).await.json());
    assert_ne!(first, second);
    assert_eq!(server.get(&first).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.get(&second).await.status, StatusCode::OK);

    let wrong = json!({
        "image": ["Send a picture in one of the formats JPEG, PNG, WebP and GIF."], "code": "invalid",
    });
    let answer = ask("POST", &ann, form(b"<svg/>")).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::BAD_REQUEST, wrong));
    let missing = json!({ "image": ["This field is required."], "code": "invalid" });
    let answer = ask("POST", &ann, b"--x--\r\n".to_vec()).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::BAD_REQUEST, missing));

    // Nobody takes away what is somebody else's.
    assert_eq!(ask("DELETE", &bob, Vec::new()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(server.get(&second).await.status, StatusCode::OK);
    assert_eq!(ask("DELETE", &ann, Vec::new()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(server.get(&second).await.status, StatusCode::NOT_FOUND);
    let me = Request::get("/api/me/").header(header::AUTHORIZATION, &ann).body(Body::empty());
    assert_eq!(server.send(me.expect("a request")).await.json()["avatar"], serde_json::Value::Null);
}
