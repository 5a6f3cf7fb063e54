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
