//! The cases tested against stores that are each broken in one way.

mod faults;
mod store;

use super::{Counter, Mailroom, NOTICES_CASES};
use crate::ports::Failure;
use async_trait::async_trait;
use faults::{FAULTS, Fault};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Faulty;

/// Where a broken store is kept.
struct Broken(Arc<Faulty>);

#[async_trait]
impl Counter for Broken {
    async fn open(&self) -> Result<Arc<dyn Mailroom>, Failure> {
        Ok(Arc::clone(&self.0) as Arc<dyn Mailroom>)
    }
}

/// The names of the cases that a store with this fault does not pass.
fn failing(fault: Option<Fault>) -> BTreeSet<&'static str> {
    let fails = |case: &&super::NoticesCase| {
        pollster::block_on((case.run)(&Broken(Arc::new(Faulty::new(fault))))).is_err()
    };
    NOTICES_CASES.iter().filter(fails).map(|case| case.name).collect()
}

/// The reference backend keeps what was sent.
const LACKING: &str = "what_was_sent_is_removed_in_time";

#[test]
fn a_store_that_is_not_broken_fails_no_case_but_what_the_reference_lacks() {
    assert_eq!(failing(None), BTreeSet::from([LACKING]));
}

#[test]
fn a_broken_store_fails_the_case_that_was_written_for_its_fault() {
    let mut wrong = String::new();
    for (fault, named) in FAULTS {
        let found = failing(Some(*fault));
        if !found.contains(named) {
            wrong.push_str(&format!("{fault:?} passes {named}, and fails {found:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "faults that are not found:\n{wrong}");
}

#[test]
fn every_case_is_failed_by_some_broken_store() {
    let all: BTreeSet<_> = NOTICES_CASES.iter().map(|case| case.name).collect();
    let mut failed: BTreeSet<_> = FAULTS.iter().map(|(_, named)| *named).collect();
    // The reference itself is broken in this way.
    failed.insert(LACKING);
    assert_eq!(all.difference(&failed).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(failed.difference(&all).collect::<Vec<_>>(), Vec::<&&str>::new());
}
