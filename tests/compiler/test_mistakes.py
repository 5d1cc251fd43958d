"""One fixture for each code, `tests/mistakes/CODE.md`: a spec with one mistake, and its outputs.

A fixture is a `yaml` fence (none where the file itself is missing), fences with `file="name"` for
what lies beside it, a `json given` fence where parameters are given, and then what is said of it: a
fence for each format (JSON on one line) and, where a mend is certain, a `diff` of what `--fix`
changes. `encoding="latin-1"` writes a fence in other bytes than UTF-8. After a change that is
meant, `REPROCC_WRITE_GOLDEN=1` writes the outputs again.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest

from reprocc.compiler.codes import all_codes
from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.driver import Compiled, compile_file
from reprocc.compiler.fixing.apply import apply_fixes
from reprocc.compiler.render.concise import render_concise
from reprocc.compiler.render.full import render_full
from reprocc.compiler.render.github import render_github
from reprocc.compiler.render.json import render_json
from reprocc.compiler.render.sarif import render_sarif
from reprocc.compiler.source import Source
from reprocc.compiler.workspace import Workspace

from .sarif_shape import SARIF

MISTAKES = Path(__file__).resolve().parent.parent / "mistakes"
CODES = [code.name for code in all_codes()]
MENDED = [
    one.stem for one in sorted(MISTAKES.glob("*.md")) if "```diff\n" in one.read_text("utf-8")
]
OUTPUTS = ("full", "concise", "github", "json", "sarif", "diff")

_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """What one file says: the files of a folder, parameters, and the outputs expected."""

    path: Path
    files: tuple[tuple[str, bytes], ...]
    given: Mapping[str, object]
    expected: Mapping[str, str]


def fixture(code: str) -> Fixture:
    """Read the fixture of a code. Raises ValueError for a fence that means nothing."""
    path = MISTAKES / f"{code}.md"
    files: list[tuple[str, bytes]] = []
    given: dict[str, object] = {}
    expected: dict[str, str] = {}
    for language, options, body in _FENCE.findall(path.read_text("utf-8")):
        named = re.search(r'file="([^"]+)"', options)
        encoding = re.search(r'encoding="([^"]+)"', options)
        if named is not None or language == "yaml":
            name = "pipeline.yaml" if named is None else named[1]
            files.append((name, body.encode("utf-8" if encoding is None else encoding[1])))
        elif language in OUTPUTS and language not in expected and options != " given":
            expected[language] = body
        elif (language, options) == ("json", " given"):
            given = json.loads(body)
        else:
            raise ValueError(f"{path.name}: `{language}{options}` means nothing")
    return Fixture(path=path, files=tuple(files), given=given, expected=expected)


def compiled(one: Fixture, folder: Path) -> Compiled:
    """Compile a fixture in a folder of its own."""
    for name, data in one.files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    spec = folder / "pipeline.yaml"
    return compile_file(spec, shown="pipeline.yaml", given=one.given, workspace=Workspace())


def outputs(found: Compiled) -> dict[str, str]:
    """Return what is said in every format, and what would be changed."""
    said = found.diagnostics
    text = {
        "full": render_full(said, colour=False),
        "concise": render_concise(said),
        "github": render_github(said),
        "json": in_a_line(render_json(said)),
        "sarif": in_a_line(render_sarif(said)),
    }
    changes = "" if found.source is None else fixed(found.source, said)
    return text | ({"diff": changes} if changes else {})


def in_a_line(text: str) -> str:
    """Return JSON on one line; nothing but white space is lost, which is checked."""
    value = json.loads(text)
    assert text == json.dumps(value, indent=2) + "\n"
    return json.dumps(value, ensure_ascii=False) + "\n"


def fixed(source: Source, said: tuple[Diagnostic, ...]) -> str:
    text, _ = apply_fixes(source, said)
    lines = difflib.unified_diff(source.text.splitlines(), text.splitlines(), n=0, lineterm="")
    return "".join(f"{line}\n" for line in list(lines)[3:])


def rewrite(one: Fixture, found: Mapping[str, str]) -> None:
    """Write the outputs of a fixture anew, behind what goes into it."""
    text = one.path.read_text("utf-8")
    first = re.search(rf"^```(?:{'|'.join(OUTPUTS)})\n", text, re.MULTILINE)
    kept = text if first is None else text[: first.start()]
    fences = "".join(f"```{name}\n{body}```\n" for name, body in found.items())
    one.path.write_text(f"{kept.rstrip()}\n\n{fences}", "utf-8")


@pytest.mark.parametrize("code", CODES)
def test_one_mistake_is_said_once_and_in_every_format_as_committed(
    code: str, tmp_path: Path
) -> None:
    found = compiled(fixture(code), tmp_path)
    assert [diagnostic.code.name for diagnostic in found.diagnostics] == [code]
    said = outputs(found)
    if os.environ.get("REPROCC_WRITE_GOLDEN") == "1":
        rewrite(fixture(code), said)
    assert said == fixture(code).expected


@pytest.mark.parametrize("code", CODES)
def test_the_sarif_of_a_mistake_is_that_of_the_standard(code: str) -> None:
    log = json.loads(fixture(code).expected["sarif"])
    jsonschema.Draft202012Validator(SARIF).validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for location in (*result["locations"], *result.get("relatedLocations", ())):
            region = location["physicalLocation"]["region"]
            start = (region["startLine"], region["startColumn"])
            assert start <= (region["endLine"], region["endColumn"])


@pytest.mark.parametrize("code", MENDED)
def test_a_certain_mend_leaves_nothing_to_say(code: str, tmp_path: Path) -> None:
    one = fixture(code)
    found = compiled(one, tmp_path)
    assert found.source is not None
    spec = tmp_path / "pipeline.yaml"
    spec.write_text(apply_fixes(found.source, found.diagnostics)[0], "utf-8")
    again = compile_file(spec, shown="pipeline.yaml", given=one.given, workspace=Workspace())
    assert (again.diagnostics, again.plan is None) == ((), False)


def test_every_fixture_is_that_of_a_code() -> None:
    assert sorted(path.stem for path in MISTAKES.glob("*.md")) == sorted(CODES)
