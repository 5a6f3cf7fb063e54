//! Which pages there are. The front end knows the same ones.

use auction_core::AuctionId;

/// The pages that are about nothing in particular.
const PLAIN: [&str; 14] = [
    "/",
    "/auctions",
    "/register",
    "/login",
    "/verify-otp",
    "/forgot-password",
    "/reset-password",
    "/two-factor",
    "/my-auctions",
    "/won-auctions",
    "/profile",
    "/notifications",
    "/sell",
    "/sell/new",
];

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// One that is about nothing in particular.
    Plain(&'static str),
    /// An auction.
    Auction(AuctionId),
    /// The same, where people bid.
    Bidding(AuctionId),
    /// What its seller does with it.
    Sale(AuctionId),
}

impl Route {
    /// The page at a path, with or without a slash at its end.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let path = match path.strip_suffix('/') {
            Some("") => "/",
            Some(bare) if bare.ends_with('/') => return None,
            Some(bare) => bare,
            None => path,
        };
        if let Some(plain) = PLAIN.iter().find(|plain| **plain == path) {
            return Some(Self::Plain(plain));
        }
        if let Some(rest) = path.strip_prefix("/sell/") {
            return id(rest).map(Self::Sale);
        }
        let rest = path.strip_prefix("/auction/")?;
        match rest.strip_suffix("/bidding") {
            Some(rest) => id(rest).map(Self::Bidding),
            None => id(rest).map(Self::Auction),
        }
    }

    /// What all pages of a kind are counted as.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Plain(path) => path,
            Self::Auction(_) => "/auction/{id}",
            Self::Bidding(_) => "/auction/{id}/bidding",
            Self::Sale(_) => "/sell/{id}",
        }
    }

    /// Its path below the base, without the slash in front.
    pub(super) fn path(self) -> String {
        match self {
            Self::Plain(path) => path.trim_start_matches('/').to_owned(),
            Self::Auction(id) => format!("auction/{}", id.number()),
            Self::Bidding(id) => format!("auction/{}/bidding", id.number()),
            Self::Sale(id) => format!("sell/{}", id.number()),
        }
    }
}

/// The number of an auction as it is written in paths.
fn id(text: &str) -> Option<AuctionId> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    AuctionId::new(text.parse().ok().filter(|_| is_plain)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_found_with_and_without_a_slash_at_the_end() {
        for path in PLAIN.into_iter().chain(["/auction/7", "/auction/7/bidding", "/sell/7"]) {
            let route = Route::parse(path).expect(path);
            assert_eq!(format!("/{}", route.path()), path);
            assert_eq!(Route::parse(&format!("{}/", path.trim_end_matches('/'))), Some(route));
        }
        for path in [
            "",
            "//",
            "/auction",
            "/auction/x",
            "/auction/07",
            "/auction/-1",
            "/auction/0",
            "/auction/99999999999999999999",
            "/auction/7/bids",
            "/auction/7/bidding/x",
            "/auction//7",
            "/sell/x",
            "/sell/new/x",
            "/Login",
            "/login/x",
        ] {
            assert_eq!(Route::parse(path), None, "{path}");
        }
    }
}
