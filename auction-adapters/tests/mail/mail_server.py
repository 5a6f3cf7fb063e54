"""A mail server that takes mails, shows what it took, and misbehaves when it is told to.

    mail_server.py CERTIFICATE KEY

It listens on three free ports: without encryption and without users, with STARTTLS, and encrypted from the first byte;
the last two let in `house` with the password `hunter2` only. What happens is written to standard output, an object of
JSON a line, beginning with the ports. Orders come over standard input in the same form, and each is answered:

    {"order": "fault", "step": STEP, "action": ACTION}   what to do when STEP is reached next; several wait in line
    {"order": "drop"}                                    ends all connections
    {"order": "close"}                                   stops listening
    {"order": "open"}                                    listens again, on the same ports
    {"order": "clear"}                                   forgets what was ordered for later
    {"order": "look"}                                    does nothing, but is answered
    {"order": "parse", "file": PATH}                     what stands in a file with a mail

Steps are greeting, mail, rcpt, data (the command) and content (after the last line). An action is an answer (with 421
the connection ends), `slow` (as usual, a second later), `abort`, `silence`, `lost` (the mail is taken, and the connection ends without an answer), `late`
(the mail is taken, and no answer comes), or, at the step tls, `inject`. It ends with its standard input.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def say(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


def parsed(content):
    """All headers and all texts of a mail, as those who receive it see them."""
    mail = email.message_from_bytes(content, policy=email.policy.default)
    parts = [part for part in mail.walk() if not part.is_multipart()]
    return {
        "headers": [[name, str(value)] for name, value in mail.items()],
        "recipients": [address.addr_spec for address in mail["To"].addresses],
        "parts": [[part.get_content_type(), part.get_content().replace("\r\n", "\n")] for part in parts],
        "defects": [repr(defect) for part in mail.walk() for defect in part.defects],
        "longest": max(len(line) for line in content.split(b"\r\n")),
        "is_clean": b"\r" not in content.replace(b"\r\n", b"") and b"\n" not in content.replace(b"\r\n", b""),
    }


class House:
    """What all connections share."""

    def __init__(self):
        self.faults = {}
        self.connections = set()

    async def fault(self, server, step):
        """The answer that was ordered for this step, if there is one."""
        waiting = self.faults.get(step)
        if not waiting:
            return None
        action = waiting.pop(0)
        if action == "slow":
            await asyncio.sleep(1)
            return None
        if action in ("abort", "lost"):
            server.transport.abort()
        if action in ("abort", "lost", "silence", "late"):
            await asyncio.get_running_loop().create_future()
        if action.startswith("421"):
            await server.push(action)
            server.transport.close()
            await asyncio.get_running_loop().create_future()
        return action

    def takes(self):
        waiting = self.faults.get("content")
        return not waiting or waiting[0] in ("slow", "lost", "late")

    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = await self.fault(server, "mail")
        if answer is None:
            envelope.mail_from = address
        return answer or "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = await self.fault(server, "rcpt")
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        content = envelope.original_content
        if self.takes():
            say("mail", sender=envelope.mail_from, recipients=envelope.rcpt_tos, mail=parsed(content),
                user=session.auth_data and session.auth_data.decode(), hello=session.host_name)
        return await self.fault(server, "content") or "250 2.0.0 OK"


class Server(SMTP):
    """One connection."""

    def __init__(self, house, **options):
        super().__init__(house, hostname="localhost", ident="test", timeout=600, **options)
        self.house = house

    async def _handle_client(self):
        # After STARTTLS the same connection begins once more inside of aiosmtpd, without coming here.
        say("connected")
        self.house.connections.add(self)
        answer = await self.house.fault(self, "greeting")
        if answer is None:
            await super()._handle_client()
        else:
            await self.push(answer)
            self.transport.close()

    async def push(self, status):
        if isinstance(status, str) and status.startswith("220 Ready"):
            waiting = self.house.faults.get("tls")
            if waiting and waiting.pop(0) == "inject":
                status += "\r\n250-slipped in before the encryption\r\n250 AUTH PLAIN LOGIN"
        await super().push(status)

    def connection_lost(self, error):
        self.house.connections.discard(self)
        super().connection_lost(error)

    async def smtp_DATA(self, arg):
        answer = await self.house.fault(self, "data")
        if answer is None:
            await super().smtp_DATA(arg)
        else:
            await self.push(answer)


def authenticate(server, session, envelope, mechanism, data):
    is_right = (data.login, data.password) == (b"house", b"hunter2")
    return AuthResult(success=is_right, handled=False, auth_data=data.login)


async def main(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    loop = asyncio.get_running_loop()
    house = House()
    users = {"authenticator": authenticate, "auth_required": True}
    kinds = {
        "plain": (lambda: Server(house, auth_require_tls=False), None),
        "starttls": (lambda: Server(house, tls_context=context, require_starttls=True, **users), None),
        "tls": (lambda: Server(house, auth_require_tls=False, **users), context),
    }
    listeners = {}

    async def listen(ports):
        for kind, (made, encryption) in kinds.items():
            listeners[kind] = await loop.create_server(made, "127.0.0.1", ports[kind], ssl=encryption)

    await listen(dict.fromkeys(kinds, 0))
    ports = {kind: listener.sockets[0].getsockname()[1] for kind, listener in listeners.items()}
    say("ready", **ports)
    orders = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        order = json.loads(line)
        if order["order"] == "fault":
            house.faults.setdefault(order["step"], []).append(order["action"])
            say("ordered")
        elif order["order"] == "drop":
            for connection in list(house.connections):
                connection.transport.abort()
            say("ordered")
        elif order["order"] == "close":
            for listener in listeners.values():
                listener.close()
            say("ordered")
        elif order["order"] == "open":
            await listen(ports)
            say("ordered")
        elif order["order"] == "clear":
            house.faults.clear()
            say("ordered")
        elif order["order"] == "look":
            say("ordered")
        elif order["order"] == "parse":
            with open(order["file"], "rb") as file:
                say("parsed", mail=parsed(file.read()))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
