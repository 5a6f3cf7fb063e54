import first from "../en-first";
import rest from "../en-rest";

const en = { ...first, ...rest };

export type Catalogue = typeof en;
export default en;
