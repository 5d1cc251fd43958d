"""Amounts of memory and time as other tools spell them, in the language's spelling."""

from __future__ import annotations

import re

_AMOUNT = re.compile(r"([0-9]+)\s*([A-Za-z]+)\Z")
_MEMORY = {word.casefold(): word for word in ("KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB")}
_MEMORY["B"] = "B"
# Kubernetes' units; its `G` and `M` are left alone, for docker's `g` and `m` are powers of 1,024.
_BINARY = {"Ki": "KiB", "Mi": "MiB", "Gi": "GiB", "Ti": "TiB"}
_DURATIONS = {
    "ms": ("msec", "msecs", "millisecond", "milliseconds"),
    "s": ("sec", "secs", "second", "seconds"),
    "m": ("min", "mins", "minute", "minutes"),
    "h": ("hr", "hrs", "hour", "hours"),
    "d": ("day", "days"),
}


def spelt_amount(text: str) -> str | None:
    """Return what a text such as `4 GB`, `4gb`, `4Gi`, `10 min` says as the language writes it.

    None where the unit may mean another thing elsewhere (`4g`, `10M`), or is none.
    """
    found = _AMOUNT.match(text.strip())
    if found is None:
        return None
    number, unit = found.groups()
    word = unit if len(unit) == 1 else unit.casefold()
    meant = _BINARY.get(unit) or _MEMORY.get(word)
    meant = meant or next((one for one, words in _DURATIONS.items() if word in (one, *words)), None)
    return None if meant is None else f"{number}{meant}"
