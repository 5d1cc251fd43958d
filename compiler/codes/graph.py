"""Codes of what can be wrong with the graph of artifacts and transformations."""

from __future__ import annotations

from ..diagnostic import Code

UNKNOWN_ARTIFACT = Code(
    name="unknown-artifact",
    severity="error",
    title="An artifact is named that is not declared",
    explanation="Inputs, gathers and outputs name artifacts declared under `artifacts`.",
    example="inputs: [raw_events]",
    mend="Correct the name, or declare the artifact.",
)

UNKNOWN_ENVIRONMENT = Code(
    name="unknown-environment",
    severity="error",
    title="An environment is named that is not declared",
    explanation="`environment` names one of those under `environments`.",
    example="environment: gpuu",
    mend="Correct the name, or declare the environment.",
)

NO_ORIGIN = Code(
    name="no-origin",
    severity="error",
    title="Nothing produces an artifact",
    explanation="An artifact has exactly one origin: a `source`, or one transformation's output.",
    example="artifacts: {orphan: {kind: table}}",
    mend="Give it a `source`, name it under `outputs`, or remove it.",
)

TWO_ORIGINS = Code(
    name="two-origins",
    severity="error",
    title="An artifact has two origins",
    explanation=(
        "An artifact has exactly one origin: a `source`, or one transformation's output. With "
        "two, which one it is would depend on order."
    ),
    example="a: {outputs: [train], …}\nb: {outputs: [train], …}",
    mend="Declare a second artifact for the other one.",
)

CYCLE = Code(
    name="cycle",
    severity="error",
    title="Transformations need each other's outputs",
    explanation="Each waits for another in a circle, so none could ever start.",
    example="a: {inputs: [y], outputs: [x], …}\nb: {inputs: [x], outputs: [y], …}",
    mend="Break the circle; a loop over versions reads the version before this run as a source.",
)
