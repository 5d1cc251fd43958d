"""Coroutines that run side by side, and none of which outlives the others' failure."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

Result = TypeVar("Result")


async def gathered(doing: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """Return what each gives, in their order; where one fails, end the rest and raise that."""
    tasks = [asyncio.ensure_future(one) for one in doing]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
