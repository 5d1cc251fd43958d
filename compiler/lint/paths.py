"""Rules on the paths that a function receives: inputs are read, and outputs hold what is meant."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..codes import determinism as codes
from .finding import Finding, Need
from .outline import Piece
from .talk import last_name
from .view import View, constant, is_open, keyword, owner_of, parameters_of
from .words import words

_CHANGES = words("write_text write_bytes unlink rename replace rmdir mkdir touch chmod symlink_to")
_ON_FILES = frozenset(
    {"os.remove", "os.unlink", "os.rename", "os.replace", "shutil.rmtree", "shutil.move"}
    | {"os.truncate", "os.rmdir", "os.makedirs", "os.mkdir"}
)
_TO_SECOND = frozenset(
    {"joblib.dump", "torch.save", "shutil.copy", "shutil.copyfile", "shutil.copy2"}
    | {"shutil.copytree", "pyarrow.parquet.write_table"}
)
_TO_FIRST = frozenset({"numpy.save", "numpy.savez", "numpy.savez_compressed", "numpy.savetxt"})
_PARSES = frozenset({"parse_args", "parse_known_args"})
_INDEXED = words("groupby set_index value_counts describe pivot pivot_table agg corr T")
_FRAME_WRITES = ("to_csv", "to_parquet", "to_pickle", "to_feather", "to_json", "to_excel")


def changed_input(view: View, piece: Piece, call: ast.Call, name: str | None) -> Iterator[Finding]:
    """Find writes to paths that the function received; whether they are inputs is seen later."""
    node = _written(call, name)
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        node = node.left
    if not isinstance(node, ast.Name) or not isinstance(piece.node, ast.FunctionDef):
        return
    if view.scope(call) is not piece.node or node.id not in parameters_of(piece.node):
        return
    if len(view.assigned(node.id, piece.node)) > 1:
        return
    message = f"`{piece.node.name}` writes to its input `{node.id}`"
    mend = "write to the path of an output"
    need = Need(kind="input", name=node.id)
    yield view.finding(codes.CHANGED_INPUT, call, message, mend=mend, need=need)


def index_column(view: View, piece: Piece, call: ast.Call, name: str | None) -> Iterator[Finding]:
    """Find tables written to an output with the numbers of their rows."""
    if not isinstance(call.func, ast.Attribute) or is_open(call) or name is not None:
        return
    words = {k.arg for k in call.keywords}
    given = next(iter(call.args), None) or keyword(call, "path_or_buf")
    if words & {"index", "index_label"} or given is None:
        return
    need, shown = _output(view, piece, given)
    if need is None or not view.imports("pandas", piece):
        return
    if _has_meant_index(view, call.func.value):
        return
    message = f"{owner_of(piece)} writes row numbers as a column of `{shown}`"
    mend = "write `index=False`, or `index=True` where they are meant"
    yield view.finding(codes.INDEX_COLUMN, call, message, mend=mend, need=need)


def _output(view: View, piece: Piece, path: ast.expr) -> tuple[Need | None, str]:
    """Return what must hold for a path to be that of an output, and how people call it."""
    function = piece.node
    match path:
        case ast.Name(id=name):
            if isinstance(function, ast.FunctionDef) and name in parameters_of(function):
                return Need(kind="output", name=name), name
            given = view.assigned(name, view.scope(path))
            if len(given) == 1 and given[0] is not None and not isinstance(given[0], ast.Name):
                return _output(view, piece, given[0])[0], name
        case ast.Subscript(value=ast.Attribute() as value) if (
            view.name_of(value, piece) == "sys.argv"
        ):
            return Need(kind="program", name=""), "sys.argv"
        case ast.Attribute(value=ast.Name(id=parsed) as value, attr=name):
            given = view.assigned(parsed, view.scope(value)) or view.assigned(parsed, view.tree)
            parses = (isinstance(one, ast.Call) and last_name(one.func) in _PARSES for one in given)
            if any(parses):
                return Need(kind="program", name=""), name
        case _:
            pass
    return None, ""


def _written(call: ast.Call, name: str | None) -> ast.expr | None:
    first = next(iter(call.args), None)
    if name == "builtins.open":
        return first if _is_writing(call, 1) else None
    if name in _ON_FILES or name in _TO_FIRST:
        return first
    if name in _TO_SECOND:
        return call.args[1] if len(call.args) > 1 else None
    if name is not None or not isinstance(call.func, ast.Attribute):
        return None
    if call.func.attr in _FRAME_WRITES:
        return first
    if call.func.attr == "open":
        return call.func.value if _is_writing(call, 0) else None
    if call.func.attr == "replace" and len(call.args) != 1:
        return None
    return call.func.value if call.func.attr in _CHANGES else None


def _is_writing(call: ast.Call, place: int) -> bool:
    mode = call.args[place] if len(call.args) > place else keyword(call, "mode")
    text = constant(mode)
    return isinstance(text, str) and any(sign in text for sign in "wax+")


def _has_meant_index(view: View, frame: ast.expr, depth: int = 4) -> bool:
    """Say whether an index was made on purpose, as `groupby` makes one."""
    for node in ast.walk(frame):
        if isinstance(node, ast.Attribute) and node.attr in _INDEXED:
            return True
        if isinstance(node, ast.Call) and last_name(node.func) in _INDEXED:
            return True
        if isinstance(node, ast.Call) and keyword(node, "index_col") is not None:
            return True
        if isinstance(node, ast.Call) and keyword(node, "index") is not None:
            return True
        if isinstance(node, ast.Name) and depth:
            for given in view.assigned(node.id, view.scope(node)):
                if given is not None and _has_meant_index(view, given, depth - 1):
                    return True
    return False
