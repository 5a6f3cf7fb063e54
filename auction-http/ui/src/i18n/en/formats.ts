/** Auctions that are not English ones, ends that are drawn, and bids that are taken back. */
const ORDINALS: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };

/** A place among others: `1st`, `2nd`, `23rd`. */
function nth(place: number): string {
  return `${place}${ORDINALS[new Intl.PluralRules("en", { type: "ordinal" }).select(place)] ?? "th"}`;
}

export const formats = {
  format: "Format",

  /** How it goes, in a sentence. */
  how: {
    english: "Everybody sees the price and can bid more; the highest bid wins.",
    sealed_first_price: "Bids are sealed until the end. The highest one wins, and the winner pays what they bid.",
    vickrey: "Bids are sealed until the end. The highest one wins, and the winner pays the second highest bid.",
    multi_unit: "Bids are sealed until the end, each for one or more units; the highest win until nothing is left.",
    dutch: "The price falls by the clock. Whoever takes it first buys at what the clock says.",
    reverse: "Suppliers bid for what the buyer needs, and the lowest bid wins.",
    fixed_price: "Each unit has the same price, and goes to whoever comes first.",
  },
  pricing: {
    lowest_winning: "All winners pay the lowest price that wins.",
    highest_losing: "All winners pay the highest price that loses.",
    pay_as_bid: "Each winner pays what they bid.",
  },

  price: {
    now: "Price now",
    starts: "The clock starts at",
    each: "Price",
    eachOf: "Price of one unit",
    atMost: "At most",
    lowest: "Lowest bid",
    least: "Starting price",
    sold: "Sold",
  },
  falls: (price: string, left: string) => `Falls to ${price} in ${left}`,
  atFloor: "The price does not fall any further.",
  stopped: "The clock is stopped.",
  left: (left: string, of: string) => `${left} of ${of} left`,
  sealed: "Bids are sealed",
  hiddenBids: "Others' bids are hidden",

  said: {
    falling: (price: string) => `The price is now ${price}.`,
    left: (units: string) => `${units}.`,
    rank: (place: number) => `You are ${nth(place)}.`,
    sold: (units: string) => `The auction has ended. ${units} sold.`,
  },

  stock: {
    take: (amount: string) => `Take it for ${amount}`,
    takeUnits: (units: string, amount: string) => `Take ${units} for ${amount}`,
    buy: (amount: string) => `Buy it for ${amount}`,
    buyUnits: (units: string, amount: string) => `Buy ${units} for ${amount}`,
    open: "Buy",
    askFirst: "Ask before I buy",
    dutchHint: "You pay what the clock says when your click arrives, and never more than you see.",
    fixedHint: "What you buy is yours at once.",
    quantity: "How many",
    fewer: "One less",
    more: "One more",
    each: (price: string) => `${price} each`,
    wrongQuantity: (most: string) => `Enter a whole number from 1 to ${most}.`,
    bought: (amount: string) => `You bought it for ${amount}.`,
    boughtUnits: (units: string, amount: string, each: string) => `You bought ${units} for ${amount}, ${each} each.`,
    fallen: (price: string) => `You paid ${price}: the price had fallen.`,
    fallenUnits: (price: string) => `You paid ${price} each: the price had fallen.`,
    failed: (why: string) => `You did not buy. ${why}`,
    unknown:
      "We do not know whether you bought. The purchases on this page show what you have: look there before you buy again.",
  },

  seal: {
    amount: "Your bid",
    amountEach: "Your bid for one unit",
    least: (minimum: string) => `${minimum} at least. Nobody sees it before the end.`,
    place: "Review your bid",
    yours: (amount: string) => `Your bid: ${amount}. Only you see it.`,
    one: "Your bid is in, and cannot be replaced.",
    replace: "Replace your bid",
    replaceHint: "A new bid takes the place of your earlier one, and counts from when it comes in.",
    another: "Bid for more units",
    anotherHint: "Your bids add up.",
    own: "Your bids",
    line: (units: string, each: string) => `${units} at ${each} each`,
    takenBack: "taken back",
  },

  reverse: {
    place: "Review your bid",
    most: (amount: string) => `${amount} at most`,
    tooHigh: (most: string) => `The most that you can bid is ${most}.`,
    improve: (own: string) => `Your bid is ${own}. A new one has to be lower.`,
    leading: "Yours is the lowest bid, so there is nothing to beat. You can still go lower below.",
    noLower: "No lower bid is possible.",
  },

  banner: {
    sealed: "Your bid is in. Who has won is known at the end.",
    ranked: (place: number) => `You are ${nth(place)}.`,
    rankedOf: "Only your own place is told. A lower bid may improve it.",
    underbid: "Somebody bid less than you.",
    leading: "Yours is the lowest bid.",
    won: (price: string) => `You won with ${price}, the lowest bid.`,
    lost: (price: string) => `Somebody else won with ${price}.`,
    agreed: (price: string) => `Agreed at ${price}.`,
    agreedWith: (price: string, winner: string) => `Agreed at ${price} with ${winner}.`,
    missed: "Not agreed: no bid was as low as the buyer asks.",
    units: (units: string, amount: string) => `You have bought ${units} for ${amount} in all.`,
    wonUnits: (units: string, amount: string) => `You won ${units} for ${amount} in all.`,
    wonSome: "You won units of this lot.",
    lostUnits: "None of your bids won.",
    soldUnits: (units: string) => `Sold: ${units}.`,
    unsoldStock: "Not sold: nobody bought.",
  },

  confirm: {
    units: "Units",
    each: "Price of one",
    bidEach: "Your bid for one",
    bindingSealed: "A bid is binding: if it wins, you buy.",
    cannotReplace: "You can bid once: this bid cannot be replaced.",
    replaces: (amount: string) => `It takes the place of your bid of ${amount}, also if it is lower.`,
    vickrey: "If it wins you pay the second highest bid, which may be less.",
    bindingReverse: "A bid is binding: if it is the lowest, you supply at this price.",
    totalReverse: "You are paid if you win",
    bindingStock: "What you buy is yours at once.",
    upTo: "Total at most",
    fallen: (price: string) => `The price has fallen to ${price} meanwhile: that is what you pay.`,
    movedDown: (most: string) => `The price has moved: the most is now ${most}.`,
    dontAsk: "Do not ask again before I buy",
    bidUnits: (units: string, each: string) => `Bid ${each} each for ${units}`,
  },

  reply: {
    received: (amount: string) => `Your bid of ${amount} came in.`,
    receivedUnits: (units: string, each: string) => `Your bid of ${each} each for ${units} came in.`,
    unknown: (amount: string) =>
      `We do not know whether your bid of ${amount} arrived. “My auctions” shows your own bids: look there before you bid again.`,
  },

  refusals: {
    most: (most: string) => `The most is now ${most}.`,
    noLower: "No lower bid is possible.",
    startingMost: (most: string) => `A bid can be ${most} at most.`,
    priceNow: (price: string) => `The price now is ${price}.`,
    left: (units: string) => `Only ${units} left.`,
  },

  history: {
    sealed: "Bids are sealed until the end: there is no history while it runs.",
    sealedOver: "Bids were sealed. What is public of them is how it ended.",
    ranked: "Only ranks are told here: what others bid is not shown.",
    bought: (units: string) => `bought ${units}`,
    withdrawn: "withdrawn",
    withdrawnMeans: "Withdrawn bids were taken back by their bidder or struck by the house, and no longer count.",
    noPurchases: "Nobody has bought yet.",
    buyer: "Buyer",
    purchases: "Purchases",
    found: (count: number, shown: string) => (count === 1 ? "1 purchase" : `${shown} purchases`),
    strike: "Strike this bid",
    strikeOf: (amount: string, user: string) => `Strike this bid: ${amount} of ${user}`,
  },

  result: {
    title: "Who won what",
    winner: "Winner",
    units: "Units",
    each: "Price of one",
    you: "you",
  },

  candle: {
    title: "How the end is drawn",
    note: (period: string) =>
      `The end is drawn from the last ${period}: bids after it will not count. Do not wait for the last second.`,
    short: (period: string) => `The end is drawn from the last ${period}.`,
    commitment: "Commitment",
    commitmentHint:
      "The fingerprint (SHA-256) of a secret number that the house chose before the start. It is shown after the end, and anybody can check that it was not changed.",
    copy: "Copy",
    copied: "Copied",
    seed: "Secret number",
    drawn: "The candle went out",
    drawnHint: "Bids from then on did not count.",
    cancelled: "The auction was cancelled: no end is drawn.",
    waiting: "The secret number is shown as soon as the auction is over.",
    check: "Check it",
    checking: "Checking…",
    matches: "It is right: the secret number fits the commitment, and leads to this end.",
    otherCommitment: "It is wrong: the secret number does not fit the commitment.",
    otherEnd: (time: string) => `It is wrong: the secret number leads to another end, ${time}.`,
    cannot: "This browser cannot check it on a connection that is not encrypted.",
  },

  group: (name: string) => `It closes together with the other lots of this sale (${name}).`,

  takeBack: {
    open: (bids: number): string => (bids === 1 ? "Take back my bid" : "Take back my bids"),
    title: "Take back your bids?",
    all: (bids: number, shown: string) =>
      bids === 1 ? "Your bid is taken back." : `All of your bids (${shown}) are taken back.`,
    recent: (bids: number, shown: string, length: string) =>
      bids === 1
        ? `So near the end only your bid of the last ${length} is taken back.`
        : `So near the end only your bids of the last ${length} (${shown}) are taken back.`,
    means: "The price is worked out anew as if they had never been made. The history shows that they are gone.",
    reason: "Reason",
    reasonHint: "Only the house reads it.",
    confirm: "Take back",
    keep: "Keep them",
    done: "Your bids are taken back.",
  },

  strike: {
    title: "Strike this bid?",
    means:
      "It no longer counts, and the price is worked out anew without it. The history shows that it is gone, and nobody but the house reads why.",
    reason: "Reason",
    reasonHint: "It is kept with the auction.",
    confirm: "Strike the bid",
    done: "The bid is struck.",
    reasonNeeded: "Say why.",
  },

  facts: {
    starts: "The clock starts at",
    falls: "It falls",
    byClock: (step: string, interval: string, floor: string) => `By ${step} every ${interval}, never below ${floor}`,
    units: "Units",
    eachPrice: "Price of one",
    most: "At most",
    pays: "What is paid",
    revisions: "Changing a bid",
    one: "One bid each: it cannot be replaced",
    replace: "A new bid takes the place of the earlier one",
    minFill: "The last winner",
    fill: (units: string) => `Gets at least ${units}, or nothing`,
    shown: "What is seen",
    full: "All bids",
    rankOnly: "Only the own rank",
    countShown: "How many bids came in, and nothing else",
    countHidden: "Nothing before the end",
    improvement: "Your next bid",
    lower: (amount: string) => `At least ${amount} below your last one`,
    steps: "Steps down",
    anyLower: "Any lower amount",
    retraction: "Taking bids back",
    allowed: (until: string, grace: string) =>
      `All of one's bids until ${until} before the end, later those of the last ${grace}`,
    forbidden: "Not possible",
    candle: (period: string) => `At a moment of the last ${period} that is drawn after the end`,
    grouped: (name: string) => `together with the other lots of “${name}”`,
    reserveReverse: (state: string) => `${state}: above it nothing is agreed`,
    noReserveReverse: "None: the lowest bid wins",
  },
};
