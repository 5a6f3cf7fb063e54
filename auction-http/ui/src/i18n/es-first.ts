/** What everybody reads: around each page, and on the first ones. */
import { browse } from "./es/browse";
import { common } from "./es/common";
import { problems } from "./es/problems";
import { shell } from "./es/shell";

export default { common, problems, shell, browse };
