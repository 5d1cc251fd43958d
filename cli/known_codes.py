"""Every kind of diagnostic that a command may print, in groups."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..compiler.diagnostic import Code

GROUPS = {
    "yaml": "Files and YAML",
    "shape": "Keys, types, words and units",
    "names": "Names that clash",
    "parameters": "Parameters",
    "expressions": "Expressions",
    "graph": "Artifacts and transformations",
    "axes": "Axes and points",
    "code": "Python code",
    "calls": "How functions are called",
    "determinism": "What makes results vary",
    "commands": "Commands",
    "queries": "Queries",
    "sources": "Sources",
    "contracts": "Contracts and bounds",
    "edges": "Columns along edges",
}
"""Title of each module of the compiler's codes, in the order in which they are listed."""

RUNS, SETTINGS = "Runs", "Settings"


def known_codes() -> dict[str, tuple[Code, ...]]:
    """Return every code by the title of its group, sorted by name within it."""
    found: dict[str, tuple[Code, ...]] = {}
    seen: set[str] = set()
    for title, module in _modules():
        codes = sorted(_declared(module), key=lambda code: code.name)
        fresh = tuple(code for code in codes if code.name not in seen)
        seen |= {code.name for code in fresh}
        if fresh:
            found[title] = (*found.get(title, ()), *fresh)
    return found


def _modules() -> Iterator[tuple[str, ModuleType]]:
    import pkgutil

    from ..compiler import codes as compilers
    from . import codes
    from .settings import codes as settings_codes

    names = sorted(module.name for module in pkgutil.iter_modules(compilers.__path__))
    order = {name: place for place, name in enumerate(GROUPS)}
    for name in sorted(names, key=lambda one: order.get(one, len(order))):
        title = GROUPS.get(name, name.replace("_", " ").capitalize())
        yield title, import_module(f"{compilers.__name__}.{name}")
    yield RUNS, codes
    yield SETTINGS, settings_codes


def _declared(module: ModuleType) -> set[Code]:
    from ..compiler.diagnostic import Code

    return {value for value in vars(module).values() if isinstance(value, Code)}
