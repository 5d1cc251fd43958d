"""Settings: where they are found, which wins, and what is said of wrong ones."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reprocc.cli.settings.settings import settings_for
from reprocc.cli.status import REFUSED
from reprocc.cli.stop import Stop
from reprocc.compiler.render.full import render_full

from .conftest import Ran, run_many

# `runs` names the store that it looked for, which shows what was settled.


@pytest.fixture
def store_of(tmp_path: Path, reprocc: Callable[..., Any]) -> Callable[..., str]:
    """Return the store that a command would use, relative to `tmp_path`."""

    def find(*arguments: str, **keywords: Any) -> str:
        done = reprocc("runs", *arguments, **keywords)
        assert (done.rc, done.stdout) == (1, "")
        named = done.stderr.partition("there is no store at `")[2].partition("`")[0]
        return os.path.relpath(tmp_path / named, tmp_path)

    return find


def write(folder: Path, text: str, name: str = "reprocc.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder


def test_the_nearest_settings_upward_hold(tmp_path: Path, store_of: Callable[..., str]) -> None:
    write(tmp_path, 'store = "far"')
    write(tmp_path / "a", '[tool.reprocc]\nstore = "near"', "pyproject.toml")
    here = write(tmp_path / "a" / "b" / "c", "[tool.other]\n# reprocc\n", "pyproject.toml")
    assert store_of(cwd=here) == "a/near"
    assert store_of(cwd=tmp_path) == "far"
    write(tmp_path / "a", 'store = "nearest"')
    assert store_of(cwd=here) == "a/nearest"


def test_a_store_is_relative_to_the_settings_or_stands_alone(
    tmp_path: Path, store_of: Callable[..., str]
) -> None:
    write(tmp_path, f'store = "{tmp_path}/absolute"\n[profile.home]\nstore = "~/kept"\n')
    below = write(tmp_path / "below", "", "nothing")
    assert store_of(cwd=below) == "absolute"
    home = {"HOME": str(tmp_path / "home")}
    assert store_of("--profile", "home", cwd=below, env=home) == "home/kept"


def test_without_a_store_one_is_made_beside_the_settings(
    tmp_path: Path, store_of: Callable[..., str]
) -> None:
    below = write(tmp_path / "project" / "below", "", "nothing")
    assert store_of(cwd=below) == "project/below/.reprocc"
    write(tmp_path / "project", "")
    assert store_of(cwd=below) == "project/.reprocc"
    (tmp_path / ".reprocc").mkdir()
    assert store_of(cwd=below) == ".reprocc"


def test_the_later_wins(tmp_path: Path, store_of: Callable[..., str]) -> None:
    """File, profile of the environment, REPROCC_STORE, profile of the flag, `--store`."""
    write(tmp_path, 'store = "file"\n[profile.one]\nstore = "one"\n[profile.two]\nstore = "two"\n')
    named = {"REPROCC_PROFILE": "one"}
    stored = {**named, "REPROCC_STORE": "variable"}
    assert store_of() == "file"
    assert store_of(env=named) == "one"
    assert store_of(env=stored) == "variable"
    assert store_of("--profile", "two", env=stored) == "two"
    assert store_of("--profile", "two", "--store", "flag", env=stored) == "flag"
    assert store_of(env={"REPROCC_PROFILE": "", "REPROCC_STORE": ""}) == "file"
    assert store_of("--profile", "", env=named) == "one"


def test_a_profile_keeps_what_it_does_not_change(
    tmp_path: Path, store_of: Callable[..., str]
) -> None:
    write(tmp_path, 'store = "file"\n[profile.slow]\nexecutor = "inline"\n')
    assert store_of("--profile", "slow") == "file"


def test_a_profile_that_does_not_exist_is_a_wrong_use(
    tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    done = reprocc("runs", "--profile", "ci")
    assert (done.rc, done.stderr) == (
        2,
        "error: there is no profile `ci`\n"
        "  = help: write a table `[profile.ci]` into `reprocc.toml`\n",
    )
    write(tmp_path, "[profile.lab]\n[profile.ci]\n")
    done = reprocc("runs", env={"REPROCC_PROFILE": "cl"})
    assert (done.rc, done.stderr) == (
        2,
        "error: there is no profile `cl`\n  = help: the settings have `ci`, `lab`\n",
    )
    assert reprocc("runs", "--store", "x", "--profile", "cl").rc == 2


def test_all_that_is_wrong_with_settings_is_said_with_its_place(
    tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    write(
        tmp_path,
        '# mine\nstroe = "x"\nexecutor = "dask"  # fast\n\n[ profile."a b" ]\nstore = ""\nq = 1\n',
    )
    done = reprocc("runs")
    assert (done.rc, done.stdout) == (1, "")
    assert done.stderr == (
        "error[unknown-setting]: there is no setting `stroe`\n"
        " --> reprocc.toml:2:1\n"
        "  |\n"
        '2 | stroe = "x"\n'
        "  | ^^^^^\n"
        "  = help: did you mean `store`?\n"
        "\n"
        "error[invalid-setting]: there is no executor `dask`\n"
        " --> reprocc.toml:3:12\n"
        "  |\n"
        '3 | executor = "dask"  # fast\n'
        "  |            ^^^^^^\n"
        "  = help: use one of `ray`, `inline`\n"
        "\n"
        "error[invalid-setting]: `store` must be a text: where artifacts are kept\n"
        " --> reprocc.toml:6:9\n"
        "  |\n"
        '6 | store = ""\n'
        "  |         ^^\n"
        "\n"
        "error[unknown-setting]: there is no setting `q`\n"
        " --> reprocc.toml:7:1\n"
        "  |\n"
        "7 | q = 1\n"
        "  | ^\n"
        "  = help: use one of `store`, `executor`, `address`\n"
    )


SYNTAX = (
    ("store = x", "1:1", "this is no value; a text stands in quotes"),
    ('store = "x', "1:1", "a text lacks its closing quote"),
    ('a = "b"\nstore', "2:1", "a key must be followed by `=` and a value"),
    ('store = "x"\nstore = "y"', "2:1", "a key is given twice"),
    ("[profile]\n[profile]", "2:1", "a table is declared twice"),
    ("[profile", "1:1", "a table must end with `]`"),
    ("store = \"x\" 'y'", "1:13", "a setting must end its line"),
    ("= 3", "1:1", "a line must be `key = value`, `[table]` or a comment"),
    ("a = [1,\n", "1:1", "the last value is not finished"),
    ("profile = 3", "1:11", "`profile` must be a table of profiles"),
    ("[profile]\nci = 3", "2:6", "the profile `ci` must be a table"),
)


@pytest.mark.parametrize("verb", ["submit", "plan", "why"])
def test_json_says_what_is_wrong_with_settings_as_with_a_spec(
    pipeline: Path, reprocc: Callable[..., Any], verb: str
) -> None:
    write(pipeline, 'stores = "x"\n')
    done = reprocc(verb, "pipeline.yaml", "--json", cwd=pipeline)
    assert (done.rc, done.stderr) == (1, "")
    assert (done.json["run"], done.json["state"]) == (None, "invalid")
    (found,) = done.json["diagnostics"]
    assert (found["code"], found["file"]) == ("unknown-setting", "reprocc.toml")
    assert found["start"] == {"line": 1, "column": 1, "offset": 0}


@pytest.mark.parametrize(("text", "place", "message"), SYNTAX)
def test_what_is_not_toml_is_said_in_our_own_words(
    text: str, place: str, message: str, tmp_path: Path
) -> None:
    write(tmp_path, text)
    with pytest.raises(Stop) as stopped:
        settings_for(spec=tmp_path / "pipeline.yaml", profile=None)
    assert (stopped.value.message, stopped.value.status) == ("", REFUSED)
    said = render_full(stopped.value.diagnostics, colour=False).splitlines()
    assert said[0].partition("]: ")[2] == message
    assert said[1].strip() == f"--> {tmp_path}/reprocc.toml:{place}"


def test_settings_that_cannot_be_read_are_never_passed_over(
    tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    (tmp_path / "reprocc.toml").write_bytes(b'store = "\xff"')
    done = reprocc("runs")
    assert done.rc == 1
    assert done.stderr.startswith("error[not-utf8]: ")
    assert " --> reprocc.toml:1:" in done.stderr
    shared = write(tmp_path / "b", '[tool.reprocc]\nstore = "x', "pyproject.toml")
    done = reprocc("runs", cwd=shared)
    assert done.rc == 1
    assert " --> pyproject.toml:2:" in done.stderr


def test_a_broken_pyproject_that_is_not_about_us_is_passed_by(
    tmp_path: Path, store_of: Callable[..., str]
) -> None:
    write(tmp_path, 'store = "mine"')
    for number, text in enumerate(("[project\nname = 'reprocc", "[tool.reprocc-x]\na = 1\n")):
        assert store_of(cwd=write(tmp_path / str(number), text, "pyproject.toml")) == "mine"
    not_a_table = write(tmp_path / "t", "[tool]\nreprocc = 3\n", "pyproject.toml")
    (done,) = run_many([["runs"]], not_a_table)
    assert "`tool.reprocc` must be a table" in done[2]


def test_submit_takes_executor_and_store_from_the_settings_of_the_spec(
    pipeline: Path, tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    write(tmp_path, 'executor = "inline"\nstore = "kept"\n[profile.other]\nstore = "other"\n')
    elsewhere = write(tmp_path / "elsewhere", 'executor = "ray"\nstore = "wrong"\n')
    spec = str(pipeline / "pipeline.yaml")
    done = reprocc("submit", spec, "--json", cwd=elsewhere)
    assert (done.rc, done.json["state"]) == (0, "succeeded"), done.stderr
    assert (tmp_path / "kept" / "store.json").is_file()
    assert not (elsewhere / "wrong").exists()
    assert not (pipeline / ".reprocc").exists()
    plan = reprocc("plan", spec, "--json", cwd=elsewhere).json["tasks"]
    assert {task["decision"] for task in plan} == {"reuse"}
    plan = reprocc("plan", spec, "--profile", "other", "--json", cwd=elsewhere).json["tasks"]
    assert plan[0]["decision"] == "run"


def test_a_cluster_in_the_settings_is_refused_by_submit_alone(
    ran: Ran, reprocc: Callable[..., Any], pipeline: Path
) -> None:
    write(pipeline, '[profile.lab]\naddress = "ray://head:10001"\n')
    for more, variables in ((["--profile", "lab"], {}), ([], {"REPROCC_ADDRESS": "head:8265"})):
        done = reprocc("submit", "pipeline.yaml", *more, cwd=pipeline, env=variables)
        assert (done.rc, done.stdout) == (1, "")
        assert done.stderr.startswith("error: the cluster `")
        assert reprocc("plan", "pipeline.yaml", *more, cwd=pipeline, env=variables).rc == 0
    assert not (pipeline / ".reprocc").exists()
    assert ran("runs", env={"REPROCC_ADDRESS": "head:8265"}).stderr == ""


def test_every_verb_that_takes_a_store_takes_a_profile() -> None:
    from typer.main import get_command

    from reprocc.cli.app import build_app

    verbs: Any = get_command(build_app())
    for name, verb in verbs.commands.items():
        names = {option for parameter in verb.params for option in parameter.opts}
        assert ("--store" in names) == ("--profile" in names), name
