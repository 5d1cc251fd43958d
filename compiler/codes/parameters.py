"""Codes of what can be wrong with parameters and the values given for them."""

from __future__ import annotations

from ..diagnostic import Code

WRONG_PARAMETER_TYPE = Code(
    name="wrong-parameter-type",
    severity="error",
    title="A parameter's value is not of its type",
    explanation=(
        "A parameter has the type that it declares, or that of its default. Its default, its "
        "bounds and the value given with `-p` or in a parameters file must be of that type; an "
        "integer is taken where a number is expected."
    ),
    example="parameters:\n  trees: {type: integer, default: many}",
    mend="Correct the value or the type.",
)

PARAMETER_OUT_OF_BOUNDS = Code(
    name="parameter-out-of-bounds",
    severity="error",
    title="A parameter's value is not one that it allows",
    explanation="`minimum`, `maximum` and `values` say which values a parameter may have.",
    example="parameters:\n  trees: {default: 0, minimum: 1}",
    mend="Choose an allowed value, or change what is allowed.",
)

MISSING_PARAMETER = Code(
    name="missing-parameter",
    severity="error",
    title="A parameter has no value",
    explanation="A parameter without a default must be given with `-p NAME=VALUE` or in a file.",
    example="parameters:\n  day: {type: string}",
    mend="Give the value on the command line, or declare a default.",
)

UNDECLARED_PARAMETER = Code(
    name="undeclared-parameter",
    severity="error",
    title="A value is given for a parameter that is not declared",
    explanation="Only parameters that the pipeline declares can be given.",
    example="reprocc submit pipeline.yaml -p tree=5",
    mend="Correct the name, or declare the parameter under `parameters`.",
)

UNUSED_PARAMETER = Code(
    name="unused-parameter",
    severity="warning",
    title="A parameter is declared but never used",
    explanation="Nothing reads the parameter, so giving it changes nothing.",
    example="parameters: {trees: 200}",
    mend="Read it as `${parameters.NAME}`, or remove it.",
)

CONTRADICTORY_BOUNDS = Code(
    name="contradictory-bounds",
    severity="error",
    title="A minimum lies above its maximum",
    explanation="No value can be at least the minimum and at most the maximum.",
    example="columns:\n  mass: {minimum: 5, maximum: 1}",
    mend="Exchange or correct the two.",
)
