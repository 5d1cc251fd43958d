"""Codes of what can be wrong with axes and points."""

from __future__ import annotations

from ..diagnostic import Code

UNKNOWN_LABEL = Code(
    name="unknown-label",
    severity="error",
    title="A point of `include` has a label that its axis does not have",
    explanation=(
        "An axis that is a mapping has a point for each label, and `${matrix.AXIS}` reads what "
        "the label stands for; of another label that would not be known."
    ),
    example="matrix: {family: {forest: {trees: 10}}, include: [{family: florest}]}",
    mend="Correct the label, or add it to the axis.",
)

AXIS_WITHOUT_VALUES = Code(
    name="axis-without-values",
    severity="error",
    title="An axis has no values",
    explanation="A transformation runs once per point; an axis without values leaves no point.",
    example="matrix: {depth: []}",
    mend="Give the axis a value, or remove it.",
)

DUPLICATE_AXIS_VALUE = Code(
    name="duplicate-axis-value",
    severity="error",
    title="An axis has a value twice",
    explanation="A point is named by its values, so each value can stand once only.",
    example="matrix: {depth: [2, 4, 2]}",
    mend="Remove one; for repetitions add an axis such as `replicate`.",
)

INCOMPLETE_POINT = Code(
    name="incomplete-point",
    severity="error",
    title="A point of `include` does not name every axis",
    explanation="`include` adds whole points: each entry gives a value for every axis.",
    example="matrix: {depth: [2], fold: [1], include: [{depth: 4}]}",
    mend="Name every axis in the entry.",
)

NO_POINTS_LEFT = Code(
    name="no-points-left",
    severity="error",
    title="`exclude` removes every point",
    explanation="A transformation without points would never run.",
    example="matrix: {depth: [2], exclude: [{depth: 2}]}",
    mend="Exclude less, or remove the transformation.",
)

EXCLUDE_MATCHES_NOTHING = Code(
    name="exclude-matches-nothing",
    severity="warning",
    title="An entry of `exclude` removes nothing",
    explanation="No point of the matrix has these values, which is often a misspelt value.",
    example="matrix: {depth: [2, 4], exclude: [{depth: 8}]}",
    mend="Correct the values, or remove the entry.",
)

LOST_POINT = Code(
    name="lost-point",
    severity="error",
    title="Axes do not fit together: a point would be lost",
    explanation=(
        "Axes of the same name align by value. A point of an input or matrix that meets no "
        "point of the others would silently never be used."
    ),
    example=(
        "fit: {matrix: {depth: [2, 4, 8]}, outputs: [model], …}\n"
        "evaluate: {inputs: [model], matrix: {depth: [2, 4]}, …}"
    ),
    mend="Give both the same values, pick a point with `at`, or rename one axis.",
)

AXIS_VALUES_CLASH = Code(
    name="axis-values-clash",
    severity="error",
    title="A label of an axis stands for two different values",
    explanation=(
        "Two axes of the same name meet in a transformation, and the same label has another "
        "value in each, so `${matrix.AXIS}` would mean two things."
    ),
    example="matrix: {family: {forest: {grid: 1}}}  # elsewhere: {forest: {grid: 2}}",
    mend="Share the values with an anchor under `x-…`, or rename one axis.",
)

TOO_MANY_POINTS = Code(
    name="too-many-points",
    severity="error",
    title="A transformation has more than 1,000,000 points",
    explanation="Every point is a task with its own record; more than a million are refused.",
    example='matrix: {a: "${range(2000)}", b: "${range(2000)}"}',
    mend="Use fewer values, or let one task handle many of them.",
)

NOTHING_TO_GATHER = Code(
    name="nothing-to-gather",
    severity="warning",
    title="A `gather` of what has no axes",
    explanation=(
        "`gather` gives all points of an artifact at once. Without axes there is one, so that a "
        "file arrives in a mapping of one entry, or in a folder of its own; an axis was expected "
        "that nothing makes."
    ),
    example="gather: {models: model}  # and the transformation of `model` has no matrix",
    mend="Name it under `inputs`, or give the transformation that makes it a `matrix`.",
)

NO_SUCH_POINT = Code(
    name="no-such-point",
    severity="error",
    title="`at` picks a point that does not exist",
    explanation="`at` reads an input at one value of an axis; the artifact has no such point.",
    example="inputs: {model: {artifact: model, at: {depth: 3}}}",
    mend="Pick a value that the axis has.",
)
