//! The suite on the reference backend.

use super::Place;
use crate::memory::MemoryStore;
use crate::ports::{Failure, Storage};
use async_trait::async_trait;
use std::sync::Arc;

struct InMemory(fn() -> MemoryStore);

#[async_trait]
impl Place for InMemory {
    async fn open(&self) -> Result<Arc<dyn Storage>, Failure> {
        Ok(Arc::new(self.0()))
    }
}

mod memory {
    use super::*;

    crate::conformance_tests! {
        block_on: pollster::block_on,
        place: InMemory(MemoryStore::new),
        lacks: {
            what_was_created_is_there_after_reopening => "nothing outlives the store",
            what_was_committed_is_there_after_reopening => "nothing outlives the store",
            numbers_are_not_issued_again_after_reopening => "nothing outlives the store",
        },
    }
}

/// What is said of a case in a place.
fn said(name: &str, lacks: &[(&str, &str)]) -> Result<(), String> {
    let verdict = pollster::block_on(super::attest(&InMemory(MemoryStore::new), name, lacks));
    verdict.map_err(|deviation| deviation.to_string())
}

const LASTS: &str = "what_was_created_is_there_after_reopening";
const READS: &str = "an_empty_question_has_an_empty_answer";

#[test]
fn a_case_that_is_declared_lacking_has_to_fail() {
    assert!(said(LASTS, &[]).is_err());
    assert_eq!(said(LASTS, &[(LASTS, "nothing outlives the store")]), Ok(()));
    assert_eq!(
        said(READS, &[(READS, "we cannot read")]),
        Err("is declared lacking (we cannot read), and yet the store passes".to_owned())
    );
}

#[test]
fn a_declaration_names_a_case_and_a_reason() {
    assert_eq!(said(READS, &[(LASTS, "nothing outlives the store")]), Ok(()));
    let unknown = said(READS, &[("what_never_was", "a reason")]);
    assert_eq!(unknown, Err("is declared lacking, but there is no such case: what_never_was".to_owned()));
    let unfounded = said(READS, &[(LASTS, " ")]);
    assert_eq!(unfounded, Err(format!("is declared lacking without a reason: {LASTS}")));
}
