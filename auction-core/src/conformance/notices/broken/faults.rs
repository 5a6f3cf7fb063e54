//! What can be wrong with a store of notices, and which case finds it.

macro_rules! faults {
    ($($fault:ident => $named:ident;)*) => {
        /// One thing that is wrong with a store of notices.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Fault {
            $($fault,)*
        }

        /// Every fault, and the case that was written for it; others may fail for it as well.
        pub(super) const FAULTS: &[(Fault, &str)] = &[$((Fault::$fault, stringify!($named)),)*];
    };
}

faults! {
    // Plans.
    ForgetsMails => what_was_planned_is_in_its_inbox_and_waits_to_be_mailed;
    CutsTitles => what_was_planned_is_in_its_inbox_and_waits_to_be_mailed;
    GivesMailsOneName => what_was_planned_is_in_its_inbox_and_waits_to_be_mailed;
    SortsPositions => positions_come_in_the_order_of_the_question;
    ForgetsLeaders => positions_come_in_the_order_of_the_question;
    IgnoresPositions => a_plan_on_another_position_writes_nothing;
    FailsWholeCalls => a_plan_on_another_position_writes_nothing;
    WritesEveryNotice => a_notice_is_written_once_whoever_plans_it;
    IgnoresChannels => notices_go_only_where_their_channels_say;
    WritesPlansBackwards => plans_of_one_call_are_written_in_their_order;

    // What takes the place of what.
    NeverReplaces => a_newer_notice_takes_the_place_of_one_whose_mail_waits;
    KeepsWhatIsReplacedRead => a_newer_notice_takes_the_place_of_one_whose_mail_waits;
    GivesMailsBackAtOnce => a_notice_that_is_being_mailed_or_was_mailed_stays;
    MarksNothingAsRead => a_notice_without_mail_is_replaced_until_it_is_read;
    ForgetsOccurrences => what_was_replaced_is_not_written_again;
    ReplacesWhateverTheKind => only_the_same_thing_about_the_same_auction_is_replaced;

    // Rounds.
    ForgetsWhoIsLeftOut => a_round_is_claimed_as_it_was_planned;
    CutsTokens => a_round_is_claimed_as_it_was_planned;
    ClaimsRoundsLatestFirst => only_rounds_that_are_due_are_claimed_earliest_first;
    ClaimsEarly => only_rounds_that_are_due_are_claimed_earliest_first;
    LeasesEndEarly => a_round_is_held_until_its_lease_is_over;
    ForgetsHowFarRoundsAre => a_page_is_written_with_how_far_the_round_is;
    WritesPagesOfAnybody => a_page_of_somebody_who_lost_the_round_writes_nothing;
    CallsAgain => a_round_that_was_called_is_not_called_again;
    NeverReplacesRounds => a_round_is_replaced_until_it_is_begun;
    DropsNothing => a_dropped_kind_loses_the_rounds_that_are_not_begun;
    NextRoundIsAlwaysNow => next_round_is_the_earliest_that_may_be_claimed;

    // Inboxes.
    InboxRunsForwards => an_inbox_is_newest_first_and_in_pages;
    InboxSkipsOneTooMany => an_inbox_is_newest_first_and_in_pages;
    InboxIsShort => a_page_of_an_inbox_has_a_bound;
    HeadsSortTheirQuestion => the_head_of_each_inbox_is_known;
    HeadIsOfTheUnread => the_head_of_an_inbox_is_the_same_when_it_was_read;
    HeadCountsWhatIsOnlyMailed => what_is_only_mailed_is_not_the_head_of_an_inbox;
    HeadIsOnlyTheNewestNumber => the_head_of_an_inbox_changes_where_one_takes_the_place_of_another;
    ReadsForOthers => only_the_own_notice_is_read;
    ReadsAllOfAll => reading_all_reads_only_ones_own;
    KeepsOldPreferences => preferences_are_replaced_whole;

    // Mails.
    ForgetsWhenMailsExpire => a_posted_mail_is_claimed_as_it_was_written;
    ClaimsMailsLatestFirst => only_mails_that_are_due_are_claimed_earliest_first;
    CountsNoAttempts => a_mail_is_held_until_its_lease_is_over;
    SendsSecretsAgain => a_secret_whose_lease_ran_out_is_dead;
    NextMailIsAlwaysNow => next_mail_is_the_earliest_that_may_be_claimed;
    ListsMailsForwards => mails_are_listed_by_state_newest_first;
    SettlesForAnybody => only_who_holds_a_mail_settles_it;
    RevivesEverything => what_was_sent_or_dropped_is_over;
    ForgetsWhyNot => a_mail_that_was_not_taken_is_tried_later;
    CountsWhatWasNotTried => a_mail_that_was_not_tried_is_given_back;
    RevivesNothing => a_dead_mail_waits_again_when_it_is_revived;
    ErasesNothing => what_has_expired_is_erased;
    ErasesEverything => what_has_expired_is_erased;
    ForgetsEveryNotice => read_notices_are_forgotten_unless_their_mail_waits;
    ForgetsNothing => read_notices_are_forgotten_unless_their_mail_waits;

    // Several at once, and in the long run.
    ReadsPositionsBeforeItWrites => concurrent_plans_on_one_position_are_written_once;
    ShowsNumbersInAnyOrder => concurrent_plans_give_numbers_in_the_order_in_which_they_are_seen;
    ClaimsWithoutHolding => concurrent_claims_share_nothing;
    NowAndThenReadsNothing => random_runs_are_in_step_with_the_reference;
}
