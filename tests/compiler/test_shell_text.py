"""Commands as texts for a shell: where values stand, and what arrives at a program."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reprocc.compiler.commands.quoting import quoted
from reprocc.compiler.commands.shell import standings
from reprocc.compiler.driver import compile_source
from reprocc.compiler.plan import Command
from reprocc.compiler.source import Source
from reprocc.compiler.workspace import Workspace


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo @", "plain"),
        ("echo 'a' @ \"b\" @", "plain plain"),
        ("echo '@'", "quotes"),
        ("echo 'a\\' @", "plain"),
        ('echo "a\\"@"', "quotes"),
        ('echo "a" @ "@"', "plain quotes"),
        ('echo "$(cat @)@" @', "plain quotes plain"),
        ('echo "$(cat "@" \'@\')"', "quotes quotes"),
        ("x=$(cat @ | (sort; cat @)) @", "plain plain plain"),
        ("echo `cat @` @", "backticks plain"),
        ("echo `echo $(cat @)` @", "backticks plain"),
        ('echo "`cat @`"', "backticks"),
        ("echo $((@ + 1)) @", "arithmetic plain"),
        ("echo ${x:-@} @", "braces plain"),
        ("echo a#@ # @\necho @", "plain comment plain"),
        ("# it's @\necho @", "comment plain"),
        ("echo '#' @", "plain"),
        ("cat <<A <<'B B' @\n@\nA\n@\nB B\n@", "plain here-document here-document plain"),
        ("cat <<-A\n\t@\n\tA\n@", "here-document plain"),
        ("cat <<A\nA @\nA\n@", "here-document plain"),
        ("echo \\@ \\\\@", "backslash plain"),
        ("(echo @); { echo @; }", "plain plain"),
        ("echo @@", "plain plain"),
    ],
)
def test_a_place_in_a_shell_text_is_known(text: str, expected: str) -> None:
    parts: list[str | None] = []
    for index, part in enumerate(text.split("@")):
        parts.extend(([None] if index else []) + [part])
    assert " ".join(standings(parts)) == expected


@pytest.mark.parametrize(
    ("text", "before", "after", "expected"),
    [
        ("plain-1.0/x", " ", " ", "plain-1.0/x"),
        ("", " ", " ", "''"),
        ("a b", " ", " ", "'a b'"),
        ("2", " ", ">", "'2'"),
        ("2", " ", " ", "2"),
        ("if", "\n", " ", "'if'"),
        ("A=b", "", " ", "'A=b'"),
        ("~", " ", " ", "'~'"),
        ("it's", " ", " ", "'it'\"'\"'s'"),
    ],
)
def test_a_value_is_quoted_where_it_must_be(
    text: str, before: str, after: str, expected: str
) -> None:
    assert quoted(text, before=before, after=after) == expected


SPEC = """\
reprocc: 1
name: a
parameters: {x: {type: string}, n: {type: integer, default: 2}}
artifacts: {o: {kind: file}}
transformations:
  t:
    command: |
      printf '%s\\0' ${parameters.x} a${parameters.x}b --k=${parameters.x} ${parameters.x}=
      printf '%s\\0' "$(printf '%s.' ${parameters.x})" ${parameters.n}${parameters.x}
      : ${outputs.o}; printf '%s\\0' ${parameters.n}>/dev/null
      printf '%s\\0' $${y:-"$${z-}"}end
    outputs: [o]
"""


def command(value: str) -> Command:
    """Compile the command with a value of the parameter."""
    source = Source(path="p.yaml", text=SPEC)
    found = compile_source(source, Path(), given={"x": value}, workspace=Workspace())
    assert found.plan is not None, found.diagnostics
    planned = found.plan.tasks[0].command
    assert planned is not None
    return planned


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20))
@example("'")
@example("$(echo no) `echo no` \\ \" ' # ; & | > < * ? [a] {b} ~ !")
@example("\n\t a\r\n")
@example("-n")
@example("é\u2028\ufeff")
def test_a_shell_receives_exactly_the_values(value: str) -> None:
    planned = command(value)
    assert planned.shell
    text = "".join(part if isinstance(part, str) else "'/o ut'" for part in planned.words[0])
    done = subprocess.run(
        ["/bin/sh", "-eu", "-c", text], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    received = done.stdout.decode("utf-8").split("\0")
    expected = [value, f"a{value}b", f"--k={value}", f"{value}=", f"{value}.", f"2{value}"]
    assert received == [*expected, "end", ""]


def test_a_value_with_a_null_character_is_refused() -> None:
    source = Source(path="p.yaml", text=SPEC)
    found = compile_source(source, Path(), given={"x": "a\0b"}, workspace=Workspace())
    assert {d.message for d in found.diagnostics if d.severity == "error"} == {
        "a word of a command cannot hold a null character"
    }
