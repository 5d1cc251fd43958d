"""Every kind of diagnostic that the tool knows."""

from __future__ import annotations

import importlib
import pkgutil

from ..diagnostic import Code


def all_codes() -> tuple[Code, ...]:
    """Return every code that a module of this package declares, sorted by name."""
    found: set[Code] = set()
    for module in pkgutil.iter_modules(__path__):
        declared = vars(importlib.import_module(f".{module.name}", __name__)).values()
        found.update(value for value in declared if isinstance(value, Code))
    return tuple(sorted(found, key=lambda code: code.name))
