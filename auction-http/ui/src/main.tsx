import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { isProblem } from "./api/problem";
import { router } from "./app";
import "./design/tokens.css";
import "./design/base.css";
import { loadLanguage, preferredLanguage } from "./i18n";

/** How often something that may pass is asked again by itself. */
const RETRIES_MAX = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (tries, error) => tries < RETRIES_MAX && isProblem(error) && error.isPassing && error.status !== 429,
      staleTime: 5_000,
    },
  },
});

await loadLanguage(preferredLanguage());
const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
