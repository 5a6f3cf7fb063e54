//! How each field of a [`TermsDocument`](super::TermsDocument) is read: one function a field.

use super::closing::{
    CANDLE_SAMPLES_MAX, ClosingPolicy, EXTENSIONS_MAX, Extension, Trigger, WINDOW_SECS_MAX, WINDOW_SECS_MIN,
};
use super::document::FieldError;
use super::{
    Anchor, BelowReserve, BuyNow, BuyNowRule, LeaderRaise, LowerMax, MAX_JUMP_MULTIPLE_MAX, MaxJump,
    ProxyPolicy, Retraction,
};
use crate::auction::group::{GROUP_CHARS_MAX, Group};
use crate::money::{
    Amount, Bracket, BracketTable, Currency, GridIncrement, IncrementPolicy, PercentIncrement, parse_decimal,
};
use crate::time::{Span, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::sync::{Arc, OnceLock};

pub(super) type Read<T> = Result<T, FieldError>;

/// A value of the document: where it stands, what its text is, and the currency of its amounts.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    currency: Currency,
    field: &'a str,
    text: &'a str,
}

/// Reads field by field and collects what is wrong.
pub(super) struct Reader<F> {
    currency: Currency,
    lookup: F,
    errors: Vec<FieldError>,
}

impl<'d, F: Fn(&str) -> Option<&'d str>> Reader<F> {
    pub(super) fn new(currency: Currency, lookup: F) -> Self {
        Self { currency, lookup, errors: Vec::new() }
    }

    pub(super) fn field<T>(&mut self, field: &str, default: T, parse: fn(Place<'_>) -> Read<T>) -> T {
        let Some(text) = (self.lookup)(field) else { return default };
        match parse(Place { currency: self.currency, field, text }) {
            Ok(value) => value,
            Err(error) => {
                self.errors.push(error);
                default
            }
        }
    }

    pub(super) fn choice<T: Copy + Default>(&mut self, field: &str, names: &[(&'static str, T)]) -> T {
        let Some(text) = (self.lookup)(field) else { return T::default() };
        Place { currency: self.currency, field, text }.choice(names).unwrap_or_else(|error| {
            self.errors.push(error);
            T::default()
        })
    }

    pub(super) fn into_errors(self) -> Vec<FieldError> {
        self.errors
    }
}

impl<'a> Place<'a> {
    pub(super) fn wrong<T>(self, message: impl Into<String>) -> Read<T> {
        Err(FieldError::new(self.field, message))
    }

    /// An error of the member `name` of this object.
    pub(super) fn wrong_in<T>(self, name: &str, message: impl Into<String>) -> Read<T> {
        Err(FieldError::new(format!("{}.{name}", self.field), message))
    }

    pub(super) fn json<T: Deserialize<'a>>(self) -> Read<T> {
        serde_json::from_str(self.text).or_else(|error| {
            let text = error.to_string();
            // The position is that inside this field's text, which helps nobody.
            let what = text.split(" at line ").next().unwrap_or_default();
            self.wrong(format!("Is malformed: {what}."))
        })
    }

    fn choice<T: Copy>(self, names: &[(&'static str, T)]) -> Read<T> {
        let name: String = self.json()?;
        match names.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => Ok(*value),
            None => self.wrong(format!("Must be {}.", one_of(names.iter().map(|(known, _)| *known)))),
        }
    }

    /// The choice that a member of this object names; the default where it names none.
    pub(super) fn choice_in<T: Copy + Default>(
        self,
        field: &'a str,
        text: Option<&'a RawValue>,
        names: &[(&'static str, T)],
    ) -> Read<T> {
        text.map_or(Ok(T::default()), |text| self.member(field, text).choice(names))
    }

    /// A decimal, read from the text of a JSON string or number.
    fn decimal(self) -> Read<rust_decimal::Decimal> {
        let written = self.text.trim();
        let digits = match written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(inside) => inside,
            None => written,
        };
        parse_decimal(digits).or_else(|error| self.wrong(format!("{error}.")))
    }

    /// A positive amount.
    pub(super) fn amount(self) -> Read<Amount> {
        match Amount::from_decimal(self.decimal()?, self.currency) {
            Ok(Amount::ZERO) => self.wrong("Must be positive."),
            Ok(amount) => Ok(amount),
            Err(error) => self.wrong(format!("{error}.")),
        }
    }

    /// The name of a group.
    fn group(self) -> Read<Group> {
        let name: String = self.json()?;
        Group::new(&name).or_else(|_| {
            self.wrong(format!(
                "Must be 1 to {GROUP_CHARS_MAX} visible characters, without blanks around them."
            ))
        })
    }

    pub(super) fn member(self, field: &'a str, text: &'a RawValue) -> Self {
        Self { currency: self.currency, field, text: text.get() }
    }
}

pub(super) fn one_of(names: impl Iterator<Item = &'static str>) -> String {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [one] => one.clone(),
        many => format!("one of {}", many.join(", ")),
    }
}

/// Where a policy has no increments of its own: one minor unit.
pub(super) fn default_increments() -> IncrementPolicy {
    IncrementPolicy::SmallestUnit
}

pub(super) fn increments(at: Place<'_>) -> Read<IncrementPolicy> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Increments<'a> {
        kind: String,
        #[serde(borrow)]
        step: Option<&'a RawValue>,
        #[serde(borrow)]
        brackets: Option<Vec<[&'a RawValue; 2]>>,
        name: Option<String>,
        basis_points: Option<u32>,
        #[serde(borrow)]
        floor: Option<&'a RawValue>,
    }
    let Increments { kind, step, brackets, name, basis_points, floor } = at.json()?;
    let given = [
        ("step", step.is_some()),
        ("brackets", brackets.is_some()),
        ("name", name.is_some()),
        ("basis_points", basis_points.is_some()),
        ("floor", floor.is_some()),
    ];
    let only = |allowed: &[&str]| match given.iter().find(|(field, is)| *is && !allowed.contains(field)) {
        Some((field, _)) => at.wrong_in(field, format!("Does not belong to `{kind}`.")),
        None => Ok(()),
    };
    match kind.as_str() {
        "smallest_unit" => only(&[]).map(|()| IncrementPolicy::SmallestUnit),
        "fixed" => {
            only(&["step"])?;
            let Some(step) = step else { return at.wrong_in("step", "Is required.") };
            let step = at.member("increments.step", step).amount()?;
            IncrementPolicy::fixed(step).or_else(|error| at.wrong_in("step", format!("{error}.")))
        }
        "table" => {
            only(&["brackets", "name"])?;
            let table = match (brackets, name) {
                (Some(brackets), None) => BracketTable::new(&read_brackets(at, &brackets)?)
                    .map(Arc::new)
                    .or_else(|error| at.wrong_in("brackets", format!("{error}."))),
                (None, Some(name)) => named_table(at, &name),
                _ => at.wrong("Needs either `brackets` or `name`."),
            }?;
            Ok(IncrementPolicy::Table(table))
        }
        "percent" => {
            only(&["basis_points", "floor"])?;
            let Some(basis_points) = basis_points else { return at.wrong_in("basis_points", "Is required.") };
            let floor = match floor {
                Some(floor) => at.member("increments.floor", floor).amount()?,
                None => Amount::ONE_MINOR,
            };
            PercentIncrement::new(basis_points, floor)
                .map(IncrementPolicy::Percent)
                .or_else(|error| at.wrong_in("basis_points", format!("{error}.")))
        }
        "grid" => only(&[]).map(|()| IncrementPolicy::Grid(GridIncrement::new(at.currency))),
        _ => at.wrong_in(
            "kind",
            format!(
                "Must be {}.",
                one_of(["smallest_unit", "fixed", "table", "percent", "grid"].into_iter())
            ),
        ),
    }
}

fn read_brackets(at: Place<'_>, brackets: &[[&RawValue; 2]]) -> Read<Vec<Bracket>> {
    let field = "increments.brackets";
    brackets
        .iter()
        .map(|[from, step]| {
            let from = at.member(field, from);
            let start = Amount::from_decimal(from.decimal()?, at.currency);
            let start = start.or_else(|error| from.wrong(format!("{error}.")))?;
            Ok(Bracket { from: start, step: at.member(field, step).amount()? })
        })
        .collect()
}

/// A published table. There is one of each in memory for all auctions, so that it stays in the caches of the
/// machine however many auctions there are.
fn named_table(at: Place<'_>, name: &str) -> Read<Arc<BracketTable>> {
    type ByExponent = [OnceLock<Arc<BracketTable>>; 4];
    static EBAY_US: ByExponent = [const { OnceLock::new() }; 4];
    static EBAY_UK: ByExponent = [const { OnceLock::new() }; 4];
    static YAHOO_JAPAN: ByExponent = [const { OnceLock::new() }; 4];
    let (shared, table) = match name {
        "ebay_us" => (&EBAY_US, BracketTable::ebay_us(at.currency)),
        "ebay_uk" => (&EBAY_UK, BracketTable::ebay_uk(at.currency)),
        "yahoo_japan" if at.currency == Currency::JPY => (&YAHOO_JAPAN, Ok(BracketTable::yahoo_japan())),
        "yahoo_japan" => return at.wrong_in("name", "The table `yahoo_japan` is in JPY."),
        _ => {
            let names = one_of(["ebay_us", "ebay_uk", "yahoo_japan"].into_iter());
            return at.wrong_in("name", format!("Must be {names}."));
        }
    };
    let table = table.or_else(|error| at.wrong_in("name", format!("{error}.")))?;
    Ok(match shared.get(at.currency.exponent() as usize) {
        Some(shared) => Arc::clone(shared.get_or_init(|| Arc::new(table))),
        None => Arc::new(table),
    })
}

pub(super) fn proxy(at: Place<'_>) -> Read<ProxyPolicy> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Proxy<'a> {
        #[serde(borrow)]
        anchor: Option<&'a RawValue>,
        #[serde(borrow)]
        leader_raise: Option<&'a RawValue>,
        #[serde(borrow)]
        lower_max: Option<&'a RawValue>,
        #[serde(borrow)]
        below_reserve: Option<&'a RawValue>,
    }
    let proxy: Proxy<'_> = at.json()?;
    Ok(ProxyPolicy {
        anchor: at.choice_in("proxy.anchor", proxy.anchor, Anchor::NAMES)?,
        leader_raise: at.choice_in("proxy.leader_raise", proxy.leader_raise, LeaderRaise::NAMES)?,
        lower_max: at.choice_in("proxy.lower_max", proxy.lower_max, LowerMax::NAMES)?,
        below_reserve: at.choice_in("proxy.below_reserve", proxy.below_reserve, BelowReserve::NAMES)?,
    })
}

pub(super) fn closing(at: Place<'_>) -> Read<(ClosingPolicy, Option<Group>)> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Closing<'a> {
        kind: String,
        window_s: Option<u64>,
        extend_s: Option<u64>,
        #[serde(borrow)]
        trigger: Option<&'a RawValue>,
        hard_end: Option<String>,
        max_extensions: Option<u64>,
        #[serde(borrow)]
        group: Option<&'a RawValue>,
        period_s: Option<u64>,
        sample_s: Option<u64>,
        /// What the house has committed to: read from terms that were shown, and of no meaning.
        commitment: Option<serde::de::IgnoredAny>,
    }
    let read: Closing<'_> = at.json()?;
    let is_candle = read.kind == "candle";
    let is_soft = matches!(read.kind.as_str(), "reset" | "add");
    if !is_soft && !is_candle && read.kind != "hard" {
        let kinds = one_of(["hard", "reset", "add", "candle"].into_iter());
        return at.wrong_in("kind", format!("Must be {kinds}."));
    }
    let given = [
        ("window_s", read.window_s.is_some(), is_soft),
        ("extend_s", read.extend_s.is_some(), read.kind == "add"),
        ("trigger", read.trigger.is_some(), is_soft),
        ("hard_end", read.hard_end.is_some(), is_soft),
        ("max_extensions", read.max_extensions.is_some(), is_soft),
        ("group", read.group.is_some(), is_soft),
        ("period_s", read.period_s.is_some(), is_candle),
        ("sample_s", read.sample_s.is_some(), is_candle),
        ("commitment", read.commitment.is_some(), is_candle),
    ];
    if let Some((field, ..)) = given.iter().find(|(_, is, belongs)| *is && !belongs) {
        return at.wrong_in(field, format!("Does not belong to `{}`.", read.kind));
    }
    let seconds = |name: &str, value: Option<u64>| match value.map(u32::try_from) {
        None => at.wrong_in(name, "Is required."),
        Some(Ok(secs)) if (WINDOW_SECS_MIN..=WINDOW_SECS_MAX).contains(&secs) => Ok(Span::from_secs(secs)),
        Some(_) => at.wrong_in(name, format!("Must be from {WINDOW_SECS_MIN} to {WINDOW_SECS_MAX} seconds.")),
    };
    if is_candle {
        let period = seconds("period_s", read.period_s)?;
        let sample =
            read.sample_s.map_or(Ok(Span::from_secs(1)), |sample| seconds("sample_s", Some(sample)))?;
        if period.secs() % sample.secs() != 0 {
            return at.wrong_in("period_s", "Must be a multiple of `sample_s`.");
        }
        if period.secs() / sample.secs() > i64::from(CANDLE_SAMPLES_MAX) {
            return at.wrong_in("sample_s", format!("A candle has at most {CANDLE_SAMPLES_MAX} samples."));
        }
        return Ok((ClosingPolicy::Candle { period, sample, seed: None }, None));
    }
    if !is_soft {
        return Ok((ClosingPolicy::Hard, None));
    }
    let window = seconds("window_s", read.window_s)?;
    let extension = match read.kind.as_str() {
        "add" => Extension::Add(seconds("extend_s", read.extend_s)?),
        _ => Extension::Reset,
    };
    let trigger = match read.trigger {
        Some(text) => at.member("closing.trigger", text).choice(Trigger::NAMES)?,
        None => Trigger::default(),
    };
    let hard_end = match read.hard_end {
        Some(text) => {
            Some(text.parse::<Timestamp>().or_else(|error| at.wrong_in("hard_end", format!("{error}.")))?)
        }
        None => None,
    };
    let max_extensions = match read.max_extensions.map(u32::try_from) {
        None => EXTENSIONS_MAX,
        Some(Ok(count)) if count <= EXTENSIONS_MAX => count,
        Some(_) => return at.wrong_in("max_extensions", format!("Must be at most {EXTENSIONS_MAX}.")),
    };
    let group = match read.group {
        Some(text) => Some(at.member("closing.group", text).group()?),
        None => None,
    };
    Ok((ClosingPolicy::Soft { window, extension, trigger, hard_end, max_extensions }, group))
}

pub(super) fn buy_now(at: Place<'_>) -> Read<Option<BuyNow>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Offer<'a> {
        #[serde(borrow)]
        price: &'a RawValue,
        #[serde(borrow)]
        rule: Option<&'a RawValue>,
    }
    let offer: Offer<'_> = at.json()?;
    let rule = match offer.rule {
        Some(rule) => at.member("buy_now.rule", rule).choice(BuyNowRule::NAMES)?,
        None => BuyNowRule::UntilFirstBid,
    };
    Ok(Some(BuyNow { price: at.member("buy_now.price", offer.price).amount()?, rule }))
}

pub(super) fn max_jump(at: Place<'_>) -> Read<Option<MaxJump>> {
    let mut multiple = at.decimal()?;
    let scale = multiple.scale();
    if scale <= 4 {
        multiple.rescale(4);
        if let Some(jump) = u64::try_from(multiple.mantissa()).ok().and_then(MaxJump::from_ten_thousandths) {
            return Ok(Some(jump));
        }
    }
    at.wrong(format!("Must be a multiple from 1 to {MAX_JUMP_MULTIPLE_MAX} with at most four decimals."))
}

/// The longest time before the end from which on only late bids can be taken back, and the longest time in which they
/// can, in seconds: a year.
pub const RETRACTION_SECS_MAX: u32 = 366 * 24 * 60 * 60;

/// What is left out: half a day, and an hour.
const FREE_UNTIL_SECS: u32 = 12 * 60 * 60;
const GRACE_SECS: u32 = 60 * 60;

pub(super) fn retraction(at: Place<'_>) -> Read<Retraction> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written {
        kind: String,
        free_until_s: Option<u64>,
        grace_s: Option<u64>,
    }
    let Written { kind, free_until_s, grace_s } = at.json()?;
    let span = |name: &str, value: Option<u64>, default| match value.map(u32::try_from) {
        None => Ok(Span::from_secs(default)),
        Some(Ok(seconds)) if seconds <= RETRACTION_SECS_MAX => Ok(Span::from_secs(seconds)),
        Some(_) => at.wrong_in(name, format!("Must be at most {RETRACTION_SECS_MAX} seconds.")),
    };
    match kind.as_str() {
        "forbidden" => match (free_until_s, grace_s) {
            (None, None) => Ok(Retraction::Forbidden),
            (Some(_), _) => at.wrong_in("free_until_s", "Does not belong to `forbidden`."),
            (None, Some(_)) => at.wrong_in("grace_s", "Does not belong to `forbidden`."),
        },
        "allowed" => Ok(Retraction::Allowed {
            free_until: span("free_until_s", free_until_s, FREE_UNTIL_SECS)?,
            grace: span("grace_s", grace_s, GRACE_SECS)?,
        }),
        _ => at.wrong_in("kind", format!("Must be {}.", one_of(["forbidden", "allowed"].into_iter()))),
    }
}
