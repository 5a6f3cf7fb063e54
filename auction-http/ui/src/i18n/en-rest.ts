/** What the other pages say, and what only those who are signed in read. */
import { account } from "./en/account";
import { auction } from "./en/auction";
import { formats } from "./en/formats";
import { lot } from "./en/lot";
import { sell } from "./en/sell";
import { watch } from "./en/watch";

export default { auction, formats, lot, account, watch, sell };
