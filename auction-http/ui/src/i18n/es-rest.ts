/** What the other pages say, and what only those who are signed in read. */
import { account } from "./es/account";
import { auction } from "./es/auction";
import { formats } from "./es/formats";
import { lot } from "./es/lot";
import { sell } from "./es/sell";
import { watch } from "./es/watch";

export default { auction, formats, lot, account, watch, sell };
