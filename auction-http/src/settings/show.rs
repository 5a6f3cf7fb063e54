//! Settings as an operator may see them.

use super::names::SETTINGS;
use super::parse::DAY_SECS;
use super::remote::pooler_name;
use super::sources::Given;
use super::{
    Database, Environment, LogFormat, Mail, MailEncryption, SecretKey, Sellers, Settings, Smtp, Switch,
};
use crate::wire::label::BidderLabels;
use auction_core::identity::{EmailVerification, RefreshPolicy};

/// What is shown instead of a secret.
const MASK: &str = "********";

/// One setting: its name, its value, and where that came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The name.
    pub name: &'static str,
    /// The value as it would be given; secrets are masked. Empty where there is none.
    pub value: String,
    /// Where it came from.
    pub given: Given,
}

/// All settings with their values.
pub(super) fn rows(settings: &Settings) -> Vec<Row> {
    let value = |name| value(settings, name);
    let row = |name| Some(Row { name, value: value(name)?, given: settings.given(name) });
    SETTINGS.iter().filter_map(|setting| row(setting.name)).collect()
}

/// The value of one setting; `None` where it is not even parsed.
fn value(settings: &Settings, name: &str) -> Option<String> {
    let smtp = match &settings.mail {
        Mail::Smtp(smtp) => Some(smtp),
        Mail::Files { .. } => None,
    };
    let postgres = match &settings.database {
        Database::Postgres(postgres) => Some(&postgres.options),
        Database::Sqlite(_) | Database::Memory => None,
    };
    let mask = |is_set: bool| if is_set { MASK.to_owned() } else { String::new() };
    let of_mail = |text: Option<String>| text.unwrap_or_default();
    Some(match name {
        "AUCTION_ENV" => match settings.environment {
            Environment::Development => "development".to_owned(),
            Environment::Production => "production".to_owned(),
        },
        "LISTEN" => settings.listen.to_string(),
        "DATABASE_URL" => match &settings.database {
            Database::Sqlite(path) => format!("sqlite://{}", path.display()),
            Database::Postgres(postgres) => postgres.remote.to_string(),
            Database::Memory => "memory:".to_owned(),
        },
        "DATABASE_POOLER" => {
            postgres.map(|options| pooler_name(options.pooler).to_owned()).unwrap_or_default()
        }
        "DATABASE_CONNECTIONS" => {
            postgres.map(|options| options.connections_max.to_string()).unwrap_or_default()
        }
        "REDIS_URL" => settings.redis.as_ref().map(ToString::to_string).unwrap_or_default(),
        "SECRET_KEY" => match &settings.secret_key {
            SecretKey::Given(_) => MASK.to_owned(),
            SecretKey::Kept(path) => format!("{MASK} (kept in {})", path.display()),
        },
        "ALLOWED_HOSTS" => settings.allowed_hosts.to_string(),
        "CORS_ALLOWED_ORIGINS" => settings.cors_origins.to_string(),
        "TRUSTED_PROXIES" => settings.trusted_proxies.to_string(),
        "EMAIL_HOST" => of_mail(smtp.map(|smtp| smtp.host.clone())),
        "EMAIL_PORT" => of_mail(smtp.map(|smtp| smtp.port.to_string())),
        "EMAIL_USE_TLS" => of_mail(smtp.map(|smtp| encrypts(smtp, MailEncryption::StartTls))),
        "EMAIL_USE_SSL" => of_mail(smtp.map(|smtp| encrypts(smtp, MailEncryption::Tls))),
        "EMAIL_HOST_USER" => of_mail(smtp.and_then(|smtp| smtp.user.clone())),
        "EMAIL_HOST_PASSWORD" => mask(smtp.is_some_and(|smtp| smtp.password.is_some())),
        "EMAIL_CA_FILE" => {
            of_mail(smtp.and_then(|smtp| smtp.authorities.as_ref()).map(|path| path.display().to_string()))
        }
        "EMAIL_FROM" => settings.mail.from().to_owned(),
        "FRONTEND_URL" => settings.frontend_url.as_ref().map(ToString::to_string).unwrap_or_default(),
        "BIDDER_LABELS" => match settings.bidder_labels {
            BidderLabels::Masked => "masked".to_owned(),
            BidderLabels::Alias => "alias".to_owned(),
            BidderLabels::Email => "email".to_owned(),
        },
        "CURRENCY" => settings.currency.code().to_owned(),
        "EMAIL_VERIFICATION" => email_verification(settings.email_verification).to_owned(),
        "SELLERS" => sellers(settings.sellers).to_owned(),
        "PUBLIC_BROWSING" => switch(settings.public_browsing).to_owned(),
        "DEFAULT_TERMS" => match settings.given(name) {
            Given::Default => String::new(),
            _ => settings.default_terms.to_string(),
        },
        "NOTICE_LEAD_START" => settings.lead_start.to_string(),
        "NOTICE_LEAD_END" => settings.lead_end.to_string(),
        "RATE_LIMIT_ANON" => settings.rate_limits.anonymous.to_string(),
        "RATE_LIMIT_USER" => settings.rate_limits.user.to_string(),
        "RATE_LIMIT_BIDS" => settings.rate_limits.bids.to_string(),
        "RATE_LIMIT_SIGN_IN" => settings.rate_limits.sign_in.to_string(),
        "RATE_LIMIT_SIGN_IN_ADDRESS" => settings.rate_limits.sign_in_address.to_string(),
        "REFRESH_TOKENS" => match settings.refresh_tokens {
            RefreshPolicy::Rotating => "rotating".to_owned(),
            RefreshPolicy::Fixed => "fixed".to_owned(),
        },
        "AUDIT_KEPT" => (settings.audit_kept.secs() / i64::from(DAY_SECS)).to_string(),
        "MEDIA_DIR" => settings.media_dir.display().to_string(),
        "UI_DIR" => settings.site.folder.as_ref().map(|path| path.display().to_string()).unwrap_or_default(),
        "BASE_PATH" => settings.site.base_path.to_string(),
        "UI_API_URL" => settings.site.api_url.as_ref().map(ToString::to_string).unwrap_or_default(),
        "UI_WS_URL" => settings.site.ws_url.as_ref().map(ToString::to_string).unwrap_or_default(),
        "LOG_FORMAT" => match settings.log.format {
            LogFormat::Text => "text".to_owned(),
            LogFormat::Json => "json".to_owned(),
        },
        "LOG_FILE" => settings.log.file.as_ref().map(|path| path.display().to_string()).unwrap_or_default(),
        "LOG_LEVEL" => settings.log.level.clone(),
        "METRICS_LISTEN" => settings.metrics_listen.as_ref().map(ToString::to_string).unwrap_or_default(),
        _ => return None,
    })
}

/// Whether it is this encryption that is on.
fn encrypts(smtp: &Smtp, encryption: MailEncryption) -> String {
    if smtp.encryption == encryption { "on" } else { "off" }.to_owned()
}

fn switch(switch: Switch) -> &'static str {
    if switch.is_on() { "on" } else { "off" }
}

/// When people have to prove that an address is theirs, as it is written.
pub(crate) const fn email_verification(verification: EmailVerification) -> &'static str {
    match verification {
        EmailVerification::Required => "required",
        EmailVerification::BeforeFirstBid => "before_first_bid",
        EmailVerification::Off => "off",
    }
}

/// Who may sell, as it is written.
pub(crate) const fn sellers(sellers: Sellers) -> &'static str {
    match sellers {
        Sellers::Open => "open",
        Sellers::Approval => "approval",
        Sellers::Staff => "staff",
    }
}
