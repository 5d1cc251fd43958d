"""What a command finds around it, and what becomes of what it writes."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from attempts import FREE, artifact, command_assignment, gathered, single

from reprocc.compiler.plan import ColumnContract, Contract
from reprocc.runtime.codecs.files import put_tree
from reprocc.runtime.codecs.metrics import put_metrics, read_metrics
from reprocc.runtime.codecs.table import read_table, write_table
from reprocc.runtime.executor import Outcome
from reprocc.runtime.store.backend import Backend
from reprocc.runtime.store.objects import get_bytes
from reprocc.runtime.worker.execute import execute
from reprocc.runtime.worker.worker import Worker

Run = Callable[..., Outcome]


@pytest.fixture
def run(local_store: Backend, tmp_path: Path, shared_worker: Worker) -> Run:
    """Run a command and return the outcome."""

    def run(command: Any, worker: Worker = shared_worker, **given: Any) -> Outcome:
        number = len(list(tmp_path.glob("code*")))
        made = command_assignment(local_store, tmp_path / f"code{number}", command, **given)
        return execute(made, worker=worker)

    return run


@pytest.fixture
def text(run: Run, local_store: Backend) -> Callable[..., str]:
    """Run a command with a file `result` and return what it wrote."""

    def text(command: Any, **given: Any) -> str:
        outcome = run(command, outputs={"result": "file"}, **given)
        assert outcome.state == "succeeded", outcome.failure
        return get_bytes(local_store, outcome.contents[0][1].parts[0].sha256).decode()

    return text


PRINT = "import sys, json; json.dump(sys.argv[2:], open(sys.argv[1], 'w'))"


def test_words_reach_the_program_as_they_are(text: Callable[..., str]) -> None:
    words = ["a b", "", "$HOME", "'q'", "*", "{x} ${y}", "é\n"]
    given = text(["python", "p.py", "{out.result}", *words], files={"p.py": PRINT}, inputs=())
    assert json.loads(given) == ["a b", "", "$HOME", "'q'", "*", "{x} ${y}", "é\n"]


def test_a_path_is_put_into_a_word_where_it_stands(
    text: Callable[..., str], local_store: Backend, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("hello")
    content = put_tree(local_store, tmp_path / "file", kind="file", suffix=".txt")
    given = text(
        ["python", "p.py", "{out.result}", "--data={in.data}"],
        files={"p.py": PRINT},
        inputs=(single("data", "file", content),),
    )
    assert json.loads(given) == ["--data=../in/data.txt"]


def test_odd_paths_are_quoted_for_the_shell(
    text: Callable[..., str], local_store: Backend, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("hello")
    suffix = ".a b'$(x)"
    content = put_tree(local_store, tmp_path / "file", kind="file", suffix=suffix)
    inputs = (single("data", "file", content),)
    assert text("cat {in.data} > {out.result}", inputs=inputs) == "hello"


def test_a_shell_stops_at_the_first_error_and_at_unset_names(run: Run) -> None:
    stopped = run("false\necho '{}' > {out.result}")
    assert stopped.failure is not None
    assert stopped.failure.message == "`fit` ended with status 1"
    unset = run("echo $nobody_set_this; echo '{}' > {out.result}")
    assert unset.failure is not None
    assert "nobody_set_this" in unset.failure.detail


def test_the_working_folder_holds_exactly_the_declared_files(text: Callable[..., str]) -> None:
    files = {"a.py": "x = 1", "deep/b.txt": "b"}
    listed = text("find . ../in -type f | sort > {out.result}", files=files)
    assert listed.split() == ["./a.py", "./deep/b.txt"]


def test_changing_its_files_changes_no_other_attempt(text: Callable[..., str]) -> None:
    for _ in range(2):
        assert text("cat a.txt > {out.result}; echo b >> a.txt", files={"a.txt": "a\n"}) == "a\n"


def test_an_undeclared_file_is_not_there_and_the_mend_is_said(run: Run) -> None:
    for command, files in [
        (["python", "t.py"], {"t.py": "open('params.yaml')"}),
        ("cat params.yaml", {}),
        ("sh params.yaml", {}),
        ("python params.yaml", {}),
        ("wc -l < params.yaml", {}),
    ]:
        outcome = run(command, files=files)
        assert outcome.failure is not None
        assert outcome.failure.help == "declare it: `code: [params.yaml]`, or make it an input"


def test_after_cd_the_mend_for_paths_is_said(
    run: Run, text: Callable[..., str], local_store: Backend, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("hello")
    inputs = (
        single("f", "file", put_tree(local_store, tmp_path / "file", kind="file", suffix="")),
    )
    files = {"deep/down/x": ""}
    outcome = run("cd deep/down; cat {in.f}", inputs=inputs, files=files)
    assert outcome.failure is not None
    assert '"$OLDPWD"/' in (outcome.failure.help or "")
    command = 'cd deep/down; cat "$OLDPWD"/{in.f} > "$OLDPWD"/{out.result}'
    assert text(command, inputs=inputs, files=files) == "hello"


def test_the_environment_leads_the_path_and_python_is_its_own(text: Callable[..., str]) -> None:
    found = text("command -v python > {out.result}")
    assert os.path.samefile(found.strip(), sys.executable)
    version = text("python -c 'import sys; print(sys.prefix)' > {out.result}")
    assert version.strip() == sys.prefix


def test_the_variables_are_an_allow_list(
    text: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    monkeypatch.setenv("LET_THROUGH", "y")
    printed = text(
        "env > {out.result}",
        seed=11,
        threads=3,
        variables=(("SET", "z"),),
        passed=("LET_THROUGH",),
    )
    found = dict(line.split("=", 1) for line in printed.splitlines())
    assert "SECRET_TOKEN" not in found
    assert (found["LET_THROUGH"], found["SET"]) == ("y", "z")
    assert found["REPROCC_SEED"] == "11"
    assert found["OMP_NUM_THREADS"] == "3"
    assert (found["TZ"], found["LC_ALL"]) == ("UTC", "C.UTF-8")
    assert found["SOURCE_DATE_EPOCH"] == "315532800"
    assert not [name for name in found if name.startswith(("PYTHONPATH", "RAY_", "VIRTUAL_ENV"))]


def test_standard_input_is_empty_and_both_streams_reach_the_log_in_order(
    run: Run, local_store: Backend
) -> None:
    source = """
    import sys
    for n in range(3):
        print("out", n)
        print("err", n, file=sys.stderr)
    """
    outcome = run("cat; python p.py; echo '{}' > {out.result}", files={"p.py": source})
    assert outcome.state == "succeeded", outcome.failure
    assert outcome.log is not None
    lines = get_bytes(local_store, outcome.log).decode().splitlines()
    assert lines == [f"{stream} {n}" for n in range(3) for stream in ("out", "err")]


def test_arguments_are_a_file_of_json(text: Callable[..., str]) -> None:
    given = text("cat {arguments} > {out.result}", arguments={"depth": 4, "names": ["a", "é"]})
    assert json.loads(given) == {"depth": 4, "names": ["a", "é"]}


TABLE = pa.table({"n": [1, 2, None], "s": ["a", None, "c,d"], "f": [0.5, 1.0, None]})

READ = {
    "parquet": "pandas.read_parquet(path)",
    "csv": "pandas.read_csv(path)",
    "jsonl": "pandas.read_json(path, lines=True)",
    "arrow": "pyarrow.ipc.open_file(path).read_all().to_pandas()",
}
WRITE = {
    "parquet": "frame.to_parquet(path)",
    "csv": "frame.to_csv(path, index=False)",
    "jsonl": "frame.to_json(path, orient='records', lines=True)",
    "arrow": """
import pyarrow.ipc
table = pyarrow.Table.from_pandas(frame, preserve_index=False)
with pyarrow.ipc.new_file(path, table.schema) as file: file.write_table(table)
""",
}


@pytest.mark.parametrize("form", READ)
def test_a_table_comes_and_goes_in_every_form(run: Run, local_store: Backend, form: str) -> None:
    source = (
        "import sys, pandas, pyarrow\nimport pyarrow.ipc\n"
        f"path = sys.argv[1]\nframe = {READ[form]}\n"
        "assert path == sys.argv[3], path\n"
        "frame['n'] = frame['n'].astype('Int64') * 2\n"
        f"path = sys.argv[2]\n{WRITE[form]}"
    )
    content = write_table(local_store, TABLE, key=())
    outcome = run(
        ["python", "double.py", "{in.data}", "{out.twice}", f"../in/data.{form}"],
        files={"double.py": source},
        inputs=(
            single("data", "table", content, form),  # type: ignore[arg-type]
        ),
        outputs={"twice": "table"},
        forms={"twice": form},
    )
    assert outcome.state == "succeeded", outcome.failure
    found = read_table(local_store, outcome.contents[0][1])
    assert found.to_pydict() == {
        "n": [2, 4, None],
        "s": ["a", None, "c,d"],
        "f": [0.5, 1.0, None],
    }
    assert [str(type_) for type_ in found.schema.types] == ["int64", "string", "double"]


def test_text_becomes_the_declared_column_types(run: Run) -> None:
    outcome = run(
        "printf 'n,s\\n1,7\\n' > {out.rows}",
        outputs={"rows": artifact("rows", "table", contract=_columns(n="float32", s="string"))},
        forms={"rows": "csv"},
    )
    assert outcome.state == "succeeded", outcome.failure
    assert outcome.contents[0][1].schema == (("n", "float32"), ("s", "string"))


def test_text_that_is_not_of_its_type_fails_with_its_line(run: Run) -> None:
    outcome = run(
        "printf 'n\\n1\\nx\\n' > {out.rows}",
        outputs={"rows": artifact("rows", "table", contract=_columns(n="int64"))},
        forms={"rows": "csv"},
    )
    assert outcome.failure is not None
    assert outcome.failure.reason == "wrong-output"
    assert outcome.failure.message == "`fit` wrote a `rows` that cannot be read"
    assert "line 3 of `rows.csv`: `n` is `x`, which is no `int64`" in outcome.failure.detail


def _columns(**types: str) -> Contract:
    return replace(
        FREE,
        columns=tuple(
            ColumnContract(
                name=name,
                type=type_,
                nullable=True,
                unique=False,
                minimum=None,
                maximum=None,
                values=None,
                pattern=None,
                severity="error",
            )
            for name, type_ in sorted(types.items())
        ),
    )


@pytest.mark.parametrize("form", ["parquet", "arrow", "jsonl"])
def test_what_is_no_table_in_its_form_fails(run: Run, form: str) -> None:
    outcome = run("echo [ > {out.rows}", outputs={"rows": "table"}, forms={"rows": form})
    assert outcome.failure is not None
    assert outcome.failure.reason == "wrong-output"
    assert outcome.failure.message == "`fit` wrote a `rows` that cannot be read"
    assert ("`as: csv`" in (outcome.failure.help or "")) == (form != "jsonl")


def test_nested_columns_are_refused_as_csv(run: Run, local_store: Backend) -> None:
    content = write_table(local_store, pa.table({"l": [[1]]}), key=())
    outcome = run("true", inputs=(single("t", "table", content, "csv"),))
    assert outcome.failure is not None
    assert outcome.failure.message == "`t` cannot be given to `fit` as csv"
    assert outcome.failure.detail == "column `l` is list<int64>, which text cannot hold"


def test_metrics_come_and_go_as_json(run: Run, local_store: Backend) -> None:
    content = put_metrics(local_store, {"a": {"b": 0.25}})
    outcome = run("cat {in.m} > {out.result}", inputs=(single("m", "metrics", content),))
    assert outcome.state == "succeeded", outcome.failure
    assert read_metrics(local_store, outcome.contents[0][1]) == {"a": {"b": 0.25}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "`fit` wrote a `result` that is not JSON"),
        ("[1]", "`fit` wrote a `result` that is no JSON object"),
    ],
)
def test_metrics_that_are_none_fail(run: Run, text: str, message: str) -> None:
    outcome = run(f"echo {shlex.quote(text)} > {{out.result}}")
    assert outcome.failure is not None
    assert (outcome.failure.reason, outcome.failure.message) == ("wrong-output", message)


def test_a_checkpoint_is_a_file_or_a_folder(run: Run) -> None:
    one = run("echo hi > {out.model}", outputs={"model": "checkpoint"})
    many = run("mkdir -p {out.model}/a; echo hi > {out.model}/a/b", outputs={"model": "checkpoint"})
    assert [each.contents[0][1].layout for each in (one, many)] == ["file", "folder"]
    content = many.contents[0][1]
    again = run(
        "cp -r {in.model} {out.copy}",
        inputs=(single("model", "checkpoint", content),),
        outputs={"copy": "checkpoint"},
    )
    assert again.contents[0][1].digest == content.digest


POINTS = ((("depth", 2), ("name", "a/b")), (("depth", 4), ("name", "c")))


def test_gathered_tables_and_metrics_are_one_file(
    text: Callable[..., str], local_store: Backend
) -> None:
    tables = tuple(
        (point, write_table(local_store, pa.table({"n": [n]}), key=()))
        for n, point in enumerate(POINTS)
    )
    scores = tuple(
        (point, put_metrics(local_store, {"score": n})) for n, point in enumerate(POINTS)
    )
    given = text(
        "cat {in.t} {in.m} > {out.result}",
        inputs=(gathered("t", "table", tables, "csv"), gathered("m", "metrics", scores, "jsonl")),
    )
    assert given.splitlines() == [
        "n,depth,name",
        "0,2,a/b",
        "1,4,c",
        '{"depth": 2, "name": "a/b", "score": 0}',
        '{"depth": 4, "name": "c", "score": 1}',
    ]


def test_other_gathered_kinds_are_a_folder_with_an_entry_for_each_point(
    text: Callable[..., str], local_store: Backend, tmp_path: Path
) -> None:
    contents = []
    for number, point in enumerate(POINTS):
        (tmp_path / "f").write_text(str(number))
        contents.append((point, put_tree(local_store, tmp_path / "f", kind="figure", suffix="")))
    bound = gathered("plots", "figure", tuple(contents))
    bound = replace(bound, artifact=artifact("plots", "figure", suffix=".png"))
    given = text("cd {in.plots}; grep '' * > \"$OLDPWD\"/{out.result}", inputs=(bound,))
    assert given.splitlines() == ["depth=2,name=%22a%2Fb%22.png:0", "depth=4,name=c.png:1"]


def test_a_changed_input_is_a_failure(run: Run, local_store: Backend) -> None:
    content = write_table(local_store, TABLE, key=())
    outcome = run(
        "chmod u+w {in.t}; echo x >> {in.t}; echo '{}' > {out.result}",
        inputs=(single("t", "table", content, "csv"),),
    )
    assert outcome.failure is not None
    assert outcome.failure.reason == "input-changed"


def test_equal_attempts_in_fresh_workers_give_equal_contents(
    local_store: Backend, tmp_path: Path, open_worker: Callable[..., Worker]
) -> None:
    content = write_table(local_store, TABLE, key=())
    given = command_assignment(
        local_store,
        tmp_path / "code",
        "tar cf {out.kept} --sort=name -C .. work in\npython -c 'print(hash(\"x\"))' > {out.h}",
        files={"a.py": "x = 1"},
        inputs=(single("t", "table", content, "csv"),),
        outputs={"kept": "file", "h": "file"},
    )
    found = [
        execute(given, worker=open_worker(forks=forks)).contents for forks in (True, True, False)
    ]
    assert found[0]
    assert found[0] == found[1] == found[2]
