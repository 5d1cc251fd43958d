"""Codes of what can be wrong with a user's code and the names that lead to it."""

from __future__ import annotations

from ..diagnostic import Code

UNKNOWN_MODULE = Code(
    name="unknown-module",
    severity="error",
    title="A transformation names a module that is not in the code folder",
    explanation=(
        "The function of a transformation is looked for below the pipeline's code folder: the"
        " folder of the file, or the one that `code` names. Modules that are only installed"
        " cannot be named; a function of your own may call them."
    ),
    example="python: penguins.modle:fit   # the file is penguins/model.py",
    mend="Correct the name, or say with `code` at the top level where the code lies.",
)

UNKNOWN_FUNCTION = Code(
    name="unknown-function",
    severity="error",
    title="The module has no function of that name",
    explanation=(
        "The module was read, and neither defines the function, nor imports it from another module,"
        " nor assigns it. Functions that a module makes only when it runs (through `globals()` or"
        " `setattr`) cannot be seen."
    ),
    example="python: penguins.model:fitt   # the function is called fit",
    mend="Correct the name, or define the function in the module.",
)

NOT_A_FUNCTION = Code(
    name="not-a-function",
    severity="error",
    title="What a transformation names is not a plain function",
    explanation=(
        "A transformation calls a function and takes what it returns. A class gives an object, an"
        " async function something that nobody awaits, and a value cannot be called."
    ),
    example="python: penguins.model:Model   # class Model: ...",
    mend="Write a function that does the work and returns the outputs, and name that.",
)

INVALID_PYTHON = Code(
    name="invalid-python",
    severity="error",
    title="A Python file has a syntax error",
    explanation=(
        "The code that a transformation can reach is read to check the function's parameters and"
        " to know when it changes. This file cannot be read as Python by the version that runs"
        " reprocc."
    ),
    example="def fit(train:\n    return train",
    mend="Correct the file at the place shown, or run reprocc with the Python it was written for.",
)

UNREADABLE_CODE = Code(
    name="unreadable-code",
    severity="error",
    title="A Python file cannot be read as text",
    explanation=(
        "The file cannot be opened, or its bytes are no text in the encoding that it declares"
        " (UTF-8 where it declares none)."
    ),
    example="a file in Latin-1 without a line such as `# -*- coding: latin-1 -*-`",
    mend="Save the file as UTF-8, or give yourself the right to read it.",
)

UNKNOWN_IMPORT = Code(
    name="unknown-import",
    severity="error",
    title="A module of the project imports one that does not exist",
    explanation=(
        "The package is in the code folder, but the module that is imported from it is not, so the"
        " import would fail when the transformation runs. Imports whose failure is caught by `try`"
        " are not reported."
    ),
    example="from penguins.scalers import scale   # there is no penguins/scalers.py",
    mend="Correct the import, or add the module.",
)

NO_CODE_FILES = Code(
    name="no-code-files",
    severity="error",
    title="A pattern under `code` matches no file",
    explanation=(
        "`code` of a transformation names further files that decide its result, relative to the"
        " code folder. A pattern without files guards nothing, and is most often a misspelling."
    ),
    example="code: [lookup/*.cvs]",
    mend="Correct the pattern, or remove it.",
)

CODE_OUTSIDE_FOLDER = Code(
    name="code-outside-folder",
    severity="error",
    title="A pattern under `code` leaves the code folder",
    explanation=(
        "The files of a transformation travel to the machine that runs it with their places"
        " relative to the code folder. A file outside of it has no such place."
    ),
    example="code: [../shared/table.csv]",
    mend="Move the file into the code folder, or make it an artifact with a `source`.",
)

HIDDEN_MODULE = Code(
    name="hidden-module",
    severity="warning",
    title="A module of the project hides one of Python's own",
    explanation=(
        "The code folder comes first where Python looks for modules, so every library that "
        "imports the standard module gets the project's instead; or the project gets the standard "
        "one, where that was imported before."
    ),
    example="random.py in the code folder",
    mend="Rename the module.",
)

COMPUTED_IMPORT = Code(
    name="computed-import",
    severity="warning",
    title="Code imports a module whose name is computed",
    explanation=(
        "Which module is meant is known only when the code runs, so it may be missing there: a"
        " transformation is given the modules that its code imports by name. All of those count"
        " for it, for any of them may be meant."
    ),
    example='model = importlib.import_module(f"models.{name}")',
    mend="Name the modules with `code` in the transformation, or import them by name.",
)

COMPUTED_DATA = Code(
    name="computed-data",
    severity="warning",
    title="Code finds a file beside itself by a name that is computed",
    explanation=(
        "A file that is found by `__file__` or `importlib.resources` belongs to the code: it is"
        " taken along, and counts, where its name is literal. Where the name is computed, the file"
        " is not there when the code runs."
    ),
    example='table = Path(__file__).parent / f"{name}.csv"',
    mend="Name the files with `code` in the transformation, or give them a `source`.",
)
