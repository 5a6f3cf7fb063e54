use super::world::{PASSWORD, World};
use auction_core::identity::{Ban, BanScope, Role, SellerPolicy, StandingChange};
use auction_core::ports::{FactsSource, StandingStore};
use auction_core::{AuctionId, Span, Timestamp, UserId};
use serde_json::{Value, json};

const ANN: &str = "ann@example.com";

fn user(number: u64) -> UserId {
    UserId::new(number).unwrap()
}

fn banned() -> Value {
    json!({"detail": "This account is banned.", "code": "account_banned"})
}

fn invalid_token() -> Value {
    json!({"detail": "Invalid token.", "code": "invalid_token"})
}

/// As another process would: past the cache of the one that serves.
async fn change(world: &World, number: u64, change: StandingChange) {
    world.store.change_standing(user(number), &change).await.unwrap().unwrap();
}

fn ban(scope: BanScope, until: Option<Timestamp>) -> StandingChange {
    StandingChange::Banned(Ban::new(scope, until, "a reason").unwrap())
}

async fn roles(world: &World, token: &str) -> (Value, Value) {
    let me = world.get(token, "/api/me/").await.body;
    (me["user_type"].clone(), me["roles"].clone())
}

#[tokio::test]
async fn anybody_becomes_a_seller_where_the_house_is_open() {
    let world = World::new();
    let token = world.token(ANN).await;
    assert!(!world.people.authenticate(&token).await.unwrap().unwrap().can_sell);
    for _ in 0..2 {
        let answer = world.post_as(&token, "/api/become-seller/", Value::Null).await;
        answer.is(200, json!({"detail": "You can sell now."}));
    }
    assert!(world.people.authenticate(&token).await.unwrap().unwrap().can_sell);
    assert_eq!(roles(&world, &token).await, (json!("client"), json!(["client", "seller"])));
}

#[tokio::test]
async fn the_house_approves_sellers_where_it_wants_to() {
    let world = World::selling(SellerPolicy::Approval);
    let token = world.token(ANN).await;
    for _ in 0..2 {
        let answer = world.post_as(&token, "/api/become-seller/", Value::Null).await;
        answer.is(202, json!({"detail": "Your request to sell is being reviewed."}));
    }
    assert_eq!(roles(&world, &token).await.1, json!(["client"]));
    change(&world, 1, StandingChange::LetSell).await;
    let answer = world.post_as(&token, "/api/become-seller/", Value::Null).await;
    answer.is(200, json!({"detail": "You can sell now."}));
    assert_eq!(roles(&world, &token).await.1, json!(["client", "seller"]));
}

#[tokio::test]
async fn nobody_becomes_a_seller_where_the_house_names_them() {
    let world = World::selling(SellerPolicy::Staff);
    let token = world.token(ANN).await;
    let detail = "You do not have permission to perform this action.";
    let refused = json!({"detail": detail, "code": "permission_denied"});
    world.post_as(&token, "/api/become-seller/", Value::Null).await.is(403, refused);
    change(&world, 1, StandingChange::LetSell).await;
    let answer = world.post_as(&token, "/api/become-seller/", Value::Null).await;
    answer.is(200, json!({"detail": "You can sell now."}));
}

#[tokio::test]
async fn roles_are_shown_and_clients_know_two_kinds_of_people() {
    let world = World::new();
    let token = world.token(ANN).await;
    for (role, user_type, roles) in [
        (Role::Staff, "client", json!(["client", "seller", "staff"])),
        (Role::Admin, "admin", json!(["client", "seller", "admin"])),
        (Role::Client, "client", json!(["client"])),
    ] {
        change(&world, 1, StandingChange::Role(role)).await;
        assert_eq!(self::roles(&world, &token).await, (json!(user_type), roles), "{role:?}");
    }
}

#[tokio::test]
async fn staff_are_known_to_the_desk() {
    let world = World::new();
    world.account(ANN).await;
    let facts = async || world.people.facts(user(1), AuctionId::new(1).unwrap()).await.unwrap();
    for (role, is_staff) in [(Role::Staff, true), (Role::Admin, true), (Role::Client, false)] {
        change(&world, 1, StandingChange::Role(role)).await;
        assert_eq!(facts().await.staff, is_staff, "{role:?}");
    }
}

#[tokio::test]
async fn a_ban_from_everything_ends_sessions_within_a_second_and_keeps_out_until_its_end() {
    let world = World::new();
    let token = world.token(ANN).await;
    assert!(world.people.authenticate(&token).await.unwrap().is_some());
    let until = world.now().after(Span::from_secs(3_600));
    change(&world, 1, ban(BanScope::Everything, Some(until))).await;
    world.clock.advance(Span::from_secs(1));
    assert_eq!(world.people.authenticate(&token).await.unwrap(), None);
    world.get(&token, "/api/me/").await.is(401, invalid_token());
    world.login(ANN, PASSWORD).await.is(403, banned());
    world.login(ANN, "wrongpassword123").await.is(
        401,
        json!({
            "detail": "Invalid credentials.", "code": "invalid_credentials",
        }),
    );
    world.clock.set(until);
    world.login_token(ANN).await;
    world.get(&token, "/api/me/").await.is(401, invalid_token());
}

#[tokio::test]
async fn a_ban_from_bidding_is_known_to_the_desk_within_a_second_and_leaves_the_rest() {
    let world = World::new();
    let token = world.token(ANN).await;
    let person = async || world.people.authenticate(&token).await.unwrap().unwrap();
    let facts = async || world.people.facts(user(1), AuctionId::new(1).unwrap()).await.unwrap();
    assert!(!person().await.banned);
    let until = world.now().after(Span::from_secs(60));
    change(&world, 1, ban(BanScope::Bidding, Some(until))).await;
    assert!(facts().await.banned);
    world.clock.advance(Span::from_secs(1));
    assert!(person().await.banned);
    assert_eq!(world.get(&token, "/api/me/").await.status, 200);
    assert_eq!(world.post_as(&token, "/api/become-seller/", Value::Null).await.status, 200);
    world.clock.set(until);
    assert!(!person().await.banned && !facts().await.banned);
    change(&world, 1, ban(BanScope::Bidding, None)).await;
    assert!(facts().await.banned);
    change(&world, 1, StandingChange::Unbanned).await;
    assert!(!facts().await.banned);
}

#[tokio::test]
async fn a_ban_from_selling_leaves_bidding() {
    let world = World::new();
    let token = world.token(ANN).await;
    change(&world, 1, StandingChange::LetSell).await;
    change(&world, 1, ban(BanScope::Selling, None)).await;
    world.clock.advance(Span::from_secs(1));
    let person = world.people.authenticate(&token).await.unwrap().unwrap();
    assert!(!person.can_sell && !person.banned);
    world.post_as(&token, "/api/become-seller/", Value::Null).await.is(403, banned());
    assert_eq!(roles(&world, &token).await.1, json!(["client"]));
}

#[tokio::test]
async fn a_banned_person_does_not_complete_a_sign_in_nor_set_a_password() {
    let world = World::new();
    let token = world.token(ANN).await;
    let codes = super::two_factor::enable(&world, &token).await;
    let answer = world.login(ANN, PASSWORD).await;
    let temp_token = answer.body["temp_token"].clone();
    change(&world, 1, ban(BanScope::Everything, None)).await;
    let body = json!({"temp_token": temp_token, "code": codes[0]});
    let answer = world.post("/api/2fa/verify/", body).await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (400, &json!("invalid_session")));
}
