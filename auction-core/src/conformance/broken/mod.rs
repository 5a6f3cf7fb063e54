//! The suite tested against stores that are each broken in one way.

mod faults;
mod locked;
mod planner;
mod store;

use super::{CASES, Place};
use crate::ports::{Failure, Storage};
use async_trait::async_trait;
use faults::{FAULTS, Fault};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use store::Faulty;

/// Where a broken store is kept; it outlives its handles, unless that is what is broken.
struct Broken {
    fault: Option<Fault>,
    store: Mutex<Arc<Faulty>>,
}

impl Broken {
    fn new(fault: Option<Fault>) -> Self {
        Self { fault, store: Mutex::new(Arc::new(Faulty::new(fault))) }
    }
}

#[async_trait]
impl Place for Broken {
    async fn open(&self) -> Result<Arc<dyn Storage>, Failure> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if self.fault == Some(Fault::ForgetsAllOnReopening) {
            *store = Arc::new(Faulty::new(self.fault));
        }
        store.opened();
        Ok(Arc::clone(&store) as Arc<dyn Storage>)
    }
}

/// The names of the cases that a store with this fault does not pass.
fn failing(fault: Option<Fault>) -> BTreeSet<&'static str> {
    let fails = |case: &&super::Case| pollster::block_on((case.run)(&Broken::new(fault))).is_err();
    CASES.iter().filter(fails).map(|case| case.name).collect()
}

#[test]
fn a_store_that_is_not_broken_fails_no_case() {
    assert_eq!(failing(None), BTreeSet::new());
}

#[test]
fn a_broken_store_fails_exactly_the_cases_that_its_fault_concerns() {
    let mut wrong = String::new();
    for (fault, expected) in FAULTS {
        let (found, expected) = (failing(Some(*fault)), BTreeSet::from_iter(expected.iter().copied()));
        if found != expected {
            let list = found.iter().map(|name| format!("\"{name}\", ")).collect::<String>();
            wrong.push_str(&format!("{fault:?}, &[{list}]\n"));
        }
    }
    assert!(wrong.is_empty(), "these stores fail other cases than those written down:\n{wrong}");
}

#[test]
fn every_case_is_failed_by_some_broken_store() {
    let all: BTreeSet<_> = CASES.iter().map(|case| case.name).collect();
    let failed: BTreeSet<_> = FAULTS.iter().flat_map(|(_, cases)| cases.iter().copied()).collect();
    assert_eq!(all.difference(&failed).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(failed.difference(&all).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn every_fault_is_tried_once() {
    let different: BTreeSet<_> = FAULTS.iter().map(|(fault, _)| format!("{fault:?}")).collect();
    assert_eq!(different.len(), FAULTS.len());
}
