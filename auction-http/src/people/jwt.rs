//! Signed tokens: JSON Web Tokens of our own making, and no others.
//!
//! There is one algorithm and one header. A token whose header is not, byte for byte, the one that is written here is
//! none, whatever it says: there is nothing to choose, so that nothing can be chosen wrongly.

use auction_core::identity::{ACCESS_LIFETIME, REFRESH_LIFETIME, SessionId, Token};
use auction_core::{Timestamp, UserId};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The header of every token.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// Who makes tokens.
const ISSUER: &str = "auction-server";

/// Who takes them.
const AUDIENCE: &str = "auction-api";

/// The longest text that is looked at, in bytes. Ours are far shorter.
const TOKEN_BYTES_MAX: usize = 1_024;

/// The key with which tokens are signed.
pub struct TokenKey(Zeroizing<[u8; 32]>);

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    typ: Kind,
    sub: String,
    sid: u64,
    iat: i64,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    jti: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Access,
    Refresh,
}

/// The secret of a session, as a refresh token carries it.
pub struct Refreshing {
    /// Which session.
    pub session: SessionId,
    /// Its secret.
    pub secret: Token,
}

impl TokenKey {
    /// Derives the key from a secret of the host.
    pub fn derive(secret: &[u8]) -> Self {
        Self(Zeroizing::new(authenticated(secret, b"auction: key of signed tokens, 1")))
    }

    /// A token that lets somebody in for an hour at most.
    pub fn access(&self, user: UserId, session: SessionId, at: Timestamp) -> String {
        self.signed(&claims(Kind::Access, user, session, at, None))
    }

    /// A token with which the next ones are fetched.
    pub fn refresh(&self, user: UserId, session: SessionId, secret: &Token, at: Timestamp) -> String {
        self.signed(&claims(Kind::Refresh, user, session, at, Some(secret.reveal())))
    }

    /// The session of an access token, and when the token ends; `None` where it is none, or too old.
    pub fn read_access(&self, text: &str, at: Timestamp) -> Option<(SessionId, Timestamp)> {
        let claims = self.read(text, Kind::Access, at)?;
        let ends = Timestamp::from_micros(claims.exp.checked_mul(MICROS)?).ok()?;
        Some((SessionId::new(claims.sid)?, ends))
    }

    /// What a refresh token carries; `None` where it is none, or too old.
    pub fn read_refresh(&self, text: &str, at: Timestamp) -> Option<Refreshing> {
        let claims = self.read(text, Kind::Refresh, at)?;
        let secret = Token::parse(&Zeroizing::new(claims.jti?)).ok()?;
        Some(Refreshing { session: SessionId::new(claims.sid)?, secret })
    }

    fn signed(&self, claims: &Claims) -> String {
        let claims =
            serde_json::to_string(claims).expect("invariant: texts and numbers can be written as JSON");
        let body = format!("{}.{}", BASE64.encode(HEADER), BASE64.encode(claims));
        let signature = authenticated(&*self.0, body.as_bytes());
        format!("{body}.{}", BASE64.encode(signature))
    }

    fn read(&self, text: &str, kind: Kind, at: Timestamp) -> Option<Claims> {
        if text.len() > TOKEN_BYTES_MAX {
            return None;
        }
        let (body, signature) = text.rsplit_once('.')?;
        let signature = BASE64.decode(signature).ok()?;
        // Takes the same time whatever is compared.
        authenticating(&*self.0, body.as_bytes()).verify_slice(&signature).ok()?;
        let (header, claims) = body.split_once('.')?;
        if header != BASE64.encode(HEADER) {
            return None;
        }
        let claims: Claims = serde_json::from_slice(&BASE64.decode(claims).ok()?).ok()?;
        let is_ours = claims.iss == ISSUER && claims.aud == AUDIENCE && claims.typ == kind;
        let is_live = at.micros() < claims.exp.checked_mul(MICROS)?;
        (is_ours && is_live).then_some(claims)
    }
}

/// How many microseconds a second has.
const MICROS: i64 = 1_000_000;

fn claims(kind: Kind, user: UserId, session: SessionId, at: Timestamp, jti: Option<String>) -> Claims {
    let lifetime = match kind {
        Kind::Access => ACCESS_LIFETIME,
        Kind::Refresh => REFRESH_LIFETIME,
    };
    Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        typ: kind,
        sub: user.to_string(),
        sid: session.number(),
        iat: at.micros() / MICROS,
        exp: at.after(lifetime).micros() / MICROS,
        jti,
    }
}

fn authenticating(key: &[u8], text: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("invariant: HMAC takes keys of any length");
    mac.update(text);
    mac
}

fn authenticated(key: &[u8], text: &[u8]) -> [u8; 32] {
    authenticating(key, text).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use auction_core::Span;
    use auction_core::memory::SeededEntropy;
    use serde_json::{Value, json};

    const NOW: Timestamp = match Timestamp::from_micros(1_767_268_800_000_000) {
        Ok(time) => time,
        Err(_) => Timestamp::EPOCH,
    };

    fn key() -> TokenKey {
        TokenKey::derive(b"a secret of the host")
    }

    fn ids() -> (UserId, SessionId) {
        (UserId::new(12).unwrap(), SessionId::new(7).unwrap())
    }

    fn secret() -> Token {
        Token::draw(&SeededEntropy::new(1))
    }

    /// Any header and claims, rightly signed with any key.
    fn forged(key: &[u8], header: &Value, claims: &Value) -> String {
        let body = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
        format!("{body}.{}", BASE64.encode(authenticated(key, body.as_bytes())))
    }

    fn good_claims() -> Value {
        let (user, session) = ids();
        serde_json::to_value(claims(Kind::Access, user, session, NOW, None)).unwrap()
    }

    #[test]
    fn a_token_is_read_as_it_was_written_until_just_before_its_end() {
        let (user, session) = ids();
        let (access, refresh) =
            (key().access(user, session, NOW), key().refresh(user, session, &secret(), NOW));
        let ends = NOW.after(ACCESS_LIFETIME);
        assert_eq!(key().read_access(&access, NOW), Some((session, ends)));
        assert_eq!(key().read_access(&access, ends.before(Span::from_micros(1))), Some((session, ends)));
        assert_eq!(key().read_access(&access, ends), None);
        let read = key().read_refresh(&refresh, ends).unwrap();
        assert!(read.session == session && read.secret.digest() == secret().digest());
        assert!(key().read_refresh(&refresh, NOW.after(REFRESH_LIFETIME)).is_none());
    }

    #[test]
    fn neither_kind_is_taken_for_the_other_nor_with_another_key() {
        let (user, session) = ids();
        let (access, refresh) =
            (key().access(user, session, NOW), key().refresh(user, session, &secret(), NOW));
        assert_eq!(key().read_access(&refresh, NOW), None);
        assert!(key().read_refresh(&access, NOW).is_none());
        let other = TokenKey::derive(b"another secret");
        assert_eq!(other.read_access(&access, NOW), None);
        assert!(other.read_refresh(&refresh, NOW).is_none());
    }

    #[test]
    fn a_token_with_another_header_is_none_also_when_it_is_signed() {
        let right: Value = serde_json::from_str(HEADER).unwrap();
        assert!(key().read_access(&forged(&*key().0, &right, &good_claims()), NOW).is_some());
        for header in [
            json!({"alg": "none", "typ": "JWT"}),
            json!({"alg": "None", "typ": "JWT"}),
            json!({"alg": "HS384", "typ": "JWT"}),
            json!({"alg": "RS256", "typ": "JWT"}),
            json!({"alg": "HS256", "typ": "JWT", "kid": "../../dev/null"}),
            json!({"alg": "HS256", "typ": "at+jwt"}),
            json!({"alg": "HS256"}),
            json!({}),
        ] {
            let text = forged(&*key().0, &header, &good_claims());
            assert_eq!(key().read_access(&text, NOW), None, "{header}");
            let (body, _) = text.rsplit_once('.').unwrap();
            for unsigned in [body.to_owned(), format!("{body}."), format!("{body}.AAAA")] {
                assert_eq!(key().read_access(&unsigned, NOW), None, "{header}");
            }
        }
    }

    #[test]
    fn a_token_with_other_claims_is_none_also_when_it_is_signed() {
        let header: Value = serde_json::from_str(HEADER).unwrap();
        for (name, value) in [
            ("iss", json!("somebody")),
            ("aud", json!("something")),
            ("typ", json!("refresh")),
            ("typ", json!("admin")),
            ("exp", json!(NOW.micros() / MICROS)),
            ("exp", json!(i64::MAX)),
            ("exp", json!("2099")),
            ("sid", json!(0)),
            ("sid", json!(-1)),
            ("role", json!("admin")),
            ("iss", Value::Null),
        ] {
            let mut claims = good_claims();
            claims[name] = value;
            assert_eq!(key().read_access(&forged(&*key().0, &header, &claims), NOW), None, "{claims}");
        }
    }

    #[test]
    fn a_changed_token_is_none() {
        let (user, session) = ids();
        let text = key().access(user, session, NOW);
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(key().read_access(&changed, NOW), None, "{place}");
        }
        for junk in ["", ".", "..", "...", "a.b.c", &format!("{text}.x"), &"a.".repeat(10_000)] {
            assert_eq!(key().read_access(junk, NOW), None);
        }
    }
}
