"""For generated projects: the digest of a function changes with its result, and with it alone."""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import event, given, settings
from hypothesis import strategies as st

from reprocc.compiler.code.entry import find_entry
from reprocc.compiler.code.folder import CodeFolder
from reprocc.compiler.code.reach import reach
from reprocc.compiler.source import Source, Span
from reprocc.compiler.spec import Name
from reprocc.compiler.workspace import Workspace

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
STYLES = ("from", "from as", "module", "module as", "from package", "in it", "module in it", "star")
KINDS = (
    "function",
    "function",
    "reader",
    "constant",
    "constant",
    "class",
    "decorated",
    "conditional",
    "registered",
    "patch",
    "writer",
)
CALLED = {"function", "reader", "class", "decorated", "conditional", "writer"}


BOARD = """TABLE, READING = {}, []
def keep(f): return TABLE.setdefault(f.__name__, f)
def read():
    if READING: return 'again'
    READING.append(1)
    found = [f() if callable(f) else f for f in TABLE.values()]
    READING.clear()
    return found"""


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

    @property
    def is_effect(self) -> bool:
        # A constant that calls acts too.
        return self.kind in {"registered", "patch", "decorated"}


@dataclass(frozen=True)
class Project:
    """Items, each of which uses only earlier ones; `order` is that in which they are written."""

    items: tuple[Item, ...]
    order: tuple[int, ...]

    def entries(self) -> list[Item]:
        return [item for item in self.items if item.kind in {"function", "reader"}]

    def files(self) -> dict[str, str]:
        return {FILES[name]: self._text(name) for name in MODULES} | {"pkg/sub/__init__.py": ""}

    def _text(self, module: str) -> str:
        lines = [BOARD] if module == "board" else ["import board"]
        for item in map(self.items.__getitem__, self.order):
            if item.module == module:
                lines += self._lines(item)
        return "\n".join([*lines, ""])

    def _lines(self, item: Item) -> list[str]:
        above: list[str] = []
        inner: list[str] = []
        values = [repr(item.mark)]
        for number, style in item.uses:
            used = self.items[number]
            imported, value = reference(item, used, style)
            is_inner = "in it" in style and item.kind in CALLED
            (inner if is_inner else above).extend(imported)
            values.append(called(used, value))
        if item.kind == "reader":
            values.append("board.read()" if item.module != "board" else "read()")
        return [*above, *self._body(item, f"({', '.join(values)},)", inner)]

    def _body(self, item: Item, result: str, inner: list[str]) -> list[str]:
        name = item.name
        board = "" if item.module == "board" else "board."
        text = "".join(f"{line}; " for line in inner) + f"return {result}"
        match item.kind:
            case "function" | "reader":
                return [f"def {name}(): {text}"]
            case "decorated":
                return [f"@{board}keep", f"def {name}(): {text}"]
            case "conditional":
                return ["if __name__:", f"    def {name}(): {text}", "else:", f"    {name} = 0"]
            case "class":
                return [f"class {name}:", f"    def m(self): {text}"]
            case "writer":
                text = text.replace("return", f"w_{name} =") + f"; return w_{name}"
                return [f"w_{name} = 0", f"def {name}(): global w_{name}; {text}"]
            case "constant":
                return [f"{name} = {result}"]
            case "patch" if patched := self._patched(item):
                return [f"import {patched.module} as z", f"z.{patched.name} = {result}"]
            case _:
                return [f"{board}TABLE['{name}'] = {result}"]

    def _patched(self, item: Item) -> Item | None:
        used = [self.items[number] for number, _ in item.uses]
        return next((one for one in used if one.kind == "constant"), None)


def called(used: Item, value: str) -> str:
    if used.kind == "class":
        return f"{value}().m()"
    return f"{value}()" if used.kind in CALLED else value


def reference(item: Item, used: Item, style: str) -> tuple[list[str], str]:
    """Return the imports that an item needs for another, and how it names it."""
    module, name = used.module, used.name
    package, _, last = module.rpartition(".")
    if module == item.module:
        return [], name
    match style.removesuffix(" in it"):
        case "from" | "in it":
            return [f"from {module} import {name}"], name
        case "from as":
            return [f"from {module} import {name} as x{item.number}_{name}"], (
                f"x{item.number}_{name}"
            )
        case "module as":
            return [f"import {module} as y{item.number}_{name}"], f"y{item.number}_{name}.{name}"
        case "from package" if package:
            return [f"from {package} import {last}"], f"{last}.{name}"
        case "star":
            return [f"from {module} import *"], name
        case _:
            return [f"import {module}"], f"{module}.{name}"


@st.composite
def projects(
    draw: st.DrawFn, modules: tuple[str, ...] = MODULES, kinds: tuple[str, ...] = KINDS
) -> Project:
    items: list[Item] = []
    for number in range(draw(st.integers(3, 9))):
        module = draw(st.sampled_from(modules))
        kind = draw(st.sampled_from(kinds))
        # What runs at import can only use what modules before it hold.
        usable = [
            other
            for other in items
            if (other.kind in CALLED or other.kind == "constant")
            and MODULES.index(other.module) <= MODULES.index(module)
        ]
        uses: tuple[tuple[int, str], ...] = ()
        if usable:
            chosen = draw(st.lists(st.sampled_from(usable), max_size=2, unique_by=id))
            uses = tuple((one.number, draw(st.sampled_from(STYLES))) for one in chosen)
        items.append(Item(number=number, module=module, kind=kind, uses=uses, mark=f"m{number}"))
    return Project(tuple(items), tuple(range(len(items))))


@contextmanager
def written(project: Project) -> Iterator[Path]:
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
            except (NameError, ImportError, AttributeError):
                event("it fails")
            finally:
                forget()
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = writes
    return found


def forget() -> None:
    tops = {name.partition(".")[0] for name in MODULES}
    for name in [name for name in sys.modules if name.partition(".")[0] in tops]:
        del sys.modules[name]


def digests(folder: Path, project: Project) -> dict[int, str]:
    workspace = Workspace()
    code = CodeFolder(workspace, folder, "")
    found: dict[int, str] = {}
    for item in project.entries():
        text = f"{item.module}:{item.name}"
        name = Name(text=text, span=Span(Source(path="", text=text), 0, len(text)))
        entry, problems = find_entry(workspace, code, name)
        assert entry is not None, problems
        reached, problems = reach(workspace, code, entry, ())
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
                pending.extend(running(project, one))
        elif one.number not in found:
            found.add(one.number)
            for number, style in one.uses:
                used = project.items[number]
                pending.extend([used, used.module])
                if one.module != used.module and style == "module":
                    pending.append(used.module)
    return found


def running(project: Project, module: str) -> list[Item | str]:
    """Return what runs, and is imported, when a module is imported."""
    found: list[Item | str] = ["board", *([module.rpartition(".")[0]] if "." in module else [])]
    for item in project.items:
        if item.module != module:
            continue
        acts = item.is_effect or (item.kind == "constant" and item.uses)
        found.extend([item] if acts else [])
        for number, style in item.uses:
            used = project.items[number]
            if "in it" not in style or item.kind not in CALLED:
                found.append(used.module)
            if style == "star" and used.module != module:
                found.extend(one for one in project.items if one.module == used.module)
    return found


@given(projects())
@settings(max_examples=40, deadline=None)
def test_a_digest_changes_with_the_result_of_its_function_and_by_nothing_it_cannot_reach(
    project: Project,
) -> None:
    with written(project) as folder:
        before, digest = results(folder, project), digests(folder, project)
    for number, item in enumerate(project.items):
        edited = replace(item, mark=f"{item.mark}!")
        items = (*project.items[:number], edited, *project.items[number + 1 :])
        changed = replace(project, items=items)
        with written(changed) as folder:
            after, new = results(folder, changed), digests(folder, changed)
        for entry in project.entries():
            if after.get(entry.number) != before.get(entry.number):
                event("the result changed")
                assert new[entry.number] != digest[entry.number], (item, entry)
            elif number not in may_count(project, entry):
                event("out of reach")
                assert new[entry.number] == digest[entry.number], (item, entry)


@given(projects(modules=("board", "four"), kinds=("reader", "constant", "registered", "patch")))
@settings(max_examples=40, deadline=None)
def test_a_digest_changes_with_the_result_where_statements_change_places(project: Project) -> None:
    with written(project) as folder:
        before, digest = results(folder, project), digests(folder, project)
    for at in range(len(project.order) - 1):
        order = list(project.order)
        order[at], order[at + 1] = order[at + 1], order[at]
        if project.items[at].module != project.items[at + 1].module:
            continue
        changed = replace(project, order=tuple(order))
        with written(changed) as folder:
            after, new = results(folder, changed), digests(folder, changed)
        for number, result in after.items():
            if number in before and result != before[number]:
                event("the result changed")
                assert new[number] != digest[number], (at, number)
