"""What a check of a store finds, what repairing it does, and that a second one finds nothing."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reprocc.runtime.keeping.check import check
from reprocc.runtime.keeping.finding import Checked, Finding
from reprocc.runtime.keeping.repair import repair
from reprocc.runtime.processes import is_gone, this_process
from reprocc.runtime.store import reuse, runs, versions
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.records_json import encode_start, encode_store
from reprocc.runtime.store.runs import RunRecords
from reprocc.runtime.store.sealed import seal

sys.path.insert(0, str(Path(__file__).parent))

from kept import RUN, Kept, damage, open_kept, samples


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    made = open_kept(tmp_path / "store")
    made.run("a", "b")
    return made


def found(kept: Kept, *, deep: bool = False) -> dict[tuple[str, str], Finding]:
    """Return the findings by kind and key."""
    return {(one.kind, one.key): one for one in check(kept.backend, deep=deep).findings}


def mended(kept: Kept, *, deep: bool = False) -> Checked:
    return repair(kept.backend, check(kept.backend, deep=deep))


def acts(checked: Checked) -> list[tuple[str, str, bool]]:
    return [(one.kind, one.act, one.stays) for one in checked.findings]


def test_a_whole_store_has_nothing_to_find_and_is_not_written_to(kept: Kept) -> None:
    kept.tag(kept.version("a", b"1", made_from=(("raw", b"0"),)), "best")
    before = kept.files()
    checked = check(kept.backend, deep=True)
    assert checked.findings == ()
    assert checked.is_whole
    assert (checked.records, checked.objects) == (6, 5)
    assert checked.bytes == sum(len(data) for key, data in before.items() if "objects/" in key)
    assert kept.files() == before


def test_what_nothing_names_is_counted_and_is_no_damage(kept: Kept) -> None:
    kept.backend.put("objects/sha256/" + "ab/" + "ab" * 32, b"12345")
    checked = check(kept.backend, deep=False)
    assert (checked.findings, checked.orphans, checked.orphan_bytes) == ((), 1, 5)


def test_a_damaged_manifest_is_set_aside_and_its_number_is_not_given_again(kept: Kept) -> None:
    kept.version("a", b"1")
    second = kept.version("a", b"2")
    damage(kept.manifest(second), b'{"torn')
    key = kept.manifest(second).relative_to(kept.root).as_posix()
    assert found(kept)["damaged-record", key].severity == "damage"
    checked = mended(kept)
    assert acts(checked) == [("damaged-record", "set aside", False)]
    assert checked.is_whole
    assert kept.manifest(second, ".damaged").read_bytes() == b'{"torn'
    assert mended(kept).findings == ()
    assert [one.number for one in versions.history(kept.backend, "p", "a", ())] == [1]
    assert kept.version("a", b"2").number == 3
    assert mended(kept).findings == ()


def test_a_record_that_lies_where_another_belongs_is_damaged(kept: Kept) -> None:
    first = kept.version("a", b"1")
    data = kept.manifest(first).read_bytes()
    kept.backend.create("pipelines/p/artifacts/b/0000000001.json", data)
    assert ("damaged-record", "pipelines/p/artifacts/b/0000000001.json") in found(kept)


def test_a_record_that_names_no_objects_is_damaged(kept: Kept) -> None:
    start = replace(samples.run_start("20261122-172713-3f9a1c"), plan_object="../../store.json")
    key = "runs/2026-11-22/20261122-172713-3f9a1c/start.json"
    kept.backend.create(key, encode_start(start))
    assert [one[1] for one in found(kept)] == [key]


def test_a_record_of_a_later_program_is_no_damage_and_left_alone(kept: Kept) -> None:
    later = seal("version", {}).replace(b'"format":1', b'"format":2')
    kept.backend.create("pipelines/p/artifacts/b/0000000001.json", later)
    checked = mended(kept)
    assert [(one.kind, one.severity, one.act) for one in checked.findings] == [
        ("newer-record", "note", "")
    ]
    assert checked.is_whole


def test_a_gap_among_versions_is_found_and_noted(kept: Kept) -> None:
    first = kept.version("a", b"1")
    kept.version("a", b"2")
    kept.manifest(first).unlink()
    assert list(found(kept)) == [("gap", "pipelines/p/artifacts/a/0000000001.json")]
    assert acts(mended(kept)) == [("gap", "noted as gone", False)]
    assert mended(kept).findings == ()


def test_a_missing_object_stays_missing_until_it_is_made_again(kept: Kept) -> None:
    first = kept.version("a", b"1")
    kept.object(b"1").unlink()
    for _ in range(2):
        (finding,) = mended(kept).findings
        assert (finding.kind, finding.named_by, finding.size) == ("missing-object", ("p/a@1",), 1)
        assert finding.stays
    assert reuse.find(kept.backend, first.fingerprint) is None
    kept.version("a", b"1")
    assert mended(kept).findings == ()


def test_an_object_that_only_reuse_wants_is_taken_out_of_reuse(kept: Kept) -> None:
    first = kept.version("a", b"1")
    kept.manifest(first).unlink()
    kept.object(b"1").unlink()
    checked = mended(kept)
    assert acts(checked) == [("missing-object", "taken out of reuse", False)]
    assert reuse.latest(kept.backend, first.fingerprint) is None
    assert mended(kept).findings == ()


def test_a_shortened_object_is_removed_and_then_made_again(kept: Kept) -> None:
    first = kept.version("a", b"12345")
    damage(kept.object(b"12345"), b"123")
    checked = mended(kept)
    assert acts(checked) == [("wrong-size", "removed", True)]
    assert not checked.is_whole
    assert not kept.object(b"12345").exists()
    assert reuse.find(kept.backend, first.fingerprint) is None
    kept.version("a", b"12345")
    assert mended(kept, deep=True).findings == ()


def test_flipped_bits_are_found_by_reading_alone(kept: Kept) -> None:
    kept.version("a", b"12345")
    damage(kept.object(b"12345"), b"12344")
    assert found(kept) == {}
    ((_, key),) = found(kept, deep=True)
    assert kept.root / key == kept.object(b"12345")
    assert acts(mended(kept, deep=True)) == [("damaged-object", "removed", True)]


def test_flipped_bits_that_nothing_names_are_found_too(kept: Kept) -> None:
    samples.stored(kept.backend, b"12345")
    damage(kept.object(b"12345"), b"12344")
    checked = mended(kept, deep=True)
    assert acts(checked) == [("damaged-object", "removed", False)]
    assert checked.is_whole


def test_what_a_submit_has_mended_meanwhile_is_left_alone(kept: Kept) -> None:
    kept.version("a", b"12345")
    damage(kept.object(b"12345"), b"12344")
    checked = check(kept.backend, deep=True)
    kept.backend.put(kept.object(b"12345").relative_to(kept.root).as_posix(), b"12345")
    assert acts(repair(kept.backend, checked)) == [("damaged-object", "mended meanwhile", False)]
    assert kept.object(b"12345").read_bytes() == b"12345"


def test_objects_are_read_through_where_they_lie_on_no_disk(tmp_path: Path) -> None:
    backend = MemoryBackend(str(tmp_path))
    backend.create("store.json", encode_store())
    whole, torn = samples.stored(backend, b"").parts + samples.stored(backend, b"123").parts
    backend.put(f"objects/sha256/{torn.sha256[:2]}/{torn.sha256}", b"124")
    (finding,) = check(backend, deep=True).findings
    assert finding.key.endswith(torn.sha256)
    assert whole.sha256 != torn.sha256


def test_a_run_loses_only_history_with_its_plan(kept: Kept) -> None:
    kept.object(b"plan").unlink()
    checked = mended(kept)
    assert [(one.kind, one.severity, one.named_by) for one in checked.findings] == [
        ("missing-object", "note", (f"run {RUN}",))
    ]
    assert checked.is_whole


def test_a_tag_that_names_nothing_is_told(kept: Kept) -> None:
    first = kept.version("a", b"1")
    kept.version("a", b"2")
    kept.tag(first, "best")
    kept.manifest(first).rename(kept.manifest(first, ".gone"))
    checked = mended(kept)
    assert [(one.kind, one.named_by) for one in checked.findings] == [
        ("lost-target", ("p/a@best",))
    ]
    assert not checked.is_whole


def test_the_last_move_of_a_tag_is_never_set_aside(kept: Kept) -> None:
    """Else the tag would mean what it meant before, and nobody would notice."""
    first, second = kept.version("a", b"1"), kept.version("a", b"2")
    kept.tag(first, "best")
    kept.tag(second, "best")
    move = kept.root / "pipelines/p/tags/a/best/0000000002.json"
    damage(move, b"torn")
    assert acts(mended(kept)) == [("damaged-record", "", True)]
    assert move.read_bytes() == b"torn"
    kept.tag(second, "best")
    assert acts(mended(kept)) == [("damaged-record", "set aside", False)]
    assert mended(kept).findings == ()


def test_a_damaged_mark_is_written_anew(kept: Kept) -> None:
    damage(kept.root / "store.json", b"")
    assert acts(mended(kept)) == [("store-mark", "written anew", False)]
    (kept.root / "store.json").unlink()
    assert acts(mended(kept)) == [("store-mark", "written anew", False)]
    assert mended(kept).findings == ()


def test_a_damaged_end_is_written_anew_from_the_records_of_the_tasks(kept: Kept) -> None:
    run = "20261122-172713-3f9a1c"
    kept.run(run=run, ends=False)
    records = RunRecords(kept.backend, run)
    records.tasks([samples.task_record("a"), samples.task_record("b")])
    records.end(samples.run_end(run))
    damage(kept.root / "runs/2026-11-22" / run / "end.json", b"{}")
    assert acts(mended(kept)) == [("damaged-record", "set aside, ended as succeeded", False)]
    end = runs.read(kept.backend, run)[2]
    assert end is not None
    assert (end.state, end.counts, end.seconds) == ("succeeded", '{"succeeded":2}', 0.25)
    assert mended(kept).findings == ()


def run_of_process(kept: Kept, process: str | None) -> str:
    run = "20261122-172713-3f9a1c"
    start = runs.start_of(kept.backend, RUN)
    RunRecords(kept.backend, run).start(replace(start, run=run, process=process))
    return run


def dead_process() -> str:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, (this_process() or "").encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with open(reader, encoding="ascii") as file:
        return file.read()


def test_a_process_is_known_from_all_others() -> None:
    assert is_gone(this_process()) is False
    assert is_gone(dead_process()) is True
    assert is_gone("0123456789abcdef-1-100") is None
    assert is_gone(None) is is_gone("") is is_gone("nonsense") is None


def test_a_run_whose_process_is_gone_is_ended(kept: Kept) -> None:
    run = run_of_process(kept, dead_process())
    checked = check(kept.backend, deep=False)
    assert [(one.kind, one.severity) for one in checked.findings] == [("killed-run", "note")]
    assert checked.is_whole
    assert acts(mended(kept)) == [("killed-run", "ended as failed", False)]
    end = runs.read(kept.backend, run)[2]
    assert end is not None
    assert (end.state, end.counts) == ("failed", "{}")
    assert mended(kept).findings == ()


def test_a_run_that_is_under_way_is_left_alone(kept: Kept) -> None:
    run_of_process(kept, this_process())
    assert mended(kept).findings == ()


def test_a_run_of_another_machine_is_under_way_until_it_is_silent_for_a_day(kept: Kept) -> None:
    run = run_of_process(kept, None)
    assert mended(kept).findings == ()
    kept.age()
    RunRecords(kept.backend, run).beat()
    assert mended(kept).findings == ()
    kept.age(90_000)
    assert acts(mended(kept)) == [("killed-run", "", True)]
    assert runs.read(kept.backend, run)[2] is None
    RunRecords(kept.backend, run).beat()
    assert mended(kept).findings == ()


def test_what_a_killed_writer_left_is_told_when_it_is_old(kept: Kept) -> None:
    (kept.root / "tmp").mkdir(exist_ok=True)
    (kept.root / "tmp/123-abc").write_bytes(b"half")
    assert mended(kept).findings == ()
    kept.age(90_000)
    assert [(one.kind, one.size) for one in mended(kept).findings] == [("leftover", 4)]
