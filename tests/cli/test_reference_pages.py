"""The pages of the reference say what the schema, the command tree and the codes say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reprocc.cli import status
from reprocc.compiler.driver import compile_source
from reprocc.compiler.lower import DEFAULT_RETRIES
from reprocc.compiler.source import Source
from reprocc.compiler.workspace import Workspace
from reprocc.docs.generate.__main__ import FOLDER, PAGES
from reprocc.docs.generate.command_line import FORMS, STATUSES, VARIABLES
from reprocc.docs.generate.values import DEFAULTS, EXPRESSIONS

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_FOR_USERS = {"REPROCC_COMPLETE", "REPROCC_SEED"}
"""What the scripts of shells set, and what a task is given."""

SPEC = """
reprocc: 1
name: everywhere
parameters: {word: raw}
environments:
  plain: {variables: {WORD: "${parameters.word}"}}
artifacts:
  raw: {kind: table, source: "${parameters.word}.csv"}
  pinned: {kind: table, source: {path: "${parameters.word}.csv", sha256: "%s"}}
  a: {kind: table}
  b: {kind: file}
transformations:
  query:
    sql: "SELECT ${parameters.word} AS word FROM raw, pinned ORDER BY ALL"
    inputs: [raw, pinned]
    outputs: [a]
  command:
    command: "echo ${parameters.word} | cat - ${arguments} > ${outputs.b}"
    outputs: [b]
    environment: plain
    arguments: {word: "${parameters.word}"}
    resources:
      gpus: 1
      gpu_type: "${parameters.word}"
      labels: {zone: "${parameters.word}"}
    isolation: process
    deterministic: true
"""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_reference_is_up_to_date(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), f"docs/reference/{name} is out of date: run `make docs`"


@pytest.mark.parametrize("name", PAGES)
def test_links_within_a_page_lead_to_its_headings(name: str) -> None:
    text = PAGES[name]()
    headings = re.findall(r"^##+ (.*)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
    assert len(anchors) == len(headings), "each heading has a link of its own"
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= anchors


def test_every_variable_and_status_of_the_command_line_is_listed() -> None:
    code = "".join(path.read_text() for path in (ROOT / "cli").rglob("*.py"))
    read = set(re.findall(r"\bREPROCC_[A-Z]+\b", code))
    read |= {f"REPROCC_{name.upper()}" for name in re.findall(r'_variable\("(\w+)"\)', code)}
    assert read - NOT_FOR_USERS == {name for name in VARIABLES if name.startswith("REPROCC_")}
    numbers = {value for value in vars(status).values() if isinstance(value, int)}
    assert set(STATUSES) == numbers


def test_every_form_of_a_version_can_be_read() -> None:
    from reprocc.cli.reference import parse_reference

    versions = {form: parse_reference(form).version for form in FORMS}
    assert versions["train@run:20261122-17"] == "run:20261122-17"
    assert versions["model[depth=4]"] is None


def test_what_is_said_of_expressions_and_defaults_holds(tmp_path: Path) -> None:
    source = Source(path="pipeline.yaml", text=SPEC % ("0" * 64))
    (tmp_path / "raw.csv").write_text("a\n1\n")
    compiled = compile_source(source, tmp_path, given={}, workspace=Workspace())
    assert [found.code.name for found in compiled.diagnostics] == []
    places = {re.sub(r"\W", "", place.rpartition(".")[2]) for place in EXPRESSIONS}
    assert all(f"{place}:" in SPEC for place in places)
    assert compiled.plan is not None
    (command, query) = compiled.plan.transformations
    assert (command.isolation, command.deterministic) == (query.isolation, query.deterministic)
    assert DEFAULTS["retries.attempts"] == str(DEFAULT_RETRIES.attempts)
    assert (DEFAULTS["retries.on"],) == DEFAULT_RETRIES.causes
    assert DEFAULTS["retries.backoff"] == f"{DEFAULT_RETRIES.backoff:g}s"
