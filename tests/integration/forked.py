"""Verbs of the command line in forks of one process, which can be killed at a chosen system call.

Importing takes most of a short verb's time, so a process that has imported everything forks for
each. Run as a program, this module is that process: it reads a request a line and answers each
with a line. In a request with a `point`, the verb kills itself (-9) before the system call of that
number that concerns the store; of a write, half is made first. With a `refusal`, which is an errno,
it goes on instead, and every such call from that one on is refused.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

CALLS = ("open", "write", "fsync", "link", "rename", "mkdir", "unlink", "utime", "copy_file_range")


class Ended(NamedTuple):
    """How a verb ended: its status, or minus the signal; `calls` that concerned the store."""

    rc: int
    stdout: str
    stderr: str
    calls: int

    @property
    def json(self) -> Any:
        """What it printed on stdout, which is JSON."""
        return json.loads(self.stdout)


class Forked:
    """A process that runs verbs in one folder, by forking."""

    def __init__(self, folder: Path, temporary: Path) -> None:
        self._folder = folder
        temporary.mkdir(exist_ok=True)
        variables = {k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")}
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(temporary)],
            cwd=folder,
            env={**variables, "TMPDIR": str(temporary)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Forked:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._process.communicate()

    def start(
        self,
        *arguments: str,
        point: int | None = None,
        refusal: int | None = None,
        folder: Path | None = None,
    ) -> None:
        """Begin a verb."""
        assert self._process.stdin is not None
        request = {
            "arguments": arguments,
            "point": point,
            "refusal": refusal,
            "folder": str(folder or self._folder),
        }
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def ended(self) -> Ended:
        """Wait for the verb that was begun."""
        assert self._process.stdout is not None
        return Ended(*json.loads(self._process.stdout.readline()))

    def run(
        self,
        *arguments: str,
        point: int | None = None,
        refusal: int | None = None,
        folder: Path | None = None,
    ) -> Ended:
        """Run a verb."""
        self.start(*arguments, point=point, refusal=refusal, folder=folder)
        return self.ended()

    def ask(self, *arguments: str, folder: Path | None = None) -> Any:
        """Run a verb with `--json` that must succeed, and return what it printed."""
        done = self.run(*arguments, "--json", folder=folder)
        assert done.rc == 0, f"status {done.rc}\n{done.stdout}\n{done.stderr}"
        return done.json


def _serve(temporary: Path) -> None:
    import reprocc.cli.__main__
    import reprocc.cli.submission
    import reprocc.cli.verbs.fsck
    import reprocc.cli.verbs.gc
    import reprocc.cli.verbs.submit
    import reprocc.runtime.codecs.table
    import reprocc.runtime.keeping.check
    import reprocc.runtime.keeping.collect
    import reprocc.runtime.perform

    for line in sys.stdin:
        request = json.loads(line)
        files = [temporary / name for name in ("stdout", "stderr", "calls", "modules")]
        for file in files:
            file.write_bytes(b"")
        child = os.fork()
        if not child:
            _verb(request, files, reprocc.cli.__main__.main)
        rc = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out, err, calls, modules = (file.read_text(encoding="utf-8") for file in files)
        print(json.dumps([rc, out, err, len(calls)]), flush=True)
        for module in modules.split():  # the next verb finds them here
            with contextlib.suppress(ImportError):
                importlib.import_module(module)


def _verb(request: dict[str, Any], files: list[Path], main: Callable[[], None]) -> None:
    os.chdir(request["folder"])
    for number, file in enumerate(files[:2], 1):
        handle = os.open(file, os.O_WRONLY | os.O_APPEND)
        os.dup2(handle, number)
        os.close(handle)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["reprocc", *request["arguments"]]
    store, log = f"{os.getcwd()}/.reprocc", os.open(files[2], os.O_WRONLY)
    _trace(store, log, point=request["point"], refusal=request["refusal"])
    status, before = object(), set(sys.modules)
    try:
        main()
    except SystemExit as ended:
        status = ended.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        files[3].write_text(" ".join(sorted(sys.modules.keys() - before)), encoding="utf-8")
        os._exit(status if isinstance(status, int) else 1)


def _trace(store: str, log: int, *, point: int | None, refusal: int | None) -> None:
    """Count the system calls that concern the store; die before one of them, or refuse it."""
    count, ours = 0, set[int]()
    write = os.write

    def concerns(argument: object) -> bool:
        if isinstance(argument, str | bytes | os.PathLike):
            return os.fsdecode(argument).startswith(store)
        return isinstance(argument, int) and argument in ours

    def wrap(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def traced(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            is_about_it = any(map(concerns, arguments[:2]))
            if is_about_it:
                count += 1
                write(log, b".")
                if point is not None and count >= point and refusal is not None:
                    raise OSError(refusal, os.strerror(refusal), store)
                if count == point:
                    if name == "write":
                        write(arguments[0], arguments[1][: len(arguments[1]) // 2])
                    os.kill(os.getpid(), signal.SIGKILL)
            found = call(*arguments, **options)
            if name == "open":
                (ours.add if is_about_it else ours.discard)(found)
            return found

        return traced

    for name in CALLS:
        if hasattr(os, name):
            setattr(os, name, wrap(name, getattr(os, name)))


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
