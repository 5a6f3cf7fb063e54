//! What is done that the house may have to account for.

/// How entries of an action are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditCare {
    /// They are durable before anything is answered.
    Durable,
    /// They are written soon, many at once.
    Soon,
    /// The same, but no more than a bound allows: strangers can cause as many as they like.
    Bounded,
}

macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// What somebody did, or tried.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum AuditAction {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl AuditAction {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its stable name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

actions! {
    /// Somebody registered an address.
    Registered = "registered",
    /// An address was proved with its code.
    Verified = "verified",
    /// A code for an address was wrong or too old.
    VerificationRefused = "verification_refused",
    /// Somebody signed in.
    SignedIn = "signed_in",
    /// The password was right, and the second factor is asked for.
    SecondFactorAsked = "second_factor_asked",
    /// A sign-in failed: the password, the mailed code, or the person is shut out.
    SignInRefused = "sign_in_refused",
    /// A code of the second factor was wrong, used, or too late.
    SecondFactorRefused = "second_factor_refused",
    /// Somebody had to wait after too many tries.
    Throttled = "throttled",
    /// A recovery code took the place of the second factor.
    RecoveryCodeUsed = "recovery_code_used",
    /// A refresh token was used a second time, and its session ended.
    RefreshReused = "refresh_reused",
    /// Somebody signed out.
    SignedOut = "signed_out",
    /// Somebody ended another session of theirs.
    SessionEnded = "session_ended",
    /// All sessions of somebody were ended.
    SessionsEnded = "sessions_ended",
    /// A link to set a password was asked for.
    PasswordResetAsked = "password_reset_asked",
    /// A password was set with a link.
    PasswordReset = "password_reset",
    /// A link to set a password was none, too old, or used.
    PasswordResetRefused = "password_reset_refused",
    /// A code to sign in with was asked for.
    SignInCodeAsked = "sign_in_code_asked",
    /// Somebody changed the password.
    PasswordChanged = "password_changed",
    /// Somebody wants another address.
    EmailChangeAsked = "email_change_asked",
    /// An address was changed.
    EmailChanged = "email_changed",
    /// Somebody who is signed in wanted to change how they sign in, and could not prove who they are.
    ChangeRefused = "change_refused",
    /// A second factor was enabled.
    SecondFactorEnabled = "second_factor_enabled",
    /// A second factor was disabled by its owner.
    SecondFactorDisabled = "second_factor_disabled",
    /// A second factor was removed by the house.
    SecondFactorReset = "second_factor_reset",
    /// Somebody became a seller.
    BecameSeller = "became_seller",
    /// Somebody asked to sell.
    AskedToSell = "asked_to_sell",
    /// The house let somebody sell.
    SellerApproved = "seller_approved",
    /// The house took its own word for an address.
    VouchedFor = "vouched_for",
    /// Somebody has another role.
    RoleChanged = "role_changed",
    /// Somebody was shut out.
    Banned = "banned",
    /// Somebody was let in again.
    Unbanned = "unbanned",
    /// An account was made for a member of the staff.
    AdminCreated = "admin_created",
    /// An auction was published by the staff.
    AuctionPublished = "auction_published",
    /// An auction was called off by the staff.
    AuctionCancelled = "auction_cancelled",
    /// An auction was paused by the staff.
    AuctionPaused = "auction_paused",
    /// An auction was resumed by the staff.
    AuctionResumed = "auction_resumed",
    /// An auction was ended by the staff.
    AuctionClosed = "auction_closed",
    /// Bids were struck by the staff.
    BidsStruck = "bids_struck",
    /// An auction was changed by the staff.
    AuctionEdited = "auction_edited",
    /// A draft was deleted by the staff.
    AuctionDeleted = "auction_deleted",
    /// A category was made.
    CategoryCreated = "category_created",
    /// A category was changed.
    CategoryChanged = "category_changed",
    /// A category was deleted.
    CategoryDeleted = "category_deleted",
    /// A picture was added by the staff.
    PictureAdded = "picture_added",
    /// A picture was removed by the staff.
    PictureRemoved = "picture_removed",
}

impl AuditAction {
    /// The action with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }

    /// How its entries are written.
    pub const fn care(self) -> AuditCare {
        match self {
            Self::Registered
            | Self::VerificationRefused
            | Self::SignInRefused
            | Self::SecondFactorAsked
            | Self::SecondFactorRefused
            | Self::Throttled
            | Self::PasswordResetAsked
            | Self::PasswordResetRefused
            | Self::SignInCodeAsked
            | Self::ChangeRefused => AuditCare::Bounded,
            Self::Verified
            | Self::SignedIn
            | Self::SignedOut
            | Self::SessionEnded
            | Self::EmailChangeAsked
            | Self::BecameSeller
            | Self::AskedToSell => AuditCare::Soon,
            Self::RecoveryCodeUsed
            | Self::RefreshReused
            | Self::SessionsEnded
            | Self::PasswordReset
            | Self::PasswordChanged
            | Self::EmailChanged
            | Self::SecondFactorEnabled
            | Self::SecondFactorDisabled
            | Self::SecondFactorReset
            | Self::SellerApproved
            | Self::VouchedFor
            | Self::RoleChanged
            | Self::Banned
            | Self::Unbanned
            | Self::AdminCreated
            | Self::AuctionPublished
            | Self::AuctionCancelled
            | Self::AuctionPaused
            | Self::AuctionResumed
            | Self::AuctionClosed
            | Self::BidsStruck
            | Self::AuctionEdited
            | Self::AuctionDeleted
            | Self::CategoryCreated
            | Self::CategoryChanged
            | Self::CategoryDeleted
            | Self::PictureAdded
            | Self::PictureRemoved => AuditCare::Durable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_action_has_a_name_of_its_own() {
        let names = AuditAction::ALL.iter().map(|action| action.name()).collect::<BTreeSet<_>>();
        assert_eq!(names.len(), AuditAction::ALL.len());
        for action in AuditAction::ALL {
            assert_eq!(AuditAction::named(action.name()), Some(*action));
        }
        assert_eq!(AuditAction::named("king"), None);
    }
}
