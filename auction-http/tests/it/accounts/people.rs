use super::world::World;
use auction_core::auction::BidderFacts;
use auction_core::ports::FactsSource;
use auction_core::{AuctionId, Span, UserId};
use auction_http::accounts;
use auction_http::people::{Caller, People};
use axum::Router;
use axum::body::Body;
use axum::extract::FromRef;
use axum::http::Request;
use axum::routing::get;
use http_body_util::BodyExt;
use std::sync::Arc;
use tower::ServiceExt;
use utoipa_axum::router::OpenApiRouter;

fn user(number: u64) -> UserId {
    UserId::new(number).unwrap()
}

#[tokio::test]
async fn a_person_is_known_by_the_token() {
    let world = World::new();
    let token = world.token("Ann@example.com").await;
    let person = world.people.authenticate(&token).await.unwrap().unwrap();
    assert_eq!((person.id, &*person.email), (user(1), "Ann@example.com"));
    assert_eq!((person.is_admin, person.can_sell), (false, false));
    assert_eq!((person.verified, person.banned), (true, false));
    assert_eq!(world.people.authenticate("nonsense").await.unwrap(), None);
}

#[tokio::test]
async fn what_another_process_changed_is_known_within_a_second() {
    let world = World::new();
    let token = world.token("ann@example.com").await;
    assert!(world.people.authenticate(&token).await.unwrap().is_some());
    let sessions = world.people.accounts().sessions(user(1), world.now()).await.unwrap();
    assert!(world.people.accounts().sign_out(user(1), sessions[0].id).await.unwrap());
    world.clock.advance(Span::from_micros(999_999));
    assert!(world.people.authenticate(&token).await.unwrap().is_some());
    world.clock.advance(Span::from_micros(1));
    assert_eq!(world.people.authenticate(&token).await.unwrap(), None);
}

#[tokio::test]
async fn the_desk_learns_the_facts() {
    let world = World::new();
    world.account("ann@example.com").await;
    world.admin("ada@example.com").await;
    let auction = AuctionId::new(1).unwrap();
    let facts = async |number| world.people.facts(user(number), auction).await.unwrap();
    assert_eq!(facts(1).await, BidderFacts::VERIFIED);
    assert_eq!(facts(2).await, BidderFacts::STAFF);
    assert_eq!(facts(3).await, BidderFacts::UNVERIFIED);
}

#[tokio::test]
async fn labels_have_the_order_of_the_question() {
    let world = World::new();
    world.account("ann@example.com").await;
    world.account("bob@example.com").await;
    for _ in 0..2 {
        let asked = [user(2), user(9), user(1), user(2)];
        let labels = world.people.labels(&asked).await.unwrap();
        let labels = labels.iter().map(|label| label.as_deref()).collect::<Vec<_>>();
        let expected = [Some("bob@example.com"), None, Some("ann@example.com"), Some("bob@example.com")];
        assert_eq!(labels, expected);
    }
}

/// A host's own state.
#[derive(Clone)]
struct Host {
    people: Arc<People>,
}

impl FromRef<Host> for Arc<People> {
    fn from_ref(host: &Host) -> Self {
        Self::clone(&host.people)
    }
}

#[tokio::test]
async fn the_router_is_mounted_in_the_state_of_a_host_and_describes_itself() {
    let world = World::new();
    let token = world.token("ann@example.com").await;
    let greet =
        async |Caller(person): Caller| person.map_or("nobody".to_owned(), |person| person.email.to_string());
    let (router, description) = OpenApiRouter::<Host>::new().merge(accounts::router()).split_for_parts();
    let router: Router = router.route("/greet", get(greet)).with_state(Host { people: world.people.clone() });
    let ask = async |header: Option<&str>| {
        let request = header.into_iter().fold(Request::get("/greet"), |request, text| {
            request.header("authorization", format!("Token {text}"))
        });
        let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        (
            status,
            String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap(),
        )
    };
    assert_eq!(ask(None).await, (200, "nobody".to_owned()));
    assert_eq!(ask(Some(&token)).await, (200, "ann@example.com".to_owned()));
    assert_eq!(ask(Some("other")).await.0, 401);
    let paths = description.paths.paths.keys().map(String::as_str).collect::<Vec<_>>();
    let expected = [
        "/api/2fa/disable/",
        "/api/2fa/enable/",
        "/api/2fa/setup/",
        "/api/2fa/status/",
        "/api/2fa/verify/",
        "/api/become-seller/",
        "/api/change-email/",
        "/api/change-email/verify/",
        "/api/change-password/",
        "/api/forgot-password/",
        "/api/login/",
        "/api/logout/",
        "/api/me/",
        "/api/otp/request/",
        "/api/otp/verify/",
        "/api/register/",
        "/api/resend-otp/",
        "/api/reset-password/",
        "/api/sessions/",
        "/api/sessions/{id}/",
        "/api/token/",
        "/api/token/refresh/",
        "/api/verify-otp/",
    ];
    assert_eq!(paths, expected);
}
