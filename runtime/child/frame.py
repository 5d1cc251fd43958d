"""Frames on a descriptor: four bytes of length, big-endian, then JSON in UTF-8."""

from __future__ import annotations

import json
import os
import struct
from typing import Any

_LENGTH = struct.Struct(">I")


def write_frame(fd: int, message: dict[str, Any]) -> None:
    """Write one message whole. Raises OSError where the other end is gone."""
    body = json.dumps(message, ensure_ascii=True).encode("ascii")
    data = memoryview(_LENGTH.pack(len(body)) + body)
    while data:
        data = data[os.write(fd, data) :]


def read_frame(fd: int) -> dict[str, Any] | None:
    """Read one message, blocking; None where the other end has ended or the message is cut off."""
    head = _read(fd, _LENGTH.size)
    if head is None:
        return None
    body = _read(fd, _LENGTH.unpack(head)[0])
    if body is None:
        return None
    message: dict[str, Any] = json.loads(body)
    return message


def _read(fd: int, length: int) -> bytes | None:
    found = bytearray()
    while len(found) < length:
        try:
            data = os.read(fd, min(length - len(found), 1 << 20))
        except ConnectionError:
            return None
        if not data:
            return None
        found += data
    return bytes(found)
