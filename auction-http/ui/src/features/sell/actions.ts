/** What a seller may do with an auction, and doing it. Pure but for {@link perform}. */
import { answered, api } from "../../api/client";
import type { Auction } from "../../live/wire";
import { termsOf } from "./values";

export type Action = "publish" | "remove" | "cancel" | "pause" | "resume" | "close";

/** What may be done with an auction, the likeliest first. The staff may do what the terms keep from the seller. */
export function actionsOf(lot: Auction, isStaff: boolean): Action[] {
  const governs = isStaff || termsOf(lot).early_close === "seller";
  switch (lot.status) {
    case "draft":
      return ["publish", "remove"];
    case "scheduled":
      return ["cancel"];
    case "started":
      return governs ? ["pause", "close", "cancel"] : [];
    case "paused":
      return governs ? ["resume", "cancel"] : [];
    case "ended":
    case "cancelled":
      return [];
  }
}

export async function perform(action: Action, id: number): Promise<void> {
  const params = { path: { id } };
  switch (action) {
    case "publish":
      await answered(api.POST("/api/auctions/{id}/publish/", { params }));
      break;
    case "remove":
      await answered(api.DELETE("/api/auctions/{id}/", { params }));
      break;
    case "cancel":
      await answered(api.POST("/api/auctions/{id}/cancel/", { params }));
      break;
    case "pause":
      await answered(api.POST("/api/auctions/{id}/pause/", { params }));
      break;
    case "resume":
      await answered(api.POST("/api/auctions/{id}/resume/", { params }));
      break;
    case "close":
      await answered(api.POST("/api/auctions/{id}/close/", { params }));
      break;
  }
}
