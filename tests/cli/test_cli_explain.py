"""`explain`: every code that a diagnostic may bear."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reprocc.cli import codes
from reprocc.cli.known_codes import GROUPS, known_codes
from reprocc.cli.settings import codes as settings_codes
from reprocc.compiler.codes import all_codes
from reprocc.compiler.diagnostic import Code


def test_a_code_is_explained_whole(reprocc: Callable[..., Any]) -> None:
    said = reprocc("explain", "unknown-setting")
    assert (said.rc, said.stderr) == (0, "")
    assert said.stdout == (
        "error[unknown-setting]: The settings hold a key that means nothing\n"
        "\n"
        "A misspelt setting would be passed over in silence, and the default used in its\n"
        "place.\n"
        "\n"
        "For example:\n"
        "\n"
        '    stores = "../store"\n'
        "\n"
        "What to do: Write one of the keys that there are: `store`, `executor`,\n"
        "`address`, `profile`.\n"
    )
    assert reprocc("explain", "error[unknown-setting]:").stdout == said.stdout
    record = reprocc("explain", "unknown-setting", "--json").json
    assert set(record) == {
        *("code", "severity", "title", "group", "explanation", "example", "mend")
    }
    assert (record["code"], record["severity"]) == ("unknown-setting", "error")
    assert record["group"] == "Settings"


def test_an_unknown_code_is_refused_with_a_suggestion(reprocc: Callable[..., Any]) -> None:
    done = reprocc("explain", "unknown-artefact")
    assert (done.rc, done.stdout) == (1, "")
    assert done.stderr == (
        "error: there is no code `unknown-artefact`\n  = help: did you mean `unknown-artifact`?\n"
    )
    help = reprocc("explain", "xyz").stderr.splitlines()[1]
    assert help == "  = help: `reprocc explain` lists the codes"


def test_all_codes_are_listed_in_groups(reprocc: Callable[..., Any]) -> None:
    said = reprocc("explain").stdout
    blocks = said.rstrip("\n").split("\n\n")
    titles = [block.splitlines()[0] for block in blocks]
    assert titles == list(known_codes())
    assert titles[0] == "Files and YAML"
    listed = reprocc("explain", "--json").json
    assert [line.split()[0] for block in blocks for line in block.splitlines()[1:]] == [
        one["code"] for one in listed
    ]
    assert max(map(len, said.splitlines())) <= 120


def test_no_code_is_missing_and_none_stands_twice() -> None:
    names = [code.name for found in known_codes().values() for code in found]
    ours = [
        value.name
        for module in (codes, settings_codes)
        for value in vars(module).values()
        if isinstance(value, Code)
    ]
    assert sorted(names) == sorted([*(code.name for code in all_codes()), *ours])
    assert len(set(names)) == len(names)


def test_every_module_of_codes_has_a_title() -> None:
    import pkgutil

    from reprocc.compiler import codes as compilers

    assert {module.name for module in pkgutil.iter_modules(compilers.__path__)} == set(GROUPS)
