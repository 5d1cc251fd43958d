"""Random packages whose functions can be run, and what of them the generator knows to count."""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import event
from hypothesis import strategies as st

from reprocc.compiler.code.entry import find_entry
from reprocc.compiler.code.folder import CodeFolder
from reprocc.compiler.code.reach import Reach
from reprocc.compiler.source import Source, Span
from reprocc.compiler.spec import Name
from reprocc.compiler.workspace import Workspace

from .definitions import (
    BOARD,
    CALLED,
    CLASSES,
    EFFECTS,
    IMPORTING,
    KINDS,
    OBJECTS,
    lines_of,
    usable_by,
)

# A module imports those before it at its top, whatever it likes within a function.
MODULES = ("board", "pkg", "pkg.one", "pkg.sub.two", "space.three", "four")
FILES = {
    "board": "board.py",
    "pkg": "pkg/__init__.py",
    "pkg.one": "pkg/one.py",
    "pkg.sub.two": "pkg/sub/two.py",
    "space.three": "space/three.py",
    "four": "four.py",
}
STYLES = (
    "from",
    "from as",
    "module",
    "module as",
    "from package",
    "relative",
    "in it",
    "module in it",
    "by name in it",
    "star",
    "tried",
)
FAILURES = (NameError, ImportError, AttributeError, TypeError, RecursionError)


@dataclass(frozen=True)
class Item:
    """A definition or an effect: `uses` are others before it, each with the style of its import."""

    number: int
    module: str
    kind: str
    uses: tuple[tuple[int, str], ...]
    mark: str

    @property
    def name(self) -> str:
        return f"{self.kind[0]}{self.number}"


@dataclass(frozen=True)
class Project:
    """Items, each of which uses only earlier ones; `order` are those written, as they are."""

    items: tuple[Item, ...]
    order: tuple[int, ...]

    def entries(self) -> list[Item]:
        written = (item for item in self.items if item.number in self.order)
        return [item for item in written if item.kind in {"function", "reader"}]

    def edits(self) -> Iterator[tuple[Item, bool, Project]]:
        """Go through the changes of one item each: another text in it, and, if unused, none.

        Each with whether nothing but the item changes: its imports go with it.
        """
        used = {number for item in self.items for number, _ in item.uses}
        for number, item in enumerate(self.items):
            edited = replace(item, mark=f"{item.mark}!")
            items = (*self.items[:number], edited, *self.items[number + 1 :])
            yield item, True, replace(self, items=items)
            if number not in used:
                order = tuple(n for n in self.order if n != number)
                is_all = not item.uses and item.kind not in IMPORTING
                yield item, is_all, replace(self, order=order)

    def files(self) -> dict[str, str]:
        marks = {f"data/{one.name}.txt": one.mark for one in self.items if one.kind == "file"}
        return {FILES[name]: self._text(name) for name in MODULES} | {
            "pkg/sub/__init__.py": "",
            **marks,
        }

    def _text(self, module: str) -> str:
        lines = [BOARD] if module == "board" else ["import board"]
        for item in map(self.items.__getitem__, self.order):
            if item.module == module:
                lines += self._lines(item)
        return "\n".join([*lines, ""])

    def _lines(self, item: Item) -> list[str]:
        above: list[str] = []
        inner: list[str] = []
        used: list[tuple[str, str]] = []
        for number, style in item.uses:
            one = self.items[number]
            imported, value = reference(item, one, style)
            (inner if is_within(item, style) else above).extend(imported)
            used.append((one.kind, value))
        depth = FILES[item.module].count("/")
        board = "" if item.module == "board" else "board."
        return [*above, *lines_of(item.kind, item.name, item.mark, used, inner, board, depth)]


def is_within(item: Item, style: str) -> bool:
    """Say whether an import stands in the item's body, where it has one that runs when called."""
    return style.endswith("in it") and item.kind in CALLED


def reference(item: Item, used: Item, style: str) -> tuple[list[str], str]:
    """Return the imports that an item needs for another, and how it names it."""
    module, name = used.module, used.name
    package, _, last = module.rpartition(".")
    if module == item.module:
        return [], name
    match style.removesuffix(" in it"):
        case "from" | "in it":
            return [f"from {module} import {name}"], name
        case "tried":
            failing = ["try:", f"    from {module} import {name}", "except ImportError: pass"]
            return failing, name
        case "relative" if item.module.startswith("pkg") and module.startswith("pkg."):
            dots = {"pkg": ".", "pkg.one": ".", "pkg.sub.two": ".."}[item.module]
            return [f"from {dots}{module.removeprefix('pkg.')} import {name}"], name
        case "from as":
            return [f"from {module} import {name} as x{item.number}_{name}"], (
                f"x{item.number}_{name}"
            )
        case "module as":
            return [f"import {module} as y{item.number}_{name}"], f"y{item.number}_{name}.{name}"
        case "from package" if package:
            return [f"from {package} import {last}"], f"{last}.{name}"
        case "by name":
            return ["import importlib"], f"importlib.import_module({module!r}).{name}"
        case "star":
            return [f"from {module} import *"], name
        case _:
            return [f"import {module}"], f"{module}.{name}"


@st.composite
def projects(
    draw: st.DrawFn, modules: tuple[str, ...] = MODULES, kinds: tuple[str, ...] = KINDS
) -> Project:
    items: list[Item] = []
    for number in range(draw(st.integers(3, 10))):
        module = draw(st.sampled_from(modules))
        kind = draw(st.sampled_from(kinds))
        # What runs at import can only use what modules before it hold.
        usable = [
            other
            for other in items
            if usable_by(kind, other.kind) and MODULES.index(other.module) <= MODULES.index(module)
        ]
        uses: tuple[tuple[int, str], ...] = ()
        if usable:
            chosen = draw(st.lists(st.sampled_from(usable), max_size=3, unique_by=id))
            uses = tuple((one.number, draw(st.sampled_from(STYLES))) for one in chosen)
        items.append(Item(number=number, module=module, kind=kind, uses=uses, mark=f"m{number}"))
    return Project(tuple(items), tuple(range(len(items))))


@contextmanager
def written(project: Project) -> Iterator[Path]:
    """Write a project into a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in project.files().items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        yield folder


def results(folder: Path, project: Project) -> dict[int, str]:
    """Return what each function gives when its module alone is imported, unless it fails."""
    found: dict[int, str] = {}
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(folder))
    try:
        for item in project.entries():
            importlib.invalidate_caches()
            try:
                module = importlib.import_module(item.module)
                found[item.number] = repr(getattr(module, item.name)())
            except FAILURES:
                event("it fails")
            finally:
                _forget()
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = writes
    return found


def _forget() -> None:
    tops = {name.partition(".")[0] for name in MODULES}
    for name in [name for name in sys.modules if name.partition(".")[0] in tops]:
        del sys.modules[name]


def digests(folder: Path, project: Project) -> dict[int, str]:
    """Return the digest of each function's code."""
    workspace = Workspace()
    code = CodeFolder(workspace, folder, "")
    reach = Reach(code)
    found: dict[int, str] = {}
    for item in project.entries():
        text = f"{item.module}:{item.name}"
        name = Name(text=text, span=Span(Source(path="", text=text), 0, len(text)))
        entry, problems = find_entry(workspace, code, name)
        assert entry is not None, problems
        reached, problems = reach.of_function(entry, ())
        assert reached is not None, problems
        found[item.number] = reached.digest
    return found


def may_count(project: Project, entry: Item) -> set[int]:
    """Return the items that may decide what a function does, by the generator's own knowledge."""
    found: set[int] = set()
    imported: set[str] = set()
    pending: list[Item | str] = [entry, entry.module]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            if one not in imported:
                imported.add(one)
                pending.extend(_running(project, one))
        elif one.number not in found:
            found.add(one.number)
            for number, style in one.uses:
                used = project.items[number]
                pending.extend([used, used.module])
                if style.startswith("by name") and used.module != one.module:
                    pending.extend(_whole(project, used.module))
    return found


def _whole(project: Project, module: str) -> list[Item | str]:
    """Return all of a module and of those that it binds, in turn, as of one used as a value."""
    modules = {"board", module}
    while True:
        items = [item for name in modules for item in _items(project, name)]
        more = {project.items[number].module for item in items for number, _ in item.uses}
        if more <= modules:
            return [*items, *modules]
        modules |= more


def _items(project: Project, module: str) -> list[Item]:
    return [item for item in project.items if item.module == module]


def _running(project: Project, module: str) -> list[Item | str]:
    """Return what runs, and is imported, when a module is imported."""
    found: list[Item | str] = ["board", *([module.rpartition(".")[0]] if "." in module else [])]
    for item in _items(project, module):
        used = [project.items[number] for number, _ in item.uses]
        is_object_user = any(one.kind in OBJECTS for one in used) and item.kind != "function"
        if (
            item.kind in EFFECTS
            or (used and item.kind in ("constant", "made", *CLASSES))
            or is_object_user
        ):
            found.append(item)
        for number, style in item.uses:
            one = project.items[number]
            if not is_within(item, style):
                found.append(one.module)
            if style in ("star", "tried") and one.module != module:
                found.extend(_items(project, one.module) if style == "star" else [item, one])
    return found
