use super::world::{Answer, World};
use auction_core::UserId;
use auction_core::identity::{MediaPath, ProfileChange};
use auction_core::ports::{AccountChange, AccountStore};
use axum::http::Method;
use serde_json::{Value, json};

const ANN: &str = "ann@example.com";

async fn change(world: &World, token: &str, change: Value) -> Answer {
    world.signed_in(token, Method::PATCH, "/api/me/", change).await
}

/// Somebody who has said nothing yet.
fn silent(id: u64, email: &str) -> Value {
    json!({
        "id": id, "email": email, "username": null, "first_name": "Ann", "last_name": "Li", "phone": "", "address": "",
        "avatar": null, "bio": null, "location": null, "website": null, "birth_date": null,
        "user_type": "client", "roles": ["client"], "is_verified": true, "two_factor_enabled": false,
    })
}

#[tokio::test]
async fn one_changes_what_one_says_about_oneself_and_nothing_else() {
    let world = World::new();
    let token = world.token(ANN).await;
    let told = json!({
        "first_name": " Anne ", "username": "anne", "phone": "+1 555", "address": "Street 1", "id": 9,
        "bio": " One\r\ntwo ", "location": "Zürich", "website": "HTTPS://Example.com", "birth_date": "2000-02-29",
        "email": "eve@example.com", "role": "admin", "user_type": "admin", "roles": ["admin"], "is_staff": true,
        "is_verified": false, "two_factor_enabled": true, "banned": true, "is_seller": true, "password": "x",
        "avatar": "/etc/passwd",
    });
    let me = json!({
        "id": 1, "email": ANN, "username": "anne", "first_name": "Anne", "last_name": "Li", "phone": "+1 555",
        "address": "Street 1", "avatar": null, "bio": "One\ntwo", "location": "Zürich",
        "website": "https://example.com/", "birth_date": "2000-02-29", "user_type": "client", "roles": ["client"],
        "is_verified": true, "two_factor_enabled": false,
    });
    change(&world, &token, told).await.is(200, me.clone());
    world.get(&token, "/api/me/").await.is(200, me.clone());
    let other = world.token("bob@example.com").await;
    let taken = json!({"username": ["A user with that username already exists."], "code": "invalid"});
    change(&world, &other, json!({"username": "ANNE", "bio": "x"})).await.is(400, taken);
    world.get(&other, "/api/me/").await.is(200, silent(2, "bob@example.com"));
    change(&world, &token, json!({})).await.is(200, me);
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_profile_is_said_at_once() {
    let world = World::new();
    let token = world.token(ANN).await;
    let wrong = json!({
        "first_name": " ", "last_name": null, "username": "a b", "phone": 5, "address": "a\nb",
        "bio": "é".repeat(2_001), "location": "é".repeat(101), "website": "javascript:alert(1)",
        "birth_date": "2026-01-02",
    });
    let errors = json!({
        "first_name": ["This field may not be blank."], "last_name": ["This field may not be null."],
        "username": ["Use only letters, digits and the characters . _ + -"], "phone": ["Not a valid string."],
        "address": ["Control characters are not allowed."],
        "bio": ["Ensure this field has no more than 2000 characters."],
        "location": ["Ensure this field has no more than 100 characters."],
        "website": ["Enter a valid URL that begins with http:// or https://."],
        "birth_date": ["Enter a date between 1900-01-01 and today."], "code": "invalid",
    });
    change(&world, &token, wrong).await.is(400, errors);
    let wrong = json!({
        "website": format!("https://example.com/{}", "x".repeat(200)), "birth_date": "2001-02-29", "bio": "a\u{0}",
    });
    let errors = json!({
        "website": ["Ensure this field has no more than 200 characters."],
        "birth_date": ["Enter a valid date in the form YYYY-MM-DD."],
        "bio": ["Control characters are not allowed."], "code": "invalid",
    });
    change(&world, &token, wrong).await.is(400, errors);
    world.get(&token, "/api/me/").await.is(200, silent(1, ANN));
    // The day on which the clock stands is the last.
    let born = change(&world, &token, json!({"birth_date": "2026-01-01"})).await;
    assert_eq!(born.body["birth_date"], "2026-01-01");
}

#[tokio::test]
async fn null_and_a_blank_empty_a_field() {
    let world = World::new();
    let token = world.token(ANN).await;
    let told = json!({
        "phone": "+1 555", "address": "Street 1", "bio": "x", "location": "Here", "website": "http://a.example",
        "birth_date": "1990-01-31",
    });
    for emptied in [Value::Null, json!("  ")] {
        assert_eq!(change(&world, &token, told.clone()).await.body["website"], "http://a.example/");
        let fields = told.as_object().unwrap().keys().map(|field| (field.clone(), emptied.clone()));
        change(&world, &token, Value::Object(fields.collect())).await.is(200, silent(1, ANN));
    }
}

#[tokio::test]
async fn the_picture_is_shown_with_its_whole_address() {
    let world = World::new();
    let token = world.token(ANN).await;
    let avatar = Some(MediaPath::parse("avatars/1.png").ok());
    let profile = ProfileChange { avatar, ..ProfileChange::default() };
    let uploaded = AccountChange { profile, ..AccountChange::default() };
    world.store.update(UserId::new(1).unwrap(), &uploaded).await.unwrap();
    let mut me = silent(1, ANN);
    me["avatar"] = json!("https://auctions.example.com/media/avatars/1.png");
    world.get(&token, "/api/me/").await.is(200, me.clone());
    change(&world, &token, json!({"avatar": null})).await.is(200, me);
}
