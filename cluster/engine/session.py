"""An embedded Ray: started in this process, private, and gone without a trace when it ends."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import secrets
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from ...runtime.interrupts import held_back
from ...runtime.worker.nursery import Nursery
from ...runtime.worker.server_key import ServerKey
from ...runtime.worker.workplace import Workplace, is_held
from . import sentinel
from .stdout import StdoutAside

PREFIX = "reprocc-ray-"
LONGEST_FOLDER = 45
"""Bytes of the folder's path: Ray puts sockets below it, whose paths must stay within 107 bytes."""

_PACKAGE = __name__.rpartition(".cluster.")[0]
_PRELOADED = (f"{_PACKAGE}.cluster.engine.attempt", f"{_PACKAGE}.runtime.codecs.table")
"""What Ray's workers import when they start, which is before a task waits for it."""

OBJECT_STORE_BYTES = 80 * 1024 * 1024
"""Data travels through the store, never through Ray's own object store; this is Ray's least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What an embedded Ray offers; None: what the machine has. Labels and resources are extra."""

    cpus: int | None = None
    gpus: int | None = None
    labels: tuple[tuple[str, str], ...] = ()
    custom: tuple[tuple[str, float], ...] = ()


class EmbeddedSession:
    """One private Ray head in this process, and beside it, in the folder `nursery`, what tasks will
    want to have imported.

    While it lives, descriptor 1 leads into a file of the session, since Ray prints there; Python's
    `sys.stdout` still reaches the true one. Everything that Ray writes lies in one folder, which
    goes when the session ends, also when this process is killed.
    """

    def __init__(
        self, machine: Machine, nursery: str = "", wanted: Sequence[ServerKey] = ()
    ) -> None:
        with held_back():
            self._place = Workplace(_root(), kind="ray-")
            self.folder = self._place.path
            self._sentinel = sentinel.start(self.folder)
            self._output = StdoutAside(self.folder / "ray.out")
            self._nursery = Nursery(self.folder / nursery, wanted) if nursery else None
        try:
            self.ray = _start(self.folder, machine)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End Ray and remove its folder; safe to call twice."""
        with held_back():
            module = sys.modules.get("ray")
            # A Ray whose import was cut short has not all of its functions.
            if module is not None and getattr(module, "is_initialized", lambda: False)():
                _shut_down(module)
            if self._nursery is not None:
                self._nursery.close()
            self._output.restore()
            self._sentinel.stop()
            self._place.close()


def others_alive(own: Path) -> int:
    """Count the embedded sessions of this machine's other processes."""
    return sum(1 for folder in _root().glob(f"{PREFIX}*") if folder != own and is_held(folder))


def _root() -> Path:
    root = Path(tempfile.gettempdir())
    return root if len(os.fsencode(root)) + len(PREFIX) + 8 <= LONGEST_FOLDER else Path("/tmp")


def _start(folder: Path, machine: Machine) -> ModuleType:
    os.environ.update(
        RAY_ENABLE_UV_RUN_RUNTIME_ENV="0",
        RAY_USAGE_STATS_ENABLED="0",
        RAY_AUTH_MODE="token",
        RAY_AUTH_TOKEN=_token(),
        RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO="1",
        # A worker's fork server, left alone, ends all that is below it; killed, it could not.
        RAY_kill_child_processes_on_worker_exit="0",
        RAY_preload_python_modules=",".join(_PRELOADED),
        REPROCC_SESSION=str(folder),
    )
    for name in ("RAY_ADDRESS", "RAY_AUTH_TOKEN_PATH", "RAY_TMPDIR"):
        os.environ.pop(name, None)
    import ray

    with _terminate_kept():
        ray.init(**_options(folder, machine))
    return ray


@functools.cache
def _token() -> str:
    # Ray reads it once in a process, so a second session must go by that of the first.
    return secrets.token_hex(32)


def _shut_down(ray: ModuleType) -> None:
    """Leave Ray and kill its processes, to which it would give a second to end by themselves.

    Nothing in them is still wanted, and the sentinel ends whatever they leave.
    """
    # A Ray that keeps its processes elsewhere ends them its own way.
    with contextlib.suppress(AttributeError):
        processes = ray._private.worker._global_node
        kill = processes.kill_all_processes
        processes.kill_all_processes = lambda **how: kill(**{**how, "allow_graceful": False})
    ray.shutdown()


def _options(folder: Path, machine: Machine) -> dict[str, Any]:
    options: dict[str, Any] = {
        "address": "local",
        "include_dashboard": False,
        "log_to_driver": False,
        "logging_level": logging.ERROR,
        "configure_logging": True,
        "object_store_memory": OBJECT_STORE_BYTES,
        "_temp_dir": str(folder),
        "_node_ip_address": "127.0.0.1",
    }
    if machine.cpus is not None:
        options["num_cpus"] = machine.cpus
    if machine.gpus is not None:
        options["num_gpus"] = machine.gpus
    if machine.labels:
        options["labels"] = dict(machine.labels)
    if machine.custom:
        options["resources"] = dict(machine.custom)
    return options


@contextlib.contextmanager
def _terminate_kept() -> Iterator[None]:
    # ray.init puts a SIGTERM handler of its own in place.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)
