/** What one asks of the server besides bids: to take part, and to buy at once. */
import { useMutation } from "@tanstack/react-query";
import { useCallback } from "react";
import { answered, api } from "../../../api/client";
import { isProblem } from "../../../api/problem";
import { useTexts } from "../../../i18n";
import type { LiveAuction } from "../../../live/use-auction";
import { sentenceFor } from "./refusals";

/** Which refusals say that something has changed that is not known here yet. */
const OUTDATED = ["already_joined", "join_closed", "not_participant", "already_sold", "buy_now_unavailable", "ended"];

function useErrand<In>(live: LiveAuction, call: (input: In) => Promise<unknown>) {
  const t = useTexts();
  const { refetch, auction } = live;
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: call,
    onSuccess: () => refetch().catch(() => undefined),
    onError: (problem) => {
      if (isProblem(problem) && OUTDATED.includes(problem.code)) void refetch().catch(() => undefined);
    },
  });
  const problem = isProblem(error) ? error : null;
  const failure =
    error &&
    sentenceFor(
      { ...problem?.data, id: "", code: problem?.code ?? "internal", error: problem?.message ?? t.problems.internal },
      auction.currency,
      t,
    );
  return { run: mutate, busy: isPending, done: isSuccess, failure, code: problem?.code ?? null };
}

export function useJoining(live: LiveAuction) {
  const { id } = live.auction;
  const errand = useErrand(live, () =>
    answered(api.POST("/api/auctions/{id}/join_auction/", { params: { path: { id } } })),
  );
  const { run } = errand;
  return { ...errand, join: useCallback(() => run(undefined), [run]) };
}

export function useBuying(live: LiveAuction) {
  const { id } = live.auction;
  const errand = useErrand(live, (price: string) =>
    answered(
      api.POST("/api/auctions/{id}/buy/", {
        params: { path: { id } },
        headers: { "Idempotency-Key": crypto.randomUUID() },
        body: { price },
      }),
    ),
  );
  return { ...errand, buy: errand.run };
}
