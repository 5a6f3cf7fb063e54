//! Which terms the server offers: those for which its calls, sockets and pages are made.

use auction_core::auction::{ClosingPolicy, FieldError, Retraction, Terms, TermsErrors, format::Format};

/// The terms, where the server offers all of them.
///
/// # Errors
/// A format or closing that the engine knows and the server does not offer yet.
pub fn offered(terms: Terms) -> Result<Terms, TermsErrors> {
    let mut errors = Vec::new();
    let mut missing = |field: &str, name: &str| {
        errors.push(FieldError { field: field.to_owned(), message: format!("`{name}` is not built yet.") });
    };
    if terms.format != Format::English {
        missing("format.kind", terms.format.name());
    }
    if matches!(terms.closing, ClosingPolicy::Candle { .. }) {
        missing("closing.kind", "candle");
    }
    if terms.retraction != Retraction::Forbidden {
        missing("retraction.kind", "allowed");
    }
    if errors.is_empty() { Ok(terms) } else { Err(TermsErrors(errors)) }
}
