"""Completion: what is offered, and that each shell takes it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reprocc.cli.completing.line import Line, line_of_text

from .conftest import Ran

BREAKS = " \t\n\"'@><=;|&(:"
"""bash's own."""


def offered(ran: Ran, *words: str, **keywords: Any) -> list[str]:
    """Return what is offered at the end of these words, without what it means."""
    done = ran(*words, env={"_REPROCC_COMPLETE": "zsh"}, **keywords)
    assert done.stderr == ""
    return [line.partition("\t")[0] for line in done.stdout.splitlines()]


def test_verbs_and_options_are_offered_with_what_they_do(ran: Ran) -> None:
    done = ran("ver", env={"_REPROCC_COMPLETE": "zsh"})
    assert done.stdout == "versions\tList the versions of an artifact.\n"
    assert "submit" in offered(ran, "")
    assert offered(ran, "--v") == ["--version"]
    assert offered(ran, "runs", "--l") == ["--limit"]
    assert offered(ran, "runs", "") == offered(ran, "runs", "-"), "it takes no arguments"
    assert offered(ran, "runs", "--json", "--j") == [], "what was given is not offered again"
    assert offered(ran, "validate", "x.yaml", "-") == [
        *("--format", "--fix", "--json", "-p", "--parameters", "--quiet", "--help")
    ]


def test_words_that_an_option_or_argument_knows_are_offered(ran: Ran) -> None:
    assert offered(ran, "submit", "x.yaml", "--executor", "") == ["ray", "inline"]
    assert offered(ran, "submit", "x.yaml", "--executor=i") == ["--executor=inline"]
    assert offered(ran, "completion", "") == ["bash", "zsh", "fish"]
    assert offered(ran, "lineage", "raw", "--format", "m") == ["mermaid"]
    assert offered(ran, "explain", "unknown-arg") == ["unknown-argument"]


def test_files_are_left_to_the_shell(ran: Ran) -> None:
    assert offered(ran, "submit", "pi") == [":specs"]
    assert offered(ran, "validate", "a.yaml", "b") == [":specs"]
    assert offered(ran, "runs", "--store", "") == [":folders"]
    assert offered(ran, "get", "raw", "-o", "") == [":files"]
    assert offered(ran, "init", "") == [":folders"]


def test_names_in_the_store_are_offered(ran: Ran) -> None:
    first, second = ran.first["run"], ran.second["run"]
    assert offered(ran, "show", "") == [second, first], "the newest first"
    assert offered(ran, "logs", first, "write") == ["write"]
    assert offered(ran, "artifacts", "") == ["chain"]
    assert offered(ran, "get", "s") == ["scaled", "scores"]
    points = [f"weights[width={width}]" for width in (1, 2, 3)]
    assert offered(ran, "versions", "we") == ["weights", *points]
    assert offered(ran, "get", "weights[width=2") == points[1:2]
    assert offered(ran, "get", "chain/rep") == ["chain/report"]
    runs = [f"report@run:{run}" for run in (second, first)]
    assert offered(ran, "get", "report@") == ["report@2", "report@1", *runs]
    assert offered(ran, "diff", "report@2", "report@1") == ["report@1"]
    assert offered(ran, "diff", second[:9]) == [second, first]


def test_names_are_looked_up_where_the_command_would_look(ran: Ran, tmp_path: Path) -> None:
    store = str(ran.folder / ".reprocc")

    def at(*words: str) -> list[str]:
        done = ran.reprocc(*words, cwd=tmp_path, env={"_REPROCC_COMPLETE": "zsh"})
        return [line.partition("\t")[0] for line in done.stdout.splitlines()]

    assert at("artifacts", "") == []
    assert at("artifacts", "--store", store, "") == ["chain"]
    assert at("artifacts", f"--store={store}", "") == ["chain"]
    (tmp_path / "reprocc.toml").write_text(f'[profile.lab]\nstore = "{store}"\n')
    assert at("artifacts", "--profile", "") == ["lab"]
    assert at("artifacts", "--profile", "lab", "") == ["chain"]


def test_names_in_a_spec_are_offered(ran: Ran) -> None:
    assert offered(ran, "submit", "pipeline.yaml", "-p", "") == ["factor=", "title="]
    tasks = ["fit", "fit[width=1]", "fit[width=2]", "fit[width=3]"]
    assert offered(ran, "why", "pipeline.yaml", "fit") == tasks
    assert offered(ran, "submit", "pipeline.yaml", "--only", "fit") == tasks


def test_tags_are_offered(ran: Ran, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(ran.folder / ".reprocc", store)
    there = ("--store", str(store))
    ran("tag", "report@1", "blessed", *there)
    assert offered(ran, "get", *there, "report@b") == ["report@blessed"]
    assert offered(ran, "tag", *there, "report@2", "") == ["blessed"]


@pytest.mark.parametrize(
    "words",
    [
        ("nope", ""),
        ("nope", "--x", ""),
        ("submit", "broken.yaml", "-p", ""),
        ("why", "nowhere.yaml", ""),
        ("get", "--store", "gs://nowhere/x", ""),
        ("get", "[@["),
        ("versions", "a[b@"),
        ("runs", "--nothing", "--store"),
        ("artifacts", "--profile", "none", ""),
        ("logs", "9999", ""),
    ],
)
def test_trouble_is_silent(
    words: tuple[str, ...], tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    (tmp_path / "reprocc.toml").write_text("not toml")
    (tmp_path / "broken.yaml").write_text("[" * 1000)
    done = reprocc(*words, env={"_REPROCC_COMPLETE": "zsh"})
    assert (done.rc, done.stderr) == (0, "")
    assert done.stdout in ("", "--store\tWhere artifacts are kept\n")


@pytest.mark.parametrize(
    ("text", "words", "typed", "hidden"),
    [
        ("reprocc ", (), "", 0),
        ("reprocc get a", ("get",), "a", 0),
        ("reprocc get  'a b' c", ("get", "a b"), "c", 0),
        ("reprocc get fit[w=1]@2", ("get",), "fit[w=1]@2", 9),
        ("reprocc get 'fit[w=1]@", ("get",), "fit[w=1]@", 0),
        ("reprocc get a\\ b", ("get",), "a b", 2),
        ("reprocc get '' ", ("get", ""), "", 0),
        ("reprocc x --store=y", ("x",), "--store=y", 8),
    ],
)
def test_a_line_of_bash_is_split_as_bash_does(
    text: str, words: tuple[str, ...], typed: str, hidden: int
) -> None:
    assert line_of_text(text, BREAKS) == Line(words=words, typed=typed, hidden=hidden)


# The shells themselves

ASK = {
    "bash": """
        source <(reprocc completion bash)
        ask() {
            COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=()
            _reprocc_complete reprocc "$2" ""
            printf '%s\\n' "${COMPREPLY[@]}"
        }
        ask 'reprocc vers' vers; ask 'reprocc get weights[width=1]@' ''
        ask 'reprocc submit p' p; ask 'reprocc runs --store=s' s
        complete -p reprocc
    """,
    "fish": """
        reprocc completion fish | source
        complete -C 'reprocc vers' | string split -f 1 \\t
        complete -C "reprocc get 'weights[width=1]@" | string split -f 1 \\t
        complete -C 'reprocc submit p' | string split -f 1 \\t
        complete -C 'reprocc runs --store st' | string split -f 1 \\t
    """,
    # zsh completes only where there is a terminal: `compadd` is asked what it was given.
    "zsh": """
        source <(reprocc completion zsh)
        compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- $@ }
        _files() { print -l -- files $@ }
        ask() { words=(reprocc $@); CURRENT=$#words; PREFIX=$words[-1]; _reprocc }
        ask vers; ask get "'weights[width=1]@'"; ask submit p; ask runs --store st
    """,
}

BASH_KNOWS = ["complete -o nosort -F _reprocc_complete reprocc"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_takes_what_is_offered(shell: str, ran: Ran, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell} here")
    folder = tmp_path / "folder"
    shutil.copytree(ran.folder, folder)
    (folder / "stored").mkdir()
    own = tmp_path / "bin"
    own.mkdir()
    (own / "reprocc").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reprocc.cli "$@"\n')
    (own / "reprocc").chmod(0o755)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")}
    bare = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    done = subprocess.run(
        [program, *bare, "-c", ASK[shell]],
        cwd=folder,
        env=kept | {"PATH": f"{own}:{kept['PATH']}", "HOME": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stderr == ""
    runs = [f"run:{ran.second['run']}", f"run:{ran.first['run']}"]
    prefix = "" if shell == "bash" else "weights[width=1]@"
    expected = ["versions", f"{prefix}1", *(f"{prefix}{run}" for run in runs[1:])]
    files = {
        "bash": [
            "pipeline.yaml",
            "stages",
            "stored",
            "complete -o nosort -F _reprocc_complete reprocc",
        ],
        "fish": ["pipeline.yaml", "stages/", "stored/"],
        "zsh": ["files", "-g", "*.(yaml|yml)(-.)", "files", "-/"],
    }
    assert done.stdout.splitlines() == [*expected, *files[shell]]
