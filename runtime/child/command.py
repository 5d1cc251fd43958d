"""Runs a program in the attempt's surroundings and says how it ended."""

from __future__ import annotations

import errno
import os
import sys

from .kernel import die_with, thread_count
from .request import CommandCall, Report


def run_command(call: CommandCall) -> Report:
    """Run a program with its arguments to its end.

    It has the streams, variables and working folder of this process, and no descriptors else.
    """
    import subprocess  # the server of commands has it already, others need not pay for it

    ours = os.getpid()
    # Between a fork and a start, nothing of Python may run where there are other threads.
    can_prepare = sys.platform == "linux" and thread_count() == 1
    try:
        process = subprocess.Popen(
            call["words"], preexec_fn=(lambda: die_with(ours)) if can_prepare else None
        )
    except (OSError, ValueError) as error:
        # A ValueError is a word that no program can be given, with a NUL in it.
        number = error.errno if isinstance(error, OSError) else errno.EINVAL
        return {"exit": {"status": None, "signal": None, "error": number}}
    code = process.wait()
    return {
        "exit": {
            "status": code if code >= 0 else None,
            "signal": -code if code < 0 else None,
            "error": None,
        }
    }
