//! What the house lets somebody do.

use crate::identity::{InvalidName, Note, Role};
use crate::time::Timestamp;

/// Whether somebody may sell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Selling {
    /// They do not.
    #[default]
    No,
    /// They have asked, and wait for the house.
    Asked,
    /// They may.
    Allowed,
}

/// How people become sellers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SellerPolicy {
    /// By saying so.
    #[default]
    Open,
    /// They ask, and the house allows it.
    Approval,
    /// The house names them.
    Staff,
}

/// What somebody is shut out from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BanScope {
    /// They cannot sign in.
    Everything,
    /// They cannot bid, buy or join.
    Bidding,
    /// They cannot put anything up for sale.
    Selling,
}

/// Somebody is shut out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// From what.
    pub scope: BanScope,
    /// It is over at this time; `None` for one without an end.
    pub until: Option<Timestamp>,
    /// Why, for the house.
    pub reason: Note,
}

/// One change of what the house lets somebody do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StandingChange {
    /// They have another role.
    Role(Role),
    /// Their address is known to be theirs.
    Verified,
    /// They ask to sell; it changes nothing for those who have asked or may.
    AskedToSell,
    /// They may sell.
    LetSell,
    /// They are shut out, in the place of any ban before. Where it is from everything, they are signed out
    /// everywhere.
    Banned(Ban),
    /// They are shut out no longer.
    Unbanned,
}

impl Selling {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Asked => "asked",
            Self::Allowed => "allowed",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::No, Self::Asked, Self::Allowed].into_iter().find(|one| one.name() == name)
    }
}

impl BanScope {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Bidding => "bidding",
            Self::Selling => "selling",
        }
    }

    /// The scope with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Everything, Self::Bidding, Self::Selling].into_iter().find(|scope| scope.name() == name)
    }
}

impl Ban {
    /// A ban, with a reason on one line.
    ///
    /// # Errors
    /// [`InvalidName`] for a reason that is too long or not on one line.
    pub fn new(scope: BanScope, until: Option<Timestamp>, reason: &str) -> Result<Self, InvalidName> {
        Ok(Self { scope, until, reason: Note::parse(reason)? })
    }

    /// Whether it keeps somebody from this at a time.
    pub fn covers(&self, scope: BanScope, at: Timestamp) -> bool {
        let is_meant = self.scope == BanScope::Everything || self.scope == scope;
        is_meant && self.until.is_none_or(|until| at < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn a_ban_covers_its_scope_until_just_before_its_end() {
        use BanScope::{Bidding, Everything, Selling};
        let until = Timestamp::EPOCH.after(Span::from_secs(10));
        let before = until.before(Span::from_micros(1));
        let ban = |scope, until| Ban::new(scope, until, "").unwrap();
        for (scope, covered) in [
            (Everything, [true, true, true]),
            (Bidding, [false, true, false]),
            (Selling, [false, false, true]),
        ] {
            for (asked, is_covered) in [Everything, Bidding, Selling].into_iter().zip(covered) {
                assert_eq!(ban(scope, Some(until)).covers(asked, before), is_covered, "{scope:?} {asked:?}");
                assert_eq!(ban(scope, None).covers(asked, Timestamp::MAX), is_covered);
                assert!(!ban(scope, Some(until)).covers(asked, until));
            }
        }
    }
}
