//! Chance.

/// Random numbers that nobody can guess.
///
/// # Contract
/// Every bit is as good as a fair coin, and unknown to everybody else. (A simulation may use a seeded one.)
pub trait Entropy: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}
