//! Terms in plain numbers: written as the document that a seller would write, and read by the naive models.
//!
//! The increments are computed here a second time, from the rules and without the engine.

use auction_core::auction::{
    Anchor, BelowReserve, BuyNowRule, Charter, EarlyClose, FirstBid, JoinUntil, LeaderRaise, LeaderStraight,
    LowerMax, Participation, ReserveVisibility, Schedule, Terms, TermsDocument, Trigger,
};
use auction_core::money::{Amount, Currency};
use auction_core::{Timestamp, UserId};
use serde_json::{Value, json};

/// Microseconds in a second.
pub(crate) const SECOND: i64 = 1_000_000;

/// Every plan's auction opens then: 2026-01-01T12:00:00Z.
pub(crate) const STARTS_AT: i64 = 1_767_268_800 * SECOND;

/// Every plan's auction is created then, an hour before it opens.
pub(crate) const CREATED_AT: i64 = STARTS_AT - 3_600 * SECOND;

/// One auction in plain numbers: minor units of the dollar, microseconds.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) start: i64,
    pub(crate) steps: Steps,
    pub(crate) first_bid: FirstBid,
    pub(crate) reserve: Option<i64>,
    pub(crate) reserve_visibility: ReserveVisibility,
    pub(crate) anchor: Anchor,
    pub(crate) leader_raise: LeaderRaise,
    pub(crate) lower_max: LowerMax,
    pub(crate) below_reserve: BelowReserve,
    pub(crate) leader_straight: LeaderStraight,
    pub(crate) closing: Closing,
    pub(crate) participation: Participation,
    pub(crate) join_until: JoinUntil,
    pub(crate) buy_now: Option<(i64, BuyNowRule)>,
    /// In ten thousandths of the minimum bid.
    pub(crate) max_jump: Option<u64>,
    pub(crate) early_close: EarlyClose,
    /// How long the auction lasts, in seconds.
    pub(crate) length: i64,
    /// What the limited bidder may spend.
    pub(crate) limit: Option<i64>,
    /// No bid that a test makes up is above this, except on purpose.
    pub(crate) top: i64,
}

/// Increments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Steps {
    Smallest,
    Fixed(i64),
    /// From which price on, which step.
    Table(Vec<(i64, i64)>),
    Percent {
        basis_points: i64,
        floor: i64,
    },
    Grid,
}

/// The closing policy; times in seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Closing {
    Hard,
    Soft {
        window: i64,
        /// By how much the end moves; none resets it to one window after the bid.
        extend: Option<i64>,
        trigger: Trigger,
        /// How long after the end of the plan the hard end is.
        hard_end_after: Option<i64>,
        max_extensions: Option<u32>,
    },
}

impl Steps {
    /// By how much a bid must beat `price`.
    pub(crate) fn inc(&self, price: i64) -> i64 {
        match self {
            Self::Smallest => 1,
            Self::Fixed(step) => *step,
            Self::Table(rows) => {
                let row = rows.iter().rfind(|(from, _)| *from <= price);
                row.expect("the first row begins at zero").1
            }
            Self::Percent { basis_points, floor } => {
                let product = i128::from(price) * i128::from(*basis_points);
                let rounded_up = (product + 9_999).div_euclid(10_000);
                i64::try_from(rounded_up).expect("small prices").max(*floor)
            }
            Self::Grid => rung_above(price) - price,
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Smallest => json!({ "kind": "smallest_unit" }),
            Self::Fixed(step) => json!({ "kind": "fixed", "step": money(*step) }),
            Self::Table(rows) => {
                let rows: Vec<_> =
                    rows.iter().map(|(from, step)| json!([money(*from), money(*step)])).collect();
                json!({ "kind": "table", "brackets": rows })
            }
            Self::Percent { basis_points, floor } => {
                json!({ "kind": "percent", "basis_points": basis_points, "floor": money(*floor) })
            }
            Self::Grid => json!({ "kind": "grid" }),
        }
    }
}

/// The first price of the house grid above `price`, found by going up the ladder rung by rung.
fn rung_above(price: i64) -> i64 {
    const HUNDREDS: [i64; 32] = [
        100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 220, 240, 260, 280, 300, 320, 350, 380, 400,
        420, 450, 480, 500, 550, 600, 650, 700, 750, 800, 850, 900,
    ];
    let below_hundred = (0..10).map(|tens| tens * 10);
    let decades = (0..10).flat_map(|decade| {
        let scale = 10_i64.pow(decade);
        HUNDREDS.into_iter().chain([950]).map(move |rung| rung * scale)
    });
    let mut rungs = below_hundred.chain(decades).map(|dollars| dollars * 100);
    rungs.find(|rung| *rung > price).expect("tests stay below the end of the ladder")
}

/// This many cents, as they are written.
pub(crate) fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// A time from microseconds.
pub(crate) fn time(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).expect("a time between 1970 and 9999")
}

/// An amount from cents.
pub(crate) fn amount(cents: i64) -> Amount {
    Amount::from_minor(cents).expect("an amount in range")
}

impl Plan {
    /// A plan with the built-in default terms, except that the first bid is taken at the starting price.
    pub(crate) fn plain() -> Self {
        Self {
            start: 1_000,
            steps: Steps::Fixed(100),
            first_bid: FirstBid::AtLeast,
            reserve: None,
            reserve_visibility: ReserveVisibility::MetFlag,
            anchor: Anchor::SecondMax,
            leader_raise: LeaderRaise::CompletesIncrement,
            lower_max: LowerMax::Forbidden,
            below_reserve: BelowReserve::Normal,
            leader_straight: LeaderStraight::Raises,
            closing: Closing::Hard,
            participation: Participation::Join,
            join_until: JoinUntil::Start,
            buy_now: None,
            max_jump: None,
            early_close: EarlyClose::Staff,
            length: 3_600,
            limit: None,
            top: 10_000,
        }
    }

    /// When the auction closes, unless its end moves.
    pub(crate) fn ends_at(&self) -> i64 {
        STARTS_AT + self.length * SECOND
    }

    /// The time past which bids do not move the end.
    pub(crate) fn hard_end(&self) -> Option<i64> {
        match self.closing {
            Closing::Soft { hard_end_after: Some(after), .. } => Some(self.ends_at() + after * SECOND),
            Closing::Soft { .. } | Closing::Hard => None,
        }
    }

    /// How often the end may move.
    pub(crate) fn max_extensions(&self) -> u32 {
        match self.closing {
            Closing::Soft { max_extensions, .. } => max_extensions.unwrap_or(10_000),
            Closing::Hard => 0,
        }
    }

    /// The document of terms.
    pub(crate) fn document(&self) -> Value {
        json!({
            "format": { "kind": "english" },
            "increments": self.steps.json(),
            "first_bid": self.first_bid.name(),
            "reserve": self.reserve.map(money),
            "reserve_visibility": self.reserve_visibility.name(),
            "proxy": {
                "anchor": self.anchor.name(),
                "leader_raise": self.leader_raise.name(),
                "lower_max": self.lower_max.name(),
                "below_reserve": self.below_reserve.name(),
            },
            "leader_straight": self.leader_straight.name(),
            "closing": self.closing_json(),
            "participation": self.participation.name(),
            "join_until": self.join_until.name(),
            "buy_now": self.buy_now.map(|(price, rule)| json!({ "price": money(price), "rule": rule.name() })),
            "max_jump": self.max_jump.map(|parts| format!("{}.{:04}", parts / 10_000, parts % 10_000)),
            "early_close": self.early_close.name(),
        })
    }

    fn closing_json(&self) -> Value {
        let Closing::Soft { window, extend, trigger, max_extensions, .. } = &self.closing else {
            return json!({ "kind": "hard" });
        };
        json!({
            "kind": if extend.is_some() { "add" } else { "reset" },
            "window_s": window,
            "extend_s": extend,
            "trigger": trigger.name(),
            "hard_end": self.hard_end().map(|at| time(at).to_string()),
            "max_extensions": max_extensions,
        })
    }

    /// The terms.
    pub(crate) fn terms(&self) -> Terms {
        let text = self.document().to_string();
        let document = TermsDocument::parse(&text).expect("a document");
        document.terms(Currency::USD, amount(self.start)).unwrap_or_else(|errors| panic!("{errors}: {text}"))
    }

    /// What `seller` and house agree on.
    pub(crate) fn charter(&self, seller: UserId) -> Charter {
        let schedule = Schedule::new(time(STARTS_AT), time(self.ends_at())).expect("a schedule");
        Charter::new(seller, schedule, self.terms()).expect("a charter")
    }
}
