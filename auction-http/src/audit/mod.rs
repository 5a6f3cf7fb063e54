//! What was done that the house may have to account for.
//!
//! Handlers [record](AuditTrail::record) entries; admins read them at `GET /api/audit/`. Each entry is a line of the log
//! as well, with the target `audit`.

mod origin;
mod read;
mod to_the_end;
mod trail;
mod wire;
mod writing;

pub use origin::Origin;
pub use read::router;
pub(crate) use to_the_end::to_the_end;
pub use trail::{
    AUDIT_WAITING_MAX, AuditTrail, BOUNDED_ENTRIES_MAX, BOUNDED_ENTRIES_OF_SOURCE_MAX, BOUNDED_WITHIN,
};
pub use writing::{AUDIT_WRITTEN_WITHIN, Writing};
