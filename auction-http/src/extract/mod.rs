//! What handlers take out of requests, with errors in the form of the contract.
//!
//! - [`Fields`] is the JSON object of a body: everything that is wrong with its fields is said at once, no field may
//!   stand twice, and numbers are read from their text, never through a float;
//! - [`Parameters`] are those of the query, in the same way;
//! - [`Path`] is what stands in the path: what makes no sense there does not exist.
//!
//! They bound what they read before they look at it; what a value means is up to the handler.

mod bounds;
mod fields;
mod parameters;
mod path;

pub use bounds::{DEPTH_MAX, VALUES_MAX};
pub use fields::Fields;
pub use parameters::Parameters;
pub use path::Path;

/// What is said of a field that has to be there.
const REQUIRED: &str = "This field is required.";

/// What is said of a text that has nothing in it.
const BLANK: &str = "This field may not be blank.";

/// What is said of a text that is too long.
fn too_long(chars_max: usize) -> String {
    format!("Ensure this field has no more than {chars_max} characters.")
}
