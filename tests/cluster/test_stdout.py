"""Standard output while Ray talks into it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TALK = """
import os, sys, threading
from pathlib import Path
from reprocc.cluster.engine.stdout import StdoutAside
print("before")
aside = StdoutAside(Path(sys.argv[1]))
print("größer")
thread = threading.Thread(target=lambda: print("from a thread"))
thread.start()
thread.join()
os.write(1, b"from C\\n")
aside.restore()
aside.restore()
print("after", flush=True)
os.write(1, b"all\\n")
"""


def test_only_what_this_thread_says_reaches_it(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", TALK, tmp_path / "aside"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    assert said.stdout == "before\ngrößer\nafter\nall\n"
    assert (tmp_path / "aside").read_text() == "from a thread\nfrom C\n"


def test_a_reader_that_has_gone_does_not_keep_it_from_being_restored(tmp_path: Path) -> None:
    code = TALK.replace('print("before")', "").replace('print("after", flush=True)', "os._exit(7)")
    process = subprocess.Popen(
        [sys.executable, "-c", "input()" + code, tmp_path / "aside"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, errors = process.communicate(b"\n", timeout=30)
    assert (errors.decode(), process.returncode) == ("", 7)
