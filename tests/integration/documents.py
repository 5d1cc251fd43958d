"""Runs the documentation: every fenced block of a page, from top to bottom, in an empty folder.

What a block is, its language and the comment above it say:

`<!-- file: NAME -->`     the block is written to this file
`<!-- part of: NAME -->`  the block stands in this file, or in that one of the repository,
                          indentation aside
`<!-- within: NAME -->`   the block, put into this file in place of its line `# HERE`, compiles
`<!-- edit: NAME -->`     a `diff` block: its `-` lines become its `+` lines, once, in this file
`console`                 `$ ` begins a command for a shell; what follows up to the next one is what
                          it prints, stdout and stderr together, the folder called /home/you.
                          Without any, only the status counts. `…` stands for any text, alone on
                          a line for any lines.
`<!-- status: N -->`      the last command of the console block ends with N
`<!-- not run: WHY -->`   the block is shown only; WHY says why

A page may begin with `<!-- folder: PATH -->`, from the root of the repository: it is copied first.
Pages for looking up, which nobody types along, may have files that they do not show: a comment
`<!-- hidden file: NAME`, the text, and `-->`, each on lines of its own. They too are there first.
With REPROCC_WRITE_DOCS=1 what the commands print is written into the page where it differs; with
REPROCC_WRITE_DOCS=all everywhere but where something is left out, so that the names of runs agree.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_WRITE = os.environ.get("REPROCC_WRITE_DOCS")
_FENCE = re.compile(
    r"(?P<marks>(?:^<!-- [^\n]* -->\n)*)^(?P<fence>```+)(?P<language>[a-z]*)\n"
    r"(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_MARK = re.compile(r"<!-- (file|part of|edit|status|not run|within): (.*?) -->")
_FOLDER = re.compile(r"^<!-- folder: (.*?) -->$", re.MULTILINE)
_HIDDEN = re.compile(r"^<!-- hidden file: (.*?)\n(.*?)^-->$", re.MULTILINE | re.DOTALL)
_RUN = re.compile(r"\b\d{8}-\d{6}-[0-9a-f]{6}\b")
_TIME = re.compile(r"\b\d+(?:\.\d+)? (?:ms|s|min|h)\b(?: \d+ s\b)?")
_SIZE = re.compile(r"\b\d+(?:\.\d+)? [KMG]?i?B of memory")
_HEX = re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{12,64}\b")
_CLOCK = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|\+00:00)?")
_PASSING = re.compile(r"^  (?:note: \d+ other reprocc|slowest  |used  ).*\n?", re.MULTILINE)
_ESTIMATE = re.compile(r"^(\d+ to run\b[^\n;]*); [^\n]*$", re.MULTILINE)
_DONE = re.compile(r"  \S+: done in TIME\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: its marks by name, and where its text lies in the page."""

    marks: dict[str, str]
    language: str
    text: str
    start: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of a console block and the output that the page shows, None where it shows none."""

    typed: str
    shown: str | None


def pages() -> list[Path]:
    """Return every page that people read, relative to the repository's root."""
    guides = [path for path in (ROOT / "docs").rglob("*.md") if "decisions" not in path.parts]
    readmes = [ROOT / "README.md", *(ROOT / "specs" / "examples").glob("*/README.md")]
    return sorted(path.relative_to(ROOT) for path in (*guides, *readmes))


def blocks(text: str) -> Iterator[Block]:
    """Read the fenced blocks of a page in order."""
    for match in _FENCE.finditer(text):
        yield Block(
            marks=dict(_MARK.findall(match["marks"])),
            language=match["language"],
            text=match["text"],
            start=match.start("text"),
            line=text.count("\n", 0, match.start("text")),
        )


def commands(text: str) -> list[Command]:
    """Split a console block into its commands; `> ` goes on with the line before."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", [])
        else:
            assert found, f"output before any command: {line}"
            found[-1][1].append(line)
    return [
        Command(typed=typed, shown="\n".join(lines).strip("\n") if lines else None)
        for typed, lines in found
    ]


def normal(text: str) -> list[str]:
    """Return the lines of an output without what differs from run to run.

    Tasks may end in another order: lines of tasks that follow each other are sorted.
    """
    text = _PASSING.sub("", text)
    text = _ESTIMATE.sub(r"\1; TIME", text)
    for pattern, word in ((_RUN, "RUN"), (_CLOCK, "CLOCK"), (_TIME, "TIME"), (_SIZE, "MEMORY")):
        text = pattern.sub(word, text)
    lines = [re.sub(r" {2,}", "  ", line.rstrip()) for line in _HEX.sub("DIGEST", text).split("\n")]
    found: list[str] = []
    done: list[str] = []
    for line in lines:
        if _DONE.match(line):
            done.append(line)
            continue
        found += [*sorted(done), line]
        done = []
    return [*found, *sorted(done)]


def agrees(shown: str, printed: str) -> bool:
    """Whether what a page shows is what was printed."""
    pieces = []
    for line in normal(shown):
        if line.strip() == "…":
            pieces.append(r"(?:[^\n]*\n)*?")
        else:
            pieces.append(r"[^\n]*".join(map(re.escape, line.split("…"))) + r"\n")
    return re.fullmatch("".join(pieces), "\n".join(normal(printed)) + "\n") is not None


def play(page: Path, folder: Path, home: Path) -> list[str]:
    """Run a page in an empty folder; return what does not hold, with its line."""
    text = (ROOT / page).read_text(encoding="utf-8")
    wanted = _FOLDER.search(text)
    if wanted is not None:
        ignored = shutil.ignore_patterns("__pycache__", ".reprocc")
        shutil.copytree(ROOT / wanted[1], folder, dirs_exist_ok=True, ignore=ignored)
    for name, content in _HIDDEN.findall(text):
        _write(folder / name, content)
    wrong: list[str] = []
    written: list[tuple[Block, str]] = []
    for block in blocks(text):
        found, new = _play(block, folder, home)
        wrong += [f"{page}:{block.line + 1}: {one}" for one in found]
        written.append((block, new))
    if _WRITE:
        for block, new in reversed(written):
            text = text[: block.start] + new + text[block.start + len(block.text) :]
        (ROOT / page).write_text(text, encoding="utf-8")
    return wrong


def _play(block: Block, folder: Path, home: Path) -> tuple[list[str], str]:
    marks = block.marks
    if "not run" in marks:
        return [], block.text
    if block.language == "console":
        return _play_console(block, folder, home)
    if "edit" in marks:
        return _edit(folder / marks["edit"], block.text), block.text
    if "part of" in marks:
        mine = folder / marks["part of"]
        whole = mine if mine.exists() else ROOT / marks["part of"]
        stands = _bare(block.text) in _bare(whole.read_text(encoding="utf-8"))
        return ([] if stands else [f"it does not stand in {marks['part of']}"]), block.text
    if "file" in marks:
        _write(folder / marks["file"], block.text)
        return [], block.text
    if "within" in marks:
        return _compile(folder, marks["within"], block.text, home), block.text
    return [f"nothing says what to do with this `{block.language}` block"], block.text


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _compile(folder: Path, frame: str, text: str, home: Path) -> list[str]:
    around = (folder / frame).read_text(encoding="utf-8")
    gaps = re.findall(r"^( *)# HERE\n", around, re.MULTILINE)
    if len(gaps) != 1:
        return [f"`# HERE` stands {len(gaps)} times in {frame}"]
    whole = around.replace(f"{gaps[0]}# HERE\n", textwrap.indent(text, gaps[0]))
    _write(folder / "within.yaml", whole)
    done = _run("reprocc validate within.yaml", folder, folder / ".no-place", home)
    return [f"within {frame} it does not compile:\n{done.stdout}"] if done.returncode else []


def _bare(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _edit(path: Path, diff: str) -> list[str]:
    lines = textwrap.dedent(diff).splitlines()
    old = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
    new = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        return [f"what it changes stands {text.count(old)} times in {path.name}"]
    path.write_text(text.replace(old, new), encoding="utf-8")
    return []


def _play_console(block: Block, folder: Path, home: Path) -> tuple[list[str], str]:
    wrong: list[str] = []
    new: list[str] = []
    asked = commands(block.text)
    place = folder / ".place"  # a `cd` lasts to the end of the page
    for number, command in enumerate(asked):
        is_last = number == len(asked) - 1
        expected = int(block.marks.get("status", 0)) if is_last else 0
        done = _run(command.typed, folder, place, home)
        printed = done.stdout.rstrip("\n").replace(str(folder), "/home/you")
        new.append("$ " + command.typed.replace("\n", "\n> "))
        if done.returncode != expected:
            wrong.append(f"`{command.typed}` ended with {done.returncode}:\n{printed}")
        if command.shown is None:
            continue
        is_right = agrees(command.shown, printed)
        is_kept = _WRITE != "all" or "…" in command.shown
        new.append(
            command.shown if is_right and is_kept else _PASSING.sub("", f"{printed}\n").rstrip()
        )
        if not is_right:
            wrong.append(
                f"`{command.typed}` printed\n{printed}\nbut the page shows\n{command.shown}"
            )
    return wrong, "\n".join(new) + "\n"


def _run(typed: str, folder: Path, place: Path, home: Path) -> subprocess.CompletedProcess[str]:
    variables = {k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")}
    variables["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{variables['PATH']}"
    variables["HOME"] = str(home)
    cwd = place.read_text(encoding="utf-8").strip() if place.exists() else str(folder)
    script = (
        f"cd {shlex.quote(cwd)}\n{typed}\nstatus=$?\npwd >{shlex.quote(str(place))}\nexit $status"
    )
    return subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=280,
    )
