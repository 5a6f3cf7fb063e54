//! The names of all settings: ours, those that are not built yet, and those of other platforms.

use std::fmt;

/// What the operator should know about a name that was given and has no effect, or another one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The setting exists, but what it sets is not built yet.
    NotBuilt {
        /// Its name.
        name: &'static str,
        /// What happens instead.
        instead: &'static str,
    },
    /// A name of another platform that was read as ours.
    ReadAs {
        /// The name that was given.
        name: &'static str,
        /// Ours.
        setting: &'static str,
    },
    /// A name of another platform that means nothing here.
    Ignored {
        /// The name that was given.
        name: &'static str,
        /// Why, or what to use.
        instead: &'static str,
    },
    /// A name in `.env` that nobody knows.
    Unknown(String),
    /// The setting is taken in production as well, but whoever runs the house should know what it means.
    Risky {
        /// Its name.
        name: &'static str,
        /// What it means.
        why: &'static str,
    },
}

/// A setting of ours.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    pub(super) name: &'static str,
    /// What happens instead, where it is not built yet.
    not_built: Option<&'static str>,
    /// The same under another platform's name.
    aliases: &'static [&'static str],
}

const fn built(name: &'static str) -> Setting {
    Setting { name, not_built: None, aliases: &[] }
}

const fn known_as(name: &'static str, aliases: &'static [&'static str]) -> Setting {
    Setting { name, not_built: None, aliases }
}

const fn not_built(name: &'static str, instead: &'static str) -> Setting {
    Setting { name, not_built: Some(instead), aliases: &[] }
}

/// All settings, in the order in which they are shown.
pub(super) const SETTINGS: [Setting; 45] = [
    known_as("AUCTION_ENV", &["DJANGO_ENV", "FLASK_ENV"]),
    known_as("LISTEN", &["PORT"]),
    built("DATABASE_URL"),
    built("DATABASE_POOLER"),
    built("DATABASE_CONNECTIONS"),
    built("REDIS_URL"),
    known_as("SECRET_KEY", &["DJANGO_SECRET_KEY"]),
    known_as("ALLOWED_HOSTS", &["DJANGO_ALLOWED_HOSTS"]),
    known_as("CORS_ALLOWED_ORIGINS", &["SOCKETIO_CORS_ALLOWED_ORIGINS"]),
    built("TRUSTED_PROXIES"),
    built("EMAIL_HOST"),
    built("EMAIL_PORT"),
    built("EMAIL_USE_TLS"),
    built("EMAIL_USE_SSL"),
    built("EMAIL_HOST_USER"),
    built("EMAIL_HOST_PASSWORD"),
    built("EMAIL_CA_FILE"),
    built("EMAIL_FROM"),
    built("FRONTEND_URL"),
    built("BIDDER_LABELS"),
    built("CURRENCY"),
    built("EMAIL_VERIFICATION"),
    built("SELLERS"),
    built("PUBLIC_BROWSING"),
    built("DEFAULT_TERMS"),
    built("NOTICE_LEAD_START"),
    built("NOTICE_LEAD_END"),
    built("RATE_LIMIT_ANON"),
    built("RATE_LIMIT_USER"),
    built("RATE_LIMIT_BIDS"),
    built("RATE_LIMIT_SIGN_IN"),
    built("RATE_LIMIT_SIGN_IN_ADDRESS"),
    built("REFRESH_TOKENS"),
    built("AUDIT_KEPT"),
    built("MEDIA_DIR"),
    built("UI_DIR"),
    built("BASE_PATH"),
    known_as("UI_API_URL", &["REACT_APP_API_URL"]),
    known_as("UI_WS_URL", &["REACT_APP_WS_URL"]),
    built("LOG_FORMAT"),
    built("LOG_FILE"),
    built("LOG_LEVEL"),
    built("METRICS_LISTEN"),
    not_built("STRIPE_PUBLIC_KEY", "there are no payments yet"),
    not_built("STRIPE_SECRET_KEY", "there are no payments yet"),
];

const USE_DATABASE_URL: &str = "DATABASE_URL says where the database is";
const USE_REDIS_URL: &str = "REDIS_URL says where Redis is, if there is one";
const USE_AUCTION_ENV: &str = "AUCTION_ENV says whether this is development or production";

/// Names of other platforms that mean nothing here.
const FOREIGN: [(&str, &str); 16] = [
    ("DEBUG", USE_AUCTION_ENV),
    ("DJANGO_DEBUG", USE_AUCTION_ENV),
    ("FLASK_DEBUG", USE_AUCTION_ENV),
    ("DATABASE_ENGINE", USE_DATABASE_URL),
    ("DATABASE_NAME", USE_DATABASE_URL),
    ("DATABASE_USER", USE_DATABASE_URL),
    ("DATABASE_PASSWORD", USE_DATABASE_URL),
    ("DATABASE_HOST", USE_DATABASE_URL),
    ("DATABASE_PORT", USE_DATABASE_URL),
    ("REDIS_HOST", USE_REDIS_URL),
    ("REDIS_PORT", USE_REDIS_URL),
    ("REDIS_DB", USE_REDIS_URL),
    ("CELERY_BROKER_URL", "workers run inside the server"),
    ("CHANNEL_LAYERS_BACKEND", "live updates run inside the server"),
    ("JWT_SECRET_KEY", "keys of tokens are made from SECRET_KEY"),
    ("EMAIL_BACKEND", "EMAIL_HOST says how mail leaves"),
];

/// The other names of a setting.
pub(super) fn aliases(name: &str) -> impl Iterator<Item = &'static str> + use<> {
    let setting = SETTINGS.iter().find(|setting| setting.name == name);
    setting.map(|setting| setting.aliases).unwrap_or_default().iter().copied()
}

/// Whether this is a setting of ours.
pub(super) fn is_setting(name: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.name == name)
}

/// Whether a variable of the environment means anything to this server.
pub(super) fn is_of_interest(name: &str) -> bool {
    is_setting(name)
        || SETTINGS.iter().any(|setting| setting.aliases.contains(&name))
        || FOREIGN.iter().any(|(foreign, _)| *foreign == name)
}

/// What there is to say about a name that was given; `None` where it simply works.
pub(super) fn notice(name: &str) -> Option<Notice> {
    for setting in &SETTINGS {
        if setting.name == name {
            return setting.not_built.map(|instead| Notice::NotBuilt { name: setting.name, instead });
        }
        if let Some(name) = setting.aliases.iter().find(|alias| **alias == name) {
            return Some(Notice::ReadAs { name, setting: setting.name });
        }
    }
    let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == name);
    Some(match foreign {
        Some((name, instead)) => Notice::Ignored { name, instead },
        None => Notice::Unknown(name.to_owned()),
    })
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBuilt { name, instead } => write!(f, "{name} is set, but not built yet: {instead}"),
            Self::ReadAs { name, setting } => write!(f, "{name} is read as {setting}"),
            Self::Ignored { name, instead } => write!(f, "{name} is ignored: {instead}"),
            Self::Risky { name, why } => write!(f, "{name}: {why}"),
            Self::Unknown(name) => write!(f, "{name:?} in .env is ignored: there is no such setting"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_come_from_elsewhere_find_every_name_that_they_know() {
        let guide = include_str!("../../../docs/coming-from.md");
        let aliases = SETTINGS.iter().flat_map(|setting| setting.aliases);
        for name in FOREIGN.iter().map(|(name, _)| name).chain(aliases) {
            assert!(guide.contains(&format!("`{name}`")), "docs/coming-from.md does not tell of {name}");
        }
    }
}
