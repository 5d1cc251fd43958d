"""The envelope of every record: canonical JSON that names its format and proves itself whole."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ...compiler.canonical import CanonicalValue, encode, sha256_hex
from .backend import Damaged, StoreError
from .fields import Fields

FORMAT = 1
"""What this program writes. It reads this format and all older ones, for ever."""


class NewerFormat(StoreError):
    """A record or store that a later program wrote, in a format that this one cannot know."""


def seal(record: str, fields: Mapping[str, CanonicalValue]) -> bytes:
    """Return the bytes of a record of this name: its fields, `format`, `record` and `sha256`.

    `sha256` is taken over the canonical encoding of all other fields, known or not.
    """
    body: dict[str, CanonicalValue] = {**fields, "format": FORMAT, "record": record}
    return encode({**body, "sha256": sha256_hex(encode(body))})


def unseal(record: str, data: bytes, place: str) -> Fields:
    """Return the fields of a record of this name.

    `place` is where the bytes come from, for people. Raises Damaged, NewerFormat.
    """
    try:
        value = json.loads(data.decode("utf-8"))
        if not isinstance(value, dict):
            raise ValueError("it is no mapping")
        _refuse_newer(value.get("format"), place)
        claimed = value.pop("sha256", None)
        if not _is_proven(data, claimed, value) or value.get("record") != record:
            raise ValueError("its sha256 or its kind is another")
    except (ValueError, RecursionError) as error:
        raise damaged_record(place) from error
    return Fields(value)


def damaged_record(place: str) -> Damaged:
    """Return the error of a record whose bytes are not what was written."""
    return Damaged(
        "this record is damaged",
        place=place,
        remedy="bring it back from a copy of the store, or set it aside: `reprocc fsck --repair`",
        can_retry=False,
    )


def _is_proven(data: bytes, claimed: object, value: dict[str, CanonicalValue]) -> bool:
    """Say whether a record's `sha256` is that of its other fields.

    What `seal` wrote is canonical, so its bytes without that field are the encoding, and nothing
    need be encoded again; what is spelt otherwise is.
    """
    if isinstance(claimed, str):
        body = data.replace(b'"sha256":"%b",' % claimed.encode(), b"", 1)
        if len(body) < len(data) and sha256_hex(body) == claimed:
            return True
    return bool(claimed == sha256_hex(encode(value)))


def _refuse_newer(found: object, place: str) -> None:
    if isinstance(found, int) and found > FORMAT:
        raise NewerFormat(
            f"this was written in format {found}, and {FORMAT} is the newest known",
            place=place,
            remedy="install a newer reprocc",
            can_retry=False,
        )
