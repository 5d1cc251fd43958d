"""The fork servers of this process: started when first wanted, kept, replaced when dead, ended."""

from __future__ import annotations

import sys
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from ..child.request import Call, Ending
from .server import ChildProcess, start_server

LIMIT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerKey:
    """What one server can serve: equal keys share it. `variables` and `preload` are sorted."""

    python: str
    variables: tuple[tuple[str, str], ...]
    preload: tuple[str, ...]


class ForkServers:
    """Keeps at most `limit` servers, the least recently used one ending first; for one thread.

    `folder` is an existing folder for their logs and homes. Without `forks`, every call gets a
    fresh process of its own.
    """

    def __init__(
        self, folder: Path, *, limit: int = LIMIT, forks: bool = sys.platform == "linux"
    ) -> None:
        self._folder = folder
        self._limit = limit
        self._forks = forks
        self._servers: OrderedDict[ServerKey, ChildProcess] = OrderedDict()

    def call(self, key: ServerKey, call: Call, timeout: float | None) -> Ending:
        """Run one attempt and return how it ended; `timeout` is in seconds, from its start.

        Raises ServerLostError where the server cannot be started or dies. Whatever else is raised
        meanwhile (KeyboardInterrupt) leaves no process behind.
        """
        server = self._take(key)
        try:
            ending = server.call(call, timeout)
        except BaseException:
            server.close()
            raise
        if self._forks:
            self._keep(key, server)
        else:
            server.close()
        return ending

    def close(self) -> None:
        """End every server and every process below it; safe to call twice."""
        while self._servers:
            self._servers.popitem()[1].close()

    def _take(self, key: ServerKey) -> ChildProcess:
        server = self._servers.pop(key, None)
        if server is not None:
            if server.is_alive():
                return server
            server.close()
        return start_server(
            python=key.python,
            variables=dict(key.variables),
            preload=key.preload,
            folder=self._folder,
            forks=self._forks,
        )

    def _keep(self, key: ServerKey, server: ChildProcess) -> None:
        self._servers[key] = server
        while len(self._servers) > self._limit:
            self._servers.popitem(last=False)[1].close()
