"""The child's process: imports what is wanted beforehand, then serves one attempt or many."""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys

from .kernel import adopt_orphans, thread_count
from .server import serve_forks


def serve(argv: list[str]) -> None:
    """Serve on the descriptor that `argv` names until the parent is gone.

    `argv` is the script, the descriptor, `fork`, `once` or `nursery`, and the modules to import
    beforehand as a JSON list, or those of a nursery as a tree.
    """
    fd, mode, modules = int(argv[1]), argv[2], json.loads(argv[3])
    os.set_inheritable(fd, False)
    if mode == "nursery":
        from .nursery import tend

        tend(modules, fd)
    adopt_orphans()
    if mode == "once":
        from .once import serve_once

        serve_once(fd)
    else:
        _preload(fd, argv, modules)
        serve_forks(fd)


def _preload(fd: int, argv: list[str], modules: list[str]) -> None:
    """Import modules one by one; start anew without one that starts threads.

    A fork keeps only the thread that called it, and locks that others held stay locked for ever.
    """
    for module in modules:
        try:
            importlib.import_module(module)
        except BaseException:
            # Whatever is wrong with a module is for the attempt that imports it to say.
            continue
        if thread_count() > 1:
            rest = [name for name in modules if name != module]
            os.set_inheritable(fd, True)
            os.execv(sys.executable, [*_command(), *argv[:3], json.dumps(rest)])
    gc.collect()
    # Objects made so far are never examined again, so their pages stay shared after a fork.
    gc.freeze()


def _command() -> list[str]:
    """Return the interpreter and its options as this process was started."""
    return [sys.orig_argv[0], *sys.orig_argv[1 : sys.orig_argv.index(sys.argv[0])]]
