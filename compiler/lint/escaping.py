"""Whether a value goes into a result, or only into messages and decisions."""

from __future__ import annotations

import ast

from .talk import adds_to, last_name, root_of, tells, writes, writes_it
from .view import View

_READS = ("read", "open", "load", "mkdir", "makedirs", "remove", "unlink", "rmtree", "exists")
_THROUGH = (
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.JoinedStr,
    ast.FormattedValue,
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.Dict,
    ast.Attribute,
    ast.Starred,
    ast.keyword,
    ast.ListComp,
    ast.SetComp,
    ast.GeneratorExp,
    ast.DictComp,
    ast.Await,
)


def escapes(view: View, node: ast.AST, seen: set[ast.AST] | None = None) -> bool:
    """Say whether a value is returned, written, or part of what is, as far as one module shows.

    Where that cannot be seen the answer is no. `seen` are the values asked about already.
    """
    seen = set() if seen is None else seen
    if node in seen:
        return False
    seen.add(node)
    outer = view.parent(node)
    match outer:
        case ast.Return() | ast.Yield():
            return _is_asked_for(view, outer, seen)
        case ast.Call():
            return _escapes_call(view, node, outer, seen)
        case ast.Subscript(value=value):
            return value is node and escapes(view, outer, seen)
        case ast.IfExp(test=test) | ast.NamedExpr(target=test):
            return test is not node and escapes(view, outer, seen)
        case ast.Assign(targets=targets, value=value):
            return any(_assigned(view, target, value, node, seen) for target in targets)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return _reaches(view, root_of(target), seen)
        case _:
            return isinstance(outer, _THROUGH) and escapes(view, outer, seen)


def _escapes_call(view: View, node: ast.AST, call: ast.Call, seen: set[ast.AST]) -> bool:
    if tells(call):
        return False
    if last_name(call.func).startswith(_READS):
        return False  # a name of a file is not what is in it
    if writes_it(call, node):
        return True
    if writes(call):
        return False
    if node is not call.func:
        collection = adds_to(call)
        if collection is not None:
            return _reaches(view, collection, seen)
    return escapes(view, call, seen)


def _assigned(
    view: View, target: ast.expr, value: ast.expr, node: ast.AST, seen: set[ast.AST]
) -> bool:
    match target, value:
        case ast.Tuple(elts=names), ast.Tuple(elts=values) if len(names) == len(values):
            pairs = zip(names, values, strict=True)
            return any(one is node and _reaches(view, root_of(to), seen) for to, one in pairs)
        case _:
            return _reaches(view, root_of(target), seen)


def _reaches(view: View, name: ast.Name | None, seen: set[ast.AST]) -> bool:
    """Say whether what stands under a name goes into a result."""
    if name is None:
        return False
    uses = view.uses(name.id, view.scope(name))
    return any(use is not name and escapes(view, use, seen) for use in uses)


def _is_asked_for(view: View, node: ast.AST, seen: set[ast.AST]) -> bool:
    """Say whether what a function returns goes on: where the module calls it, the calls decide."""
    function = view.scope(node)
    if not isinstance(function, ast.FunctionDef):
        return True
    calls = [
        outer
        for use in view.uses(function.name, view.tree)
        if isinstance(outer := view.parent(use), ast.Call) and outer.func is use
    ]
    return not calls or any(escapes(view, call, seen) for call in calls)
