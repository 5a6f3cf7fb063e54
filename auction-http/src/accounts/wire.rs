//! How accounts look outside.

use auction_core::Timestamp;
use auction_core::identity::{Account, MediaPath, Profile, Role, Session, SessionId};
use serde::Serialize;
use utoipa::ToSchema;

/// A sentence.
#[derive(Serialize, ToSchema)]
pub(super) struct Detail {
    /// For people.
    pub(super) detail: &'static str,
}

/// Somebody is signed in, or has to show a second factor.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum LoginAnswer {
    /// Nothing more is needed.
    SignedIn {
        /// To be sent as `Authorization: Token ...`.
        token: String,
        /// `false`.
        requires_2fa: bool,
    },
    /// A code is missing.
    SecondFactor {
        /// `true`.
        requires_2fa: bool,
        /// To be sent to `2fa/verify/` within five minutes.
        temp_token: String,
    },
}

/// Somebody is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Token {
    /// To be sent as `Authorization: Token ...`.
    pub(super) token: String,
}

/// Somebody is signed in for a session of short-lived tokens.
#[derive(Serialize, ToSchema)]
pub(super) struct Tokens {
    /// To be sent as `Authorization: Bearer ...`, for an hour.
    pub(super) access: String,
    /// To be sent to `token/refresh/` within seven days.
    pub(super) refresh: String,
}

/// What an authenticator has to know.
#[derive(Serialize, ToSchema)]
pub(super) struct Enrolment {
    /// In base 32.
    pub(super) secret: String,
    /// `otpauth://totp/...`
    pub(super) qr_uri: String,
    /// The address as a QR code: a PNG in a `data:` address.
    pub(super) qr_png: String,
}

/// A second factor is enabled.
#[derive(Serialize, ToSchema)]
pub(super) struct Enabled {
    pub(super) detail: &'static str,
    /// Each takes the place of a code once.
    pub(super) recovery_codes: Vec<String>,
}

/// Whether a code is asked for at sign-in.
#[derive(Serialize, ToSchema)]
pub(super) struct FactorStatus {
    pub(super) enabled: bool,
    pub(super) recovery_codes_left: u32,
}

/// An account, for its owner.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    id: u64,
    email: String,
    username: Option<String>,
    first_name: String,
    last_name: String,
    phone: String,
    address: String,
    /// The address of a picture.
    avatar: Option<String>,
    bio: Option<String>,
    location: Option<String>,
    website: Option<String>,
    #[schema(format = Date)]
    birth_date: Option<String>,
    /// `client` or `admin`.
    user_type: &'static str,
    /// `client`, `seller`, `staff`, `admin`.
    roles: Vec<&'static str>,
    is_verified: bool,
    two_factor_enabled: bool,
}

/// Where somebody is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionRow {
    id: u64,
    /// How the program calls itself.
    device: String,
    created_at: String,
    expires_at: String,
    /// The one with which this was asked.
    is_current: bool,
}

/// Somebody registers. Roles and flags are ignored.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct Register {
    #[schema(example = "user@example.com", max_length = 254)]
    email: String,
    #[schema(format = Password, write_only, min_length = 8)]
    password: String,
    #[schema(max_length = 150)]
    first_name: String,
    #[schema(max_length = 150)]
    last_name: String,
    #[schema(max_length = 50)]
    username: Option<String>,
}

/// A code that was mailed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct VerifyOtp {
    email: String,
    #[schema(example = "012345", pattern = "^[0-9]{6}$")]
    otp: String,
}

/// An address.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct Address {
    email: String,
}

/// The code that an authenticator shows.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct FactorCode {
    #[schema(example = "012345")]
    code: String,
}

/// What it takes to disable a second factor: the password, and a code or a recovery code.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct Disable {
    #[schema(format = Password, write_only)]
    password: String,
    #[schema(example = "012345")]
    code: String,
}

/// What completes a sign-in: a code or a recovery code.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct CompleteLogin {
    temp_token: String,
    #[schema(example = "012345")]
    code: String,
}

/// A new password, and the secret of a mailed link.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct ResetPassword {
    token: String,
    #[schema(format = Password, write_only, min_length = 8)]
    password: String,
}

/// Somebody changes the password. The code is needed where a second factor is enabled.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct ChangePassword {
    #[schema(format = Password, write_only)]
    password: String,
    #[schema(format = Password, write_only, min_length = 8)]
    new_password: String,
    code: Option<String>,
}

/// Somebody wants another address. The code is needed where a second factor is enabled.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct ChangeEmail {
    #[schema(format = Password, write_only)]
    password: String,
    #[schema(max_length = 254)]
    email: String,
    code: Option<String>,
}

/// A code that was mailed to somebody who is signed in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct Otp {
    #[schema(example = "012345", pattern = "^[0-9]{6}$")]
    otp: String,
}

/// Somebody signs in, with an address or a name.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct Login {
    email: Option<String>,
    username: Option<String>,
    #[schema(format = Password, write_only)]
    password: String,
}

/// Somebody signs in, with an address or a name; `otp` is the code of a second factor, where one is enabled.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct TokenLogin {
    email: Option<String>,
    username: Option<String>,
    #[schema(format = Password, write_only)]
    password: String,
    otp: Option<String>,
}

/// Somebody signs in with a mailed code; `otp` is the code of a second factor, where one is enabled.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct CodeLogin {
    email: String,
    #[schema(example = "012345", pattern = "^[0-9]{6}$")]
    code: String,
    otp: Option<String>,
}

/// A refresh token.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct Refresh {
    refresh: String,
}

/// What somebody says about themselves; what is missing stays. Null empties a field, but not a name.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct ChangeMe {
    #[schema(max_length = 150)]
    first_name: Option<String>,
    #[schema(max_length = 150)]
    last_name: Option<String>,
    #[schema(max_length = 50)]
    username: Option<String>,
    #[schema(max_length = 300)]
    phone: Option<String>,
    #[schema(max_length = 300)]
    address: Option<String>,
    #[schema(max_length = 2000)]
    bio: Option<String>,
    #[schema(max_length = 100)]
    location: Option<String>,
    #[schema(max_length = 200, example = "https://example.com/")]
    website: Option<String>,
    #[schema(format = Date, example = "1990-01-31")]
    birth_date: Option<String>,
}

impl Me {
    pub(super) fn new(account: &Account, profile: &Profile, site_url: &str, at: Timestamp) -> Self {
        let avatar = |path: &MediaPath| format!("{}/media/{}", site_url.trim_end_matches('/'), path.as_str());
        let roles = [
            Some("client"),
            account.can_sell(at).then_some("seller"),
            (account.role == Role::Staff).then_some("staff"),
            (account.role == Role::Admin).then_some("admin"),
        ];
        Self {
            id: account.id.number(),
            email: account.email.typed().to_owned(),
            username: account.username.as_ref().map(|username| username.as_str().to_owned()),
            first_name: account.first_name.as_str().to_owned(),
            last_name: account.last_name.as_str().to_owned(),
            phone: profile.phone.as_str().to_owned(),
            address: profile.address.as_str().to_owned(),
            avatar: profile.avatar.as_ref().map(avatar),
            bio: profile.bio.as_ref().map(|bio| bio.as_str().to_owned()),
            location: profile.location.as_ref().map(|place| place.as_str().to_owned()),
            website: profile.website.as_ref().map(|page| page.as_str().to_owned()),
            birth_date: profile.birth_date.map(|date| date.to_string()),
            user_type: if account.role == Role::Admin { "admin" } else { "client" },
            roles: roles.into_iter().flatten().collect(),
            is_verified: account.is_verified,
            two_factor_enabled: account.has_second_factor,
        }
    }
}

impl SessionRow {
    pub(super) fn new(session: &Session, current: SessionId) -> Self {
        Self {
            id: session.id.number(),
            device: session.device.as_str().to_owned(),
            created_at: session.created_at.to_string(),
            expires_at: session.expires_at.to_string(),
            is_current: session.id == current,
        }
    }
}
