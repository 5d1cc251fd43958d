"""Rules on order: of sets, of listings of folders, and of work that ends when it ends."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..code.place import span_of
from ..code.within import every
from ..codes import determinism as codes
from .finding import Change, Finding
from .ordering import loop_matters, order_matters
from .outline import Piece
from .talk import last_name
from .view import View, constant, owner_of

_LISTINGS = frozenset({"os.listdir", "os.scandir", "os.walk", "glob.glob", "glob.iglob"})
_COMPLETIONS = frozenset({"concurrent.futures.as_completed", "asyncio.as_completed"})
_UNORDERED = frozenset({"imap_unordered", "map_unordered"})
_COMBINED = frozenset({"union", "intersection", "difference", "symmetric_difference", "copy"})


def set_order(view: View, piece: Piece) -> Iterator[Finding]:
    """Find sets whose order shows in a result, each once."""
    made: list[ast.expr] = [node for node in piece.sets if not _is_numbers(node)]
    for call in piece.calls:
        is_named = last_name(call.func) in {"set", "frozenset"}
        if is_named and (view.name_of(call.func, piece) or "").startswith("builtins."):
            made.append(call)
    whole = dict.fromkeys(_whole(view, node) for node in made)
    for node in whole:
        if order_matters(view, node, is_sequence=False) and _stays_a_set(view, node):
            message = f"{owner_of(piece)} depends on the order of a set"
            mend = "put it into an order with `sorted(…)`"
            yield view.finding(codes.SET_ORDER, node, message, mend=mend)


def unsorted_listing(
    view: View, piece: Piece, call: ast.Call, name: str | None
) -> Iterator[Finding]:
    """Find listings of folders whose order shows in a result."""
    last = last_name(call.func)
    if name not in _LISTINGS and not (name is None and _lists_a_path(view, piece, call)):
        return
    is_walk = name == "os.walk"
    if is_walk and _is_sorted_walk(view, call):
        return
    if not order_matters(view, call, is_sequence=True):
        return
    what = name or last
    message = f"{owner_of(piece)} depends on the order in which `{what}` lists files"
    if is_walk or name == "os.scandir":
        mend = "sort what it gives" if is_walk else "sort it: `key=lambda entry: entry.name`"
        yield view.finding(codes.UNSORTED_LISTING, call, message, mend=mend)
        return
    span = span_of(view.source, call)
    changes = (
        Change(start=span.start, end=span.start, text="sorted("),
        Change(start=span.end, end=span.end, text=")"),
    )
    if isinstance(view.parent(call), ast.Call) and _is_next(view.parent(call)):
        mend = "write `min(…)` in place of `next(…)`"
        yield view.finding(codes.UNSORTED_LISTING, call, message, mend=mend)
        return
    mend = "Put it into an order with `sorted(…)`"
    yield view.finding(codes.UNSORTED_LISTING, call, message, mend=mend, changes=changes)


def completion_order(
    view: View, piece: Piece, call: ast.Call, name: str | None
) -> Iterator[Finding]:
    """Find results that are gathered in the order in which they are ready."""
    last = "ray.wait" if name == "ray.wait" else last_name(call.func)
    if name == "ray.wait":
        loop = next((o for o in view.around(call) if isinstance(o, ast.While | ast.For)), None)
        matters = loop is not None and loop_matters(view, loop, set())
        mend = "take the results with `ray.get` in the order of the tasks"
    elif name in _COMPLETIONS:
        matters = order_matters(view, call, is_sequence=True)
        mend = "go through the futures in the order in which they were made"
    elif name is None and last in _UNORDERED and isinstance(call.func, ast.Attribute):
        matters = order_matters(view, call, is_sequence=True)
        mend = f"write `{last.removesuffix('_unordered')}` in place of `{last}`"
    else:
        return
    if matters and not isinstance(view.parent(call), ast.IfExp):
        message = f"{owner_of(piece)} gathers by `{last}`, in the order of completion"
        yield view.finding(codes.COMPLETION_ORDER, call, message, mend=mend)


def _whole(view: View, node: ast.expr) -> ast.expr:
    """Return the set of which a set is an operand, or itself."""
    while True:
        outer = view.parent(node)
        match outer:
            case ast.BinOp(op=ast.Sub() | ast.BitAnd() | ast.BitOr() | ast.BitXor()):
                node = outer
            case ast.Attribute(attr=name) if name in _COMBINED:
                call = view.parent(outer)
                if not isinstance(call, ast.Call) or call.func is not outer:
                    return node
                node = call
            case _:
                return node


def _stays_a_set(view: View, node: ast.expr) -> bool:
    """Say whether the name that a set is given has no other value in its scope."""
    match view.parent(node):
        case (
            ast.Assign(targets=[ast.Name(id=name) as target])
            | ast.AnnAssign(target=ast.Name(id=name) as target)
        ):
            return len(view.assigned(name, view.scope(target))) == 1
        case _:
            return True


def _is_numbers(node: ast.Set | ast.SetComp) -> bool:
    """Say whether a set is written out in numbers, whose order every Python agrees on."""
    return isinstance(node, ast.Set) and all(
        isinstance(constant(item), int | float) for item in node.elts
    )


def _lists_a_path(view: View, piece: Piece, call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    last = call.func.attr
    if last == "iterdir":
        return not call.args and not call.keywords
    if last not in {"glob", "rglob"} or len(call.args) != 1:
        return False
    return _is_path(view, piece, call.func.value)


def _is_path(view: View, piece: Piece, node: ast.expr) -> bool:
    """Say whether an expression is surely a path of pathlib."""
    match node:
        case ast.BinOp(left=left, op=ast.Div()):
            return _is_path(view, piece, left)
        case ast.Call(func=function):
            return view.name_of(function, piece) == "pathlib.Path"
        case ast.Attribute(value=value, attr="parent"):
            return _is_path(view, piece, value)
        case ast.Name(id=name):
            scope = view.scope(node)
            if not isinstance(scope, ast.Module):
                a = scope.args
                for arg in (*a.posonlyargs, *a.args, *a.kwonlyargs):
                    if arg.arg == name and arg.annotation is not None:
                        return view.name_of(arg.annotation, piece) == "pathlib.Path"
            given = view.assigned(name, scope)
            return len(given) == 1 and given[0] is not None and _is_path(view, piece, given[0])
        case _:
            return False


def _is_next(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) == "next"


def _is_sorted_walk(view: View, call: ast.Call) -> bool:
    """Say whether a loop over `os.walk` puts what it is given into an order."""
    loop = view.parent(call)
    if not isinstance(loop, ast.For):
        return False
    return any(
        isinstance(inner, ast.Call) and last_name(inner.func) in {"sort", "sorted"}
        for statement in loop.body
        for inner in every(statement)
    )
