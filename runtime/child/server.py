"""The fork server: forks one child per attempt and leaves nothing of it behind."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import traceback
from typing import Any, cast

from .attempt import run_attempt
from .descendants import end_descendants, peak_bytes
from .frame import read_frame, write_frame
from .kernel import die_with
from .request import AnyCall, Ending, Report
from .surroundings import know_code, prepare_streams

GRACE_SECONDS = 0.25
"""How long processes that an attempt leaves may take to end by themselves."""


def serve_forks(fd: int) -> None:
    """Answer calls on a socket, one at a time, until the other end is closed.

    Each call is answered by `{"started": pid}` and `{"ended": Ending}`; `{"kill": true}` in
    between ends the attempt.
    """
    prepare_streams()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(awake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    with contextlib.suppress(OSError):
        write_frame(fd, {"ready": os.getpid()})
        while (message := read_frame(fd)) is not None:
            if "call" in message:
                ending = _attempt(fd, awake, wake, cast(AnyCall, message["call"]))
                write_frame(fd, {"ended": ending})
    end_descendants()


def _attempt(fd: int, awake: int, wake: int, call: AnyCall) -> Ending:
    if call["how"] == "function":
        know_code(call["code"])
    with open(os.memfd_create("report"), "rb") as report:
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            _become_attempt(server, (fd, awake, wake), call, report.fileno())
        write_frame(fd, {"started": pid})
        watch = _Watch(fd, awake, pid)
        watch.wait()
        left, cpu, peak = end_descendants(grace=0.0 if watch.killed else GRACE_SECONDS)
        os.lseek(report.fileno(), 0, os.SEEK_SET)
        found = read_frame(report.fileno())
    return Ending(
        status=os.WEXITSTATUS(watch.status) if os.WIFEXITED(watch.status) else None,
        signal=os.WTERMSIG(watch.status) if os.WIFSIGNALED(watch.status) else None,
        cpu=watch.cpu + cpu,
        peak=max(watch.peak, peak),
        left=left,
        killed=watch.killed,
        report=cast(Report | None, found),
    )


def _become_attempt(server: int, ours: tuple[int, ...], call: AnyCall, report: int) -> None:
    """Turn a fresh fork into the attempt; never returns."""
    try:
        os.setsid()
        die_with(server)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for each in ours:
            os.close(each)
        run_attempt(call, report)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(70)


class _Watch:
    """Waits until the attempt has ended, ending it on request or when the parent is gone."""

    def __init__(self, fd: int, awake: int, pid: int) -> None:
        self.fd, self.awake, self.pid = fd, awake, pid
        self.status, self.cpu, self.peak, self.killed = 0, 0.0, 0, False

    def wait(self) -> None:
        """Return once the attempt is reaped."""
        poll = select.poll()
        poll.register(self.fd, select.POLLIN)
        poll.register(self.awake, select.POLLIN)
        while not self._reap():
            for ready, _ in poll.poll():
                if ready == self.awake:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self.awake, 4096)
                else:
                    self._obey(read_frame(self.fd), poll)

    def _obey(self, message: dict[str, Any] | None, poll: select.poll) -> None:
        if message is None:
            # The socket stays readable at its end: look at it no more, `serve_forks` will.
            poll.unregister(self.fd)
        if message is None or "kill" in message:
            self.killed = True
            for end in (os.killpg, os.kill):
                with contextlib.suppress(OSError):
                    end(self.pid, signal.SIGKILL)

    def _reap(self) -> bool:
        """Reap whatever has ended, orphans too; say whether the attempt has."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if pid == 0:
                return False
            self.cpu += usage.ru_utime + usage.ru_stime
            self.peak = max(self.peak, peak_bytes(usage.ru_maxrss))
            if pid == self.pid:
                self.status = status
                return True
