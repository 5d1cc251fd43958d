"""Loads the user's function."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from .request import Call


def load_entry(call: Call) -> Callable[..., Any]:
    """Import the module and return its function. Raises whatever importing it raises."""
    found: Any = importlib.import_module(call["module"])
    for name in call["function"].split("."):
        found = getattr(found, name)
    function: Callable[..., Any] = found
    return function
