"""What becomes of an attempt in the store, and what is said where nothing does."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pytest
from attempts import FREE, Fit, again, artifact, assignment, failure, single

from reprocc.compiler.plan import Contract, MetricContract, RowsContract
from reprocc.runtime.child.request import Call
from reprocc.runtime.codecs.files import put_tree
from reprocc.runtime.codecs.table import read_table, write_table
from reprocc.runtime.events import Failure, PublishedOutput
from reprocc.runtime.store import reuse, versions
from reprocc.runtime.store.backend import Backend
from reprocc.runtime.store.store import Store
from reprocc.runtime.worker.call import child_call, preloaded_modules
from reprocc.runtime.worker.ending import failure_around
from reprocc.runtime.worker.execute import execute
from reprocc.runtime.worker.laid_tables import LaidTables
from reprocc.runtime.worker.scratch import make_scratch
from reprocc.runtime.worker.worker import Worker


def test_outputs_become_versions_and_a_reuse_record(
    local_store: Backend, tmp_path: Path, shared_worker: Worker
) -> None:
    given = assignment(
        local_store,
        tmp_path / "code",
        "def fit():\n    print('hi')\n    return {'b': {'n': 2}, 'a': {'n': 1}}",
        outputs={"b": "metrics", "a": "metrics"},
        returns="mapping",
    )
    outcome = execute(given, worker=shared_worker)
    contents = dict(outcome.contents)
    assert list(contents) == ["a", "b"]
    assert outcome.outputs == tuple(
        PublishedOutput(name=name, artifact=name, version=1, digest=contents[name].digest)
        for name in ("a", "b")
    )
    version = versions.newest(local_store, "demo", "a", ())
    assert version is not None
    assert (version.content, version.run, version.task) == (contents["a"], "r1", "fit")
    record = reuse.find(local_store, given.fingerprint)
    assert record is not None
    assert (record.outputs, record.log) == (outcome.contents, outcome.log)
    assert 0 < record.seconds <= outcome.seconds
    repeated = execute(again(given), worker=shared_worker)
    assert [output.version for output in repeated.outputs] == [1, 1]


def test_a_failed_attempt_publishes_nothing(
    local_store: Backend, tmp_path: Path, shared_worker: Worker
) -> None:
    given = assignment(
        local_store,
        tmp_path / "code",
        "def fit(): return {'a': 1}, 'wrong'",
        outputs={"a": "metrics", "b": "metrics"},
        returns="tuple",
    )
    outcome = execute(given, worker=shared_worker)
    assert outcome.state == "failed"
    assert (outcome.contents, outcome.outputs) == ((), ())
    assert versions.newest(local_store, "demo", "a", ()) is None
    assert reuse.find(local_store, given.fingerprint) is None


def test_a_table_is_kept_sorted_by_its_key(fit: Fit, local_store: Backend) -> None:
    contract = replace(FREE, key=("k",))
    outcome = fit(
        "import pandas as pd\ndef fit(): return pd.DataFrame({'k': [3, 1, 2]})",
        outputs={"out": artifact("out", "table", contract=contract)},
    )
    assert outcome.state == "succeeded", outcome.failure
    assert read_table(local_store, outcome.contents[0][1]).to_pydict() == {"k": [1, 2, 3]}


def _rows(severity: Literal["error", "warning"]) -> Contract:
    return replace(FREE, rows=RowsContract(minimum=5, maximum=None, severity=severity))


def test_a_contract_that_refuses_keeps_the_record_and_makes_no_version(
    local_store: Backend, tmp_path: Path, shared_worker: Worker
) -> None:
    high = MetricContract(path="accuracy", minimum=0.9, maximum=None, severity="error")
    given = assignment(
        local_store,
        tmp_path / "code",
        "import pyarrow as pa\ndef fit(): return pa.table({'a': [1]}), {'accuracy': 0.5}, {}",
        outputs={
            "rows": artifact("rows", "table", contract=_rows("error")),
            "scores": artifact("scores", "metrics", contract=replace(FREE, require=(high,))),
            "fine": "metrics",
        },
        returns="tuple",
    )
    outcome = execute(given, worker=shared_worker)
    reason, message = failure(outcome)
    assert reason == "contract"
    assert message.startswith("`rows` breaks its contract: ")
    assert outcome.failure is not None
    assert "`scores` breaks its contract: " in outcome.failure.detail
    for name in ("rows", "scores", "fine"):
        assert versions.newest(local_store, "demo", name, ()) is None
    record = reuse.find(local_store, given.fingerprint)
    assert record is not None
    assert [name for name, _ in record.outputs] == ["fine", "rows", "scores"]


def test_a_contract_that_warns_makes_a_version_and_a_warning(
    fit: Fit, local_store: Backend
) -> None:
    outcome = fit(
        "import pyarrow as pa\ndef fit(): return pa.table({'a': [1]})",
        outputs={"rows": artifact("rows", "table", contract=_rows("warning"))},
    )
    assert outcome.state == "succeeded"
    assert len(outcome.warnings) == 1
    assert outcome.warnings[0].startswith("`rows`: ")
    version = versions.newest(local_store, "demo", "rows", ())
    assert version is not None
    assert version.contract is not None


CHANGES = {
    "written": "os.chmod(file, 0o644); file.write_text('behind')",
    "written in secret": "s = file.stat(); os.chmod(file, 0o644); file.write_text('behind'); "
    "os.utime(file, ns=(s.st_atime_ns, s.st_mtime_ns))",
    "replaced": "os.chmod(file.parent, 0o755); file.unlink(); file.write_text('other')",
    "moved away": "os.chmod(file.parent, 0o755); file.rename('away')",
    "a file beside": "os.chmod(file.parent, 0o755); (file.parent / 'new').write_text('')",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_input_file_is_a_failure_that_names_it(
    fit: Fit, local_store: Backend, tmp_path: Path, name: str
) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "file").write_text("before")
    tree = put_tree(local_store, tmp_path / "tree", kind="directory", suffix="")
    outcome = fit(
        f"import os\ndef fit(tree):\n  file = tree / 'file'\n  {CHANGES[name]}\n  return {{}}",
        inputs=(single("tree", "directory", tree),),
    )
    assert failure(outcome) == ("input-changed", "`fit` changed the files of its input `tree`")


def test_a_touched_input_with_the_same_bytes_is_fine(
    fit: Fit, local_store: Backend, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("before")
    content = put_tree(local_store, tmp_path / "file", kind="file", suffix="")
    outcome = fit(
        "import os\ndef fit(file): os.chmod(file, 0o644); os.utime(file); return {}",
        inputs=(single("file", "file", content),),
    )
    assert outcome.state == "succeeded", outcome.failure


def test_a_laid_table_that_was_changed_fails_and_is_laid_again(
    fit: Fit, local_store: Backend
) -> None:
    table = write_table(local_store, pa.table({"n": [1, 2]}), key=())
    inputs = (single("t", "table", table, "arrow"),)
    spoil = """
        import os
        def fit(t):
            maps = open("/proc/self/maps").read().split()
            (path,) = {word for word in maps if word.endswith(".arrow")}
            os.chmod(path, 0o644)
            open(path, "r+b").write(b"spoilt")
            return {}
        """
    assert failure(fit(spoil, inputs=inputs))[0] == "input-changed"
    outcome = fit("def fit(t): return t.to_pydict()", inputs=inputs)
    assert outcome.state == "succeeded", outcome.failure


def test_the_users_own_failure_counts_before_a_changed_input(
    fit: Fit, local_store: Backend, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("before")
    content = put_tree(local_store, tmp_path / "file", kind="file", suffix="")
    outcome = fit(
        "import os\ndef fit(file): file.unlink(); raise ValueError('mine')",
        inputs=(single("file", "file", content),),
    )
    assert failure(outcome) == ("error", "`fit` raised ValueError: mine")


def test_everything_works_below_a_folder_with_an_odd_name(tmp_path: Path) -> None:
    place = tmp_path / "größer 店 100% it's"
    place.mkdir()
    store = Store.open(str(place / "a store")).backend
    worker = Worker(place)
    table = write_table(store, pa.table({"n": [1, 2]}), key=())
    given = assignment(
        store,
        place / "code",
        "def fit(t, p, model):\n    model.write_text('w')\n    return t",
        inputs=(single("t", "table", table, "pandas"), single("p", "table", table, "path")),
        outputs={"model": "checkpoint", "out": "table"},
        written=("model",),
    )
    outcome = execute(given, worker=worker)
    assert outcome.state == "succeeded", outcome.failure
    assert dict(outcome.contents)["out"].digest == table.digest
    worker.close()
    assert sorted(path.name for path in place.iterdir()) == ["a store", "code"]


@pytest.mark.skipif(
    not os.path.isdir("/dev/shm") or os.stat("/dev/shm").st_dev == os.stat("/tmp").st_dev,
    reason="needs a second file system",
)
def test_the_temporary_folder_may_be_on_another_file_system(
    local_store: Backend, tmp_path: Path
) -> None:
    worker = Worker(Path("/dev/shm"))
    given = assignment(
        local_store,
        tmp_path / "code",
        "def fit(model):\n    model.mkdir()\n    (model / 'w').write_bytes(bytes(5_000_000))",
        outputs={"model": "checkpoint"},
        written=("model",),
        returns="nothing",
    )
    outcome = execute(given, worker=worker)
    assert outcome.state == "succeeded", outcome.failure
    place = worker.scratch_folder
    worker.close()
    assert not place.exists()


def test_a_full_disk_says_what_to_do(tmp_path: Path) -> None:
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert failure_around(error, transformation="fit", folder=tmp_path) == Failure(
        reason="store",
        message="the disk for temporary files is full",
        detail=str(tmp_path),
        help="free space, or set TMPDIR to a folder with more of it",
    )


def test_an_attempt_leaves_no_files_behind(fit: Fit, shared_worker: Worker) -> None:
    fit("def fit(): return {}")
    before = sorted(shared_worker.scratch_folder.rglob("*"))
    for source in ("def fit(): open('x', 'w'); return {}", "def fit(): return {'a': print('x')}"):
        fit(source)
        fit(source.replace("return", "raise"))
    after = [path for path in shared_worker.scratch_folder.rglob("*") if path not in before]
    assert [path for path in after if "code" not in path.parts] == []


def test_the_call_is_made_of_the_assignment_alone(local_store: Backend, tmp_path: Path) -> None:
    table = write_table(local_store, pa.table({"n": [1]}), key=())
    given = assignment(
        local_store,
        tmp_path / "code",
        "",
        entry="pack.inner:Maker.fit",
        outputs={"plot": artifact("plot", "figure", suffix=".png")},
        inputs=(single("t", "table", table, "polars-lazy"),),
        rng=True,
        preload=("sklearn",),
    )
    scratch = make_scratch(tmp_path)
    call: Call = child_call(given, code="/code", scratch=scratch, inputs=())
    assert (call["module"], call["function"]) == ("pack.inner", "Maker.fit")
    assert call["outputs"] == [
        {"name": "plot", "kind": "figure", "path": str(scratch.outputs / "plot.png")}
    ]
    assert preloaded_modules(given) == ("numpy", "polars", "pyarrow", "sklearn")


def test_laid_tables_stay_within_their_limit(local_store: Backend, tmp_path: Path) -> None:
    contents = [write_table(local_store, pa.table({"n": [n]}), key=()) for n in range(4)]
    tables = LaidTables(tmp_path, limit=0)
    laid = [tables.lay(local_store, content) for content in contents]
    assert all(each.path.exists() for each in laid), "nothing goes before the attempt has begun"
    assert tables.lay(local_store, contents[0]) == laid[0]
    tables.trim()
    assert not any(each.path.exists() for each in laid)
    assert tables.lay(local_store, contents[0]).sha256 == laid[0].sha256


def test_equal_attempts_in_fresh_workers_give_equal_contents(
    local_store: Backend, tmp_path: Path, open_worker: Callable[..., Worker]
) -> None:
    given = assignment(
        local_store,
        tmp_path / "code",
        """
        import numpy as np, pandas as pd, pickle, random
        def fit(rng, seed, grid, model):
            x = rng.normal(size=(64, 8)) @ np.random.rand(8, 8)
            model.write_bytes(pickle.dumps((x, grid, {"a", "b", "c"}, random.random())))
            return pd.DataFrame(x, columns=[f"c{i}" for i in range(8)])
        """,
        outputs={"model": "checkpoint", "out": "table"},
        written=("model",),
        arguments={"grid": {"a": ["x", "x"], "b": {"x": "x"}}},
        seed=3,
        rng=True,
        preload=("pandas",),
    )
    found = [
        execute(given, worker=open_worker(forks=forks)).contents for forks in (True, True, False)
    ]
    assert found[0]
    assert found[0] == found[1] == found[2]
