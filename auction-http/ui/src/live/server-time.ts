/** The server's time for questions that depend on it, asked for where nothing has told it yet. */
import { answered, api } from "../api/client";
import { isClockSet, serverNow } from "./clock";

/** The server's time in milliseconds; by the browser's clock where the server does not answer. */
export async function serverTime(): Promise<number> {
  if (!isClockSet()) await answered(api.GET("/api/time/")).catch(() => undefined);
  return serverNow();
}
