"""One expression: Python's grammar over an allow-list, evaluated totally.

Integers, the results of every step included, lie between -2**63 and 2**64 - 1 (what the widest
column types hold); numbers are finite. A boolean is not a number, so `True + 1` is an error and
`True == 1` is false. `and` and `or` give an operand, as in Python. Powers of numbers are computed
in decimal arithmetic, so they do not depend on a machine's mathematics library.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection
from dataclasses import dataclass, field

from ..codes import expressions as codes
from ..diagnostic import Code, Diagnostic, Fix, Label
from ..fixing.rename import rename, replace_word
from ..source import Span
from ..suggest import closest
from .functions import FUNCTIONS
from .operators import binary, compare, item_of, unary
from .refusal import Budget, Refusal
from .scope import Names, Scope
from .value import Value, written

LONGEST = 2_000
"""Characters of an expression."""

DEEPEST = 100
"""Levels of an expression."""

ROOTS = ("parameters", "matrix", "seed")
_ALLOWED = (
    ast.Constant,
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.Call,
    ast.Load,
    ast.boolop,
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow),
    *(ast.USub, ast.UAdd, ast.Not),
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A name that is used: `root` is `parameters`, `matrix`, `seed` or an unknown word."""

    root: str
    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A parsed expression; `scalar` is where it is written, `offset` its place in that source.

    `offset` is None where the scalar's escapes hide it; then spans are the whole scalar.
    """

    text: str
    tree: ast.expr = field(compare=False, repr=False)
    references: tuple[Reference, ...]
    scalar: Span = field(compare=False)
    offset: int | None = field(compare=False)


def parse_expression(text: str, scalar: Span, offset: int | None) -> Expression | Diagnostic:
    """Read the text between `${` and `}`."""
    stripped = text.strip().replace("\n", " ").replace("\t", " ")
    if offset is not None:
        offset += len(text) - len(text.lstrip())
    whole = _span(scalar, offset, 0, len(stripped))
    if not stripped:
        return _diagnostic(codes.EXPRESSION_SYNTAX, "an expression is empty", whole)
    if len(stripped) > LONGEST:
        message = f"an expression has {len(stripped)} characters; the most is {LONGEST}"
        return _diagnostic(codes.EXPRESSION_TOO_LARGE, message, whole)
    tree = _parse(stripped)
    if tree is None:
        message = f"`{_clip(stripped)}` is not an expression"
        return _diagnostic(codes.EXPRESSION_SYNTAX, message, whole)
    if _is_deeper(tree, DEEPEST):
        message = f"an expression is nested more than {DEEPEST} levels deep"
        return _diagnostic(codes.EXPRESSION_TOO_LARGE, message, whole)
    draft = Expression(text=stripped, tree=tree, references=(), scalar=scalar, offset=offset)
    try:
        references = tuple(_references(draft))
    except Refusal as refusal:
        return _refused(draft, refusal)
    return Expression(text=stripped, tree=tree, references=references, scalar=scalar, offset=offset)


def check_references(expression: Expression, names: Names) -> tuple[Diagnostic, ...]:
    """Report every name that does not exist where the expression stands, evaluated or not."""
    return tuple(
        found
        for reference in expression.references
        if (found := _reference_fault(reference, names)) is not None
    )


def evaluate_expression(expression: Expression, scope: Scope) -> Value | Diagnostic:
    """Return the expression's value; its references must have been checked."""
    try:
        return _value(expression.tree, scope, Budget())
    except Refusal as refusal:
        return _refused(expression, refusal)


def _parse(text: str) -> ast.expr | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_deeper(tree: ast.expr, limit: int) -> bool:
    level: list[ast.AST] = [tree]
    for _ in range(limit):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True


def _references(expression: Expression) -> list[Reference]:
    found: list[Reference] = []
    pending: list[ast.AST] = [expression.tree]
    while pending:
        node = pending.pop()
        _refuse_unknown_syntax(node)
        match node:
            case ast.Attribute(value=ast.Name(id="parameters" | "matrix" as root), attr=name):
                found.append(Reference(root=root, name=name, span=_node_span(expression, node)))
            case ast.Name(id="parameters" | "matrix" as root):
                message = f"`{root}` is not a value; name one of its members"
                raise Refusal(codes.UNKNOWN_NAME, message, node, f"write `{root}.NAME`")
            case ast.Name(id=name):
                found.append(Reference(root=name, name="", span=_node_span(expression, node)))
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in FUNCTIONS:
                pending.extend(arguments)
            case ast.Call():
                raise Refusal(codes.EXPRESSION_NOT_ALLOWED, *_call_fault(node))
            case _:
                pending.extend(ast.iter_child_nodes(node))
    return sorted(found, key=lambda reference: (reference.span.start, reference.span.end))


def _refuse_unknown_syntax(node: ast.AST) -> None:
    if not isinstance(node, _ALLOWED) or (isinstance(node, ast.Call) and node.keywords):
        what = "a keyword argument" if isinstance(node, ast.Call) else _syntax_name(node)
        where = node if isinstance(node, ast.expr) else None
        hint = "write `${…}`, with one brace" if isinstance(node, ast.Set) else None
        raise Refusal(
            codes.EXPRESSION_NOT_ALLOWED, f"an expression may not hold {what}", where, hint
        )
    if isinstance(node, ast.Dict) and None in node.keys:
        raise Refusal(codes.EXPRESSION_NOT_ALLOWED, "an expression may not hold `**`", node)
    if isinstance(node, ast.Constant):
        constant = node.value
        if constant is not None and not isinstance(constant, (bool, int, float, str)):
            kind = type(constant).__name__
            message = f"an expression may not hold a constant of type `{kind}`"
            raise Refusal(codes.EXPRESSION_NOT_ALLOWED, message, node)
        Budget().bounded(constant, node)


def _call_fault(node: ast.Call) -> tuple[str, ast.expr, str | None]:
    if not isinstance(node.func, ast.Name):
        return "an expression may not call a method", node, None
    found = closest(node.func.id, FUNCTIONS)
    hint = None if found is None else f"did you mean `{found}`?"
    return f"`{node.func.id}` is no function of expressions", node.func, hint


def _syntax_name(node: ast.AST) -> str:
    names: dict[type[ast.AST], str] = {
        ast.Lambda: "a `lambda`",
        ast.ListComp: "a comprehension",
        ast.SetComp: "a comprehension",
        ast.DictComp: "a comprehension",
        ast.GeneratorExp: "a comprehension",
        ast.JoinedStr: "an f-string",
        ast.Slice: "a slice",
        ast.Starred: "`*`",
        ast.NamedExpr: "`:=`",
        ast.Set: "a set",
        ast.Is: "`is`; write `==`",
        ast.IsNot: "`is not`; write `!=`",
    }
    return names.get(type(node), "this operator")


def _value(node: ast.AST, scope: Scope, budget: Budget) -> Value:
    match node:
        case ast.Constant(value=constant):
            assert constant is None or isinstance(constant, (bool, int, float, str))
            return constant
        case ast.Attribute(value=ast.Name(id="parameters"), attr=name):
            return scope.parameters[name]
        case ast.Attribute(value=ast.Name(id="matrix"), attr=name):
            return scope.matrix[name]
        case ast.Attribute(value=inner, attr=name):
            return item_of(_value(inner, scope, budget), name, node)
        case ast.Name():
            return scope.seed
        case ast.Subscript(value=inner, slice=index):
            return item_of(_value(inner, scope, budget), _value(index, scope, budget), node)
        case ast.BinOp(left=left, op=operator, right=right):
            values = _value(left, scope, budget), _value(right, scope, budget)
            return binary(operator, *values, node, budget)
        case ast.UnaryOp(op=operation, operand=operand):
            return unary(operation, _value(operand, scope, budget), node, budget)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _value(body if _value(test, scope, budget) else orelse, scope, budget)
        case ast.BoolOp():
            return _either(node, scope, budget)
        case ast.Compare():
            return _compared(node, scope, budget)
        case _:
            return _built(node, scope, budget)


def _built(node: ast.AST, scope: Scope, budget: Budget) -> Value:
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items):
            budget.spend(len(items), node)
            return [_value(item, scope, budget) for item in items]
        case ast.Dict(keys=keys, values=values):
            budget.spend(len(keys), node)
            mapping: dict[str, Value] = {}
            for key, value in zip(keys, values, strict=True):
                name = None if key is None else _value(key, scope, budget)
                if not isinstance(name, str):
                    message = "the keys of a mapping must be strings"
                    raise Refusal(codes.EXPRESSION_TYPE, message, node)
                mapping[name] = _value(value, scope, budget)
            return mapping
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name]([_value(a, scope, budget) for a in arguments], node, budget)
        case _:
            raise AssertionError(f"{type(node).__name__} passed the allow-list")


def _either(node: ast.BoolOp, scope: Scope, budget: Budget) -> Value:
    stops = isinstance(node.op, ast.Or)
    result: Value = None
    for operand in node.values:
        result = _value(operand, scope, budget)
        if bool(result) is stops:
            break
    return result


def _compared(node: ast.Compare, scope: Scope, budget: Budget) -> bool:
    left = _value(node.left, scope, budget)
    for operator, operand in zip(node.ops, node.comparators, strict=True):
        right = _value(operand, scope, budget)
        if not compare(operator, left, right, node, budget):
            return False
        left = right
    return True


def _reference_fault(reference: Reference, names: Names) -> Diagnostic | None:
    name, span = reference.name, reference.span
    match reference.root:
        case "parameters":
            if name in names.parameters or name in names.broken:
                return None
            message = f"there is no parameter `{name}`"
            return _unknown(codes.UNKNOWN_PARAMETER, message, span, name, names.parameters)
        case "matrix" if names.axes is not None:
            if name in names.axes or not names.axes_are_known:
                return None
            message = f"{names.place} has no axis `{name}`"
            return _unknown(codes.UNKNOWN_AXIS, message, span, name, names.axes)
        case "seed" if names.seed:
            return None
        case "matrix" | "seed":
            word = f"matrix.{name}" if name else "seed"
            return _diagnostic(codes.NAME_NOT_HERE, f"{names.place} cannot use `{word}`", span)
        case word:
            return _unknown_word(word, span, names)


def _unknown_word(word: str, span: Span, names: Names) -> Diagnostic:
    if word in FUNCTIONS:
        message = f"`{word}` is a function and must be called"
        return _diagnostic(codes.UNKNOWN_NAME, message, span, f"write `{word}(…)`")
    message = f"there is no name `{word}` in expressions"
    is_axis = names.axes is not None and word in names.axes
    if word in names.parameters or is_axis:
        better = f"parameters.{word}" if word in names.parameters else f"matrix.{word}"
        is_certain = not (word in names.parameters and is_axis)
        fixes = replace_word(span, word, better, is_certain=is_certain)
        return _diagnostic(codes.UNKNOWN_NAME, message, span, f"write `{better}`", fixes)
    if word in ("inputs", "outputs", "arguments"):
        message = f"`{word}` stands for paths, which only a `command` knows"
        return _diagnostic(codes.NAME_NOT_HERE, message, span)
    known = {"true": "True", "false": "False", "null": "None"}
    if word in known:
        fixes = replace_word(span, word, known[word], is_certain=True)
        return _diagnostic(codes.UNKNOWN_NAME, message, span, f"write `{known[word]}`", fixes)
    return _unknown(codes.UNKNOWN_NAME, message, span, word, frozenset((*ROOTS, *FUNCTIONS)))


def _unknown(code: Code, message: str, span: Span, word: str, known: Collection[str]) -> Diagnostic:
    found = closest(word, sorted(known))
    hint = None if found is None else f"did you mean `{found}`?"
    fixes = rename(span, word, found, known, of_language=code is codes.UNKNOWN_NAME)
    return _diagnostic(code, message, span, hint, fixes)


def _refused(expression: Expression, refusal: Refusal) -> Diagnostic:
    where = refusal.node
    span = (
        _span(expression.scalar, expression.offset, 0, len(expression.text))
        if where is None
        else _node_span(expression, where)
    )
    message = refusal.message.replace("{}", _clip(_node_text(expression, where)))
    return _diagnostic(refusal.code, message, span, refusal.help)


def _node_text(expression: Expression, node: ast.expr | None) -> str:
    if node is None:
        return expression.text
    start, end = _columns(expression, node)
    return expression.text[start:end]


def _node_span(expression: Expression, node: ast.expr) -> Span:
    return _span(expression.scalar, expression.offset, *_columns(expression, node))


def _columns(expression: Expression, node: ast.expr) -> tuple[int, int]:
    data = expression.text.encode("utf-8", "surrogatepass")
    end = len(data) if node.end_col_offset is None else node.end_col_offset
    return _characters(data, node.col_offset), _characters(data, end)


def _characters(data: bytes, size: int) -> int:
    return len(data[:size].decode("utf-8", "replace"))


def _span(scalar: Span, offset: int | None, start: int, end: int) -> Span:
    if offset is None:
        return scalar
    return Span(scalar.source, offset + start, offset + end)


def _clip(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."


def _diagnostic(
    code: Code, message: str, span: Span, hint: str | None = None, fixes: tuple[Fix, ...] = ()
) -> Diagnostic:
    return Diagnostic(code=code, message=message, primary=Label(span=span), help=hint, fixes=fixes)


__all__ = [
    "Expression",
    "Reference",
    "check_references",
    "evaluate_expression",
    "parse_expression",
    "written",
]
