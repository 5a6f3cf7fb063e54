//! How entries look outside.

use auction_core::admin::{AuditActor, AuditEntry, AuditId};
use serde::Serialize;
use utoipa::ToSchema;

/// One thing that somebody did, or tried.
#[derive(Serialize, ToSchema)]
pub(super) struct AuditRow {
    id: u64,
    #[schema(format = DateTime)]
    at: String,
    actor: Actor,
    /// Its stable name.
    #[schema(example = "signed_in")]
    action: &'static str,
    subject: Option<Subject>,
    /// An address, or the first 64 bits of one of IPv6.
    source: Option<String>,
    /// The name of the request that asked for it; empty where it is not known.
    request: String,
    detail: String,
}

/// Who did it.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditActor)]
struct Actor {
    /// `nobody`, `user` or `command_line`.
    kind: &'static str,
    /// The number of the user.
    id: Option<u64>,
}

/// To whom or to what it was done.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditSubject)]
struct Subject {
    /// `user`, `auction` or `category`.
    kind: &'static str,
    id: u64,
}

impl AuditRow {
    pub(super) fn new(id: AuditId, entry: &AuditEntry) -> Self {
        let actor = match entry.actor {
            AuditActor::Nobody => Actor { kind: "nobody", id: None },
            AuditActor::User(user) => Actor { kind: "user", id: Some(user.number()) },
            AuditActor::CommandLine => Actor { kind: "command_line", id: None },
        };
        Self {
            id: id.number(),
            at: entry.at.to_string(),
            actor,
            action: entry.action.name(),
            subject: entry.subject.map(|subject| Subject { kind: subject.kind(), id: subject.number() }),
            source: entry.source.map(|source| source.to_string()),
            request: entry.request().to_owned(),
            detail: entry.detail().to_owned(),
        }
    }
}
