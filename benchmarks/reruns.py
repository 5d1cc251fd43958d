"""How many stages run again after a change: two chains of four, one change after the other.

Each stage appends its name to a file when it runs; the counts are the lines of that file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .peer_tools import Peer, small_stages

LOG = "executions.log"
HELPER = 'def shout(text):\n    return text.upper() + "{mark}"\n'
STAGE = """
import json, sys
from helper import shout

name, source, target = sys.argv[1:]
with open("executions.log", "a") as log:
    log.write(name + "\\n")
verb, _, chain = name.partition("_")
with open(source) as file:
    text = file.read()
if verb == "strip":
    text = " ".join(text.split())
elif verb == "shout":
    text = shout(text)
elif verb == "turn":
    text = text[::-1]
else:
    with open("params.yaml") as file:
        text += json.load(file)["ending_" + chain]
with open(target, "w") as file:
    file.write(text)
"""
OURS = """
from pathlib import Path

def _ran(name, log):
    with open(log, "a") as file:
        file.write(name + "\\n")

def strip(text: Path, log: str) -> str:
    _ran("strip", log)
    return " ".join(text.read_text().split())

def turn(text: Path, log: str) -> str:
    _ran("turn", log)
    return text.read_text()[::-1]

def finish(text: Path, ending: str, log: str) -> str:
    _ran("finish", log)
    return text.read_text() + ending
"""
OURS_SHOUT = """
from pathlib import Path
from helper import shout as louder

def shout(text: Path, log: str) -> str:
    with open(log, "a") as file:
        file.write("shout\\n")
    return louder(text.read_text())
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change: what it is called, how many stages must run after it, and how it is made.

    `repairs` says that the final output of the first chain must be whole again afterwards.
    """

    title: str
    expected: int
    make: Callable[[Path, Path], None]
    repairs: bool = False


def _text(name: str, text: str) -> Callable[[Path, Path], None]:
    def write(folder: Path, _: Path) -> None:
        (folder / name).write_text(text, encoding="utf-8")

    return write


def _parameters(**given: str) -> str:
    return json.dumps({"ending_a": ".", "ending_b": ".", **given})


def _back(folder: Path, final: Path) -> None:
    _text("a.txt", "one two\n")(folder, final)
    _text("params.yaml", _parameters())(folder, final)


def _damage(_: Path, final: Path) -> None:
    final.chmod(0o644)
    final.write_bytes(final.read_bytes()[:1])


CHANGES = (
    Change(title="nothing", expected=0, make=lambda _folder, _final: None),
    Change(title="root touched", expected=0, make=lambda folder, _: os.utime(folder / "a.txt")),
    Change(title="root changed, same output", expected=1, make=_text("a.txt", "one  two\n")),
    Change(title="root changed", expected=4, make=_text("a.txt", "one three\n")),
    Change(
        title="parameter of a leaf",
        expected=1,
        make=_text("params.yaml", _parameters(ending_a="!")),
    ),
    Change(title="all back to the first state", expected=0, make=_back),
    Change(title="final output cut short", expected=1, make=_damage, repairs=True),
    Change(
        title="imported helper edited", expected=6, make=_text("helper.py", HELPER.format(mark="?"))
    ),
)


def rerun_peer(peer: Peer, folder: Path) -> list[str]:
    """Return what ran after each change, for a peer, as text for a table."""
    _small(folder)
    (folder / "stage.py").write_text(STAGE, encoding="utf-8")
    peer.write_small(folder)
    return _counted(folder, lambda: peer.run(folder), lambda: folder / "a4")


def rerun_ours(folder: Path) -> list[str]:
    """Return the same for reprocc, with the executor `inline`."""
    _small(folder)
    (folder / "ours.py").write_text(OURS, encoding="utf-8")
    (folder / "louder.py").write_text(OURS_SHOUT, encoding="utf-8")
    (folder / "pipeline.yaml").write_text(_spec(folder), encoding="utf-8")

    def command(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "reprocc.cli", *arguments],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def run() -> None:
        given = ("--parameters", "params.yaml", "--store", "store")
        command("submit", "pipeline.yaml", "--executor", "inline", *given)

    return _counted(
        folder, run, lambda: Path(command("get", "reruns/a4", "--store", "store").strip())
    )


def _small(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, text in (("a.txt", "one two\n"), ("b.txt", "four\n"), ("params.yaml", _parameters())):
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "helper.py").write_text(HELPER.format(mark=""), encoding="utf-8")


def _counted(folder: Path, run: Callable[[], None], final: Callable[[], Path]) -> list[str]:
    found: list[str] = []
    run()
    whole = final().read_bytes()
    for change in CHANGES:
        log = folder / LOG
        log.write_text("", encoding="utf-8")
        change.make(folder, final())
        try:
            run()
        except subprocess.CalledProcessError:
            found.append("fails")
            continue
        count = len(log.read_text(encoding="utf-8").splitlines())
        said = str(count)
        if change.repairs:
            is_whole = final().read_bytes() == whole
            said += ", repaired" if is_whole else ", **not repaired**"
        elif count != change.expected:
            said = f"**{said}**"
        found.append(said)
    return found


def _spec(folder: Path) -> str:
    lines = ["reprocc: 1", "name: reruns", "parameters:"]
    lines += [f"  ending_{chain}: {{type: string, default: '.'}}" for chain in "ab"]
    lines.append("artifacts:")
    lines += [f"  {chain}: {{kind: file, source: {chain}.txt}}" for chain in "ab"]
    lines += [f"  {target}: {{kind: file, format: txt}}" for _, _, target, _ in small_stages()]
    lines.append("transformations:")
    for name, source, target, parameter in small_stages():
        verb = name.partition("_")[0]
        module = "louder" if verb == "shout" else "ours"
        given = f"log: {json.dumps(str(folder / LOG))}"
        given += f", ending: '${{parameters.{parameter}}}'" if parameter else ""
        lines += [
            f"  {name}:",
            f"    python: {module}:{verb}",
            f"    inputs: {{text: {source.removesuffix('.txt')}}}",
            f"    arguments: {{{given}}}",
            f"    outputs: [{target}]",
        ]
    return "\n".join([*lines, ""])
