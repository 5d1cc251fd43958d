"""Processes that have imported what tasks will want, and fork a server for whoever connects.

Servers with the same modules are forked from one process, and a process with more modules from one
with fewer, so nothing is imported twice, and no server has a module that it was not asked for.
"""

from __future__ import annotations

import gc
import importlib
import os
import select
import signal
import socket
import sys
import traceback
from typing import NoReturn, TypedDict

from .frame import read_frame
from .kernel import adopt_orphans, thread_count
from .server import serve_forks


class Bed(TypedDict):
    """A process to be: the modules that it adds to its parent's, the listening socket at which it
    is asked for servers (None: it only has children), and its children."""

    modules: list[str]
    listener: int | None
    children: list[Bed]


def tend(bed: Bed, life: int) -> NoReturn:
    """Be this process, with all below it, until the other end of `life` is closed."""
    # Servers that have ended are nobody's to wait for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for module in bed["modules"]:
        try:
            importlib.import_module(module)
        except BaseException:
            # Whatever is wrong with a module is for the attempt that imports it to say.
            continue
        if thread_count() > 1:
            # What has threads cannot be forked; whoever asks starts a server of its own.
            os._exit(0)
    gc.collect()
    gc.freeze()
    own = None if bed["listener"] is None else socket.socket(fileno=bed["listener"])
    waiting = list(bed["children"])
    while waiting:
        child = waiting.pop()
        if os.fork() == 0:
            if own is not None:
                own.close()
            _close_all(waiting)
            tend(child, life)
        _close_all([child])
    _serve(own, life)


def _serve(listener: socket.socket | None, life: int) -> NoReturn:
    poll = select.poll()
    poll.register(life, select.POLLIN)
    if listener is not None:
        poll.register(listener, select.POLLIN)
    while not any(ready == life for ready, _ in poll.poll()) and listener is not None:
        connection, _ = listener.accept()
        if os.fork() == 0:
            os.close(life)
            listener.close()
            _become_server(connection.detach())
        connection.close()
    os._exit(0)


def _become_server(fd: int) -> NoReturn:
    """Serve a connection as a process that was started for it alone would."""
    try:
        os.setsid()
        adopt_orphans()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        asked = read_frame(fd)
        if asked is not None:
            os.environ.update({"HOME": asked["home"], "TMPDIR": asked["home"]})
            if "tempfile" in sys.modules:
                setattr(sys.modules["tempfile"], "tempdir", None)  # noqa: B010 - a module has any
            os.chdir(asked["home"])
            log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.close(log)
            serve_forks(fd)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _close_all(beds: list[Bed]) -> None:
    """Close what only these processes listen at."""
    for bed in beds:
        if bed["listener"] is not None:
            os.close(bed["listener"])
        _close_all(bed["children"])
