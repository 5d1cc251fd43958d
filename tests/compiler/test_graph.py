"""Names to declarations, origins and cycles."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reprocc.compiler.driver import Compiled

CODE = "def make(**given): return {}\n"
FILES = {"verbs.py": CODE, "raw.json": "{}", "data.csv": "a\n1\n"}


def found(result: Compiled) -> list[tuple[str, str]]:
    return [(diagnostic.code.name, diagnostic.message) for diagnostic in result.diagnostics]


def spec(artifacts: str, transformations: str) -> str:
    return f"reprocc: 1\nname: graph\nartifacts:\n{artifacts}transformations:\n{transformations}"


def verb(name: str, inputs: str, outputs: str) -> str:
    return f"  {name}: {{python: 'verbs:make', inputs: {inputs}, outputs: {outputs}}}\n"


RAW = "  raw: {kind: metrics, source: raw.json}\n"


def metrics(*names: str) -> str:
    return "".join(f"  {name}: {{kind: metrics}}\n" for name in names)


def test_an_unknown_input_is_named_with_a_suggestion(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    text = spec(RAW + metrics("clean"), verb("tidy", "[rwa]", "[clean]"))
    result = compile_pipeline(text, FILES)
    assert found(result) == [("unknown-artifact", "`tidy` reads `rwa`, which nothing produces")]
    assert result.diagnostics[0].help == "did you mean `raw`?"
    assert result.diagnostics[0].primary.span.text == "rwa"


def test_an_unknown_output_is_an_error(compile_pipeline: Callable[..., Compiled]) -> None:
    text = spec(RAW + metrics("clean"), verb("tidy", "[raw]", "[claen, clean]"))
    assert found(compile_pipeline(text, FILES)) == [
        ("unknown-artifact", "`tidy` makes `claen`, which is not declared")
    ]


def test_an_artifact_that_nothing_produces_is_reported_where_it_is_declared(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    text = spec(RAW + metrics("orphan", "a"), verb("one", "{x: orphan}", "[a]"))
    result = compile_pipeline(text, FILES)
    assert found(result) == [("no-origin", "nothing produces `orphan`")]


def test_two_origins_are_reported_at_both_places(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    text = spec(
        RAW + metrics("a"),
        verb("one", "[raw]", "[a]")
        + verb("two", "[raw]", "[a]")
        + verb("three", "{x: a}", "[raw]"),
    )
    result = compile_pipeline(text, FILES)
    assert found(result) == [
        ("two-origins", "`a` has two origins"),
        ("two-origins", "`raw` has two origins"),
    ]
    assert [len(diagnostic.related) for diagnostic in result.diagnostics] == [1, 1]


def test_a_cycle_is_reported_once_with_its_whole_path(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    text = spec(
        metrics("a", "b", "c", "d"),
        verb("one", "{x: c}", "[a]")
        + verb("two", "{x: a}", "[b]")
        + verb("three", "{x: b}", "[c]")
        + verb("after", "{x: c}", "[d]"),
    )
    result = compile_pipeline(text, FILES)
    assert found(result) == [("cycle", "a cycle: `one` → `two` → `three` → `one`")]
    places = [result.diagnostics[0].primary, *result.diagnostics[0].related]
    assert [label.message for label in places] == [
        "`two` reads `a`, which `one` makes",
        "`three` reads `b`, which `two` makes",
        "`one` reads `c`, which `three` makes",
    ]


def test_a_transformation_that_reads_its_own_output_is_a_cycle(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    text = spec(metrics("a"), verb("one", "[a]", "[a]"))
    assert found(compile_pipeline(text, FILES)) == [("cycle", "a cycle: `one` → `one`")]


def test_two_separate_cycles_are_two_errors(compile_pipeline: Callable[..., Compiled]) -> None:
    text = spec(metrics("a", "b"), verb("one", "{x: a}", "[a]") + verb("two", "{x: b}", "[b]"))
    assert [name for name, _ in found(compile_pipeline(text, FILES))] == ["cycle", "cycle"]


def test_a_long_chain_behind_a_cycle_is_one_error(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    count = 1500
    names = [f"a{number}" for number in range(count)]
    verbs = "".join(
        verb(f"t{number}", f"{{x: a{max(number - 1, 0)}}}", f"[a{number}]")
        for number in range(count)
    )
    assert found(compile_pipeline(spec(metrics(*names), verbs), FILES)) == [
        ("cycle", "a cycle: `t0` → `t0`")
    ]


def test_an_unknown_environment_is_named_with_a_suggestion(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    text = "environments: {gpu: {variables: {A: x}}}\n" + spec(
        RAW + metrics("a"), verb("one", "[raw]", "[a]")
    ).replace("outputs: [a]", "outputs: [a], environment: gpuu")
    result = compile_pipeline(text, FILES)
    assert [name for name, _ in found(result)] == ["unknown-environment"]
    assert result.diagnostics[0].help == "did you mean `gpu`?"


@pytest.mark.parametrize(
    "verbs",
    [
        "  one: {python: 'verbs:make', inputs: {x: raw}, outputs: {x: a}}\n",
        "  one: {python: 'verbs:make', inputs: [raw], arguments: {a: 1}, outputs: [a]}\n",
    ],
)
def test_a_name_that_is_input_and_output_is_refused(
    compile_pipeline: Callable[..., Compiled], verbs: str
) -> None:
    result = compile_pipeline(spec(RAW + "  a: {kind: checkpoint}\n", verbs), FILES)
    assert [name for name, _ in found(result)] == ["input-is-output"]
    assert len(result.diagnostics[0].related) == 1


def test_an_artifact_made_twice_by_one_transformation_is_refused(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    verbs = "  one: {python: 'verbs:make', inputs: [raw], outputs: {x: a, y: a}}\n"
    result = compile_pipeline(spec(RAW + metrics("a"), verbs), FILES)
    assert found(result) == [("duplicate-output", "`one` makes `a` twice")]


def test_what_reads_from_a_broken_transformation_is_not_reported_again(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    verbs = "  one: {python: 'verbs:make', inputs: [raw], outputs: [a], cpus: 1}\n" + verb(
        "two", "{x: a}", "[b]"
    )
    result = compile_pipeline(spec(RAW + metrics("a", "b"), verbs), FILES)
    assert len(result.diagnostics) == 1
    assert result.plan is None


def test_of_very_many_unknown_names_all_are_reported_and_the_first_are_guessed(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    names = [f"made_{number}" for number in range(60)]
    verbs = "".join(verb(f"verb_{name}", f"[x{name}]", f"[{name}]") for name in names)
    result = compile_pipeline(spec(metrics(*names), verbs), FILES)
    assert {code for code, _ in found(result)} == {"unknown-artifact"}
    helps = [diagnostic.help is not None for diagnostic in result.diagnostics]
    assert len(helps) == 60
    assert helps == sorted(helps, reverse=True)
    assert any(helps)
    assert not all(helps)
