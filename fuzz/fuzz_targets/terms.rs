//! Any text as a document of terms, and as each of its fields.
#![no_main]

use auction_core::auction::{Terms, TermsDocument};
use auction_core::money::{Amount, Currency};
use libfuzzer_sys::fuzz_target;

const CURRENCIES: [Currency; 3] = [Currency::USD, Currency::JPY, Currency::KWD];

const FIELDS: [&str; 13] = [
    "format",
    "increments",
    "first_bid",
    "reserve",
    "reserve_visibility",
    "proxy",
    "leader_straight",
    "closing",
    "participation",
    "join_until",
    "buy_now",
    "max_jump",
    "early_close",
];

fuzz_target!(|input: (i64, u8, &str)| {
    let (start, field, text) = input;
    let Ok(start) = Amount::from_minor(start) else { return };
    check(start, text);
    let field = FIELDS[usize::from(field) % FIELDS.len()];
    check(start, &format!(r#"{{"{field}":{text}}}"#));
});

fn check(start: Amount, text: &str) {
    let Ok(document) = TermsDocument::parse(text) else { return };
    for currency in CURRENCIES {
        let terms = match document.terms(currency, start) {
            Ok(terms) => terms,
            Err(errors) => {
                assert!(!errors.0.is_empty(), "refused without a reason");
                continue;
            }
        };
        let written = serde_json::Value::from(terms.document()).to_string();
        let read = TermsDocument::parse(&written).and_then(|document| document.terms(currency, start));
        assert_eq!(read.as_ref(), Ok(&terms), "{written}");
        let stored = serde_json::to_string(&terms).expect("terms are written");
        assert_eq!(serde_json::from_str::<Terms>(&stored).expect("terms are read"), terms);
    }
}
