"""Every way in which an attempt can end without outputs, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attempts import Fit, failure

from reprocc.runtime.worker.worker import Worker

MODES = pytest.mark.parametrize("forks", [True, False], ids=["fork", "once"])


ENDINGS = {
    "an exception": ("raise ValueError('no')", "error", "`fit` raised ValueError: no"),
    "an exception without text": ("raise KeyError", "error", "`fit` raised KeyError"),
    "a long text": (
        "raise ValueError('x' * 500)",
        "error",
        "`fit` raised ValueError: " + "x" * 54 + "…",
    ),
    "sys.exit": (
        "import sys; sys.exit(3)",
        "error",
        "`fit` ended its process with `sys.exit(3)`",
    ),
    "os._exit": ("import os; os._exit(4)", "error", "`fit` ended its process with status 4"),
    "os._exit(0)": ("import os; os._exit(0)", "error", "`fit` ended its process with status 0"),
    "a crash": (
        "import os; os.abort()",
        "error",
        "`fit` was killed by signal 6 (SIGABRT)",
    ),
    "a kill": (
        "import os; os.kill(os.getpid(), 9)",
        "out-of-memory",
        "`fit` was killed by signal 9; the machine may have run out of memory",
    ),
    "no memory": ("raise MemoryError", "out-of-memory", "`fit` ran out of memory"),
    "too much memory": (
        "import numpy; numpy.ones(1 << 50)",
        "out-of-memory",
        "`fit` ran out of memory: Unable to allocate 8.00 PiB for an array with shape (1…",
    ),
    "a broken text": (
        "raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})()",
        "error",
        "`fit` raised work.Odd",
    ),
    "an interrupt": ("raise KeyboardInterrupt", "error", "`fit` raised KeyboardInterrupt"),
    "too deep": (
        "fit()",
        "error",
        "`fit` raised RecursionError: maximum recursion depth exceeded",
    ),
}


@MODES
@pytest.mark.parametrize("name", ENDINGS)
def test_an_attempt_that_gives_nothing_says_why(
    fit: Fit, shared_worker: Worker, name: str, forks: bool, open_worker: Callable[..., Worker]
) -> None:
    body, reason, message = ENDINGS[name]
    worker = shared_worker if forks else open_worker(forks=False)
    assert failure(fit(f"def fit():\n    {body}", worker=worker)) == (reason, message)


def test_the_traceback_shows_the_users_frames_and_causes_alone(fit: Fit) -> None:
    outcome = fit(
        """
        from pack.inner import divide

        def fit():
            try:
                divide(1, 0)
            except ZeroDivisionError as error:
                raise RuntimeError("no ratio") from error
        """,
        files={"pack/inner.py": "def divide(a, b):\n    return a / b\n"},
    )
    assert outcome.failure is not None
    lines = outcome.failure.detail.splitlines()
    assert [line for line in lines if not line or line.strip(" ^~")] == [
        "Traceback (most recent call last):",
        '  File "work.py", line 6, in fit',
        "    divide(1, 0)",
        '  File "pack/inner.py", line 2, in divide',
        "    return a / b",
        "ZeroDivisionError: division by zero",
        "",
        "The above exception was the direct cause of the following exception:",
        "",
        "Traceback (most recent call last):",
        '  File "work.py", line 8, in fit',
        '    raise RuntimeError("no ratio") from error',
        "RuntimeError: no ratio",
    ]


def test_a_module_that_cannot_be_imported_shows_the_import_that_failed(fit: Fit) -> None:
    outcome = fit("import no_such_thing\ndef fit(): return {}")
    assert outcome.failure is not None
    assert outcome.failure.message == (
        "`fit` raised ModuleNotFoundError: No module named 'no_such_thing'"
    )
    assert outcome.failure.help == "install `no_such_thing` where the function runs"
    assert outcome.failure.detail == (
        "Traceback (most recent call last):\n"
        '  File "work.py", line 1, in <module>\n'
        "    import no_such_thing\n"
        "ModuleNotFoundError: No module named 'no_such_thing'"
    )


def test_a_syntax_error_names_the_users_file(fit: Fit) -> None:
    outcome = fit("def fit(:\n    pass")
    assert outcome.failure is not None
    assert outcome.failure.message == "`fit` raised SyntaxError: invalid syntax (work.py, line 1)"
    assert 'File "work.py", line 1' in outcome.failure.detail


def test_the_detail_of_a_crash_is_the_end_of_the_log(fit: Fit) -> None:
    outcome = fit("import os\ndef fit():\n    print('before')\n    os.abort()")
    assert outcome.failure is not None
    assert outcome.failure.detail.startswith("before\nFatal Python error: Aborted")
