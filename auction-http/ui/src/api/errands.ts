/** What the server does once however often it is asked, by the key of the request. */
import { answered, api } from "./client";

export type Purchase = { price: string; quantity: number };

/** Buys at a price that somebody saw, or at a lower one. */
export function buy(id: number, { price, quantity }: Purchase, key: string, signal: AbortSignal) {
  const body = quantity === 1 ? { price } : { price, quantity };
  return answered(api.POST("/api/auctions/{id}/buy/", { ...to(id, key, signal), body }));
}

/** Takes back one's own bids in an auction, as far as its terms let one. */
export function retract(id: number, reason: string, key: string, signal: AbortSignal) {
  const body = reason === "" ? {} : { reason };
  return answered(api.POST("/api/auctions/{id}/retract/", { ...to(id, key, signal), body }));
}

/** Strikes a bid, by the number of its row. For the staff. */
export function strike(id: number, bid: number, reason: string, key: string, signal: AbortSignal) {
  return answered(api.POST("/api/auctions/{id}/void/", { ...to(id, key, signal), body: { bid, reason } }));
}

function to(id: number, key: string, signal: AbortSignal) {
  return { params: { path: { id } }, headers: { "Idempotency-Key": key }, signal };
}
