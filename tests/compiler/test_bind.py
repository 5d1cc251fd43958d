"""Documents to specs: what is bound, what is broken, and what a mistake hides."""

from __future__ import annotations

import pytest

from reprocc.compiler.bind import bind
from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.document import Scalar, plain_value
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


def spec_of(text: str) -> Spec:
    spec, diagnostics = bound(text)
    assert diagnostics == ()
    assert spec is not None
    return spec


def artifact(text: str) -> str:
    return HEAD + f"artifacts:\n  a: {text}\ntransformations: {{}}\n"


def transformation(text: str) -> str:
    return HEAD + "artifacts: {a: {kind: file}}\ntransformations:\n  t: " + text + "\n"


def one(text: str) -> Diagnostic:
    found = bound(text)[1]
    assert len(found) == 1, [d.message for d in found]
    return found[0]


WHOLE = (
    HEAD + "$schema: pipeline-1.json\nx-notes: {anything: [1]}\ndescription: All of it\nseed: 7\n"
    "code: src\nparameters: {rate: 0.5, names: [a], many: {type: mapping}}\n"
    'environments: {default: {variables: {A: "${parameters.rate}"}, pass: [HF_HOME]}}\n'
    "artifacts:\n"
    "  raw: {kind: table, source: {path: x.csv, sha256: " + "ab" * 32 + "}, format: csv,\n"
    "    columns: {at: {type: 'timestamp[us,UTC]', nullable: false, severity: warning}},\n"
    "    additional_columns: refuse, rows: {minimum: 1}, key: [at]}\n"
    '  region: {kind: file, source: "${matrix.r}.txt", matrix: {r: [eu, us]}}\n'
    "  scores: {kind: metrics, require: {test.accuracy: {minimum: 0.9}},\n"
    "    tolerance: {relative: 0.1}}\n"
    "  out: {kind: file, format: txt}\n"
    "transformations:\n"
    "  t:\n"
    "    python: m.n:f\n"
    "    inputs: {x: raw, y: {artifact: region, at: {r: eu}}}\n"
    "    gather: {all: {artifact: region, over: [r]}, again: region}\n"
    "    outputs: {first: scores, second: out}\n"
    "    arguments: {n: {deep: [1, null]}}\n"
    "    matrix: {k: [1, 2], f: {a: {x: 1}}, include: [{k: 3, f: a}], exclude: [{k: 1}]}\n"
    "    environment: default\n"
    '    resources: {cpus: "${matrix.k}", gpus: 0.5, memory: 1GiB, labels: {zone: a}}\n'
    '    threads: 2\n    seed: "${seed}"\n    isolation: process\n    numerics: fast\n'
    "    preload: [numpy]\n    timeout: 10m\n"
    "    retries: {attempts: 3, on: [timeout, worker-lost], backoff: 5s}\n"
    "    on_out_of_memory: {memory: 2x, maximum: 64GiB}\n"
    "    code: ['*.sql']\n    deterministic: false\n"
)


def test_a_whole_pipeline_is_bound() -> None:
    spec = spec_of(WHOLE)
    assert (spec.name.text, spec.seed, spec.broken) == ("p", 7, frozenset())
    assert spec.code is not None
    assert [(p.name.text, p.type) for p in spec.parameters] == [
        ("rate", "number"), ("names", "list"), ("many", "mapping")
    ]  # fmt: skip
    raw, region, scores, _ = spec.artifacts
    (column,) = raw.contract.columns
    assert (column.type, column.nullable, column.severity) == (
        "timestamp[us, UTC]", False, "warning"
    )  # fmt: skip
    assert raw.contract.additional_columns == "refuse"
    assert raw.source is not None
    assert raw.source.sha256 is not None
    assert region.matrix is not None
    assert [axis.name.text for axis in region.matrix.axes] == ["r"]
    assert [r.path.text for r in scores.contract.require] == ["test.accuracy"]
    (t,) = spec.transformations
    assert [(i.parameter.text, i.artifact.text, len(i.at)) for i in t.inputs] == [
        ("x", "raw", 0), ("y", "region", 1)
    ]  # fmt: skip
    assert [g.over is None for g in t.gather] == [False, True]
    assert t.outputs_by_name
    assert t.matrix is not None
    assert [axis.name.text for axis in t.matrix.axes] == ["k", "f"]
    assert t.retries is not None
    assert (t.retries.attempts, t.retries.causes) == (3, ("worker-lost", "timeout"))
    assert plain_value(t.arguments[0][1]) == {"deep": [1, None]}
    assert isinstance(t.seed, Scalar)
    assert (t.numerics, t.deterministic) == ("fast", False)
    (environment,) = spec.environments
    assert [name.text for name in environment.passed] == ["HF_HOME"]


def test_lists_name_parameters_after_artifacts() -> None:
    spec = spec_of(
        transformation("{python: 'm:f', inputs: [a, {artifact: b, at: {k: 1}}], outputs: [c, d]}")
    )
    (t,) = spec.transformations
    assert [i.parameter.text for i in t.inputs] == ["a", "b"]
    assert [o.name.text for o in t.outputs] == ["c", "d"]
    assert not t.outputs_by_name


@pytest.mark.parametrize(
    "text", ["{type: number, default: 3}", "{type: mapping, default: {a: 1}}", "{type: list}", "[]"]
)
def test_parameters_that_are_right_are_bound(text: str) -> None:
    assert len(spec_of(BARE + f"parameters: {{p: {text}}}").parameters) == 1


def test_a_mistake_in_one_item_hides_none_in_another() -> None:
    found = bound(
        HEAD + "artifacts:\n  a: {kind: tabel}\n  b: {kind: file, colums: 1}\n"
        "transformations:\n  t: {python: 'm:f', outputs: [], threads: 0}\n  u: {shards: x}\n"
    )[1]
    assert [d.code.name for d in found] == [
        "wrong-value", "unknown-key", "wrong-value", "wrong-value", "not-supported-yet"
    ]  # fmt: skip


def test_broken_items_are_named_with_what_they_would_have_made() -> None:
    spec, _ = bound(
        HEAD + "artifacts: {a: {kind: tabel}, b: {kind: file}, c: {kind: file}}\n"
        "transformations:\n  t: {python: m, outputs: [b]}\n"
    )
    assert spec is not None
    assert [item.name.text for item in spec.artifacts] == ["b", "c"]
    assert spec.broken == {"a", "b", "t"}


def test_unreadable_outputs_might_be_any_artifact() -> None:
    spec, _ = bound(transformation("{python: 'm:f', outputs: 3}"))
    assert spec is not None
    assert spec.broken == {"a", "t"}


def test_an_item_with_an_unknown_key_is_bound_all_the_same() -> None:
    spec, diagnostics = bound(transformation("{python: 'm:f', outputs: [a], retires: {}}"))
    assert [d.code.name for d in diagnostics] == ["unknown-key"]
    assert spec is not None
    assert len(spec.transformations) == 1
    assert spec.broken == frozenset()


def test_a_bad_name_is_said_once_where_it_is_declared() -> None:
    text = HEAD + (
        "artifacts: {Train-Set: {kind: file}, b: {kind: file}}\n"
        "transformations:\n  t: {python: 'm:f', inputs: [Train-Set], outputs: [b]}\n"
    )
    diagnostic = one(text)
    assert diagnostic.code.name == "bad-name"
    assert diagnostic.help == "write `train_set`"
    assert diagnostic.primary.span.start == text.index("Train-Set")


def test_equal_entries_are_shown_at_both_places() -> None:
    diagnostic = one(transformation("{python: 'm:f', outputs: [a], inputs: [b, c, b]}"))
    (first,) = diagnostic.related
    assert first.span.text == diagnostic.primary.span.text == "b"
    assert first.span.start < diagnostic.primary.span.start


@pytest.mark.parametrize(
    "text",
    [
        transformation("{python: 'm:f', outputs: [a], retires: {}}"),
        transformation("{python: 'm:f', outputs: a}"),
        artifact("{kind: tabel}"),
        artifact("{knd: table}"),
        artifact("{kind: table, columns: {c: {nullable: no}}}"),
        BARE + "environments: {e: {variables: {T: 010}}}",
    ],
)
def test_a_fix_mends_what_it_belongs_to(text: str) -> None:
    (fix,) = one(text).fixes
    (edit,) = fix.edits
    assert bound(text[: edit.span.start] + edit.text + text[edit.span.end :])[1] == ()


@pytest.mark.parametrize(
    "text",
    [
        "{python: 'm:f', outputs: [a], seed: '${seed + 1}', threads: '${2}', timeout: '${x}s'}",
        "{python: 'm:f', outputs: [a], resources: {cpus: '${1}', memory: '${2}GiB'}}",
        "{python: 'm:f', outputs: [a], matrix: {k: '${range(3)}', j: ['${1}', b]}}",
    ],
)
def test_expressions_stand_where_the_language_allows_them(text: str) -> None:
    assert len(spec_of(transformation(text)).transformations) == 1


@pytest.mark.parametrize(
    "text",
    [
        "{python: 'm:${f}', outputs: [a]}",
        "{python: 'm:f', outputs: ['${a}']}",
        "{python: 'm:f', outputs: [a], environment: '${e}'}",
        "{python: 'm:f', outputs: [a], retries: {attempts: '${3}'}}",
        "{python: 'm:f', outputs: [a], deterministic: '${true}'}",
    ],
)
def test_expressions_stand_nowhere_else(text: str) -> None:
    assert len(bound(transformation(text))[1]) == 1
