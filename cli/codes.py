"""The kinds of diagnostics that only a run can find."""

from __future__ import annotations

from ..compiler.diagnostic import Code

SOURCE_REFUSED = Code(
    name="source-refused",
    severity="error",
    title="A source cannot be taken into the store",
    explanation=(
        "Sources are read, given their declared types and held against their contract before "
        "the first task runs. Where one of these fails, nothing is stored and nothing runs."
    ),
    example="source: data/penguins.csv    # holds `abc` in a column declared float64",
    mend="Mend the data, or change what the artifact declares.",
)

PARAMETERS_FILE = Code(
    name="parameters-file",
    severity="error",
    title="A file of parameters cannot be used",
    explanation="`--parameters` takes a YAML or JSON file that maps parameters to their values.",
    example="- trees: 100    # a list, where a mapping is needed",
    mend="Write `trees: 100`, a name and a value a line.",
)

MISSING_MODULE = Code(
    name="missing-module",
    severity="error",
    title="Code imports a module that is not installed",
    explanation=(
        "Without an environment of its own a transformation runs in the interpreter that runs "
        "reprocc; what its code imports must be installed there."
    ),
    example="import pandas    # in an interpreter without pandas",
    mend="Install the distribution that provides the module.",
)

UNKNOWN_SELECTION = Code(
    name="unknown-selection",
    severity="error",
    title="An option selects no task",
    explanation=(
        "`--only`, `--from`, `--until` and `--force` take the name of a transformation, a task "
        "such as `fit[depth=4]`, or a part of a point. A name that means nothing is refused, "
        "since leaving it out would run something else."
    ),
    example="reprocc submit pipeline.yaml --only fitt",
    mend="Write a name that the pipeline has.",
)

UPSTREAM_NOT_READY = Code(
    name="upstream-not-ready",
    severity="error",
    title="A selected task needs what would have to run first",
    explanation=(
        "Only selected tasks run. What they read from others must be in the store already, made "
        "by the code, arguments and inputs of today; else the result would be of something else."
    ),
    example="reprocc submit pipeline.yaml --only choose    # and nothing has run yet",
    mend="Run what is missing first: `--until NAME`.",
)

TASK_FAILED = Code(
    name="task-failed",
    severity="error",
    title="A task failed",
    explanation="The user's code raised, timed out, ran out of memory, or lost its worker.",
    example="python: penguins.model:fit    # raises ValueError",
    mend="Read the traceback and the log, mend the code, and submit again.",
)

WRONG_OUTPUT = Code(
    name="wrong-output",
    severity="error",
    title="A function did not give what its outputs promise",
    explanation=(
        "Every output has a kind, and a value of that kind must come back, or be written to the "
        "path that was given."
    ),
    example="outputs: [train]    # a table, but the function returned a list",
    mend="Return the kind of value that the artifact declares.",
)

INPUT_CHANGED = Code(
    name="input-changed",
    severity="error",
    title="A task changed its input files",
    explanation="Inputs are immutable; a task that changes them is not a function of them.",
    example="path.write_text(...)    # where `path` is an input",
    mend="Write to an output, or to a file in the working folder.",
)

CONTRACT_BROKEN = Code(
    name="contract-broken",
    severity="error",
    title="An output breaks its contract",
    explanation=(
        "What a task made is kept, but does not become a version, because the artifact's "
        "contract refuses it."
    ),
    example="rows: {minimum: 1}    # and the table is empty",
    mend="Mend the data or the code, or loosen the contract: then nothing is computed again.",
)
