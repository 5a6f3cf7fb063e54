/** How calls are kept and asked again. */
import { QueryClient } from "@tanstack/react-query";
import { isProblem } from "./problem";

/** How often something that may pass is asked again by itself. */
const RETRIES_MAX = 2;

export function newQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (tries, error) => tries < RETRIES_MAX && isProblem(error) && error.isPassing && error.status !== 429,
        staleTime: 5_000,
      },
      // What is done without a connection fails at once: it would otherwise be done whenever there is one again.
      mutations: { networkMode: "always", retry: false },
    },
  });
}
