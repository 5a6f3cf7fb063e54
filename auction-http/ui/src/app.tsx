/** Which page stands at which address. Each is fetched when somebody goes there. */
import type { ComponentType } from "react";
import { createBrowserRouter } from "react-router";
import { config } from "./api/config";
import { wholeLanguage } from "./i18n";
import { Members } from "./shell/guard";
import { Layout } from "./shell/layout";
import { NotFound } from "./shell/not-found";
import { Wrong } from "./shell/wrong";

type Loaded = Promise<{ default: ComponentType }>;

/** One of the pages that people come to first: they need the first part of the texts alone. */
function firstPage(path: string, load: () => Loaded) {
  return { path, lazy: async () => ({ Component: (await load()).default }) };
}

function page(path: string, load: () => Loaded) {
  return firstPage(path, async () => (await Promise.all([load(), wholeLanguage()]))[0]);
}

export const router = createBrowserRouter(
  [
    {
      Component: Layout,
      HydrateFallback: () => null,
      children: [
        {
          ErrorBoundary: Wrong,
          children: [
            firstPage("/", () => import("./features/browse/landing-page")),
            firstPage("/auctions", () => import("./features/browse/auctions-page")),
            page("/auction/:id", () => import("./features/auction/auction-page")),
            page("/auction/:id/bidding", () => import("./features/auction/auction-page")),
            page("/register", () => import("./features/account/register-page")),
            page("/verify-otp", () => import("./features/account/verify-page")),
            page("/login", () => import("./features/account/login-page")),
            page("/forgot-password", () => import("./features/account/forgot-page")),
            page("/reset-password", () => import("./features/account/reset-page")),
            {
              Component: Members,
              children: [
                page("/two-factor", () => import("./features/account/two-factor-page")),
                page("/profile", () => import("./features/account/profile-page")),
                page("/my-auctions", () => import("./features/watch/my-auctions-page")),
                page("/won-auctions", () => import("./features/watch/won-page")),
                page("/notifications", () => import("./features/watch/notifications-page")),
                page("/sell", () => import("./features/sell/selling-page")),
                page("/sell/new", () => import("./features/sell/edit-page")),
                page("/sell/:id", () => import("./features/sell/edit-page")),
              ],
            },
            { path: "*", Component: NotFound },
          ],
        },
      ],
    },
  ],
  { basename: config.base.replace(/\/$/, "") || "/" },
);
