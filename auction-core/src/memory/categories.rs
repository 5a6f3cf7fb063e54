//! Categories, in memory.

use crate::catalog::{Category, CategoryId, NewCategory};
use crate::ports::Recategorised;

/// All categories, in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Categories {
    all: Vec<Category>,
    /// The number that was issued last.
    last: u64,
}

impl Categories {
    /// All, by name; equal ones by number.
    pub(super) fn by_name(&self) -> Vec<Category> {
        let mut all = self.all.clone();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    /// `None` where the slug is taken, or where there are no more numbers.
    pub(super) fn add(&mut self, new: &NewCategory) -> Option<Category> {
        if self.all.iter().any(|category| category.slug == new.slug) {
            return None;
        }
        let id = CategoryId::new(self.last + 1).ok()?;
        self.last = id.number();
        let NewCategory { name, slug, description } = new.clone();
        let category = Category { id, name, slug, description };
        self.all.push(category.clone());
        Some(category)
    }

    /// The category with this number becomes what is given.
    pub(super) fn change(&mut self, changed: &Category) -> Recategorised {
        let is_taken = |category: &Category| category.slug == changed.slug && category.id != changed.id;
        if !self.all.iter().any(|category| category.id == changed.id) {
            return Recategorised::Unknown;
        }
        if self.all.iter().any(is_taken) {
            return Recategorised::SlugTaken;
        }
        for category in self.all.iter_mut().filter(|category| category.id == changed.id) {
            category.clone_from(changed);
        }
        Recategorised::Done
    }

    pub(super) fn remove(&mut self, id: CategoryId) -> bool {
        let before = self.all.len();
        self.all.retain(|category| category.id != id);
        self.all.len() < before
    }
}
