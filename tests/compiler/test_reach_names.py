"""What of a project counts for a function, name by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from .reaching import HELPERS, marks

BY_NAME = {
    "a function": ({"main.py": HELPERS + "def run():\n    return f()\n"}, "F"),
    "a constant": ({"main.py": HELPERS + "def run():\n    return LIMIT\n"}, "L"),
    "a function through a function": (
        {"main.py": HELPERS + "def h():\n    return g()\ndef run():\n    return h()\n"},
        "G",
    ),
    "a name imported": ({"main.py": "from helpers import f\ndef run(): return f()\n"}, "F"),
    "a name imported as another": (
        {"main.py": "from helpers import f as g\ndef run(): return g()\n"},
        "F",
    ),
    "a name imported and not used": ({"main.py": "from helpers import f\ndef run(): ...\n"}, ""),
    "an attribute of a module": (
        {"main.py": "import helpers\ndef run(): return helpers.g()\n"},
        "G",
    ),
    "an attribute of a module of another name": (
        {"main.py": "import helpers as h\ndef run(): return h.g()\n"},
        "G",
    ),
    "an import within a function": (
        {"main.py": "def run():\n    from helpers import f\n    return f()\n"},
        "F",
    ),
    "an import of a module within a function": (
        {"main.py": "def run():\n    import helpers as h\n    return h.LIMIT\n"},
        "L",
    ),
    "an import in another function": (
        {
            "main.py": "def other():\n    import acting\ndef run(): ...\n",
            "acting.py": "print('A')\n",
        },
        "",
    ),
    "an import into the module from a function": (
        {
            "main.py": (
                "def load():\n    global h\n    import helpers as h\n"
                "def run():\n    load()\n    return h.f()\n"
            )
        },
        "F",
    ),
    "an import in a class": (
        {"main.py": "class A:\n    import helpers as h\ndef run(): return A.h.f()\n"},
        "FGL",
    ),
    "a chain of modules": (
        {
            "main.py": "import a.b.c\ndef run(): return a.b.c.f()\n",
            "a/__init__.py": "X = 'X'\n",
            "a/b/__init__.py": "Y = 'Y'\n",
            "a/b/c.py": HELPERS,
        },
        "F",
    ),
    "a module taken from a package": (
        {
            "main.py": "from a import c\ndef run(): return c.f()\n",
            "a/__init__.py": "",
            "a/c.py": HELPERS,
        },
        "F",
    ),
    "a module of a namespace package": (
        {"main.py": "from a import c\ndef run(): return c.f()\n", "a/c.py": HELPERS},
        "F",
    ),
    "a relative import": (
        {
            "main.py": "from a.b import h\ndef run(): return h()\n",
            "a/__init__.py": "",
            "a/b.py": "from .c import f\nfrom . import c\ndef h(): return f() + c.LIMIT\n",
            "a/c.py": HELPERS,
        },
        "FL",
    ),
    "a name that a package hands on": (
        {
            "main.py": "import a\ndef run(): return a.f()\n",
            "a/__init__.py": "from .f import f\nfrom .g import g\n",
            "a/f.py": HELPERS,
            "a/g.py": "def g(): return 'H'\n",
        },
        "F",
    ),
    "a name that a package hands on under that of its module": (
        {
            "main.py": "from a import f\ndef run(): return f()\n",
            "a/__init__.py": "from .f import f\n",
            "a/f.py": HELPERS,
        },
        "F",
    ),
    "a class as a whole, and its bases": (
        {
            "main.py": (
                "class Base:\n    def a(self): return 'A'\n"
                "class B(Base):\n    def b(self): return 'B'\n    def c(self): return f()\n"
                "class C(Base):\n    def c(self): return 'C'\n"
                + HELPERS
                + "def run(): return B()\n"
            )
        },
        "ABF",
    ),
    "a default argument": (
        {"main.py": HELPERS + "def run(x=LIMIT): return x\n"},
        "L",
    ),
    "an annotation": (
        {"main.py": "class A: x = 'A'\nclass B: x = 'B'\ndef run(x: A): ...\n"},
        "A",
    ),
    "an annotation in quotes": (
        {"main.py": "class A: x = 'A'\nclass B: x = 'B'\ndef run(x: \"list[B]\"): ...\n"},
        "B",
    ),
    "alternatives of a condition": (
        {
            "main.py": (
                "import sys\nif sys.version_info > (3, 11):\n    def f(): return 'A'\n"
                "else:\n    def f(): return 'B'\nX = 'X'\ndef run(): return f()\n"
            )
        },
        "AB",
    ),
    "alternatives of an import": (
        {
            "main.py": (
                "try:\n    from none_such import fast\nexcept ImportError:\n    fast = 'A'\n"
                "X = 'X'\ndef run(): return fast\n"
            )
        },
        "A",
    ),
    "all that a name is bound to": (
        {"main.py": "x = 'A'\nx = 'B'\ny = 'C'\ndef run(): return x\n"},
        "AB",
    ),
    "what a function writes for all": (
        {
            "main.py": (
                "x = 'A'\ny = 'B'\ndef put():\n    global x\n    x = 'C'\n"
                "def run():\n    put()\n    return x\n"
            )
        },
        "AC",
    ),
    "a circle of modules": (
        {
            "main.py": "import a\ndef g(): return 'G'\ndef run(): return a.f()\n",
            "a.py": "import main\ndef f(): return main.g() + 'F'\ndef h(): return 'H'\n",
        },
        "FG",
    ),
    "a circle of names": (
        {
            "main.py": "from a import x\ndef run(): return x\n",
            "a.py": "from b import x\nA = 'A'\n",
            "b.py": "from a import x\nB = 'B'\n",
        },
        "AB",
    ),
    "a docstring of a function": (
        {"main.py": "def f():\n    'A'\ndef g():\n    'B'\ndef run(): return f()\n"},
        "A",
    ),
    "the docstring of a module, named": (
        {"main.py": "'A'\ndef run(): return __doc__\n"},
        "A",
    ),
    "the docstring of a module, not named": ({"main.py": "'A'\ndef run(): ...\n"}, ""),
    "what makes names for a module": (
        {
            "main.py": "import a\ndef run(): return a.x\n",
            "a.py": HELPERS + "def __getattr__(name): return f()\n",
        },
        "F",
    ),
    "a name that nothing defines": (
        {"main.py": "import helpers\ndef run(): return helpers.none\n"},
        "FGL",
    ),
    "under TYPE_CHECKING": (
        {
            "main.py": (
                "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from helpers import f\n"
                "def run(x: f): ...\n"
            )
        },
        "",
    ),
    "a program's own part": (
        {"main.py": "def run(): ...\nif __name__ == '__main__':\n    print('P', run())\n"},
        "",
    ),
    "a stub": (
        {"main.py": "from helpers import f\ndef run(): return f()\n", "helpers.pyi": "x: 'S'\n"},
        "F",
    ),
}


@pytest.mark.parametrize("case", BY_NAME)
def test_what_a_function_names_counts_and_nothing_beside(tmp_path: Path, case: str) -> None:
    files, expected = BY_NAME[case]
    with_helpers = {**({"helpers.py": HELPERS} if "helpers" in str(files) else {}), **files}
    assert marks(tmp_path, with_helpers) == expected


HIDING = {
    "a variable of an outer function, not what is imported": (
        "def run():\n    f = 1\n    def h():\n        from helpers import f\n        return f\n"
        "    return h",
        "FH",
    ),
    "a parameter": ("def run(f): return f", ""),
    "a variable": ("def run():\n    f = 1\n    return f", ""),
    "a loop": ("def run():\n    for f in (): return f", ""),
    "a with statement": ("def run():\n    with open('x') as f: return f", ""),
    "an exception": ("def run():\n    try: ...\n    except ValueError as f: return f", ""),
    "a pattern": ("def run(x):\n    match x:\n        case [f, *g]: return f, g", ""),
    "an inner function": ("def run():\n    def f(): ...\n    return f()", ""),
    "a comprehension": ("def run(): return [f for f in ()]", ""),
    "a comprehension, not around it": ("def run(): return [f for f in ()], f", "F"),
    "a comprehension, not what it goes through": ("def run(): return [f for f in f()]", "F"),
    "an assignment within": ("def run(): return (f := 1), f", ""),
    "a lambda, not around it": ("def run(): return (lambda f: f)(g)", "G"),
    "a parameter, not its default": ("def run(f=f): return f", "F"),
    "a parameter of an outer function": ("def run(f):\n    def h(): return f\n    return h", ""),
    "a name of a class, not in its methods": (
        "def run():\n    class A:\n        f = 1\n        def m(self): return f\n    return A",
        "F",
    ),
    "nothing where it is global": ("def run():\n    global f\n    f = f()\n    return f", "F"),
    "a variable of an outer function": (
        "def run():\n    f = 1\n    def h():\n        nonlocal f\n        f = 2\n    return h",
        "",
    ),
}


@pytest.mark.parametrize("case", HIDING)
def test_names_of_a_functions_own_hide_those_of_its_module(tmp_path: Path, case: str) -> None:
    text, expected = HIDING[case]
    helpers = "def f(): return 'H'\n"
    assert marks(tmp_path, {"main.py": f"{HELPERS}{text}\n", "helpers.py": helpers}) == expected
