import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The server that the development server hands calls to. */
const SERVER = process.env.AUCTION_API ?? "http://127.0.0.1:9000";

/** Packages that change rarely: a chunk apart, so that a change of ours rewrites little. */
const VENDOR =
  /node_modules\/(react|react-dom|react-router|scheduler|cookie|set-cookie-parser|@tanstack|openapi-fetch)\//;

export default defineConfig({
  // Addresses relative to the page: the server knows under which path the site is mounted.
  base: "./",
  plugins: [react()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "vendor", test: VENDOR }] } },
    },
  },
  server: {
    port: 3000,
    proxy: {
      "/api": SERVER,
      "/media": SERVER,
      "/ws": { target: SERVER, ws: true },
    },
  },
  test: { include: ["test/**/*.test.ts"] },
});
