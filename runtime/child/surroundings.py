"""What an attempt finds around it: streams, folders, variables, path, and a neutral `__main__`."""

from __future__ import annotations

import faulthandler
import io
import os
import sys
import tempfile
import types

from .kernel import unbuffer_c_output
from .request import Call

_BARE: frozenset[str] = getattr(sys.modules["__main__"], "BARE", frozenset())


def enter(call: Call) -> None:
    """Give this process the surroundings of the attempt."""
    _redirect(call["log"])
    os.environ.update({"HOME": call["home"], "TMPDIR": call["temporary"]})
    os.environ.update(call["variables"])
    tempfile.tempdir = None
    # The folder of the code is shared by attempts, and nothing of one reaches the next.
    sys.dont_write_bytecode = True
    os.chdir(call["folder"])
    os.umask(0o022)
    _forget_shadowed(call["code"])
    sys.path.insert(0, call["code"])
    sys.argv = [""]
    sys.modules["__main__"] = types.ModuleType("__main__")


def _redirect(log: str) -> None:
    """Send both streams to one file, unbuffered, so that everything stands in the order written."""
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    empty = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((empty, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(output)
    os.close(empty)
    unbuffer_c_output()
    stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - it stays open
    sys.stdin = sys.__stdin__ = stdin  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = _writer(1, "strict")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _writer(2, "backslashreplace")  # type: ignore[misc]
    faulthandler.enable(file=2)


def _writer(fd: int, errors: str) -> io.TextIOWrapper:
    raw = open(fd, "wb", buffering=0, closefd=False)  # noqa: SIM115 - it stays open
    return io.TextIOWrapper(raw, encoding="utf-8", errors=errors, write_through=True)


def _forget_shadowed(code: str) -> None:
    """Drop imported modules that the user's own ones of the same name stand before.

    A user's `queue.py` is what `import queue` means to them, though this process has already
    imported the standard library's. What a bare Python has imported stays, as it does there.
    """
    for entry in os.listdir(code):
        name, suffix = os.path.splitext(entry)
        is_module = suffix == ".py" or os.path.isfile(os.path.join(code, entry, "__init__.py"))
        if is_module and name in sys.modules and name not in _BARE:
            for loaded in [each for each in sys.modules if each.partition(".")[0] == name]:
                del sys.modules[loaded]
