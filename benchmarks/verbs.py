"""What each verb but those that run something costs on a store with many runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from .figures import Cell, Table
from .measure import median, reprocc
from .stores import make_store

MOST = 0.7
REPEATS = 3
SPEC = """\
reprocc: 1
name: history
parameters: {rate: 1}
artifacts:
  raw: {kind: table, source: raw.csv}
  clean: {kind: table}
  model: {kind: checkpoint}
  scores: {kind: metrics}
  report: {kind: metrics}
transformations:
  clean: {python: "work:clean", inputs: [raw], outputs: [clean]}
  fit:
    python: work:fit
    inputs: [clean]
    outputs: [model]
    arguments: {depth: "${matrix.depth}", rate: "${parameters.rate}"}
    matrix: {depth: [2, 4, 8]}
  evaluate: {python: "work:evaluate", inputs: [model, clean], outputs: [scores]}
  tell: {python: "work:tell", gather: {scores: scores}, outputs: [report]}
"""
CODE = """\
def clean(raw):
    return raw


def fit(clean, depth, rate, model):
    model.write_text(f"{depth} {rate}")


def evaluate(model, clean):
    return {"rows": clean.num_rows}


def tell(scores):
    return {"points": scores.num_rows}
"""


def measure_verbs(folder: Path, runs: int) -> Table:
    """Return the CPU time of every verb but `submit`, on a store with `runs` runs."""
    store = folder / "many-runs"
    make_store(store, runs=runs)
    (folder / "history.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "work.py").write_text(CODE, encoding="utf-8")
    (folder / "raw.csv").write_text("id,value\n1,2.5\n", encoding="utf-8")
    rows: list[tuple[Cell, ...]] = []
    # The last run, so that `plan` and `why` have something to compare with.
    submit = ("submit", "history.yaml", "--executor", "inline", "--store", str(store))
    reprocc(*submit, folder=folder)
    for arguments in (*_readings(store), *_others(store)):
        try:
            cost = median([reprocc(*arguments, folder=folder) for _ in range(REPEATS)])
        except subprocess.CalledProcessError as error:
            raise RuntimeError(f"reprocc {' '.join(arguments)}: {error.stderr.decode()}") from error
        said = " ".join(arguments).partition(" --store")[0]
        rows.append((f"reprocc {said}", cost.cpu, cost.wall, cost.peak / 2**20))
    worst = max(float(row[1] or 0) for row in rows)
    return Table(
        title=f"Every verb but `submit`, on a store with {runs:,} runs",
        columns=("verb", "CPU, s", "wall, s", "peak memory, MiB"),
        rows=tuple(rows),
        notes=("Whole processes; medians of three.",),
        bound=f"each takes at most {MOST:g} s of CPU",
        holds=worst <= MOST,
    )


def _readings(store: Path) -> list[tuple[str, ...]]:
    """Return the verbs with arguments that fit the store, `--store` at the end of each."""
    run = _said(store, "runs")[0]["run"]
    report = next(one for one in _said(store, "artifacts") if one["artifact"] == "report")
    name = f"{report['pipeline']}/report"
    wanted: list[tuple[str, ...]] = [
        ("runs",),
        ("show", run),
        ("logs", run),
        ("artifacts",),
        ("versions", name),
        ("get", name),
        ("lineage", name),
        ("tag", name),
        ("diff",),
        ("diff", f"{name}@1", f"{name}@2"),
    ]
    return [(*each, "--store", str(store)) for each in wanted]


def _others(store: Path) -> list[tuple[str, ...]]:
    """Return the verbs that write elsewhere or ask about the spec."""
    kept = ("--store", str(store))
    return [
        ("show", "--html", "-o", "run.html", *kept),
        ("tag", "history/report@1", "first", *kept),
        ("plan", "history.yaml", "-p", "rate=2", *kept),
        ("why", "history.yaml", "fit", "-p", "rate=2", *kept),
        ("validate", "history.yaml"),
        ("compile", "history.yaml"),
        ("schema",),
        ("explain",),
        ("explain", "cycle"),
        ("completion", "bash"),
        ("--help",),
    ]


def _said(store: Path, verb: str) -> list[dict[str, str]]:
    command = [sys.executable, "-m", "reprocc.cli", verb, "--json", "--store", str(store)]
    done = subprocess.run(command, check=True, capture_output=True)
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found
