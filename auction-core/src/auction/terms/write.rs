//! How terms are written: the document that the seller would have to write in full, and the form that stores keep.

use super::closing::{ClosingPolicy, Extension};
use super::{MaxJump, Retraction, Terms, TermsDocument, TermsErrors, format};
use crate::auction::draw::Seed;
use crate::auction::group::Group;
use crate::auction::terms::FieldError;
use crate::money::{Amount, Currency, IncrementPolicy};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

impl Terms {
    /// The document that describes these terms in full, the reserve and other things that may be hidden included.
    ///
    /// Reading it back gives the same terms.
    pub fn document(&self) -> Map<String, Value> {
        let money = |amount: Amount| Value::from(amount.display(self.currency).to_string());
        let mut fields = Map::new();
        let mut put = |field: &str, value: Value| fields.insert(field.to_owned(), value);
        put("format", format::value(self.format, self.currency));
        put("increments", self.increments_value());
        put("first_bid", self.first_bid.name().into());
        put("reserve", self.reserve.map_or(Value::Null, money));
        put("reserve_visibility", self.reserve_visibility.name().into());
        put(
            "proxy",
            json!({
                "anchor": self.proxy.anchor.name(),
                "leader_raise": self.proxy.leader_raise.name(),
                "lower_max": self.proxy.lower_max.name(),
                "below_reserve": self.proxy.below_reserve.name(),
            }),
        );
        put("leader_straight", self.leader_straight.name().into());
        put("closing", closing_value(&self.closing, self.group.as_ref()));
        put("participation", self.participation.name().into());
        put("join_until", self.join_until.name().into());
        put(
            "buy_now",
            self.buy_now.map_or(
                Value::Null,
                |offer| json!({ "price": money(offer.price), "rule": offer.rule.name() }),
            ),
        );
        put("max_jump", self.max_jump.map_or(Value::Null, |jump| jump.written().into()));
        put("early_close", self.early_close.name().into());
        put("retraction", retraction_value(self.retraction));
        fields
    }

    fn increments_value(&self) -> Value {
        let money = |amount: Amount| Value::from(amount.display(self.currency).to_string());
        match &self.increments {
            IncrementPolicy::SmallestUnit => json!({ "kind": "smallest_unit" }),
            IncrementPolicy::Fixed(step) => json!({ "kind": "fixed", "step": money(*step) }),
            IncrementPolicy::Table(table) => match table.name() {
                Some(name) => json!({ "kind": "table", "name": name }),
                None => {
                    let brackets: Vec<_> = table
                        .brackets()
                        .iter()
                        .map(|row| json!([money(row.from), money(row.step)]))
                        .collect();
                    json!({ "kind": "table", "brackets": brackets })
                }
            },
            IncrementPolicy::Percent(percent) => json!({
                "kind": "percent",
                "basis_points": percent.basis_points(),
                "floor": money(percent.floor()),
            }),
            IncrementPolicy::Grid(_) => json!({ "kind": "grid" }),
        }
    }

    /// The form that stores keep: the document with the currency and the starting price, and the seed of a candle.
    pub(super) fn to_stored(&self) -> String {
        let mut document = self.document();
        if self.retraction == Retraction::Forbidden {
            // Nodes of the version before do not know the field, and can read what does not need it.
            document.remove("retraction");
        }
        let mut stored = json!({
            "currency": self.currency.code(),
            "starting_price": self.starting_price.display(self.currency).to_string(),
            "terms": document,
        });
        if let ClosingPolicy::Candle { seed: Some(seed), .. } = self.closing {
            stored["seed"] = seed.reveal().into();
        }
        stored.to_string()
    }

    /// Reads what [`Terms::to_stored`] wrote.
    pub(super) fn from_stored(text: &str) -> Result<Self, TermsErrors> {
        #[derive(Deserialize)]
        struct Stored<'a> {
            currency: Currency,
            starting_price: String,
            #[serde(borrow)]
            terms: &'a RawValue,
            seed: Option<Seed>,
        }
        let wrong = |what: String| TermsErrors(vec![FieldError::new("", what)]);
        let stored: Stored<'_> = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let start = Amount::parse(&stored.starting_price, stored.currency)
            .map_err(|error| wrong(error.to_string()))?;
        let terms = TermsDocument::parse(stored.terms.get())?.terms(stored.currency, start)?;
        Ok(match stored.seed {
            Some(seed) => terms.with_seed(seed),
            None => terms,
        })
    }
}

impl MaxJump {
    fn written(self) -> String {
        let decimal = rust_decimal::Decimal::from_i128_with_scale(i128::from(self.ten_thousandths()), 4);
        decimal.normalize().to_string()
    }
}

fn retraction_value(retraction: Retraction) -> Value {
    match retraction {
        Retraction::Forbidden => json!({ "kind": "forbidden" }),
        Retraction::Allowed { free_until, grace } => {
            json!({ "kind": "allowed", "free_until_s": free_until.secs(), "grace_s": grace.secs() })
        }
    }
}

fn closing_value(closing: &ClosingPolicy, group: Option<&Group>) -> Value {
    if let ClosingPolicy::Candle { period, sample, seed } = closing {
        let mut value = json!({ "kind": "candle", "period_s": period.secs(), "sample_s": sample.secs() });
        if let Some(seed) = seed {
            value["commitment"] = seed.commitment().into();
        }
        return value;
    }
    let ClosingPolicy::Soft { window, extension, trigger, hard_end, max_extensions } = closing else {
        return json!({ "kind": "hard" });
    };
    let mut value = json!({
        "kind": match extension { Extension::Reset => "reset", Extension::Add(_) => "add" },
        "window_s": window.secs(),
        "trigger": trigger.name(),
        "max_extensions": max_extensions,
    });
    if let Extension::Add(span) = extension {
        value["extend_s"] = span.secs().into();
    }
    if let Some(hard_end) = hard_end {
        value["hard_end"] = hard_end.to_string().into();
    }
    if let Some(group) = group {
        // Nodes of the version before do not know it, and can read what does not need it.
        value["group"] = group.as_str().into();
    }
    value
}
