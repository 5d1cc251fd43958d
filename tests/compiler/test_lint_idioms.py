"""A corpus of correct code: of what people write, and the examples that are shipped, all clean."""

from __future__ import annotations

from pathlib import Path

import pytest

import reprocc
from reprocc.compiler.driver import compile_file
from reprocc.compiler.lint.allowances import LINT_CODES
from reprocc.compiler.workspace import Workspace

from .idioms import LEARNING, NUMBERS, ORDERS
from .linting import lint, module

SPECS = Path(reprocc.__file__).parent / "specs"
SHIPPED = sorted(path for path in SPECS.rglob("*.yaml") if path.name == "pipeline.yaml")

TIMES = """
start = time.perf_counter()
raw = raw.dropna()
logger.info("dropped rows in %.1f s", time.perf_counter() - start)
return raw
---
began = datetime.datetime.now()
result = len(raw)
print("took", datetime.datetime.now() - began)
return result
---
return raw[raw["day"] < datetime.date(2026, 1, 1)]
---
return pd.to_datetime(raw["day"], utc=True).dt.year
---
return datetime.datetime.fromtimestamp(0, tz=datetime.timezone.utc).isoformat()
---
return datetime.datetime.strptime("2026", "%Y").year
---
time.sleep(0)
return raw
---
for attempt in range(3):
    began = time.monotonic()
    if time.monotonic() - began < 5:
        break
return attempt
---
day = pd.Timestamp("2026-01-01")
return day + pd.Timedelta(days=1)
---
import warnings
warnings.warn(f"slow at {time.time()}")
return raw
"""

OUTSIDE = """
text = old.read_text()
out.write_text(text.upper())
---
with open(old, "rb") as file, open(out, "wb") as written:
    written.write(file.read())
---
import joblib
model = joblib.load(old)
joblib.dump(model, out)
---
import pickle
pickle.dump({"a": 1}, out.open("wb"))
---
import shutil
shutil.copy(old, out)
---
raw.to_csv(out, index=False)
---
raw.to_parquet(out)
---
raw.set_index("a").to_csv(out)
---
raw.groupby("a")["b"].agg(["mean", "std"]).to_csv(out)
---
raw.describe().to_csv(out)
---
raw.to_csv(out, index_label="row")
---
import tempfile
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "part.csv"
    raw.to_csv(path)
    return path.read_text()
---
import io
buffer = io.StringIO()
raw.to_csv(buffer)
return buffer.getvalue()
---
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot(raw["a"])
figure.savefig(out)
---
threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
logger.info("%d threads", threads)
return raw
---
os.environ["TOKENIZERS_PARALLELISM"] = "false"
return raw
---
done = subprocess.run(["sort"], input=old.read_bytes(), capture_output=True, check=True)
return done.stdout
---
subprocess.check_call(["gzip", "-k", str(out)])
---
return RandomForestClassifier(random_state=seed, n_jobs=1)
---
def make(raw, old, out, jobs=1):
    return RandomForestClassifier(random_state=0, n_jobs=jobs)
---
names = json.loads((Path(__file__).parent / "names.json").read_text())
return names
---
import sqlite3
connection = sqlite3.connect(":memory:")
return connection.execute("select 1").fetchall()
---
frame = pd.read_csv(old)
frame = frame.rename(columns={"a": "b"}).replace("x", "y")
frame.to_csv(out, index=False)
---
copy = dict(raw)
copy["a"] = 1
copy.update(b=2)
return copy
---
with out.open("w") as file:
    for row in raw.itertuples():
        file.write(f"{row.a}\\n")
---
url = "https://example.org/data.csv"
logger.debug("the data come from %s", url)
return raw
---
return {}.get("key"), dict(raw).get("a")
---
from functools import lru_cache
@lru_cache
def square(x): return x * x
return [square(x) for x in raw]
"""

SNIPPETS = [
    (name, number, text.strip("\n"))
    for name, texts in {
        "learning": LEARNING,
        "numbers": NUMBERS,
        "orders": ORDERS,
        "times": TIMES,
        "outside": OUTSIDE,
    }.items()
    for number, text in enumerate(texts.split("---\n"))
]


@pytest.mark.parametrize(
    "text", [text for _, _, text in SNIPPETS], ids=[f"{name}-{at}" for name, at, _ in SNIPPETS]
)
def test_correct_code_is_left_alone(tmp_path: Path, text: str) -> None:
    found = lint(tmp_path, {"m.py": module(text), "names.json": "[]"})
    assert [(one.code.name, one.message) for one in found] == []


def test_the_corpus_is_not_small() -> None:
    assert len(SNIPPETS) >= 100


@pytest.mark.parametrize("spec", SHIPPED, ids=lambda path: path.parent.name)
def test_what_is_shipped_is_clean(spec: Path) -> None:
    compiled = compile_file(spec, shown="pipeline.yaml", given={}, workspace=Workspace())
    doubtful = [one.message for one in compiled.diagnostics if one.code.name in LINT_CODES]
    assert doubtful == []
