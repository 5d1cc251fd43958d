"""Codes of functions whose parameters do not fit the transformation."""

from __future__ import annotations

from ..diagnostic import Code

UNKNOWN_ARGUMENT = Code(
    name="unknown-argument",
    severity="error",
    title="The function has no parameter of this name",
    explanation=(
        "Inputs, gathers and arguments arrive by keyword, so the function must have a parameter "
        "of each name. Its signature is read from the source; it is never imported."
    ),
    example="arguments: {tree: 200}  # def fit(train, trees)",
    mend="Correct the name in the pipeline or in the function.",
)

MISSING_ARGUMENT = Code(
    name="missing-argument",
    severity="error",
    title="The function needs a parameter that nothing gives",
    explanation=(
        "A parameter without a default must come from `inputs`, `gather` or `arguments`, be "
        "called `seed` or `rng`, or bear the name of an output that is written to a path."
    ),
    example="inputs: [train]  # def fit(train, trees)",
    mend="Give it, or give it a default in the function.",
)

POSITIONAL_ONLY = Code(
    name="positional-only",
    severity="error",
    title="The function takes a parameter by position only",
    explanation="Everything arrives by keyword, which a parameter before `/` refuses.",
    example="def fit(train, /): …",
    mend="Remove the `/` from the function's parameters.",
)

UNSUITED_ANNOTATION = Code(
    name="unsuited-annotation",
    severity="error",
    title="An annotation that cannot be what arrives, or what is returned",
    explanation=(
        "The kind of an artifact decides what a function gets and gives: a table is a table of "
        "Arrow, pandas or polars, metrics are a `dict`, other kinds are paths; gathered tables and "
        "metrics are one table, gathered files a `dict` of paths. An annotation that names only "
        "other classes was written for something else. What is not known for certain is let pass."
    ),
    example="inputs: [model]  # def evaluate(model: pd.DataFrame); model: {kind: checkpoint}",
    mend="Correct the annotation, or the kind of the artifact.",
)
