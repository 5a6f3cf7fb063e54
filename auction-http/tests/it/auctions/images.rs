use super::house::{Answer, House};
use auction_core::ports::{BlobName, BlobStore};
use axum::body::Body;
use axum::http::{Request, header};
use futures_util::future::join_all;
use futures_util::stream;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

on_each_store! {
    pictures_are_added_behind_those_that_are_there,
    what_is_no_picture_is_told_so_and_nothing_changes,
    the_name_and_the_type_of_a_file_mean_nothing,
    all_pictures_of_an_upload_are_added_or_none,
    an_auction_has_so_many_pictures_and_no_more,
    a_picture_has_so_many_bytes_and_no_more,
    only_who_may_change_an_auction_changes_its_pictures,
    a_picture_that_was_removed_is_gone,
    pictures_of_samples_are_never_removed,
    a_draft_that_is_discarded_takes_its_pictures_along,
    of_pictures_that_come_at_once_none_is_lost,
    a_title_that_changes_meanwhile_loses_no_picture,
    nobody_sends_more_than_two_uploads_at_once,
    other_fields_of_an_upload_change_nothing,
}

const BOUNDARY: &str = "----a-boundary";

fn picture(shade: u8) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    RgbImage::from_pixel(600, 300, Rgb([shade, 90, 200])).write_to(&mut file, ImageFormat::Jpeg).unwrap();
    file.into_inner()
}

/// A part of a form: the rest of its `Content-Disposition`, its type, and what is in it.
type Part<'a> = (&'a str, &'a str, &'a [u8]);

fn form(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (disposition, kind, content) in parts {
        let head = format!("Content-Disposition: form-data; {disposition}\r\nContent-Type: {kind}");
        body.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").bytes());
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

fn request(who: &str, auction: u64, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(format!("/api/auctions/{auction}/images/"))
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
    let request =
        if who.is_empty() { request } else { request.header(header::AUTHORIZATION, format!("Token {who}")) };
    request.body(body.into()).unwrap()
}

async fn send(house: &House, who: &str, auction: u64, files: &[&[u8]]) -> Answer {
    let name = r#"name="image"; filename="a.jpg""#;
    let parts: Vec<Part<'_>> = files.iter().map(|file| (name, "image/jpeg", *file)).collect();
    house.raw(who, request(who, auction, form(&parts))).await
}

/// A house with a rug that has not started.
async fn scheduled() -> (House, u64) {
    let house = House::open().await;
    let rug = house.sell_with(json!({"start_date_time": "2026-01-01T12:30:00Z"})).await;
    (house, rug)
}

/// Addresses in an answer, as names of blobs.
fn names(addresses: &Value) -> Vec<String> {
    let name = |address: &Value| {
        address.as_str().unwrap().strip_prefix("http://localhost:9000/media/").unwrap().to_owned()
    };
    addresses.as_array().unwrap().iter().map(name).collect()
}

async fn stored(house: &House, name: &str) -> Option<Vec<u8>> {
    house.blobs.read(&BlobName::parse(name).unwrap()).await.unwrap()
}

fn sides(file: &[u8]) -> (u32, u32) {
    let read = image::load_from_memory(file).unwrap();
    (read.width(), read.height())
}

async fn pictures_are_added_behind_those_that_are_there() {
    let (house, rug) = scheduled().await;
    let mut expected = house.get("sally", "auctions/1/").await.json();
    let first = send(&house, "sally", rug, &[&picture(10)]).await;
    let both = send(&house, "sally", rug, &[&picture(20), &picture(30)]).await;
    let (first, both) = (first.told(), both.told());
    assert_eq!((first.0, both.0), (201, 201));
    let (images, thumbnails) = (names(&both.1["images"]), names(&both.1["thumbnails"]));
    assert_eq!((images.len(), names(&first.1["images"])), (3, images[..1].to_vec()));
    for (image, thumbnail) in images.iter().zip(&thumbnails) {
        assert!(image.starts_with("auctions/1/") && image.ends_with("-full.jpg"), "{image}");
        assert_eq!(*thumbnail, image.replace("-full", "-small"));
        assert_eq!(sides(&stored(&house, image).await.unwrap()), (600, 300));
        assert_eq!(sides(&stored(&house, thumbnail).await.unwrap()), (480, 240));
    }
    expected["images"] = both.1["images"].clone();
    expected["image"] = both.1["images"][0].clone();
    expected["thumbnails"] = both.1["thumbnails"].clone();
    expected["thumbnail"] = both.1["thumbnails"][0].clone();
    assert_eq!(both.1, expected);
    assert_eq!(house.get("sally", "auctions/1/").await.json(), expected);
    assert_eq!(house.blobs.names().len(), 6);
}

async fn what_is_no_picture_is_told_so_and_nothing_changes() {
    let (house, rug) = scheduled().await;
    let before = house.get("sally", "auctions/1/").await.json();
    let unknown = "Send a picture in one of the formats JPEG, PNG, WebP and GIF.";
    let damaged = "The picture could not be read. It may be damaged.";
    let mut huge = Cursor::new(Vec::new());
    RgbImage::new(8, 8).write_to(&mut huge, ImageFormat::Gif).unwrap();
    let mut huge = huge.into_inner();
    huge[6..10].fill(0xff);
    let cut = &picture(10)[..20];
    for (file, sentence) in [
        (&b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"[..], unknown),
        (b"<html><script>alert(1)</script></html>", unknown),
        (b"BM or another kind of picture", unknown),
        (b"", "The submitted file is empty."),
        (cut, damaged),
        (&huge, "The picture has too many pixels: one of this kind may have 5592405."),
    ] {
        let answer = send(&house, "sally", rug, &[file]).await;
        assert_eq!(answer.told(), (400, json!({"image": [sentence], "code": "invalid"})));
    }
    let missing = json!({"image": ["This field is required."], "code": "invalid"});
    assert_eq!(send(&house, "sally", rug, &[]).await.told(), (400, missing.clone()));
    let other = form(&[("name=\"picture\"", "image/jpeg", &picture(10))]);
    assert_eq!(house.raw("sally", request("sally", rug, other)).await.told(), (400, missing));
    let unread = json!({"detail": "The request could not be read.", "code": "parse_error"});
    for body in [&b""[..], b"no form", b"------a-boundary\r\n", b"------a-boundary\r\nContent-Disposition: x"]
    {
        let answer = house.raw("sally", request("sally", rug, body.to_vec())).await;
        assert_eq!(answer.told(), (400, unread.clone()), "{body:?}");
    }
    let detail = "The body has to be a form, with the content type multipart/form-data.";
    let expected = json!({"detail": detail, "code": "unsupported_media_type"});
    assert_eq!(house.post("sally", "auctions/1/images/", &json!({})).await.told(), (415, expected));
    assert_eq!(house.get("sally", "auctions/1/").await.json(), before);
    assert_eq!(house.blobs.names(), []);
}

async fn the_name_and_the_type_of_a_file_mean_nothing() {
    let (house, rug) = scheduled().await;
    let file = picture(10);
    for disposition in [
        r#"name="image""#,
        r#"name="image"; filename="../../../../etc/passwd""#,
        r#"name="image"; filename="..\\..\\x.svg""#,
        r#"name="image"; filename="/etc/cron.d/x.png""#,
        r#"name="image"; filename="a.html%00.jpg""#,
    ] {
        let body = form(&[(disposition, "text/html", &file)]);
        assert_eq!(house.raw("sally", request("sally", rug, body)).await.status, 201, "{disposition}");
    }
    for name in house.blobs.names() {
        let text = name.as_str().strip_prefix("auctions/1/").unwrap();
        let drawn = text.strip_suffix("-full.jpg").or(text.strip_suffix("-small.jpg")).unwrap();
        assert!(drawn.len() == 32 && drawn.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    }
}

async fn all_pictures_of_an_upload_are_added_or_none() {
    let (house, rug) = scheduled().await;
    let answer = send(&house, "sally", rug, &[&picture(10), &picture(20), b"no picture"]).await;
    assert_eq!(answer.status, 400);
    assert_eq!(house.get("sally", "auctions/1/").await.json()["images"], json!([]));
    assert_eq!(house.blobs.names(), []);
    let cut = form(&[("name=\"image\"", "image/jpeg", &picture(10))]);
    let cut = &cut[..cut.len() - BOUNDARY.len() - 6];
    assert_eq!(house.raw("sally", request("sally", rug, cut.to_vec())).await.status, 400);
    assert_eq!(house.blobs.names(), []);
}

async fn an_auction_has_so_many_pictures_and_no_more() {
    let (house, rug) = scheduled().await;
    let files: Vec<_> = (0..9).map(picture).collect();
    let files: Vec<_> = files.iter().map(Vec::as_slice).collect();
    assert_eq!(send(&house, "sally", rug, &files).await.status, 201);
    let refused = json!({"image": ["An auction has at most 10 pictures."], "code": "invalid"});
    assert_eq!(send(&house, "sally", rug, &files[..2]).await.told(), (400, refused.clone()));
    assert_eq!(send(&house, "sally", rug, &files[..1]).await.status, 201);
    assert_eq!(send(&house, "sally", rug, &files[..1]).await.told(), (400, refused));
    assert_eq!(house.get("", "auctions/1/").await.json()["images"].as_array().unwrap().len(), 10);
    assert_eq!(house.blobs.names().len(), 20);
}

async fn a_picture_has_so_many_bytes_and_no_more() {
    let (house, rug) = scheduled().await;
    let mut file = picture(10);
    file.resize(10 * 1024 * 1024, 0);
    assert_eq!(send(&house, "sally", rug, &[&file]).await.status, 201);
    file.push(0);
    let refused = json!({"detail": "The request is too large.", "code": "payload_too_large"});
    assert_eq!(send(&house, "sally", rug, &[&file]).await.told(), (413, refused.clone()));
    file.pop();
    let many = [file.as_slice(), &file, &file];
    assert_eq!(send(&house, "sally", rug, &many).await.told(), (413, refused));
    assert_eq!(house.get("", "auctions/1/").await.json()["images"].as_array().unwrap().len(), 1);
    assert_eq!(house.blobs.names().len(), 2);
}

async fn only_who_may_change_an_auction_changes_its_pictures() {
    let (house, rug) = scheduled().await;
    assert_eq!(send(&house, "sally", rug, &[&picture(10)]).await.status, 201);
    let delete =
        async |who: &'static str, path: &'static str| house.send(who, "DELETE", path, "").await.code();
    for (who, status, code) in [
        ("", 401, "not_authenticated"),
        ("mallory", 401, "invalid_token"),
        ("ann", 403, "permission_denied"),
        ("sam", 403, "permission_denied"),
        ("banned", 403, "permission_denied"),
    ] {
        assert_eq!(send(&house, who, rug, &[&picture(20)]).await.code(), (status, code.to_owned()), "{who}");
        assert_eq!(delete(who, "auctions/1/images/0/").await, (status, code.to_owned()), "{who}");
    }
    let not_found = (404, "not_found".to_owned());
    assert_eq!(send(&house, "sally", 77, &[&picture(20)]).await.code(), not_found);
    for path in ["77/images/0/", "1/images/1/", "1/images/-1/", "1/images/x/", "x/images/0/"] {
        let answer = house.send("sally", "DELETE", &format!("auctions/{path}"), "").await;
        assert_eq!(answer.code(), not_found, "{path}");
    }
    let draft = house.sell_with(json!({"draft": true})).await;
    assert_eq!(send(&house, "ann", draft, &[&picture(20)]).await.code(), not_found);
    house.pass(1_800);
    let expected = json!({
        "detail": "An auction that has started cannot be changed.", "code": "illegal_transition",
        "status": "started",
    });
    assert_eq!(send(&house, "sally", rug, &[&picture(20)]).await.told(), (409, expected.clone()));
    assert_eq!(house.send("sally", "DELETE", "auctions/1/images/0/", "").await.told(), (409, expected));
    assert_eq!(send(&house, "admin", rug, &[&picture(20)]).await.status, 201);
    assert_eq!(house.send("admin", "DELETE", "auctions/1/images/0", "").await.status, 204);
    assert_eq!(house.blobs.names().len(), 2);
}

async fn a_picture_that_was_removed_is_gone() {
    let (house, rug) = scheduled().await;
    let answer = send(&house, "sally", rug, &[&picture(10), &picture(20), &picture(30)]).await.json();
    let images = names(&answer["images"]);
    let answer = house.send("sally", "DELETE", "auctions/1/images/1/", "").await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""));
    let left = names(&house.get("", "auctions/1/").await.json()["images"]);
    assert_eq!(left, [images[0].clone(), images[2].clone()]);
    assert_eq!(stored(&house, &images[1]).await, None);
    assert_eq!(house.blobs.names().len(), 4);
    for _ in 0..2 {
        assert_eq!(house.send("sally", "DELETE", "auctions/1/images/0/", "").await.status, 204);
    }
    assert_eq!(house.send("sally", "DELETE", "auctions/1/images/0/", "").await.status, 404);
    assert_eq!(house.blobs.names(), []);
    let answer = house.get("", "auctions/1/").await.json();
    assert_eq!((&answer["image"], &answer["thumbnail"]), (&Value::Null, &Value::Null));
}

async fn pictures_of_samples_are_never_removed() {
    let (house, rug) = scheduled().await;
    let name = BlobName::parse("samples/rugs-1.png").unwrap();
    house.blobs.put(&name, b"drawn".to_vec()).await.unwrap();
    house.show(rug, name.as_str()).await;
    let answer = house.get("", "auctions/1/").await.json();
    assert_eq!(answer["image"], answer["thumbnail"]);
    assert_eq!(house.send("sally", "DELETE", "auctions/1/images/0/", "").await.status, 204);
    assert_eq!(house.get("", "auctions/1/").await.json()["images"], json!([]));
    assert_eq!(house.blobs.names(), [name]);
}

async fn a_draft_that_is_discarded_takes_its_pictures_along() {
    let house = House::open().await;
    let draft = house.sell_with(json!({"draft": true})).await;
    assert_eq!(send(&house, "sally", draft, &[&picture(10), &picture(20)]).await.status, 201);
    assert_eq!(house.send("sally", "DELETE", "auctions/1/", "").await.status, 204);
    assert_eq!(house.blobs.names(), []);
}

async fn of_pictures_that_come_at_once_none_is_lost() {
    let (house, rug) = scheduled().await;
    let files: Vec<_> = (0..4).map(picture).collect();
    let files: Vec<_> = files.iter().map(|file| [file.as_slice()]).collect();
    for pair in files.chunks(2) {
        let answers = join_all(pair.iter().map(|file| send(&house, "sally", rug, file))).await;
        assert!(answers.iter().all(|answer| answer.status == 201));
    }
    let answer = house.get("", "auctions/1/").await.json();
    let images = names(&answer["images"]);
    assert_eq!(images.len(), 4);
    let adds = send(&house, "sally", rug, &files[0]);
    let removes = house.send("sally", "DELETE", "auctions/1/images/0/", "");
    let (added, removed) = tokio::join!(adds, removes);
    assert_eq!((added.status.as_u16(), removed.status.as_u16()), (201, 204));
    let left = names(&house.get("", "auctions/1/").await.json()["images"]);
    assert_eq!((left.len(), &left[..3]), (4, &images[1..]));
    assert_eq!(house.blobs.names().len(), 8);
}

async fn a_title_that_changes_meanwhile_loses_no_picture() {
    let (house, rug) = scheduled().await;
    let titles = ["One", "Two", "Three", "Four"].map(|title| json!({ "title": title }).to_string());
    let edits = join_all(titles.iter().map(|title| house.send("sally", "PATCH", "auctions/1/", title)));
    let file = picture(10);
    let files = [file.as_slice()];
    let (added, edited) = tokio::join!(send(&house, "sally", rug, &files), edits);
    assert_eq!(added.status, 201);
    assert!(edited.iter().all(|answer| answer.status == 200));
    let answer = house.get("", "auctions/1/").await.json();
    assert_eq!(answer["images"].as_array().unwrap().len(), 1);
    assert_ne!(answer["title"], "Persian rug");
}

async fn nobody_sends_more_than_two_uploads_at_once() {
    let (house, rug) = scheduled().await;
    let asked = [Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false))];
    let mut slow = join_all(asked.clone().map(|asked| {
        let endless = stream::poll_fn(move |_| {
            asked.store(true, Ordering::SeqCst);
            Poll::<Option<Result<&[u8], Infallible>>>::Pending
        });
        house.raw("sally", request("sally", rug, Body::from_stream(endless)))
    }));
    // Until both bodies are being read.
    while !asked.iter().all(|asked| asked.load(Ordering::SeqCst)) {
        assert!(futures_util::poll!(&mut slow).is_pending());
        tokio::task::yield_now().await;
    }
    let busy = json!({"detail": "The server is busy. Try again.", "code": "busy"});
    let answer = send(&house, "sally", rug, &[&picture(10)]).await;
    assert_eq!((answer.header("retry-after"), answer.told()), (Some("1"), (503, busy)));
    assert_eq!(send(&house, "admin", rug, &[&picture(10)]).await.status, 201);
    drop(slow);
    assert_eq!(send(&house, "sally", rug, &[&picture(10)]).await.status, 201);
}

async fn other_fields_of_an_upload_change_nothing() {
    let (house, rug) = scheduled().await;
    let before = house.get("sally", "auctions/1/").await.json();
    let file = picture(10);
    let forged = ["title", "images", "seller", "status", "id", "path", "current_price"];
    let dispositions = forged.map(|name| format!("name=\"{name}\""));
    let mut parts: Vec<Part<'_>> =
        dispositions.iter().map(|it| (it.as_str(), "text/plain", &b"../../forged"[..])).collect();
    parts.push(("name=\"image\"", "image/jpeg", &file));
    let answer = house.raw("sally", request("sally", rug, form(&parts))).await;
    let (status, mut told) = answer.told();
    assert_eq!((status, names(&told["images"]).len()), (201, 1));
    for field in ["image", "images", "thumbnail", "thumbnails"] {
        told[field] = before[field].clone();
    }
    assert_eq!(told, before);
}
