"""The implicit lock: what the interpreter that runs reprocc offers to a user's code."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...compiler.canonical import Digest, digest_of
from .distributions import Distribution, Installed, is_editable, requirements

SCHEME = "environment1"

_OURS = "reprocc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What user code runs in, as far as its result may depend on it.

    `python` is the minor version (`3.11`), `implementation` such as `cpython`. `distributions` are
    names and versions, sorted. `local` are the modules that would be found but whose version says
    nothing: they belong to no distribution, or to one installed as editable. `missing` are those
    that would not be found; an import that is guarded by `try` may do without them.
    """

    python: str
    implementation: str
    distributions: tuple[tuple[str, str], ...]
    local: tuple[str, ...]
    missing: tuple[str, ...]


def capture(imports: tuple[str, ...], *, tables: bool) -> Lock:
    """Lock the distributions that top-level modules come from, with all that those require.

    Nothing is imported. `tables` says that tables are passed, for which pyarrow is needed. What
    the running interpreter's standard library has is part of the Python version. A process looks
    at its search path once.
    """
    wanted = {*imports, "pyarrow"} if tables else set(imports)
    return _capture(tuple(sorted(wanted - sys.stdlib_module_names)), tuple(sys.path))


def capture_all() -> Lock:
    """Lock everything that is installed, as a program may use any of it.

    The distribution of reprocc itself is left out: it runs the program and is no part of it.
    `local` are the names of the distributions that are installed as editable.
    """
    return _capture_all(tuple(sys.path))


def lock_digest(lock: Lock, variables: Sequence[tuple[str, str]]) -> Digest:
    """Return the digest of an environment: the lock and the variables that a spec sets."""
    return _digest(lock, tuple(sorted(variables)))


@lru_cache(maxsize=1024)
def _digest(lock: Lock, variables: tuple[tuple[str, str], ...]) -> Digest:
    return digest_of(
        SCHEME,
        {
            "python": lock.python,
            "implementation": lock.implementation,
            "distributions": [list(pair) for pair in lock.distributions],
            "local": list(lock.local),
            "missing": list(lock.missing),
            "variables": [list(pair) for pair in variables],
        },
    )


@lru_cache(maxsize=8)
def _installed(path: tuple[str, ...]) -> Installed:
    return Installed(path)


@lru_cache(maxsize=1024)
def _capture(modules: tuple[str, ...], path: tuple[str, ...]) -> Lock:
    installed = _installed(path)
    owners = installed.owners(modules)
    unowned = [module for module in modules if module not in owners]
    local = {module for module in unowned if _is_found(module)}
    missing = set(unowned) - local
    for module, found in owners.items():
        if any(is_editable(distribution) for distribution in found):
            local.add(module)
    roots = [distribution for found in owners.values() for distribution in found]
    return Lock(
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        implementation=sys.implementation.name,
        distributions=_closure(installed, roots),
        local=tuple(sorted(local)),
        missing=tuple(sorted(missing)),
    )


@lru_cache(maxsize=8)
def _capture_all(path: tuple[str, ...]) -> Lock:
    found = [each for each in _installed(path).all() if each.name != _OURS]
    return Lock(
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        implementation=sys.implementation.name,
        distributions=tuple((each.name, each.version) for each in found),
        local=tuple(each.name for each in found if is_editable(each)),
        missing=(),
    )


def _closure(installed: Installed, roots: Sequence[Distribution]) -> tuple[tuple[str, str], ...]:
    none: frozenset[str] = frozenset()
    pending = [(root, none) for root in roots]
    seen = set(pending)
    while pending:
        distribution, extras = pending.pop()
        for name, asked in requirements(distribution, extras):
            found = installed.named(name)
            if found is not None and (found, asked) not in seen:
                seen.add((found, asked))
                pending.append((found, asked))
    return tuple(sorted({(found.name, found.version) for found, _ in seen}))


def _is_found(module: str) -> bool:
    # Of a top-level module this asks the finders and runs nothing.
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
