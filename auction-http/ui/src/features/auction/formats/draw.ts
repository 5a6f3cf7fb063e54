/**
 * The draw of an end, done again: whoever knows the seed and the commitment can check that the house did not choose.
 * It is defined in `auction_core::auction::Seed`.
 */

/** What comes before the number of the auction and the seed in what is hashed. */
const LABEL = "auction-candle";

export type Drawing = {
  auction: number;
  /** 64 hexadecimal digits each. */
  seed: string;
  commitment: string;
  /** The end until which bids were taken, and the one that was drawn, in milliseconds. */
  endsAt: number;
  endedAt: number;
  periodS: number;
  sampleS: number;
};

export type Verdict =
  | { result: "matches" }
  | { result: "other_commitment" }
  | { result: "other_end"; endedAt: number }
  /** The browser hashes nothing on connections that are not encrypted. */
  | { result: "cannot" };

export async function verdictOn(drawing: Drawing): Promise<Verdict> {
  if (!globalThis.crypto?.subtle) return { result: "cannot" };
  const seed = bytesOf(drawing.seed);
  if (seed === null || hexOf(await digest(seed)) !== drawing.commitment.toLowerCase())
    return { result: "other_commitment" };
  const endedAt = await drawnEnd(drawing, seed);
  return endedAt === drawing.endedAt ? { result: "matches" } : { result: "other_end", endedAt };
}

/** When the candle goes out: after one of the samples of the last period. */
export async function drawnEnd(
  { auction, endsAt, periodS, sampleS }: Pick<Drawing, "auction" | "endsAt" | "periodS" | "sampleS">,
  seed: Uint8Array<ArrayBuffer>,
): Promise<number> {
  const samples = Math.max(1, Math.floor(periodS / Math.max(1, sampleS)));
  const label = new TextEncoder().encode(LABEL);
  const text = new Uint8Array(label.length + 8 + seed.length);
  text.set(label);
  new DataView(text.buffer).setBigUint64(label.length, BigInt(auction));
  text.set(seed, label.length + 8);
  const number = new DataView((await digest(text)).buffer).getBigUint64(0);
  const sample = Number(number % BigInt(samples)) + 1;
  return Math.min(endsAt, endsAt - periodS * 1000 + sample * sampleS * 1000);
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export function bytesOf(hex: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[0-9a-f]{64}$/i.test(hex)) return null;
  return Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16));
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
