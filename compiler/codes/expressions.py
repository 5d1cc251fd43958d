"""Codes of what can be wrong with an expression."""

from __future__ import annotations

from ..diagnostic import Code

EXPRESSION_SYNTAX = Code(
    name="expression-syntax",
    severity="error",
    title="An expression cannot be read",
    explanation=(
        "What stands between `${` and `}` is one expression in Python's grammar. This text is "
        "not one, so its value is unknown."
    ),
    example='arguments: {depth: "${matrix.depth +}"}',
    mend="Complete the expression; write `$${` where a literal `${` is meant.",
)

EXPRESSION_NOT_ALLOWED = Code(
    name="expression-not-allowed",
    severity="error",
    title="An expression uses syntax outside the language",
    explanation=(
        "Expressions are evaluated when the pipeline is compiled and must end, so only constants, "
        "names, arithmetic, comparisons, `and`, `or`, `not`, `x if c else y`, indexing, lists, "
        "mappings and the functions `len`, `min`, `max`, `round`, `range`, `str`, `int` and "
        "`float` may be used."
    ),
    example='arguments: {size: "${[x for x in parameters.sizes]}"}',
    mend="Compute the value in the Python function instead, or write it with the allowed syntax.",
)

UNKNOWN_NAME = Code(
    name="unknown-name",
    severity="error",
    title="An expression uses a name that does not exist",
    explanation=(
        "An expression may name `parameters.NAME`, `matrix.AXIS` and `seed`, and call the "
        "functions of the language. There are no other names."
    ),
    example='arguments: {trees: "${trees}"}',
    mend="Write `parameters.NAME` for a parameter and `matrix.AXIS` for an axis.",
)

UNKNOWN_PARAMETER = Code(
    name="unknown-parameter",
    severity="error",
    title="An expression names a parameter that is not declared",
    explanation="`parameters.NAME` reads the value of a parameter declared under `parameters`.",
    example='arguments: {trees: "${parameters.tree}"}',
    mend="Declare the parameter, or correct its name.",
)

UNKNOWN_AXIS = Code(
    name="unknown-axis",
    severity="error",
    title="An axis is named that does not exist there",
    explanation=(
        "`matrix.AXIS`, `at`, `over`, `include` and `exclude` name axes: those of the "
        "transformation's own matrix, or those that arrive with its inputs."
    ),
    example='arguments: {depth: "${matrix.dept}"}',
    mend="Correct the name, or declare the axis under `matrix`.",
)

NAME_NOT_HERE = Code(
    name="name-not-here",
    severity="error",
    title="A name cannot be used at this place",
    explanation=(
        "The values of axes and the seed of a task exist only once points are known. The values "
        "of a matrix, the bounds of contracts and the variables of environments are evaluated "
        "before that, with parameters alone; a source has axes but no seed."
    ),
    example='matrix: {depth: ["${seed}"]}',
    mend="Use a parameter there.",
)

EXPRESSION_TYPE = Code(
    name="expression-type",
    severity="error",
    title="An operator or function got a value of a type that it does not take",
    explanation=(
        "Values are never converted silently: a number and a string cannot be added, and a "
        "boolean is no number."
    ),
    example="arguments: {name: \"${'run' + 1}\"}",
    mend="Convert with `str`, `int` or `float`, or correct the operand.",
)

EXPRESSION_VALUE = Code(
    name="expression-value",
    severity="error",
    title="A function of an expression got a value that it cannot take",
    explanation="The type fits, but the value does not: `int` of a text that is no integer.",
    example="arguments: {depth: \"${int('deep')}\"}",
    mend="Correct the value.",
)

DIVISION_BY_ZERO = Code(
    name="division-by-zero",
    severity="error",
    title="An expression divides by zero",
    explanation="A quotient, a remainder or a negative power of zero has no value.",
    example='arguments: {share: "${1 / matrix.parts}"}',
    mend="Leave the zero out of the axis, or write `x if c else y`.",
)

NUMBER_TOO_LARGE = Code(
    name="number-too-large",
    severity="error",
    title="An expression computes a number outside the range",
    explanation=(
        "Integers lie between -2**63 and 2**64 - 1, the range of the widest column types; numbers "
        "are finite 64-bit floats."
    ),
    example='arguments: {size: "${10 ** 40}"}',
    mend="Use smaller numbers, or a number instead of an integer (`10.0 ** 40`).",
)

EXPRESSION_TOO_LARGE = Code(
    name="expression-too-large",
    severity="error",
    title="An expression or its value is too large",
    explanation=(
        "An expression has at most 2,000 characters and 100 levels, and may build at most "
        "1,000,000 items and characters, so that compiling always ends soon."
    ),
    example="arguments: {name: \"${'a' * 10 ** 9}\"}",
    mend="Compute large values in the Python function.",
)

MISSING_ITEM = Code(
    name="missing-item",
    severity="error",
    title="An expression reads an item that is not there",
    explanation="A list has no such index, or a mapping no such key.",
    example='arguments: {first: "${parameters.sizes[9]}"}',
    mend="Correct the index or the key.",
)

TEXT_NOT_SCALAR = Code(
    name="text-not-scalar",
    severity="error",
    title="A list or mapping is written inside a text",
    explanation=(
        "An expression inside a longer string is written as text, which only booleans, numbers "
        "and strings have."
    ),
    example='arguments: {name: "run-${parameters.sizes}"}',
    mend="Let the expression be the whole value, or index it.",
)
