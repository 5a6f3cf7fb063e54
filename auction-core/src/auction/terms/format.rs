//! How the format of an auction is read and written, and what cannot stand beside it.

use super::document::FieldError;
use super::fields::{Place, Read, one_of};
use super::{ClosingPolicy, Terms};
use crate::auction::format::Format;
use crate::auction::format::dutch::{Dutch, INTERVAL_SECS_MAX};
use crate::auction::format::fixed_price::FixedPrice;
use crate::auction::format::reverse::{self, Reverse, Visibility};
use crate::auction::format::sealed::{Count, MultiUnit, Pricing, Revisions, Sealing};
use crate::auction::units::{UNITS_MAX, Units};
use crate::money::{Amount, Currency};
use crate::time::Span;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// The object as it is written: of each kind some of the fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'a> {
    kind: String,
    #[serde(borrow)]
    revisions: Option<&'a RawValue>,
    #[serde(borrow)]
    count: Option<&'a RawValue>,
    quantity: Option<u64>,
    #[serde(borrow)]
    pricing: Option<&'a RawValue>,
    min_fill: Option<u64>,
    #[serde(borrow)]
    step: Option<&'a RawValue>,
    interval_s: Option<u64>,
    #[serde(borrow)]
    floor: Option<&'a RawValue>,
    #[serde(borrow)]
    visibility: Option<&'a RawValue>,
    #[serde(borrow)]
    improvement: Option<&'a RawValue>,
}

pub(super) fn format(at: Place<'_>) -> Read<Format> {
    let written: Written<'_> = at.json()?;
    let kind = written.kind.as_str();
    let only = |allowed: &[&str]| {
        let given = [
            ("revisions", written.revisions.is_some()),
            ("count", written.count.is_some()),
            ("quantity", written.quantity.is_some()),
            ("pricing", written.pricing.is_some()),
            ("min_fill", written.min_fill.is_some()),
            ("step", written.step.is_some()),
            ("interval_s", written.interval_s.is_some()),
            ("floor", written.floor.is_some()),
            ("visibility", written.visibility.is_some()),
            ("improvement", written.improvement.is_some()),
        ];
        match given.iter().find(|(field, is)| *is && !allowed.contains(field)) {
            Some((field, _)) => at.wrong_in(field, format!("Does not belong to `{kind}`.")),
            None => Ok(()),
        }
    };
    match kind {
        "english" => only(&[]).map(|()| Format::English),
        "sealed_first_price" => {
            only(&["revisions", "count"])?;
            Ok(Format::SealedFirstPrice(sealing(at, &written)?))
        }
        "vickrey" => {
            only(&["revisions", "count"])?;
            Ok(Format::Vickrey(sealing(at, &written)?))
        }
        "multi_unit" => {
            only(&["quantity", "pricing", "min_fill", "count"])?;
            let units = required_units(at, written.quantity)?;
            let min_fill = optional_units(at, "min_fill", written.min_fill)?;
            if min_fill > units {
                return at.wrong_in("min_fill", "Must be at most the quantity.");
            }
            let pricing = at.choice_in("format.pricing", written.pricing, Pricing::NAMES)?;
            let count = at.choice_in("format.count", written.count, Count::NAMES)?;
            Ok(Format::MultiUnit(MultiUnit { units, pricing, min_fill, count }))
        }
        "dutch" => {
            only(&["step", "interval_s", "floor", "quantity"])?;
            Ok(Format::Dutch(dutch(at, &written)?))
        }
        "reverse" => {
            only(&["visibility", "improvement"])?;
            let visibility = at.choice_in("format.visibility", written.visibility, Visibility::NAMES)?;
            let improvement = match written.improvement {
                Some(text) => at.member("format.improvement", text).amount()?,
                None => Amount::ONE_MINOR,
            };
            Ok(Format::Reverse(Reverse { visibility, improvement }))
        }
        "fixed_price" => {
            only(&["quantity"])?;
            Ok(Format::FixedPrice(FixedPrice { units: optional_units(at, "quantity", written.quantity)? }))
        }
        _ => at.wrong_in("kind", format!("Must be {}.", one_of(Format::NAMES.into_iter()))),
    }
}

fn sealing(at: Place<'_>, written: &Written<'_>) -> Read<Sealing> {
    Ok(Sealing {
        revisions: at.choice_in("format.revisions", written.revisions, Revisions::NAMES)?,
        count: at.choice_in("format.count", written.count, Count::NAMES)?,
    })
}

fn dutch(at: Place<'_>, written: &Written<'_>) -> Read<Dutch> {
    let amount = |name: &str, field, text: Option<_>| match text {
        Some(text) => at.member(field, text).amount(),
        None => at.wrong_in(name, "Is required."),
    };
    let step = amount("step", "format.step", written.step)?;
    let floor = amount("floor", "format.floor", written.floor)?;
    let interval = match written.interval_s.map(u32::try_from) {
        None => return at.wrong_in("interval_s", "Is required."),
        Some(Ok(seconds @ 1..=INTERVAL_SECS_MAX)) => Span::from_secs(seconds),
        Some(_) => {
            return at.wrong_in("interval_s", format!("Must be from 1 to {INTERVAL_SECS_MAX} seconds."));
        }
    };
    Ok(Dutch { step, interval, floor, units: optional_units(at, "quantity", written.quantity)? })
}

fn units(at: Place<'_>, name: &str, count: u64) -> Read<Units> {
    match u32::try_from(count).ok().and_then(Units::new) {
        Some(units) => Ok(units),
        None => at.wrong_in(name, format!("Must be from 1 to {UNITS_MAX}.")),
    }
}

fn optional_units(at: Place<'_>, name: &str, count: Option<u64>) -> Read<Units> {
    count.map_or(Ok(Units::ONE), |count| units(at, name, count))
}

fn required_units(at: Place<'_>, count: Option<u64>) -> Read<Units> {
    match count {
        Some(count) => units(at, "quantity", count),
        None => at.wrong_in("quantity", "Is required."),
    }
}

/// The object that describes a format in full.
pub(super) fn value(format: Format, currency: Currency) -> Value {
    let money = |amount: Amount| Value::from(amount.display(currency).to_string());
    let kind = format.name();
    match format {
        Format::English => json!({ "kind": kind }),
        Format::SealedFirstPrice(Sealing { revisions, count })
        | Format::Vickrey(Sealing { revisions, count }) => {
            json!({ "kind": kind, "revisions": revisions.name(), "count": count.name() })
        }
        Format::MultiUnit(MultiUnit { units, pricing, min_fill, count }) => json!({
            "kind": kind,
            "quantity": units.count(),
            "pricing": pricing.name(),
            "min_fill": min_fill.count(),
            "count": count.name(),
        }),
        Format::Dutch(Dutch { step, interval, floor, units }) => json!({
            "kind": kind,
            "step": money(step),
            "interval_s": interval.secs(),
            "floor": money(floor),
            "quantity": units.count(),
        }),
        Format::Reverse(Reverse { visibility, improvement }) => {
            json!({ "kind": kind, "visibility": visibility.name(), "improvement": money(improvement) })
        }
        Format::FixedPrice(FixedPrice { units }) => json!({ "kind": kind, "quantity": units.count() }),
    }
}

/// What is right by itself but cannot stand beside the format.
pub(super) fn contradictions(terms: &Terms, errors: &mut Vec<FieldError>) {
    let start = terms.starting_price;
    let mut wrong = |field: &str, message: &str| errors.push(FieldError::new(field, message));
    if terms.format == Format::English {
        if matches!(terms.closing, ClosingPolicy::Candle { .. }) {
            if terms.retraction != super::Retraction::Forbidden {
                wrong("retraction", "Must be `forbidden` where the end is drawn.");
            }
            if terms.buy_now.is_some() {
                wrong("buy_now", "Does not go with an end that is drawn.");
            }
        }
        return;
    }
    if start == Amount::ZERO && !terms.format.takes_free_start() {
        wrong("format", "Needs a starting price above zero.");
    }
    if terms.buy_now.is_some() {
        wrong("buy_now", "Goes with English auctions only.");
    }
    if terms.max_jump.is_some() {
        wrong("max_jump", "Goes with English auctions only.");
    }
    let is_reverse = matches!(terms.format, Format::Reverse(_));
    let is_candle = matches!(terms.closing, ClosingPolicy::Candle { .. });
    if terms.closing != ClosingPolicy::Hard && (!is_reverse || is_candle) {
        wrong("closing", "Must be `hard`: no bid moves the end in this format.");
    }
    if terms.format.sells_at_once() && terms.retraction != super::Retraction::Forbidden {
        wrong("retraction", "Must be `forbidden`: what is bought is no bid.");
    }
    match terms.format {
        Format::Dutch(clock) => {
            if clock.floor > start {
                wrong("format.floor", "Must not be above the starting price.");
            }
            if terms.reserve.is_some() {
                wrong("reserve", "Is the floor of the clock in this format.");
            }
        }
        Format::FixedPrice(_) if terms.reserve.is_some() => {
            wrong("reserve", "Does not go with a fixed price.");
        }
        Format::Reverse(rules) => {
            if terms.reserve.is_some_and(|reserve| reserve > start) {
                wrong("reserve", "Must not be above the starting price.");
            }
            if rules.improvement >= start {
                wrong("format.improvement", "Must be below the starting price.");
            }
            if start > Amount::ZERO && reverse::below(terms, start).is_none() {
                wrong("increments", "Leave no room for a bid below the starting price.");
            }
            if rules.visibility == Visibility::RankOnly
                && let ClosingPolicy::Soft { trigger, .. } = terms.closing
                && trigger != super::Trigger::AnyAccepted
            {
                wrong(
                    "closing.trigger",
                    "Must be `any_accepted` where bids are hidden: others would tell of the lead.",
                );
            }
        }
        _ => {}
    }
}
