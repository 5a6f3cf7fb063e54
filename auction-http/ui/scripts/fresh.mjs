// Builds the bundle beside the committed one and says where they differ: exit code 1 then.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./sources.mjs";

const manifest = () => JSON.parse(readFileSync(join(root, "dist/manifest.json"), "utf8"));
const committed = manifest();
execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
const built = manifest();
const names = new Set([...Object.keys(committed.files), ...Object.keys(built.files)]);
const differing = [...names].filter((name) => committed.files[name] !== built.files[name]);
if (committed.sources !== built.sources) differing.push("(the hash of the sources)");
if (differing.length > 0) {
  console.error(`dist is not what its sources make; commit what "npm run build" writes:\n  ${differing.join("\n  ")}`);
  process.exit(1);
}
