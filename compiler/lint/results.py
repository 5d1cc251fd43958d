"""Rules on what a result must not hold: times, random identifiers, hashes of the process."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..codes import determinism as codes
from .escaping import escapes
from .finding import Finding
from .generators import is_seeding
from .outline import Piece
from .view import View, constant, owner_of, short

_DURATIONS = frozenset(
    f"time.{name}{suffix}"
    for name in ("perf_counter", "monotonic", "process_time", "thread_time")
    for suffix in ("", "_ns")
)
_CLOCKS = frozenset(
    {
        "time.time",
        "time.time_ns",
        "time.ctime",
        "time.localtime",
        "time.gmtime",
        "time.asctime",
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "datetime.date.today",
        "pandas.Timestamp.now",
        "pandas.Timestamp.today",
        "pandas.Timestamp.utcnow",
        "pendulum.now",
        "arrow.now",
        "arrow.utcnow",
        "django.utils.timezone.now",
    }
)
_GIVEN_A_TIME = frozenset({"time.ctime", "time.localtime", "time.gmtime", "time.asctime"})
_NOW = frozenset({"pandas.to_datetime", "pandas.Timestamp", "numpy.datetime64"})
_IDENTIFIERS = frozenset(
    {"uuid.uuid1", "uuid.uuid4", "secrets.token_hex", "secrets.token_urlsafe", "tempfile.mktemp"}
)


def clock_in_result(
    view: View, piece: Piece, call: ast.Call, name: str | None
) -> Iterator[Finding]:
    """Find times that go into a result."""
    if name is None or not _is_time(call, name) or is_seeding(view, piece, call):
        return
    if not _is_start(view, call) and escapes(view, call):
        is_duration = name in _DURATIONS or isinstance(view.parent(call), ast.BinOp)
        what = "how long it took" if is_duration else "the time of day"
        message = f"{owner_of(piece)} puts {what} into a result, by `{short(name)}`"
        mend = "print it instead" if is_duration else "leave it out, or take it as an argument"
        yield view.finding(codes.CLOCK_IN_RESULT, call, message, mend=mend)


def random_identifier(
    view: View, piece: Piece, call: ast.Call, name: str | None
) -> Iterator[Finding]:
    """Find random identifiers that go into a result."""
    if name in _IDENTIFIERS and escapes(view, call):
        message = f"{owner_of(piece)} puts a random identifier into a result, by `{short(name)}`"
        mend = "number the rows, or derive it from what it names"
        yield view.finding(codes.RANDOM_IDENTIFIER, call, message, mend=mend)


def builtin_hash(view: View, piece: Piece, call: ast.Call, name: str | None) -> Iterator[Finding]:
    """Find the remainder of Python's own hash, by which rows are assigned."""
    if name != "builtins.hash":
        return
    inner: ast.AST = call
    outer = view.parent(inner)
    if isinstance(outer, ast.Call) and view.name_of(outer.func, piece) == "builtins.abs":
        inner, outer = outer, view.parent(outer)
    if isinstance(outer, ast.BinOp) and isinstance(outer.op, ast.Mod) and outer.left is inner:
        message = f"{owner_of(piece)} assigns by `hash`, which differs between processes"
        mend = "use `zlib.crc32` of its bytes"
        yield view.finding(codes.BUILTIN_HASH, call, message, mend=mend)


def _is_time(call: ast.Call, name: str) -> bool:
    if name in _NOW:
        return bool(call.args) and constant(call.args[0]) in ("now", "today")
    if name == "time.strftime":
        return len(call.args) == 1
    if name in _GIVEN_A_TIME:
        return not call.args
    return name in _CLOCKS or name in _DURATIONS


def _is_start(view: View, call: ast.Call) -> bool:
    """Say whether a time is only taken from a later one, which is what is found then."""
    match view.parent(call):
        case ast.Assign(targets=[ast.Name(id=name) as target]):
            uses = list(view.uses(name, view.scope(target)))
        case _:
            return False
    return bool(uses) and all(_is_subtracted(view, use) for use in uses)


def _is_subtracted(view: View, use: ast.Name) -> bool:
    outer = view.parent(use)
    return isinstance(outer, ast.BinOp) and isinstance(outer.op, ast.Sub) and outer.right is use
