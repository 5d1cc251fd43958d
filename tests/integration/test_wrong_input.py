"""Wrong input: every mistake is said once, at its place, and the store stays as it was."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .chain import Chain, copy_chain
from .mistakes import COMPILE, FAILING, REFUSED, RETURN, SPEC, Case, edit


@pytest.fixture(scope="session")
def done_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pipeline with a store in which it has run, to be copied."""
    return tmp_path_factory.mktemp("done") / "chain"


@pytest.fixture
def chain(tmp_path: Path, done_before: Path, reprocc: Callable[..., Any]) -> Chain:
    if not done_before.exists():
        copy_chain(done_before, reprocc).submit()
    shutil.copytree(done_before, tmp_path / "chain")
    return Chain(folder=tmp_path / "chain", reprocc=reprocc)


def files_of(chain: Chain) -> dict[str, str]:
    """Return the sha256 of every file of the store by its path."""
    store = chain.folder / ".reprocc"
    return {
        path.relative_to(store).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in store.rglob("*")
        if path.is_file()
    }


def run(chain: Chain, *arguments: str, rc: int) -> Any:
    """Run a verb; nothing of ours may show in what it says."""
    done = chain.reprocc(*arguments, cwd=chain.folder)
    assert done.rc == rc, f"status {done.rc}\n{done.stdout}\n{done.stderr}"
    for said in (done.stdout, done.stderr):
        for ours in (
            "reprocc/cli",
            "cli/",
            "runtime/",
            "compiler/",
            "site-packages",
            "itself failed",
        ):
            assert ours not in said, said
    return done


def inline(chain: Chain, *options: str, rc: int = 1) -> Any:
    return run(chain, "submit", SPEC, "--executor", "inline", *options, rc=rc)


def summary(diagnostics: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        (
            found["code"],
            f"{found['file']}:{found['start']['line']}:{found['start']['column']}",
            found["message"],
        )
        for found in diagnostics
    ]


def test_mistakes_that_compiling_finds_are_each_said_once(chain: Chain) -> None:
    expected = []
    for number, mistake in enumerate(COMPILE):
        folder = chain.folder / f"{number:02}"
        for part in (SPEC, "data", "stages"):
            copy = shutil.copytree if (chain.folder / part).is_dir() else shutil.copy
            folder.mkdir(exist_ok=True)
            copy(chain.folder / part, folder / part)
        mistake.change(folder)
        says = mistake.says.replace("`stages/", f"`{number:02}/stages/")
        expected.append((mistake.code, f"{number:02}/{mistake.place}", says))
    before = files_of(chain)
    specs = [f"{number:02}/{SPEC}" for number in range(len(COMPILE))]
    found = run(chain, "validate", *specs, "--format", "json", rc=1)
    assert summary(found.json) == expected
    assert f": {len(COMPILE)} errors; `--fix` mends " in found.stderr
    assert files_of(chain) == before


@pytest.mark.parametrize("mistake", COMPILE, ids=lambda mistake: mistake.name)
def test_a_mistake_that_compiling_finds_lets_nothing_start(chain: Chain, mistake: Case) -> None:
    before = files_of(chain)
    mistake.change(chain.folder)
    submitted = inline(chain, "--json")
    assert submitted.json["run"] is None
    assert submitted.json["state"] == "invalid"
    assert summary(submitted.json["diagnostics"]) == [(mistake.code, mistake.place, mistake.says)]
    assert submitted.stderr == ""
    assert files_of(chain) == before
    assert not (chain.folder / "owned").exists()


@pytest.mark.parametrize("mistake", REFUSED, ids=lambda mistake: mistake.name)
def test_a_mistake_that_the_start_finds_is_said_once(chain: Chain, mistake: Case) -> None:
    before = files_of(chain)
    mistake.change(chain.folder)
    submitted = inline(chain, "--json")
    assert submitted.json["state"] == "invalid"
    assert summary(submitted.json["diagnostics"]) == [(mistake.code, mistake.place, mistake.says)]
    said = inline(chain).stderr
    assert said.startswith(f"error[{mistake.code}]: {mistake.says}\n  --> {mistake.place}\n")
    assert said.endswith("1 error; nothing ran\n")
    assert "Traceback" not in said
    assert files_of(chain) == before


@pytest.mark.parametrize("mistake", FAILING, ids=lambda mistake: mistake.name)
def test_a_mistake_that_a_task_finds_leaves_only_records(chain: Chain, mistake: Case) -> None:
    before = files_of(chain)
    mistake.change(chain.folder)
    said = inline(chain).stderr
    assert said.count("error[") == 1
    assert f"error[{mistake.code}]: {mistake.says}\n  --> {mistake.place}\n" in said
    after = files_of(chain)
    assert {name: after[name] for name in before} == before
    added = {name.partition("/")[0] for name in after.keys() - before.keys()}
    assert added <= {"objects", "runs", "reuse", "contracts"}, "a version was made"


def test_a_failure_is_json_too(chain: Chain) -> None:
    edit("stages/clean.py", RETURN, 'raise ValueError("no good")')(chain.folder)
    result = inline(chain, "--json").json
    assert result["state"] == "failed"
    states = {task["task"]: task["state"] for task in result["tasks"]}
    assert states.pop("clean") == "failed"
    assert set(states.values()) == {"skipped"}
    assert result["tasks"][0]["error"] == {
        "reason": "error",
        "message": "`clean` raised ValueError: no good",
        "detail": "Traceback (most recent call last):\n"
        '  File "stages/clean.py", line 5, in clean\n'
        '    raise ValueError("no good")\n'
        "ValueError: no good",
        "help": None,
        "query_offset": None,
    }


def test_the_users_traceback_is_shown_without_our_frames(chain: Chain) -> None:
    edit("stages/lib/third.py", "return value * factor", "return value / 0")(chain.folder)
    said = inline(chain).stderr
    assert "error[task-failed]: `scale` raised ZeroDivisionError" in said
    lines = [line.strip() for line in said.splitlines() if line.strip().startswith("File ")]
    files = dict.fromkeys(line.split('"')[1] for line in lines)
    assert list(files) == ["stages/scale.py", "stages/lib/third.py"]


def test_several_mistakes_are_all_reported_in_one_pass(chain: Chain) -> None:
    for change in (
        edit(SPEC, "kind: checkpoint", "kind: chekpoint"),
        edit(SPEC, "inputs: [raw]", "inputs: [row]"),
        edit(SPEC, "    outputs: [scaled]", "    output: [scaled]"),
        edit(SPEC, "stages.fit:fit", "stages.fit:fitt"),
        edit(SPEC, "${parameters.title}", "${parameters.titel}"),
    ):
        change(chain.folder)
    (chain.folder / "data" / "raw.csv").unlink()
    found = run(chain, "validate", SPEC, "--format", "concise", rc=1)
    assert found.stdout.splitlines() == [
        "pipeline.yaml:11:13: error[missing-source]: source `data/raw.csv` does not exist",
        "pipeline.yaml:17:19: error[wrong-value]: `chekpoint` is not a value of `kind`",
        "pipeline.yaml:23:14: error[unknown-artifact]: `clean` reads `row`, which nothing produces",
        "pipeline.yaml:28:5: error[unknown-key]: `output` is not a key of a transformation",
        "pipeline.yaml:31:24: error[unknown-function]: module `stages.fit` has no function `fitt`",
        "pipeline.yaml:44:27: error[unknown-parameter]: there is no parameter `titel`",
    ]
    assert found.stderr == "pipeline.yaml: 6 errors; `--fix` mends 3\n"


def test_what_only_the_start_finds_is_reported_in_one_pass_too(chain: Chain) -> None:
    edit("data/raw.csv", "5,-3.5", "x,-3.5")(chain.folder)
    edit("stages/clean.py", "def clean", "import no_such\n\n\ndef clean")(chain.folder)
    edit("stages/report.py", "def write", "import nor_this\n\n\ndef write")(chain.folder)
    before = files_of(chain)
    found = summary(inline(chain, "--json").json["diagnostics"])
    assert [code for code, _, _ in found] == ["source-refused", "missing-module", "missing-module"]
    planned = run(chain, "plan", SPEC, "--json", rc=1).json
    assert summary(planned["diagnostics"]) == found
    assert files_of(chain) == before


GIVEN = (
    (("-p", "fctor=3"), 1, "a value is given for `fctor`, which is no parameter"),
    (("-p", "factor=many"), 1, "parameter `factor` is of type integer, but got `many`"),
    (("-p", "factor"), 2, "`-p factor` is not NAME=VALUE"),
    (("-p", "=3"), 2, "`-p =3` is not NAME=VALUE"),
    (("--parameters", "nowhere.yaml"), 1, "the file of parameters does not exist"),
    (("--parameters", "list.yaml"), 1, "parameters must be a mapping from names to values"),
    (("--parameters", "broken.yaml"), 1, "a value is missing here"),
    (("--store", SPEC), 2, "`pipeline.yaml` is a file, but a store is a folder"),
    (("--store", "ftp://me:secret@host/x"), 2, "`ftp://host/x`: there are no stores at `ftp://`"),
    (("--store", "file://host/x"), 2, "a `file://` address needs three slashes"),
)


@pytest.mark.parametrize(("options", "rc", "says"), GIVEN, ids=lambda given: str(given))
def test_a_wrong_option_is_named(
    chain: Chain, options: tuple[str, str], rc: int, says: str
) -> None:
    (chain.folder / "list.yaml").write_text("[1]\n")
    (chain.folder / "broken.yaml").write_text("factor: [\n")
    before = files_of(chain)
    if rc == 1:
        found = inline(chain, *options, "--json").json["diagnostics"]
        assert [one["message"] for one in found] == [says]
    else:
        said = inline(chain, *options, rc=rc)
        assert said.stdout == ""
        assert said.stderr.startswith("error: ")
        assert says in said.stderr.splitlines()[0]
        assert "secret" not in said.stderr
    assert files_of(chain) == before
