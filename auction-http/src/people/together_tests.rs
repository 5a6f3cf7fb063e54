use super::{ASKED_MAX, Answers, Together};
use async_trait::async_trait;
use auction_core::ports::{Failure, FailureKind};
use futures_util::future::join_all;
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, yield_now};

/// Doubles numbers, each question when it is let; 13 fails, and 14 panics.
#[derive(Clone)]
struct Double {
    asked: Arc<Mutex<Vec<Vec<u64>>>>,
    let_through: Arc<Semaphore>,
}

#[async_trait]
impl Answers for Double {
    type Key = u64;
    type Answer = u64;

    async fn answer(&self, keys: &[u64]) -> Result<Vec<u64>, Failure> {
        self.asked.lock().unwrap().push(keys.to_vec());
        self.let_through.acquire().await.unwrap().forget();
        assert!(!keys.contains(&14), "an unlucky number");
        if keys.contains(&13) {
            return Err(Failure::new(FailureKind::Unavailable, "double", "an unlucky number"));
        }
        Ok(keys.iter().map(|key| key * 2).collect())
    }
}

struct Scene {
    double: Double,
    together: Arc<Together<Double>>,
}

impl Scene {
    fn new() -> Self {
        let double = Double { asked: Arc::default(), let_through: Arc::new(Semaphore::new(0)) };
        Self { together: Arc::new(Together::new(double.clone())), double }
    }

    /// Somebody asks, and waits.
    async fn ask(&self, key: u64) -> JoinHandle<Result<u64, FailureKind>> {
        let together = Arc::clone(&self.together);
        let asking = tokio::spawn(async move { together.ask(key).await.map_err(|failure| failure.kind) });
        self.settle().await;
        asking
    }

    /// So many ask at the same moment, each for another number.
    fn ask_at_once(&self, count: u64) -> Vec<JoinHandle<Result<u64, Failure>>> {
        let ask = |key| {
            let together = Arc::clone(&self.together);
            tokio::spawn(async move { together.ask(key).await })
        };
        (100..100 + count).map(ask).collect()
    }

    async fn settle(&self) {
        for _ in 0..10 {
            yield_now().await;
        }
    }

    /// Lets so many questions be answered.
    async fn answer(&self, questions: usize) {
        self.double.let_through.add_permits(questions);
        self.settle().await;
    }

    fn asked(&self) -> Vec<Vec<u64>> {
        self.double.asked.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn who_comes_alone_is_asked_for_at_once_and_all_who_come_meanwhile_together() {
    let scene = Scene::new();
    let first = scene.ask(1).await;
    assert_eq!(scene.asked(), [vec![1]], "nobody waits for others");
    let others = [scene.ask(2).await, scene.ask(3).await, scene.ask(2).await, scene.ask(1).await];
    assert_eq!(scene.asked().len(), 1, "one question at a time");
    scene.answer(2).await;
    assert_eq!(first.await.unwrap(), Ok(2));
    let mut answers = Vec::new();
    for other in others {
        answers.push(other.await.unwrap());
    }
    assert_eq!(answers, [Ok(4), Ok(6), Ok(4), Ok(2)]);
    assert_eq!(scene.asked()[1..], [vec![2, 3, 1]], "each key once, and the first one afresh");
    let later = scene.ask(5).await;
    scene.answer(1).await;
    assert_eq!(later.await.unwrap(), Ok(10));
}

#[tokio::test]
async fn who_is_woken_in_the_same_moment_comes_along() {
    let scene = Scene::new();
    scene.double.let_through.add_permits(1);
    let answers = join_all(scene.ask_at_once(100)).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap().is_ok()));
    assert_eq!(scene.asked().len(), 1);
}

#[tokio::test]
async fn a_question_is_bounded() {
    let scene = Scene::new();
    scene.double.let_through.add_permits(3);
    let answers = join_all(scene.ask_at_once(2 * ASKED_MAX as u64 + 1)).await;
    assert!(answers.into_iter().zip(100..).all(|(answer, key)| answer.unwrap().unwrap() == 2 * key));
    let lengths = scene.asked().iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(lengths, [ASKED_MAX, ASKED_MAX, 1]);
}

#[tokio::test]
async fn who_goes_away_harms_nobody() {
    let scene = Scene::new();
    let first = scene.ask(1).await;
    let (gone, stays) = (scene.ask(2).await, scene.ask(3).await);
    first.abort();
    gone.abort();
    scene.answer(2).await;
    assert_eq!(stays.await.unwrap(), Ok(6));
    assert_eq!(scene.asked(), [vec![1], vec![3]], "nobody asks for who has gone");
}

#[tokio::test]
async fn a_failure_is_told_to_all_for_whom_was_asked_and_to_nobody_else() {
    let scene = Scene::new();
    let first = scene.ask(1).await;
    let failing = [scene.ask(13).await, scene.ask(2).await];
    scene.answer(1).await;
    let next = scene.ask(3).await;
    scene.answer(2).await;
    assert_eq!((first.await.unwrap(), next.await.unwrap()), (Ok(2), Ok(6)));
    for failed in failing {
        assert_eq!(failed.await.unwrap(), Err(FailureKind::Unavailable));
    }
}

#[tokio::test]
async fn a_panic_ends_the_question_and_not_the_next_one() {
    let scene = Scene::new();
    let (unlucky, waiting) = (scene.ask(14).await, scene.ask(2).await);
    scene.answer(1).await;
    assert_eq!(unlucky.await.unwrap(), Err(FailureKind::Other));
    assert_eq!(waiting.await.unwrap(), Err(FailureKind::Other));
    let next = scene.ask(3).await;
    scene.answer(1).await;
    assert_eq!(next.await.unwrap(), Ok(6));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_come_is_given_up() {
    let scene = Scene::new();
    let (first, second) = (scene.ask(1).await, scene.ask(2).await);
    assert_eq!(first.await.unwrap(), Err(FailureKind::Unavailable));
    scene.answer(1).await;
    assert_eq!(second.await.unwrap(), Ok(4));
}
