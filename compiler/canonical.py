"""The one byte encoding over which digests are taken.

A value is null, a boolean, an integer, a finite number, a string, a list, or a mapping with string
keys. Its encoding is JSON in UTF-8 with nothing left to choice:

* no white space;
* mappings sorted by key, keys compared by code point, no key twice;
* strings with only `"`, `\\` and the control characters U+0000 to U+001F escaped
  (`\\b \\f \\n \\r \\t` where JSON has a short form, else `\\u00xx` in lower case); everything
  else as itself;
* integers in decimal, of any size; numbers as the shortest decimal that reads back to the same
  64-bit float, always with a `.` or an exponent, so `1` and `1.0` stay different;
* NaN, infinities and lone surrogates do not exist.

Tuples are lists. The digest of a value under a scheme is written `scheme:hex`, where hex is the
sha256 of the encoding.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import NewType

Json = NewType("Json", str)
"""Text in the canonical encoding."""

Digest = NewType("Digest", str)
"""A digest of content, `scheme:hex`."""

CanonicalValue = (
    None | bool | int | float | str | Sequence["CanonicalValue"] | Mapping[str, "CanonicalValue"]
)

_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)

_WORDS = {None: Json("null"), True: Json("true"), False: Json("false")}


def encode(value: CanonicalValue) -> bytes:
    """Return the canonical encoding.

    Raises ValueError for NaN, infinities and lone surrogates, TypeError for any other type.
    """
    return _ENCODER.encode(value).encode("utf-8")


def encode_text(value: CanonicalValue) -> Json:
    """Return the canonical encoding as text. Raises what `encode` raises."""
    if value is None or value is True or value is False:
        return _WORDS[value]
    if type(value) is int:
        return Json(str(value))
    text = _ENCODER.encode(value)
    if not text.isascii():
        text.encode("utf-8")  # which a lone surrogate does not survive
    return Json(text)


def sha256_hex(data: bytes) -> str:
    """Return the sha256 of bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_of(scheme: str, value: CanonicalValue) -> Digest:
    """Return the digest of a value under a named scheme."""
    return Digest(f"{scheme}:{sha256_hex(encode(value))}")
