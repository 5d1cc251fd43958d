"""What can be wrong with the shape of a pipeline: keys, types, words and units."""

from __future__ import annotations

from ..diagnostic import Code

LANGUAGE_VERSION = Code(
    name="language-version",
    severity="error",
    title="The file is written in another version of the language",
    explanation=(
        "`reprocc:` says which version of the language a file is written in. This compiler knows "
        "version 1, and reading another as if it were that would guess."
    ),
    example="reprocc: 2",
    mend="Write `reprocc: 1`, or use a newer reprocc.",
)
UNKNOWN_KEY = Code(
    name="unknown-key",
    severity="error",
    title="A key that the language does not have",
    explanation=(
        "The language is closed: a key that it does not know is a mistake and not a comment, as "
        "otherwise a misspelt key would silently do nothing. Keys that begin with `x-` are "
        "ignored at the top level."
    ),
    example="transformations:\n  fit:\n    python: model:fit\n    output: [model]",
    mend="Correct the key, or remove it.",
)
NOT_SUPPORTED_YET = Code(
    name="not-supported-yet",
    severity="error",
    title="A part of the language that this version does not carry out",
    explanation=(
        "The language has this, but this version of reprocc cannot carry it out yet; ignoring it "
        "would give another result than what the file says."
    ),
    example="transformations:\n  fit:\n    python: model:fit\n    shards: {over: a, rows: 9}",
    mend="Write it another way, or use a newer reprocc.",
)
MISPLACED_KEY = Code(
    name="misplaced-key",
    severity="error",
    title="A key that belongs to something else",
    explanation="The language has this key, but not here, where it would do nothing.",
    example="artifacts:\n  model:\n    kind: checkpoint\n    columns: {a: {type: int64}}",
    mend="Remove the key, or move it to where it belongs.",
)
EXCLUSIVE_KEYS = Code(
    name="exclusive-keys",
    severity="error",
    title="Keys of which only one can stand",
    explanation=(
        "A transformation is a Python function, a command or a query: exactly one of `python`, "
        "`command` and `sql` says what it does."
    ),
    example="transformations:\n  fit:\n    python: model:fit\n    command: python fit.py",
    mend="Keep one of them, or make two transformations.",
)
MISSING_KEY = Code(
    name="missing-key",
    severity="error",
    title="A key is missing",
    explanation="Without this key it is not known what is meant.",
    example="artifacts:\n  model: {}",
    mend="Add the key.",
)
WRONG_TYPE = Code(
    name="wrong-type",
    severity="error",
    title="A value of another type than the key takes",
    explanation="Nothing is converted: a number is no text, and a list is no mapping.",
    example="artifacts: [train, test]",
    mend="Write a value of the type that the key takes.",
)
WRONG_VALUE = Code(
    name="wrong-value",
    severity="error",
    title="A value that the key does not take",
    explanation="The key takes some values only, and this is none of them.",
    example="artifacts:\n  model: {kind: modell}",
    mend="Write one of the values that the key takes.",
)
UNQUOTED_TEXT = Code(
    name="unquoted-text",
    severity="error",
    title="A text that YAML reads as something else",
    explanation=(
        "Without quotes YAML reads `3.10` as the number 3.1, `false` as a boolean and `10` as an "
        "integer. Where text is meant, quotes keep it as it is written."
    ),
    example="environments:\n  default: {variables: {TOKENIZERS_PARALLELISM: false}}",
    mend='Quote it: `"false"`.',
)
BAD_NAME = Code(
    name="bad-name",
    severity="error",
    title="A name that cannot be one",
    explanation=(
        "Names of artifacts, transformations, parameters, axes and environments begin with a "
        "letter a-z and go on with a-z, 0-9 and _; a pipeline's name has - in the place of _. "
        "Names that become parameters of a Python function are Python identifiers and no words "
        "of Python. Names never hold expressions, so that the graph is known before anything is "
        "evaluated."
    ),
    example="artifacts:\n  Train-Set: {kind: table}",
    mend="Choose another name: `train_set`.",
)
BAD_ENTRY_POINT = Code(
    name="bad-entry-point",
    severity="error",
    title="Text that names no Python function",
    explanation=(
        "`python:` names a function at the top of a module below the code folder, as "
        "`package.module:function`."
    ),
    example="python: penguins/model.py",
    mend="Write `penguins.model:fit`.",
)
BAD_COLUMN_TYPE = Code(
    name="bad-column-type",
    severity="error",
    title="A column type that does not exist",
    explanation=(
        "Column types are bool, int8 to int64, uint8 to uint64, float16, float32, float64, "
        "decimal(p,s), string, binary, date, time, timestamp[unit], timestamp[unit, zone], "
        "duration[unit], list<T>, struct<name: T> and map<K, V>; a unit is s, ms, us or ns."
    ),
    example="columns:\n  age: {type: integer}",
    mend="Write one of them: `int64`.",
)
BAD_UNIT = Code(
    name="bad-unit",
    severity="error",
    title="An amount without a unit, or with one that does not exist",
    explanation=(
        "Memory is an integer with B, KB, MB, GB, TB, KiB, MiB, GiB or TiB; a duration is an "
        "integer with ms, s, m, h or d. A bare number could mean anything."
    ),
    example="timeout: 10",
    mend="Write the unit: `10m`.",
)
DUPLICATE_ENTRY = Code(
    name="duplicate-entry",
    severity="error",
    title="An entry stands twice in a list",
    explanation="The entries of this list differ from each other; one of the two says nothing.",
    example="inputs: [train, train]",
    mend="Remove one of them.",
)
DUPLICATE_PARAMETER = Code(
    name="duplicate-parameter",
    severity="error",
    title="A parameter of the function is given twice",
    explanation=(
        "`inputs`, `gather` and `arguments` of a transformation together are the keyword "
        "arguments of one call, so each name may stand once among them."
    ),
    example="inputs: [train]\narguments: {train: 3}",
    mend="Give one of them another parameter.",
)
