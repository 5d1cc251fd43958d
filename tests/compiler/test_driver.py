"""The whole compiler: what it returns, and that it never raises for the user's fault."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reprocc.compiler.driver import Compiled, compile_file
from reprocc.compiler.workspace import Workspace

FILES = {"verbs.py": "def make(raw): return {}\n", "raw.json": "{}"}
SPEC = """\
reprocc: 1
name: whole
parameters: {trees: 3}
artifacts:
  raw: {kind: metrics, source: raw.json}
  m: {kind: metrics}
transformations:
  fit: {python: "verbs:make", inputs: [raw], outputs: [m], seed: "${parameters.trees}"}
"""
PIECES = ("", "${", "}", ": ", "[", "&a ", "*a", "- ", "\n", "é", "'")


def compiled(path: Path) -> Compiled:
    return compile_file(path, shown=path.name, given={}, workspace=Workspace())


def test_a_sound_file_has_a_plan_and_nothing_is_said(
    compile_pipeline: Callable[..., Compiled], tmp_path: Path
) -> None:
    result = compile_pipeline(SPEC, FILES)
    assert result.diagnostics == ()
    assert result.plan is not None
    assert result.plan.pipeline == "whole"
    assert result.code_folder == tmp_path
    assert result.source is not None
    assert result.source.text == SPEC


def test_unsaved_text_is_compiled_in_place_of_the_file(tmp_path: Path) -> None:
    for name, text in {**FILES, "pipeline.yaml": "nothing"}.items():
        (tmp_path / name).write_text(text, "utf-8")
    path = tmp_path / "pipeline.yaml"
    workspace = Workspace({str(path): SPEC.encode()})
    assert compile_file(path, shown="p", given={}, workspace=workspace).plan is not None


def test_code_may_lie_in_another_folder(compile_pipeline: Callable[..., Compiled]) -> None:
    files = {"src/verbs.py": FILES["verbs.py"], "raw.json": "{}"}
    result = compile_pipeline(SPEC.replace("name: whole", "name: whole\ncode: src"), files)
    assert result.plan is not None
    assert result.plan.transformations[0].code.files[0].path == "verbs.py"


def test_a_code_folder_that_is_not_there_is_one_error(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    result = compile_pipeline(SPEC.replace("name: whole", "name: whole\ncode: src"), FILES)
    assert [found.code.name for found in result.diagnostics] == ["missing-code-folder"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: None, "the pipeline file does not exist"),
        (lambda path: path.mkdir(), "the pipeline file is a folder, not a file"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_diagnostic(
    tmp_path: Path, make: Callable[[Path], None], message: str
) -> None:
    make(tmp_path / "pipeline.yaml")
    result = compiled(tmp_path / "pipeline.yaml")
    assert [found.message for found in result.diagnostics] == [message]
    assert (result.plan, result.spec, result.source) == (None, None, None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"a: \xc3",
        b"[" * 100_000,
        b"a: !!python/object:os.system x",
        b"{a: 1",
        b"- 1\n- 2\n",
        b"reprocc: 1\n",
        b"reprocc: 2\nname: x\nartifacts: {}\ntransformations: {}\n",
        b"a: &a [*a]\n",
        b"reprocc: 1\nname: x\nartifacts: 3\ntransformations: [1]\n",
    ],
)
def test_any_bytes_give_diagnostics_and_no_plan(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_bytes(data)
    result = compiled(path)
    assert result.plan is None
    assert [found for found in result.diagnostics if found.severity == "error"]


def test_mistakes_of_all_stages_are_reported_at_once(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    text = SPEC.replace("${parameters.trees}", "${parameters.tree}").replace("raw.json", "row.json")
    result = compile_pipeline(text, {**FILES, "verbs.py": "def make(raw, more): return {}\n"})
    assert [found.code.name for found in result.diagnostics] == [
        "missing-source",
        "missing-argument",
        "unknown-parameter",
    ]


def test_a_misspelt_key_is_one_error_and_what_it_leaves_out_is_none(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    text = SPEC.replace("inputs: [raw]", "matrx: {d: [1]}, input: [raw]").replace(
        "${parameters.trees}", "${matrix.d}"
    )
    result = compile_pipeline(text, FILES)
    assert [found.code.name for found in result.diagnostics] == ["unknown-key", "unknown-key"]


def test_a_misspelt_matrix_of_a_source_is_one_error(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    source = '{kind: metrics, source: "${matrix.q}.json", matrx: {q: [a]}}'
    result = compile_pipeline(SPEC.replace("{kind: metrics, source: raw.json}", source), FILES)
    assert [found.code.name for found in result.diagnostics] == ["unknown-key"]


def test_the_compiler_never_runs_or_imports_user_code(
    compile_pipeline: Callable[..., Compiled], tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    code = f"open({str(ran)!r}, 'w')\ndef make(raw): return {{}}\n"
    result = compile_pipeline(SPEC, {**FILES, "verbs.py": code})
    assert result.plan is not None
    assert not ran.exists()
    assert not any(
        getattr(module, "__file__", None) == str(tmp_path / "verbs.py")
        for module in list(sys.modules.values())
    )


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_with_a_piece_cut_or_changed_never_raises(
    compile_pipeline: Callable[..., Compiled], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(SPEC)))
    end = data.draw(st.integers(start, min(len(SPEC), start + 30)))
    piece = data.draw(st.sampled_from(PIECES))
    result = compile_pipeline(SPEC[:start] + piece + SPEC[end:], FILES)
    has_errors = any(found.severity == "error" for found in result.diagnostics)
    assert (result.plan is None) == has_errors
    for found in result.diagnostics:
        span = found.primary.span
        assert 0 <= span.start <= span.end <= len(span.source.text)
