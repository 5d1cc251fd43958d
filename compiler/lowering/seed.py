"""The seed of a task: derived from what it is, or given by the spec."""

from __future__ import annotations

from ..canonical import encode_text, sha256_hex

SEEDS = 2**31
"""Seeds lie below this: what every library accepts."""


def derive_seed(pipeline_seed: int, transformation: str, point: str) -> tuple[int, str]:
    """Return a task's seed and its entropy, 256 bits in hexadecimal; `point` is the point's text.

    They are the sha256 of the canonical encoding of `["seed1", pipeline seed, transformation,
    point as text, shard]`, where the shard is null; the seed is that number modulo 2**31.
    """
    names = f"{encode_text(transformation)},{encode_text(point)}"
    entropy = sha256_hex(f'["seed1",{pipeline_seed},{names},null]'.encode())
    return int(entropy, 16) % SEEDS, entropy


def given_seed(seed: int) -> tuple[int, str]:
    """Return the seed that a spec gives, and the same number as entropy."""
    return seed, f"{seed:x}"
