// Completes what Vite has built: compressed forms beside each file, and the manifest.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { filesBelow, hashOfSources, root } from "./sources.mjs";

const COMPRESSIBLE = /\.(js|css|svg|html|json|webmanifest)$/;

const files = {};
for (const path of filesBelow("dist").sort()) {
  const content = readFileSync(join(root, path));
  files[path.slice("dist/".length)] = createHash("sha256").update(content).digest("hex");
  // The index is filled in by the server, and compressed then.
  if (!COMPRESSIBLE.test(path) || path.endsWith("index.html")) continue;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(join(root, `${path}.br`), brotliCompressSync(content, { params }));
  writeFileSync(join(root, `${path}.gz`), gzipSync(content, { level: 9 }));
}
const manifest = { sources: hashOfSources(), files };
writeFileSync(join(root, "dist/manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
