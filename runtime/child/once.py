"""Serves one attempt without a fork, where forking is unsafe."""

from __future__ import annotations

import os
import signal
import threading
from typing import cast

from .attempt import run_attempt
from .descendants import end_descendants
from .frame import read_frame, write_frame
from .request import AnyCall

GRACE_SECONDS = 0.25
"""How long processes that an attempt leaves may take to end by themselves."""


def serve_once(fd: int) -> None:
    """Run the one call that arrives on a socket in this process, which it ends.

    Answers `{"ready": pid}`, `{"started": pid}` and the Report. Whatever arrives after the call,
    or the end of the socket, kills this process and all below it.
    """
    write_frame(fd, {"ready": os.getpid()})
    message = read_frame(fd)
    if message is None or "call" not in message:
        return
    write_frame(fd, {"started": os.getpid()})
    threading.Thread(target=_end_with_parent, args=(fd,), daemon=True).start()
    run_attempt(
        cast(AnyCall, message["call"]), fd, finish=lambda: end_descendants(grace=GRACE_SECONDS)
    )


def _end_with_parent(fd: int) -> None:
    read_frame(fd)
    end_descendants()
    os.killpg(os.getpid(), signal.SIGKILL)
