//! What can be wrong with a store, and which cases find it.

/// Makes the faults, and the table of the cases that fail for each.
macro_rules! faults {
    ($($fault:ident => $named:ident $(, and $($also:ident),*)?;)*) => {
        /// One thing that is wrong with a store.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Fault {
            $($fault,)*
        }

        /// Every fault, and exactly the cases that fail for it: the one that was written for it, and those that
        /// cannot pass without it.
        pub(super) const FAULTS: &[(Fault, &[&str])] =
            &[$((Fault::$fault, &[stringify!($named), $($(stringify!($also)),*)?]),)*];
    };
}

faults! {
    // What a commit leaves out or garbles.
    ForgetsReceipts => a_commit_writes_state_events_standings_receipts_and_deadline_together,
        and a_commit_under_a_lock_writes_and_gives_it_back, a_large_batch_is_written_whole,
        a_read_sees_of_each_commit_all_or_nothing, a_read_under_a_lock_sees_what_is_stored,
        answers_come_in_the_order_of_the_question, extreme_amounts_times_ids_and_keys_survive_storage,
        random_runs_are_in_step_with_the_reference, receipts_are_found_by_their_whole_key,
        receipts_of_other_people_and_auctions_are_not_found, what_is_asked_for_twice_is_answered_twice,
        what_was_committed_is_there_after_reopening;
    WritesOneReceipt => a_commit_writes_state_events_standings_receipts_and_deadline_together,
        and a_large_batch_is_written_whole, extreme_amounts_times_ids_and_keys_survive_storage,
        random_runs_are_in_step_with_the_reference, what_was_committed_is_there_after_reopening;
    ForgetsStandings => a_commit_writes_state_events_standings_receipts_and_deadline_together,
        and a_commit_replaces_what_the_one_before_it_wrote, a_commit_under_a_lock_writes_and_gives_it_back,
        a_large_batch_is_written_whole, a_read_sees_of_each_commit_all_or_nothing,
        a_read_under_a_lock_sees_what_is_stored, answers_come_in_the_order_of_the_question,
        every_event_survives_storage, extreme_amounts_times_ids_and_keys_survive_storage,
        random_runs_are_in_step_with_the_reference, standings_of_somebody_new_are_empty,
        the_fold_of_the_log_is_the_stored_state, what_is_asked_for_twice_is_answered_twice,
        what_was_committed_is_there_after_reopening;
    WritesOneStanding => a_commit_writes_state_events_standings_receipts_and_deadline_together,
        and a_commit_replaces_what_the_one_before_it_wrote, a_large_batch_is_written_whole,
        extreme_amounts_times_ids_and_keys_survive_storage, random_runs_are_in_step_with_the_reference,
        standings_of_somebody_new_are_empty, what_was_committed_is_there_after_reopening;
    WritesHalfABatch => a_large_batch_is_written_whole,
        and a_commit_is_found_only_at_the_auctions_that_it_wrote,
        a_conflict_on_one_auction_fails_only_that_auction, a_read_sees_of_each_commit_all_or_nothing,
        an_entry_of_an_unknown_auction_is_a_conflict, answers_of_a_commit_come_in_the_order_of_its_entries,
        lots_of_a_group_close_together_at_a_desk, random_runs_are_in_step_with_the_reference;
    RefusesLargeBatches => a_large_batch_is_written_whole;
    RefusesEmptyBatches => an_empty_batch_writes_nothing;
    CountsPeopleIn31Bits => extreme_amounts_times_ids_and_keys_survive_storage;
    KeepsSignedFingerprints => extreme_amounts_times_ids_and_keys_survive_storage;
    KeepsMilliseconds => extreme_amounts_times_ids_and_keys_survive_storage,
        and random_runs_are_in_step_with_the_reference;
    LosesPrivateParts => every_event_survives_storage,
        and a_commit_writes_state_events_standings_receipts_and_deadline_together,
        random_runs_are_in_step_with_the_reference, the_fold_of_the_log_is_the_stored_state,
        what_was_committed_is_there_after_reopening;
    LosesPrivateEvents => every_event_survives_storage,
        and a_commit_replaces_what_the_one_before_it_wrote, a_commit_under_a_lock_writes_and_gives_it_back,
        a_commit_writes_state_events_standings_receipts_and_deadline_together,
        a_created_auction_is_what_its_charter_says, a_large_batch_is_written_whole,
        a_page_of_history_has_a_bound, a_stale_revision_is_a_conflict_and_changes_nothing,
        every_kind_of_terms_survives_storage, extreme_amounts_times_ids_and_keys_survive_storage,
        history_is_in_order_and_paged, history_starts_after_the_revision_asked_for,
        random_runs_are_in_step_with_the_reference, the_fold_of_the_log_is_the_stored_state,
        what_was_committed_is_there_after_reopening, what_was_created_is_there_after_reopening;

    // How it looks at revisions.
    IgnoresRevisions => a_stale_revision_is_a_conflict_and_changes_nothing,
        and a_commit_is_found_only_at_the_auctions_that_it_wrote,
        a_conflict_on_one_auction_fails_only_that_auction,
        a_lock_keeps_others_from_committing_to_its_auction,
        a_revision_that_is_not_reached_yet_is_a_conflict, a_stale_revision_under_a_lock_is_a_conflict,
        answers_of_a_commit_come_in_the_order_of_its_entries,
        concurrent_commits_on_one_revision_succeed_once, random_runs_are_in_step_with_the_reference;
    TakesWhatIsAhead => a_revision_that_is_not_reached_yet_is_a_conflict;
    ChecksBeforeItWrites => concurrent_commits_on_one_revision_succeed_once;
    SwallowsConflicts => a_stale_revision_is_a_conflict_and_changes_nothing,
        and a_commit_is_found_only_at_the_auctions_that_it_wrote,
        a_conflict_on_one_auction_fails_only_that_auction,
        a_lock_keeps_others_from_committing_to_its_auction,
        a_revision_that_is_not_reached_yet_is_a_conflict, a_stale_revision_under_a_lock_is_a_conflict,
        an_entry_of_an_unknown_auction_is_a_conflict, answers_of_a_commit_come_in_the_order_of_its_entries,
        concurrent_commits_on_one_revision_succeed_once, random_runs_are_in_step_with_the_reference;
    FailsWholeBatches => a_conflict_on_one_auction_fails_only_that_auction,
        and a_commit_is_found_only_at_the_auctions_that_it_wrote,
        an_entry_of_an_unknown_auction_is_a_conflict, answers_of_a_commit_come_in_the_order_of_its_entries,
        random_runs_are_in_step_with_the_reference;
    FailsOnUnknownAuctions => an_entry_of_an_unknown_auction_is_a_conflict;
    WritesReceiptsOfConflicts => a_stale_revision_is_a_conflict_and_changes_nothing,
        and random_runs_are_in_step_with_the_reference;
    WritesDeadlinesOfConflicts => a_stale_revision_is_a_conflict_and_changes_nothing,
        and random_runs_are_in_step_with_the_reference;
    AnswersInOrderOfNumbers => answers_of_a_commit_come_in_the_order_of_its_entries,
        and an_entry_of_an_unknown_auction_is_a_conflict;

    // What it says of the fate of commits.
    NotesConflictsAsCommits => a_commit_is_found_only_at_the_auctions_that_it_wrote,
        and a_stale_revision_is_a_conflict_and_changes_nothing, a_stale_revision_under_a_lock_is_a_conflict,
        random_runs_are_in_step_with_the_reference;
    FindsNoCommit => a_commit_is_found_by_its_id_and_no_other,
        and a_commit_is_found_only_at_the_auctions_that_it_wrote,
        a_commit_under_a_lock_writes_and_gives_it_back, random_runs_are_in_step_with_the_reference,
        the_commit_that_created_an_auction_is_found, what_was_committed_is_there_after_reopening;
    FindsEveryCommit => a_commit_is_found_by_its_id_and_no_other,
        and a_commit_is_found_only_at_the_auctions_that_it_wrote,
        a_stale_revision_is_a_conflict_and_changes_nothing, a_stale_revision_under_a_lock_is_a_conflict,
        random_runs_are_in_step_with_the_reference, the_commit_that_created_an_auction_is_found;
    FindsTheLastCommit => a_commit_is_found_by_its_id_and_no_other,
        and random_runs_are_in_step_with_the_reference;
    FindsCommitsUpToTheRevision => a_commit_is_found_by_its_id_and_no_other,
        and random_runs_are_in_step_with_the_reference;
    KeepsHalfOfCommitIds => a_commit_is_found_by_its_id_and_no_other;
    FindsCommitsEverywhere => a_commit_is_found_only_at_the_auctions_that_it_wrote,
        and random_runs_are_in_step_with_the_reference;
    DoesNotNoteCreations => the_commit_that_created_an_auction_is_found,
        and random_runs_are_in_step_with_the_reference;

    // Creation.
    IssuesNumbersTwice => created_auctions_get_numbers_of_their_own,
        and a_large_batch_is_written_whole, every_event_survives_storage,
        every_kind_of_terms_survives_storage, members_come_in_order_and_in_pages,
        random_runs_are_in_step_with_the_reference;
    CreatesNoDrafts => a_created_auction_is_what_its_charter_says,
        and drafts_have_no_deadline, every_event_survives_storage, every_kind_of_terms_survives_storage,
        random_runs_are_in_step_with_the_reference, what_was_created_is_there_after_reopening;

    // Reads.
    ReadsInOrderOfNumbers => answers_come_in_the_order_of_the_question,
        and random_runs_are_in_step_with_the_reference, what_is_asked_for_twice_is_answered_twice;
    ReadsEachOnce => what_is_asked_for_twice_is_answered_twice,
        and random_runs_are_in_step_with_the_reference;
    RefusesEmptyQuestions => an_empty_question_has_an_empty_answer;
    LeavesOutWhatIsUnknown => unknown_auctions_are_not_found,
        and an_entry_of_an_unknown_auction_is_a_conflict;
    KnowsNewPeople => standings_of_somebody_new_are_empty,
        and a_read_under_a_lock_sees_what_is_stored, a_stale_revision_is_a_conflict_and_changes_nothing,
        random_runs_are_in_step_with_the_reference, unknown_auctions_are_not_found;
    IgnoresUsersOfReceipts => receipts_of_other_people_and_auctions_are_not_found,
        and random_runs_are_in_step_with_the_reference;
    IgnoresAuctionsOfReceipts => receipts_of_other_people_and_auctions_are_not_found,
        and random_runs_are_in_step_with_the_reference;
    FindsReceiptsByKeyAlone => receipts_of_other_people_and_auctions_are_not_found,
        and random_runs_are_in_step_with_the_reference;
    IgnoresCaseOfKeys => receipts_are_found_by_their_whole_key;
    CutsKeys => receipts_are_found_by_their_whole_key;
    NowAndThenReadsOld => a_read_sees_everything_that_was_committed_before_it,
        and a_read_sees_of_each_commit_all_or_nothing, every_event_survives_storage,
        every_kind_of_terms_survives_storage,
        random_runs_are_in_step_with_the_reference;
    ReadsInPieces => a_read_sees_of_each_commit_all_or_nothing;

    // The log.
    HistoryRunsBackwards => history_is_in_order_and_paged,
        and a_commit_replaces_what_the_one_before_it_wrote, a_commit_under_a_lock_writes_and_gives_it_back,
        a_commit_writes_state_events_standings_receipts_and_deadline_together,
        a_large_batch_is_written_whole, a_page_of_history_has_a_bound,
        a_stale_revision_is_a_conflict_and_changes_nothing, every_event_survives_storage,
        every_kind_of_terms_survives_storage, extreme_amounts_times_ids_and_keys_survive_storage,
        lots_of_a_group_close_together_at_a_desk, random_runs_are_in_step_with_the_reference, the_fold_of_the_log_is_the_stored_state,
        what_was_committed_is_there_after_reopening;
    HistoryIgnoresLength => history_is_in_order_and_paged,
        and random_runs_are_in_step_with_the_reference;
    HistoryStartsWithRevision => history_starts_after_the_revision_asked_for,
        and a_commit_replaces_what_the_one_before_it_wrote, a_commit_under_a_lock_writes_and_gives_it_back,
        a_commit_writes_state_events_standings_receipts_and_deadline_together,
        a_large_batch_is_written_whole, a_page_of_history_has_a_bound,
        a_read_sees_everything_that_was_committed_before_it,
        a_stale_revision_is_a_conflict_and_changes_nothing, every_event_survives_storage,
        every_kind_of_terms_survives_storage, extreme_amounts_times_ids_and_keys_survive_storage,
        history_beyond_the_last_event_is_empty, history_is_in_order_and_paged,
        random_runs_are_in_step_with_the_reference, the_fold_of_the_log_is_the_stored_state,
        what_was_committed_is_there_after_reopening, what_was_created_is_there_after_reopening;
    HistoryIgnoresRevision => history_starts_after_the_revision_asked_for,
        and a_commit_replaces_what_the_one_before_it_wrote, a_commit_under_a_lock_writes_and_gives_it_back,
        a_commit_writes_state_events_standings_receipts_and_deadline_together,
        a_large_batch_is_written_whole, a_page_of_history_has_a_bound,
        a_read_sees_everything_that_was_committed_before_it,
        a_stale_revision_is_a_conflict_and_changes_nothing, every_event_survives_storage,
        every_kind_of_terms_survives_storage, extreme_amounts_times_ids_and_keys_survive_storage,
        history_beyond_the_last_event_is_empty, history_is_in_order_and_paged,
        random_runs_are_in_step_with_the_reference, the_fold_of_the_log_is_the_stored_state,
        what_was_committed_is_there_after_reopening, what_was_created_is_there_after_reopening;
    HistoryHasSignedRevisions => history_beyond_the_last_event_is_empty;
    HistoryHasNoBound => a_page_of_history_has_a_bound;

    // Lots that close together.
    MembersOfAllSellers => members_are_the_lots_of_one_seller_that_name_the_group;
    MembersEndWhenever => members_end_between_two_times;
    MembersRunBackwards => members_come_in_order_and_in_pages,
        and members_are_the_lots_of_one_seller_that_name_the_group;
    MembersStartAgain => members_come_in_order_and_in_pages;
    MembersHaveNoBound => members_come_in_order_and_in_pages;
    MembersStay => a_revised_lot_is_a_member_of_the_group_that_it_names_now,
        and members_come_in_order_and_in_pages;

    // Locks.
    DoesNotLock => a_lock_keeps_others_from_committing_to_its_auction,
        and a_lock_waits_for_the_one_before_it;
    TrustsTheLock => a_stale_revision_under_a_lock_is_a_conflict,
        and random_runs_are_in_step_with_the_reference;
    ForgetsLockedCommits => a_commit_under_a_lock_writes_and_gives_it_back,
        and a_lock_keeps_others_from_committing_to_its_auction, a_lock_waits_for_the_one_before_it,
        a_stale_revision_under_a_lock_is_a_conflict, random_runs_are_in_step_with_the_reference;
    KeepsLocksAfterCommits => a_commit_under_a_lock_writes_and_gives_it_back,
        and a_stale_revision_under_a_lock_is_a_conflict, random_runs_are_in_step_with_the_reference;
    KeepsDroppedLocks => a_dropped_lock_changes_nothing,
        and a_commit_under_a_lock_writes_and_gives_it_back, an_abandoned_wait_for_a_lock_leaves_it_free,
        random_runs_are_in_step_with_the_reference;
    LocksForThoseWhoLeft => an_abandoned_wait_for_a_lock_leaves_it_free;
    LockedReadsHaveNoReceipts => a_read_under_a_lock_sees_what_is_stored;

    // The timetable.
    LosesDeadlines => a_commit_moves_the_deadline,
        and a_commit_that_moves_the_deadline_frees_the_claim,
        a_commit_writes_state_events_standings_receipts_and_deadline_together,
        a_stale_revision_is_a_conflict_and_changes_nothing, drafts_have_no_deadline,
        ended_auctions_are_never_due, paused_auctions_are_not_due_until_they_resume,
        random_runs_are_in_step_with_the_reference, what_was_committed_is_there_after_reopening;
    PlansDrafts => drafts_have_no_deadline,
        and random_runs_are_in_step_with_the_reference;
    PlansEnded => ended_auctions_are_never_due,
        and random_runs_are_in_step_with_the_reference;
    PlansPaused => paused_auctions_are_not_due_until_they_resume,
        and random_runs_are_in_step_with_the_reference;
    ClaimsEarly => only_what_is_due_is_claimed_earliest_first,
        and a_commit_moves_the_deadline;
    ClaimsLate => only_what_is_due_is_claimed_earliest_first,
        and a_claim_ends_with_its_lease, a_commit_moves_the_deadline,
        a_commit_that_leaves_the_deadline_keeps_the_claim, a_commit_that_moves_the_deadline_frees_the_claim,
        drafts_have_no_deadline, next_due_is_the_earliest_free_deadline_or_end_of_lease,
        paused_auctions_are_not_due_until_they_resume, what_was_committed_is_there_after_reopening;
    ClaimsInOrderOfNumbers => only_what_is_due_is_claimed_earliest_first,
        and next_due_is_the_earliest_free_deadline_or_end_of_lease,
        random_runs_are_in_step_with_the_reference;
    ClaimsMoreThanAsked => no_more_is_claimed_than_asked_for,
        and random_runs_are_in_step_with_the_reference;
    IgnoresLeases => two_claims_never_share_an_auction,
        and a_claim_ends_with_its_lease, a_commit_that_leaves_the_deadline_keeps_the_claim,
        next_due_is_the_earliest_free_deadline_or_end_of_lease, no_more_is_claimed_than_asked_for,
        random_runs_are_in_step_with_the_reference;
    LeasesEndEarly => a_claim_ends_with_its_lease,
        and next_due_is_the_earliest_free_deadline_or_end_of_lease,
        random_runs_are_in_step_with_the_reference;
    LeasesNeverEnd => a_claim_ends_with_its_lease,
        and next_due_is_the_earliest_free_deadline_or_end_of_lease,
        random_runs_are_in_step_with_the_reference;
    KeepsClaimsOnOldDeadlines => a_commit_that_moves_the_deadline_frees_the_claim;
    FreesClaimsOnEveryCommit => a_commit_that_leaves_the_deadline_keeps_the_claim;
    NextDueIgnoresLeases => next_due_is_the_earliest_free_deadline_or_end_of_lease,
        and random_runs_are_in_step_with_the_reference;
    NextDueForgetsClaimed => next_due_is_the_earliest_free_deadline_or_end_of_lease,
        and random_runs_are_in_step_with_the_reference;
    NextDueIsAlwaysSomething => nothing_is_next_due_where_nothing_is_due,
        and drafts_have_no_deadline, ended_auctions_are_never_due,
        paused_auctions_are_not_due_until_they_resume, random_runs_are_in_step_with_the_reference;

    // What is left after the store was opened again.
    ForgetsAllOnReopening => what_was_created_is_there_after_reopening,
        and numbers_are_not_issued_again_after_reopening, what_was_committed_is_there_after_reopening;
    ForgetsDeadlinesOnReopening => what_was_created_is_there_after_reopening,
        and what_was_committed_is_there_after_reopening;
    ForgetsReceiptsOnReopening => what_was_committed_is_there_after_reopening;
    ForgetsStandingsOnReopening => what_was_committed_is_there_after_reopening;
    ForgetsCommitsOnReopening => what_was_committed_is_there_after_reopening;
    IssuesNumbersAgainOnReopening => numbers_are_not_issued_again_after_reopening;
}
