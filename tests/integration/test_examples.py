"""The example pipelines: each compiles without a word, runs, and is the same wherever it runs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .chain import stored

EXAMPLES = ("digits", "flights", "penguins", "scripts")
QUICKER = {"penguins": ("-p", "trees=20"), "digits": ("-p", "folds=2")}
ELSEWHERE = {"PYTHONHASHSEED": "4242", "TZ": "Asia/Kathmandu", "LANG": "tr_TR.UTF-8", "LC_ALL": "C"}
Reprocc = Callable[..., Any]


@pytest.fixture
def example(request: pytest.FixtureRequest, examples: Path) -> Path:
    """Return the folder of a copied example, with its data."""
    pytest.importorskip("sklearn", reason="the examples need scikit-learn, pandas and matplotlib")
    folder = examples / request.param
    if request.param == "flights":
        subprocess.run([sys.executable, folder / "fetch.py"], check=True)
    return folder


def numbers(reprocc: Reprocc, store: Path, name: str) -> dict[str, Any]:
    """Return the newest version of a metrics artifact."""
    copy = store.parent / "numbers.json"
    done = reprocc("get", name, "--store", store, "-o", copy)
    assert done.rc == 0, done.stderr
    found: dict[str, Any] = json.loads(copy.read_bytes())
    copy.unlink()
    return found


@pytest.mark.parametrize("example", EXAMPLES, indirect=True)
def test_an_example_compiles_without_a_word(example: Path, reprocc: Reprocc) -> None:
    done = reprocc("validate", "pipeline.yaml", "--format", "json", cwd=example)
    assert (done.rc, done.json) == (0, [])


@pytest.mark.ray
@pytest.mark.parametrize("example", EXAMPLES, indirect=True)
def test_an_example_is_the_same_on_ray_and_inline_here_and_elsewhere(
    example: Path, tmp_path: Path, reprocc: Reprocc
) -> None:
    more = QUICKER.get(example.name, ())
    on_ray = reprocc("submit", "pipeline.yaml", *more, cwd=example, timeout=280)
    assert on_ray.rc == 0, on_ray.stderr
    other, home = tmp_path / "ein Ordner, größer", tmp_path / "a home"
    shutil.copytree(example, other, ignore=shutil.ignore_patterns(".reprocc"))
    home.mkdir()
    inline = reprocc(
        *("submit", other / "pipeline.yaml", "--executor", "inline", *more),
        env=ELSEWHERE | {"HOME": str(home)},
        timeout=280,
    )
    assert inline.rc == 0, inline.stderr
    first = stored(example / ".reprocc")
    assert len(first) >= 4, "a source and what was made of it"
    assert stored(other / ".reprocc") == first
    again = reprocc("submit", "pipeline.yaml", "--json", *more, cwd=example)
    assert {task["state"] for task in again.json["tasks"]} == {"reused"}


@pytest.mark.parametrize("example", ["digits"], indirect=True)
def test_a_published_result_comes_out_again(
    example: Path, tmp_path: Path, reprocc: Reprocc
) -> None:
    from sklearn.datasets import load_digits

    store = tmp_path / "store"
    submit = ("submit", "pipeline.yaml", "--executor", "inline", "--store", store)
    done = reprocc(*submit, "--only", "half_split", cwd=example)
    assert done.rc == 0, done.stderr
    published = numbers(reprocc, store, "digits/published")
    assert (published["right"], published["of"]) == (871, 899)
    copy = tmp_path / "digits.parquet"
    assert reprocc("get", "digits/digits", "--store", store, "-o", copy).rc == 0
    from pyarrow.parquet import read_table

    table = read_table(copy)
    bundled = load_digits()
    assert table["digit"].to_pylist() == bundled.target.tolist()
    pixels = table.drop_columns(["digit"]).to_pandas().to_numpy()
    assert (pixels == bundled.data).all(), "the pictures are those that scikit-learn bundles"


@pytest.mark.parametrize("example", ["flights"], indirect=True)
def test_the_flights_are_counted_right(example: Path, tmp_path: Path, reprocc: Reprocc) -> None:
    import pandas as pd

    store = tmp_path / "store"
    done = reprocc(
        *("submit", "pipeline.yaml", "--executor", "inline", "--store", store), cwd=example
    )
    assert done.rc == 0, done.stderr
    assert "wind_speed" in done.stderr, "the impossible wind is warned of"
    flights = pd.read_csv(example / "data" / "flights.csv").dropna(subset=["dep_delay"])
    found = numbers(reprocc, store, "flights/findings")
    assert found["departures"] == len(flights)
    assert found["late"] == pytest.approx((flights["dep_delay"] >= 15).mean(), rel=1e-12)


@pytest.mark.parametrize("example", ["scripts"], indirect=True)
def test_scripts_see_only_the_files_that_they_name(example: Path, reprocc: Reprocc) -> None:
    script = example / "train.py"
    script.write_text(script.read_text().replace("main():", "main():\n    open('eval.py')", 1))
    done = reprocc("submit", "pipeline.yaml", "--executor", "inline", cwd=example)
    assert done.rc == 1
    assert "eval.py" in done.stderr
