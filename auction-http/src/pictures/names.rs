//! What pictures are called.

use auction_core::ports::Entropy;
use data_encoding::HEXLOWER;

/// The random bytes in a name: nobody guesses it before something names it.
const RANDOM_BYTES: usize = 16;

/// What the names of full pictures that were made here have before their extension.
const FULL: &str = "-full.";
/// What those of the small ones have in its place.
const SMALL: &str = "-small.";

/// A new name below a folder.
pub(super) fn draw(folder: &str, extension: &str, entropy: &dyn Entropy) -> String {
    let mut bytes = [0; RANDOM_BYTES];
    entropy.fill(&mut bytes);
    format!("{folder}/{}{FULL}{extension}", HEXLOWER.encode(&bytes))
}

/// The path of the small picture that belongs to a full one; the same path where there is none, since the picture came
/// here in another way.
pub fn small(path: &str) -> String {
    match path.rsplit_once(FULL) {
        Some((stem, extension)) => format!("{stem}{SMALL}{extension}"),
        None => path.to_owned(),
    }
}

/// Whether it is a name that was drawn here.
pub(super) fn is_made_here(path: &str) -> bool {
    path.contains(FULL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use auction_core::memory::SeededEntropy;
    use auction_core::ports::BlobName;

    #[test]
    fn names_are_plain_and_drawn_and_lead_to_the_small_picture() {
        let entropy = SeededEntropy::new(1);
        let name = draw("auctions/7", "jpg", &entropy);
        assert_ne!(draw("auctions/7", "jpg", &entropy), name);
        let drawn = name.strip_prefix("auctions/7/").unwrap().strip_suffix("-full.jpg").unwrap();
        assert_eq!(drawn.len(), 2 * RANDOM_BYTES);
        assert_eq!(small(&name), format!("auctions/7/{drawn}-small.jpg"));
        for name in [&name, &small(&name)] {
            assert!(BlobName::parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn pictures_that_came_in_another_way_are_their_own_small_ones() {
        assert_eq!(small("samples/watches-07.png"), "samples/watches-07.png");
        assert!(!is_made_here("samples/watches-07.png"));
    }
}
