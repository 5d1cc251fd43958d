"""Numbers of few bits as text: read back they are the same, and no text is shorter."""

from __future__ import annotations

import math
import struct

from hypothesis import given
from hypothesis import strategies as st

from reprocc.runtime.codecs.shortest import shortest


@given(st.floats(width=16))
def test_a_half_is_read_back_from_its_text(value: float) -> None:
    read = float(shortest(value, "e"))
    if math.isnan(value):
        assert math.isnan(read)
    else:
        # A text may round up beyond the largest half, which is then what is read.
        narrowed = struct.unpack("e", struct.pack("e", min(max(read, -65504.0), 65504.0)))[0]
        assert (read if math.isinf(read) else narrowed) == value
        assert len(shortest(value, "e")) <= max(len(f"{value:.5g}"), len(repr(value)))


@given(st.floats(width=32, allow_nan=False))
def test_a_single_is_read_back_from_its_text(value: float) -> None:
    read = float(shortest(value, "f"))
    assert (read if math.isinf(read) else struct.unpack("f", struct.pack("f", read))[0]) == value


def test_what_people_write_is_what_they_read() -> None:
    assert [
        shortest(struct.unpack("f", struct.pack("f", each))[0], "f") for each in (0.1, 2.5)
    ] == [
        "0.1",
        "2.5",
    ]
    assert [shortest(each, "e") for each in (65504.0, -0.0, math.inf)] == ["65500.0", "-0.0", "inf"]
