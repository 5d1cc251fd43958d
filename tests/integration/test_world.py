"""What a user meets where the world is not as it should be: each works or says what to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .chain import PIPELINES, TASKS, Chain, copy_chain, digests, ran

UNSHARE = ("unshare", "--mount", "--map-root-user", "sh", "-ec")
SUBMIT = ("-m", "reprocc.cli", "submit", "pipeline.yaml", "--executor", "inline")


@pytest.fixture
def chain(tmp_path: Path, reprocc: Callable[..., Any]) -> Chain:
    return copy_chain(tmp_path / "chain", reprocc)


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The digests of the pipeline where nothing is wrong with the world."""
    folder = tmp_path_factory.mktemp("expected") / "chain"
    shutil.copytree(PIPELINES / "chain", folder, ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, *SUBMIT, "--json"], cwd=folder, capture_output=True, check=True
    )
    return digests(json.loads(done.stdout))


# Programs that run where something is mounted; each prints what it found as one JSON value.

PROLOGUE = """
import hashlib, json, os, subprocess, sys
from pathlib import Path
here, chain = Path(sys.argv[1]), Path(sys.argv[2])
os.chdir(chain)

def reprocc(*arguments, **variables):
    done = subprocess.run(
        [sys.executable, "-m", "reprocc.cli", *map(str, arguments)],
        capture_output=True, encoding="utf-8", env=os.environ | variables,
    )
    return {"rc": done.returncode, "stdout": done.stdout, "stderr": done.stderr}

def submit(*options, **variables):
    return reprocc("submit", "pipeline.yaml", "--executor", "inline", *options, **variables)

def halves(store):
    "Return what lies in the store and is not whole."
    found = [str(path) for path in (store / "tmp").iterdir()]
    for path in store.rglob("*"):
        if path.is_file() and "sha256" in path.parts:
            if hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
                found.append(str(path))
        elif path.suffix == ".json":
            json.loads(path.read_bytes())
    return found
"""


def mounted(chain: Chain, mounts: str, program: str) -> Any:
    """Return what a program found in a mount namespace of its own; skip where none may be had.

    `mounts` is shell with `$1` for an empty folder and `$2` for the pipeline's.
    """
    here = chain.folder.parent / "here"
    here.mkdir()
    arguments = ["sh", str(here), str(chain.folder), sys.executable, PROLOGUE + program]
    try:
        probe = subprocess.run([*UNSHARE, mounts, *arguments[:3]], capture_output=True)
    except FileNotFoundError:
        pytest.skip("this machine has no unshare")
    if probe.returncode:
        pytest.skip("this machine lets nobody mount: " + probe.stderr.decode().strip())
    script = f'{mounts}\nexec "$3" -c "$4" "$1" "$2"'
    variables = {k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")}
    done = subprocess.run(
        [*UNSHARE, script, *arguments], capture_output=True, text=True, env=variables
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


FULL = """
found = []
for size in ("16k", "100k", "160k"):
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + size, "none", here], check=True)
    first = submit("--store", here / "store")
    left = halves(here / "store")
    subprocess.run(["mount", "-o", "remount,size=50m", here], check=True)
    second = submit("--store", here / "store", "--json")
    found.append([first, left, second, halves(here / "store")])
    subprocess.run(["umount", here], check=True)
print(json.dumps(found))
"""


def test_a_full_disk_is_named_and_room_again_finishes_the_run(
    chain: Chain, expected: dict[str, str]
) -> None:
    moments = mounted(chain, ":", FULL)
    for first, left, second, after in moments:
        assert first["rc"] == 3
        *_, message, place, help = first["stderr"].splitlines()
        assert message == "error: no space is left on the disk"
        assert place.startswith(f"  --> {chain.folder.parent}/here/store/")
        assert help == "  = help: free some space there, or choose another store with `--store`"
        assert second["rc"] == 0, second["stderr"]
        assert digests(json.loads(second["stdout"])) == expected
        assert left == after == []
    tasks_left = [len(ran(json.loads(second["stdout"]))) for _, _, second, _ in moments]
    assert len(TASKS) == tasks_left[0] > tasks_left[1] > tasks_left[2]


FULL_SCRATCH = """
first = submit("--store", chain / "store", TMPDIR=str(here))
left = [path.name for path in here.glob("reprocc-*")]
second = submit("--store", chain / "store", "--json")
print(json.dumps([first, left, halves(chain / "store"), second]))
"""


def test_a_full_temporary_folder_fails_the_task_and_leaves_nothing_in_it(
    chain: Chain, expected: dict[str, str]
) -> None:
    mounts = 'mount -t tmpfs -o size=64k none "$1"'
    first, left, halves, second = mounted(chain, mounts, FULL_SCRATCH)
    assert first["rc"] == 3
    assert "failed: no space is left on the disk\n" in first["stderr"]
    assert "= help: free some space there, or set `TMPDIR` to another disk\n" in first["stderr"]
    assert left == halves == []
    assert digests(json.loads(second["stdout"])) == expected


READ_ONLY = """
found = {
    "validate": reprocc("validate", "pipeline.yaml"),
    "plan": reprocc("plan", "pipeline.yaml"),
    "compile": reprocc("compile", "pipeline.yaml", "-o", "plan.json"),
    "submit": submit(),
    "elsewhere": submit("--store", here / "store", "--json"),
}
subprocess.run(["mount", "--bind", here, here], check=True)
subprocess.run(["mount", "-o", "remount,ro,bind", here], check=True)
os.environ["REPROCC_STORE"] = str(here / "store")
found["again"] = submit()
found["runs"] = reprocc("runs")
found["artifacts"] = reprocc("artifacts")
found["get"] = reprocc("get", "report", "-o", here.parent / "report.txt")
found["forecast"] = reprocc("plan", "pipeline.yaml")
print(json.dumps(found))
"""


def test_what_may_not_be_written_is_read_and_said(chain: Chain, expected: dict[str, str]) -> None:
    mounts = 'mount --bind "$2" "$2"; mount -o remount,ro,bind "$2"'
    found = mounted(chain, mounts, READ_ONLY)
    action = "  = help: make it writable, or choose another store with `--store`"
    assert found["validate"]["rc"] == found["plan"]["rc"] == 0
    assert found["submit"]["rc"] == 3
    assert found["submit"]["stderr"].splitlines() == [
        "error: the disk is read only",
        f"  --> {chain.folder}/.reprocc/store.json",
        action,
    ]
    assert found["compile"]["rc"] == 3
    assert found["compile"]["stderr"].splitlines() == [
        "error: cannot write `plan.json`: the disk is read only",
        "  = help: name another path",
    ]
    assert digests(json.loads(found["elsewhere"]["stdout"])) == expected
    assert found["again"]["rc"] == 3
    message, place, help = found["again"]["stderr"].splitlines()
    assert message == "error: the disk is read only"
    assert place.startswith(f"  --> {chain.folder.parent}/here/store/runs/")
    assert help == action
    assert all(found[verb]["rc"] == 0 for verb in ("runs", "artifacts", "get", "forecast"))
    assert found["forecast"]["stderr"] == "nothing to run\n"
    assert (chain.folder.parent / "report.txt").read_text().startswith("Report\n1: 1 ")


OTHER_DISK = """
found = submit("--store", chain / "store", "--json", TMPDIR=str(here / "tmp"))
left = [path.name for path in (here / "tmp").glob("reprocc-*")]
homes = [
    submit("--store", chain / name, "--json", HOME=str(home))
    for name, home in (("a", here), ("b", here / "nowhere"))
]
print(json.dumps([found, left, homes, os.listdir(here)]))
"""


def test_the_temporary_folder_and_a_read_only_home_may_lie_on_another_disk(
    chain: Chain, expected: dict[str, str]
) -> None:
    read_only = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"'
    mounts = f'mkdir -p "$1/tmp"; {read_only}; mount -t tmpfs none "$1/tmp"'
    found, left, homes, names = mounted(chain, mounts, OTHER_DISK)
    for result in (found, *homes):
        assert result["rc"] == 0, result["stderr"]
        assert digests(json.loads(result["stdout"])) == expected
    assert left == []
    assert names == ["tmp"]


NO_TEMPORARY = """
os.environ["TMPDIR"] = str(here / "nowhere")
print(json.dumps(submit("--store", here / "store")))
"""


def test_no_folder_for_temporary_files_at_all_is_said(chain: Chain) -> None:
    places = [Path(place) for place in ("/tmp", "/var/tmp", "/usr/tmp") if Path(place).is_dir()]
    places += [chain.folder]
    if chain.folder.is_relative_to("/dev/shm"):
        pytest.skip("the tests' own folder is where nothing else would be written")
    mounts = "".join(f'mount --bind "{p}" "{p}"; mount -o remount,ro,bind "{p}"; ' for p in places)
    found = mounted(chain, f'{mounts}mount -t tmpfs none "$1"', NO_TEMPORARY)
    assert found["rc"] == 3
    assert found["stderr"].splitlines()[-2:] == [
        "error: there is no folder for temporary files",
        "  = help: set `TMPDIR` to a folder that can be written to",
    ]


BARE: tuple[dict[str, str | None], ...] = (
    {"HOME": None, "PATH": None, "LANG": None, "LC_ALL": None, "USER": None, "LOGNAME": None},
    {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "xx_YY.nowhere", "LANG": "C", "TMPDIR": "/nowhere"},
)


@pytest.mark.parametrize("variables", BARE, ids=lambda variables: "-".join(variables))
def test_paths_of_any_letters_work_whatever_the_variables_of_the_user(
    tmp_path: Path,
    reprocc: Callable[..., Any],
    expected: dict[str, str],
    variables: dict[str, str | None],
) -> None:
    chain = copy_chain(tmp_path / "меня зовут ü", reprocc)
    os.mkdir(chain.folder / "mein Code ß")
    (chain.folder / "stages").rename(chain.folder / "mein Code ß" / "stages")
    (chain.folder / "data").rename(chain.folder / "Daten Ω")
    chain.edit("pipeline.yaml", "seed: 11", "seed: 11\ncode: mein Code ß")
    chain.edit("pipeline.yaml", "source: data/raw.csv", "source: Daten Ω/raw.csv")
    (chain.folder / "pipeline.yaml").rename(chain.folder / "Rohr ж.yaml")
    spec, place = chain.folder / "Rohr ж.yaml", tmp_path / "Lager ÿ"
    options = ("--executor", "inline", "--store", str(place))
    done = reprocc("submit", spec, *options, "--json", env=variables)
    assert done.rc == 0, done.stderr
    assert digests(done.json) == expected
    again = reprocc("submit", spec, *options, "-v", env=variables)
    assert again.rc == 0
    assert again.stderr.endswith(f"nothing to do, all {len(TASKS)} reused\n")
    listed = reprocc("get", "report", "--store", place, env=variables)
    assert listed.rc == 0
    wrong = reprocc("submit", spec, *options, "-p", "tïtle=x", env=variables)
    assert wrong.rc == 1
    assert wrong.stderr.startswith("error[undeclared-parameter]: ")
    report = json.loads(reprocc("get", "report", "--store", place, "--json", env=variables).stdout)
    assert Path(report[0]["paths"][0]).read_text().startswith("Report\n")


STREAMS = """
import json, subprocess, sys
def run(redirect, *verb):
    command = [sys.executable, "-m", "reprocc.cli", *verb]
    script = f'"$@" {redirect}; exit "${{PIPESTATUS[0]}}"'
    done = subprocess.run(
        ["bash", "-c", script, "bash", *command], capture_output=True, encoding="utf-8"
    )
    return [done.returncode, done.stdout, done.stderr]
submit = ("submit", "pipeline.yaml", "--executor", "inline")
found = {
    "all closed": run("<&- >&- 2>&-", *submit, "--store", "all"),
    "stdin closed": run("<&-", *submit, "--json"),
    "stdout closed": run(">&-", *submit, "--json"),
    "stderr closed": run("2>&-", *submit, "--json"),
    "stderr full": run("2>/dev/full", *submit, "--json"),
    "reader of stdout gone": run("| head -0", *submit, "--json"),
    "reader of events gone": run("| head -0", *submit, "--events", "-p", "title=a"),
    "reader of stderr gone": run("2>&1 >/dev/null | head -0", *submit, "-v", "-p", "title=b"),
    "reader of schema gone": run("| head -0", "schema"),
    "reader of plan gone": run("| head -0", "compile", "pipeline.yaml"),
    "reader of errors gone": run("| head -0", "validate", "nowhere.yaml"),
    "stdout full": run(">/dev/full", "artifacts"),
    "runs": run("", "runs", "--json"),
    "runs of all": run("", "runs", "--json", "--store", "all"),
}
print(json.dumps(found))
"""


def test_a_stream_that_is_closed_or_not_read_stops_nothing(chain: Chain) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STREAMS], cwd=chain.folder, capture_output=True, check=True
    )
    found = json.loads(done.stdout)
    for name, (rc, _, said) in found.items():
        wanted = {"stdout full": 3, "reader of errors gone": 1}.get(name, 0)
        assert rc == wanted, (name, said)
        assert "Traceback" not in said, name
        assert "itself failed" not in said, name
    assert json.loads(found["stdin closed"][1])["state"] == "succeeded"
    assert json.loads(found["stderr closed"][1])["state"] == "succeeded"
    assert json.loads(found["stderr full"][1])["state"] == "succeeded"
    assert found["stdout full"][2] == (
        "error: no space is left on the disk\n  --> standard output\n"
    )
    for records in ("runs", "runs of all"):
        runs = json.loads(found[records][1])
        assert {run["state"] for run in runs} == {"succeeded"}
    assert [run["tasks"] for run in json.loads(found["runs of all"][1])] == [
        {"succeeded": len(TASKS)}
    ]
