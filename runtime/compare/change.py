"""Something that is there on one side only, or differs between the two."""

from __future__ import annotations

from typing import Literal

Change = Literal["added", "removed", "changed"]
