//! How accounts look outside.

use auction_core::identity::{Account, Role, Session, SessionId};
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
pub(super) struct SignedIn {
    /// To be sent as `Authorization: Token ...`.
    pub(super) token: String,
    /// Nothing more is needed.
    pub(super) requires_2fa: bool,
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
    /// `client` or `admin`.
    user_type: &'static str,
    /// `client`, `seller`, `admin`.
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

/// Somebody signs in, with an address or a name.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct Login {
    email: Option<String>,
    username: Option<String>,
    #[schema(format = Password, write_only)]
    password: String,
}

/// What somebody says about themselves; what is missing stays.
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
}

impl From<&Account> for Me {
    fn from(account: &Account) -> Self {
        let is_admin = account.role == Role::Admin;
        let seller = account.can_sell().then_some("seller");
        Self {
            id: account.id.number(),
            email: account.email.typed().to_owned(),
            username: account.username.as_ref().map(|username| username.as_str().to_owned()),
            first_name: account.first_name.as_str().to_owned(),
            last_name: account.last_name.as_str().to_owned(),
            phone: account.phone.as_str().to_owned(),
            address: account.address.as_str().to_owned(),
            user_type: account.role.name(),
            roles: ["client"].into_iter().chain(seller).chain(is_admin.then_some("admin")).collect(),
            is_verified: account.is_verified,
            two_factor_enabled: false,
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
