"""A client of the platform's description, which knows nothing else.

    walk_through.py ADDRESS DATA_FOLDER AUCTION_SERVER

Three people register, sign in (one of them with an authenticator), browse, join, watch and bid until
an auction has a winner, and read the mail that comes of it. It prints a line for each step, and ends at the
first that is not as it was described. scripts/walk_through.sh starts the server for it.
"""

import re
import subprocess
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import requests
import websocket

from walk_client import ADDRESS, DATA, PASSWORD, PATIENCE, SERVER, Authenticator, Person, done, expect, holds

NEW_PASSWORD = "another horse entirely 31"

# Seconds: how the auction is laid out.
STARTS_IN = 12
LASTS = 14


def server(*arguments):
    ended = subprocess.run([SERVER, "--data-dir", str(DATA), *arguments], capture_output=True, text=True)
    expect(f"auction-server {' '.join(arguments)}: {ended.stderr}", ended.returncode, 0)
    return ended.stdout


def in_seconds(seconds):
    return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).isoformat()


def registering(ann, bob, cleo):
    ann.register()
    done("register, and verify with the code from the mail")
    nobody = Person(ann.address, "nobody")
    nobody.post("verify-otp/", 400, email=ann.address, otp="000000")
    nobody.post("login/", 401, email=ann.address, password="wrong")
    nobody.get("me/", 401)
    done("a wrong code, a wrong password and no token are refused")
    ann.sign_in()
    me = ann.get("me/")
    known = {name: me[name] for name in ("email", "first_name", "last_name", "user_type", "is_verified")}
    expected = {"email": ann.address, "first_name": "Ann", "last_name": "Doe", "user_type": "client", "is_verified": True}
    expect("me/", known, expected)
    expect("two_factor_enabled", me["two_factor_enabled"], False)
    done("log in and see oneself")
    for person in (bob, cleo):
        person.register()
        person.sign_in()
    done("two others register and log in")


def two_factors(ann):
    expect("2fa/status/", ann.get("2fa/status/")["enabled"], False)
    answer = ann.post("2fa/setup/")
    holds("qr_uri is for authenticators", answer["qr_uri"].startswith("otpauth://totp/"), answer["qr_uri"])
    holds("qr_uri has the secret", f"secret={answer['secret']}" in answer["qr_uri"], answer["qr_uri"])
    ann.authenticator = Authenticator(answer["secret"])
    ann.post("2fa/enable/", 400, code="000000")
    ann.post("2fa/enable/", code=ann.authenticator.code())
    expect("2fa/status/", ann.get("2fa/status/")["enabled"], True)
    done("set up an authenticator and enable it with its code")
    ann.sign_in()
    expect("two_factor_enabled", ann.get("me/")["two_factor_enabled"], True)
    done("log in with password and code")


def put_up(admin):
    """The auction of this walk, in a house that has others."""
    server("generate-auctions", "--category", "watches", "--count", "3", "--days-ahead", "7", "--duration-hours", "48")
    done("generate-auctions beside the running server")
    body = {
        "title": "Vintage Rolex Watch",
        "description": "1960s Rolex Submariner in excellent condition",
        "starting_price": "5000.00",
        "start_date_time": in_seconds(STARTS_IN),
        "end_date_time": in_seconds(STARTS_IN + LASTS),
    }
    auction = admin.post("auctions/", 201, **body)
    done("an admin puts a watch up for auction")
    return auction["id"]


def joining(people, auction):
    ann = people[0]
    try:
        ann.watch(auction)
        raise SystemExit("FAILED  a socket of somebody who does not take part was opened")
    except websocket.WebSocketBadStatusException as error:
        expect("a socket of somebody who does not take part", error.status_code, 403)
    holds("it can be joined", auction in [row["id"] for row in ann.get("auctions/")])
    for person in people:
        person.post(f"auctions/{auction}/join_auction/")
    ann.post(f"auctions/{auction}/join_auction/", 400)
    holds("what was joined is no longer offered", auction not in [row["id"] for row in ann.get("auctions/")])
    expect("my_auctions/", [row["id"] for row in ann.get("auctions/my_auctions/")], [auction])
    done("join, once, before the socket opens")


def browsing(ann, auction):
    rows = ann.get("auctions/")
    expect("auctions that are offered", len(rows), 3)
    prices = [float(row["starting_price"]) for row in rows]
    middle = f"{sorted(prices)[1]:.2f}"
    word = re.search(r"\w{4,}", rows[0]["title"]).group()
    found = ann.get("auctions/", search=word)
    holds("search finds the title", rows[0]["id"] in [row["id"] for row in found], found)
    expect("search for nonsense", ann.get("auctions/", search="qwertzuiop"), [])
    expect("status=scheduled", {row["status"] for row in ann.get("auctions/", status="scheduled")}, {"scheduled"})
    least = [float(row["starting_price"]) for row in ann.get("auctions/", min_price=middle)]
    expect("min_price", sorted(least), [price for price in sorted(prices) if price >= float(middle)])
    most = [float(row["starting_price"]) for row in ann.get("auctions/", max_price=middle)]
    expect("max_price", sorted(most), [price for price in sorted(prices) if price <= float(middle)])
    for name, is_falling in (("starting_price", False), ("-starting_price", True)):
        ordered = [float(row["starting_price"]) for row in ann.get("auctions/", ordering=name)]
        expect(f"ordering={name}", ordered, sorted(prices, reverse=is_falling))
    done("list, with search, status, min_price, max_price and ordering")
    featured = Person("", "nobody").get("auctions/featured/")
    expect("featured/", len(featured), 3)
    dearest = [float(row["starting_price"]) for row in featured]
    expect("featured/ is the dearest first", dearest, sorted(dearest, reverse=True))
    detail = ann.get(f"auctions/{auction}/")
    shown = {name: detail[name] for name in ("title", "description", "starting_price")}
    wanted = ("Vintage Rolex Watch", "1960s Rolex Submariner in excellent condition", "5000.00")
    expect("the detail", tuple(shown.values()), wanted)
    ann.get("auctions/999999/", 404)
    done("featured auctions and the detail of one")
    picture = requests.get(rows[0]["image"], timeout=PATIENCE)
    expect("the picture", (picture.status_code, picture.headers["content-type"][:6]), (200, "image/"))
    done("the picture of an auction")


def bidding(ann, bob, auction, since):
    watcher, rival = ann.watch(auction), bob.watch(auction)
    state = watcher.state("the first one", lambda _: True)
    found = tuple(state[name] for name in ("status", "starting_price", "last_vote"))
    expect("the state before the start", found, ("scheduled", "5000.00", None))
    holds("a bid before the start is refused", "error" in watcher.bid("6000.00"))
    ann.mail("starting soon", since)
    done("mail: the auction starts soon")
    watcher.state("it has started", lambda state: state["status"] == "started")
    done("connect, see the state, and see the auction start")
    answer = watcher.bid("4000.00")
    expect("a bid too low", answer.get("error"), "Bid must be higher than the starting price of 5000.00.")
    expect("the success of a bid", watcher.bid("5500.00").get("success"), "Bid of 5500.00 placed successfully.")
    for seen in (watcher, rival):
        state = seen.state("the bid", lambda state: state["last_vote"] is not None)
        expect("the price of last_vote", state["last_vote"]["price"], "5500.00")
        expect("the fields of last_vote", set(state["last_vote"]), {"user", "price"})
    for junk in ("nonsense", "-1", "NaN"):
        holds(f"a bid of {junk} is refused", "error" in watcher.bid(junk))
    done("bid, with the sentences of success and error")
    expect("the rival's bid", rival.bid("6000.00").get("success"), "Bid of 6000.00 placed successfully.")
    watcher.state("the rival's bid", lambda state: (state["last_vote"] or {}).get("price") == "6000.00")
    done("somebody else bids more, and everybody sees it")
    # Before the next bid: whoever leads again needs no such mail.
    ann.mail("outbid", since)
    done("mail: outbid")
    expect("the last bid", watcher.bid("6500.00").get("success"), "Bid of 6500.00 placed successfully.")
    state = watcher.state("the end", lambda state: state["status"] == "ended")
    expect("the winning price", state["last_vote"]["price"], "6500.00")
    holds("a bid after the end is refused", "error" in watcher.bid("7000.00"))
    done("the auction ends")


def winning(ann, bob, auction):
    until = time.monotonic() + PATIENCE
    won = ann.get("auctions/won_auctions/")
    while not won and time.monotonic() < until:
        time.sleep(0.1)
        won = ann.get("auctions/won_auctions/")
    expect("won_auctions/ of the winner", [row["id"] for row in won], [auction])
    expect("won_auctions/ of the other", bob.get("auctions/won_auctions/"), [])
    expect("the status afterwards", ann.get(f"auctions/{auction}/")["status"], "ended")
    done("the winner finds the auction among those won")


def mails(ann, bob, cleo, since):
    for person, kinds in (
        (ann, ("started", "ending soon", "winner")),
        (bob, ("starting soon", "started", "outbid", "ending soon", "ended")),
        (cleo, ("starting soon", "started", "ending soon", "ended")),
    ):
        for kind in kinds:
            text = person.mail(kind, since)
            holds(f"the mail says which auction: {kind}", "Vintage Rolex Watch" in text, text)
    done("mails: started, outbid, ending soon, ended and winner, each to those whom it concerns")


def forgetting(ann):
    since, old_token = time.time(), ann.token
    ann.post("forgot-password/", email=ann.address)
    link = re.search(r"https?://\S+", ann.mail("password reset", since))
    holds("the mail has a link", link)
    token = parse_qs(urlsplit(link.group()).query)["token"][0]
    Person("", "nobody").post("reset-password/", 400, token="wrong", password=NEW_PASSWORD)
    Person("", "nobody").post("reset-password/", token=token, password=NEW_PASSWORD)
    Person("", "nobody").post("reset-password/", 400, token=token, password=NEW_PASSWORD)
    Person(ann.address, "nobody").post("login/", 401, email=ann.address, password=PASSWORD)
    ann.get("me/", 401)
    done("reset a forgotten password by the link in the mail")
    ann.password, ann.token = NEW_PASSWORD, None
    ann.sign_in()
    holds("it is another token", ann.token != old_token)
    done("log in with the new password and a code")
    ann.post("2fa/disable/", 400, password=ann.password, code="000000")
    ann.post("2fa/disable/", password=ann.password, code=ann.authenticator.code())
    expect("2fa/status/", ann.get("2fa/status/")["enabled"], False)
    ann.authenticator, ann.token = None, None
    ann.sign_in()
    done("disable 2FA with password and code, and log in without")


def looking_around():
    nobody = Person("", "nobody")
    for path in ("health/", "health/ready/", "health/live/"):
        nobody.get(path)
    for path in ("/swagger/", "/redoc/"):
        page = requests.get(ADDRESS + path, timeout=PATIENCE)
        expect(path, (page.status_code, page.headers["content-type"].split(";")[0]), (200, "text/html"))
    done("health, readiness, liveness, Swagger UI and ReDoc")


def main():
    looking_around()
    ann, bob = Person("ann@example.com", "Ann"), Person("bob@example.com", "Bob")
    cleo, admin = Person("cleo@example.com", "Cleo"), Person("admin@example.com", "Admin")
    registering(ann, bob, cleo)
    two_factors(ann)
    told = server("create-admin", "--email", admin.address)
    admin.password = re.search(r"^password: (\S+)", told, re.MULTILINE).group(1)
    admin.sign_in()
    expect("user_type of an admin", admin.get("me/")["user_type"], "admin")
    done("create-admin, and log in as the admin")
    since = time.time()
    auction = put_up(admin)
    joining((ann, bob, cleo), auction)
    browsing(ann, auction)
    bidding(ann, bob, auction, since)
    winning(ann, bob, auction)
    mails(ann, bob, cleo, since)
    forgetting(ann)
    print("the walk is complete")


main()
