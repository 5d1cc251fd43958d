"""What an attempt finds around it: streams, folders, variables, path, and a neutral `__main__`."""

from __future__ import annotations

import contextlib
import faulthandler
import io
import os
import sys
import types

from .kernel import unbuffer_c_output
from .request import AnyCall, Call

_BARE: frozenset[str] = getattr(sys.modules["__main__"], "BARE", frozenset())


def enter(call: AnyCall) -> None:
    """Give this process the surroundings of the attempt."""
    _redirect(call["log"])
    os.environ.update({"HOME": call["home"], "TMPDIR": call["temporary"]})
    os.environ.update(call["variables"])
    if "tempfile" in sys.modules:
        setattr(sys.modules["tempfile"], "tempdir", None)  # noqa: B010 - a module has any
    os.chdir(call["folder"])
    os.umask(0o022)
    if call["how"] == "function":
        _become_bare(call)


def _become_bare(call: Call) -> None:
    """Look like a Python that has just been started, with the user's code on its path."""
    # The folder of the code is shared by attempts, and nothing of one reaches the next.
    sys.dont_write_bytecode = True
    _forget_shadowed(call["code"])
    sys.path.insert(0, call["code"])
    sys.argv = [""]
    sys.modules["__main__"] = types.ModuleType("__main__")


def prepare_streams() -> None:
    """Make the streams that an attempt will have, once for all that are forked from here."""
    if not _STREAMS:
        unbuffer_c_output()
        stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - it stays open
        _STREAMS.extend((stdin, _writer(1, "strict"), _writer(2, "backslashreplace")))
        faulthandler.enable(file=2)


_STREAMS: list[io.TextIOWrapper] = []
"""Standard input, output and error; they lead wherever the descriptors 0, 1 and 2 do."""


def _redirect(log: str) -> None:
    """Send both streams to one file, unbuffered, so that everything stands in the order written."""
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    empty = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((empty, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(output)
    os.close(empty)
    prepare_streams()
    sys.stdin, sys.stdout, sys.stderr = _STREAMS
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = _STREAMS  # type: ignore[misc]


def _writer(fd: int, errors: str) -> io.TextIOWrapper:
    raw = open(fd, "wb", buffering=0, closefd=False)  # noqa: SIM115 - it stays open
    return io.TextIOWrapper(raw, encoding="utf-8", errors=errors, write_through=True)


def know_code(code: str) -> None:
    """Look into a folder of code, once for all attempts that are forked from here.

    Nothing in it ever changes: what is laid out anew lies in another folder.
    """
    if code in _SHADOWED:
        return
    try:
        _SHADOWED[code] = _shadowed(code)
    except OSError:
        return  # the attempt will say so
    for hook in sys.path_hooks:
        with contextlib.suppress(ImportError):
            finder = hook(code)
            finder.find_spec("")  # which lets it list the folder
            sys.path_importer_cache[code] = finder
            return


_SHADOWED: dict[str, list[str]] = {}
"""By folder of code, the modules here that its own ones of the same name stand before."""


def _forget_shadowed(code: str) -> None:
    """Drop imported modules that the user's own ones of the same name stand before.

    A user's `queue.py` is what `import queue` means to them, though this process has already
    imported the standard library's. What a bare Python has imported stays, as it does there.
    """
    for name in _SHADOWED[code] if code in _SHADOWED else _shadowed(code):
        sys.modules.pop(name, None)


def _shadowed(code: str) -> list[str]:
    found: list[str] = []
    for entry in os.listdir(code):
        name, suffix = os.path.splitext(entry)
        is_module = suffix == ".py" or os.path.isfile(os.path.join(code, entry, "__init__.py"))
        if is_module and name in sys.modules and name not in _BARE:
            found += [each for each in sys.modules if each.partition(".")[0] == name]
    return found
