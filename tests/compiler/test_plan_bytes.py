"""The same meaning gives the same plan bytes, in fresh processes, wherever and however they run."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reprocc.compiler.driver import compile_file
from reprocc.compiler.plan import Plan
from reprocc.compiler.render_plan import plan_bytes, plan_digest, plan_pieces, write_plan
from reprocc.compiler.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
CASES = ("penguins", "labelled_axis", "gather_over", "settings", "include_exclude", "at")
SCRIPT = """
import json, sys
from pathlib import Path
from reprocc.compiler.driver import compile_file
from reprocc.compiler.render_plan import plan_bytes, plan_digest
from reprocc.compiler.workspace import Workspace
for name in sys.argv[1:]:
    folder = Path(name)
    given = folder / "given.json"
    values = json.loads(given.read_text("utf-8")) if given.exists() else {}
    path = folder / "pipeline.yaml"
    result = compile_file(path, shown=str(path), given=values, workspace=Workspace())
    said = [d.message for d in result.diagnostics]
    print(plan_digest(plan_bytes(result.plan)) if result.plan else said)
"""


def plan_of(folder: Path) -> Plan:
    given = folder / "given.json"
    result = compile_file(
        folder / "pipeline.yaml",
        shown="pipeline.yaml",
        given=json.loads(given.read_text("utf-8")) if given.exists() else {},
        workspace=Workspace(),
    )
    assert result.plan is not None, [found.message for found in result.diagnostics]
    return result.plan


@pytest.fixture(scope="module")
def digests() -> list[str]:
    """Return the digests of the golden plans, as this process computes them."""
    return [plan_digest(plan_bytes(plan_of(ROOT / "tests" / "golden" / case))) for case in CASES]


def digests_elsewhere(
    folders: list[Path], python: str = sys.executable, **variables: str
) -> list[str]:
    """Compile in a fresh process, in another folder, and return the digests."""
    paths = [str(ROOT / ".dev")]
    done = subprocess.run(
        [python, "-c", SCRIPT, *map(str, folders)],
        cwd=folders[0],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONDONTWRITEBYTECODE": "1",
            **variables,
        },
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def golden(case: str) -> Path:
    return ROOT / "tests" / "golden" / case


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONHASHSEED": "0"},
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "4294967295", "LC_ALL": "C", "PYTHONUTF8": "0"},
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Tokyo", "PYTHONOPTIMIZE": "2"},
    ],
)
def test_the_bytes_do_not_depend_on_hash_seed_locale_or_folder(
    tmp_path: Path, digests: list[str], variables: dict[str, str]
) -> None:
    folders = [tmp_path / "a folder é" / case for case in CASES]
    for case, folder in zip(CASES, folders, strict=True):
        shutil.copytree(golden(case), folder)
    assert digests_elsewhere(folders, **variables) == digests


def shuffled(value: object, order: random.Random) -> object:
    """Reorder the keys of every mapping; lists keep their order, which has a meaning."""
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    if isinstance(value, list):
        return [shuffled(item, order) for item in value]
    return value


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_bytes_do_not_depend_on_key_order_comments_or_style(
    tmp_path: Path, case: str, seed: int
) -> None:
    yaml = pytest.importorskip("ruamel.yaml")
    loader = yaml.YAML(typ="safe", pure=True)
    loader.version = (1, 2)
    value = loader.load((golden(case) / "pipeline.yaml").read_text("utf-8"))
    shutil.copytree(golden(case), tmp_path / case)
    # JSON is YAML in another style; comments go between its lines.
    text = json.dumps(shuffled(value, random.Random(seed)), indent=1, ensure_ascii=seed == 1)
    text = text.replace("\n", "\n# a comment: with ${text}\n")
    (tmp_path / case / "pipeline.yaml").write_text(text, "utf-8")
    assert plan_bytes(plan_of(tmp_path / case)) == plan_bytes(plan_of(golden(case)))


def test_comments_and_formatting_of_the_code_do_not_count(tmp_path: Path) -> None:
    shutil.copytree(golden("penguins"), tmp_path / "p")
    model = tmp_path / "p" / "penguins" / "model.py"
    before = plan_bytes(plan_of(tmp_path / "p"))
    model.write_text("# moved\n\n" + model.read_text("utf-8").replace("(train)", "( train )"))
    assert plan_bytes(plan_of(tmp_path / "p")) == before
    model.write_text(model.read_text("utf-8").replace("accuracy", "precision"))
    assert plan_bytes(plan_of(tmp_path / "p")) != before


@pytest.mark.parametrize("minor", ["3.11", "3.12", "3.13"])
def test_the_bytes_do_not_depend_on_the_version_of_python(digests: list[str], minor: str) -> None:
    python = shutil.which(f"python{minor}")
    if python is None:
        pytest.skip(f"there is no python{minor}")
    probe = "import pydantic, typing_extensions, ruamel.yaml"
    found = subprocess.run([python, "-c", probe], capture_output=True, timeout=60)
    if found.returncode != 0:
        pytest.skip(f"python{minor} has no pydantic or no ruamel.yaml")
    assert digests_elsewhere([golden(case) for case in CASES], python=python) == digests


def test_the_digest_is_that_of_exactly_the_bytes() -> None:
    plan = plan_of(golden("penguins"))
    data = plan_bytes(plan)
    assert plan_digest(data) == "sha256:" + hashlib.sha256(data).hexdigest()
    assert (
        json.dumps(
            json.loads(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()
        == data
    )


def test_points_that_many_tasks_gather_are_written_once(tmp_path: Path) -> None:
    (tmp_path / "verbs.py").write_text("def make(**given): ...\n", "utf-8")
    (tmp_path / "pipeline.yaml").write_text(
        "reprocc: 1\nname: many\nparameters: {n: 1}\n"
        "artifacts: {a: {kind: metrics}, b: {kind: metrics}, c: {kind: metrics}}\n"
        "transformations:\n"
        "  one: {python: 'verbs:make', outputs: [a], matrix: {x: '${range(300)}'},"
        " arguments: {n: '${parameters.n}'}}\n"
        "  two: {python: 'verbs:make', gather: {a: a}, outputs: [b],"
        " matrix: {y: '${range(300)}'}}\n"
        "  three: {python: 'verbs:make', gather: {all: a}, outputs: [c]}\n",
        "utf-8",
    )
    data = plan_bytes(plan_of(tmp_path))
    plan = json.loads(data)
    texts = sorted(f"x={number}" for number in range(300))
    assert [sorted(points) for points in plan["points"]] == [texts]
    gathered = [read for task in plan["tasks"] for read in task["inputs"].values()]
    assert [read["points"] for read in gathered] == [0] * 301
    assert data.count(b'"x=299"') == 1


@pytest.mark.parametrize("case", CASES)
def test_a_plan_is_written_piece_by_piece_and_its_digest_is_that_of_all(case: str) -> None:
    plan = plan_of(golden(case))
    written: list[bytes] = []
    digest = write_plan(plan, written.append)
    assert b"".join(written) == plan_bytes(plan)
    assert digest == plan_digest(plan_bytes(plan))
    assert len(written) > 1


def test_no_piece_of_a_plan_grows_with_the_number_of_its_tasks(tmp_path: Path) -> None:
    def largest(points: int) -> int:
        (tmp_path / "verbs.py").write_text("def make(**given): ...\n", "utf-8")
        (tmp_path / "pipeline.yaml").write_text(
            "reprocc: 1\nname: many\nartifacts: {a: {kind: metrics}}\ntransformations:\n"
            "  one: {python: 'verbs:make', outputs: [a],"
            f" matrix: {{x: '${{range(1000, {1000 + points})}}'}}}}\n",
            "utf-8",
        )
        return max(map(len, plan_pieces(plan_of(tmp_path))))

    assert largest(4000) < 1.01 * largest(1000)


def test_a_plan_that_cannot_be_written_stops_at_once() -> None:
    def refuse(piece: bytes) -> None:
        asked.append(piece)
        raise OSError("full")

    asked: list[bytes] = []
    with pytest.raises(OSError, match="full"):
        write_plan(plan_of(golden("penguins")), refuse)
    assert len(asked) == 1
