//! What many want to know at the same time is asked together.

use async_trait::async_trait;
use auction_core::ports::{Failure, FailureKind, SESSIONS_ASKED_MAX};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// For how many keys the store is asked at once.
pub(super) const ASKED_MAX: usize = SESSIONS_ASKED_MAX;

/// How many may wait until it is their turn.
const ASKING_MAX: usize = 100_000;

/// How often others are let run before the first question, at most.
const GATHERED_MAX: usize = 64;

/// After how long an answer is given up, so that others come to their turn.
const ANSWERED_WITHIN: Duration = Duration::from_secs(8);

/// What is asked: one call answers for many keys, in the order of the question.
#[async_trait]
pub(super) trait Answers: Send + Sync + 'static {
    type Key: Copy + Eq + Hash + Send + Sync + 'static;
    type Answer: Clone + Send + 'static;

    async fn answer(&self, keys: &[Self::Key]) -> Result<Vec<Self::Answer>, Failure>;
}

/// Asks together what many want to know at the same time.
///
/// One question is under way at a time. Whoever comes alone is asked for at once; all who come meanwhile are in the next
/// question: the store itself sets the pace, as it does for bids. No answer is older than the wish to know it. Who goes
/// away harms nobody, and a failure is told to all for whom was asked.
pub(super) struct Together<A: Answers> {
    shared: Arc<Shared<A>>,
}

struct Shared<A: Answers> {
    source: A,
    line: Mutex<Line<A>>,
}

/// Those who wait, in the order in which they came.
struct Line<A: Answers> {
    waiting: VecDeque<(A::Key, Reply<A>)>,
    /// Somebody asks for them.
    is_served: bool,
}

type Reply<A> = oneshot::Sender<Result<<A as Answers>::Answer, FailureKind>>;

/// What is asked at once, and who waits for it.
struct Question<A: Answers> {
    keys: Vec<A::Key>,
    replies: Vec<(usize, Reply<A>)>,
}

impl<A: Answers> Together<A> {
    pub(super) fn new(source: A) -> Self {
        let line = Line { waiting: VecDeque::new(), is_served: false };
        Self { shared: Arc::new(Shared { source, line: Mutex::new(line) }) }
    }

    /// What is known of a key, from now on.
    pub(super) async fn ask(&self, key: A::Key) -> Result<A::Answer, Failure> {
        const OPERATION: &str = "ask with others";
        let (reply, answer) = oneshot::channel();
        let is_first = {
            let mut line = self.shared.line();
            if line.waiting.len() >= ASKING_MAX {
                return Err(Failure::new(FailureKind::Busy, OPERATION, "too many wait"));
            }
            line.waiting.push_back((key, reply));
            !std::mem::replace(&mut line.is_served, true)
        };
        if is_first {
            // A task of its own, since whoever came first may go away.
            tokio::spawn(serve(Arc::clone(&self.shared)));
        }
        match answer.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(kind)) => Err(Failure::new(kind, OPERATION, "nobody who waited was answered")),
            Err(_) => Err(Failure::new(FailureKind::Other, OPERATION, "the question was given up")),
        }
    }
}

/// Asks until nobody waits.
async fn serve<A: Answers>(shared: Arc<Shared<A>>) {
    let mut serving = Serving { shared: &shared, is_done: false };
    shared.gather().await;
    while let Some(Question { keys, replies }) = shared.next_question() {
        let answered = timeout(ANSWERED_WITHIN, shared.source.answer(&keys)).await;
        let answers = match answered {
            Ok(Ok(answers)) if answers.len() == keys.len() => Ok(answers),
            Ok(Ok(answers)) => {
                tracing::error!(keys = keys.len(), answers = answers.len(), "answers are missing");
                Err(FailureKind::Other)
            }
            Ok(Err(failure)) => {
                let cause = failure.source.as_ref().map(ToString::to_string).unwrap_or_default();
                tracing::error!(%failure, cause, waited = replies.len(), "a question was not answered");
                Err(failure.kind)
            }
            Err(_) => {
                tracing::error!(waited = replies.len(), "a question was not answered in time");
                Err(FailureKind::Unavailable)
            }
        };
        for (place, reply) in replies {
            // Who has gone away is not told.
            let _ = reply.send(answers.as_ref().map(|answers| answers[place].clone()).map_err(|kind| *kind));
        }
    }
    serving.is_done = true;
}

impl<A: Answers> Shared<A> {
    /// Lets those come along who were woken in the same moment: others run, as long as some of them join the line.
    async fn gather(&self) {
        let mut known = 0;
        for _ in 0..GATHERED_MAX {
            let waiting = self.line().waiting.len();
            if waiting == known || waiting >= ASKED_MAX {
                return;
            }
            known = waiting;
            tokio::task::yield_now().await;
        }
    }

    /// For whom is asked next. Where nobody waits, whoever comes next has to see to it.
    fn next_question(&self) -> Option<Question<A>> {
        let mut line = self.line();
        let mut question = Question { keys: Vec::new(), replies: Vec::new() };
        let mut places = HashMap::new();
        while question.keys.len() < ASKED_MAX {
            let Some((key, reply)) = line.waiting.pop_front() else { break };
            if reply.is_closed() {
                continue;
            }
            let place = match places.entry(key) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(unknown) => {
                    question.keys.push(key);
                    *unknown.insert(question.keys.len() - 1)
                }
            };
            question.replies.push((place, reply));
        }
        line.is_served = !question.keys.is_empty();
        line.is_served.then_some(question)
    }

    /// A lock is held for a few instructions that do not panic.
    fn line(&self) -> MutexGuard<'_, Line<A>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody asks. Where they end before all are served, those who wait are told, and the next one begins anew.
struct Serving<'s, A: Answers> {
    shared: &'s Shared<A>,
    is_done: bool,
}

impl<A: Answers> Drop for Serving<'_, A> {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        let mut line = self.shared.line();
        line.is_served = false;
        line.waiting.clear();
    }
}

#[cfg(test)]
#[path = "together_tests.rs"]
mod tests;
