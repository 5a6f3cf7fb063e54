//! What time it is, from what the database answered and how long ago.

use std::collections::VecDeque;

/// How many answers are remembered; of those that do not contradict the latest the surest is believed.
const ANSWERS_MAX: usize = 16;

/// How far a good clock of a machine drifts, in microseconds a second.
const DRIFT: i64 = 100;

/// For how long the time that is shown stands still, at most, until the database's is there again: in microseconds. Where
/// that was set back by more, what is shown goes back at once.
pub(super) const STANDSTILL_MAX: i64 = 1_000_000;

/// What the database answered once. All in microseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    /// When, by this node's clock: in the middle of the way there and back.
    pub(super) at: i64,
    /// What the database's clock showed.
    pub(super) time: i64,
    /// How far that can be wrong: half of the way there and back.
    pub(super) doubt: i64,
}

/// The time of the database, as far as it is known. `now` is what the node's own clock shows, in microseconds.
#[derive(Debug, Default)]
pub(super) struct Reckoning {
    answers: VecDeque<Answer>,
    /// What was shown last.
    shown: i64,
}

impl Reckoning {
    /// Learns another answer. Earlier ones that cannot be right if it is are forgotten: one of the clocks was set, or
    /// another machine is the database now. Answers by how much the two differ, where there was such a one.
    pub(super) fn learn(&mut self, answer: Answer, now: i64) -> Option<i64> {
        let doubt = answer.doubt_at(now);
        let differs = |old: &Answer| (answer.ahead() - old.ahead()).abs();
        let contradicts = |old: &Answer| differs(old) > doubt + old.doubt_at(now);
        let step = self.answers.iter().filter(|old| contradicts(old)).map(differs).max();
        self.answers.retain(|old| !contradicts(old));
        if self.answers.len() >= ANSWERS_MAX {
            self.answers.pop_front();
        }
        self.answers.push_back(answer);
        step
    }

    /// The time to show; 0 where nothing was learnt.
    pub(super) fn show(&mut self, now: i64) -> i64 {
        self.shown = self.next(now);
        self.shown
    }

    /// How far the time that is shown can be from that of the database; `None` where nothing was learnt.
    pub(super) fn doubt(&self, now: i64) -> Option<i64> {
        let best = self.best(now)?;
        Some(best.doubt_at(now).saturating_add(self.next(now) - best.time_at(now)))
    }

    fn next(&self, now: i64) -> i64 {
        let measured = self.best(now).map_or(0, |best| best.time_at(now));
        if (0..=STANDSTILL_MAX).contains(&(self.shown - measured)) { self.shown } else { measured }
    }

    fn best(&self, now: i64) -> Option<Answer> {
        self.answers.iter().min_by_key(|answer| answer.doubt_at(now)).copied()
    }
}

impl Answer {
    /// How far the database's clock is ahead of the node's.
    const fn ahead(&self) -> i64 {
        self.time - self.at
    }

    const fn time_at(&self, now: i64) -> i64 {
        self.ahead() + now
    }

    /// How far it can be wrong now: clocks drift.
    fn doubt_at(&self, now: i64) -> i64 {
        self.doubt + (now - self.at).max(0) / (1_000_000 / DRIFT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    /// What a database answers whose clock is this far ahead, after a way of two milliseconds.
    fn answer(at: i64, ahead: i64) -> Answer {
        Answer { at, time: at + ahead, doubt: 1_000 }
    }

    /// A node that was answered once a second for so long, at last at the second before.
    fn answered(seconds: i64, ahead: i64) -> Reckoning {
        let mut reckoning = Reckoning::default();
        for second in 0..seconds {
            assert_eq!(reckoning.learn(answer(second * SECOND, ahead), second * SECOND), None);
        }
        reckoning
    }

    #[test]
    fn of_answers_that_agree_the_surest_is_believed() {
        let mut reckoning = answered(1, 500);
        assert_eq!(reckoning.learn(Answer { at: SECOND, time: SECOND + 900, doubt: 50_000 }, SECOND), None);
        assert_eq!(reckoning.show(SECOND), SECOND + 500);
        assert_eq!(reckoning.doubt(SECOND), Some(1_000 + 100));
        assert_eq!(reckoning.learn(Answer { at: SECOND, time: SECOND + 900, doubt: 10 }, SECOND), None);
        assert_eq!((reckoning.show(SECOND), reckoning.doubt(SECOND)), (SECOND + 900, Some(10)));
    }

    #[test]
    fn an_answer_that_contradicts_the_earlier_ones_is_believed_at_once() {
        for step in [30_000, 3_600 * SECOND] {
            let mut reckoning = answered(16, 500);
            assert_eq!(reckoning.show(16 * SECOND), 16 * SECOND + 500);
            // It is less sure than those that it contradicts.
            let new = Answer { doubt: 10_000, ..answer(16 * SECOND, 500 + step) };
            assert_eq!(reckoning.learn(new, 16 * SECOND), Some(step));
            assert_eq!(reckoning.show(16 * SECOND), 16 * SECOND + 500 + step);
            assert_eq!(reckoning.doubt(16 * SECOND), Some(10_000));
        }
    }

    #[test]
    fn a_node_whose_own_clock_stood_still_is_set_right_by_one_answer() {
        let mut reckoning = answered(16, 0);
        let missed = 60 * SECOND;
        assert_eq!(reckoning.learn(answer(16 * SECOND, missed), 16 * SECOND), Some(missed));
        assert_eq!(reckoning.show(17 * SECOND), 17 * SECOND + missed);
    }

    #[test]
    fn a_small_step_back_makes_the_time_stand_still_and_the_doubt_says_so() {
        let mut reckoning = answered(16, 0);
        let now = 16 * SECOND;
        assert_eq!(reckoning.show(now), now);
        assert_eq!(reckoning.learn(answer(now, -400_000), now), Some(400_000));
        assert_eq!((reckoning.show(now), reckoning.doubt(now)), (now, Some(401_000)));
        let later = now + 300_000;
        assert_eq!((reckoning.show(later), reckoning.doubt(later)), (now, Some(101_030)));
        let later = now + 500_000;
        assert_eq!((reckoning.show(later), reckoning.doubt(later)), (now + 100_000, Some(1_050)));
    }

    #[test]
    fn the_time_never_stands_still_for_longer_than_a_second() {
        // A jump forward that is corrected: what was shown meanwhile is far ahead.
        for step in [STANDSTILL_MAX + 1, 3_600 * SECOND] {
            let mut reckoning = answered(16, 0);
            let now = 16 * SECOND;
            assert_eq!(reckoning.learn(answer(now, step), now), Some(step));
            assert_eq!(reckoning.show(now), now + step);
            assert_eq!(reckoning.learn(answer(now, 0), now), Some(step));
            assert_eq!((reckoning.show(now), reckoning.doubt(now)), (now, Some(1_000)));
            assert_eq!(reckoning.show(now + 1), now + 1);
        }
    }

    #[test]
    fn the_doubt_grows_while_nothing_is_answered() {
        let reckoning = answered(1, 0);
        assert_eq!(reckoning.doubt(0), Some(1_000));
        assert_eq!(reckoning.doubt(100 * SECOND), Some(11_000));
        assert_eq!(Reckoning::default().doubt(0), None);
    }
}
