/** What the other pages say, and what only those who are signed in read. */
import { account } from "./en/account";
import { auction } from "./en/auction";
import { lot } from "./en/lot";
import { sell } from "./en/sell";
import { watch } from "./en/watch";

export default { auction, lot, account, watch, sell };
