"""Environments: the variables that a transformation's process gets."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from .words import AnyText, Distinct, VariableName

_Variables = Annotated[
    dict[VariableName, AnyText],
    Field(description="Environment variables, part of identity."),
]
_Passed = Annotated[
    list[VariableName],
    Field(description="Variables of the host to let through, no part of identity."),
    Distinct(),
]

# Spelled as a call because `pass` is a word of Python.
Environment = TypedDict("Environment", {"variables": _Variables, "pass": _Passed}, total=False)
with_config(ConfigDict(extra="forbid", strict=True, title="environment"))(Environment)
