"""Calls that import a module by its name: `import_module("…")` and `__import__("…")`."""

from __future__ import annotations

import ast

_NAMES = frozenset({"import_module", "__import__"})


def imports_by_name(call: ast.Call) -> bool:
    """Say whether a call imports a module whose name it is given."""
    match call.func:
        case ast.Name(id=name):
            return name in _NAMES
        case ast.Attribute(attr=name):
            return name == "import_module"
        case _:
            return False


def literal_import(call: ast.Call) -> tuple[str, int] | None:
    """Return the module that such a call imports and its level, as in an import statement.

    None where the name is computed.
    """
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    values = [*call.args[:2], *(given[word] for word in ("name", "package") if word in given)]
    match values:
        case [ast.Constant(value=str() as name), *rest]:
            module = name.lstrip(".")
            level = len(name) - len(module)
        case _:
            return None
    if not all(part.isidentifier() for part in module.split(".")):
        return None
    is_relative = level and isinstance(call.func, ast.Attribute | ast.Name)
    match rest:
        case [ast.Constant(value=str() as package), *_] if is_relative:
            # One dot is the package that is named.
            above = package.split(".")[: len(package.split(".")) - level + 1]
            return ".".join([*above, module]), 0
        case _:
            return module, level
