#!/usr/bin/env python3
"""Computes the tables in "How much it carries" of docs/scaling.md from measured costs.

    scripts/capacity.py            prints them
    scripts/capacity.py --write    puts them into docs/scaling.md
    scripts/capacity.py --check    fails where docs/scaling.md has others, or a cost is still to be measured

Costs stand in COSTS, with where each was measured; nothing else is typed in the document. Plain Python 3.
"""

import re
import sys
from math import ceil
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "scaling.md"

# To be measured: shown as @MEASURE:name@. What depends on several shows the first of them.
TO_MEASURE = "to measure"
# Nobody measured it: said so, and left out of sums.
NOT_MEASURED = "not measured"

SERVER = "RESULTS-server"

# Name, cost, unit, what it is, where it was measured.
COSTS = [
    ("sqlite_bid_us", 36.0, "us", "CPU of a node for a bid over a socket, on SQLite, batches full", f"{SERVER}, P11, closed loop"),
    ("sqlite_bids", 32_911, "/s", "bids that one SQLite takes for minutes", f"{SERVER}, P3, the last 100 s of ten minutes"),
    ("sqlite_bid_bytes", 12_907e6 / 21_034_700, "bytes", "stored for a bid, on SQLite", f"{SERVER}, P3: 12,907 MB after 21.03 million bids"),
    ("sqlite_auction_bytes", NOT_MEASURED, "bytes", "stored for an auction, on SQLite", ""),
    ("sqlite_lookup_us", NOT_MEASURED, "us", "CPU of a node to look up one row by its key, on SQLite", ""),
    ("message_us", 15.9, "us", "CPU of a node to read a message of a socket and to answer it", f"{SERVER}, P11, a refusal"),
    ("delivery_us", 15.6, "us", "CPU of a node to hand a state to one watcher", f"{SERVER}, P9, 10,000 watchers"),
    ("watcher_kib", 8.9, "KiB", "memory of a node for a watcher", f"{SERVER}, P10"),
    ("pg_node_bid_us", 5, "us", "CPU of a node for a bid through the desk, on one of many auctions, on Postgres", f"{SERVER}, costs on Postgres: cached auctions, 128 handed in together"),
    ("pg_bid_us", 40, "us", "CPU of Postgres for it", f"{SERVER}, costs on Postgres: cached auctions, 128 handed in together"),
    ("pg_bid_wal", 2_776, "bytes", "written to its log for it", f"{SERVER}, costs on Postgres: cached auctions, 128 handed in together"),
    ("pg_bid_bytes", 281 + 409 + 265 / 2, "bytes", "stored for a bid: event, receipt, half of a standing, indexes", f"{SERVER}, costs on Postgres: a row of each table"),
    ("pg_auction_bytes", 1_988 + 2_301 + 281, "bytes", "stored for an auction: state, lot, first event, indexes", f"{SERVER}, costs on Postgres: a row of each table"),
    ("pg_desk_bids", 45_644, "/s", "bids that the desk of one node commits, on many auctions, beside its Postgres on two cores", f"{SERVER}, costs on Postgres: cached auctions, 128 handed in together"),
    ("pg_node_lookup_us", NOT_MEASURED, "us", "CPU of a node to look up one row by its key (a session, a standing)", f"{SERVER}"),
    ("pg_lookup_us", NOT_MEASURED, "us", "CPU of Postgres for it", f"{SERVER}"),
    ("pg_node_close_us", 602, "us", "CPU of a node to close an auction and to plan its notices", f"{SERVER}, costs on Postgres: 500 that end at once"),
    ("pg_close_us", 871, "us", "CPU of Postgres for it", f"{SERVER}, costs on Postgres: 500 that end at once"),
    ("pg_close_wal", 7_518, "bytes", "written to its log for it", f"{SERVER}, costs on Postgres: 500 that end at once"),
    ("pg_notice_us", NOT_MEASURED, "us", "CPU of Postgres to write one notice more than those of the two who bid, with its mail", f"{SERVER}"),
    ("pg_notice_wal", NOT_MEASURED, "bytes", "written to its log for it", f"{SERVER}"),
]

# The house that is reckoned with.
SIZES = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]
LIFE_DAYS = 7  # an auction is open for so long
BIDS = 20  # it has so many bids
PEOPLE = 10  # so many take part in it
END_SHARE = 0.01  # so many of all end in the same minute,
LAST_BIDS = 5  # each with so many bids in that minute,
LOSSES = 3  # so many losses of the lead,
WATCHERS = 10  # and so many who watch
TOLD_WITHIN_S = 300  # so late may the last one be told
ROUNDS_AT_END = 2  # audiences that are told of an end: of a sale those who lost, and those who only took part
ROUNDS_OF_LIFE = 5  # and in all: starts soon, has started, ends soon, and those two

# Bounds that stand in the sources.
SOCKETS_OF_NODE = 16_384  # CONNECTIONS_MAX
LOOKUPS_OF_SOCKET = 1  # a second: RENEW_EVERY; rows, and not statements of their own
ROUNDS_OF_NODE = 8 / 0.25  # a second: PAGES_PER_TICK_MAX in RELAY_PAUSE; a small audience is one page
PLANS_OF_NODE = 256 / 0.25  # a second: AUCTIONS_PER_TICK_MAX in RELAY_PAUSE
MAILS_OF_NODE = 200  # a second: mails_max and pause of the courier
SCAN_PER_S = 1_000 / 5  # ROLL_PAGE_MAX in SCAN_PAUSE
AUCTION_ID_MAX = 2**29 - 1

# Machines that are reckoned with: not measured, a choice.
NODE_CORES = 4
POSTGRES_CORES = 16
NODE_MEMORY_GIB = 16
LOG_BYTES_PER_S = 200e6
SPREAD_MACHINES = 8
# What a row costs more where each commit is agreed on by several machines: a guess.
SPREAD_FACTOR = 2

SETUPS = [
    ("sqlite", "One node on SQLite", "sqlite", 1, 1, 1),
    ("one", "One node on Postgres", "pg", 1, 1, 1),
    ("ten", "Ten nodes on one Postgres", "pg", 10, 1, 1),
    ("spread", f"64 nodes on a store spread over {SPREAD_MACHINES} machines", "pg", 64, SPREAD_MACHINES, SPREAD_FACTOR),
]


class Amount:
    """A number that may rest on costs that are still to be measured."""

    def __init__(self, value, missing=()):
        self.value, self.missing = value, tuple(dict.fromkeys(missing))

    def __add__(self, other):
        other = amount(other)
        return Amount(self.value + other.value, self.missing + other.missing)

    def __mul__(self, factor):
        return Amount(self.value * factor, self.missing if factor else ())

    def __truediv__(self, divisor):
        return self * (1 / divisor)

    __radd__, __rmul__ = __add__, __mul__

    def show(self, form):
        return f"@MEASURE:{self.missing[0]}@" if self.missing else form(self.value)


def amount(value):
    return value if isinstance(value, Amount) else Amount(value)


def cost(name):
    value = next(value for known, value, *_ in COSTS if known == name)
    if value is TO_MEASURE:
        return Amount(0, (name,))
    return Amount(0 if value is NOT_MEASURED else value)


def number(value):
    """Three digits, with commas."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def whole(value):
    return f"{value:,.0f}"


def percent(value):
    return f"{value * 100:,.0f} %" if value >= 0.01 else "below 1 %"


def duration(seconds):
    if seconds < 1:
        return "within 1 s"
    for bound, unit, length in [(120, "s", 1), (7_200, "min", 60), (172_800, "h", 3_600)]:
        if seconds < bound:
            return f"{number(seconds / length)} {unit}"
    return f"{number(seconds / 86_400)} days"


def late(share):
    return duration(share * TOLD_WITHIN_S)


def size(value):
    for bound, unit in [(1e9, "MB"), (1e12, "GB")]:
        if value < bound:
            return f"{number(value / bound * 1_000)} {unit}"
    return f"{number(value / 1e12)} TB"


def table(heading, rows):
    lines = [f"| {' | '.join(cells)} |" for cells in [heading, *rows]]
    return "\n".join([lines[0], "|" + "---|" * len(heading), *lines[1:]])


class Peak:
    """The minute in which a share of all auctions ends."""

    def __init__(self, auctions):
        self.ends = auctions * END_SHARE
        self.closes_s = self.ends / 60
        self.sockets = self.ends * WATCHERS
        self.bids_s = self.ends * LAST_BIDS / 60
        self.deliveries_s = (self.bids_s + self.closes_s) * WATCHERS
        self.lookups_s = self.sockets * LOOKUPS_OF_SOCKET
        self.rounds = self.ends * ROUNDS_AT_END
        # Won, payment due, the seller, and the others who take part; and whoever was outbid.
        self.notices = self.ends * (PEOPLE + 2 + LOSSES)
        # Payment due is not mailed.
        self.mails = self.ends * (PEOPLE + 1 + LOSSES)


def costs():
    def shown(name, value):
        if value is TO_MEASURE:
            return f"@MEASURE:{name}@"
        return NOT_MEASURED if value is NOT_MEASURED else number(value)

    rows = [[f"`{name}`", what, shown(name, value), unit, where] for name, value, unit, what, where in COSTS]
    return table(["name", "what", "cost", "unit", "measured in"], rows)


def load():
    rows = []
    for auctions in SIZES:
        peak = Peak(auctions)
        figures = [peak.ends, peak.closes_s, peak.bids_s, peak.sockets, peak.deliveries_s, peak.lookups_s, peak.rounds, peak.mails]
        rows.append([whole(auctions), *map(number, figures)])
    heading = ["live auctions", "ends in the minute", "closes/s", "bids/s", "sockets", "deliveries/s", "lookups/s", "rounds", "mails"]
    return table(heading, rows)


def uses(auctions, store, nodes, machines, factor):
    """How much of each resource the peak takes: its name, the share, and how it is shown."""
    peak = Peak(auctions)
    deliveries = cost("delivery_us") * peak.deliveries_s
    if store == "sqlite":
        bids = cost("sqlite_bid_us") * (peak.bids_s + peak.closes_s)
        node = bids + deliveries + cost("sqlite_lookup_us") * peak.lookups_s
        yield "CPU of the node", node / (1e6 * NODE_CORES), percent
        yield "writing", amount((peak.bids_s + peak.closes_s) / cost("sqlite_bids").value), percent
    else:
        bids = (cost("pg_node_bid_us") + cost("message_us")) * peak.bids_s
        node = bids + deliveries + cost("pg_node_lookup_us") * peak.lookups_s + cost("pg_node_close_us") * peak.closes_s
        yield "CPU of nodes", node / (1e6 * NODE_CORES * nodes), percent
        desk = cost("pg_desk_bids")
        commits_s = peak.bids_s + peak.closes_s
        share = amount(commits_s / desk.value / nodes) if desk.value else Amount(0, desk.missing)
        yield "desks", share, percent
        told_s = peak.notices / TOLD_WITHIN_S
        work = cost("pg_bid_us") * peak.bids_s + cost("pg_lookup_us") * peak.lookups_s
        work += cost("pg_close_us") * peak.closes_s + cost("pg_notice_us") * told_s
        yield "CPU of the store", work * factor / (1e6 * POSTGRES_CORES * machines), percent
        log = cost("pg_bid_wal") * peak.bids_s + cost("pg_close_wal") * peak.closes_s + cost("pg_notice_wal") * told_s
        yield "log of the store", log * factor / (LOG_BYTES_PER_S * machines), percent
    memory = cost("watcher_kib") * (peak.sockets / nodes / (NODE_MEMORY_GIB * 2**20))
    yield "memory for watchers", memory, percent
    yield "sockets", amount(peak.sockets / SOCKETS_OF_NODE / nodes), percent
    yield "last round", amount(peak.rounds / ROUNDS_OF_NODE / nodes / TOLD_WITHIN_S), late
    yield "last mail", amount(peak.mails / MAILS_OF_NODE / nodes / TOLD_WITHIN_S), late


def setup(store, nodes, machines, factor):
    rows, heading = [], None
    for auctions in SIZES:
        resources = list(uses(auctions, store, nodes, machines, factor))
        heading = ["live auctions", *(name for name, _, _ in resources), "what comes first"]
        known = [(share.value, name) for name, share, _ in resources if not share.missing]
        most, name = max(known)
        first = f"{name}, at {percent(most)}" if most >= 0.01 else "nothing"
        first = f"**{first}**" if most > 1 else first
        if len(known) < len(resources):
            first += ", of what is known"
        rows.append([whole(auctions), *(share.show(form) for _, share, form in resources), first])
    return table(heading, rows)


def nodes_needed():
    rows = []
    for auctions in SIZES:
        peak = Peak(auctions)
        told = [peak.rounds / ROUNDS_OF_NODE, peak.mails / MAILS_OF_NODE]
        needed = [peak.sockets / SOCKETS_OF_NODE, *(seconds / TOLD_WITHIN_S for seconds in told)]
        rows.append([whole(auctions), *(whole(max(1, ceil(count))) for count in needed)])
    return table(["live auctions", "nodes for sockets", "to call rounds in time", "to send mails in time"], rows)


def steady():
    day_s = 86_400
    rows = []
    for auctions in SIZES:
        ends_s = auctions / LIFE_DAYS / day_s
        year = auctions * 365 / LIFE_DAYS
        stored = cost("pg_auction_bytes") + cost("pg_bid_bytes") * BIDS
        rows.append([
            whole(auctions),
            number(ends_s),
            number(ends_s * BIDS),
            percent(ends_s * ROUNDS_OF_LIFE / ROUNDS_OF_NODE),
            (stored * auctions).show(size),
            (stored * year).show(size),
            duration((auctions + year) / SCAN_PER_S),
            f"{number(AUCTION_ID_MAX / year)} years",
        ])
    heading = [
        "live auctions", "ends/s", "bids/s", "rounds, of what one node calls", "stored, live", "stored in a year",
        "one slow look through all, after a year", "numbers of auctions last for",
    ]
    return table(heading, rows)


def tables():
    parts = {"costs": costs(), "load": load(), "nodes": nodes_needed(), "steady": steady()}
    for name, title, store, nodes, machines, factor in SETUPS:
        parts[name] = setup(store, nodes, machines, factor)
    return parts


def place(text, name, body):
    marks = re.compile(rf"(<!-- capacity.py: {name} -->\n).*?(<!-- end -->)", re.S)
    assert len(marks.findall(text)) == 1, f"{DOCUMENT.name} has no place for {name}"
    return marks.sub(lambda found: f"{found[1]}{body}\n{found[2]}", text)


def main(arguments):
    parts = tables()
    if arguments in (["--write"], ["--check"]):
        before = after = DOCUMENT.read_text()
        for name, body in parts.items():
            after = place(after, name, body)
        if arguments == ["--write"]:
            DOCUMENT.write_text(after)
            return 0
        missing = sorted(set(re.findall(r"@MEASURE:\w+@", after)))
        for name in missing:
            print(f"still to be measured: {name}", file=sys.stderr)
        if before != after:
            print(f"{DOCUMENT.name} has other tables: scripts/capacity.py --write", file=sys.stderr)
        return 1 if missing or before != after else 0
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    for name, body in parts.items():
        print(f"{name}\n\n{body}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
