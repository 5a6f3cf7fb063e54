//! What the house does, and has to account for: audit entries.
//!
//! This room says what an entry is. Where entries are kept is the port [`AuditStore`](crate::ports::AuditStore); when
//! one is written is a matter of those who carry something out.

mod audit;
mod audit_action;

pub use audit::{
    AUDIT_DETAIL_CHARS_MAX, AUDIT_REQUEST_BYTES_MAX, AuditActor, AuditEntry, AuditId, AuditSubject,
};
pub use audit_action::{AuditAction, AuditCare};
