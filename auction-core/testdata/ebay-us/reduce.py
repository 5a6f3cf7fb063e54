#!/usr/bin/env python3
"""Reduces the recorded auctions to the files of this folder.

    python3 reduce.py SOURCE_FOLDER [TARGET_FOLDER]

SOURCE_FOLDER holds `bids.csv` and `expected.csv` in their original columns;
see README.md for both forms. Nothing is rounded: times and amounts are
decimals from the recorded text to the written text. The script stops at the
first thing that README.md promises and the source does not keep.
"""

import csv
import sys
from decimal import Decimal
from pathlib import Path

SECONDS_A_DAY = 86400
# Far above every recorded amount, so that a raised maximum is never the binding one.
RAISE_BY = Decimal(100_000)
COLUMNS = ["auction", "bidder", "amount", "at", "start_price", "ends_at"]


def plain(number):
    """The shortest decimal text: no exponent and no trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(number):
    """Decimal text at the scale of the US dollar."""
    cents = number * 100
    require(cents == int(cents) and cents > 0, f"{number} is no positive amount in whole cents")
    return f"{int(cents) // 100}.{int(cents) % 100:02d}"


def require(condition, sentence):
    if not condition:
        sys.exit(f"reduce.py: {sentence}")


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path, columns, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def main():
    require(len(sys.argv) in (2, 3), "usage: reduce.py SOURCE_FOLDER [TARGET_FOLDER]")
    source = Path(sys.argv[1])
    target = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parent

    auctions = {row["auctionid"]: row for row in read(source / "expected.csv")}
    recorded, uncensored = [], []
    last_at = {}
    for row in read(source / "bids.csv"):
        auction = row["auctionid"]
        require(auction in auctions, f"auction {auction} has no expected price")
        outcome = auctions[auction]
        at = Decimal(row["bidtime"]) * SECONDS_A_DAY
        ends_at = int(outcome["auction_type"].split(" ")[0]) * SECONDS_A_DAY
        require(0 <= at < ends_at, f"auction {auction}: a bid at {at} s lies outside of it")
        require(last_at.get(auction, at) <= at, f"auction {auction}: {at} s is out of order")

        first = auction not in last_at
        last_at[auction] = at
        once = [money(Decimal(row["openbid"])), str(ends_at)] if first else ["", ""]
        amount = Decimal(row["bid"])
        # The winner's row shows the closing price in place of the maximum, which was never published.
        censored = (
            outcome["class"] == "A_second_plus_increment"
            and row["bidder"] == outcome["top_bidder"]
            and amount * 100 == int(outcome["price_cents"])
        )
        raised = amount + RAISE_BY if censored else amount
        recorded.append([auction, row["bidder"], money(amount), plain(at), *once])
        uncensored.append([auction, row["bidder"], money(raised), plain(at), *once])
    require(set(last_at) == set(auctions), "an expected auction has no bids")

    write(target / "bids.csv", COLUMNS, recorded)
    write(target / "bids-uncensored.csv", COLUMNS, uncensored)
    write(
        target / "expected.csv",
        ["auction", "price", "leader", "class"],
        [
            [auction, money(Decimal(row["price_cents"]) / 100), row["top_bidder"], row["class"]]
            for auction, row in auctions.items()
        ],
    )


if __name__ == "__main__":
    main()
