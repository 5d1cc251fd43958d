"""`show --html`: where the report goes, what it bears, and how large it may become."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprocc.cli.report.layers import lay
from reprocc.cli.report.markup import element
from reprocc.cli.report.page import render
from reprocc.compiler.canonical import Json, encode_text
from reprocc.compiler.driver import compile_file
from reprocc.compiler.fingerprint import Fingerprint
from reprocc.compiler.plan import Task
from reprocc.compiler.render_plan import plan_bytes, plan_digest
from reprocc.compiler.workspace import Workspace
from reprocc.runtime.codecs.metrics import put_metrics
from reprocc.runtime.description.describe import describe
from reprocc.runtime.store import versions
from reprocc.runtime.store.backend import Backend
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.objects import put_bytes
from reprocc.runtime.store.records import RunEnd, RunStart, TaskRecord
from reprocc.runtime.store.runs import RunRecords

from .conftest import Ran

RUN = "20261122-120000-abcdef"
MANY = """
reprocc: 1
name: many
artifacts: {seen: {kind: metrics}, scores: {kind: metrics}}
transformations:
  look: {python: "stages:look", outputs: [seen], matrix: {n: "${range(0, 5000)}"}}
  score: {python: "stages:score", inputs: [seen], outputs: [scores]}
"""
CODE = "def look(): return {}\ndef score(seen): return {}\n"


class Words(HTMLParser):
    """Collects the text of a page and the elements in it."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.elements: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.elements.append(f"{tag}{attrs}")


def words(page: str) -> str:
    """Return the text of a page without its head and script."""
    read = Words()
    read.feed(re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL))
    return read.text


@pytest.fixture
def alone(ran: Ran, tmp_path: Path) -> Path:
    """Copy the folder with its store, so that a test may damage it."""
    return Path(shutil.copytree(ran.folder, tmp_path / "alone"))


def show(reprocc: Callable[..., Any], folder: Path, *more: str) -> str:
    """Return the report of the newest run, or of the run named."""
    done = reprocc("show", *more, "--html", "-o", "-", cwd=folder)
    assert (done.rc, done.stderr) == (0, "")
    return str(done.stdout)


def run_folder(folder: Path, run: str) -> Path:
    (found,) = (folder / ".reprocc" / "runs").glob(f"*/{run}")
    return found


def object_of(folder: Path, sha256: str) -> Path:
    return folder / ".reprocc" / "objects" / "sha256" / sha256[:2] / sha256


def test_the_report_goes_to_a_file_named_like_the_run(
    ran: Ran, alone: Path, reprocc: Callable[..., Any]
) -> None:
    run = ran.second["run"]
    done = reprocc("show", "--html", cwd=alone)
    page = (alone / f"{run}.html").read_bytes()
    assert (done.rc, done.stdout) == (0, "")
    assert re.fullmatch(rf"{run}\.html: report of run {run}, [\d.]+ KiB\n", done.stderr)
    assert page.startswith(b"<!doctype html>")
    # A file of that name is replaced; equal records give equal bytes.
    (alone / "other.html").write_text("old")
    done = reprocc("show", run[:-3], "--html", "-o", "other.html", "--json", cwd=alone)
    assert done.json == {"run": run, "path": "other.html", "bytes": len(page)}
    assert (alone / "other.html").read_bytes() == page
    assert show(reprocc, alone).encode() == page


def test_what_cannot_be_is_refused(alone: Path, reprocc: Callable[..., Any]) -> None:
    for words_, status, said in (
        (["-o", "x.html"], 2, "`-o` goes with `--html`"),
        (["--html", "--json", "-o", "-"], 2, "both want stdout"),
        (["--html", "-o", "no/such/x.html"], 3, "cannot write `no/such/x.html`"),
        (["--html", "-o", "."], 3, "cannot write `.`"),
        (["nope", "--html"], 1, "no run begins with `nope`"),
    ):
        done = reprocc("show", *words_, cwd=alone)
        assert (done.rc, done.stdout) == (status, ""), words_
        assert said in done.stderr


def test_a_run_without_an_end_says_so(ran: Ran, alone: Path, reprocc: Callable[..., Any]) -> None:
    folder = run_folder(alone, ran.first["run"])
    (folder / "end.json").unlink()
    shutil.rmtree(folder / "tasks")
    page = show(reprocc, alone, ran.first["run"])
    read = words(page)
    assert "running, or killed" in read
    assert "unknown: the run has no end" in read
    assert "9 not finished" in read
    assert 'class="box unfinished"' in page


def test_what_is_gone_is_named_and_the_rest_is_told(
    ran: Ran, alone: Path, reprocc: Callable[..., Any]
) -> None:

    start = json.loads((run_folder(alone, ran.second["run"]) / "start.json").read_text())
    for name in ("plan_object", "spec_object"):
        object_of(alone, start[name]).unlink()
    (scores,) = sorted((alone / ".reprocc/pipelines/chain/artifacts/scores/width=1").iterdir())
    object_of(alone, json.loads(scores.read_text())["content"]["digest"][7:]).unlink()
    (cleaned,) = (alone / ".reprocc/pipelines/chain/artifacts/cleaned").iterdir()
    cleaned.unlink()
    read = words(show(reprocc, alone))
    assert f"The plan ({start['plan_object'][:12]}) is not in the store any more" in read
    assert f"The spec's text ({start['spec_object'][:12]}) is not in the store any more" in read
    assert "cleaned: 1 of 1 version records are gone." in read
    assert "1 point incomplete: not in the store any more" in read
    assert "evaluate[width=3]" in read


def test_a_run_that_reused_all_has_no_timeline(alone: Path, reprocc: Callable[..., Any]) -> None:
    again = ("submit", "pipeline.yaml", "-p", "title=Other", "--executor", "inline", "-q")
    assert reprocc(*again, cwd=alone).rc == 0
    page = show(reprocc, alone)
    assert "↺ 9 reused" in re.sub(r"\s+", " ", words(page))
    assert 'id="timeline"' not in page
    assert 'class="box reused"' in page
    assert 'class="box succeeded"' not in page


def test_times_of_tasks_do_not_overlap_where_one_runs_at_a_time(ran: Ran) -> None:
    tasks = ran("show", ran.first["run"], "--json").json["tasks"]
    spans = sorted(
        (datetime.fromisoformat(task["started"]).timestamp(), task["seconds"]) for task in tasks
    )
    for (begun, took), (following, _) in pairwise(spans):
        assert begun + took <= following + 0.002  # times are kept to the millisecond


def many_tasks(backend: Backend, folder: Path) -> tuple[str, int]:
    """Record a run of 10,000 tasks, each with a version of metrics; return its name."""
    (folder / "many.yaml").write_text(MANY)
    (folder / "stages.py").write_text(CODE)
    compiled = compile_file(
        folder / "many.yaml", shown="many.yaml", given={}, workspace=Workspace()
    )
    plan = compiled.plan
    assert plan is not None, compiled.diagnostics
    data = plan_bytes(plan)
    run, now = RUN, datetime(2026, 11, 22, 12, tzinfo=UTC)
    records = RunRecords(backend, run)
    records.start(
        RunStart(
            run=run,
            pipeline="many",
            plan=plan_digest(data),
            plan_object=put_bytes(backend, data),
            spec_object=put_bytes(backend, MANY.encode()),
            parameters=Json("{}"),
            code=(),
            environments=Json("{}"),
            command=("reprocc", "submit", "many.yaml"),
            started=now.isoformat(),
            host="host",
        )
    )
    batch = [_settled(backend, task, index, now) for index, task in enumerate(plan.tasks)]
    records.tasks(batch)
    records.end(RunEnd(run=run, state="failed", seconds=600.0, counts=Json("{}")))
    return run, len(batch)


def _settled(backend: Backend, task: Task, index: int, now: datetime) -> TaskRecord:
    """Publish what a task gave and return its record; every hundredth has failed."""
    content = put_metrics(backend, {"loss": index % 97 / 7, "score": {"macro": index / 7}})
    (output,) = task.outputs
    version, _ = versions.publish(
        backend,
        pipeline="many",
        artifact=output.artifact,
        point=task.point,
        content=content,
        run=RUN,
        task=task.id,
        fingerprint=Fingerprint("task1:" + "0" * 64),
        reused_from=None,
        contract=None,
        created=now.isoformat(),
    )
    has_failed = index % 100 == 99
    failure = {"reason": "error", "message": "`look` fell", "detail": "x" * 9999, "help": None}
    return TaskRecord(
        task=task.id,
        state="failed" if has_failed else "succeeded",
        fingerprint=None,
        attempts=1,
        seconds=0.5 + index % 7 / 10,
        cpu_seconds=0.4,
        peak_memory=10**8,
        started=(now + timedelta(seconds=index // 16 * 1.2)).isoformat(),
        host=f"host{index % 4}",
        inputs=(),
        outputs=((output.name, output.artifact, version.number, content.digest),),
        failure=encode_text(failure) if has_failed else None,  # type: ignore[arg-type]
        log=None,
        warnings=(),
        reused_from=None,
    )


def test_ten_thousand_tasks_fit_a_page(tmp_path: Path) -> None:
    backend = MemoryBackend("many")
    run, count = many_tasks(backend, tmp_path)
    assert count == 10_000
    page = render(describe(backend, run), version="0")
    assert len(page.encode()) < 5_000_000
    read = words(page)
    assert "9,900 succeeded" in read
    assert "100 failed" in read
    assert "70 more failed tasks are listed under Tasks." in read
    assert "500 of 10,000 tasks, what failed first" in read
    assert "seen has 5,000 points; the first 500 were read." in read


@given(st.text())
def test_text_is_never_markup(value: str) -> None:
    read = Words()
    read.feed(element("p", value, title=value))
    read.close()
    assert len(read.elements) == 1
    shown = "".join(c if c in "\n\t" or ord(c) >= 32 else "\ufffd" for c in value)
    assert read.text == "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in shown)


@given(
    st.lists(st.floats(40, 300), min_size=1, max_size=20),
    st.sets(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=40),
)
def test_boxes_of_a_graph_never_overlap_and_lines_go_down(
    widths: list[float], pairs: set[tuple[int, int]]
) -> None:
    sizes = {f"t{index}": width for index, width in enumerate(widths)}
    lines = sorted((f"t{a}", f"t{b}") for a, b in pairs if a < b < len(widths))
    laid = lay(sizes, lines)
    level = {name: place for place, layer in enumerate(laid.layers) for name in layer}
    assert set(sizes) <= set(level)
    for layer in laid.layers:
        for left, right in pairwise(layer):
            apart = laid.middle[right] - laid.middle[left]
            assert apart >= (sizes.get(left, 0) + sizes.get(right, 0)) / 2
    for line in lines:
        path = laid.paths[line]
        assert (path[0], path[-1]) == line
        steps = [level[b] - level[a] for a, b in pairwise(path)]
        assert steps == [1] * len(steps)
    assert all(-0.01 <= middle <= laid.width + 0.01 for middle in laid.middle.values())
