"""How a missing seed is mended: with the one that the function has, where it has one."""

from __future__ import annotations

import ast

from ..code.place import span_of
from .finding import Change
from .view import View, keyword

TAKE_A_SEED = "give the function a parameter `seed`, and "
TAKE_THE_TASKS = "take the seed from `REPROCC_SEED`, and "
"""What is said in its place of a program."""


def is_missing(node: ast.expr | None) -> bool:
    """Say whether a seed is not given, or given as None."""
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def seed_mend(
    view: View, call: ast.Call, name: str | None, written: str
) -> tuple[str, tuple[Change, ...]]:
    """Return the mend that gives a call the seed, by keyword or by position where `name` is None.

    `written` is how people write it. The mend is certain where a function around has a parameter
    `seed`.
    """
    if not view.has_parameter("seed", call):
        return f"{TAKE_A_SEED}write `{written}`", ()
    change = _change(view, call, name)
    return (f"write `{written}`", ()) if change is None else (f"Write `{written}`", (change,))


def _change(view: View, call: ast.Call, name: str | None) -> Change | None:
    """Return what puts the seed into a call; None where that could spoil how it is written."""
    given = keyword(call, name) if name else next(iter(call.args), None)
    if given is not None:
        span = span_of(view.source, given)
        return Change(start=span.start, end=span.end, text="seed")
    seed = f"{name}=seed" if name else "seed"
    last = span_of(view.source, call).end - 1
    arguments = [*call.args, *(one.value for one in call.keywords)]
    if not arguments:
        called = span_of(view.source, call.func).end
        at = len(view.source.text[:last].rstrip())
        has_comment = "#" in view.source.text[called:last]
        return None if has_comment else Change(start=at, end=at, text=seed)
    at = max(span_of(view.source, one).end for one in arguments)
    rest = view.source.text[at:last]
    if ("#" in rest and ")" in rest) or isinstance(arguments[0], ast.GeneratorExp):
        return None
    # An argument may stand in parentheses of its own.
    at += rest.rfind(")") + 1
    return Change(start=at, end=at, text=f", {seed}")
