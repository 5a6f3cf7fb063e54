/** What everybody reads: around each page, and on the first ones. */
import { browse } from "./en/browse";
import { common } from "./en/common";
import { problems } from "./en/problems";
import { shell } from "./en/shell";

export default { common, problems, shell, browse };
