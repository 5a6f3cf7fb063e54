//! Errors, as the description of the API shows them. What is answered is made by [`ApiError`](crate::error::ApiError).

use std::collections::BTreeMap;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};
use utoipa::{IntoResponses, ToSchema};

/// Why something was not done.
#[derive(Clone, Debug, ToSchema)]

pub struct Problem {
    /// A sentence for people. Left out where the fields of the request are wrong: then each field that is has a
    /// list of sentences.
    #[schema(example = "Not found.")]
    pub detail: Option<String>,
    /// A stable name for programs.
    #[schema(example = "not_found")]
    pub code: String,
}

/// What every public call may answer besides: 400, 401, 404, 429, 500 and 503.
#[derive(Clone, Copy, Debug)]
pub struct ReadProblems;

/// What every call of somebody signed in may answer besides: those, and 403, 409, 413, 415 and 422.
#[derive(Clone, Copy, Debug)]
pub struct WriteProblems;

type Responses = BTreeMap<String, RefOr<Response>>;

fn responses(problems: &[(&str, &str)]) -> Responses {
    let content = || ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = |sentence: &str| {
        ResponseBuilder::new().description(sentence).content("application/json", content()).build()
    };
    problems.iter().map(|(status, sentence)| ((*status).to_owned(), RefOr::T(response(sentence)))).collect()
}

const READ: [(&str, &str); 6] = [
    ("400", "The request makes no sense."),
    ("401", "Nobody is signed in, or the token is none any more."),
    ("404", "There is no such thing."),
    ("429", "Too many requests."),
    ("500", "Something went wrong on our side."),
    ("503", "Too much is waiting."),
];

const WRITE: [(&str, &str); 5] = [
    ("403", "Not for this person."),
    ("409", "Not as things stand."),
    ("413", "The request is too large."),
    ("415", "The body is of another kind than is read."),
    ("422", "The idempotency key was used for another request."),
];

impl IntoResponses for ReadProblems {
    fn responses() -> Responses {
        responses(&READ)
    }
}

impl IntoResponses for WriteProblems {
    fn responses() -> Responses {
        let mut all = responses(&READ);
        all.extend(responses(&WRITE));
        all
    }
}
