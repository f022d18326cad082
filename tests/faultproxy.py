"""A proxy between a phone and the server that fails in the ways networks do.

For: tests. It forwards HTTP to the real server and, by rule, cuts the answer after the server has committed, answers
as a captive portal would, swaps answers, truncates them, or is simply gone. Not for: slowness; no test waits.
"""

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "proxy-authenticate"}
PORTAL_PAGE = b"<!doctype html><title>WiFi mien phi</title><form action=/login><button>Dang nhap</button></form>"


@dataclass
class Rule:
    """Do `fault` to requests whose "METHOD path" matches pattern, `times` times (None = always)."""

    fault: str
    pattern: str = ".*"
    times: int | None = None
    hits: int = 0

    def takes(self, line: str) -> bool:
        """Say whether this request is to suffer, and count it."""
        if (self.times is not None and self.hits >= self.times) or not re.search(self.pattern, line):
            return False
        self.hits += 1
        return True


@dataclass
class FaultProxy:
    """One listening proxy. `seen` lists "METHOD path → what happened"; rules are tried in order."""

    upstream: str
    rules: list[Rule] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    last_answer: dict[str, bytes] = field(default_factory=dict)
    let_go: threading.Event = field(default_factory=threading.Event)
    server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """The address a phone uses."""
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def fail(self, fault: str, pattern: str = ".*", times: int | None = None) -> Rule:
        """Add a rule; fault is the name of a do_… method below, e.g. drop_reply or captive_portal."""
        self.let_go.clear()
        rule = Rule(fault, pattern, times)
        self.rules.append(rule)
        return rule

    def turn_to(self, *rules: Rule) -> None:
        """Have these rules and no others from now on: not one request gets through in between."""
        self.let_go.clear()
        self.rules = list(rules)

    def heal(self) -> None:
        """Forget all rules and let go what was held."""
        self.rules = []
        self.let_go.set()

    def fault_for(self, line: str) -> str:
        """Return the fault of the first rule that takes the request, or ""."""
        return next((rule.fault for rule in self.rules if rule.takes(line)), "")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: FaultProxy

    def handle(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # the phone died in the middle
            super().handle()

    def handle_any(self) -> None:
        line = f"{self.command} {self.path}"
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.proxy.fault_for(line)
        self.proxy.seen.append(f"{line} → {fault or 'ok'}")
        getattr(self, f"do_{fault}", self.do_pass)(body)

    do_GET = do_POST = do_HEAD = do_PATCH = do_PUT = do_DELETE = do_OPTIONS = handle_any  # noqa: N815

    def forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        where = urlsplit(self.proxy.upstream)
        link = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP | {"accept-encoding"}}
        link.request(self.command, self.path, body or None, headers)
        answer = link.getresponse()
        content = answer.read()
        link.close()
        return answer.status, answer.getheaders(), content

    def reply(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP | {"content-length"}:
                self.send_header(name, value)
        length = next((v for n, v in headers if n.lower() == "content-length"), None)
        self.send_header("Content-Length", length if self.command == "HEAD" and length else str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def do_pass(self, body: bytes) -> None:
        try:
            status, headers, content = self.forward(body)
        except OSError:
            self.hang_up()
            return
        self.proxy.last_answer[self.path.split("?")[0]] = content
        self.reply(status, headers, content)

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    def do_down(self, body: bytes) -> None:
        self.hang_up()

    do_drop_request = do_down

    def do_drop_reply(self, body: bytes) -> None:
        self.forward(body)
        self.hang_up()

    def do_duplicate(self, body: bytes) -> None:
        self.forward(body)
        self.do_pass(body)

    def do_captive_portal(self, body: bytes) -> None:
        self.reply(200, [("Content-Type", "text/html")], PORTAL_PAGE)

    def do_login_page(self, body: bytes) -> None:
        self.reply(302, [("Location", "/dang-nhap/?next=" + self.path)], b"")

    def do_server_error(self, body: bytes) -> None:
        self.reply(502, [("Content-Type", "text/html")], b"<h1>Bad gateway</h1>")

    def do_hold(self, body: bytes) -> None:
        """Keep the request until the line is let go, then pass it on."""
        if self.proxy.let_go.wait(60):
            self.do_pass(body)

    def do_stall(self, body: bytes) -> None:
        """Keep the request until the line is let go; the server never sees it."""
        self.proxy.let_go.wait(60)
        self.hang_up()

    def do_swap(self, body: bytes) -> None:
        status, headers, content = self.forward(body)
        self.reply(status, headers, self.proxy.last_answer.get(self.path.split("?")[0], content))

    def do_truncate(self, body: bytes) -> None:
        status, headers, content = self.forward(body)
        self.reply(status, headers, content[: len(content) // 2])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: tests read `seen`."""


@contextmanager
def fault_proxy(upstream: str) -> Iterator[FaultProxy]:
    """Run a proxy in front of upstream ("http://127.0.0.1:8000") while the block runs."""
    proxy = FaultProxy(upstream)
    proxy.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"proxy": proxy}))
    proxy.server.daemon_threads = True
    thread = threading.Thread(target=proxy.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.server.shutdown()
        proxy.server.server_close()
        thread.join()
