"""Finding a user's function without importing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprocc.compiler.code.entry import Entry, find_entry
from reprocc.compiler.code.folder import CodeFolder
from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.render.full import render_full
from reprocc.compiler.source import Source, Span, position
from reprocc.compiler.spec import Name
from reprocc.compiler.workspace import Workspace


def written(folder: Path, **files: str) -> Path:
    """Write modules: `a__b` is `a/b.py`, `a__` is `a/__init__.py`."""
    for name, text in files.items():
        path = folder.joinpath(*name.split("__"))
        path = path / "__init__.py" if name.endswith("__") else path.with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def named(text: str) -> Name:
    source = Source(path="pipeline.yaml", text=f"  fit: {{python: {text}}}\n")
    return Name(text=text, span=Span(source, 16, 16 + len(text)))


def look_up(folder: Path, text: str) -> tuple[Entry | None, tuple[Diagnostic, ...]]:
    workspace = Workspace()
    return find_entry(workspace, CodeFolder(workspace, folder, ""), named(text))


def found(folder: Path, text: str) -> Entry:
    entry, problems = look_up(folder, text)
    assert problems == ()
    assert entry is not None
    return entry


def said(folder: Path, text: str) -> str:
    entry, problems = look_up(folder, text)
    assert entry is None
    assert len(problems) == 1
    return render_full(problems, colour=False)


def test_a_function_is_found_with_all_its_parameters(tmp_path: Path) -> None:
    text = "def fit(a, /, train, trees=1, *args, depth, seed=None, **rest): ...\n"
    entry = found(written(tmp_path, penguins__model=text), "penguins.model:fit")
    assert (entry.module, entry.function) == ("penguins.model", "fit")
    assert entry.path == "penguins/model.py"
    assert [(p.name, p.kind, p.has_default) for p in entry.signature.parameters] == [
        ("a", "positional-only", False),
        ("train", "ordinary", False),
        ("trees", "ordinary", True),
        ("depth", "keyword-only", False),
        ("seed", "keyword-only", True),
    ]
    assert entry.signature.accepts_any
    assert not entry.signature.is_decorated
    assert entry.signature.span.text == "fit"


def test_places_count_code_points_where_lines_hold_others(tmp_path: Path) -> None:
    text = "x = 1\r\ndef prüfe(größe, *, \U0001f427=1, tiefe):\r\n    pass\r\n"
    text = text.replace("\U0001f427", "ñ")
    entry = found(written(tmp_path, m=text), "m:prüfe")
    places = [
        (p.span.text, position(p.span.source, p.span.start)) for p in entry.signature.parameters
    ]
    assert [(word, place.line, place.column) for word, place in places] == [
        ("größe", 2, 11),
        ("ñ", 2, 21),
        ("tiefe", 2, 26),
    ]
    assert entry.source.text[places[2][1].offset :].startswith("tiefe")


@pytest.mark.parametrize(
    ("init", "function"),
    [
        ("from .model import fit\n", "fit"),
        ("from penguins.model import fit as train\n", "train"),
        ("from .model import *\n", "fit"),
        ("from . import model\nfit = model.fit\n", "fit"),
        ("import penguins.model\nfit = penguins.model.fit\n", "fit"),
        ("import penguins.model as m\nfit = alias = m.fit\n", "alias"),
        ("from .inner import fit\n", "fit"),
        (
            "try:\n    from .fast import fit\nexcept ImportError:\n    from .model import fit\n",
            "fit",
        ),
    ],
)
def test_re_exports_and_assignments_lead_to_the_definition(
    tmp_path: Path, init: str, function: str
) -> None:
    folder = written(
        tmp_path,
        penguins__=init,
        penguins__model="def fit(train): ...\n",
        penguins__inner__="from ..model import fit\n",
    )
    entry = found(folder, f"penguins:{function}")
    assert (entry.module, entry.function) == ("penguins", function)
    assert entry.path == "penguins/model.py"
    assert [p.name for p in entry.signature.parameters] == ["train"]


def test_names_that_lead_in_a_circle_are_not_followed_for_ever(tmp_path: Path) -> None:
    folder = written(tmp_path, a="from b import f\n", b="from a import f\n", c="f = g\ng = f\n")
    assert "has no function `f`" in said(folder, "a:f")
    assert found(folder, "c:f").signature.accepts_any


def test_the_last_definition_counts(tmp_path: Path) -> None:
    text = (
        "from typing import overload\n"
        "@overload\ndef f(a: int): ...\n@overload\ndef f(a: str): ...\ndef f(a, b=1): ...\n"
        "if True:\n    def g(x): ...\nelse:\n    def g(y): ...\n"
    )
    folder = written(tmp_path, m=text)
    assert [p.name for p in found(folder, "m:f").signature.parameters] == ["a", "b"]
    assert not found(folder, "m:f").signature.is_decorated
    assert [p.name for p in found(folder, "m:g").signature.parameters] == ["y"]


def test_a_function_that_cannot_be_read_takes_anything(tmp_path: Path) -> None:
    text = (
        "from functools import partial\nfrom sklearn.metrics import accuracy_score\n"
        "def f(a): ...\n@cache\ndef d(a): ...\nh = partial(f, 1)\nsmall = lambda a, *, b=1: a\n"
    )
    folder = written(tmp_path, m=text)
    for name in ("h", "accuracy_score"):
        signature = found(folder, f"m:{name}").signature
        assert signature.accepts_any
        assert signature.is_decorated
        assert signature.parameters == ()
    assert found(folder, "m:d").signature.is_decorated
    assert [p.name for p in found(folder, "m:small").signature.parameters] == ["a", "b"]


@pytest.mark.parametrize(
    ("imports", "annotation", "form"),
    [
        ("import pandas as pd", "pd.DataFrame", "pandas"),
        ("import pandas", "pandas.core.frame.DataFrame", "pandas"),
        ("from pandas import DataFrame as Frame", "Frame", "pandas"),
        ("import polars as pl", "pl.DataFrame", "polars"),
        ("import polars as pl", "'pl.LazyFrame | None'", "polars-lazy"),
        ("from typing import Optional\nimport pyarrow as pa", "Optional[pa.Table]", "arrow"),
        ("import typing as t\nimport pathlib", "t.Union[None, pathlib.Path]", "path"),
        ("from typing import Annotated\nfrom pathlib import Path", "Annotated[Path, 1]", "path"),
        ("if TYPE_CHECKING:\n    import pandas as pd", "'pd.DataFrame'", "pandas"),
        ("import pandas as pd\nFrame = pd.DataFrame", "Frame", "pandas"),
        ("import pandas as pd\nFrame: object = 'pd.DataFrame | None'", "Frame", "pandas"),
        ("from shapes import Frame", "Frame", "polars"),
        ("import pandas as pd", "pd.Series", None),
        ("import pandas as pd", "list[pd.DataFrame]", None),
        ("", "pd.DataFrame", None),
        ("", "int", None),
        ("", "'not a type'", None),
        ("X = 'X'", "X", None),
    ],
)
def test_the_form_of_a_table_is_read_from_the_annotation(
    tmp_path: Path, imports: str, annotation: str, form: str | None
) -> None:
    folder = written(
        tmp_path,
        m=f"{imports}\ndef f(a: {annotation}, b): ...\n",
        shapes="import polars\nFrame = polars.DataFrame\n",
    )
    first, second = found(folder, "m:f").signature.parameters
    assert first.form == form
    assert first.annotation == annotation.strip("'")
    assert (second.form, second.annotation) == (None, None)


def test_a_module_is_found_as_python_would_find_it(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        both="def f(a): ...\n",
        both__="def f(b): ...\n",
        space__deep__m="def f(c): ...\n",
    )
    assert [p.name for p in found(folder, "both:f").signature.parameters] == ["b"]
    assert found(folder, "space.deep.m:f").path == "space/deep/m.py"
    assert "is a folder, not a module" in said(folder, "space.deep:f")


def test_an_unknown_module_is_answered_with_the_nearest(tmp_path: Path) -> None:
    folder = written(tmp_path, penguins__="", penguins__model="def fit(): ...\n")
    assert said(folder, "penguins.modle:fit") == (
        "error[unknown-module]: there is no module `penguins.modle` in the code folder\n"
        " --> pipeline.yaml:1:17\n"
        "  |\n"
        "1 |   fit: {python: penguins.modle:fit}\n"
        "  |                 ^^^^^^^^^^^^^^\n"
        "  = help: did you mean `penguins.model`?\n"
    )
    assert "= help: did you mean `penguins.model`?" in said(folder, "pengins.model:fit")
    assert "help" not in said(folder, "sklearn.metrics:accuracy_score")


def test_an_unknown_function_is_answered_with_the_nearest(tmp_path: Path) -> None:
    folder = written(tmp_path, m="from numpy import fits\nfitted = 1\ndef fit(): ...\n")
    assert said(folder, "m:fitt") == (
        "error[unknown-function]: module `m` has no function `fitt`\n"
        " --> pipeline.yaml:1:19\n"
        "  |\n"
        "1 |   fit: {python: m:fitt}\n"
        "  |                   ^^^^\n"
        "  = help: did you mean `m:fit`?\n"
    )


@pytest.mark.parametrize(
    ("definition", "what", "place"),
    [
        ("class Fit:\n    ...\n", "a class", "1:7"),
        ("async def Fit():\n    ...\n", "an async function", "1:11"),
        ("Fit = 3\n", "a value", "1:1"),
    ],
)
def test_what_is_no_plain_function_is_refused_with_its_place(
    tmp_path: Path, definition: str, what: str, place: str
) -> None:
    text = said(written(tmp_path, m=definition), "m:Fit")
    assert f"error[not-a-function]: `Fit` is {what}, not a function" in text
    assert f"::: m.py:{place}\n" in text


@pytest.mark.parametrize("name", ["m", "m:", ":f", "m.f", "m/x.py:f", "m:f()", "m:A.f", "m .x:f"])
def test_a_malformed_name_is_refused(tmp_path: Path, name: str) -> None:
    text = said(written(tmp_path, m="def f(): ...\n"), name)
    assert text.startswith("error[bad-entry-point]")


def test_a_syntax_error_is_shown_in_the_python_file(tmp_path: Path) -> None:
    folder = written(tmp_path, p__="from .m import f\n", p__m="def f(a):\n    return a +\n")
    expected = (
        "error[invalid-python]: `p/m.py` is not valid Python\n"
        " --> p/m.py:2:15\n"
        "  |\n"
        "2 |     return a +\n"
        "  |               ^ invalid syntax\n"
    )
    assert said(folder, "p.m:f") == expected
    assert said(folder, "p:f") == expected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"x = '\xff'\n", "cannot be read: its bytes are no text"),
        (b"# coding: nonsense\n", "cannot be read: its bytes are no text"),
        (b"x = 1\0\n", "is not valid Python"),
        (b"x = " + b"(" * 5000 + b")" * 5000, "is not valid Python"),
        (b"x = " + b"-" * 200_000 + b"1", "is not valid Python"),
    ],
)
def test_a_file_that_is_no_python_is_an_error_of_the_file(
    tmp_path: Path, data: bytes, message: str
) -> None:
    (tmp_path / "m.py").write_bytes(data)
    assert message in said(tmp_path, "m:f")


def test_a_declared_encoding_and_a_byte_order_mark_are_understood(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_bytes("# coding: latin-1\ndef größe(ä): ...\n".encode("latin-1"))
    (tmp_path / "two.py").write_bytes(b"\xef\xbb\xbfdef f(a): ...\n")
    assert found(tmp_path, "one:größe").signature.parameters[0].span.text == "ä"
    assert found(tmp_path, "two:f").signature.parameters[0].span.text == "a"


def test_unsaved_text_is_read_before_the_disk(tmp_path: Path) -> None:
    folder = written(tmp_path, m="def f(a): ...\n")
    workspace = Workspace(
        {str(folder / "m.py"): b"def f(b): ...\n", str(folder / "n.py"): b"def g(c): ...\n"}
    )
    for name, parameter in (("m:f", "b"), ("n:g", "c")):
        entry, problems = find_entry(workspace, folder, named(name))
        assert problems == ()
        assert entry is not None
        assert [p.name for p in entry.signature.parameters] == [parameter]
