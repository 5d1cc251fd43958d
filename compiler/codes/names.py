"""Codes of names that clash within a transformation."""

from __future__ import annotations

from ..diagnostic import Code

DUPLICATE_OUTPUT = Code(
    name="duplicate-output",
    severity="error",
    title="A transformation makes an artifact twice",
    explanation="Each output becomes another artifact, and an artifact is made once.",
    example="outputs: {first: train, second: train}",
    mend="Remove one of them, or declare a second artifact.",
)

INPUT_IS_OUTPUT = Code(
    name="input-is-output",
    severity="error",
    title="A name is both something the function gets and an output",
    explanation=(
        "Inputs are immutable, and a parameter that bears the name of an output may receive the "
        "path to write it to; one name cannot be both."
    ),
    example="inputs: {table: raw}\noutputs: {table: clean}",
    mend="Rename the output or the parameter.",
)
