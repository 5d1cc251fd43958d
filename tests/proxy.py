"""A proxy between a store's client and its server: it counts requests, and does harm if told to."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import unquote, urlsplit

_OF_A_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request; `what` is its method, path and query as a person would write them.

    `is_conditional` says that it is to write only where nothing is; `size` is that of its body.
    """

    method: str
    what: str
    size: int
    is_conditional: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer with this status, and ask nobody."""

    status: int
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Break:
    """Ask the server if `asks`, answer with the first `part` of its answer's body, and hang up.

    Without a `part`, not even the head of the answer is sent.
    """

    asks: bool
    part: float | None = None


@dataclass(frozen=True, slots=True)
class Unconditional:
    """Take the condition of a write away, as a server does that does not know it."""


Harm = Answer | Break | Unconditional | None
Rule = Callable[[Asked], Harm]


class Proxy:
    """Passes requests on to a server at `host:port`, and keeps count of them.

    `rule` says what harm is done to each request; None lets it through.
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.asked: list[Asked] = []
        """Every request so far; whoever counts those of one command clears it before."""
        self.rule: Rule = lambda _: None
        self._lock = threading.Lock()
        proxy = self

        class Passing(_Passing):
            owner = proxy

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, asked: Asked) -> Harm:
        """Count a request and say what is to be done to it."""
        with self._lock:
            self.asked.append(asked)
        return self.rule(asked)


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: Proxy

    def _pass(self) -> None:
        body = self._body()
        asked = Asked(
            method=self.command,
            what=f"{self.command} {_read(self.path)}",
            size=len(body),
            is_conditional="ifGenerationMatch=0" in self.path or "If-None-Match" in self.headers,
        )
        harm = self.owner.take(asked)
        if isinstance(harm, Answer):
            self._answer(harm.status, [("Content-Type", "text/plain")], harm.body)
            return
        if isinstance(harm, Break) and not harm.asks:
            self.close_connection = True
            return
        if isinstance(harm, Unconditional):
            self.path = self.path.replace("&ifGenerationMatch=0", "")
            del self.headers["If-None-Match"]
        status, headers, answer = self._forward(body)
        if not isinstance(harm, Break):
            self._answer(status, headers, answer)
            return
        self.close_connection = True
        if harm.part is not None:
            self._answer(status, headers, answer, sent=int(len(answer) * harm.part))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        upstream = http.client.HTTPConnection(self.owner.upstream, timeout=60)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _OF_A_HOP}
        headers.pop("Expect", None)
        upstream.request(
            self.command, self.path, body, {**headers, "Content-Length": str(len(body))}
        )
        with upstream.getresponse() as found:
            answer = found.read()
            kept = [
                (name, value.replace(self.owner.upstream, self.owner.address))
                for name, value in found.getheaders()
                if name.lower() not in _OF_A_HOP
            ]
            if self.command == "HEAD":
                kept.append(("Content-Length", found.headers.get("Content-Length", "0")))
        upstream.close()
        return found.status, kept, answer

    def _answer(
        self, status: int, headers: list[tuple[str, str]], body: bytes, sent: int | None = None
    ) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(body)))
        # Who has heard enough hangs up.
        with suppress(OSError):
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else body[:sent])

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _pass  # noqa: N815  # names of http.server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _read(path: str) -> str:
    parts = urlsplit(path)
    return unquote(parts.path) + (f"?{unquote(parts.query)}" if parts.query else "")
