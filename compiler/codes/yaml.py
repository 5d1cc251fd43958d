"""What can be wrong with a file before it means anything: bytes, characters, YAML."""

from __future__ import annotations

from ..diagnostic import Code

NOT_UTF8 = Code(
    name="not-utf8",
    severity="error",
    title="The file is not UTF-8",
    explanation=(
        "A pipeline file is text in UTF-8. Bytes that are not would be read differently on "
        "another machine, so nothing is guessed."
    ),
    example='A file saved as Latin-1 that holds `description: "é"`.',
    mend="Save the file as UTF-8.",
)
UNPRINTABLE_CHARACTER = Code(
    name="unprintable-character",
    severity="error",
    title="A character that a file must not hold as itself",
    explanation=(
        "Control characters cannot be seen, and parsers disagree about them; U+0085, U+2028 and "
        "U+2029 end a line for some parsers and not for others."
    ),
    example="A NUL byte in the middle of a name.",
    mend='Remove the character, or write it as an escape in a quoted text: `"\\u2028"`.',
)
YAML_SYNTAX = Code(
    name="yaml-syntax",
    severity="error",
    title="The file is not YAML",
    explanation="The text cannot be read as YAML, so nothing after this place is known.",
    example="inputs: [train, test",
    mend="Close what was opened, mend the indentation, or quote the text.",
)
UNQUOTED_EXPRESSION = Code(
    name="unquoted-expression",
    severity="error",
    title="An expression in flow style without quotes",
    explanation=(
        "Inside `[…]` and `{…}` YAML reads the `{` of `${…}` as the beginning of a mapping, so "
        "an expression there must be quoted."
    ),
    example="arguments: {trees: ${parameters.trees}}",
    mend='Quote it: `arguments: {trees: "${parameters.trees}"}`.',
)
TAB_INDENTATION = Code(
    name="tab-indentation",
    severity="error",
    title="A tab where YAML wants spaces",
    explanation=(
        "YAML is indented with spaces; a tab has no agreed width. Between words readers of YAML "
        "disagree about tabs. They may stand in quoted texts, block texts and comments."
    ),
    example="artifacts:\n\ttrain: {kind: table}",
    mend="Replace the tab with spaces.",
)
EMPTY_FILE = Code(
    name="empty-file",
    severity="error",
    title="The file holds nothing",
    explanation="A pipeline file is one mapping; this one has no content but comments.",
    example="# nothing here yet",
    mend="Write a pipeline; it begins with `reprocc: 1`.",
)
DUPLICATE_KEY = Code(
    name="duplicate-key",
    severity="error",
    title="A key is written twice in one mapping",
    explanation=(
        "Many YAML readers keep the last of two equal keys without a word, so half of what was "
        "written would be lost."
    ),
    example="artifacts:\n  train: {kind: table}\n  train: {kind: file}",
    mend="Remove one of them, or give it another name.",
)
NON_STRING_KEY = Code(
    name="non-string-key",
    severity="error",
    title="A key that is not text",
    explanation=(
        "Keys are text. YAML reads `1`, `true` and `null` as a number, a boolean and null, and "
        "lists and mappings can be keys as well; none of them names anything here."
    ),
    example="matrix:\n  family:\n    1: small",
    mend='Quote the key: `"1": small`.',
)
YAML_TAG = Code(
    name="yaml-tag",
    severity="error",
    title="A YAML tag",
    explanation=(
        "Tags such as `!!python/object` ask the reader to make something else of a value. "
        "A pipeline file is plain data, the same for every reader."
    ),
    example="seed: !!int '7'",
    mend="Remove the tag and write the value as it is.",
)
MERGE_KEY = Code(
    name="merge-key",
    severity="error",
    title="A merge key",
    explanation="`<<` is no part of YAML 1.2; readers that know it disagree about what wins.",
    example="fit:\n  <<: *defaults",
    mend="Write the keys out, or use an alias for one whole value.",
)
SECOND_DOCUMENT = Code(
    name="second-document",
    severity="error",
    title="More than one document in a file",
    explanation="A pipeline file holds one document; what follows `---` would be ignored.",
    example="name: penguins\n---\nname: seals",
    mend="Keep one document in each file.",
)
NON_FINITE_NUMBER = Code(
    name="non-finite-number",
    severity="error",
    title="A number that is not finite",
    explanation=(
        "Not-a-number and infinities have no canonical form, so no identity could be taken of "
        "them; a number too large for 64 bits would become one."
    ),
    example="minimum: .nan",
    mend="Write a finite number, or leave the key out.",
)
NUMBER_TOO_LONG = Code(
    name="number-too-long",
    severity="error",
    title="A number with too many digits",
    explanation="A number may have 400 characters; no 64-bit number needs as many.",
    example="seed: 1000…000",
    mend="Write a shorter number, or quote it if it is a text.",
)
UNKNOWN_ALIAS = Code(
    name="unknown-alias",
    severity="error",
    title="An alias that names no anchor",
    explanation=(
        "A plain value that begins with `*` is a YAML alias: it repeats what an anchor `&name` "
        "marked before. A pattern of file names such as `*.csv` must therefore be quoted."
    ),
    example="source: *.csv",
    mend='Quote the pattern: `source: "*.csv"`.',
)
SELF_ALIAS = Code(
    name="self-alias",
    severity="error",
    title="An alias inside of what it repeats",
    explanation="A value that contains itself has no end.",
    example="x-loop: &loop [*loop]",
    mend="Move the alias out of the value that its anchor marks.",
)
ALIAS_EXPANSION = Code(
    name="alias-expansion",
    severity="error",
    title="Aliases that unfold to too much",
    explanation=(
        "Aliases of aliases can make a short file unfold to billions of values. All aliases of a "
        "file together may repeat 100,000 values."
    ),
    example="x-a: &a [x, x]\nx-b: &b [*a, *a]\nx-c: &c [*b, *b]",
    mend="Use fewer aliases, or a `matrix` for what differs in a few values.",
)
TOO_DEEP = Code(
    name="too-deep",
    severity="error",
    title="Values nested too deeply",
    explanation="Lists and mappings may be nested 64 deep; no pipeline needs as much.",
    example="x: [[[[[[[[…]]]]]]]]",
    mend="Nest less.",
)
