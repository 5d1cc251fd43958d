"""Values that may be objects of classes of the project, whose operators are its code.

An operator, an item, an attribute's getter, a comparison within `sorted`: on plain values, and on
those of libraries, they do nothing that others see. On an object of the project they run its code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from ..folder import Located
from .parts import Part
from .targets import Counted, Target
from .use import Chain

_Key = tuple[str | None, int]


class Project(Protocol):
    """What is asked about names and the parts of modules."""

    def targets(self, module: Located, part: Part, chain: Chain) -> tuple[Target, ...]:
        """Return what a chain of names in a part of a module leads to."""
        ...

    def acts_itself(self, module: Located, part: Part) -> bool:
        """Say whether a part does something when its module is imported, operators apart."""
        ...


class Objects:
    """Says whether parts of a project do something with such objects, each once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._are: dict[_Key, bool] = {}
        self._hold: dict[_Key, bool] = {}

    def used_by(self, module: Located, part: Part) -> bool:
        """Say whether a part may do something with such an object, but hand it on."""
        here = Counted(module=module, part=part)
        return any(map(self._is_one, _used(here, self._named)))

    def _named(self, of: Counted, chain: Chain) -> Iterable[Counted]:
        """Go through what a chain leads to, the part itself and imports left out."""
        for target in self._project.targets(of.module, of.part, chain):
            is_value = isinstance(target, Counted) and target.part.bound is None
            if isinstance(target, Counted) and is_value and target.part is not of.part:
                yield target

    def _is_one(self, target: Counted) -> bool:
        return _leads(target, self._are, self._is_made, self._next)

    def _holds_code(self, target: Counted) -> bool:
        """Say whether a value is a function or a class of the project, or holds one."""
        return _leads(target, self._hold, lambda one: one.part.effects.has_code, self._evaluated)

    def _is_made(self, target: Counted) -> bool:
        """Say whether a part itself makes an object, or changes a function or class into one."""
        effects = target.part.effects
        if effects.has_code:
            return self._project.acts_itself(target.module, target.part)
        return effects.has_calls and any(map(self._holds_code, self._evaluated(target)))

    def _next(self, target: Counted) -> Iterable[Counted]:
        """Go through the values that make a value one, if they are."""
        # A function or a class is none because it holds one, only where its making used it.
        has_code = target.part.effects.has_code
        return _used(target, self._named) if has_code else self._evaluated(target)

    def _evaluated(self, target: Counted) -> Iterable[Counted]:
        for chain in target.part.effects.evaluated:
            yield from self._named(target, chain)


def _used(of: Counted, named: Callable[[Counted, Chain], Iterable[Counted]]) -> Iterable[Counted]:
    """Go through the values with which a part does something."""
    effects = of.part.effects
    for chain in effects.evaluated:
        if effects.operates:
            yield from named(of, chain)
        elif len(chain) > 1:
            # Getting an attribute of a module only names something.
            yield from named(of, chain[:-1])


def _leads(
    start: Counted,
    known: dict[_Key, bool],
    holds: Callable[[Counted], bool],
    following: Callable[[Counted], Iterable[Counted]],
) -> bool:
    """Say whether something holds of a value or of one that it leads to."""
    seen: set[_Key] = set()
    pending = [start]
    while pending:
        one = pending.pop()
        key = one.module.path, one.part.index
        if key in seen or known.get(key) is False:
            continue
        seen.add(key)
        if known.get(key) or holds(one):
            known[start.module.path, start.part.index] = True
            return True
        pending += following(one)
    known.update(dict.fromkeys(seen, False))
    return False
