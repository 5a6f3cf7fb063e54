//! Bounds of JSON: depth, size, and each name once.

use crate::error::ApiError;
use axum::http::StatusCode;
use std::collections::HashSet;

/// How deep objects and lists may stand in one another.
pub const DEPTH_MAX: usize = 16;

/// How many values a body has at most, names of fields included.
pub const VALUES_MAX: usize = 10_000;

/// What is open at some place of a text.
enum Open {
    Object { names: HashSet<String>, expects_name: bool },
    List,
}

/// Checks the bounds of a text that is known to be JSON.
///
/// # Errors
/// 400: it is too deep, too large, or a name stands twice in one object.
pub(super) fn check(json: &str) -> Result<(), ApiError> {
    let bytes = json.as_bytes();
    let mut open: Vec<Open> = Vec::new();
    let (mut at, mut values) = (0, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        let mut end = at + 1;
        match byte {
            b'{' => open.push(Open::Object { names: HashSet::new(), expects_name: true }),
            b'[' => open.push(Open::List),
            b'}' | b']' => drop(open.pop()),
            b',' => {
                values += 1;
                if let Some(Open::Object { expects_name, .. }) = open.last_mut() {
                    *expects_name = true;
                }
            }
            b'"' => {
                end = end_of_text(bytes, at);
                if let Some(Open::Object { names, expects_name }) = open.last_mut()
                    && std::mem::take(expects_name)
                {
                    values += 1;
                    // The same name may be written in different ways.
                    let name: String = serde_json::from_str(&json[at..end]).map_err(|_| invalid())?;
                    if !names.insert(name) {
                        return Err(refused("duplicate_field", "A field stands twice in one object."));
                    }
                }
            }
            _ => {}
        }
        if open.len() > DEPTH_MAX || values > VALUES_MAX {
            return Err(refused("too_complex", "The body is too deep or has too many values."));
        }
        at = end;
    }
    Ok(())
}

/// Where the text that begins at `start` ends.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A body that is no JSON object.
pub(super) fn invalid() -> ApiError {
    refused("invalid_json", "The body has to be a JSON object.")
}

fn refused(code: &str, detail: &str) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, code, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(json: &str) -> Option<String> {
        check(json).err().map(|error| error.body()["code"].as_str().unwrap_or_default().to_owned())
    }

    #[test]
    fn names_stand_once_in_each_object_however_they_are_written() {
        assert_eq!(code(r#"{"a":{"a":1},"b":[{"a":1},{"a":"a"}],"c":"\",\"a\":"}"#), None);
        for twice in [r#"{"a":1,"a":2}"#, r#"{"a":1,"\u0061":2}"#, r#"{"b":[{"a":1,"c":{},"a":2}]}"#] {
            assert_eq!(code(twice).as_deref(), Some("duplicate_field"), "{twice}");
        }
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let deep = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(code(&deep(DEPTH_MAX)), None);
        assert_eq!(code(&deep(DEPTH_MAX + 1)).as_deref(), Some("too_complex"));
        let wide = |values| format!("[1{}]", ",1".repeat(values - 1));
        assert_eq!(code(&wide(VALUES_MAX)), None);
        assert_eq!(code(&wide(VALUES_MAX + 2)).as_deref(), Some("too_complex"));
    }
}
