//! Settings: sources, forms, and everything that is wrong at once.

use auction_http::settings::{Given, Notice, Problem, Settings, Sources};
use std::collections::BTreeMap;
use std::ffi::OsString;

const KEY: &str = "0f9c1b7d5e3a48628c04e6a1d2b3f5970f9c1b7d5e3a48628c04e6a1d2b3f597";

fn sources(environment: &[(&str, &str)]) -> Sources {
    let variables = environment.iter().map(|(name, text)| (OsString::from(name), OsString::from(text)));
    Sources::new("data").with_environment(variables.collect::<Vec<_>>())
}

fn values(sources: &Sources) -> BTreeMap<&'static str, (String, Given)> {
    let settings = Settings::parse(sources).unwrap_or_else(|problems| panic!("{problems}"));
    settings.rows().into_iter().map(|row| (row.name, (row.value, row.given))).collect()
}

fn problems(sources: &Sources) -> Vec<String> {
    match Settings::parse(sources) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0.into_iter().map(|Problem { setting, .. }| setting).collect(),
    }
}

#[test]
fn without_anything_the_defaults_of_the_contract_are_in_force() {
    let values = values(&Sources::new("data"));
    for (name, value) in [
        ("AUCTION_ENV", "development"),
        ("LISTEN", "127.0.0.1:9000"),
        ("DATABASE_URL", "sqlite://data/auction.db"),
        ("DATABASE_POOLER", ""),
        ("REDIS_URL", ""),
        ("ALLOWED_HOSTS", "localhost,127.0.0.1"),
        ("CORS_ALLOWED_ORIGINS", "http://localhost:3000"),
        ("TRUSTED_PROXIES", ""),
        ("EMAIL_HOST", ""),
        ("FRONTEND_URL", ""),
        ("BIDDER_LABELS", "masked"),
        ("CURRENCY", "USD"),
        ("SELLERS", "open"),
        ("PUBLIC_BROWSING", "on"),
        ("DEFAULT_TERMS", ""),
        ("RATE_LIMIT_ANON", "300/minute"),
        ("RATE_LIMIT_USER", "1200/minute"),
        ("RATE_LIMIT_BIDS", "20/second"),
        ("RATE_LIMIT_SIGN_IN", "10"),
        ("RATE_LIMIT_SIGN_IN_ADDRESS", "200"),
        ("REFRESH_TOKENS", "rotating"),
        ("EMAIL_VERIFICATION", "required"),
        ("AUDIT_KEPT", "365"),
        ("MEDIA_DIR", "data/media"),
        ("UI_DIR", ""),
        ("BASE_PATH", ""),
        ("UI_API_URL", ""),
        ("UI_WS_URL", ""),
        ("LOG_FORMAT", "text"),
        ("LOG_FILE", ""),
        ("METRICS_LISTEN", ""),
    ] {
        assert_eq!(values[name], (value.to_owned(), Given::Default), "{name}");
    }
}

#[test]
fn flags_win_over_the_environment_that_over_dotenv_that_over_the_file() {
    let file =
        "currency = \"GBP\"\nlisten = \"127.0.0.1:4\"\nlog_format = \"json\"\nrate_limit_anon = \"1/day\"\n";
    let sources = sources(&[("LISTEN", "127.0.0.1:2"), ("LOG_FORMAT", "")])
        .with_toml(file)
        .with_dotenv("LISTEN=127.0.0.1:3\nCURRENCY='EUR' # a comment\n")
        .with_flag("LISTEN", "127.0.0.1:1");
    let values = values(&sources);
    let value = |name: &str| (values[name].0.as_str(), values[name].1);
    assert_eq!(value("LISTEN"), ("127.0.0.1:1", Given::Flag));
    assert_eq!(value("CURRENCY"), ("EUR", Given::DotEnv));
    assert_eq!(value("RATE_LIMIT_ANON"), ("1/day", Given::File));
    // What is empty says nothing.
    assert_eq!(value("LOG_FORMAT"), ("json", Given::File));
}

#[test]
fn each_form_is_read_or_refused() {
    let good = [
        ("LISTEN", "8080", "127.0.0.1:8080"),
        ("LISTEN", "localhost:1", "127.0.0.1:1"),
        ("LISTEN", "[::1]:9000", "[::1]:9000"),
        ("DATABASE_URL", "sqlite:///var/lib/a.db", "sqlite:///var/lib/a.db"),
        ("DATABASE_URL", "postgres://me:secret@db/auctions", "postgres://me:********@db/auctions"),
        ("REDIS_URL", "rediss://:secret@r:6380/1", "rediss://:********@r:6380/1"),
        ("CORS_ALLOWED_ORIGINS", "https://a.test, http://b.test:81/", "https://a.test,http://b.test:81"),
        ("CORS_ALLOWED_ORIGINS", "*", "*"),
        ("ALLOWED_HOSTS", ".example.com,[::1]", ".example.com,::1"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,::1", "10.0.0.0/8,::1/128"),
        ("FRONTEND_URL", "https://a.test/shop/", "https://a.test/shop"),
        ("BIDDER_LABELS", "Alias", "alias"),
        ("CURRENCY", "JPY", "JPY"),
        ("SELLERS", "approval", "approval"),
        ("REFRESH_TOKENS", "fixed", "fixed"),
        ("EMAIL_VERIFICATION", "before_first_bid", "before_first_bid"),
        ("EMAIL_VERIFICATION", "off", "off"),
        ("AUDIT_KEPT", "1", "1"),
        ("PUBLIC_BROWSING", "false", "off"),
        ("RATE_LIMIT_USER", "5/SECOND", "5/second"),
        ("RATE_LIMIT_BIDS", "off", "off"),
        ("EMAIL_FROM", "us@example.org", "us@example.org"),
        ("UI_DIR", "dist", "dist"),
        ("BASE_PATH", "/shop/", "/shop"),
        ("UI_API_URL", "https://A.test/shop/api/", "https://a.test/shop/"),
        ("UI_WS_URL", "wss://a.test/ws/auction", "wss://a.test/"),
        ("LOG_LEVEL", "warn,auction_http=debug", "warn,auction_http=debug"),
    ];
    for (name, text, shown) in good {
        assert_eq!(values(&sources(&[(name, text)]))[name].0, shown, "{name}={text}");
    }
    let bad = [
        ("AUCTION_ENV", "staging"),
        ("LISTEN", "example.com:80"),
        ("DATABASE_URL", "postgres://me:secret@/auctions"),
        ("DATABASE_URL", "postgres://db/auctions?password=secret"),
        ("DATABASE_POOLER", "statement"),
        ("DATABASE_CONNECTIONS", "3"),
        ("DATABASE_URL", "mysql://db"),
        ("DATABASE_URL", "sqlite://a.db?mode=ro"),
        ("REDIS_URL", "localhost:6379"),
        ("ALLOWED_HOSTS", "https://example.com"),
        ("CORS_ALLOWED_ORIGINS", "example.com"),
        ("TRUSTED_PROXIES", "10.0.0.0/40"),
        ("FRONTEND_URL", "https://a.test/?q"),
        ("BIDDER_LABELS", "names"),
        ("CURRENCY", "usd"),
        ("PUBLIC_BROWSING", "maybe"),
        ("DEFAULT_TERMS", "{\"colour\":1}"),
        ("DEFAULT_TERMS", "{\"max_jump\":\"x\"}"),
        ("RATE_LIMIT_ANON", "0/minute"),
        ("RATE_LIMIT_ANON", "10/week"),
        ("RATE_LIMIT_SIGN_IN", "-1"),
        ("EMAIL_HOST", "smtp.test:587"),
        ("EMAIL_HOST", "smtp.test\r\nQUIT"),
        ("EMAIL_VERIFICATION", "sometimes"),
        ("AUDIT_KEPT", "0"),
        ("AUDIT_KEPT", "36501"),
        ("AUDIT_KEPT", "1 year"),
        ("EMAIL_PORT", "0x1"),
        ("EMAIL_FROM", "a@b\r\nBcc: c@d"),
        ("LOG_FORMAT", "xml"),
        ("BASE_PATH", "shop"),
        ("BASE_PATH", "/\""),
        ("UI_API_URL", "/api"),
        ("UI_API_URL", "https://a.test;script-src"),
        ("UI_WS_URL", "ftp://a.test"),
    ];
    for (name, text) in bad {
        assert_eq!(problems(&sources(&[(name, text)])), [format!("{name} (environment)")], "{name}={text}");
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once_and_no_secret_with_it() {
    let sources = sources(&[
        ("AUCTION_ENV", "production"),
        ("SECRET_KEY", "hunter2"),
        ("LISTEN", "nowhere"),
        ("DATABASE_URL", "postgres://me:hunter3@/auctions"),
        ("ALLOWED_HOSTS", "*"),
        ("CORS_ALLOWED_ORIGINS", "*"),
    ])
    .with_dotenv("EMAIL_HOST_PASSWORD=hunter4 and more\n")
    .with_toml("secret_key = \"hunter5");
    let text = Settings::parse(&sources).expect_err("much is wrong").to_string();
    for name in [
        ".env",
        "auction.toml",
        "SECRET_KEY",
        "LISTEN",
        "DATABASE_URL",
        "ALLOWED_HOSTS",
        "CORS_ALLOWED_ORIGINS",
    ] {
        assert!(text.lines().any(|line| line.starts_with(name)), "{name} is missing in:\n{text}");
    }
    assert!(!text.contains("hunter"), "{text}");
}

#[test]
fn production_refuses_keys_that_can_be_guessed() {
    let production = |key| sources(&[("AUCTION_ENV", "production"), ("SECRET_KEY", key)]);
    assert_eq!(problems(&production(KEY)), [""; 0]);
    for key in ["", "short", &"a".repeat(64), "django-insecure-0123456789abcdef0123456789", &KEY[..31]] {
        let found = problems(&production(key));
        assert!(found.len() == 1 && found[0].starts_with("SECRET_KEY"), "{key:?}: {found:?}");
    }
    assert_eq!(problems(&sources(&[("SECRET_KEY", "short")])), [""; 0]);
}

#[test]
fn names_that_do_nothing_are_reported() {
    let sources = sources(&[
        ("DJANGO_ENV", "production"),
        ("DJANGO_SECRET_KEY", KEY),
        ("DEBUG", "1"),
        ("PORT", "8123"),
        ("CELERY_BROKER_URL", "redis://x"),
        ("EMAIL_BACKEND", "smtp"),
        ("EMAIL_HOST", "smtp.test"),
        ("EMAIL_HOST_USER", "house"),
        ("EMAIL_HOST_PASSWORD", "hunter2"),
        ("STRIPE_PUBLIC_KEY", "pk_test_1"),
        ("REACT_APP_API_URL", "http://localhost:9000/api"),
        ("REACT_APP_WS_URL", "ws://localhost:9000/ws/auction"),
        ("PATH", "/bin"),
    ])
    .with_dotenv("RATE_LIMT_ANON=1/day\n");
    let settings = Settings::parse(&sources).expect("valid");
    assert!(settings.is_production());
    assert_eq!(settings.listen.port(), 8123);
    let said: Vec<String> = settings.notices.iter().map(Notice::to_string).collect();
    for (name, what) in [
        ("DJANGO_ENV", "is read as AUCTION_ENV"),
        ("DJANGO_SECRET_KEY", "is read as SECRET_KEY"),
        ("PORT", "is read as LISTEN"),
        ("REACT_APP_API_URL", "is read as UI_API_URL"),
        ("REACT_APP_WS_URL", "is read as UI_WS_URL"),
        ("DEBUG", "is ignored"),
        ("CELERY_BROKER_URL", "is ignored"),
        ("EMAIL_BACKEND", "is ignored"),
        ("STRIPE_PUBLIC_KEY", "is set, but not built yet"),
        ("\"RATE_LIMT_ANON\" in .env", "is ignored"),
    ] {
        assert!(said.iter().any(|line| line.starts_with(&format!("{name} {what}"))), "{name}: {said:#?}");
    }
    assert_eq!(said.len(), 10, "{said:#?}");
    assert!(!said.concat().contains("hunter2") && !format!("{settings:?}").contains("hunter2"));
}

#[test]
fn the_port_of_the_mail_server_follows_from_how_the_connection_is_encrypted() {
    let host = ("EMAIL_HOST", "smtp.test");
    for (given, starttls, tls, port) in [
        (&[host][..], "on", "off", "587"),
        (&[host, ("EMAIL_USE_TLS", "True")], "on", "off", "587"),
        (&[host, ("EMAIL_USE_SSL", "True")], "off", "on", "465"),
        (&[host, ("EMAIL_USE_SSL", "True"), ("EMAIL_USE_TLS", "False")], "off", "on", "465"),
        (&[host, ("EMAIL_USE_TLS", "False")], "off", "off", "25"),
        (&[host, ("EMAIL_USE_SSL", "on"), ("EMAIL_PORT", "2465")], "off", "on", "2465"),
    ] {
        let values = values(&sources(given));
        let shown = ["EMAIL_USE_TLS", "EMAIL_USE_SSL", "EMAIL_PORT"].map(|name| values[name].0.as_str());
        assert_eq!(shown, [starttls, tls, port], "{given:?}");
    }
    let both = sources(&[host, ("EMAIL_USE_TLS", "on"), ("EMAIL_USE_SSL", "on")]);
    assert_eq!(problems(&both), ["EMAIL_USE_SSL"]);
}

#[test]
fn a_user_and_a_password_of_the_mail_server_go_together() {
    let host = ("EMAIL_HOST", "smtp.test");
    let (user, password) = (("EMAIL_HOST_USER", "house"), ("EMAIL_HOST_PASSWORD", "hunter2"));
    assert_eq!(problems(&sources(&[host, user, password])), [""; 0]);
    assert_eq!(problems(&sources(&[host])), [""; 0]);
    assert_eq!(problems(&sources(&[host, user])), ["EMAIL_HOST_PASSWORD"]);
    assert_eq!(problems(&sources(&[host, password])), ["EMAIL_HOST_USER"]);
}

#[test]
fn production_sends_no_mail_in_the_clear_to_another_machine() {
    let problems_with = |host, tls| {
        let given = [
            ("AUCTION_ENV", "production"),
            ("SECRET_KEY", KEY),
            ("EMAIL_HOST", host),
            ("EMAIL_USE_TLS", tls),
        ];
        problems(&sources(&given))
    };
    for host in ["smtp.test", "10.0.0.1", "localhost.test", "128.0.0.1", "::2"] {
        assert_eq!(problems_with(host, "off"), ["EMAIL_USE_TLS"], "{host}");
        assert_eq!(problems_with(host, "on"), [""; 0], "{host}");
    }
    for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1"] {
        assert_eq!(problems_with(host, "off"), [""; 0], "{host}");
    }
}

#[test]
fn terms_of_the_house_stand_in_the_file_as_a_table() {
    let file = "[terms]\nfirst_bid = \"at_least\"\n[terms.closing]\nkind = \"reset\"\nwindow_s = 180\n";
    assert_eq!(problems(&Sources::new("data").with_toml(file)), [""; 0]);
    let shown = r#"{"closing":{"kind":"reset","window_s":180},"first_bid":"at_least"}"#;
    let values = values(&Sources::new("data").with_toml(file));
    assert_eq!(values["DEFAULT_TERMS"], (shown.to_owned(), Given::File));
    assert_eq!(
        problems(&Sources::new("data").with_toml("[terms]\nfirst_bid = \"x\"\n")),
        ["DEFAULT_TERMS (auction.toml)"]
    );
    assert_eq!(problems(&Sources::new("data").with_toml("lisen = \"x\"\n")), ["lisen (auction.toml)"]);
    assert_eq!(problems(&Sources::new("data").with_toml("listen = 1.5\n")), ["listen (auction.toml)"]);
}

#[test]
fn the_example_names_every_setting_and_is_valid_with_all_of_them_on() {
    let example = include_str!("../../../../.env.example");
    let settings = Settings::parse(&Sources::new("data").with_dotenv(example)).expect("valid");
    assert_eq!(settings.notices, [], "what is not commented out works");
    let on: Vec<String> = example
        .lines()
        .map(|line| {
            line.strip_prefix("#").filter(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
        })
        .zip(example.lines())
        .map(|(on, line)| on.unwrap_or(line).to_owned())
        .collect();
    let sources = Sources::new("data").with_dotenv(&on.join("\n"));
    let settings = Settings::parse(&sources).unwrap_or_else(|problems| panic!("{problems}"));
    for notice in &settings.notices {
        let is_expected = matches!(notice, Notice::NotBuilt { .. } | Notice::Risky { name: "REDIS_URL", .. });
        assert!(is_expected, "{notice}");
    }
    for row in settings.rows() {
        assert!(example.contains(&format!("{}=", row.name)), "{} is missing", row.name);
    }
}

#[test]
fn unproved_addresses_are_taken_in_production_and_warned_of() {
    let key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let given = [("AUCTION_ENV", "production"), ("SECRET_KEY", key), ("EMAIL_VERIFICATION", "off")];
    let notices = |given: &[(&str, &str)]| {
        let settings = Settings::parse(&sources(given)).unwrap_or_else(|problems| panic!("{problems}"));
        settings.notices.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let warning = "EMAIL_VERIFICATION: is off in production: nobody has to prove that an address is theirs";
    assert_eq!(notices(&given), [warning]);
    assert_eq!(notices(&given[..2]), Vec::<String>::new());
    assert_eq!(notices(&given[2..]), Vec::<String>::new());
}

/// In production a file with the secret key is its owner's alone.
#[cfg(unix)]
#[test]
fn production_refuses_a_key_in_a_file_that_others_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(".env");
    let key = "9f2c7b1e4d8a6035c1f7e2b94a60d3587c0e9b1f6a24d85730bce19f48a72d56";
    std::fs::write(&file, format!("AUCTION_ENV=production\nSECRET_KEY={key}\nALLOWED_HOSTS=house.example\n"))
        .expect("written");
    let show = |mode| {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("changed");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_auction-server"));
        let output = command.args(["config", "show"]).current_dir(folder.path()).env_clear().output();
        let output = output.expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for mode in [0o644, 0o640, 0o604] {
        let (code, said) = show(mode);
        assert_eq!(code, Some(1), "{mode:o}: {said}");
        assert!(said.contains("stands in a file that others can read") && !said.contains(key), "{said}");
    }
    assert_eq!(show(0o600).0, Some(0));
}
