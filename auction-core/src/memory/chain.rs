//! A list that grows at its end and never moves much.

/// How many items stand together. A `Vec` that doubles moves everything at once, and the lists of many auctions
/// that fill alike double at the same time: whoever bids then would wait for all of them.
const LINK_ITEMS: usize = 64;

/// A list in links of [`LINK_ITEMS`] items, of which only the last one grows.
#[derive(Debug)]
pub(super) struct Chain<T> {
    full: Vec<Vec<T>>,
    last: Vec<T>,
}

impl<T> Chain<T> {
    pub(super) const fn new() -> Self {
        Self { full: Vec::new(), last: Vec::new() }
    }

    pub(super) const fn len(&self) -> usize {
        self.full.len() * LINK_ITEMS + self.last.len()
    }

    pub(super) fn push(&mut self, item: T) {
        if self.last.len() == LINK_ITEMS {
            let next = Vec::with_capacity(LINK_ITEMS);
            self.full.push(std::mem::replace(&mut self.last, next));
        }
        self.last.push(item);
    }

    pub(super) fn get(&self, index: usize) -> Option<&T> {
        let link = index / LINK_ITEMS;
        let link = if link == self.full.len() { &self.last } else { self.full.get(link)? };
        link.get(index % LINK_ITEMS)
    }

    /// All items from an index on, in order.
    pub(super) fn from(&self, index: usize) -> impl Iterator<Item = &T> {
        let link = self.full.len().min(index / LINK_ITEMS);
        let links = self.full[link..].iter().chain([&self.last]);
        links.flatten().skip(index - link * LINK_ITEMS)
    }

    /// All items, the last one first.
    pub(super) fn latest_first(&self) -> impl Iterator<Item = &T> {
        self.last.iter().rev().chain(self.full.iter().rev().flat_map(|link| link.iter().rev()))
    }
}

impl<T> Extend<T> for Chain<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_holds_what_a_list_holds() {
        let mut chain = Chain::new();
        for length in 0..=3 * LINK_ITEMS + 1 {
            let list: Vec<_> = (0..length).collect();
            assert_eq!(chain.len(), length);
            assert!(chain.latest_first().eq(list.iter().rev()));
            for start in [0, 1, LINK_ITEMS - 1, LINK_ITEMS, LINK_ITEMS + 1, length, length + LINK_ITEMS] {
                assert!(chain.from(start).eq(list.iter().skip(start)), "{length} from {start}");
                assert_eq!(chain.get(start), list.get(start), "{length} at {start}");
            }
            chain.extend([length]);
        }
    }
}
