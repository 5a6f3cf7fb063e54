//! The list of cases of the notices: the only place where their names stand.

use super::Counter;
use crate::conformance::Verdict;
use std::future::Future;
use std::pin::Pin;

/// Something that every store of notices must do.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct NoticesCase {
    /// What it must do, as a sentence.
    pub name: &'static str,
    /// Asks for it, at a counter that nobody else uses.
    pub run: for<'a> fn(&'a dyn Counter) -> NoticesRunning<'a>,
}

/// A case of the notices that runs.
pub type NoticesRunning<'a> = Pin<Box<dyn Future<Output = Verdict> + 'a>>;

/// Hands the list to a macro, as `__conformance_cases!` does.
#[doc(hidden)]
#[macro_export]
macro_rules! __notices_cases {
    ($then:path, $($with:tt)*) => {
        $then! {
            ($($with)*)
            planning {
                what_was_planned_is_in_its_inbox_and_waits_to_be_mailed,
                positions_come_in_the_order_of_the_question,
                a_plan_on_another_position_writes_nothing,
                a_notice_is_written_once_whoever_plans_it,
                notices_go_only_where_their_channels_say,
                plans_of_one_call_are_written_in_their_order,
            }
            collapsing {
                a_newer_notice_takes_the_place_of_one_whose_mail_waits,
                a_notice_that_is_being_mailed_or_was_mailed_stays,
                a_notice_without_mail_is_replaced_until_it_is_read,
                what_was_replaced_is_not_written_again,
                only_the_same_thing_about_the_same_auction_is_replaced,
            }
            calling {
                a_round_is_claimed_as_it_was_planned,
                only_rounds_that_are_due_are_claimed_earliest_first,
                a_round_is_held_until_its_lease_is_over,
                a_page_is_written_with_how_far_the_round_is,
                a_page_of_somebody_who_lost_the_round_writes_nothing,
                a_round_that_was_called_is_not_called_again,
                a_round_is_replaced_until_it_is_begun,
                a_dropped_kind_loses_the_rounds_that_are_not_begun,
                next_round_is_the_earliest_that_may_be_claimed,
            }
            reading {
                an_inbox_is_newest_first_and_in_pages,
                a_page_of_an_inbox_has_a_bound,
                only_the_own_notice_is_read,
                reading_all_reads_only_ones_own,
                the_head_of_each_inbox_is_known,
                the_head_of_an_inbox_is_the_same_when_it_was_read,
                the_head_of_an_inbox_changes_where_one_takes_the_place_of_another,
                what_is_only_mailed_is_not_the_head_of_an_inbox,
                preferences_are_replaced_whole,
            }
            sending {
                a_posted_mail_is_claimed_as_it_was_written,
                only_mails_that_are_due_are_claimed_earliest_first,
                a_mail_is_held_until_its_lease_is_over,
                a_secret_whose_lease_ran_out_is_dead,
                next_mail_is_the_earliest_that_may_be_claimed,
                mails_are_listed_by_state_newest_first,
            }
            settling {
                only_who_holds_a_mail_settles_it,
                what_was_sent_or_dropped_is_over,
                a_mail_that_was_not_taken_is_tried_later,
                a_mail_that_was_not_tried_is_given_back,
                a_dead_mail_waits_again_when_it_is_revived,
                what_has_expired_is_erased,
                what_was_sent_is_removed_in_time,
                read_notices_are_forgotten_unless_their_mail_waits,
            }
            together {
                concurrent_plans_on_one_position_are_written_once,
                concurrent_plans_give_numbers_in_the_order_in_which_they_are_seen,
                concurrent_claims_share_nothing,
            }
            lockstep {
                random_runs_are_in_step_with_the_reference,
            }
        }
    };
}

macro_rules! table {
    (() $($room:ident { $($name:ident,)* })*) => {
        /// Every case of the notices, in the order of the list.
        pub const NOTICES_CASES: &[NoticesCase] = &[
            $($(NoticesCase {
                name: stringify!($name),
                run: |counter| Box::pin(super::$room::$name(counter)),
            },)*)*
        ];
    };
}

crate::__notices_cases!(table,);
