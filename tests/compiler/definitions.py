"""Definitions of every kind, as text: what the packages of the property tests are made of."""

from __future__ import annotations

CLASSES = ("class", "told", "meta", "record")
OBJECTS = ("object",)
FUNCTIONS = ("function", "reader", "decorated", "wrapped", "conditional", "writer", "nested")
CALLED = {*FUNCTIONS, *CLASSES}
VALUES = ("constant", "lambda", "made", "file")
EFFECTS = {
    "decorated",
    "wrapped",
    "registered",
    "patch",
    "operator",
    "object",
    "looped",
    "told",
    "meta",
}
IMPORTING = ("file", "record", "patch")
KINDS = (
    *("function",) * 4,
    *("reader",) * 2,
    *("constant",) * 2,
    *("class",) * 2,
    *("object",) * 2,
    *("operator",) * 2,
    "told",
    "meta",
    "record",
    "decorated",
    "wrapped",
    "conditional",
    "nested",
    "lambda",
    "made",
    "looped",
    "registered",
    "patch",
    "writer",
    "file",
)

BOARD = """TABLE, READING, LOG = {}, [], []
def keep(f): return TABLE.setdefault(f.__name__, f)
def wrap(f): return lambda: (LOG.append(f.__name__), f())
def read():
    if READING: return 'again'
    READING.append(1)
    found = [f() if callable(f) else f for f in TABLE.values()], list(LOG)
    READING.clear()
    return found"""

METHODS = """    def __add__(self, o): {board}LOG.append({mark!r} + o); return {mark!r}
    def __getitem__(self, o): {board}LOG.append({mark!r} + o); return {mark!r}
    def __neg__(self): {board}LOG.append({mark!r} + 'neg'); return {mark!r}
    def __lt__(self, o): {board}LOG.append({mark!r} + 'lt'); return True
    def __iter__(self): {board}LOG.append({mark!r} + 'iter'); return iter({mark!r})
    def __bool__(self): {board}LOG.append({mark!r} + 'bool'); return True
    def __format__(self, o): {board}LOG.append({mark!r} + 'format'); return {mark!r}
    def __hash__(self): {board}LOG.append({mark!r} + 'hash'); return 1
    def __contains__(self, o): {board}LOG.append({mark!r} + o); return True
    def __len__(self): {board}LOG.append({mark!r} + 'len'); return 3
    def __set_name__(self, o, n): {board}LOG.append({mark!r} + 'name')
    @property
    def p(self): {board}LOG.append({mark!r} + 'get'); return {mark!r}"""

OPERATIONS = (
    "{o} + {mark}",
    "{o}[{mark}]",
    "-{o}",
    "sorted([{o}, {o}]) and 1",
    "[x for x in {o}]",
    "1 if {o} else 2",
    "f'{{{o}}}'",
    "{{{o}: 1}} and 1",
    "{mark} in {o}",
    "len({o})",
    "{o}.p",
    "(lambda a, b, c: a)(*(1, 2, {o}.p))",
)


def usable_by(kind: str, other: str) -> bool:
    """Say whether an item of a kind can use another: only what it is able to name."""
    if kind == "file":
        return False
    return other in CALLED or other in VALUES or other in OBJECTS


def value_of(kind: str, named: str) -> str:
    """Return the expression that gives what can be printed of an item."""
    if kind in CLASSES:
        return f"{named}().m()"
    if kind in OBJECTS:
        return f"{named}.m()"
    return f"{named}()" if kind in CALLED or kind in ("lambda", "file") else named


def lines_of(
    kind: str,
    name: str,
    mark: str,
    used: list[tuple[str, str]],
    inner: list[str],
    board: str,
    depth: int,
) -> list[str]:
    """Return the lines of an item; `used` are kinds and names of what it uses, `inner` imports."""
    values = [repr(mark), *(value_of(other, named) for other, named in used)]
    if kind == "reader":
        values.append(f"{board}read()")
    result = f"({', '.join(values)},)"
    body = "".join(f"{line}; " for line in inner if not line.startswith(" "))
    text = f"{body}return {result}"
    if kind in CLASSES or kind in OBJECTS:
        return _class(kind, name, mark, used, text, board)
    if kind in ("operator", "looped", "made"):
        return _acting(kind, name, mark, used, result)
    match kind:
        case "function" | "reader":
            return [f"def {name}(): {text}"]
        case "decorated":
            return [f"@{board}keep", f"def {name}(): {text}"]
        case "wrapped":
            return [f"@{board}wrap", f"def {name}(): {text}"]
        case "nested":
            return [f"def {name}(x=1):", "    def inner(): " + text, "    return inner()"]
        case "conditional":
            return ["if __name__:", f"    def {name}(): {text}", "else:", f"    {name} = 0"]
        case "lambda":
            return [f"{name} = lambda: {result}"]
        case "file":
            above = ".parent" * (depth + 1)
            path = f"Path(__file__){above} / 'data' / '{name}.txt'"
            return ["from pathlib import Path", f"def {name}(): return ({path}).read_text()"]
        case "writer":
            written = f"{body}w_{name} = {result}; return w_{name}"
            return [f"w_{name} = 0", f"def {name}(): global w_{name}; {written}"]
        case "constant":
            return [f"{name} = {result}"]
        case "patch" if patched := _patched(used):
            module, attribute = patched
            return [f"import {module} as z", f"z.{attribute} = {result}"]
        case _:
            return [f"{board}TABLE['{name}'] = {result}"]


def _class(
    kind: str, name: str, mark: str, used: list[tuple[str, str]], text: str, board: str
) -> list[str]:
    of = f"C{name}" if kind == "object" else name
    bases = [named for other, named in used if other in CLASSES and "import_module" not in named]
    methods = METHODS.format(mark=mark, board=board)
    above: list[str] = []
    keywords = bases[:1]
    match kind:
        case "told":
            told = f"{board}LOG.append(c.__name__ + {mark!r} + str(c.__dict__.get('a')))"
            methods += f"\n    def __init_subclass__(c, **k): {told}"
        case "meta":
            told = f"{board}LOG.append(n + {mark!r} + str(d.get('a')))"
            above = [
                f"class M{name}({f'type({bases[0]})' if bases else 'type'}):",
                f"    def __init__(c, n, b, d): super().__init__(n, b, d); {told}",
            ]
            keywords = [*keywords, f"metaclass=M{name}"]
        case "record":
            above = ["from dataclasses import dataclass", "@dataclass(eq=False)"]
            methods += f"\n    b: int = {mark!r}"
        case _:
            pass
    names = [named for other, named in used if other in OBJECTS and "import_module" not in named]
    head = f"class {of}({', '.join(keywords)}):" if keywords else f"class {of}:"
    lines = [*above, head, f"    a = {mark!r}", methods, f"    def m(self): {text}"]
    lines += [f"    o_{index} = {named}" for index, named in enumerate(names)]
    return [*lines, *([f"{name} = {of}()"] if kind == "object" else [])]


def _acting(kind: str, name: str, mark: str, used: list[tuple[str, str]], result: str) -> list[str]:
    objects = [named for other, named in used if other in OBJECTS]
    classes = [named for other, named in used if other in CLASSES]
    if kind == "operator" and objects:
        operation = OPERATIONS[int(name[1:]) % len(OPERATIONS)]
        return [f"{name} = {operation.format(o=objects[0], mark=repr(mark))}"]
    if kind == "made":
        if classes:
            return [f"{name} = type('T', ({classes[0]},), {{'a': {mark!r}}})().a"]
        return [f"{name} = {result}[0]"]
    return [f"for {name} in {result}: pass"]


def _patched(used: list[tuple[str, str]]) -> tuple[str, str] | None:
    """Return the module and the name of a constant that a patch gives another value."""
    for other, named in used:
        module, _, attribute = named.rpartition(".")
        if other == "constant" and module and "(" not in module and module[0] != "y":
            return module, attribute
    return None
