import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { newQueries } from "./api/queries";
import { router } from "./app";
import "./design/tokens.css";
import "./design/base.css";
import { loadLanguage, preferredLanguage } from "./i18n";

const queries = newQueries();

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
