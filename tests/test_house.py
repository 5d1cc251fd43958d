"""The house's own rules: sizes, frozen values, no import circle, nothing of one machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("cli", "cluster", "compiler", "runtime", "specs")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60

VALUE_MODULES = (
    "compiler/spec.py",
    "compiler/plan.py",
    "compiler/document.py",
    "compiler/diagnostic.py",
    "compiler/source.py",
    "runtime/content.py",
    "runtime/contracts/report.py",
    "runtime/description/description.py",
    "runtime/events.py",
    "runtime/executor.py",
    "runtime/store/records.py",
)
POSITIONAL = {"Span"}

# Written in pieces, so that this file does not name them either.
FOREIGN = re.compile(
    "|".join(
        (
            r"/wo" r"rk/(main|shared)\b",
            r"/tm" r"p/w/",
            r"(?<![\w.])/ro" r"ot/",
            r"python" r"hosted\.org",
            r"py" r"pi\.org/simple",
            r"registry\." r"npmjs",
            r"--(extra-)?ind" r"ex-url\s+\S*:",
        )
    )
)


def modules() -> list[Path]:
    """Return every Python file of the rooms and the tests, examples included."""
    folders = (*ROOMS, "tests")
    return sorted(p for folder in folders for p in (ROOT / folder).rglob("*.py"))


def committed() -> list[Path]:
    """Return what git tracks or would; skip where this is no clone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
    )
    if listed.returncode:
        pytest.skip("not a git clone")
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())


def where(path: Path, line: int | None = None) -> str:
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"


def imported_by(statement: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the modules that a statement may import, absolute ones in full."""
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    return [f"{statement.module}.{alias.name}" for alias in statement.names]


def dataclasses(path: Path) -> Iterator[tuple[ast.ClassDef, dict[str, object]]]:
    """Yield each dataclass of a file with the keywords of its decorator."""
    for found in ast.walk(tree(path)):
        if not isinstance(found, ast.ClassDef):
            continue
        for decorator in found.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            name = call.func if call else decorator
            if isinstance(name, ast.Name) and name.id == "dataclass":
                keywords = call.keywords if call else []
                yield (
                    found,
                    {
                        str(k.arg): k.value.value
                        for k in keywords
                        if isinstance(k.value, ast.Constant)
                    },
                )


def test_no_file_is_longer_than_400_lines() -> None:
    lines = {where(p): len(p.read_text(encoding="utf-8").splitlines()) for p in modules()}
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    long = {
        f"{where(path, f.lineno)} {f.name}": f.end_lineno - f.lineno + 1
        for path in modules()
        for f in ast.walk(tree(path))
        if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef)
        and f.end_lineno is not None
        and f.end_lineno - f.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == {}


def test_every_file_opens_with_what_it_is() -> None:
    files = [p for p in modules() if p.relative_to(ROOT).parts[0] in ROOMS]
    silent = [where(p) for p in files if tree(p).body and not ast.get_docstring(tree(p))]
    assert silent == []


@pytest.mark.parametrize("name", VALUE_MODULES)
def test_values_are_frozen_and_given_by_keyword(name: str) -> None:
    found = list(dataclasses(ROOT / name))
    assert found, f"{name} holds no dataclass: mend the list of this test"
    for definition, keywords in found:
        expected = {"frozen", "slots"} | (set() if definition.name in POSITIONAL else {"kw_only"})
        missing = {word for word in expected if keywords.get(word) is not True}
        assert not missing, f"{name}:{definition.lineno} {definition.name} lacks {missing}"


def test_values_hold_no_lists_and_no_dicts() -> None:
    mutable = re.compile(r"\b(list|dict|set|List|Dict|Set|bytearray)\b")
    found = [
        f"{where(ROOT / name, field.lineno)} {definition.name}: {ast.unparse(field.annotation)}"
        for name in VALUE_MODULES
        for definition, _ in dataclasses(ROOT / name)
        for field in definition.body
        if isinstance(field, ast.AnnAssign) and mutable.search(ast.unparse(field.annotation))
    ]
    assert found == []


def test_no_import_goes_in_a_circle() -> None:
    graph = grimp.build_graph(
        "reprocc",
        cache_dir=None,
        exclude_type_checking_imports=True,
        include_external_packages=False,
    )
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 20, "the graph was not built from this tree"
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail("import circle: " + " -> ".join(error.args[1]))


def test_only_the_store_and_the_codecs_touch_parquet_files() -> None:
    """import-linter holds the same for whole distributions; this is a module of one."""
    door = (
        "runtime/store/",
        "runtime/codecs/",
        "runtime/sources/files.py",
        "tests/",
        "specs/examples/",
    )
    found = [
        where(path, statement.lineno)
        for path in modules()
        if not where(path).startswith(door)
        for statement in ast.walk(tree(path))
        if isinstance(statement, ast.Import | ast.ImportFrom)
        and any(name.startswith("pyarrow.parquet") for name in imported_by(statement))
    ]
    assert found == []


def test_no_committed_file_names_one_machine_or_a_package_index() -> None:
    found = []
    for path in committed():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{where(path, number)}: {line.strip()[:100]}"
            for number, line in enumerate(lines, 1)
            if FOREIGN.search(line)
        ]
    assert found == []
