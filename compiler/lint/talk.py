"""Calls that only tell people something, and calls that write a result."""

from __future__ import annotations

import ast
import re

from .words import words

_TELLS = re.compile(
    r"(?i)^(?:print|pprint|echo|sleep|secho|tick|warn|exit|set_(?:description|postfix)\w*)$"
    r"|^(?:debug|info|warning|error|exception|critical|log)$|log(?:ger|ging)?$|^log_|^print_"
    r"|^report_(?:time|progress)|progress|timing"
)
_WRITES = words(
    "dump write write_text write_bytes writelines writerow writerows save savez"
    " savetxt savefig to_csv to_json to_parquet to_pickle to_feather to_excel write_table"
)
_TAKES_VALUES = words("write write_text write_bytes writelines writerow writerows")
_TAKES_VALUE_FIRST = words("dump write_table")
_SPEAKERS = frozenset({"stderr", "stdout", "tqdm"})
_LOGS = re.compile(r"(?i)(?:^|_)log(?:s|ger|ging|file)?(?:$|_)")
_ADDS = frozenset({"append", "extend", "insert", "appendleft", "add"})


def last_name(function: ast.expr) -> str:
    """Return the last part of the name of what is called, empty where it has none."""
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def tells(call: ast.Call) -> bool:
    """Say whether a call prints, logs or waits, which no result depends on."""
    inner: ast.expr = call.func
    while isinstance(inner, ast.Attribute):
        inner = inner.value
        if last_name(inner) in _SPEAKERS or _LOGS.search(last_name(inner)):
            return True
    return _TELLS.search(last_name(call.func)) is not None


def writes(call: ast.Call) -> bool:
    """Say whether a call writes something to a file."""
    return last_name(call.func) in _WRITES


def writes_it(call: ast.Call, node: ast.AST) -> bool:
    """Say whether a call writes a value, which is an argument of it or what it is called on.

    The path that it writes to is no such value.
    """
    name = last_name(call.func)
    if name in _TAKES_VALUES:
        return node is not call.func
    if name in _TAKES_VALUE_FIRST:
        return bool(call.args) and node is call.args[0]
    return name.startswith("to_") and name in _WRITES and node is call.func


def adds_to(call: ast.Call) -> ast.Name | None:
    """Return the name of the collection to which a call adds, if it does."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _ADDS:
        return None
    return root_of(call.func.value)


def root_of(node: ast.expr) -> ast.Name | None:
    """Return the name of which a piece of syntax is an item or an item of an item."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node if isinstance(node, ast.Name) else None
