"""Whatever is done to whatever lies in a store: a clear error or a repair, never a wrong value."""

from __future__ import annotations

import errno
import itertools
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .chain import digests, write_pipeline
from .forked import Ended, Forked

SUBMIT = ("submit", "pipeline.yaml", "--executor", "inline")
SPEC = """
    seed: 4
    artifacts:
      raw: {kind: table, source: raw.csv, columns: {id: {type: int64, unique: true}}}
      notes: {kind: directory}
      total: {kind: metrics, require: {sum: {minimum: 1}}}
    transformations:
      note: {python: "work:note", inputs: [raw], outputs: [notes]}
      add: {python: "work:add", inputs: [notes], outputs: [total]}
    """
CODE = """
    from pathlib import Path

    def note(raw: Path, notes: Path):
        notes.mkdir()
        (notes / "size.txt").write_text(f"{len(list(raw.iterdir()))} parts")

    def add(notes: Path):
        print("adding")
        return {"sum": len((notes / "size.txt").read_text())}
    """
TOTAL = b'{"sum":7}'
READING: tuple[tuple[str, ...], ...] = (
    ("artifacts",),
    ("versions", "total"),
    ("tag", "total"),
    ("runs",),
    ("show",),
    ("logs",),
    ("lineage", "total"),
    ("plan", "pipeline.yaml"),
    ("get", "total", "-o", "total.json"),
    ("get", "raw", "-o", "raw.parquet"),
)
BROKEN = (
    "is damaged",
    "nothing has run",
    "is missing",
    "no run",
    "no version",
    "no artifact",
    "no store",
    "no tag",
)
"""What an error says of a store that is not whole."""


# What lies in a store, by what it is; and where.


def _record(pattern: str) -> Callable[[Path], Path]:
    return lambda store: next(iter(sorted(store.glob(pattern))))


def _object(find: Callable[[Path], str]) -> Callable[[Path], Path]:
    def at(store: Path) -> Path:
        name = find(store)
        return store / "objects/sha256" / name[:2] / name

    return at


def _read(store: Path, pattern: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(_record(pattern)(store).read_bytes())
    return found


def _part(artifact: str) -> Callable[[Path], Path]:
    def find(store: Path) -> str:
        manifest = _read(store, f"pipelines/small/artifacts/{artifact}/*.json")
        name: str = manifest["content"]["parts"][0]["object"]  # type: ignore[index]
        return name

    return _object(find)


def _log(store: Path) -> str:
    records = (json.loads(path.read_bytes()) for path in store.glob("reuse/*/*.json"))
    return next(record["log"] for record in records if record["log"])


def _code(store: Path) -> str:
    start = _read(store, "runs/*/*/start.json")
    name: str = start["code"]["add"]["parts"][0]["object"]  # type: ignore[index]
    return name


PLACES: dict[str, Callable[[Path], Path]] = {
    "mark": _record("store.json"),
    "source's manifest": _record("pipelines/*/artifacts/raw/*.json"),
    "manifest": _record("pipelines/*/artifacts/total/*.json"),
    "tag": _record("pipelines/*/tags/*/*/*.json"),
    "reuse record": _record("reuse/*/*.json"),
    "contract report": _record("contracts/*/*.json"),
    "start of a run": _record("runs/*/*/start.json"),
    "tasks of a run": _record("runs/*/*/tasks/*.json"),
    "end of a run": _record("runs/*/*/end.json"),
    "part of a table": _part("raw"),
    "member of a folder": _part("notes"),
    "metrics": _part("total"),
    "log": _object(_log),
    "code": _object(_code),
    "plan": _object(lambda store: str(_read(store, "runs/*/*/start.json")["plan_object"])),
    "spec": _object(lambda store: str(_read(store, "runs/*/*/start.json")["spec_object"])),
}


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)


def _edit(path: Path) -> None:
    """Do what somebody does who knows better than a record."""
    data = path.read_bytes()
    path.write_bytes(data.replace(b"2", b"3").replace(b"7", b"8") + b"\n")


HARMS: dict[str, Callable[[Path], None]] = {
    "flipped": _flip,
    "shortened": lambda path: path.write_bytes(path.read_bytes()[:-3]) and None,
    "deleted": lambda path: path.unlink(),
    "edited": _edit,
    "emptied": lambda path: path.write_bytes(b"") and None,
}
CASES = tuple(itertools.product(PLACES, HARMS))
SOME = tuple((place, list(HARMS)[number % len(HARMS)]) for number, place in enumerate(PLACES))


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forked]:
    with Forked(Path.cwd(), tmp_path_factory.mktemp("forked")) as process:
        yield process


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pipeline before anything has run."""
    folder = tmp_path_factory.mktemp("template") / "small"
    write_pipeline(folder, _none, spec=SPEC, code=CODE)
    (folder / "raw.csv").write_text("id,value\n" + "".join(f"{n},{n}\n" for n in range(50)))
    return folder


@pytest.fixture(scope="module")
def whole(forked: Forked, template: Path) -> tuple[Path, dict[str, str]]:
    """A folder with a store that is whole, and the digests in it."""
    folder = shutil.copytree(template, template.parent / "whole")
    result = forked.ask(*SUBMIT, folder=folder)
    assert forked.run("tag", "total", "best", folder=folder).rc == 0
    return folder, digests(result)


def insist_on_clear_words(done: Ended) -> None:
    """An error is one that a person can act upon, never the program's own."""
    assert done.rc in (0, 1, 3), done.stderr
    assert "Traceback" not in done.stderr
    assert "itself failed" not in done.stderr
    if done.rc:
        assert done.stderr.startswith("error"), done.stderr


def harmed(
    place: str, harm: str, forked: Forked, whole: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    template, expected = whole
    folder = shutil.copytree(template, tmp_path / "small")
    target = PLACES[place](folder / ".reprocc")
    target.chmod(0o644)
    HARMS[harm](target)
    for verb in READING:
        done = forked.run(*verb, folder=folder)
        insist_on_clear_words(done)
        assert not done.rc or any(words in done.stderr for words in BROKEN), done.stderr
    if (folder / "total.json").exists():
        assert (folder / "total.json").read_bytes() == TOTAL
    first = forked.run(*SUBMIT, "--json", folder=folder)
    insist_on_clear_words(first)
    assert (first.rc != 0) <= (place == "mark"), first.stderr
    if not first.rc:
        assert digests(first.json) == expected
    checked = forked.run("fsck", "--deep", "--repair", "--json", folder=folder)
    assert (checked.rc, checked.stderr) == (0 if checked.json["is_whole"] else 1, "")
    assert forked.run("tag", "total", "best", "-m", "again", folder=folder).rc == 0
    forked.run("fsck", "--deep", "--repair", folder=folder)
    last = forked.ask(*SUBMIT, folder=folder)
    assert (last["state"], digests(last)) == ("succeeded", expected)
    after = forked.ask("fsck", "--deep", folder=folder)
    assert after["is_whole"]
    got = forked.run("get", "total", "-o", "again.json", folder=folder)
    assert (got.rc, (folder / "again.json").read_bytes()) == (0, TOTAL), got.stderr


@pytest.mark.parametrize(("place", "harm"), SOME)
def test_what_is_damaged_is_told_or_mended(
    place: str, harm: str, forked: Forked, whole: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    harmed(place, harm, forked, whole, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize(("place", "harm"), sorted(set(CASES) - set(SOME)))
def test_all_that_is_damaged_is_told_or_mended(
    place: str, harm: str, forked: Forked, whole: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    harmed(place, harm, forked, whole, tmp_path)


REFUSALS = {
    errno.ENOSPC: "no space is left on the disk",
    errno.EROFS: "the disk is read only",
    errno.EACCES: "may not",
    errno.EIO: "",
}


@pytest.mark.parametrize("point", [1, 3, 12, 25, 60, 100, 140])
def test_a_disk_that_refuses_from_some_moment_on_is_named_and_nothing_is_half_there(
    point: int, forked: Forked, template: Path, whole: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    _, expected = whole
    refusal = list(REFUSALS)[point % len(REFUSALS)]
    folder = shutil.copytree(template, tmp_path / "small")
    done = forked.run(*SUBMIT, point=point, refusal=refusal, folder=folder)
    assert "Traceback" not in done.stderr
    assert "itself failed" not in done.stderr
    assert done.rc == 3, done.stderr
    assert REFUSALS[refusal] in done.stderr, done.stderr
    if (folder / ".reprocc/store.json").exists():
        assert forked.ask("fsck", "--deep", folder=folder)["is_whole"]
    again = forked.ask(*SUBMIT, folder=folder)
    assert (again["state"], digests(again)) == ("succeeded", expected)


def _none(*_: object, **__: object) -> None:
    raise AssertionError("this copy is not submitted through the fixture")
