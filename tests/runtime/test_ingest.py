"""Sources: taken in once, taken in again only when their bytes are others, refused with reasons."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reprocc.compiler.canonical import sha256_hex
from reprocc.compiler.plan import (
    Artifact,
    ArtifactId,
    ColumnContract,
    Contract,
    MetricContract,
    Plan,
    SourceBinding,
)
from reprocc.runtime.codecs.files import lay_tree
from reprocc.runtime.codecs.metrics import read_metrics
from reprocc.runtime.codecs.table import read_table
from reprocc.runtime.sources.ingest import Ingested, IngestError, convert, ingest
from reprocc.runtime.sources.intake import Intake, examine
from reprocc.runtime.store import contracts, reuse
from reprocc.runtime.store.layout import object_key
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.rewriting import Rewriting

NOTHING = Contract(columns=(), additional_columns="allow", rows=None, key=(), require=())
AGE = ColumnContract(
    name="age", type="int64", nullable=False, unique=False, minimum=0, maximum=None,
    values=None, pattern=None, severity="error",
)  # fmt: skip


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend(secrets.token_hex(8))


def artifact(kind: Any = "table", **rules: Any) -> Artifact:
    defaults: dict[str, Any] = {
        "format": None, "suffix": "", "axes": (), "producer": None, "contract": NOTHING,
        "tolerance": None,
    }  # fmt: skip
    return Artifact(id=ArtifactId("people"), kind=kind, **{**defaults, **rules})


def bound(location: str, sha256: str | None = None) -> SourceBinding:
    return SourceBinding(
        artifact=ArtifactId("people"), point=(), location=location, sha256=sha256, span=None
    )


def take(
    backend: Any,
    folder: Path,
    location: str,
    *,
    of: Artifact | None = None,
    sha256: str | None = None,
) -> Ingested:
    plan = Plan(
        format=1, language=1, pipeline="p", seed=0, parameters=(), sources=(),
        artifacts=(of or artifact(),), transformations=(), tasks=(),
    )  # fmt: skip
    return ingest(backend, plan=plan, binding=bound(location, sha256), folder=folder)


def look(folder: Path, location: str, *, of: Artifact | None = None) -> Intake:
    return examine(of or artifact(), bound(location), folder=folder)


def everything(backend: MemoryBackend) -> list[str]:
    return [found.key for found in backend.list("objects/")] + [
        found.key for found in backend.list("reuse/")
    ]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text("name,age\nb,2\na,1\n")
    return tmp_path


def test_a_table_is_taken_in_once(backend: MemoryBackend, people: Path) -> None:
    first = take(backend, people, "people.csv")
    before = everything(backend)
    again = take(backend, people, "people.csv")
    assert (first.was_reused, again.was_reused) == (False, True)
    assert again.content == first.content
    assert everything(backend) == before
    assert read_table(backend, first.content).to_pydict() == {"name": ["b", "a"], "age": [2, 1]}


def test_touching_a_file_and_moving_it_change_nothing(backend: MemoryBackend, people: Path) -> None:
    take(backend, people, "people.csv")
    os.utime(people / "people.csv", (1, 1))
    assert take(backend, people, "people.csv").was_reused
    (people / "people.csv").rename(people / "other.csv")
    assert take(backend, people, "other.csv").was_reused


def test_what_decides_the_conversion_decides_the_fingerprint(people: Path) -> None:
    (people / "people.tsv").write_bytes((people / "people.csv").read_bytes())
    (people / "more.csv").write_text("name,age\n")
    keyed = artifact(contract=replace(NOTHING, key=("age",)))
    typed = artifact(contract=replace(NOTHING, columns=(replace(AGE, minimum=None),)))
    fingerprints = [
        look(people, "people.csv").fingerprint,
        look(people, "more.csv").fingerprint,
        look(people, "people.tsv").fingerprint,
        look(people, "*.csv").fingerprint,
        look(people, "people.csv", of=artifact("file")).fingerprint,
        look(people, "people.csv", of=artifact("file", suffix=".dat")).fingerprint,
        look(people, "people.csv", of=keyed).fingerprint,
        look(people, "people.csv", of=typed).fingerprint,
    ]  # fmt: skip
    assert len(set(fingerprints)) == len(fingerprints)
    assert all(fingerprint.startswith("ingest1:") for fingerprint in fingerprints)
    bounded = artifact(contract=replace(NOTHING, columns=(AGE,)))
    assert look(people, "people.csv", of=bounded).fingerprint == fingerprints[-1]


def test_a_key_sorts_and_declared_types_hold(backend: MemoryBackend, people: Path) -> None:
    age = replace(AGE, type="float64")
    wanted = artifact(contract=replace(NOTHING, columns=(age,), key=("age",)))
    content = take(backend, people, "people.csv", of=wanted).content
    assert read_table(backend, content).to_pydict() == {"name": ["a", "b"], "age": [1.0, 2.0]}
    assert content.schema == (("name", "string"), ("age", "float64"))


def test_a_changed_file_with_equal_rows_has_the_same_digest(
    backend: MemoryBackend, people: Path
) -> None:
    before = take(backend, people, "people.csv")
    (people / "people.csv").write_text('"name","age"\r\n"b",2\r\n"a",1\r\n')
    after = take(backend, people, "people.csv")
    assert not after.was_reused
    assert after.content.digest == before.content.digest


def test_a_refused_source_leaves_the_store_as_it_was(backend: MemoryBackend, people: Path) -> None:
    (people / "people.csv").write_text("name,age\nb,-2\na,\n")
    wanted = artifact(contract=replace(NOTHING, columns=(AGE,)))
    taken = take(backend, people, "people.csv", of=wanted)
    assert taken.report is not None
    assert taken.report.is_refused
    assert [violation.message for violation in taken.report.violations] == [
        "`age` has 1 null",
        "`age` has 1 value below 0",
    ]
    assert everything(backend) == []


def test_a_warning_does_not_refuse_and_is_kept(backend: MemoryBackend, people: Path) -> None:
    column = replace(AGE, minimum=2, severity="warning")
    wanted = artifact(contract=replace(NOTHING, columns=(column,)))
    first = take(backend, people, "people.csv", of=wanted)
    assert first.report is not None
    assert not first.report.is_refused
    assert len(first.report.violations) == 1
    kept = contracts.find(backend, first.content.digest, first.report.contract)
    assert kept == first.report == take(backend, people, "people.csv", of=wanted).report


def test_a_tightened_contract_is_checked_again_and_nothing_converted(
    backend: MemoryBackend, people: Path
) -> None:
    column = replace(AGE, minimum=None)
    take(backend, people, "people.csv", of=artifact(contract=replace(NOTHING, columns=(column,))))
    tight = artifact(contract=replace(NOTHING, columns=(replace(AGE, minimum=2),)))
    taken = take(backend, people, "people.csv", of=tight)
    assert taken.was_reused
    assert taken.report is not None
    assert taken.report.is_refused


@pytest.mark.parametrize("harm", ["removed", "cut", "altered"])
def test_a_source_whose_object_is_harmed_is_made_again(
    backend: MemoryBackend, people: Path, harm: str
) -> None:
    content = take(backend, people, "people.csv").content
    key = object_key(content.parts[0].sha256)
    data = backend.get(key)
    backend.delete(key)
    if harm != "removed":
        backend.put(key, data[:-1] if harm == "cut" else data[:-1] + b"?")
    taken_from = Rewriting(backend) if harm == "altered" else backend
    again = take(taken_from, people, "people.csv")
    assert not again.was_reused
    assert again.content == content
    assert backend.get(key) == data


def test_damage_found_while_a_new_contract_is_checked_is_mended(
    backend: MemoryBackend, people: Path
) -> None:
    column = replace(AGE, minimum=None)
    wanted = artifact(contract=replace(NOTHING, columns=(column,)))
    content = take(backend, people, "people.csv", of=wanted).content
    key = object_key(content.parts[0].sha256)
    data = backend.get(key)
    backend.put(key, data[:-1] + b"?")
    tight = artifact(contract=replace(NOTHING, columns=(AGE,)))
    taken = take(backend, people, "people.csv", of=tight)
    assert taken.report is not None
    assert taken.report.violations == ()
    assert backend.get(key) == data


def test_a_pinned_file_is_taken_and_any_other_refused_with_both_digests(
    backend: MemoryBackend, people: Path
) -> None:
    have = sha256_hex((people / "people.csv").read_bytes())
    assert take(backend, people, "people.csv", sha256=have).content.rows == 2
    other = "0" * 64
    with pytest.raises(IngestError) as caught:
        take(backend, people, "people.csv", sha256=other)
    shown = f"{caught.value.message} {caught.value.help}"
    assert have in shown
    assert other in shown
    assert "`people.csv` is not the file that `sha256` pins" in shown


def test_a_pin_is_for_one_file(backend: MemoryBackend, people: Path) -> None:
    (people / "b.csv").write_text("name,age\n")
    with pytest.raises(IngestError, match=r"pins one file, but `\*\.csv` is 2 files"):
        take(backend, people, "*.csv", sha256="0" * 64)


def test_a_file_that_changes_while_it_is_read_is_refused(
    backend: MemoryBackend, people: Path
) -> None:
    intake = look(people, "people.csv")
    (people / "people.csv").write_text("name,age\nc,3\n")
    with pytest.raises(IngestError, match="changed while it was read"):
        convert(backend, intake)
    (people / "folder").mkdir()
    (people / "folder" / "x").write_bytes(b"1")
    intake = look(people, "folder", of=artifact("directory"))
    (people / "folder" / "x").write_bytes(b"2")
    with pytest.raises(IngestError, match="changed while it was read"):
        convert(backend, intake)


def test_a_folder_is_kept_as_a_tree(backend: MemoryBackend, people: Path) -> None:
    (people / "data" / "deep").mkdir(parents=True)
    (people / "data" / "deep" / "x").write_bytes(b"1")
    first = take(backend, people, "data", of=artifact("directory"))
    lay_tree(backend, first.content, people / "out")
    assert (people / "out" / "deep" / "x").read_bytes() == b"1"
    assert take(backend, people, "out", of=artifact("directory")).was_reused
    (people / "data" / "deep" / "x").chmod(0o755)
    assert not take(backend, people, "data", of=artifact("directory")).was_reused


@pytest.mark.parametrize("kind", ["file", "figure", "checkpoint"])
def test_a_single_file_keeps_its_suffix(backend: MemoryBackend, people: Path, kind: str) -> None:
    (people / "x.bin").write_bytes(b"1")
    content = take(backend, people, "x.bin", of=artifact(kind)).content
    assert (content.digest, content.suffix, content.kind) == (
        f"sha256:{sha256_hex(b'1')}", ".bin", kind,
    )  # fmt: skip


def test_metrics_are_read_and_held_against_their_contract(
    backend: MemoryBackend, people: Path
) -> None:
    (people / "m.json").write_text(json.dumps({"b": 1, "a": 0.5}, indent=2))
    rule = MetricContract(path="a", minimum=0.9, maximum=None, severity="error")
    strict = artifact("metrics", contract=replace(NOTHING, require=(rule,)))
    refused = take(backend, people, "m.json", of=strict)
    assert refused.report is not None
    assert refused.report.violations[0].message == "`a` is 0.5, below 0.9"
    assert everything(backend) == []
    taken = take(backend, people, "m.json", of=artifact("metrics"))
    assert read_metrics(backend, taken.content) == {"a": 0.5, "b": 1}


@pytest.mark.parametrize(
    ("kind", "location", "message"),
    [
        ("table", "missing.csv", "there is no `missing.csv`"),
        ("file", "missing.bin", "there is no `missing.bin`"),
        ("table", "*.parquet", "no file matches `*.parquet`"),
        ("table", "notes.txt", "the name `notes.txt` does not say how to read it"),
        ("table", "both/*", "`both/a.csv` and `both/b.jsonl` have different formats"),
        ("figure", "both", "`both` is a folder, but a figure is one file"),
        ("directory", "notes.txt", "`notes.txt` is a file, but a directory is a folder"),
        ("file", "both/*", "`both/*` matches 2 files, but one is needed"),
        ("metrics", "notes.txt", "`notes.txt` is not JSON"),
        ("metrics", "list.json",
         "`list.json`: metrics are a mapping, but this is a value of type `list`"),
        ("directory", "links", "`links`: the link `out` leads out of its folder"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_in_is_refused_with_the_reason(
    backend: MemoryBackend, people: Path, kind: str, location: str, message: str
) -> None:
    (people / "notes.txt").write_text("hello")
    (people / "list.json").write_text("[1]")
    (people / "both").mkdir()
    (people / "both" / "a.csv").write_text("a\n1\n")
    (people / "both" / "b.jsonl").write_text('{"a": 1}\n')
    (people / "links").mkdir()
    (people / "links" / "out").symlink_to("../notes.txt")
    with pytest.raises(IngestError) as caught:
        take(backend, people, location, of=artifact(kind))
    assert caught.value.message == message
    assert everything(backend) == []


def test_a_file_that_may_not_be_read_is_refused_in_words(
    backend: MemoryBackend, people: Path
) -> None:
    (people / "people.csv").chmod(0)
    if os.access(people / "people.csv", os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(IngestError, match=r"`people\.csv` cannot be read: permission denied"):
        take(backend, people, "people.csv")


def test_the_reuse_record_says_what_was_compared(backend: MemoryBackend, people: Path) -> None:
    take(backend, people, "people.csv")
    record = reuse.find(backend, look(people, "people.csv").fingerprint)
    assert record is not None
    identity = json.loads(record.identity)
    assert identity["kind"] == "table"
    assert identity["files"] == [sha256_hex((people / "people.csv").read_bytes())]
