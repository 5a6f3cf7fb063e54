// What the bundle is built from, as one hash: a test of the server compares it with what stands in the manifest.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const FOLDERS = ["src", "public"];
const FILES = ["index.html", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json"];

/** The paths of all files below a folder, relative to the root, with `/`. */
export function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

/** SHA-256 over path, length and content of each source, by path. */
export function hashOfSources() {
  const paths = [...FOLDERS.flatMap(filesBelow), ...FILES];
  paths.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const hash = createHash("sha256");
  for (const path of paths) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
