"""Which files decide a command's result, and what its identity is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from reprocc.compiler.canonical import CanonicalValue, Digest
from reprocc.compiler.driver import Compiled
from reprocc.compiler.fingerprint import components
from reprocc.compiler.plan import Plan

CompilePipeline = Callable[..., Compiled]

SPEC = """\
reprocc: 1
name: a
parameters: {{n: 1}}
artifacts:
  o: {{kind: file}}
transformations:
  t:
    command: {command}
    outputs: [o]
    {more}
"""

FILES = {
    "run.py": "import beside\n",
    "beside.py": "import numpy\n",
    "data.json": "{}",
    "tools/run.py": (
        "import helper, beside, pkg.inner\nif __name__ == '__main__':\n    import yaml\n"
    ),
    "tools/helper.py": "def f():\n    import scipy\n",
    "tools/go.sh": "true\n",
    "pkg/__init__.py": "",
    "pkg/__main__.py": "from . import inner\n",
    "pkg/inner.py": "import pandas\n",
    "my-script.py": "import sys\n",
}


def planned(compile_pipeline: CompilePipeline, command: str, more: str = "") -> Plan:
    result = compile_pipeline(SPEC.format(command=command, more=more), FILES)
    assert result.plan is not None, result.diagnostics
    return result.plan


@pytest.mark.parametrize(
    ("command", "files", "imports"),
    [
        ("sort > ${outputs.o}", [], []),
        ("python run.py ${outputs.o}", ["beside.py", "run.py"], ["numpy"]),
        ("python ./run.py>${outputs.o}", ["beside.py", "run.py"], ["numpy"]),
        ("cd / && python 'run.py';echo ${outputs.o}", ["beside.py", "run.py"], ["numpy"]),
        ("x=$(python run.py) && echo > ${outputs.o}", ["beside.py", "run.py"], ["numpy"]),
        ('[tool, --config=data.json, "${outputs.o}"]', ["data.json"], []),
        ('[tool, "data.json ", "${outputs.o}"]', [], []),
        ('[tool, "${parameters.n}data.json", "${outputs.o}"]', [], []),
        ('[./tools/go.sh, "${outputs.o}"]', ["tools/go.sh"], []),
        ("sh tools/go.sh tools ${outputs.o}", ["tools/go.sh"], []),
        ("python my-script.py ${outputs.o}", ["my-script.py"], []),
        (
            "python tools/run.py ${outputs.o}",
            ["beside.py", "pkg/__init__.py", "pkg/inner.py", "tools/helper.py", "tools/run.py"],
            ["numpy", "pandas", "yaml"],
        ),
        (
            "python -m pkg ${outputs.o}",
            ["pkg/__init__.py", "pkg/__main__.py", "pkg/inner.py"],
            ["pandas"],
        ),
        ("python -m pkg.inner ${outputs.o}", ["pkg/__init__.py", "pkg/inner.py"], ["pandas"]),
        ("python -m json.tool ${outputs.o}", [], []),
        ("cat run.sh made.py > x.sh -o run.sh && sh x.sh > made.py; x ${outputs.o}", [], []),
        ("cd tools && sh go.sh; x ${outputs.o}", ["tools/go.sh"], []),
        ("cd ${outputs.o} && sh gone.sh", [], []),
        ("python https://example.org/run.py ${outputs.o}", [], []),
        ("grep '#' data.json > ${outputs.o}", ["data.json"], []),
    ],
)
def test_the_files_that_a_command_names_are_its_code(
    compile_pipeline: CompilePipeline, command: str, files: list[str], imports: list[str]
) -> None:
    code = planned(compile_pipeline, command).transformations[0].code
    assert [file.path for file in code.files] == files
    assert list(code.imports) == imports


def test_a_script_surely_imports_what_stands_at_its_top(compile_pipeline: CompilePipeline) -> None:
    code = planned(compile_pipeline, "python tools/run.py ${outputs.o}").transformations[0].code
    assert code.required == ("numpy", "pandas", "yaml")


def test_a_module_beside_the_script_hides_one_of_the_code_folder(
    compile_pipeline: CompilePipeline,
) -> None:
    files = {**FILES, "tools/beside.py": "import polars\n"}
    result = compile_pipeline(
        SPEC.format(command="python tools/run.py ${outputs.o}", more=""), files
    )
    assert result.plan is not None
    code = result.plan.transformations[0].code
    assert "tools/beside.py" in [file.path for file in code.files]
    assert "beside.py" not in [file.path for file in code.files]
    assert "polars" in code.imports


def test_code_adds_files(compile_pipeline: CompilePipeline) -> None:
    plan = planned(compile_pipeline, "make ${outputs.o}", "code: ['*.json', 'tools/*']")
    paths = [file.path for file in plan.transformations[0].code.files]
    assert "data.json" in paths
    assert "tools/go.sh" in paths


def test_comments_count_in_no_python_file_and_in_every_other(
    compile_pipeline: CompilePipeline,
) -> None:
    spec = SPEC.format(command="sh tools/go.sh run.py ${outputs.o}", more="")
    digests = []
    for changed in ({}, {"run.py": "# words\nimport  beside\n"}, {"tools/go.sh": "true # words\n"}):
        plan = compile_pipeline(spec, {**FILES, **changed}).plan
        assert plan is not None
        digests.append(plan.transformations[0].code.digest)
    assert digests[0] == digests[1] != digests[2]


def parts(plan: Plan) -> Mapping[str, CanonicalValue]:
    artifacts = {artifact.id: artifact for artifact in plan.artifacts}
    return components(
        language=1,
        task=plan.tasks[-1],
        definition=plan.transformations[-1],
        artifacts=artifacts,
        environment=Digest("e"),
        inputs={read.parameter: [Digest("d")] for read in plan.tasks[-1].inputs},
    )


def test_words_values_and_formats_are_the_identity_of_a_command(
    compile_pipeline: CompilePipeline,
) -> None:
    def identity(command: str, **given: int) -> CanonicalValue:
        plan = compile_pipeline(SPEC.format(command=command, more=""), FILES, given).plan
        assert plan is not None
        return parts(plan)["command"]

    text = "tool ${parameters.n} ${outputs.o}"
    assert identity(text) == {"words": [["tool 1 ", {"output": "o"}]], "shell": True}
    assert identity(text) == identity("tool ${0 + 1} ${outputs.o}")
    assert identity(text) != identity(text, n=2)
    assert identity("['tool', '${outputs.o}']") != identity("tool ${outputs.o}")


def test_the_text_is_the_identity_of_a_query(compile_pipeline: CompilePipeline) -> None:
    spec = """\
reprocc: 1
name: a
parameters: {n: 1}
artifacts: {raw: {kind: table, source: raw.csv}, o: {kind: table, key: [a]}}
transformations:
  t: {sql: "SELECT a FROM raw WHERE a > ${parameters.n}", inputs: [raw], outputs: [o]}
"""
    plan = compile_pipeline(spec, {"raw.csv": "a\n1\n"}).plan
    assert plan is not None
    found = parts(plan)
    assert found["query"] == "SELECT a FROM raw WHERE a > 1"
    assert found["kind"] == "sql"
    assert {key for key in found if key.startswith("input.")} == {"input.raw"}
    other = replace(plan.tasks[-1], query="SELECT 1")
    assert parts(replace(plan, tasks=(other,))) != found


def test_a_query_is_parsed_once_for_all_points_of_a_kind(compile_pipeline: CompilePipeline) -> None:
    from reprocc.compiler.queries.parse import parse_query

    spec = """\
reprocc: 1
name: a
artifacts: {raw: {kind: table, source: raw.csv}, o: {kind: table, key: [a]}}
transformations:
  t:
    sql: SELECT a FROM raw WHERE a > ${matrix.k}
    inputs: [raw]
    outputs: [o]
    matrix: {k: "${range(1000, 1500)}"}
"""
    before = parse_query.cache_info().misses
    plan = compile_pipeline(spec, {"raw.csv": "a\n1\n"}).plan
    assert plan is not None
    assert len({task.query for task in plan.tasks}) == 500
    assert parse_query.cache_info().misses == before + 1
