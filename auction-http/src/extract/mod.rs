//! What handlers take out of the bodies of requests, with errors in the form of the contract.
//!
//! - [`JsonText`] is a body that says that it is JSON, of a bounded size;
//! - [`Fields`] is the object in it: everything that is wrong with its fields is said at once, and no field may stand
//!   twice;
//! - [`Upload`] is a form with files, read one by one;
//! - [`parsed`], [`text`], [`amount`] and the others read single values; numbers are read from their text, never through
//!   a float.

mod body;
mod fields;
mod upload;
mod values;

pub use body::{JsonText, WhollyRead, unreadable};
pub use fields::{Fields, Given, MEMBERS_MAX, NOT_NULL, REQUIRED, field_errors};
pub use upload::Upload;
pub use values::{amount, boolean, capitalised, decimal, parsed, text, time, whole};

/// What is said of a text that has nothing in it.
pub const BLANK: &str = "This field may not be blank.";
