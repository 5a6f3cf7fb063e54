//! Refusals: for each the status, the sentence, the code, and the data that the client needs.

use crate::error::ApiError;
use crate::wire::money::Price;
use auction_core::auction::{InvalidPrice, Rejection};
use auction_core::money::{Amount, Currency};
use auction_core::service::desk::Refusal;
use axum::http::StatusCode;

/// The sentence for a price that is none.
pub const INVALID_PRICE: &str = "Invalid price format.";

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Rejected { rejection, currency, falls } => {
                let currency = currency.unwrap_or(Currency::USD);
                let falling = falls.then(|| falling(&rejection, currency)).flatten();
                falling.unwrap_or_else(|| rejected(&rejection, currency))
            }
            Refusal::Failed(kind) => kind.into(),
        }
    }
}

/// What is said to a price that cannot even be handed in.
pub fn invalid_price(reason: impl std::fmt::Display) -> ApiError {
    let error = ApiError::new(StatusCode::BAD_REQUEST, "invalid_price", INVALID_PRICE);
    error.with("reason", reason.to_string())
}

/// What is said to a command that the rules refuse. Amounts are in `currency`.
pub fn rejected(rejection: &Rejection, currency: Currency) -> ApiError {
    let error = |status, detail: String| ApiError::new(status, rejection.code(), detail);
    let refused = |detail: String| error(StatusCode::BAD_REQUEST, detail);
    let forbidden = |detail: &str| error(StatusCode::FORBIDDEN, detail.to_owned());
    let conflict = |detail: &str| error(StatusCode::CONFLICT, detail.to_owned());
    let money = |amount: Amount| Price::new(amount, currency).to_string();
    match rejection {
        Rejection::AccountNotVerified => forbidden("Account is not verified. Please verify your email."),
        Rejection::AccountBanned => forbidden("This account is banned."),
        Rejection::NotFound => ApiError::not_found(),
        Rejection::InvalidPrice(InvalidPrice::Money(reason)) => invalid_price(reason),
        Rejection::InvalidPrice(reason) => invalid_price(reason),
        Rejection::InvalidUnits { most: 1 } => ApiError::field("quantity", "Must be 1 in this format."),
        Rejection::InvalidUnits { most } => ApiError::field("quantity", format!("Must be at most {most}.")),
        Rejection::IdempotencyKeyReused => error(
            StatusCode::UNPROCESSABLE_ENTITY,
            "This idempotency key was used for another request.".to_owned(),
        ),
        Rejection::NotPermitted => ApiError::forbidden(),
        Rejection::SellerCannotBid => forbidden("You cannot bid on your own auction."),
        Rejection::NotParticipant => forbidden("You are not a participant of this auction."),
        Rejection::AlreadyJoined => refused("You are already a participant in this auction.".to_owned()),
        Rejection::JoinClosed => refused("This auction can no longer be joined.".to_owned()),
        Rejection::NotStarted { starts_at } => {
            conflict("The auction has not started yet.").with("start_date_time", starts_at.to_string())
        }
        Rejection::Paused => conflict("The auction is paused."),
        Rejection::Cancelled => conflict("The auction was cancelled."),
        Rejection::Ended => conflict("The auction has ended."),
        Rejection::AlreadySold => conflict("The lot is already sold."),
        Rejection::IllegalTransition { from } => {
            let status = from.name();
            conflict(&format!("An auction that is {status} does not allow this.")).with("status", status)
        }
        Rejection::EndPassed => conflict("The end of the auction has passed."),
        Rejection::BuyNowUnavailable => conflict("The lot cannot be bought now."),
        Rejection::BiddingUnavailable => conflict("This auction takes no bids: buy at its price."),
        Rejection::WithinFrontBuffer => {
            refused("The bid beats the best one by too little: bid lower, or stay behind it.".to_owned())
        }
        Rejection::NotEnoughUnits { left } => {
            conflict(&format!("Only {left} are left.")).with("units_left", *left)
        }
        Rejection::AlreadyBid => conflict("You have bid, and a bid cannot be replaced in this auction."),
        Rejection::RetractionClosed => conflict("Bids can no longer be taken back."),
        Rejection::NoSuchBid => conflict("There is no such bid."),
        Rejection::HistoryFull => conflict("The history of this auction is full."),
        Rejection::BelowStartingPrice { starting_price, minimum } => {
            let start = money(*starting_price);
            let sentence = if minimum == starting_price {
                format!("Bid must be at least the starting price of {start}.")
            } else if starting_price.checked_add(Amount::ONE_MINOR) == Some(*minimum) {
                format!("Bid must be higher than the starting price of {start}.")
            } else {
                format!("Bid must be at least {}.", money(*minimum))
            };
            refused(sentence).with("starting_price", start).with("minimum_bid", money(*minimum))
        }
        Rejection::BelowMinimum { minimum: Some(minimum) } => {
            let minimum = money(*minimum);
            refused(format!("Bid must be at least {minimum}.")).with("minimum_bid", minimum)
        }
        Rejection::BelowMinimum { minimum: None } => {
            refused("No higher bid is possible.".to_owned()).with("minimum_bid", serde_json::Value::Null)
        }
        Rejection::ExceedsMaxJump { most } => {
            let most = money(*most);
            refused(format!("Bid must be at most {most}.")).with("maximum_bid", most)
        }
        Rejection::AlreadyLeading => refused("You are already the highest bidder.".to_owned()),
        Rejection::OverLimit { limit } => {
            let limit = money(*limit);
            refused(format!("Bid must not be above your limit of {limit}.")).with("limit", limit)
        }
        Rejection::Busy => ApiError::busy(),
        // Rejections that are new inside are still refusals outside.
        _ => conflict("This is not possible now."),
    }
}

/// The same where bids fall, as far as it differs; the codes and the names of the data stay.
fn falling(rejection: &Rejection, currency: Currency) -> Option<ApiError> {
    let refused = |detail: String| ApiError::new(StatusCode::BAD_REQUEST, rejection.code(), detail);
    let money = |amount: Amount| Price::new(amount, currency).to_string();
    match rejection {
        Rejection::BelowStartingPrice { starting_price, minimum } => {
            let (start, most) = (money(*starting_price), money(*minimum));
            let sentence = if minimum == starting_price {
                format!("Bid must be at most the starting price of {start}.")
            } else {
                format!("Bid must be at most {most}.")
            };
            Some(refused(sentence).with("starting_price", start).with("minimum_bid", most))
        }
        Rejection::BelowMinimum { minimum: Some(most) } => {
            let most = money(*most);
            Some(refused(format!("Bid must be at most {most}.")).with("minimum_bid", most))
        }
        Rejection::BelowMinimum { minimum: None } => {
            let error = refused("No lower bid is possible.".to_owned());
            Some(error.with("minimum_bid", serde_json::Value::Null))
        }
        Rejection::AlreadyLeading => Some(refused("You are already the lowest bidder.".to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn told(rejection: Rejection) -> (u16, Value) {
        told_where(rejection, false)
    }

    fn told_where(rejection: Rejection, falls: bool) -> (u16, Value) {
        let refusal = Refusal::Rejected { rejection, currency: Some(Currency::USD), falls };
        let error = ApiError::from(refusal);
        (error.status().as_u16(), Value::Object(error.body().clone()))
    }

    fn amount(text: &str) -> Amount {
        Amount::parse(text, Currency::USD).unwrap()
    }

    #[test]
    fn the_first_bid_is_told_by_which_policy_it_was_refused() {
        let starting_price = amount("5000.00");
        let sentence = |minimum| {
            told(Rejection::BelowStartingPrice { starting_price, minimum: amount(minimum) }).1["detail"]
                .clone()
        };
        assert_eq!(sentence("5000.01"), "Bid must be higher than the starting price of 5000.00.");
        assert_eq!(sentence("5000.00"), "Bid must be at least the starting price of 5000.00.");
        assert_eq!(sentence("5100.00"), "Bid must be at least 5100.00.");
    }

    #[test]
    fn a_low_bid_is_told_the_minimum() {
        let refused = told(Rejection::BelowMinimum { minimum: Some(amount("6000.01")) });
        let body = json!({"detail": "Bid must be at least 6000.01.", "code": "below_minimum", "minimum_bid": "6000.01"});
        assert_eq!(refused, (400, body));
    }

    #[test]
    fn where_bids_fall_the_minimum_is_the_most() {
        let sentence = |rejection| told_where(rejection, true).1["detail"].clone();
        let (start, most) = (amount("1000.00"), amount("950.00"));
        let first = |minimum| Rejection::BelowStartingPrice { starting_price: start, minimum };
        assert_eq!(sentence(first(start)), "Bid must be at most the starting price of 1000.00.");
        assert_eq!(sentence(first(most)), "Bid must be at most 950.00.");
        let body = json!({"detail": "Bid must be at most 950.00.", "code": "below_minimum", "minimum_bid": "950.00"});
        assert_eq!(told_where(Rejection::BelowMinimum { minimum: Some(most) }, true), (400, body));
        assert_eq!(sentence(Rejection::BelowMinimum { minimum: None }), "No lower bid is possible.");
        assert_eq!(sentence(Rejection::AlreadyLeading), "You are already the lowest bidder.");
        assert_eq!(sentence(Rejection::Paused), told(Rejection::Paused).1["detail"]);
    }
}
