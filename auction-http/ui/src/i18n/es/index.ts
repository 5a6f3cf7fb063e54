// Types only: whoever reads Spanish fetches no English.
import type { Catalogue } from "../en";
import first from "../es-first";
import rest from "../es-rest";

const es: Catalogue = { ...first, ...rest };
export default es;
