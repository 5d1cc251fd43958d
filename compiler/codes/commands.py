"""What can be wrong with commands."""

from __future__ import annotations

from ..diagnostic import Code

QUOTED_INTERPOLATION = Code(
    name="quoted-interpolation",
    severity="error",
    title="An interpolation where its value cannot be quoted",
    explanation=(
        "In a `command` that is a text, reprocc quotes every value and path, so that spaces and "
        "quotes in it do no harm. Inside quotes, backticks, a comment, a here-document, `${…}` or "
        "`$((…))` of the shell these quotes would become part of the value, or end it."
    ),
    example="command: grep '${parameters.word}' ${inputs.text} > ${outputs.found}",
    mend="Take the quotes away: `grep ${parameters.word}`.",
)
UNKNOWN_PATH = Code(
    name="unknown-path",
    severity="error",
    title="A command names an input or output that it does not have",
    explanation=(
        "`${inputs.NAME}` and `${outputs.NAME}` are the paths of what the transformation reads and "
        "makes, by the names that `inputs`, `gather` and `outputs` give."
    ),
    example="command: sort ${inputs.word}\ninputs: [words]",
    mend="Correct the name, or add it to `inputs` or `outputs`.",
)
PATH_IN_EXPRESSION = Code(
    name="path-in-expression",
    severity="error",
    title="A path stands inside an expression",
    explanation=(
        "Paths are known only where the task runs, after every expression has been evaluated. "
        "`${inputs.NAME}`, `${outputs.NAME}` and `${arguments}` therefore stand alone between "
        "their braces, and only in a `command`."
    ),
    example="command: sort ${inputs.words + '.txt'}",
    mend="Write the path alone: `${inputs.words}`, with text before or behind it.",
)
UNWRITTEN_OUTPUT = Code(
    name="unwritten-output",
    severity="error",
    title="A command never learns where to write an output",
    explanation=(
        "A command must write each of its outputs to the path that `${outputs.NAME}` stands for. "
        "A command that does not name it cannot know this path."
    ),
    example="command: python train.py\noutputs: [model]",
    mend="Pass the path: `python train.py --model ${outputs.model}`.",
)
UNUSED_INPUT = Code(
    name="unused-input",
    severity="warning",
    title="An input is declared but never read",
    explanation=(
        "The command does not name the path of the input, or the query does not read the table, "
        "so the input only makes it run again when it changes."
    ),
    example="command: date > ${outputs.now}\ninputs: [words]\noutputs: [now]",
    mend="Read it, or remove it from `inputs`.",
)
UNUSED_ARGUMENTS = Code(
    name="unused-arguments",
    severity="warning",
    title="A command has arguments that it never reads",
    explanation="The arguments stand in a JSON file, whose path is `${arguments}`.",
    example="command: sort ${inputs.words}\narguments: {reverse: true}",
    mend="Pass `${arguments}`, or write the values into the command with `${…}`.",
)
UNKNOWN_COMMAND_FILE = Code(
    name="unknown-command-file",
    severity="error",
    title="A command names a script that is not in the code folder",
    explanation=(
        "A command runs in a folder that holds exactly the files in its identity: those that its "
        "words name, relative to the code folder, those of `code`, and what the Python files among "
        "them import. A script that is not there could not run."
    ),
    example="command: python trian.py ${outputs.model}",
    mend="Correct the name, or say with `code` at the top level where the code lies.",
)
COMMENT_IN_COMMAND = Code(
    name="comment-in-command",
    severity="warning",
    title="A `#` ends a command",
    explanation=(
        "In a text without quotes YAML takes ` #` as the beginning of a comment, so what follows "
        "is no part of the command."
    ),
    example="command: grep # ${inputs.words} > ${outputs.found}",
    mend="Quote the command, or write it in a block after `|`.",
)
UNSUITED_FORM = Code(
    name="unsuited-form",
    severity="error",
    title="`as` where no file of a table is written or read",
    explanation=(
        "`as` says in which format a command reads or writes a table, or what is gathered as one. "
        "A function gets tables by its annotations, a query by name; artifacts of other kinds are "
        "files already."
    ),
    example="python: model:fit\ninputs: [{artifact: train, as: csv}]",
    mend="Remove `as`.",
)
