"""The command line used wrongly, and what every verb has in common."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reprocc import __version__

from .conftest import run_many

WRONG = (
    (("vlidate",), "there is no verb `vlidate`", "did you mean `validate`?"),
    (("nonsense",), "there is no verb `nonsense`", "`reprocc --help` lists the verbs"),
    (("submit",), "`SPEC` is missing", "write `reprocc submit [OPTIONS] SPEC`"),
    (("validate",), "`SPEC…` is missing", "write `reprocc validate [OPTIONS] SPEC…`"),
    (("submit", "x.yaml", "--jsno"), "there is no option `--jsno`", "did you mean `--json`?"),
    (
        ("submit", "x.yaml", "--executor", "dask"),
        "`dask` is not a value of `--executor`",
        "use one of `ray`, `inline`",
    ),
    (
        ("validate", "x.yaml", "--format", "xml"),
        "`xml` is not a value of `--format`",
        "use one of `full`, `concise`, `json`, `sarif`, `github`",
    ),
    (("runs", "-n"), "`-n` needs a value", "`reprocc --help` lists the options"),
    (
        ("runs", "-n", "x"),
        "the value of `--limit` must be a whole number",
        "`reprocc runs --help` lists the options",
    ),
    (("runs", "-n", "0"), "`-n 0` shows nothing", "write `-n 1` or more"),
    (("runs", "--json=3"), "`--json` takes no value", "`reprocc --help` lists the options"),
    (
        ("get", "a", "b"),
        "`b` is more than the verb takes",
        "write `reprocc get [OPTIONS] NAME[@V]`",
    ),
)


def test_a_wrong_use_is_named_in_our_own_words(tmp_path: Path) -> None:
    found = run_many([arguments for arguments, _, _ in WRONG], tmp_path)
    for (_, message, help), done in zip(WRONG, found, strict=True):
        assert done == (2, "", f"error: {message}\n  = help: {help}\n")


def test_no_verb_at_all_shows_the_verbs(reprocc: Callable[..., Any]) -> None:
    done = reprocc()
    assert (done.rc, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: reprocc ")
    helped = reprocc("--help")
    assert (helped.rc, helped.stderr) == (0, "")
    for verb in ("validate", "compile", "plan", "submit", "runs", "show", "logs", "artifacts"):
        assert f"\n  {verb} " in helped.stdout


def test_the_version_is_printed(reprocc: Callable[..., Any]) -> None:
    done = reprocc("--version")
    assert (done.rc, done.stdout, done.stderr) == (0, f"reprocc {__version__}\n", "")


def test_a_verb_without_a_store_says_where_it_looked(tmp_path: Path) -> None:
    verbs = [["runs"], ["show"], ["logs"], ["artifacts"], ["versions", "a"], ["get", "a"]]
    for done in run_many(verbs, tmp_path):
        assert done == (
            1,
            "",
            f"error: there is no store at `{tmp_path}/.reprocc`\n"
            "  = help: run a pipeline with `reprocc submit`, or name a store with `--store`\n",
        )
    assert list(tmp_path.iterdir()) == []


COLOUR = """
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.executable, [sys.executable, "-m", "reprocc.cli", "validate", "nowhere.yaml"])
said = b""
try:
    while part := os.read(terminal, 1000):
        said += part
except OSError:
    pass
os.waitpid(pid, 0)
sys.stdout.write(repr(b"\\x1b[" in said))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_colour_goes_to_a_terminal_that_wants_it() -> None:
    import os
    import subprocess

    def is_coloured(**variables: str) -> str:
        kept = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
        return subprocess.run(
            [sys.executable, "-c", COLOUR],
            env=kept | {"TERM": "xterm"} | variables,
            capture_output=True,
            check=True,
            encoding="utf-8",
        ).stdout

    assert is_coloured() == "True"
    assert is_coloured(NO_COLOR="1") == "False"
    assert is_coloured(TERM="dumb") == "False"
