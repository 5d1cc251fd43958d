"""`validate --fix`: what is certain is mended, and every other byte of the file stays."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from reprocc.cli.fixing import fix_spec
from reprocc.cli.rewriting import rewrite_file
from reprocc.cli.stop import Stop
from reprocc.cli.text_changes import text_changes

from .conftest import run_many

WRONG = """\
reprocc: "1"   # läuft ☃
name: fixed
parametres: {rows: {typ: int, defualt: 1}}
artefacts:
  raw: {kind: tabel, source: *.csv}
  out:
    knd: file
transformations:
  make:
    comand: head -n "${parameters.rwos}" ${input.raw}  > ${outputs.out}
    inputs: raw
    output: [out, ]
    matrix: {k: [${parameters.rows}]}
    resources: {memory: 4 gb, cpus: '2'}
    deterministic: no # ok
    retries: {on: [error, error], attempts: 2, attempts: 2}"""
RIGHT = """\
reprocc: 1   # läuft ☃
name: fixed
parameters: {rows: {type: integer, default: 1}}
artifacts:
  raw: {kind: table, source: "*.csv"}
  out:
    kind: file
transformations:
  make:
    command: head -n ${parameters.rwos} ${inputs.raw}  > ${outputs.out}
    inputs: [raw]
    outputs: [out, ]
    matrix: {k: ["${parameters.rows}"]}
    resources: {memory: 4GB, cpus: 2}
    deterministic: false # ok
    retries: {on: [error], attempts: 2}"""


def write(folder: Path, text: str = WRONG, *, bom: bool = False, newline: str = "\n") -> Path:
    spec = folder / "pipeline.yaml"
    data = text.replace("\n", newline).encode()
    spec.write_bytes((b"\xef\xbb\xbf" if bom else b"") + data)
    (folder / "raw.csv").write_text("a,b\n1,2\n")
    return spec


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [False, True])
def test_every_other_byte_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bom: bool, newline: str
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = write(tmp_path, bom=bom, newline=newline)
    mended = fix_spec("pipeline.yaml", None, None)
    expected = RIGHT.replace("\n", newline).encode()
    assert spec.read_bytes() == (b"\xef\xbb\xbf" if bom else b"") + expected
    # A name of four letters is too short for any doubt to be ruled out.
    (left,) = mended.compiled.diagnostics
    assert (left.code.name, left.help) == ("unknown-parameter", "did you mean `rows`?")
    assert fix_spec("pipeline.yaml", None, None).rounds == ()


def test_what_was_changed_is_told_and_the_status_is_that_of_the_file_now(tmp_path: Path) -> None:
    text = RIGHT.replace("rwos", "rows")
    write(tmp_path, text.replace("kind: file", "knd: file"))
    before, fixed, again, plain = run_many(
        [
            ["validate", "pipeline.yaml", "-q"],
            ["validate", "pipeline.yaml", "--fix"],
            ["validate", "pipeline.yaml", "--fix"],
            ["validate", "pipeline.yaml"],
        ],
        tmp_path,
    )
    assert before[0] == 1
    assert fixed == (
        0,
        "",
        "--- pipeline.yaml\n"
        "+++ pipeline.yaml\n"
        "@@ -6,3 +6,3 @@\n"
        "   out:\n"
        "-    knd: file\n"
        "+    kind: file\n"
        " transformations:\n"
        "pipeline.yaml: 1 fixed; valid\n",
    )
    assert again == (0, "", "pipeline.yaml: 0 fixed; valid\n")
    assert plain == (0, "", "pipeline.yaml: valid\n")
    assert (tmp_path / "pipeline.yaml").read_text() == text


def test_without_fix_nothing_is_written_and_its_use_is_told(tmp_path: Path) -> None:
    spec = write(tmp_path)
    ((status, _, talk),) = run_many([["validate", "pipeline.yaml"]], tmp_path)
    assert (status, talk) == (1, "pipeline.yaml: 2 errors; `--fix` mends 2\n")
    assert spec.read_text() == WRONG


def test_json_lists_the_edits_of_each_round(tmp_path: Path) -> None:
    write(tmp_path)
    ((status, out, _),) = run_many([["validate", "pipeline.yaml", "--fix", "--json"]], tmp_path)
    found = json.loads(out)
    assert status == 1
    assert [one["code"] for one in found["diagnostics"]] == ["unknown-parameter"]
    assert all(one["fixes"][0]["certain"] for one in found["fixed"])
    assert {one["code"] for one in found["fixed"]} >= {
        *("unknown-key", "wrong-value", "unknown-alias", "unquoted-expression", "bad-unit"),
        *("duplicate-entry", "duplicate-key", "quoted-interpolation", "unknown-name"),
    }
    assert [one["round"] for one in found["fixed"]] == sorted(
        one["round"] for one in found["fixed"]
    )
    first = found["fixed"][0]["fixes"][0]["edits"][0]
    assert (first["text"], first["start"]["line"]) == ('"*.csv"', 5)


def test_other_formats_show_what_is_left(tmp_path: Path) -> None:
    write(tmp_path)
    ((status, out, _),) = run_many(
        [["validate", "pipeline.yaml", "--fix", "--format", "concise"]], tmp_path
    )
    assert (status, out.count("\n")) == (1, 1)
    assert "unknown-parameter" in out


def test_several_files_are_mended_each(tmp_path: Path) -> None:
    right = RIGHT.replace("rwos", "rows")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, right.replace("kind: file", "knd: file"))
    ((status, _, talk),) = run_many(
        [["validate", "one/pipeline.yaml", "two/pipeline.yaml", "--fix"]], tmp_path
    )
    assert status == 0
    assert talk.endswith("one/pipeline.yaml, two/pipeline.yaml: 2 fixed; valid\n")
    assert (tmp_path / "two" / "pipeline.yaml").read_text() == right


def test_a_link_is_followed_and_permissions_stay(tmp_path: Path) -> None:
    target = tmp_path / "kept" / "real.yaml"
    target.parent.mkdir()
    target.write_text("knd: x\n")
    target.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(target)
    rewrite_file(str(link), b"knd: x\n", b"kind: x\n")
    assert link.is_symlink()
    assert target.read_bytes() == b"kind: x\n"
    assert target.stat().st_mode & 0o777 == 0o640
    assert os.listdir(target.parent) == ["real.yaml"]


def test_a_file_that_another_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    spec = tmp_path / "pipeline.yaml"
    spec.write_text("theirs\n")
    with pytest.raises(Stop, match="was changed by someone else"):
        rewrite_file(str(spec), b"ours\n", b"mended\n")
    assert (spec.read_text(), os.listdir(tmp_path)) == ("theirs\n", ["pipeline.yaml"])


def test_what_cannot_be_written_is_said_and_stays(tmp_path: Path) -> None:
    spec = write(tmp_path, RIGHT.replace("kind: file", "knd: file"))
    spec.chmod(0o444)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "latin.yaml").write_bytes(b"name: Gr\xf6\xdfe\n")
    read_only, pipe, folder, missing, latin = run_many(
        [
            ["validate", "pipeline.yaml", "--fix"],
            ["validate", "pipe", "--fix"],
            ["validate", ".", "--fix"],
            ["validate", "nothing.yaml", "--fix"],
            ["validate", "latin.yaml", "--fix"],
        ],
        tmp_path,
    )
    assert read_only == (
        1,
        "",
        "error: `pipeline.yaml` is read-only\n  = help: allow writing to it\n",
    )
    assert pipe == (2, "", "error: `pipe` is no file that can be written anew\n")
    assert [folder[0], missing[0], latin[0]] == [1, 1, 1]
    assert "error[unreadable-spec]" in folder[1]
    assert "error[not-utf8]" in latin[1]
    assert "knd: file" in spec.read_text()


def test_a_diff_shows_a_missing_last_line_break_and_no_carriage_return() -> None:
    assert text_changes("p", "a\r\nb", "a\r\nc") == (
        "--- p\n+++ p\n@@ -1,2 +1,2 @@\n a\n"
        "-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n"
    )
    assert text_changes("p", "same\n", "same\n") == ""
