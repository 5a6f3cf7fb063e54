//! The list of cases of the catalog: the only place where their names stand.

use super::Market;
use crate::conformance::Verdict;
use std::future::Future;
use std::pin::Pin;

/// Something that every catalog must do.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct CatalogCase {
    /// What it must do, as a sentence.
    pub name: &'static str,
    /// Asks for it, in a market that nobody else uses.
    pub run: for<'a> fn(&'a dyn Market) -> CatalogRunning<'a>,
}

/// A case of the catalog that runs.
pub type CatalogRunning<'a> = Pin<Box<dyn Future<Output = Verdict> + 'a>>;

/// Hands the list to a macro, as `__conformance_cases!` does.
#[doc(hidden)]
#[macro_export]
macro_rules! __catalog_cases {
    ($then:path, $($with:tt)*) => {
        $then! {
            ($($with)*)
            changing {
                a_listing_is_written_with_its_auction,
                listings_come_in_the_order_of_the_question,
                relisting_replaces_the_whole_listing,
                relisting_asks_for_the_listing_as_it_was,
                of_two_that_relist_at_once_one_is_told,
                only_drafts_are_discarded,
                the_number_of_a_discarded_draft_is_not_issued_again,
                a_slug_belongs_to_one_category,
                a_category_that_changes_keeps_its_number,
                removing_a_category_empties_it,
                public_events_say_nothing_private,
                public_events_come_in_pages,
            }
            bidders {
                auctions_that_somebody_has_bid_on_come_newest_first,
                bids_of_one_bidder_come_newest_first,
            }
            shares {
                purchases_are_rows_of_the_bid_history,
                withdrawals_come_oldest_first,
                hidden_bids_are_numbered_for_their_bidder,
                shares_are_what_was_bought_and_awarded,
                a_lot_of_units_is_won_by_all_who_have_some,
                bidders_are_ranked_by_their_own_amounts,
                what_formats_wrote_is_there_after_reopening,
            }
            finding {
                drafts_are_found_by_their_sellers_and_the_staff,
                a_status_counts_by_time_whether_or_not_it_was_written_down,
                starting_prices_are_compared_across_currencies,
                scopes_depend_on_the_viewer,
                a_search_finds_all_words_and_the_beginning_of_the_last,
                nothing_in_a_search_is_syntax,
                a_list_shows_what_was_committed_before,
                windows_that_follow_each_other_miss_nothing,
                the_lively_come_first,
            }
            rolling {
                revisions_are_listed_by_number_as_they_were_committed,
                recent_auctions_are_those_in_which_something_happened,
                an_audience_is_who_its_name_says,
                audiences_come_in_pages,
            }
            lockstep {
                random_questions_are_answered_as_by_the_reference,
                what_formats_write_is_answered_as_by_the_reference,
            }
        }
    };
}

macro_rules! table {
    (() $($room:ident { $($name:ident,)* })*) => {
        /// Every case of the catalog, in the order of the list.
        pub const CATALOG_CASES: &[CatalogCase] = &[
            $($(CatalogCase {
                name: stringify!($name),
                run: |market| Box::pin(super::$room::$name(market)),
            },)*)*
        ];
    };
}

crate::__catalog_cases!(table,);
