"""The yaml-test-suite: what is no YAML is refused, what is YAML means what it says or is listed.

`.dev/yaml-suite` fetches it; CI does.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from .yaml_parsers import as_json, elsewhere, reading, readings

SUITE = Path(__file__).resolve().parents[2] / ".venv" / "yaml-test-suite" / "data"

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="no suite here: .dev/yaml-suite")

# What the language refuses on purpose though it is YAML 1.2: docs/language.md lists it.
ON_PURPOSE = {
    "yaml-tag": None,
    "non-string-key": None,
    "second-document": None,
    "empty-file": None,
    "tab-indentation": None,
    "yaml-syntax": {
        "a YAML directive cannot stand here",
        "a `?` begins a key here, and needs a space",
        "a `:` needs a space behind it here",
        "a `:` in brackets needs a space behind it, or quotes around it",
        "an anchor's name may hold letters, digits, `_` and `-`",
        "blank lines with spaces leave the indentation of this text open",
        # A key and its `:` stand in one line, and a key in brackets is not empty.
        "this mapping needs `,` or `}` here",
        "a value is missing here",
    },
}


@dataclass(frozen=True)
class Case:
    """One text of the suite, with its value as JSON where it has one."""

    name: str
    text: str
    is_yaml: bool
    value: str | None


@cache
def suite() -> tuple[Case, ...]:
    """Read the suite; a case without a text of its own is left out."""
    found = []
    for path in sorted(SUITE.glob("[A-Z0-9]*.js")):
        written = path.read_text("utf-8")
        content = json.loads(written[written.index("{") : written.rindex("}") + 1])
        for number, case in enumerate(content["cases"]):
            if case.get("yaml"):
                found.append(
                    Case(
                        name=f"{content['id']}/{number}",
                        text=case["yaml"],
                        is_yaml=not case.get("fail"),
                        value=case.get("json"),
                    )
                )
    return tuple(found)


def test_the_suite_is_whole() -> None:
    assert len(suite()) >= 399
    assert sum(case.is_yaml for case in suite()) >= 300


def test_the_verdict_does_not_depend_on_which_parsers_are_installed() -> None:
    torn = [case.name for case in suite() if len({o.value for o in readings(case.text)}) > 1]
    assert torn == []


def test_what_is_no_yaml_is_refused() -> None:
    assert [c.name for c in suite() if not c.is_yaml and reading(c.text).value is not None] == []


def test_what_is_yaml_means_what_the_suite_says_or_is_refused_on_purpose() -> None:
    torn = []
    read = Counter[str]()
    for case in suite():
        if not case.is_yaml:
            continue
        found = reading(case.text)
        if found.value is None:
            code, _, _, message = found.said[0]
            allowed = ON_PURPOSE.get(code, set())
            read["refused"] += 1
            if allowed is not None and message not in allowed:
                torn.append((case.name, message))
        elif case.value is not None and json.loads(case.value) != json.loads(found.value):
            torn.append((case.name, found.value))
        else:
            read["read"] += 1
    assert torn == []
    assert read["read"] >= 170


def test_the_other_reader_agrees_with_the_suite() -> None:
    # What the torture set is compared with must itself be right.
    torn = []
    for case in suite():
        documents = elsewhere(case.text)
        if (documents is not None) != case.is_yaml:
            torn.append(case.name)
        elif documents is not None and len(documents) == 1 and case.value:
            value = as_json(documents[0])
            if value is not None and json.loads(value) != json.loads(case.value):
                torn.append(case.name)
    assert torn == []
