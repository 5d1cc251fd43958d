"""Small projects, and which of their parts count for a function."""

from __future__ import annotations

from pathlib import Path

from reprocc.compiler.code.entry import find_entry
from reprocc.compiler.code.folder import CodeFolder
from reprocc.compiler.code.reach import reach
from reprocc.compiler.code.script import reach_files
from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.plan import Code
from reprocc.compiler.source import Source, Span
from reprocc.compiler.spec import Name
from reprocc.compiler.workspace import Workspace

Files = dict[str, str]
HELPERS = "def f():\n    return 'F'\ndef g():\n    return 'G'\nLIMIT = 'L'\n"


def laid_out(folder: Path, files: Files) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def code_of(folder: Path, files: Files, entry: str = "main:run", extra: str = "") -> Code:
    reached, problems = reach_of(folder, files, entry, extra)
    assert reached is not None, problems
    return reached


def problems_of(folder: Path, files: Files, extra: str = "") -> tuple[Diagnostic, ...]:
    return reach_of(folder, files, "main:run", extra)[1]


def reach_of(
    folder: Path, files: Files, entry: str, extra: str
) -> tuple[Code | None, tuple[Diagnostic, ...]]:
    workspace = Workspace()
    code = CodeFolder(workspace, laid_out(folder, files), "")
    found, problems = find_entry(workspace, code, word(entry))
    assert found is not None, problems
    return reach(workspace, code, found, (word(extra),) if extra else ())


def script_code(folder: Path, files: Files) -> Code:
    code = CodeFolder(Workspace(), laid_out(folder, files), "")
    reached, problems = reach_files(code, ("main.py",), (), ())
    assert reached is not None, problems
    return reached


def word(text: str) -> Name:
    return Name(text=text, span=Span(Source(path="pipeline.yaml", text=text), 0, len(text)))


def marks(folder: Path, files: Files, *, is_script: bool = False) -> str:
    """Return the marks, capitals in quotes in the code, whose change alters the digest."""
    build = script_code if is_script else code_of
    before = build(folder / "before", files).digest
    words = sorted({word for text in files.values() for word in text.split("'")[1::2]})
    found = []
    for index, one in enumerate(words):
        if len(one) == 1 and one.isupper():
            edited = {
                name: text.replace(f"'{one}'", f"'{one} changed'") for name, text in files.items()
            }
            if build(folder / str(index), edited).digest != before:
                found.append(one)
    return "".join(found)
