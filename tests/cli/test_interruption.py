"""Which exit status a command has that a signal ended."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# The first words of a module that is run with `-m`.
COMMAND = """
import signal, sys
from reprocc.cli.interruption import Interruption
from reprocc.cli.status import INTERRUPTED

def main():
    interruption = Interruption()
    status = 0
    try:
        exec("signal.raise_signal(signal.{name})")
    except KeyboardInterrupt:
        status = INTERRUPTED
    status = interruption.close(status)
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGTERM)
    sys.exit(status)

main()
"""


def run(folder: Path, name: str, *prefix: str) -> int:
    (folder / "command.py").write_text(COMMAND.format(name=name))
    command = [*prefix, sys.executable, "-m", "command"]
    return subprocess.run(command, cwd=folder, timeout=30).returncode


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_the_status_names_the_signal_and_later_ones_do_nothing(
    name: str, status: int, tmp_path: Path
) -> None:
    assert run(tmp_path, name) == status


def test_what_the_caller_had_ignored_stays_ignored(tmp_path: Path) -> None:
    assert run(tmp_path, "SIGHUP", "nohup") == 0
