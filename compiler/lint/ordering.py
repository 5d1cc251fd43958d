"""Whether the order in which something is gone through shows in a result."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..code.within import every
from .talk import adds_to, last_name, tells, writes
from .view import View
from .words import words

_BLIND = words(
    "sorted len sum min max any all set frozenset Counter fsum isin drop dropna difference"
    " union intersection symmetric_difference issubset issuperset isdisjoint update fromkeys"
    " bool dict is_in sort unique discard remove count natsorted difference_update"
    " intersection_update"
)
"""Calls to which the order of what they are given is nothing, or that put it into one."""

_IN_ORDER = words(
    "list tuple enumerate zip map filter reversed iter next array asarray Series DataFrame"
    " Index concat concatenate join chain from_iterable deque stack vstack hstack"
    " column_stack shuffle choice choices sample permutation islice tqdm Categorical"
    " concat_tables"
)
"""Calls that go through what they are given in its order."""

_SETS = (ast.Sub, ast.BitAnd, ast.BitOr, ast.BitXor)
_Seen = set[tuple[ast.AST, bool]]


def order_matters(
    view: View, node: ast.AST, *, is_sequence: bool, seen: _Seen | None = None
) -> bool:
    """Say whether the order of a value shows in what a function gives, as far as can be seen.

    `is_sequence` says that the value has an order already, like a list; a set has none until
    something goes through it. `seen` are the values asked about already.
    """
    seen = set() if seen is None else seen
    if (node, is_sequence) in seen:
        return False
    seen.add((node, is_sequence))
    outer = view.parent(node)
    match outer:
        case ast.Call():
            return _in_call(view, node, outer, is_sequence, seen)
        case ast.For(iter=iterated) | ast.AsyncFor(iter=iterated):
            return iterated is node and loop_matters(view, outer, seen)
        case ast.comprehension(iter=iterated):
            return iterated is node and _in_comprehension(view, outer, seen)
        case ast.Starred():
            around = view.parent(outer)
            in_list = isinstance(around, ast.List | ast.Tuple | ast.Call)
            return in_list and order_matters(view, outer, is_sequence=True, seen=seen)
        case ast.BinOp(op=op):
            return (is_sequence or isinstance(op, _SETS)) and order_matters(
                view, outer, is_sequence=is_sequence, seen=seen
            )
        case ast.Assign(targets=targets):
            names = [target for target in targets if isinstance(target, ast.Name)]
            return any(
                _name_matters(view, name, is_sequence=is_sequence, seen=seen) for name in names
            )
        case ast.AnnAssign(target=ast.Name() as name) | ast.AugAssign(target=ast.Name() as name):
            return _name_matters(view, name, is_sequence=is_sequence, seen=seen)
        case ast.withitem(optional_vars=ast.Name() as name):
            return _name_matters(view, name, is_sequence=is_sequence, seen=seen)
        case ast.IfExp(test=test):
            return test is not node and order_matters(
                view, outer, is_sequence=is_sequence, seen=seen
            )
        case ast.Subscript(value=value):
            return is_sequence and (value is not node or _picks(outer))
        case ast.Return() | ast.Yield() | ast.YieldFrom():
            return is_sequence
        case ast.keyword() | ast.Dict() | ast.List() | ast.Tuple():
            return is_sequence and order_matters(view, outer, is_sequence=True, seen=seen)
        case _:
            return False


def loop_matters(view: View, loop: ast.For | ast.AsyncFor | ast.While, seen: _Seen) -> bool:
    """Say whether a loop builds something in the order in which it goes."""
    for node in _body(loop):
        match node:
            case ast.Yield() | ast.YieldFrom():
                return True
            case ast.Call() if not tells(node):
                if writes(node) and isinstance(view.parent(node), ast.Expr) and _is_stream(node):
                    return True
                name = adds_to(node)
                is_add = last_name(node.func) == "add"
                if name and not is_add and _name_matters(view, name, is_sequence=True, seen=seen):
                    return True
            case ast.AugAssign(op=ast.Add(), target=ast.Name() as name, value=value):
                if isinstance(value, ast.List | ast.JoinedStr) and _name_matters(
                    view, name, is_sequence=True, seen=seen
                ):
                    return True
            case _:
                pass
    return False


def _is_stream(call: ast.Call) -> bool:
    """Say whether a call adds to a file that is written piece by piece."""
    return last_name(call.func) in {"write", "writelines", "writerow", "writerows", "write_table"}


def _body(loop: ast.For | ast.AsyncFor | ast.While) -> Iterator[ast.AST]:
    for statement in loop.body:
        yield from every(statement)


def _in_call(view: View, node: ast.AST, call: ast.Call, is_sequence: bool, seen: _Seen) -> bool:
    name = last_name(call.func)
    if tells(call) or name in _BLIND:
        return False
    if node is call.func:
        return False
    if name in _IN_ORDER:
        numbers = name == "enumerate" and isinstance(view.parent(call), ast.comprehension)
        is_shown = numbers or name == "next"
        return is_shown or order_matters(view, call, is_sequence=True, seen=seen)
    collection = adds_to(call)
    if collection is not None:
        return is_sequence and _name_matters(view, collection, is_sequence=True, seen=seen)
    if is_sequence and name[:1].isupper() and name.endswith(("Error", "Exception")):
        return False
    return is_sequence and not isinstance(view.parent(call), ast.Raise)


def _in_comprehension(view: View, part: ast.comprehension, seen: _Seen) -> bool:
    whole = view.parent(part)
    if isinstance(whole, ast.ListComp | ast.GeneratorExp):
        return order_matters(view, whole, is_sequence=True, seen=seen)
    return False


def _name_matters(view: View, name: ast.Name, *, is_sequence: bool, seen: _Seen) -> bool:
    """Say the same of what stands under a name; not where it is put into an order in place."""
    scope = view.scope(name)
    uses = [use for use in view.uses(name.id, scope) if use is not name]
    for given in view.assigned(name.id, scope):
        if isinstance(given, ast.Call) and last_name(given.func) == "sorted":
            return False
    for use in uses:
        outer = view.parent(use)
        if isinstance(outer, ast.Attribute) and outer.attr == "sort":
            return False
    return any(order_matters(view, use, is_sequence=is_sequence, seen=seen) for use in uses)


def _picks(item: ast.Subscript) -> bool:
    """Say whether an item is picked by its place."""
    match item.slice:
        case ast.Constant(value=int()) | ast.Slice() | ast.UnaryOp():
            return True
        case _:
            return False
