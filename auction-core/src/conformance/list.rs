//! The list of cases: the only place where their names stand.

use super::{Place, Verdict};
use std::future::Future;
use std::pin::Pin;

/// Something that every store must do.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Case {
    /// What it must do, as a sentence.
    pub name: &'static str,
    /// Asks for it, in a place that nobody else uses.
    pub run: for<'a> fn(&'a dyn Place) -> Running<'a>,
}

/// A case that runs.
pub type Running<'a> = Pin<Box<dyn Future<Output = Verdict> + 'a>>;

/// Hands the list to a macro: `$then! { ($with) room { case, case, } room { .. } }`.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_cases {
    ($then:path, $($with:tt)*) => {
        $then! {
            ($($with)*)
            creating {
                created_auctions_get_numbers_of_their_own,
                a_created_auction_is_what_its_charter_says,
            }
            committing {
                a_commit_writes_state_events_standings_receipts_and_deadline_together,
                a_commit_replaces_what_the_one_before_it_wrote,
                a_stale_revision_is_a_conflict_and_changes_nothing,
                a_revision_that_is_not_reached_yet_is_a_conflict,
                an_entry_of_an_unknown_auction_is_a_conflict,
                a_conflict_on_one_auction_fails_only_that_auction,
                answers_of_a_commit_come_in_the_order_of_its_entries,
                an_empty_batch_writes_nothing,
                a_large_batch_is_written_whole,
                concurrent_commits_on_one_revision_succeed_once,
            }
            outcomes {
                a_commit_is_found_by_its_id_and_no_other,
                a_commit_is_found_only_at_the_auctions_that_it_wrote,
                the_commit_that_created_an_auction_is_found,
            }
            reading {
                answers_come_in_the_order_of_the_question,
                what_is_asked_for_twice_is_answered_twice,
                an_empty_question_has_an_empty_answer,
                unknown_auctions_are_not_found,
                standings_of_somebody_new_are_empty,
                receipts_of_other_people_and_auctions_are_not_found,
                receipts_are_found_by_their_whole_key,
                a_read_sees_everything_that_was_committed_before_it,
                a_read_sees_of_each_commit_all_or_nothing,
            }
            history {
                history_is_in_order_and_paged,
                history_starts_after_the_revision_asked_for,
                history_beyond_the_last_event_is_empty,
                a_page_of_history_has_a_bound,
                the_fold_of_the_log_is_the_stored_state,
            }
            members {
                members_are_the_lots_of_one_seller_that_name_the_group,
                members_end_between_two_times,
                members_come_in_order_and_in_pages,
                a_revised_lot_is_a_member_of_the_group_that_it_names_now,
                lots_of_a_group_close_together_at_a_desk,
            }
            locking {
                a_lock_keeps_others_from_committing_to_its_auction,
                a_lock_waits_for_the_one_before_it,
                a_dropped_lock_changes_nothing,
                an_abandoned_wait_for_a_lock_leaves_it_free,
                a_read_under_a_lock_sees_what_is_stored,
                a_commit_under_a_lock_writes_and_gives_it_back,
                a_stale_revision_under_a_lock_is_a_conflict,
            }
            timetable {
                drafts_have_no_deadline,
                a_commit_moves_the_deadline,
                ended_auctions_are_never_due,
                paused_auctions_are_not_due_until_they_resume,
                only_what_is_due_is_claimed_earliest_first,
                no_more_is_claimed_than_asked_for,
                two_claims_never_share_an_auction,
                a_claim_ends_with_its_lease,
                a_commit_that_moves_the_deadline_frees_the_claim,
                a_commit_that_leaves_the_deadline_keeps_the_claim,
                next_due_is_the_earliest_free_deadline_or_end_of_lease,
                nothing_is_next_due_where_nothing_is_due,
            }
            surviving {
                every_event_survives_storage,
                every_kind_of_terms_survives_storage,
                extreme_amounts_times_ids_and_keys_survive_storage,
                what_was_created_is_there_after_reopening,
                what_was_committed_is_there_after_reopening,
                numbers_are_not_issued_again_after_reopening,
            }
            lockstep {
                random_runs_are_in_step_with_the_reference,
            }
        }
    };
}

macro_rules! table {
    (() $($room:ident { $($name:ident,)* })*) => {
        /// Every case, in the order of the list.
        pub const CASES: &[Case] =
            &[$($(Case { name: stringify!($name), run: |place| Box::pin(super::$room::$name(place)) },)*)*];
    };
}

crate::__conformance_cases!(table,);
