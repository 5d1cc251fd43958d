"""The digest of a syntax tree."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import reprocc
from reprocc.compiler.code.syntax import syntax_digest

SAMPLE = '''
"""A docstring with é and \\ud800."""
from __future__ import annotations
from . import a
from ..b import (c as d, e)
import f.g as h

@d(1)
class Model(A, B, metaclass=C):
    x: int = 0x10
    (y): str
    def fit(self, /, train, *rest, depth: "int | None" = None, **kw) -> dict[str, a[*b]]:
        """  Doc
             indented.
        """
        with open(f"{train}/x") as one, two(): pass
        return {**kw, "n": 1_000, "f": -0.0, "c": 2.5e-300j, "e": ..., "b": b"\\x00" b"z"}

async def later():
    async for x in y: await x
    return [i async for i in z if i] + [lambda q=1, *, r: (q, r)]

match value:
    case {"a": None, **rest} | [1, *_] | Point(x=-1) if True: pass
    case "x" "y" | b"z" | 1 + 2j: pass
try:
    del a[0], b
except* ValueError as error:
    raise KeyError from error
for i, *j in k:
    if i < j <= 3 is not None: continue
else:
    (n := 10)
plain = 'a' 'b' u'c'
joined = 'a' f'{x}' 'b' f'c{y!r:>{w}.{p}}d' ''
empty = f'' '' f''
formats = f'{x:}{x!s}{x=}{ x = !r}{x:%Y-%m-%d}{{}}{x:a{y}b}\\n\\N{EM DASH}' rf'\\d{x}'
nested = f'{f"{x}"}{(lambda z: z)(1)}{a["b"]:,}'
tall = f"""
{
x
} and {y:
>10}"""
'''


def digest(text: str) -> str:
    return syntax_digest(ast.parse(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "# why\n\nx   =  1  # because\n"),
        ("x = 'a'", 'x = "a"'),
        ("x = (1)", "x = 1"),
        ("x = 10", "x = 0xA"),
        ("x = 1000", "x = 1_000"),
        ("x = 'a' 'b'", "x = 'ab'"),
        ("x = u'a'", "x = 'a'"),
        ("def f(): return 1", "def f():\n        return 1"),
        ("f(a, b)", "f(\n    a,\n    b,\n)"),
        ("x = 'a' f'{y}' 'b'", "x = f'a{y}b'"),
        ("x = f'{y:}'", "x = f'{y}'"),
        ("x = '''a\nb'''", "x = 'a\\nb'"),
    ],
)
def test_the_way_code_is_written_does_not_count(one: str, other: str) -> None:
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = 2"),
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = True"),
        ("x = 0.0", "x = 0j"),
        ("x = 'a'", "x = b'a'"),
        ("x = None", "x = ..."),
        ("x = 'None'", "x = None"),
        ("x = 1\ny = 2", "y = 2\nx = 1"),
        ("f(a, b)", "f((a, b))"),
        ("f(*a)", "f(**a)"),
        ("{None: a}", "{**a}"),
        ("def f(a, *, b=None, c): 0", "def f(a, *, b, c=None): 0"),
        ("def f(a, /, b): 0", "def f(a, b, /): 0"),
        ("def f(): 'one'", "def f(): 'two'"),
        ("f'{x}'", "f'{x!s}'"),
        ("f'{x:a}'", "f'{x}a'"),
        ("f'{x}' '{y}'", "f'{x}{y}'"),
        ("from . import a", "from .. import a"),
        ("match x:\n case None: 0", "match x:\n case True: 0"),
        ("x = [[], []]", "x = [[[]]]"),
        ("async def f(): 0", "def f(): 0"),
    ],
)
def test_what_code_means_counts(one: str, other: str) -> None:
    assert digest(one) != digest(other)


def test_a_known_module_has_a_known_digest() -> None:
    """The scheme is written into plans and stores: it may never change under its name."""
    tree = ast.parse("x = -1.5\n")
    stream = (
        b"N6\nModule1\nS4\nbodyL1\n"
        b"N6\nAssign2\nS7\ntargetsL1\nN4\nName1\nS2\nidS1\nx"
        b"S5\nvalueN7\nUnaryOp2\nS2\nopN4\nUSub0\n"
        b"S7\noperandN8\nConstant1\nS5\nvalueD\x3f\xf8\x00\x00\x00\x00\x00\x00"
    )
    assert syntax_digest(tree) == f"syntax1:{hashlib.sha256(stream).hexdigest()}"


def test_a_tree_deeper_than_the_stack_is_digested() -> None:
    tree: ast.expr = ast.Constant(value=1)
    for _ in range(100_000):
        tree = ast.UnaryOp(op=ast.USub(), operand=tree)
    module = ast.Module(body=[ast.Expr(value=tree)], type_ignores=[])
    try:
        assert syntax_digest(module).startswith("syntax1:")
    finally:
        # The interpreter would take the tree apart recursively.
        while isinstance(tree, ast.UnaryOp):
            outer, tree = tree, tree.operand
            outer.operand = ast.Constant(value=0)


def test_versions_of_python_agree(tmp_path: Path) -> None:
    versions = [found for found in map(_interpreter, ("3.11", "3.12", "3.13")) if found]
    if len(versions) < 2:
        pytest.skip("one version of Python is here")
    files = [tmp_path / "sample.py", *_standard_files()]
    files[0].write_text(SAMPLE, encoding="utf-8")
    (tmp_path / "reprocc").symlink_to(Path(reprocc.__file__).parent)
    program = (
        "import ast, json, sys, warnings\n"
        "warnings.simplefilter('ignore')\n"
        "from reprocc.compiler.code.syntax import syntax_digest\n"
        "files = [open(path, 'rb').read() for path in json.load(sys.stdin)]\n"
        "print(json.dumps([syntax_digest(ast.parse(data)) for data in files]))\n"
    )
    answers = [
        subprocess.run(
            [version, "-c", program],
            input=json.dumps([str(file) for file in files]),
            env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for version, seed in zip(versions, ("1", "2", "3"), strict=False)
    ]
    assert len(set(answers)) == 1


def _interpreter(version: str) -> str | None:
    """Return an interpreter that really starts: a shim may stand for one that is not there."""
    if sys.version.startswith(f"{version}."):
        return sys.executable
    found = shutil.which(f"python{version}")
    if found is None:
        return None
    started = subprocess.run([found, "-c", ""], capture_output=True, check=False)
    return found if started.returncode == 0 else None


def _standard_files() -> list[Path]:
    """Return modules of the standard library that are written in syntax of every version."""
    names = ("argparse", "difflib", "heapq", "shutil", "statistics", "textwrap", "uuid")
    return [Path(os.__file__).parent / f"{name}.py" for name in names]
