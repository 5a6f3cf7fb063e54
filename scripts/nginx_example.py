"""Runs nginx with the example of deploy/nginx before three stand-ins of the server and asks what it does.

Started by nginx_example.sh. The stand-ins are threads of this process, so that it sees what reached which of them.
"""

import base64
import hashlib
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "auctions.example.com"
AUCTIONS = range(1, 61)
TOKEN = "a-token-that-nobody-may-read"
FAIL_SECONDS = 1
checks = 0


def check(holds, sentence, *seen):
    global checks
    checks += 1
    if not holds:
        raise SystemExit(f"nginx_example: does not hold: {sentence} {list(seen) if seen else ''}")
    print(f"  {sentence}")


class Node:
    """A stand-in of a server: it answers who it is and what it was asked."""

    def __init__(self, name, port=0):
        self.name = name
        self.asked = []
        self.open = set()
        node = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self):
                super().setup()
                node.open.add(self.connection)

            def finish(self):
                node.open.discard(self.connection)
                try:
                    super().finish()
                except OSError:
                    pass

            def log_message(self, *_):
                pass

            def answer(self):
                left = int(self.headers.get("Content-Length") or 0)
                length = left
                while left:
                    left -= len(self.rfile.read(min(left, 1 << 20)))
                node.asked.append((self.command, self.path, self.headers.get("X-Stub")))
                if self.headers.get("Upgrade") == "websocket":
                    return self.upgrade()
                if self.headers.get("X-Stub") == f"drop at {node.name}":
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                status = 503 if self.headers.get("X-Stub") == "busy" else 200
                names = ("Host", "X-Forwarded-For", "X-Request-Id", "Connection", "Upgrade")
                said = {"node": node.name, "bytes": length, **{name: self.headers.get(name) for name in names}}
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PATCH = do_DELETE = answer

            def upgrade(self):
                """Shakes hands, sends its name, and sends back the first message."""
                self.send_response(101)
                self.send_header("Upgrade", "websocket")
                self.send_header("Connection", "Upgrade")
                self.send_header("Sec-WebSocket-Accept", accepted(self.headers["Sec-WebSocket-Key"]))
                self.end_headers()
                text = json.dumps({"node": node.name}).encode()
                self.wfile.write(bytes([0x81, len(text)]) + text)
                head = self.rfile.read(6)
                payload = self.rfile.read(head[1] & 0x7F)
                message = bytes(byte ^ head[2 + i % 4] for i, byte in enumerate(payload))
                self.wfile.write(bytes([0x81, len(message)]) + message)
                self.close_connection = True

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 512

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def die(self):
        self.server.shutdown()
        self.server.server_close()
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def accepted(key):
    return base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()


class Client:
    def __init__(self, port, certificate):
        self.port = port
        self.tls = ssl.create_default_context(cafile=certificate)

    def connect(self, source="127.0.0.1"):
        plain = socket.create_connection(("127.0.0.1", self.port), 20, (source, 0))
        return self.tls.wrap_socket(plain, server_hostname=HOST)

    def connection(self, source="127.0.0.1"):
        connection = http.client.HTTPConnection(HOST, timeout=20)
        connection.sock = self.connect(source)
        return connection

    def ask(self, path, method="GET", body=None, source="127.0.0.1", connection=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = connection or self.connection(source)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text[:1] == b"{" else text, answer.headers

    def node(self, path, **more):
        status, said, _ = self.ask(path, **more)
        if status != 200:
            raise SystemExit(f"nginx_example: {path} was answered with {status} {said}")
        return said["node"]

    def socket(self, path):
        """Opens a socket; the node's name and what it sent back."""
        with self.connect() as stream:
            key = base64.b64encode(os.urandom(16)).decode()
            stream.sendall(
                f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
            )
            read = stream.makefile("rb")
            status = int(read.readline().split()[1])
            headers = dict(line.decode().strip().lower().split(": ", 1) for line in iter(read.readline, b"\r\n"))
            if status != 101:
                return status, None, None
            assert headers["sec-websocket-accept"] == accepted(key).lower()
            hello = read.read(read.read(2)[1])
            stream.sendall(b"\x81\x84\0\0\0\0ping")
            return status, json.loads(hello)["node"], read.read(read.read(2)[1])


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def settings(prefix, nodes, port, plain_port):
    """The example as it stands in deploy/, with ports, folders and waits of this run."""
    shutil.copytree(ROOT / "deploy/nginx/auction", prefix / "auction")
    set_rate(prefix, "200r/s", "10000r/s")
    text = (ROOT / "deploy/nginx/auction.conf").read_text()
    servers = [line for line in text.splitlines() if line.strip().startswith("server 10.")]
    check(len(servers) == 2, "the example names two nodes")
    # All with the words of the first, so that these are what is tried.
    lines = [servers[0].replace("10.0.0.11:9000", f"127.0.0.1:{node.port}") for node in nodes]
    lines = [line.replace("fail_timeout=5s", f"fail_timeout={FAIL_SECONDS}s") for line in lines]
    text = text.replace(servers[0], "\n".join(lines)).replace(servers[1] + "\n", "")
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{plain_port};",
        "listen [::]:80;": "",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "listen [::]:443 ssl;": "",
        "/etc/ssl/auctions/fullchain.pem": f"{prefix}/certificate.pem",
        "/etc/ssl/auctions/privkey.pem": f"{prefix}/key.pem",
        "/var/log/nginx/": f"{prefix}/log/",
    }.items():
        if old not in text:
            raise SystemExit(f"nginx_example: deploy/nginx/auction.conf has no {old!r} any more")
        text = text.replace(old, new)
    (prefix / "auction.conf").write_text(text)
    gateway = (ROOT / "deploy/nginx/compose.conf").read_text()
    gateway = gateway.replace("server server:9000", f"server localhost:{nodes[0].port}")
    (prefix / "compose.conf").write_text(gateway.replace("listen 8080;", f"listen 127.0.0.1:{free_port()};"))
    return [main(prefix, name) for name in ("auction", "compose")][0]


def set_rate(prefix, old, new):
    """How many calls of one address are let through must not depend on how fast this machine asks."""
    path = prefix / "auction/maps.conf"
    text = path.read_text()
    if f"rate={old};" not in text:
        raise SystemExit(f"nginx_example: deploy/nginx/auction/maps.conf has no rate of {old}")
    path.write_text(text.replace(f"rate={old};", f"rate={new};"))


def main(prefix, name):
    temporary = "".join(
        f"    {kind}_temp_path {prefix}/temporary/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.getuid() == 0 else ""
    path = prefix / f"{name}.main.conf"
    path.write_text(
        f"{user}daemon off;\nworker_processes 2;\npid {prefix}/{name}.pid;\nerror_log {prefix}/log/main.log;\n"
        f"events {{ worker_connections 4096; }}\nhttp {{\n    access_log off;\n{temporary}"
        f"    include {prefix}/{name}.conf;\n}}\n"
    )
    return path


def hashing(client, nodes):
    print("hashing")
    homes = {auction: client.node(f"/api/auctions/{auction}/") for auction in AUCTIONS}
    counts = [list(homes.values()).count(node.name) for node in nodes]
    check(min(counts) >= 5, f"{len(homes)} auctions are spread over all nodes", counts)
    for auction in AUCTIONS:
        calls = [("GET", ""), ("GET", "bids/"), ("GET", "bids"), ("GET", "events/?since=3"), ("POST", "bids/")]
        seen = {client.node(f"/api/auctions/{auction}/{path}", method=method) for method, path in calls}
        seen.add(client.node(f"/api/auctions/{auction}/bids/", method="POST", Idempotency_Key=f"k{auction}"))
        seen.add(client.node(f"/api/auctions/{auction}/", source="127.0.0.2"))
        seen.add(client.node(f"/api//auctions/0{auction}"))
        seen.add(client.socket(f"/ws/auction/{auction}/?token={TOKEN}")[1])
        if seen != {homes[auction]}:
            raise SystemExit(f"nginx_example: auction {auction} went to {seen}, first to {homes[auction]}")
    check(True, "every call about an auction and its socket go to one node, whoever asks")
    others = {client.node(path) for path in ("/api/auctions/", "/api/time/", "/media/a.png", "/api/auctions/12a/")}
    check(len(others) == 1, "everything else of one client stays with one node", others)
    sources = {client.node("/api/time/", source=f"127.0.0.{n}") for n in range(2, 42)}
    check(len(sources) == len(nodes), "clients are spread over all nodes", sources)
    return homes


def passing(client, plain_port):
    print("what is passed on")
    status, said, headers = client.ask("/api/time/", X_Forwarded_For="1.2.3.4")
    check(said["X-Forwarded-For"] == "127.0.0.1", "an invented X-Forwarded-For is replaced", said)
    check(said["Host"] == HOST and len(said["X-Request-Id"]) == 32, "the host and an id are passed on", said)
    check(said["Upgrade"] is None, "an ordinary call asks for no upgrade", said)
    check(client.socket(f"/ws/auction/1/?token={TOKEN}")[2] == b"ping", "a socket carries messages both ways")
    status, said, _ = client.ask("/api/auctions/1/images/", "POST", b"x" * (20 << 20))
    check((status, said["bytes"]) == (200, 20 << 20), "an upload of 20 MiB comes through", status, said)
    status, said, _ = client.ask("/api/auctions/1/images/", "POST", b"x" * (22 << 20))
    check((status, said["code"]) == (413, "payload_too_large"), "one of 22 MiB is refused as JSON", status, said)
    hidden = [client.ask(path)[0] for path in ("/metrics", "/metrics/", "//metrics", "/%6detrics", "/metrics?x=1")]
    check(set(hidden) == {404}, "metrics are not shown", hidden)
    connection = http.client.HTTPConnection("127.0.0.1", plain_port, timeout=5)
    connection.request("POST", "/api/login/?a=b", headers={"Host": HOST})
    answer = connection.getresponse()
    check((answer.status, answer.headers["Location"]) == (308, f"https://{HOST}/api/login/?a=b"),
          "plain HTTP is sent to HTTPS", answer.status)


def forgive(client):
    """Waits until no node is left alone for its faults (nginx counts whole seconds), and lets each do well."""
    time.sleep(FAIL_SECONDS + 1.1)
    for auction in AUCTIONS:
        client.node(f"/api/auctions/{auction}/")


def clear(nodes):
    for node in nodes:
        node.asked.clear()


def repeating(client, nodes, homes):
    """A node takes a call and hangs up without an answer: which calls are sent to another one."""
    print("a node that hangs up")
    calls = [
        ("GET", "", None, True),
        ("POST", "bids/", None, False),
        ("PATCH", "", None, False),
        ("POST", "join_auction/", "k", False),
        ("POST", "bids/", "k", True),
        ("POST", "buy/", "k", True),
    ]
    for number, (method, path, key, repeated) in enumerate(calls):
        if number == len(nodes):
            forgive(client)
        home = nodes[number % len(nodes)].name
        auction = next(auction for auction in AUCTIONS if homes[auction] == home)
        stub = f"drop at {home}"
        headers = {"X_Stub": stub} | ({"Idempotency_Key": key} if key else {})
        status, said, answered = client.ask(f"/api/auctions/{auction}/{path}", method, **headers)
        times = sum(asked[2] == stub for node in nodes for asked in node.asked)
        clear(nodes)
        name = f"{method} {path or 'auction'}{' with a key' if key else ''}"
        if repeated:
            check((status, times) == (200, 2) and said["node"] != home, f"{name} goes to another node", status, times)
        else:
            check((status, times, said["code"], answered["Retry-After"]) == (503, 1, "unavailable", "1"),
                  f"{name} is sent once, and answered 503", status, times, said)
    forgive(client)
    clear(nodes)
    status, said, _ = client.ask("/api/auctions/7/", X_Stub="busy")
    check((status, said["node"], sum(len(node.asked) for node in nodes)) == (503, homes[7], 1),
          "a 503 of a node is passed on and asked nowhere else", status, said)


def failing(client, nodes, homes, prefix):
    print("a node that dies")
    dead = next(node for node in nodes if node.name == homes[7])
    dead.die()
    moved = {auction: client.node(f"/api/auctions/{auction}/") for auction in AUCTIONS}
    check(dead.name not in moved.values(), "its auctions go elsewhere, and nobody sees an error")
    stayed = all(moved[auction] == home for auction, home in homes.items() if home != dead.name)
    check(stayed, "those of other nodes stay where they were")
    mine = [auction for auction, home in homes.items() if home == dead.name]
    check(len({moved[auction] for auction in mine}) > 1, "its auctions are shared out over the others")
    bids = {client.node(f"/api/auctions/{auction}/bids/", method="POST") for auction in mine}
    check(dead.name not in bids, "bids without a key go elsewhere as well: they never reached it", bids)
    check(client.socket(f"/ws/auction/7/?token={TOKEN}")[1] == moved[7], "its sockets too")
    nodes[nodes.index(dead)] = Node(dead.name, dead.port)
    deadline = time.monotonic() + 10
    while {auction: client.node(f"/api/auctions/{auction}/") for auction in AUCTIONS} != homes:
        if time.monotonic() > deadline:
            raise SystemExit("nginx_example: the auctions of a node that is back do not come back")
        time.sleep(0.2)
    check(True, "when it is back they come back")
    for node in nodes:
        node.die()
    status, said, headers = client.ask("/api/auctions/7/")
    check((status, said["code"], headers["Retry-After"]) == (503, "unavailable", "1"), "without any node it is 503 as JSON",
          status, said)
    status, said, _ = client.ask("/api/auctions/7/bids/", "POST", Idempotency_Key="k")
    check((status, said["code"]) == (503, "unavailable"), "and so is a bid with a key", status, said)
    check(client.socket(f"/ws/auction/7/?token={TOKEN}")[0] == 503, "and so is a socket")
    client.ask(f"/reset-password?token={TOKEN}")
    logs = "".join(path.read_text() for path in (prefix / "log").iterdir())
    check("/ws/auction/7/" in logs and "connect() failed" in logs, "the logs tell of calls and faults")
    check(TOKEN not in logs, "tokens stand in no log")


def flooding(client):
    print("a flood")

    def some(_):
        connection = client.connection()
        return [client.ask("/api/time/", connection=connection) for _ in range(150)]

    with ThreadPoolExecutor(6) as pool:
        answers = [answer for part in pool.map(some, range(6)) for answer in part]
    refused = [(said, headers) for status, said, headers in answers if status == 429]
    check(refused and refused[0][0]["code"] == "throttled" and refused[0][1]["Retry-After"] == "1",
          "too many calls at once are refused as JSON", len(answers))
    check(len(answers) - len(refused) >= 400, "a burst of 400 is none", len(refused))


def start(command, client):
    process = subprocess.Popen(command)
    for _ in range(200):
        try:
            client.connect().close()
            return process
        except ConnectionRefusedError:
            time.sleep(0.05)
    stop(process)
    raise SystemExit("nginx_example: nginx does not start")


def stop(process):
    process.terminate()
    process.wait()


def run(nginx):
    prefix = Path(tempfile.mkdtemp())
    process = None
    try:
        for folder in ("log", "temporary"):
            (prefix / folder).mkdir()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext",
             f"subjectAltName=DNS:{HOST}", "-keyout", prefix / "key.pem", "-out", prefix / "certificate.pem"],
            check=True, capture_output=True)
        nodes = [Node(name) for name in ("one", "two", "three")]
        port, plain_port = free_port(), free_port()
        configuration = settings(prefix, nodes, port, plain_port)
        command = [nginx, "-p", f"{prefix}/", "-e", f"{prefix}/log/main.log", "-c"]
        for name in ("auction", "compose"):
            tried = subprocess.run([*command, prefix / f"{name}.main.conf", "-t"], capture_output=True, text=True)
            check(tried.returncode == 0 and "[warn]" not in tried.stderr, f"nginx takes {name}.conf", tried.stderr)
        client = Client(port, prefix / "certificate.pem")
        process = start([*command, configuration], client)
        homes = hashing(client, nodes)
        passing(client, plain_port)
        repeating(client, nodes, homes)
        failing(client, nodes, homes, prefix)
        stop(process)
        set_rate(prefix, "10000r/s", "5r/s")
        nodes[0] = Node("one", nodes[0].port)
        process = start([*command, configuration], client)
        flooding(client)
    finally:
        if process:
            stop(process)
        shutil.rmtree(prefix)
    print(f"nginx_example: {checks} checks hold")


run(sys.argv[1])
