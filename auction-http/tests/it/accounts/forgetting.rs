use super::world::World;
use auction_adapters::runtime::Work;
use auction_core::identity::{Email, SESSION_LIFETIME};
use auction_core::memory::MemoryNotices;
use auction_core::service::Wake;
use auction_core::{Span, Timestamp};
use auction_http::people::{FORGET_EVERY, Forgetting};
use std::sync::Arc;

/// In how many places somebody is signed in, sessions that have ended included.
async fn sessions(world: &World, email: &str) -> usize {
    let accounts = world.people.accounts();
    let account = accounts.account_by_email(&Email::parse(email).unwrap()).await.unwrap().unwrap();
    accounts.sessions(account.id, Timestamp::EPOCH).await.unwrap().len()
}

#[tokio::test]
async fn sessions_that_have_ended_are_forgotten_every_hour_and_others_stay() {
    let world = World::new();
    let forgetting =
        Forgetting::new(world.people.clone(), Arc::new(MemoryNotices::new()), world.clock.clone());
    world.token("ann@example.com").await;
    assert_eq!(forgetting.tick().await.unwrap(), Wake::At(world.now().after(FORGET_EVERY)));
    assert_eq!(sessions(&world, "ann@example.com").await, 1);

    world.clock.set(world.now().after(SESSION_LIFETIME).before(Span::from_secs(1)));
    let next = world.now().after(FORGET_EVERY);
    world.token("bob@example.com").await;
    assert_eq!(forgetting.tick().await.unwrap(), Wake::At(next));
    // Ann's ends a second later, and is forgotten when it is time again.
    world.clock.set(next.before(Span::from_micros(1)));
    assert_eq!(forgetting.tick().await.unwrap(), Wake::At(next));
    assert_eq!(sessions(&world, "ann@example.com").await, 1);
    world.clock.set(next);
    assert_eq!(forgetting.tick().await.unwrap(), Wake::At(next.after(FORGET_EVERY)));
    assert_eq!(
        (sessions(&world, "ann@example.com").await, sessions(&world, "bob@example.com").await),
        (0, 1)
    );
}
