"""What is said about shapes that are wrong: code, place and help of every mistake."""

from __future__ import annotations

import pytest

from reprocc.compiler.bind import bind
from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.reading import decode, read
from reprocc.compiler.source import Source
from reprocc.compiler.spec import Spec

HEAD = "reprocc: 1\nname: p\n"
BARE = HEAD + "artifacts: {a: {kind: file}}\ntransformations: {}\n"


def bound(text: str) -> tuple[Spec | None, tuple[Diagnostic, ...]]:
    source = decode("pipeline.yaml", text.encode())
    assert isinstance(source, Source)
    document, diagnostics = read(source)
    assert document is not None
    assert diagnostics == ()
    return bind(document)


def complaints(text: str) -> list[tuple[str, str, str | None]]:
    """Return code, marked text and help of everything that is wrong, in order."""
    return [(d.code.name, d.primary.span.text, d.help) for d in bound(text)[1]]


def artifact(text: str) -> str:
    return HEAD + f"artifacts:\n  a: {text}\ntransformations: {{}}\n"


def transformation(text: str) -> str:
    return HEAD + "artifacts: {a: {kind: file}}\ntransformations:\n  t: " + text + "\n"


def one(text: str) -> Diagnostic:
    found = bound(text)[1]
    assert len(found) == 1, [d.message for d in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1]", [("wrong-type", "[", None)]),
        ("3", [("wrong-type", "3", None)]),
        ("reprocc: 2\nwhatever: 1", [("language-version", "2", None)]),
        (BARE.replace("reprocc: 1", "reprocc: '1'"), [("wrong-value", "'1'", "write `1`")]),
        (BARE.replace("name: p\n", ""), [("missing-key", "r", "add `name:`")]),
        (BARE.replace("name: p", "nam: p"), [("unknown-key", "nam", "did you mean `name`?")]),
        (BARE.replace("name: p", "name: P_x"), [("bad-name", "P_x", None)]),
        (BARE + "seed: -1", [("wrong-value", "-1", None)]),
        (BARE + "seed: 2147483648", [("wrong-value", "2147483648", None)]),
        (BARE + "seed: 1.5", [("wrong-type", "1.5", None)]),
        (BARE + "description: 3.10", [("unquoted-text", "3.10", 'quote it: `"3.10"`')]),
        (BARE + "parameters: [a]", [("wrong-type", "parameters", None)]),
        (HEAD + "artifacts: {}\n", [("missing-key", "r", "add `transformations:`")]),
    ],
)
def test_the_top_level_is_judged(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert complaints(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("wrong-type", "p", None)]),
        ("{type: int}", [("wrong-value", "int", "did you mean `integer`?")]),
        ("{}", [("missing-key", "p", None)]),
        ("{default: 1, min: 0}", [("unknown-key", "min", "did you mean `minimum`?")]),
    ],
)
def test_parameters_are_judged(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert complaints(BARE + f"parameters: {{p: {text}}}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("wrong-type", "a", None)]),
        ("{}", [("missing-key", "a", "add `kind:`")]),
        ("{knd: table}", [("unknown-key", "knd", "did you mean `kind`?")]),
        ("{kind: tabel}", [("wrong-value", "tabel", "did you mean `table`?")]),
        ("{kind: zzz}", [("wrong-value", "zzz", "use one of `table`, `checkpoint`, `metrics`, "
                          "`figure`, `file`, `directory`")]),
        ("{kind: checkpoint, columns: {}}", [("misplaced-key", "columns", None)]),
        ("{kind: table, require: {}}", [("misplaced-key", "require", None)]),
        ("{kind: table, matrix: {k: [1]}}", [("misplaced-key", "matrix", None)]),
        ("{kind: table, format: csv}", [("misplaced-key", "format", None)]),
        ("{kind: table, source: 'gs://a'}", [("not-supported-yet", "'gs://a'", None)]),
        ("{kind: table, source: ''}", [("wrong-value", "''", None)]),
        ("{kind: table, source: {pipeline: p, artifact: b}}",
         [("not-supported-yet", "pipeline", None)]),
        ("{kind: table, source: {path: x}}", [("missing-key", "source", "add `sha256:`")]),
        ("{kind: table, source: {path: x, sha256: 0f}}", [("wrong-value", "0f", None)]),
        ("{kind: table, key: [b, b]}", [("duplicate-entry", "b", "remove it")]),
        ("{kind: table, key: b}", [("wrong-type", "b", "write `[b]`")]),
        ("{kind: table, rows: {minimum: -1}}", [("wrong-value", "-1", None)]),
        ("{kind: table, columns: {c: {type: integer}}}",
         [("bad-column-type", "integer", "did you mean `int64`?")]),
        ("{kind: table, columns: {c: {type: 'timestamp[min]'}}}",
         [("bad-column-type", "'timestamp[min]'", "did you mean `timestamp[us]`?")]),
        ("{kind: table, columns: {c: {typ: int8}}}",
         [("unknown-key", "typ", "did you mean `type`?")]),
        ("{kind: table, columns: {c: {type: int8, pattern: x}}}", [("misplaced-key", "x", None)]),
        ("{kind: table, columns: {c: {nullable: no}}}", [("wrong-type", "no", "write `false`")]),
        ("{kind: table, columns: {c: {minimum: true}}}", [("wrong-type", "true", None)]),
        ("{kind: metrics, require: {m: {min: 1}}}",
         [("unknown-key", "min", "did you mean `minimum`?")]),
        ("{kind: metrics, tolerance: {relative: -1}}", [("wrong-value", "-1", None)]),
        ("{kind: figure, format: .png}", [("wrong-value", ".png", None)]),
    ],
)  # fmt: skip
def test_artifacts_are_judged(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert complaints(artifact(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("wrong-type", "t", None)]),
        ("{outputs: [a]}", [("missing-key", "t", "say what it does: add one of the three")]),
        ("{python: 'm:f'}", [("missing-key", "t", "add `outputs:`")]),
        ("{cmd: ls, outputs: [a]}", [("unknown-key", "cmd", "did you mean `command`?")]),
        ("{comand: ls, outs: [a]}",
         [("unknown-key", "comand", "did you mean `command`?"),
          ("unknown-key", "outs", "did you mean `outputs`?")]),
        ("{command: ls, sql: select 1, outputs: [a]}",
         [("exclusive-keys", "sql", "keep one of them")]),
        ("{python: 'm:f', command: ls, sql: select 1, outputs: [a]}",
         [("exclusive-keys", "command", "keep one of them")]),
        ("{command: [], outputs: [a]}", [("wrong-value", "command", None)]),
        ("{command: ' ', outputs: [a]}", [("wrong-value", "' '", None)]),
        ("{command: 3, outputs: [a]}", [("unquoted-text", "3", 'quote it: `"3"`')]),
        ("{command: [ls, null], outputs: [a]}", [("wrong-type", "null", None)]),
        ("{command: [ls, [a]], outputs: [a]}", [("wrong-type", "[a]", None)]),
        ("{command: {file: x}, outputs: [a]}", [("wrong-type", "command", None)]),
        ("{command: ls, preload: [numpy], outputs: [a]}",
         [("misplaced-key", "preload",
           "remove it; only for functions are modules imported ahead")]),
        ("{sql: select 1, arguments: {b: 1}, outputs: [a]}",
         [("misplaced-key", "arguments", "write `${…}` where the query needs the value")]),
        ("{sql: {fil: x.sql}, outputs: [a]}", [("unknown-key", "fil", "did you mean `file`?")]),
        ("{sql: [select 1], outputs: [a]}", [("wrong-type", "sql", None)]),
        ("{command: ls, outputs: [{artifact: a, as: xlsx}]}",
         [("wrong-value", "xlsx", "use one of `parquet`, `csv`, `jsonl`, `arrow`")]),
        ("{command: ls, outputs: [{artifact: a, form: csv}]}",
         [("unknown-key", "form", "use `as`")]),
        ("{command: ls, outputs: [{as: csv}]}", [("missing-key", "{as: csv}", "add `artifact:`")]),
        ("{python: 'm:f', outputs: [a], shards: {over: a, rows: 3}}",
         [("not-supported-yet", "shards", None)]),
        ("{python: 'm:f', outputs: [a], effects: true}", [("not-supported-yet", "effects", None)]),
        ("{python: 'm:f', outputs: [a], isolation: worker}",
         [("not-supported-yet", "worker", None)]),
        ("{python: m.py, outputs: [a]}", [("bad-entry-point", "m.py", None)]),
        ("{python: 'm:class', outputs: [a]}", [("bad-entry-point", "'m:class'", None)]),
        ("{python: 3.10, outputs: [a]}", [("wrong-type", "3.10", None)]),
        ("{python: 'm:f', output: [a]}", [("unknown-key", "output", "did you mean `outputs`?")]),
        ("{python: 'm:f', outputs: a}", [("wrong-type", "a", "write `[a]`")]),
        ("{python: 'm:f', outputs: []}", [("wrong-value", "outputs", None)]),
        ("{python: 'm:f', outputs: [a, a]}", [("duplicate-entry", "a", None)]),
        ("{python: 'm:f', outputs: [a], inputs: [b, b]}", [("duplicate-entry", "b", "remove it")]),
        ("{python: 'm:f', outputs: [a], inputs: [B]}", [("bad-name", "B", None)]),
        ("{python: 'm:f', outputs: [a], inputs: ['${x}']}", [("bad-name", "'${x}'", None)]),
        ("{python: 'm:f', outputs: [a], inputs: {b-c: b}}", [("bad-name", "b-c", None)]),
        ("{python: 'm:f', outputs: [a], inputs: [class]}",
         [("bad-name", "class", "write it as a mapping: `{class_: class}`")]),
        ("{python: 'm:f', outputs: [a], arguments: {if: 1}}", [("bad-name", "if", None)]),
        ("{python: 'm:f', outputs: [a], inputs: {x: b}, arguments: {x: 1}}",
         [("duplicate-parameter", "x", None)]),
        ("{python: 'm:f', outputs: [a], inputs: [b, {artifact: b, at: {k: 1}}]}",
         [("duplicate-parameter", "b", None)]),
        ("{python: 'm:f', outputs: [a], matrix: {K: [1]}}", [("bad-name", "K", None)]),
        ("{python: 'm:f', outputs: [a], matrix: {k: 3}}", [("wrong-type", "3", None)]),
        ("{python: 'm:f', outputs: [a], matrix: {k: [[1]]}}", [("wrong-type", "[1]", None)]),
        ("{python: 'm:f', outputs: [a], matrix: {exclude: {k: 1}}}",
         [("wrong-type", "exclude", None)]),
        ("{python: 'm:f', outputs: [a], resources: {memory: 4}}", [("bad-unit", "4", None)]),
        ("{python: 'm:f', outputs: [a], resources: {memory: 4gb}}",
         [("bad-unit", "4gb", "write `4GB`")]),
        ("{python: 'm:f', outputs: [a], resources: {cpus: -1}}", [("wrong-value", "-1", None)]),
        ("{python: 'm:f', outputs: [a], resources: {cpus: two}}", [("wrong-type", "two", None)]),
        ("{python: 'm:f', outputs: [a], resources: {labels: {spot: true}}}",
         [("unquoted-text", "true", 'quote it: `"true"`')]),
        ("{python: 'm:f', outputs: [a], timeout: 10}", [("bad-unit", "10", None)]),
        ("{python: 'm:f', outputs: [a], threads: 0}", [("wrong-value", "0", None)]),
        ("{python: 'm:f', outputs: [a], retries: {on: [eror]}}",
         [("wrong-value", "eror", "did you mean `error`?")]),
        ("{python: 'm:f', outputs: [a], retries: {attempts: 0}}", [("wrong-value", "0", None)]),
        ("{python: 'm:f', outputs: [a], on_out_of_memory: {memory: double}}",
         [("bad-unit", "double", None)]),
        ("{python: 'm:f', outputs: [a], numerics: quick}",
         [("wrong-value", "quick", "use one of `deterministic`, `fast`")]),
        ("{python: 'm:f', outputs: [a], deterministic: off}",
         [("wrong-type", "off", "write `false`")]),
        ("{python: 'm:f', outputs: [a], preload: [a-b]}", [("bad-name", "a-b", None)]),
    ],
)  # fmt: skip
def test_transformations_are_judged(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert complaints(transformation(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{lock: uv.lock}", [("not-supported-yet", "lock", None)]),
        ("{python: 3.11, packages: [a==1]}", [("not-supported-yet", "python", None)]),
        ("{variables: {T: {secret: T}}}", [("not-supported-yet", "secret", None)]),
        ("{variables: {T: false}}", [("unquoted-text", "false", 'quote it: `"false"`')]),
        ("{variables: {1T: x}}", [("bad-name", "1T", None)]),
        ("{pass: [A, A]}", [("duplicate-entry", "A", "remove it")]),
    ],
)
def test_environments_are_judged(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert complaints(BARE + f"environments: {{e: {text}}}") == expected


def test_headlines_stand_on_one_line_without_a_full_stop() -> None:
    texts = [artifact("{kind: table, columns: {c: {type: int8, patern: x}}, rows: 3, key: []}")]
    texts += [transformation("{python: " + "x" * 200 + ", inputs: {a: [1]}, outputs: [1.5]}")]
    found = [diagnostic for text in texts for diagnostic in bound(text)[1]]
    assert len(found) == 6
    for diagnostic in found:
        assert len(diagnostic.message) <= 80
        assert not diagnostic.message.endswith(".")
        assert "\n" not in diagnostic.message
