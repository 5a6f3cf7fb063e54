//! Which defaults stand beside what a seller wrote.

use serde::Deserialize;

/// What a seller wrote themselves, as far as defaults may contradict it.
#[derive(Debug)]
pub(super) struct Written {
    /// Left out means that of the defaults.
    format: Option<Kind>,
    closing: Option<Kind>,
    has_buy_now: bool,
    may_retract: bool,
}

/// Of an object no more than what decides about others. What is malformed has no kind, and is refused when it is read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Kind {
    kind: String,
    visibility: Option<String>,
    trigger: Option<String>,
}

impl Kind {
    fn of(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.kind.as_str())
    }
}

impl Written {
    /// Of a document in which these fields are found.
    pub(super) fn of<'d>(field: impl Fn(&str) -> Option<&'d str>) -> Self {
        Self {
            format: field("format").map(Kind::of),
            closing: field("closing").map(Kind::of),
            has_buy_now: field("buy_now").is_some(),
            may_retract: field("retraction").is_some_and(|text| !Kind::of(text).is(&["forbidden"])),
        }
    }

    /// Whether a default with this text may fill in a field that was left out.
    pub(super) fn goes_with(&self, field: &str, text: &str) -> bool {
        let suits_format = match &self.format {
            Some(format) if !format.is(&["english"]) => suits(format, field, text),
            _ => true,
        };
        suits_format && self.suits_candle(field, text)
    }

    /// With an end that is drawn nothing is bought at once or taken back.
    fn suits_candle(&self, field: &str, text: &str) -> bool {
        let is_candle = |closing: &Kind| closing.is(&["candle"]);
        match field {
            "buy_now" | "retraction" => !self.closing.as_ref().is_some_and(is_candle),
            "closing" => !((self.has_buy_now || self.may_retract) && is_candle(&Kind::of(text))),
            _ => true,
        }
    }
}

/// Whether a default goes with a format that is not English.
fn suits(format: &Kind, field: &str, text: &str) -> bool {
    let sells_at_once = format.is(&["dutch", "fixed_price"]);
    match field {
        "buy_now" | "max_jump" => false,
        "reserve" | "retraction" => !sells_at_once,
        "closing" => {
            let closing = Kind::of(text);
            let tells_lead =
                closing.is(&["reset", "add"]) && closing.trigger.as_deref() != Some("any_accepted");
            let hides_bids = format.visibility.as_deref() == Some("rank_only");
            format.is(&["reverse"]) && !closing.is(&["candle"]) && !(hides_bids && tells_lead)
        }
        _ => true,
    }
}
