"""The fork servers of this process: started when first wanted, kept, replaced when dead, ended."""

from __future__ import annotations

import sys
from collections import OrderedDict
from pathlib import Path

from ..child.request import AnyCall, Ending
from .nursery import adopt_server
from .server import ChildProcess, start_server
from .server_key import ServerKey

LIMIT = 4


class ForkServers:
    """Keeps at most `limit` servers, the least recently used one ending first; for one thread.

    `folder` is an existing folder for their logs and homes, `nursery` that of a nursery from which
    they come where it has them. Without `forks`, every call gets a fresh process of its own.
    """

    def __init__(
        self,
        folder: Path,
        *,
        nursery: Path | None = None,
        limit: int = LIMIT,
        forks: bool = sys.platform == "linux",
    ) -> None:
        self._folder = folder
        self._nursery = nursery
        self._limit = limit
        self._forks = forks
        self._servers: OrderedDict[ServerKey, ChildProcess] = OrderedDict()

    def call(self, key: ServerKey, call: AnyCall, timeout: float | None) -> Ending:
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
        if self._nursery is not None and self._forks:
            adopted = adopt_server(self._nursery, key, self._folder)
            if adopted is not None:
                return adopted
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
