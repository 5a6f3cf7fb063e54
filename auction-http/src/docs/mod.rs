//! The documentation of the API: the OpenAPI description, made from the handlers, and two ways to read it.
//!
//! Everything is in the binary: the pages load nothing from elsewhere, and their policies allow nothing else.

use auction_core::ports::Entropy;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRef, Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;

use crate::error::ApiError;

/// Where the description is.
pub const SCHEMA: &str = "/api/schema/";
/// Where Swagger UI is.
pub const SWAGGER: &str = "/swagger/";
/// Where ReDoc is.
pub const REDOC: &str = "/redoc/";

/// How Swagger UI starts: with our description, and without asking a validator somewhere else.
const SWAGGER_START: &str = "window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: '/api/schema/', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis], layout: 'BaseLayout',
  });
};
";

/// Swagger UI sets styles only through scripts.
const SWAGGER_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

const REDOC_SCRIPT: &str = include_str!("../../assets/redoc/redoc.standalone.js");

/// How ReDoc starts. Its search runs in a worker made of text, which the policy does not allow.
const REDOC_START: &str = "const nonce = document.currentScript.nonce;
Redoc.init('/api/schema/', { nonce, disableSearch: true, nativeScrollbars: true, hideDownloadButton: false },
  document.getElementById('redoc'));
";

/// How long a browser keeps the scripts of the pages.
const ASSETS_CACHE: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// The random bytes of a nonce.
const NONCE_BYTES: usize = 16;

/// What the description says about the whole.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Auction server",
        description = "Auctions with straight and maximum bids. Paths answer with and without the slash at their \
                       end; money is a decimal string; times are RFC 3339 in UTC.",
        license(name = "MIT OR Apache-2.0")
    ),
    modifiers(&Tokens)
)]
struct Introduction;

/// How one says who one is.
struct Tokens;

impl utoipa::Modify for Tokens {
    fn modify(&self, openapi: &mut OpenApi) {
        use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
        let key = ApiKeyValue::with_description("Authorization", "`Token <token>`, as sign-in answers it.");
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::ApiKey(ApiKey::Header(key)));
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// The start of the description, to which rooms add theirs.
pub fn introduction() -> OpenApi {
    Introduction::openapi()
}

/// Serves a description, and the pages that show it.
pub fn router<S>(openapi: &OpenApi) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<dyn Entropy>: FromRef<S>,
{
    let text = Bytes::from(serde_json::to_vec(openapi).unwrap_or_default());
    Router::new()
        .route(SCHEMA, get(async move || json(text.clone())))
        .route(SWAGGER, get(async || swagger("index.html")))
        .route("/swagger/{file}", get(async |Path(file): Path<String>| swagger(&file)))
        .route(REDOC, get(redoc))
        .route("/redoc/redoc.standalone.js", get(async || script(REDOC_SCRIPT)))
        .route("/redoc/start.js", get(async || script(REDOC_START)))
}

fn json(text: Bytes) -> Response {
    let cache = HeaderValue::from_static("public, max-age=60");
    let content_type = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, cache)], text).into_response()
}

fn script(text: &'static str) -> Response {
    let content_type = HeaderValue::from_static("text/javascript; charset=utf-8");
    ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, ASSETS_CACHE)], text).into_response()
}

/// A file of Swagger UI.
fn swagger(file: &str) -> Response {
    if file == "swagger-initializer.js" {
        return script(SWAGGER_START);
    }
    let config = Arc::new(utoipa_swagger_ui::Config::from(SCHEMA));
    match utoipa_swagger_ui::serve(file, config) {
        Ok(Some(found)) => {
            let headers: [(HeaderName, HeaderValue); 2] =
                [(header::CONTENT_SECURITY_POLICY, SWAGGER_POLICY), (header::CACHE_CONTROL, ASSETS_CACHE)];
            let content_type = [(header::CONTENT_TYPE, found.content_type)];
            (headers, content_type, found.bytes.into_owned()).into_response()
        }
        _ => ApiError::not_found().into_response(),
    }
}

/// The page of ReDoc. It makes style sheets, which its policy allows by a nonce.
async fn redoc(State(entropy): State<Arc<dyn Entropy>>) -> Response {
    let mut bytes = [0; NONCE_BYTES];
    entropy.fill(&mut bytes);
    let nonce = STANDARD.encode(bytes);
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Auction server: API</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"></head>\n<body>\
         <div id=\"redoc\"></div>\n<script src=\"/redoc/redoc.standalone.js\"></script>\n\
         <script nonce=\"{nonce}\" src=\"/redoc/start.js\"></script>\n</body>\n</html>\n"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, page).into_response()
}
