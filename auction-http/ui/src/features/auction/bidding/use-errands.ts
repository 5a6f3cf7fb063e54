/** What one asks of the server besides bids: to take part, to buy, and to take bids back. */
import { useMutation } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { answered, api } from "../../../api/client";
import { buy, type Purchase, retract } from "../../../api/errands";
import { Keys, UNSETTLED, untilSettled } from "../../../api/once";
import { isProblem } from "../../../api/problem";
import { useTexts } from "../../../i18n";
import { fieldSentences } from "../../../i18n/problems";
import type { LiveAuction } from "../../../live/use-auction";
import { sentenceFor } from "./refusals";

/** Which refusals say that something has changed that is not known here yet. */
const OUTDATED = [
  "already_joined",
  "join_closed",
  "not_participant",
  "already_sold",
  "buy_now_unavailable",
  "ended",
  "below_minimum",
  "not_enough_units",
  "retraction_closed",
  "no_such_bid",
  UNSETTLED,
];

function useErrand<In, Out>(live: LiveAuction, call: (input: In) => Promise<Out>) {
  const t = useTexts();
  const { refetch, auction } = live;
  const { mutate, reset, isPending, isSuccess, error, data, variables } = useMutation({
    mutationFn: call,
    onSuccess: () => refetch().catch(() => undefined),
    onError: (problem) => {
      if (isProblem(problem) && OUTDATED.includes(problem.code)) void refetch().catch(() => undefined);
    },
  });
  const problem = isProblem(error) ? error : null;
  const wrong = Object.values(fieldSentences(problem?.fields ?? {}, t)).flat();
  const failure =
    error &&
    (wrong.length > 0
      ? wrong.join(" ")
      : sentenceFor(
          {
            ...problem?.data,
            id: "",
            code: problem?.code ?? "internal",
            error: problem?.message ?? t.problems.internal,
          },
          auction,
          t,
        ));
  return {
    run: mutate,
    reset,
    busy: isPending,
    done: isSuccess,
    failure,
    code: problem?.code ?? null,
    answer: data,
    input: variables,
  };
}

export function useJoining(live: LiveAuction) {
  const { id } = live.auction;
  const errand = useErrand(live, () =>
    untilSettled(
      (signal) => answered(api.POST("/api/auctions/{id}/join_auction/", { params: { path: { id } }, signal })),
      Date.now(),
    ),
  );
  const { run } = errand;
  return { ...errand, join: useCallback(() => run(undefined), [run]) };
}

/** What was bought last: for how much, and at which price somebody saw it. `price` is that of one. */
export type Bought = { price: string; quantity: number; seen: string };

export function useBuying(live: LiveAuction) {
  const { id } = live.auction;
  const [keys] = useState(() => new Keys());
  const errand = useErrand(live, (purchase: Purchase) =>
    keys.handIn(purchase, (key, signal) => buy(id, purchase, key, signal)),
  );
  const { answer, input } = errand;
  const bought: Bought | null =
    answer && input ? { price: answer.price, quantity: input.quantity, seen: input.price } : null;
  return { ...errand, bought };
}

export function useTakingBack(live: LiveAuction) {
  const { withdrew, auction } = live;
  const [keys] = useState(() => new Keys());
  return useErrand(live, async (reason: string) => {
    await keys.handIn(reason, (key, signal) => retract(auction.id, reason, key, signal));
    withdrew();
  });
}
