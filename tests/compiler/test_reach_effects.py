"""What of a project counts for a function though it does not name it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reprocc.compiler.plan import CodeFile
from reprocc.compiler.render.concise import render_concise

from .reaching import HELPERS, code_of, marks, problems_of

EFFECTS = {
    "a call": ("print('E')", True),
    "a value that is called for": ("X = open('E')", True),
    "a default that is called for": ("def f(x=open('E')): ...", True),
    "a call in a class": ("class A:\n    x = print('E')", True),
    "an annotation that is called for": ("def f(x: print('E')): ...", True),
    "an annotation that is not evaluated": (
        "from __future__ import annotations\ndef f(x: print('E')): ...",
        False,
    ),
    "a decorator": ("import app\n@app.get\ndef f(): return 'E'", True),
    "a decorator of a method": (
        "import app\nclass A:\n    @app.get\n    def f(self): return 'E'",
        True,
    ),
    "a mutation": ("import sys\nsys.path_hooks = ['E']", True),
    "a mutation of an item": ("import os\nos.environ['E'] = '1'", True),
    "an addition in place": ("from sys import path\npath += ['E']", True),
    "an assertion": ("assert 'E'", True),
    "a failure": ("if len('E') > 5: raise ValueError", True),
    "a loop": ("for x in 'E': ...", True),
    "a condition around a call": ("import sys\nif sys.argv: print('E')", True),
    "a hook of subclasses": (
        "class A:\n    def __init_subclass__(cls): ...\nclass B(A): x = 'E'",
        True,
    ),
    "a metaclass": ("class M(type): ...\nclass A(metaclass=M): ...\nclass B(A): x = 'E'", True),
    "a function": ("def f(): print('E')", False),
    "a lambda": ("f = lambda: print('E')", False),
    "a constant": ("X = ['E', {'a': 1}, -1]", False),
    "a class": ("class A:\n    x = 'E'\n    @property\n    def f(self): print('E')", False),
    "a class of exceptions": ("class A(ValueError): x = 'E'", False),
    "an abstract class": ("from abc import ABC, ABCMeta\nclass A(ABC): x = 'E'", False),
    "a dataclass": (
        "from dataclasses import dataclass, field\n"
        "@dataclass(frozen=True)\nclass A:\n    x: list = field(default_factory=list)\n    y = 'E'",
        False,
    ),
    "a dataclass of one's own": (
        "def dataclass(x): return x\n@dataclass\nclass A:\n    y = 'E'",
        True,
    ),
    "a cache": ("import functools as ft\n@ft.lru_cache(maxsize=None)\ndef f(): return 'E'", False),
    "a property that is set": (
        "class A:\n    @property\n    def x(self): ...\n    @x.setter\n    def x(self, v): 'E'",
        False,
    ),
    "a logger": ("import logging\nLOG = logging.getLogger('E')", False),
    "a path": ("from pathlib import Path\nX = Path('E')", False),
    "a sorted list": ("X = sorted(['E'])", False),
    "a list sorted by a function": ("def k(x): return 'K'\nX = sorted(['E'], key=k)", True),
    "the names that a star takes": ("__all__ = ['E']\n__all__ += ['f']", False),
    "under TYPE_CHECKING": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING: print('E')",
        False,
    ),
    "what is not given a name": ("import dag\ndag.A >> 'E'", True),
    "a method of a text": ("X = 'E F'.split()", False),
    "a class below one that a library keeps": (
        "import luigi\nclass A(luigi.Task): x = 'E'",
        True,
    ),
    "a class below one of a library": ("import torch\nclass A(torch.nn.Module): x = 'E'", False),
    "a class made by a call": ("X = type('E', (), {})", True),
    "a type that is asked for": ("X = type('E')", False),
    "a builtin beside a star": ("from os.path import *\nX = len('E')", False),
    "a decorator that is imported twice": (
        "from functools import cache\nfrom functools import cache\n@cache\ndef f(): return 'E'",
        False,
    ),
    "a program's own part": ("if __name__ == '__main__': print('E')", False),
}


@pytest.mark.parametrize("case", EFFECTS)
def test_what_acts_when_a_module_is_imported_counts(tmp_path: Path, case: str) -> None:
    text, counts = EFFECTS[case]
    files = {"main.py": "import a.b\ndef run(): ...\n", "a/__init__.py": f"{text}\n", "a/b.py": ""}
    assert ("E" in marks(tmp_path, files)) == counts


OBJECT = "class C:\n    def __add__(self, o): ...\nO = C()\nN = 2\ndef f(): ...\n"
WITH_OBJECTS = {
    "an operator": ("X = O + 'E'", True),
    "an operator of an alias": ("P = [O]\nQ = P\nX = Q[0] + 'E'", True),
    "an item": ("X = O['E']", True),
    "a getter": ("X = [O.x, 'E']", True),
    "a comparison": ("X = O == 'E'", True),
    "a format": ("X = f\"{O}\", 'E'", True),
    "a condition": ("if O: X = 'E'", True),
    "being sorted": ("X = sorted([O, 'E'])", True),
    "being unpacked": ("X, Y = [O, *'E'], O", True),
    "being a key": ("X = {O: 'E'}", True),
    "being put into a class": ("class D:\n    x = O\n    y = 'E'", True),
    "being given another name": ("X = [O, 'E']", False),
    "being a value": ("X = {'E': O}", False),
    "plain numbers": ("X = N * 2, 'E', -N, N < 3", False),
    "items of plain values": ("T = {'E': f, 'c': C}\nX = sorted(T), T['E']", False),
    "annotations": ("def g(x: C | None) -> 'E': ...", False),
}


@pytest.mark.parametrize("case", WITH_OBJECTS)
def test_what_is_done_with_objects_of_the_project_counts(tmp_path: Path, case: str) -> None:
    text, counts = WITH_OBJECTS[case]
    files = {"main.py": "import a\ndef run(): ...\n", "a.py": f"{OBJECT}{text}\n"}
    assert ("E" in marks(tmp_path / "1", files)) == counts
    files = {
        "main.py": "import a\ndef run(): ...\n",
        "a.py": f"from b import C, N, O, f\n{text}\n",
        "b.py": OBJECT,
    }
    assert ("E" in marks(tmp_path / "2", files)) == counts


def test_what_an_effect_names_counts(tmp_path: Path) -> None:
    acting = "from helpers import g\nTABLE = {}\nOTHER = 'O'\nTABLE['x'] = g\n"
    files = {"main.py": "import a\ndef run(): ...\n", "a.py": acting, "helpers.py": HELPERS}
    assert marks(tmp_path, files) == "G"


def test_effects_of_a_module_that_only_another_function_imports_do_not_count(
    tmp_path: Path,
) -> None:
    main = "def other():\n    import a\ndef run(): ...\n"
    assert marks(tmp_path, {"main.py": main, "a.py": "print('E')\n"}) == ""


UNKNOWABLE = {
    "eval": ("def run(): return eval('f' + '()')", "FGLO"),
    "globals": ("def run(): return globals()['f']", "FGLO"),
    "globals, modules among them": (
        "import helpers\ndef run(): return globals()['helpers'].h()",
        "FGHILO",
    ),
    "a module passed on": ("import helpers\ndef run(): return vars(helpers)", "HI"),
    "getattr of a module": ("import helpers\ndef run(): return getattr(helpers, 'h')()", "HI"),
    "a module that is assigned": ("import helpers\nh = helpers\ndef run(): return h.h()", "HI"),
    "a star": ("from helpers import *\ndef run(): return h()", "HI"),
    "a literal import": (
        "import importlib\ndef run(): return importlib.import_module('helpers').h()",
        "HI",
    ),
    "a computed import": (
        "import importlib\nimport helpers\ndef run(x): return importlib.import_module(x)",
        "FGHILO",
    ),
    "all modules": ("import sys, helpers\ndef run(x): return sys.modules[x]", "FGHILO"),
    "all subclasses": ("import helpers\ndef run(x): return x.__subclasses__()", "FGHILO"),
    "a pickle": ("import helpers, pickle\ndef run(x): return pickle.load(x)", "FGHILO"),
    "a pickle by joblib": (
        "import helpers\nfrom joblib import load\ndef run(x): return load(x)",
        "FGHILO",
    ),
    "none of them where it is not reached": (
        "import helpers, sys\ndef other(): return eval('x'), sys.modules\ndef run(): ...",
        "",
    ),
}


@pytest.mark.parametrize("case", UNKNOWABLE)
def test_where_reach_cannot_be_known_whole_modules_count(tmp_path: Path, case: str) -> None:
    text, expected = UNKNOWABLE[case]
    main = f"{HELPERS}class A: x = 'O'\n{text}\n"
    files = {"main.py": main, "helpers.py": "def h(): return 'H'\ndef i(): return 'I'\n"}
    assert marks(tmp_path, files) == expected


def test_it_is_said_why_a_module_counts_as_a_whole(tmp_path: Path) -> None:
    files = {"main.py": "from helpers import *\ndef run(): return f()\n", "helpers.py": HELPERS}
    helpers, main = code_of(tmp_path, files).files
    assert helpers.whole == "it is imported with `*`"
    assert helpers.definitions == ("LIMIT", "f", "g")
    assert main.whole is None
    assert main.definitions == ("run",)


def test_a_module_of_which_nothing_counts_is_there_to_be_imported(tmp_path: Path) -> None:
    files = {"main.py": "import helpers\ndef run(): ...\n", "helpers.py": HELPERS}
    helpers, main = code_of(tmp_path, files).files
    assert helpers == CodeFile(path="helpers.py", digest=None, definitions=(), whole=None)
    assert main.digest is not None


def test_modules_named_under_code_count_as_a_whole(tmp_path: Path) -> None:
    files = {"main.py": "def run(): ...\n", "plugins/a.py": HELPERS}
    before = code_of(tmp_path / "1", files, extra="plugins/*.py")
    edited = {**files, "plugins/a.py": HELPERS.replace("'G'", "'H'")}
    assert code_of(tmp_path / "2", edited, extra="plugins/*.py").digest != before.digest


def test_a_script_counts_by_what_it_does_and_reaches(tmp_path: Path) -> None:
    main = (
        "import helpers\ndef used(): return 'U'\ndef unused(): return 'V'\nX = 'X'\n"
        "if __name__ == '__main__':\n    print('P', used(), helpers.f())\n"
    )
    files = {"main.py": main, "helpers.py": HELPERS}
    assert marks(tmp_path, files, is_script=True) == "FPU"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("import os, sys", "import sys\nimport os", True),
        ("from a import f\nfrom b import g", "from b import g\nfrom a import f", True),
        ("from a import f\nfrom b import g", "from a import g\nfrom b import f", False),
        ("from a import f, g", "from a import (\n    g,\n    f,\n)", True),
        ("from a import f as g, g as f", "from a import f, g", False),
        (
            "import acts, acts_too\nfrom a import f, g",
            "import acts_too, acts\nfrom a import f, g",
            False,
        ),
        ("import os as f\nimport sys as g", "import sys as f\nimport os as g", False),
    ],
)
def test_the_order_of_imports_counts_where_it_may_matter(
    tmp_path: Path, one: str, other: str, is_same: bool
) -> None:
    modules = {f"{name}.py": "def f(): ...\ndef g(): ...\n" for name in "ab"}
    acting = {f"{name}.py": f"import a\na.{name} = 1\n" for name in ("acts", "acts_too")}
    digests = {
        code_of(
            tmp_path / str(index),
            {"main.py": f"{text}\ndef run(): return f, g, os, sys\n", **modules, **acting},
        ).digest
        for index, text in enumerate((one, other))
    }
    assert len(digests) == (1 if is_same else 2)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax of 3.12")
def test_parameters_of_types_hide_names(tmp_path: Path) -> None:
    text = f"{HELPERS}def run[f](x: f) -> f: return x\ntype g2[g] = list[g]\n"
    assert "G" not in marks(tmp_path, {"main.py": text})


def test_code_nested_deeper_than_the_stack_is_walked(tmp_path: Path) -> None:
    depth = 500
    deep = "X = " + "not " * depth + "f\n"
    assert marks(tmp_path, {"main.py": f"{HELPERS}{deep}def run(): return X\n"}) == "F"


def test_a_module_whose_name_is_computed_is_a_warning_unless_modules_are_named(
    tmp_path: Path,
) -> None:
    text = "import importlib\ndef run(x):\n    return importlib.import_module(f'models.{x}')\n"
    files = {"main.py": text + "def other(): __import__(name)\n", "models/a.py": HELPERS}
    assert [render_concise([problem]) for problem in problems_of(tmp_path, files)] == [
        "main.py:3:12: warning[computed-import]: "
        "`main.py` imports a module whose name is computed\n"
    ]
    assert problems_of(tmp_path, files, extra="models/*.py") == ()


FROM_PATHS = "from pathlib import Path\n"
DATA = {
    FROM_PATHS + "def run(): return sorted((Path(__file__).parent / 'data').glob('*.csv'))": (
        "data/a.csv"
    ),
    FROM_PATHS + "def run(): return Path(__file__).parents[0].joinpath('data', 'a.csv')": (
        "data/a.csv"
    ),
    "import pkgutil\ndef run(): return pkgutil.get_data(__name__, 'data/a.csv')": "data/a.csv",
    "from importlib import resources\ndef run(): return resources.read_text('data', 'a.csv')": (
        "data/a.csv"
    ),
    "import places\ndef run(): return open(places.DATA / 'a.csv')": "data/a.csv",
    "from places import DATA\nPATH = DATA / 'a.csv'\ndef run(): return open(PATH)": "data/a.csv",
    "import places\ndef run(other): return open(other / 'a.csv'), places": None,
    FROM_PATHS + "def run(): return Path(__file__).parent / 'data' / 'a.csv'": "data/a.csv",
    FROM_PATHS + "HERE = Path(__file__).resolve().parent\n"
    "def run(): return (HERE / 'data/a.csv').read_text()": "data/a.csv",
    FROM_PATHS + "def run():\n    here = Path(__file__)\n"
    "    return here.with_name('b.txt')": "b.txt",
    "import os.path as p\n"
    "def run(): return p.join(p.dirname(__file__), 'data', 'a.csv')": "data/a.csv",
    "from importlib.resources import files\n"
    "def run(): return files('data').joinpath('a.csv').read_text()": "data/a.csv",
    FROM_PATHS + "A = Path(__file__).parent / 'b.txt'\ndef run(): ...": None,
    FROM_PATHS + "def run(): return Path(__file__).parents[3] / 'b.txt'": None,
    FROM_PATHS + "def run(): return Path(__file__).parent / '../b.txt'": None,
    FROM_PATHS + "def run(): return Path(__file__).parent / 'missing.txt'": None,
}


@pytest.mark.parametrize("text", DATA)
def test_files_that_code_finds_beside_itself_by_a_literal_count(tmp_path: Path, text: str) -> None:
    places = "from pathlib import Path\nDATA = Path(__file__).parent / 'data'\n"
    files = {"main.py": f"{text}\n", "data/a.csv": "1\n", "b.txt": "2\n", "places.py": places}
    code = code_of(tmp_path / "1", files)
    assert problems_of(tmp_path / "1", files) == ()
    found = [file.path for file in code.files if not file.path.endswith(".py")]
    assert found == ([DATA[text]] if DATA[text] else [])
    edited = {**files, "data/a.csv": "3\n", "b.txt": "4\n"}
    assert (code_of(tmp_path / "2", edited).digest != code.digest) == bool(found)


@pytest.mark.parametrize(
    "found", ["Path(__file__).parent / f'{x}.csv'", "Path(__file__).with_name(x)  # more"]
)
def test_a_file_whose_name_is_computed_is_a_warning(tmp_path: Path, found: str) -> None:
    text = f"from pathlib import Path\ndef run(x):\n    return {found}\n"
    files = {"main.py": text, "a.csv": ""}
    assert [render_concise([problem]) for problem in problems_of(tmp_path, files)] == [
        "main.py:3:12: warning[computed-data]: "
        "`main.py` finds a file beside it by a name that is computed\n"
    ]
    assert problems_of(tmp_path, files, extra="*.csv") == ()
