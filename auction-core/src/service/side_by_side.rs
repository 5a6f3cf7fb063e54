//! Futures that run side by side, without a runtime.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// Runs the futures that `next` answers side by side, at most so many at a time, and answers what came of them in the
/// order in which they were finished. `next` is shown what is finished so far; after `None` no more are begun unless
/// another one finishes.
pub(super) async fn side_by_side<T, F: Future<Output = T> + Send>(
    at_once_max: usize,
    mut next: impl FnMut(&[T]) -> Option<F> + Send,
) -> Vec<T> {
    let mut running: Vec<Pin<Box<F>>> = Vec::new();
    let mut done = Vec::new();
    poll_fn(|context| {
        loop {
            while running.len() < at_once_max.max(1)
                && let Some(future) = next(&done)
            {
                running.push(Box::pin(future));
            }
            if running.is_empty() {
                return Poll::Ready(());
            }
            let done_before = done.len();
            running.retain_mut(|future| match future.as_mut().poll(context) {
                Poll::Ready(value) => {
                    done.push(value);
                    false
                }
                Poll::Pending => true,
            });
            if done.len() == done_before {
                return Poll::Pending;
            }
        }
    })
    .await;
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use pollster::block_on;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Is ready when it is asked for the second time.
    async fn slowly(running: &AtomicUsize, most: &AtomicUsize, number: usize) -> usize {
        most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let mut was_asked = false;
        poll_fn(|context| {
            if was_asked {
                return Poll::Ready(());
            }
            was_asked = true;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        running.fetch_sub(1, Ordering::SeqCst);
        number
    }

    #[test]
    fn all_are_run_and_never_more_than_so_many_at_once() {
        let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut numbers = 0..10;
        let done =
            block_on(side_by_side(3, |_| numbers.next().map(|number| slowly(&running, &most, number))));
        assert_eq!(done, (0..10).collect::<Vec<_>>());
        assert_eq!(most.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn none_is_begun_after_it_was_said_to_stop() {
        let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut numbers = 0..10;
        let done = block_on(side_by_side(2, |done: &[usize]| {
            if done.contains(&1) {
                return None;
            }
            numbers.next().map(|number| slowly(&running, &most, number))
        }));
        assert_eq!(done, [0, 1]);
        assert_eq!(numbers, 2..10);
    }
}
