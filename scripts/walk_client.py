"""What the client of walk_through.py is made of: people, their authenticators, their mail and their sockets."""

import base64
import email
import email.policy
import hashlib
import hmac
import json
import re
import struct
import sys
import time
from pathlib import Path

import requests
import websocket

ADDRESS, DATA, SERVER = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
SOCKETS = ADDRESS.replace("http", "ws", 1) + "/ws/auction"

PASSWORD = "correct horse battery 27"

# Seconds: how long an answer, a message or a mail may take.
PATIENCE = 20
# Seconds by which the times of files may lag behind the clock.
TICK = 0.05

STATE_FIELDS = {"title", "description", "image", "starting_price", "status", "last_vote"}

# By what in its subject a mail is known. The description names the events and leaves the words open.
SUBJECTS = {
    "verification": r"verif|code",
    "password reset": r"password",
    "starting soon": r"start.*soon|soon.*start",
    "started": r"started|has begun|is open|is live|now open",
    "ending soon": r"end.*soon|soon.*end",
    "ended": r"ended|is over|has closed|did not win",
    "outbid": r"outbid",
    "winner": r"\bwon\b|winner|winning",
}


def expect(what, found, wanted):
    """Ends the walk where something is not as described."""
    if found != wanted:
        raise SystemExit(f"FAILED  {what}\n  expected: {wanted!r}\n  found:    {found!r}")


def holds(what, condition, found=""):
    if not condition:
        raise SystemExit(f"FAILED  {what}\n  found: {found!r}")


def done(step):
    print(f"ok  {step}", flush=True)


class Person:
    """Somebody with an address, who may be signed in."""

    def __init__(self, address, first_name):
        self.address, self.first_name = address, first_name
        self.password, self.token, self.authenticator = PASSWORD, None, None
        self.mails_read = set()

    def call(self, method, path, wanted, body=None, parameters=None):
        """One call: its JSON, after its status was looked at."""
        headers = {"Authorization": f"Token {self.token}"} if self.token else {}
        response = requests.request(
            method, ADDRESS + "/api/" + path, json=body, params=parameters, headers=headers, timeout=PATIENCE
        )
        what = f"{method} /api/{path} {parameters or ''} as {self.first_name}: {response.text[:200]}"
        expect(what, response.status_code, wanted)
        return response.json() if response.content else None

    def get(self, path, wanted=200, /, **parameters):
        return self.call("GET", path, wanted, parameters=parameters)

    def post(self, path, wanted=200, /, **body):
        return self.call("POST", path, wanted, body)

    def mail(self, kind, since):
        """The mail of this kind that came since then, waited for. Each is read once."""
        until = time.monotonic() + PATIENCE
        subjects = []
        while time.monotonic() < until:
            subjects = []
            for file in sorted((DATA / "mail").glob("*.eml")):
                message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                if message["To"] != self.address or file.name in self.mails_read or file.stat().st_mtime < since - TICK:
                    continue
                subjects.append(message["Subject"])
                if re.search(SUBJECTS[kind], message["Subject"], re.IGNORECASE):
                    self.mails_read.add(file.name)
                    holds(f"the mail comes as HTML, too: {kind}", message.get_body(("html",)) is not None)
                    return message.get_body(("plain",)).get_content()
            time.sleep(0.1)
        raise SystemExit(f"FAILED  a mail to {self.address}: {kind}\n  expected within {PATIENCE} s, found: {subjects!r}")

    def register(self):
        since = time.time()
        names = {"first_name": self.first_name, "last_name": "Doe"}
        answer = self.post("register/", 201, email=self.address, password=self.password, **names)
        expect("the answer to register/", answer, {"detail": "OTP sent to your email."})
        self.post("resend-otp/", 400, email=self.address)
        otp = re.search(r"\b\d{6}\b", self.mail("verification", since))
        holds("the mail has a code of six digits", otp)
        self.post("verify-otp/", email=self.address, otp=otp.group())

    def sign_in(self):
        answer = self.post("login/", email=self.address, password=self.password)
        if self.authenticator is None:
            expect("requires_2fa", answer["requires_2fa"], False)
            self.token = answer["token"]
            return
        expect("what login/ answers with 2FA", set(answer), {"requires_2fa", "temp_token"})
        expect("requires_2fa", answer["requires_2fa"], True)
        code = self.authenticator.code()
        answer = self.post("2fa/verify/", temp_token=answer["temp_token"], code=code)
        self.token = answer["token"]

    def watch(self, auction):
        return Watcher(websocket.create_connection(f"{SOCKETS}/{auction}/?token={self.token}", timeout=PATIENCE))


class Authenticator:
    """RFC 6238 as telephones do it: HMAC-SHA-1, six digits, 30 seconds."""

    STEP = 30

    def __init__(self, secret):
        self.key = base64.b32decode(secret + "=" * (-len(secret) % 8))
        self.last = 0

    def code(self):
        """A code that was not used yet: the last one, the present one or the next, whichever comes first."""
        if self.STEP - time.time() % self.STEP < 2:
            time.sleep(2)
        step = max(self.last + 1, int(time.time()) // self.STEP - 1)
        time.sleep(max(0, (step - 1) * self.STEP - time.time()))
        self.last = step
        digest = hmac.new(self.key, struct.pack(">Q", step), hashlib.sha1).digest()
        offset = digest[-1] & 15
        number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"


class Watcher:
    """A socket that reads states and answers apart."""

    def __init__(self, socket):
        self.socket = socket

    def hear(self, what, is_meant):
        until = time.monotonic() + PATIENCE
        heard = []
        while time.monotonic() < until:
            message = json.loads(self.socket.recv())
            heard.append(message)
            if is_meant(message):
                return message
        raise SystemExit(f"FAILED  a message over the socket: {what}\n  heard: {heard!r}")

    def state(self, what, is_meant):
        state = self.hear(what, lambda message: "title" in message and is_meant(message))
        expect("fields of a state that are missing", STATE_FIELDS - set(state), set())
        return state

    def bid(self, price):
        self.socket.send(json.dumps({"action": "place_bid", "price": price}))
        return self.hear(f"the answer to a bid of {price}", lambda message: {"success", "error"} & set(message))
