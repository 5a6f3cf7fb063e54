//! Any text and any decimal as an amount.
#![no_main]

use auction_core::money::{Amount, Currency, parse_decimal};
use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;

const CURRENCIES: [Currency; 3] = [Currency::USD, Currency::JPY, Currency::KWD];

fuzz_target!(|input: (&str, [u32; 3], bool, u8)| {
    let (text, parts, negative, scale) = input;
    if let Ok(number) = parse_decimal(text) {
        assert_eq!(number.to_string(), text, "what is read is what was written");
        check(number);
    }
    check(Decimal::from_parts(parts[0], parts[1], parts[2], negative, u32::from(scale) % 29));
});

fn check(number: Decimal) {
    for currency in CURRENCIES {
        let Ok(amount) = Amount::from_decimal(number, currency) else { continue };
        assert!((0..=Amount::MINOR_MAX).contains(&amount.minor()));
        assert_eq!(amount.to_decimal(currency), number, "nothing is rounded");
        let shown = amount.display(currency).to_string();
        assert_eq!(Amount::parse(&shown, currency), Ok(amount), "what is shown is read back");
    }
}
