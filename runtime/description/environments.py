"""What was installed and which code there was, by the transformations that had it."""

from __future__ import annotations

import json

from ..store.records import RunStart
from .description import CodeUse, EnvironmentUse


def describe_environments(start: RunStart) -> tuple[EnvironmentUse, ...]:
    """Return each distinct environment once, the one of most transformations first."""
    found: dict[tuple[str, str], list[str]] = {}
    distributions: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
    for name, environment in json.loads(start.environments).items():
        key = (environment["digest"], environment["python"])
        found.setdefault(key, []).append(name)
        distributions[key] = tuple((title, text) for title, text in environment["distributions"])
    order = sorted(found, key=lambda key: (-len(found[key]), found[key]))
    return tuple(
        EnvironmentUse(
            digest=key[0],
            python=key[1],
            distributions=distributions[key],
            transformations=tuple(sorted(found[key])),
        )
        for key in order
    )


def describe_code(start: RunStart) -> tuple[CodeUse, ...]:
    """Return each file of code once, sorted by path, with the transformations that reach it."""
    found: dict[tuple[str, str, int], list[str]] = {}
    for name, content in start.code:
        for part in content.parts:
            if part.sha256:
                found.setdefault((part.path, part.sha256, part.size), []).append(name)
    return tuple(
        CodeUse(path=path, sha256=sha256, size=size, transformations=tuple(sorted(names)))
        for (path, sha256, size), names in sorted(found.items())
    )
