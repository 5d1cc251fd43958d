"""Records as bytes: what is written is read, and nothing else is."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprocc.compiler.canonical import Json, encode, sha256_hex
from reprocc.compiler.point import AxisValue, Point, point_of
from reprocc.runtime.store import layout
from reprocc.runtime.store.backend import Damaged
from reprocc.runtime.store.records_json import (
    check_store,
    decode_end,
    decode_report,
    decode_reuse,
    decode_start,
    decode_tasks,
    decode_version,
    encode_end,
    encode_report,
    encode_reuse,
    encode_start,
    encode_store,
    encode_tasks,
    encode_version,
)
from reprocc.runtime.store.sealed import FORMAT, NewerFormat, seal

sys.path.insert(0, str(Path(__file__).parents[1]))

from contracts import samples

RUN = "20261122-172712-3f9a1c"
VALUES = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(max_size=5)
POINTS = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,9}\Z"),
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    min_size=1,
    max_size=3,
).map(point_of)

GOLDEN = (
    '{"artifact":"clean","content":{"digest":"table1:' + "d" * 64 + '","kind":"table",'
    '"layout":"table","parts":[{"object":"' + "e" * 64 + '","rows":3,"size":10}],"rows":3,'
    '"schema":[["größe","float64"],["n","int64"]],"suffix":""},"contract":{"content":"table1:'
    + "d" * 64
    + '","contract":"contract1:'
    + "c" * 64
    + '","violations":[{"count":2,"message":"`mass` is low","rows":["{\\"row\\":7}"],'
    '"severity":"error","subject":"mass"},{"count":1,"message":"few rows","rows":[],'
    '"severity":"warning","subject":"rows"}]},"created":"2026-11-22T17:27:12.000Z",'
    '"fingerprint":"'
    + samples.FINGERPRINT
    + '","format":1,"nonce":"'
    + "ab" * 16
    + '","number":12,"pipeline":"penguins","point":{"depth":4,'
    '"kind":"a b","rate":1.0,"wide":true},"record":"version",'
    '"reused_from":"20261121-000000-aaaaaa","run":"20261122-172712-3f9a1c",'
    '"sha256":"SEAL","task":"clean[depth=4]"}'
)


def golden() -> bytes:
    """Return the bytes of the sample version, as format 1 wrote them for the first time."""
    unsealed = GOLDEN.replace('"sha256":"SEAL",', "").encode()
    return GOLDEN.replace("SEAL", sha256_hex(unsealed)).encode()


def test_a_version_is_written_as_the_first_release_wrote_it() -> None:
    assert encode_version(samples.version()) == golden()


def test_a_version_of_the_first_release_is_read() -> None:
    assert decode_version(golden(), "here") == samples.version()


def test_what_a_version_was_made_from_is_written_where_it_is_known() -> None:
    version = replace(
        samples.version(),
        inputs=(("table", "raw[depth=4]", "table1:" + "f" * 64),),
        location="data/größe.csv",
    )
    assert decode_version(encode_version(version), "here") == version
    none = replace(version, inputs=())
    assert decode_version(encode_version(none), "here") == none, "nothing read is not unknown"


def test_every_record_comes_back_as_it_went() -> None:
    reuse = samples.reuse_record(samples.content_of(b"a", b"b"))
    assert decode_reuse(encode_reuse(reuse), "here") == reuse
    bare = replace(samples.version(), point=(), contract=None, reused_from=None)
    assert decode_version(encode_version(bare), "here") == bare
    assert decode_report(encode_report(samples.REPORT), "here") == samples.REPORT
    start = samples.run_start(RUN)
    assert decode_start(encode_start(start), "here") == start
    tasks = (
        samples.task_record("a"),
        replace(samples.task_record("b", failure=Json('{"reason":"error"}')), fingerprint=None),
    )
    assert decode_tasks(encode_tasks(tasks), "here") == tasks
    assert decode_end(encode_end(samples.run_end(RUN)), "here") == samples.run_end(RUN)


@given(point=POINTS)
def test_every_point_comes_back_with_its_types(point: Point) -> None:
    version = replace(samples.version(), point=point)
    found = decode_version(encode_version(version), "here")
    assert found == version
    assert [type(value) for _, value in found.point] == [type(value) for _, value in point]


@given(value=st.dictionaries(st.text(max_size=5), VALUES | st.lists(VALUES, max_size=3)))
def test_every_identity_comes_back_in_canonical_form(value: dict[str, object]) -> None:
    identity = Json(encode(value).decode())  # type: ignore[arg-type]
    record = replace(samples.reuse_record(samples.content_of(b"a")), identity=identity)
    assert decode_reuse(encode_reuse(record), "here").identity == identity


def test_no_changed_byte_goes_unnoticed() -> None:
    data = encode_version(samples.version())
    for offset in range(len(data)):
        for other in (data[offset] ^ 1, data[offset] ^ 2, ord("0"), ord(" ")):
            changed = data[:offset] + bytes([other]) + data[offset + 1 :]
            if changed == data:
                continue
            with pytest.raises((Damaged, NewerFormat)):
                decode_version(changed, "here")


def test_no_cut_goes_unnoticed() -> None:
    data = encode_version(samples.version())
    for end in range(len(data)):
        with pytest.raises(Damaged) as caught:
            decode_version(data[:end], "the/place")
        assert caught.value.place == "the/place"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"format":1}',
        b'{"format":true,"sha256":null}',
        b'{"format":1,"record":"version","sha256":"\\ud800"}',
        b'{"x":NaN}',
        b"[" * 100_000,
        b"1" * 10_000,
    ],
)
def test_what_is_no_record_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        decode_version(data, "here")


def test_a_record_of_another_kind_is_damaged() -> None:
    with pytest.raises(Damaged):
        decode_version(encode_report(samples.REPORT), "here")


def test_a_field_of_the_wrong_type_is_damaged() -> None:
    fields = json.loads(encode_version(samples.version()))
    for name in ("format", "record", "sha256"):
        del fields[name]
    assert decode_version(seal("version", fields), "here") == samples.version()
    wrong: tuple[tuple[str, object], ...] = (
        ("number", "12"),
        ("number", True),
        ("number", -1),
        ("run", None),
        ("content", None),
        ("content", {**fields["content"], "kind": "unheard of"}),
        ("content", {**fields["content"], "digest": "without a scheme"}),
        ("content", {**fields["content"], "parts": [1]}),
        ("content", {**fields["content"], "schema": [["a"]]}),
        ("point", {"depth": None}),
        ("point", []),
    )
    for name, value in wrong:
        with pytest.raises(Damaged):
            decode_version(seal("version", fields | {name: value}), "here")


def test_a_field_that_a_later_release_added_is_ignored() -> None:
    fields = json.loads(encode_version(samples.version()))
    for name in ("format", "record", "sha256"):
        del fields[name]
    later = seal("version", {**fields, "signature": {"by": "someone"}})
    assert decode_version(later, "here") == samples.version()


def test_a_newer_format_is_said_to_be_newer() -> None:
    later = encode({"format": FORMAT + 1, "record": "store", "anything": "else"})
    with pytest.raises(NewerFormat, match=f"format {FORMAT + 1}") as caught:
        check_store(later, "here")
    assert caught.value.remedy == "install a newer reprocc"
    check_store(encode_store(), "here")


DECODERS: tuple[Callable[[bytes, str], object], ...] = (decode_reuse, decode_start, decode_tasks)


@pytest.mark.parametrize("decode", DECODERS)
def test_a_record_without_its_fields_is_damaged(decode: Callable[[bytes, str], object]) -> None:
    for record in ("reuse", "run-start", "tasks"):
        with pytest.raises(Damaged):
            decode(seal(record, {}), "here")


@given(first=POINTS, second=POINTS)
def test_no_two_points_share_a_folder_even_where_case_is_ignored(
    first: Point, second: Point
) -> None:
    folders = [layout.point_folder(point).lower() for point in (first, second)]
    is_same = encode(dict(first)) == encode(dict(second))
    assert (folders[0] == folders[1]) is is_same
    assert max(len(folder.encode()) for folder in folders) <= 200


def test_points_that_differ_in_case_or_length_alone_have_their_own_folders() -> None:
    texts = ["a", "A", "aA", "aa", "Aa", "x" * 300, "x" * 301, "é", "É", "~", "%", "1", "true"]
    values: list[AxisValue] = [*texts, 1, True, 1.0, -1, 0.1]
    folders = {layout.point_folder((("axis", value),)).lower() for value in values}
    assert len(folders) == len(values)


def test_the_layout_is_the_documented_one() -> None:
    digest = "sha256:" + "ab" * 32
    assert layout.object_key("ab" * 32) == "objects/sha256/ab/" + "ab" * 32
    assert (
        layout.version_key("penguins", "fit", (("depth", 4), ("fold", 1)), 12)
        == "pipelines/penguins/artifacts/fit/depth=4,fold=1/0000000012.json"
    )
    assert (
        layout.version_key("penguins", "raw", (), 1)
        == "pipelines/penguins/artifacts/raw/0000000001.json"
    )
    assert layout.reuse_of("task1:" + "0f" * 32) == "reuse/" + "0f" * 32 + "/"
    assert layout.contract_key("contract1:aa", digest) == "contracts/aa/" + "ab" * 32 + ".json"
    assert layout.run_of(RUN) == f"runs/2026-11-22/{RUN}/"
