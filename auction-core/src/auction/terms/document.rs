//! The form in which sellers, settings and files write terms: a JSON object in which every field may be left out.

use super::closing::{ClosingPolicy, Trigger};
use super::fitting::Written;
use super::{
    Anchor, BelowReserve, BuyNowRule, EarlyClose, FirstBid, JoinUntil, LeaderRaise, LeaderStraight, LowerMax,
    Participation, ProxyPolicy, ReserveVisibility, Retraction, Terms,
};
use super::{fields, format};
use crate::auction::format::Format;
use crate::auction::format::reverse::Visibility;
use crate::auction::format::sealed::{Count, Pricing, Revisions};
use crate::money::{Amount, Currency};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The longest document, in bytes.
const DOCUMENT_BYTES_MAX: usize = 64 * 1024;

/// The fields of a document.
pub(super) const FIELDS: [&str; 14] = [
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
    "retraction",
];

/// Terms as they are written: a JSON object in which every field may be left out.
///
/// Fields that are left out, or null, are taken from another document ([`TermsDocument::or`]) or from the
/// built-in defaults. Unknown and repeated fields are errors. Amounts are decimal strings or numbers and are read
/// exactly from their text.
///
/// ```
/// use auction_core::auction::TermsDocument;
/// use auction_core::money::{Amount, Currency};
///
/// let document = TermsDocument::parse(r#"{"closing":{"kind":"reset","window_s":180},"reserve":"100.00"}"#)?;
/// let start = Amount::parse("10.00", Currency::USD).expect("a price");
/// let terms = document.terms(Currency::USD, start)?;
/// assert_eq!(terms.reserve.map(Amount::minor), Some(10_000));
/// # Ok::<(), auction_core::auction::TermsErrors>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TermsDocument {
    fields: BTreeMap<String, Box<RawValue>>,
}

/// One thing that is wrong with a document, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The path of the field, like `closing.window_s`; empty where the whole document is meant.
    pub field: String,
    /// A sentence that says what is wrong.
    pub message: String,
}

/// Everything that is wrong with a document, all fields at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct TermsErrors(pub Vec<FieldError>);

impl FieldError {
    pub(super) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field.as_str() {
            "" => f.write_str(&self.message),
            field => write!(f, "{field}: {}", self.message),
        }
    }
}

/// The document, as JSON.
impl fmt::Display for TermsDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (place, (field, value)) in self.fields.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}\"{field}\":{}", value.get())?;
        }
        f.write_str("}")
    }
}

impl TermsDocument {
    /// Reads a document. Whether its fields make sense shows when [`TermsDocument::terms`] are made of it.
    ///
    /// # Errors
    /// A text that is no JSON object or too long, and unknown or repeated fields.
    pub fn parse(text: &str) -> Result<Self, TermsErrors> {
        if text.len() > DOCUMENT_BYTES_MAX {
            let message = format!("Terms are at most {DOCUMENT_BYTES_MAX} bytes long.");
            return Err(TermsErrors(vec![FieldError::new("", message)]));
        }
        let Entries(entries) = serde_json::from_str(text).map_err(|error| {
            TermsErrors(vec![FieldError::new("", format!("Terms are a JSON object: {error}."))])
        })?;
        let mut document = Self::default();
        let mut errors = Vec::new();
        let mut seen = BTreeSet::new();
        for (field, value) in entries {
            if !FIELDS.contains(&field.as_str()) {
                errors.push(FieldError::new(field, "There is no such term."));
            } else if !seen.insert(field.clone()) {
                errors.push(FieldError::new(field, "Is given twice."));
            } else if value.get() != "null" {
                document.fields.insert(field, value);
            }
        }
        if errors.is_empty() { Ok(document) } else { Err(TermsErrors(errors)) }
    }

    /// This document, with the fields that it leaves out taken from `defaults`, but for those that do not go with the
    /// format that it names or with another of its fields: there the built-in default counts.
    ///
    /// ```
    /// use auction_core::auction::TermsDocument;
    /// use auction_core::money::{Amount, Currency};
    ///
    /// let house = TermsDocument::parse(r#"{"participation":"open","max_jump":"10"}"#)?;
    /// let document = TermsDocument::parse(r#"{"format":{"kind":"vickrey"}}"#)?;
    /// let terms = document.or(&house).terms(Currency::USD, Amount::ZERO)?;
    /// assert_eq!(terms.participation.name(), "open");
    /// assert_eq!(terms.max_jump, None);
    /// # Ok::<(), auction_core::auction::TermsErrors>(())
    /// ```
    #[must_use]
    pub fn or(self, defaults: &Self) -> Self {
        let written = Written::of(|field| self.fields.get(field).map(|raw| raw.get()));
        let mut fitting = defaults.clone();
        fitting.fields.retain(|field, value| written.goes_with(field, value.get()));
        self.over(&fitting)
    }

    /// This document, with the fields that it leaves out as they are in `earlier`, whether or not they go together.
    #[must_use]
    pub fn over(mut self, earlier: &Self) -> Self {
        for (field, value) in &earlier.fields {
            self.fields.entry(field.clone()).or_insert_with(|| value.clone());
        }
        self
    }

    /// The terms of an auction that starts at `starting_price`.
    ///
    /// # Errors
    /// Every field that is malformed, out of its bounds, not built yet, or contradicts another one.
    pub fn terms(&self, currency: Currency, starting_price: Amount) -> Result<Terms, TermsErrors> {
        let mut read = fields::Reader::new(currency, |field| self.fields.get(field).map(|raw| raw.get()));
        let group;
        let terms = Terms {
            currency,
            starting_price,
            format: read.field("format", Format::English, format::format),
            increments: read.field("increments", fields::default_increments(), fields::increments),
            first_bid: read.choice("first_bid", FirstBid::NAMES),
            reserve: read.field("reserve", None, |at| at.amount().map(Some)),
            reserve_visibility: read.choice("reserve_visibility", ReserveVisibility::NAMES),
            proxy: read.field("proxy", ProxyPolicy::default(), fields::proxy),
            leader_straight: read.choice("leader_straight", LeaderStraight::NAMES),
            closing: {
                let (closing, named) = read.field("closing", (ClosingPolicy::Hard, None), fields::closing);
                group = named;
                closing
            },
            group,
            participation: read.choice("participation", Participation::NAMES),
            join_until: read.choice("join_until", JoinUntil::NAMES),
            buy_now: read.field("buy_now", None, fields::buy_now),
            max_jump: read.field("max_jump", None, fields::max_jump),
            early_close: read.choice("early_close", EarlyClose::NAMES),
            retraction: read.field("retraction", Retraction::Forbidden, fields::retraction),
        };
        let mut errors = read.into_errors();
        if errors.is_empty() {
            contradictions(&terms, &mut errors);
        }
        if errors.is_empty() { Ok(terms) } else { Err(TermsErrors(errors)) }
    }
}

/// Terms that are each right but cannot stand together.
fn contradictions(terms: &Terms, errors: &mut Vec<FieldError>) {
    let start = terms.starting_price;
    format::contradictions(terms, errors);
    let is_reverse = matches!(terms.format, Format::Reverse(_));
    if terms.reserve.is_some_and(|reserve| reserve < start) && !is_reverse {
        errors.push(FieldError::new("reserve", "Must not be below the starting price."));
    }
    if let Some(buy_now) = terms.buy_now {
        if buy_now.price <= start {
            errors.push(FieldError::new("buy_now.price", "Must be above the starting price."));
        }
        if terms.reserve.is_some_and(|reserve| buy_now.price < reserve) {
            errors.push(FieldError::new("buy_now.price", "Must not be below the reserve."));
        }
    }
    if terms.increments.next(start).is_none() {
        errors.push(FieldError::new("increments", "Leave no room for a bid above the starting price."));
    }
}

/// The entries of a JSON object in the order in which they stand, repeated ones included.
struct Entries(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Entries;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entries, M::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

macro_rules! names {
    ($($enum:ident: $($name:literal = $variant:ident),+;)+) => {$(
        impl $enum {
            /// The names of the variants in a document, the default first.
            pub(crate) const NAMES: &'static [(&'static str, Self)] = &[$(($name, Self::$variant)),+];

            /// The name of this variant in a document.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    )+};
}

names! {
    FirstBid: "above" = Above, "at_least" = AtLeast, "plus_increment" = PlusIncrement;
    ReserveVisibility: "met_flag" = MetFlag, "public" = Public, "hidden" = Hidden;
    Anchor: "second_max" = SecondMax, "ladder_walk" = LadderWalk;
    LeaderRaise: "completes_increment" = CompletesIncrement, "never_moves" = NeverMoves;
    LowerMax: "forbidden" = Forbidden, "down_to_visible" = DownToVisible;
    BelowReserve: "normal" = Normal, "full_max" = FullMax;
    LeaderStraight: "raises" = Raises, "refused" = Refused;
    Participation: "join" = Join, "open" = Open;
    JoinUntil: "start" = Start, "end" = End;
    EarlyClose: "staff" = Staff, "seller" = Seller;
    BuyNowRule: "until_first_bid" = UntilFirstBid, "until_reserve_met" = UntilReserveMet, "always" = Always;
    Revisions: "one" = One, "replace" = Replace;
    Count: "hidden" = Hidden, "shown" = Shown;
    Pricing: "lowest_winning" = LowestWinning, "highest_losing" = HighestLosing, "pay_as_bid" = PayAsBid;
    Visibility: "full" = Full, "rank_only" = RankOnly;
    Trigger: "price_change" = PriceChange, "leader_change" = LeaderChange, "any_accepted" = AnyAccepted;
}
