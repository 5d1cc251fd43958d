"""Mistakes in the pipeline `chain`: how each is made, what it is called, and where it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Change = Callable[[Path], object]
SPEC = "pipeline.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A mistake, what it must be called, and `file:line:column` where."""

    name: str
    change: Change
    code: str
    place: str
    says: str


def edit(file: str, old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def write(file: str, data: str | bytes) -> Change:
    content = data if isinstance(data, bytes) else data.encode()
    return lambda folder: (folder / file).write_bytes(content)


def make_folder(folder: Path) -> None:
    (folder / SPEC).unlink()
    (folder / SPEC).mkdir()


def not_utf8(folder: Path) -> None:
    data = (folder / SPEC).read_bytes()
    (folder / SPEC).write_bytes(data.replace(b"Report", b"R\xe9port"))


def bomb() -> str:
    lines = ["reprocc: 1", "name: bomb", "x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    for old, new in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"x-{new}: &{new} [{', '.join([f'*{old}'] * 10)}]")
    return "\n".join([*lines, "artifacts: {}", "transformations: {}", ""])


DEEP = f"reprocc: 1\nname: deep\nx-deep: {'[' * 100_000}{']' * 100_000}\n"
OWNED = 'source: !!python/object/apply:os.system ["touch owned"]'


def case(name: str, change: Change, code: str, place: str, says: str) -> Case:
    return Case(name=name, change=change, code=code, place=place, says=says)


COMPILE = (
    case(
        "a misspelt key",
        edit(SPEC, "    outputs: [scaled]", "    output: [scaled]"),
        "unknown-key",
        "pipeline.yaml:28:5",
        "`output` is not a key of a transformation",
    ),
    case(
        "a misspelt section",
        edit(SPEC, "parameters:", "parameter:"),
        "unknown-key",
        "pipeline.yaml:5:1",
        "`parameter` is not a key of a pipeline",
    ),
    case(
        "an unknown artifact",
        edit(SPEC, "inputs: [raw]", "inputs: [row]"),
        "unknown-artifact",
        "pipeline.yaml:23:14",
        "`clean` reads `row`, which nothing produces",
    ),
    case(
        "a cycle",
        edit(SPEC, "inputs: [raw]", "inputs: {raw: scaled}"),
        "cycle",
        "pipeline.yaml:27:21",
        "a cycle: `clean` → `scale` → `clean`",
    ),
    case(
        "two producers",
        edit(SPEC, "outputs: [scaled]", "outputs: [scaled, cleaned]"),
        "two-origins",
        "pipeline.yaml:28:23",
        "`cleaned` has two origins",
    ),
    case(
        "a missing source",
        lambda folder: (folder / "data" / "raw.csv").unlink(),
        "missing-source",
        "pipeline.yaml:11:13",
        "source `data/raw.csv` does not exist",
    ),
    case(
        "a wrong parameter name for an input",
        edit(SPEC, "inputs: {table: cleaned}", "inputs: {tabel: cleaned}"),
        "unknown-argument",
        "pipeline.yaml:27:14",
        "`scale` has no parameter `tabel`",
    ),
    case(
        "a wrong parameter name for an argument",
        edit(SPEC, "arguments: {factor:", "arguments: {faktor:"),
        "unknown-argument",
        "pipeline.yaml:29:17",
        "`scale` has no parameter `faktor`",
    ),
    case(
        "YAML 100,000 deep",
        write(SPEC, DEEP),
        "too-deep",
        "pipeline.yaml:3:72",
        "values are nested more than 64 deep",
    ),
    case(
        "an alias bomb",
        write(SPEC, bomb()),
        "alias-expansion",
        "pipeline.yaml:7:38",
        "aliases repeat more than 100,000 values",
    ),
    case(
        "a tag that would call",
        edit(SPEC, "source: data/raw.csv", OWNED),
        "yaml-tag",
        "pipeline.yaml:11:13",
        "the tag `!!python/object/apply:os.system` cannot stand in a pipeline file",
    ),
    case(
        "a tag for an object",
        edit(SPEC, "name: chain", "name: !!python/object:os.system chain"),
        "yaml-tag",
        "pipeline.yaml:3:7",
        "the tag `!!python/object:os.system` cannot stand in a pipeline file",
    ),
    case(
        "bytes that are no UTF-8",
        not_utf8,
        "not-utf8",
        "pipeline.yaml:7:35",
        "byte 0xe9 is not UTF-8",
    ),
    case(
        "an empty file",
        write(SPEC, ""),
        "empty-file",
        "pipeline.yaml:1:1",
        "the file holds no pipeline",
    ),
    case(
        "a missing file",
        lambda folder: (folder / SPEC).unlink(),
        "unreadable-spec",
        "pipeline.yaml:1:1",
        "the pipeline file does not exist",
    ),
    case(
        "a folder",
        make_folder,
        "unreadable-spec",
        "pipeline.yaml:1:1",
        "the pipeline file is a folder, not a file",
    ),
    case(
        "code with a mistake of syntax",
        edit("stages/lib/third.py", "return value * factor", "return value *"),
        "invalid-python",
        "stages/lib/third.py:2:19",
        "`stages/lib/third.py` is not valid Python",
    ),
    case(
        "code that is no text",
        write("stages/clean.py", b"# \xe9\ndef clean(raw):\n    return raw\n"),
        "unreadable-code",
        "stages/clean.py:1:1",
        "`stages/clean.py` cannot be read: its bytes are no text",
    ),
)

REFUSED = (
    case(
        "a source with a text for a number",
        edit("data/raw.csv", "5,-3.5", "x,-3.5"),
        "source-refused",
        "pipeline.yaml:11:13",
        "line 6 of `data/raw.csv`: `id` is `x`, which is no `int64`",
    ),
    case(
        "a source that breaks its contract",
        edit(SPEC, "value: {type: float64}", "value: {type: float64, minimum: 0}"),
        "source-refused",
        "pipeline.yaml:11:13",
        "`raw` breaks its contract: `value` has 1 value below 0",
    ),
    case(
        "a module that is not installed",
        edit("stages/clean.py", "def clean", "import no_such_module\n\n\ndef clean"),
        "missing-module",
        "pipeline.yaml:21:3",
        "the code of `clean` imports `no_such_module`, which is not installed",
    ),
)

RETURN = 'return raw.filter(raw["value"].is_valid())'
FAILING = (
    case(
        "a wrong returned type",
        edit("stages/clean.py", RETURN, "return [1, 2]"),
        "wrong-output",
        "pipeline.yaml:21:3",
        "`clean` returned `list` for `cleaned`, not a table",
    ),
    case(
        "an exception",
        edit("stages/clean.py", RETURN, 'raise ValueError("no good")'),
        "task-failed",
        "pipeline.yaml:21:3",
        "`clean` raised ValueError: no good",
    ),
    case(
        "sys.exit",
        edit("stages/clean.py", RETURN, "raise SystemExit"),
        "task-failed",
        "pipeline.yaml:21:3",
        "`clean` ended its process with `sys.exit()`",
    ),
    case(
        "an output that breaks its contract",
        edit(SPEC, "require: {size: {minimum: 1}}", "require: {size: {minimum: 2}}"),
        "contract-broken",
        "pipeline.yaml:36:3",
        "`scores[width=1]` breaks its contract: `size` is 1, below 2",
    ),
)
