"""Classes whose making runs code of the project: those with a metaclass or `__init_subclass__`."""

from __future__ import annotations

from typing import Protocol

from ..folder import Located
from .parts import Part
from .pure import REGISTERING_BASES
from .targets import Counted, Target
from .use import Chain


class Project(Protocol):
    """What is asked about names and the parts of modules."""

    def targets(self, module: Located, part: Part, chain: Chain) -> tuple[Target, ...]:
        """Return what a chain of names in a part of a module leads to."""
        ...

    def acts_itself(self, module: Located, part: Part) -> bool:
        """Say whether a part does something when its module is imported, operators apart."""
        ...

    def meaning(self, module: Located, chain: Chain) -> str | None:
        """Return what a chain means from outside the project, as a dotted name."""
        ...


def hooks_subclasses(project: Project, module: Located, part: Part) -> bool:
    """Say whether making a class in this part runs code of a base class.

    Bases from outside the project are taken to do nothing that others see, but for a few that are
    known to keep a list of their subclasses.
    """
    return any(
        _is_hooked(project, module, part, base, frozenset())
        for making in part.effects.makes
        for base in making.bases
    )


def _is_hooked(
    project: Project, module: Located, part: Part, base: Chain, seen: frozenset[int]
) -> bool:
    """Say whether a base, or one of its own, is told of its subclasses."""
    if not base or project.meaning(module, base) in REGISTERING_BASES:
        return True
    for target in project.targets(module, part, base):
        if not isinstance(target, Counted):
            return True
        if id(target.part) in seen or target.part.bound is not None:
            continue
        if _tells(project, target, seen | {id(target.part)}):
            return True
    return False


def _tells(project: Project, base: Counted, seen: frozenset[int]) -> bool:
    effects = base.part.effects
    if any(making.is_told for making in effects.makes):
        return True
    has_metaclass = any(making.has_metaclass for making in effects.makes)
    if (has_metaclass or effects.assigns) and project.acts_itself(base.module, base.part):
        return True
    above = [*(base for making in effects.makes for base in making.bases), *effects.aliases]
    return any(_is_hooked(project, base.module, base.part, one, seen) for one in above)
