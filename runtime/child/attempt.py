"""One attempt: a clean process around one call of a function, one program or one query."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable

from .arguments import keyword_arguments
from .command import run_command
from .entry import load_entry
from .failure import WrongOutputError, failure_report
from .frame import write_frame
from .kernel import flush_c_streams
from .request import AnyCall, Call, Report
from .returned import produced_outputs
from .seeding import seed_everything, seed_on_import
from .surroundings import enter


def run_attempt(call: AnyCall, report: int, finish: Callable[[], object] | None = None) -> None:
    """Run the attempt in this process, write a Report to the descriptor, and exit; never returns.

    Exit functions that the user's code registered run; threads that it left are not waited for.
    """
    atexit._clear()
    enter(call)
    found = _run(call)
    atexit._run_exitfuncs()
    _flush()
    write_frame(report, dict(found))
    if finish is not None:
        finish()
    os._exit(0)


def _run(call: AnyCall) -> Report:
    if call["how"] == "command":
        return run_command(call)
    if call["how"] == "query":
        from .query import run_query

        return run_query(call)
    return _call_function(call)


def _call_function(call: Call) -> Report:
    try:
        seed_on_import(call)
        seed_everything(call)
        function = load_entry(call)
        arguments = keyword_arguments(call)
        seed_everything(call)
        return {"outputs": produced_outputs(call, function(**arguments))}
    except WrongOutputError as error:
        return error.report
    except BaseException as error:
        return failure_report(call, error)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            # The user's code may have closed or replaced it; its result counts all the same.
            continue
    flush_c_streams()
