"""What a task of a command or a query carries out, with its values in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..expression.value import Value
from ..plan import Command
from .settings import Filled, Setting

if TYPE_CHECKING:
    from ..queries.judge import Sample

Samples = dict[tuple[str, ...], "Sample"]
"""Queries with their literals: one for each way in which they can parse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A command or the text of a query, or neither."""

    command: Command | None
    query: str | None


NOTHING = Carried(command=None, query=None)
Part = tuple[Setting, Callable[[Value], Any]]
"""A setting, and what makes of its value what it stands for; that may raise WrongValue."""


def body_parts(
    filled: Filled | None, samples: Samples
) -> tuple[list[Part], Callable[[list[Any]], Carried]]:
    """Return the settings of a body with what makes of each value a part of it, and of all it.

    Each form of a query that may parse otherwise is added to `samples`.
    """
    if filled is None:
        return [], lambda _: NOTHING
    from ..commands.words import PreparedCommand

    form = filled.form
    if isinstance(form, PreparedCommand):
        from ..commands.fill import fill_command, word_text

        command = form
        return (
            [(setting, word_text) for setting in filled.settings],
            lambda values: Carried(command=fill_command(command, values), query=None),
        )
    from ..queries.judge import Sample
    from ..queries.literals import kind_of, literal

    query = form

    def make(values: list[tuple[str, str]]) -> Carried:
        literals = [written for written, _ in values]
        kinds = tuple(kind for _, kind in values)
        if kinds not in samples:
            samples[kinds] = Sample(query=query, literals=tuple(literals))
        return Carried(command=None, query=query.text(literals))

    return [(s, lambda value: (literal(value), kind_of(value))) for s in filled.settings], make
