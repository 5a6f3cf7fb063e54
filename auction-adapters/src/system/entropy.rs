//! The chance of the machine.

use auction_core::ports::Entropy;

/// Random numbers of the operating system, fit for secrets.
///
/// ```
/// use auction_adapters::system::SystemEntropy;
/// use auction_core::ports::Entropy;
/// let (mut one, mut other) = ([0; 16], [0; 16]);
/// SystemEntropy.fill(&mut one);
/// SystemEntropy.fill(&mut other);
/// assert_ne!(one, other);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    /// # Panics
    /// Where the operating system has no random numbers: nothing that could be done then would be safe.
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            panic!("the operating system gives no random numbers: {error}");
        }
    }
}
