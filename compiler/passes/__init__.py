"""What is done to a plan after it is lowered, in this order; each gives a new plan."""

from __future__ import annotations

from collections.abc import Callable

from ..plan import Plan
from .order import order_tasks

PASSES: tuple[Callable[[Plan], Plan], ...] = (order_tasks,)

__all__ = ["PASSES"]
