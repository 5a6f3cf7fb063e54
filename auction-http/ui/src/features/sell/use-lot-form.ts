/** The form of a lot: what stands in it, what is wrong with it, and handing it in. */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { answered, api } from "../../api/client";
import { config } from "../../api/config";
import { announce } from "../../design/announce";
import { useTexts } from "../../i18n";
import { serverNow } from "../../live/clock";
import type { Auction } from "../../live/wire";
import { type Body, readValues } from "./body";
import { NOTHING_WRONG, sorted, type Wrong, without, wrongOf } from "./fields";
import { blank, type Values, valuesOf } from "./values";
import { browserZone } from "./zone";

export type Errand = "save" | "publish" | "pictures";

export type LotForm = ReturnType<typeof useLotForm>;

export function useLotForm(start: Auction | null, created: (auction: Auction) => void) {
  const t = useTexts();
  const queries = useQueryClient();
  const [auction, setAuction] = useState(start);
  const [values, setValues] = useState<Values>(() => {
    const [now, zone] = [serverNow(), browserZone()];
    return start ? valuesOf(start, now, zone) : blank(now, zone, config.currency);
  });
  const [saved, setSaved] = useState(values);
  const [wrong, setWrong] = useState<Wrong>(NOTHING_WRONG);
  /** Counts refusals, so that each of them is told. */
  const [refusals, setRefusals] = useState(0);
  const [errand, setErrand] = useState<Errand | null>(null);
  const running = useRef(false);
  const isDirty = JSON.stringify(values) !== JSON.stringify(saved);

  function set<Name extends keyof Values>(name: Name, value: Values[Name]) {
    setValues((before) => ({ ...before, [name]: value }));
    setWrong((before) => without(before, name));
  }

  function refuse(found: Wrong) {
    setWrong(found);
    setRefusals((count) => count + 1);
  }

  const read = () => readValues(values, auction, { texts: t.sell.wrong, now: serverNow() });

  /** Keeps what stands in the form; the auction as it is then, or `null` where it was refused. */
  async function keep(errandNow: Errand, publish: boolean): Promise<Auction | null> {
    if (running.current) return null;
    const { body, errors } = read();
    if (!body) {
      refuse(sorted(errors));
      return null;
    }
    running.current = true;
    setErrand(errandNow);
    setWrong(NOTHING_WRONG);
    try {
      const kept = await send(auction, body, publish);
      setAuction(kept);
      setSaved(values);
      void queries.invalidateQueries({ queryKey: ["auction", kept.id] });
      void queries.invalidateQueries({ queryKey: ["auctions"] });
      if (auction === null && !publish) created(kept);
      return kept;
    } catch (problem) {
      refuse(wrongOf(problem, t));
      return null;
    } finally {
      running.current = false;
      setErrand(null);
    }
  }

  async function save() {
    const kept = await keep("save", false);
    if (kept) announce(kept.status === "draft" ? t.sell.savedDraft : t.sell.savedChanges);
    return kept;
  }

  return {
    auction,
    setAuction,
    values,
    set,
    wrong,
    refusals,
    errand,
    isDirty,
    read,
    save,
    publish: () => keep("publish", true),
    /** The auction to which pictures are added: a draft is made where there is none yet. */
    place: async () => auction ?? (await keep("pictures", false)),
  };
}

async function send(auction: Auction | null, body: Body, publish: boolean): Promise<Auction> {
  // The description of the call knows no member of `terms`.
  const typed = body as Omit<Body, "terms"> & { terms: Record<string, never> };
  if (auction === null) return await answered(api.POST("/api/auctions/", { body: { ...typed, draft: !publish } }));
  const params = { path: { id: auction.id } };
  const kept = await answered(api.PATCH("/api/auctions/{id}/", { params, body: typed }));
  if (!publish) return kept;
  const { status } = await answered(api.POST("/api/auctions/{id}/publish/", { params }));
  return { ...kept, status: status as Auction["status"] };
}
