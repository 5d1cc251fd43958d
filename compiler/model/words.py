"""The words of the language: what a single value may be, for the model and the schema alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from keyword import iskeyword
from typing import Annotated, Any, LiteralString

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..columns import column_type
from ..units import DURATION_PATTERN, MEMORY_PATTERN

NAME_PATTERN = r"^[a-z][a-z0-9_]*$"
IDENTIFIER_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"
EXPRESSION_PATTERN = r"\$\{"
LITERAL_PATTERN = r"^(?![\s\S]*\$\{)"


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    # `$` is the end in JSON Schema; in Python it is also the place before a last line break.
    return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", pattern))


@dataclass(frozen=True, slots=True)
class Text:
    """Text of one form. `expected` finishes the sentence "must be …"; `code` names the mistake."""

    pattern: str
    expected: str
    code: LiteralString = "wrong-value"
    accepts: Callable[[str], bool] | None = None

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        if not self.pattern:
            return {"type": "string"}
        message = f"must be {self.expected}"
        return {"type": "string", "pattern": self.pattern, "patternErrorMessage": message}

    def check(self, value: Any) -> Any:
        """Return the value. Raises PydanticCustomError where it is not of this form."""
        if not isinstance(value, str):
            code: LiteralString = self.code if self.code == "bad-unit" else "wrong-type"
            raise PydanticCustomError(code, "{expected}", {"expected": self.expected})
        fits = _compiled(self.pattern).search(value) is not None
        if not fits or (self.accepts is not None and not self.accepts(value)):
            raise PydanticCustomError(self.code, "{expected}", {"expected": self.expected})
        return value


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with bounds, or, unless `literal`, text with an expression in it."""

    expected: str
    whole: bool = False
    minimum: int | None = None
    below: int | None = None
    literal: bool = False

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        number = "integer" if self.whole else "number"
        found: dict[str, Any] = {"type": number if self.literal else [number, "string"]}
        if not self.literal:
            found["pattern"] = EXPRESSION_PATTERN
            found["patternErrorMessage"] = f"must be {self.expected}, or an expression `${{…}}`"
        if self.minimum is not None:
            found["minimum"] = self.minimum
        if self.below is not None:
            found["exclusiveMaximum"] = self.below
        return found

    def check(self, value: Any) -> Any:
        """Return the value. Raises PydanticCustomError where it is no such number."""
        expected = self.expected if self.literal else f"{self.expected}, or an expression"
        if isinstance(value, str) and not self.literal and "${" in value:
            return value
        # JSON Schema calls 2.0 an integer; identities tell 2 from 2.0, so here it is none.
        fits = isinstance(value, int if self.whole else int | float)
        if not fits or isinstance(value, bool):
            raise PydanticCustomError("wrong-type", "{expected}", {"expected": expected})
        if (self.minimum is not None and value < self.minimum) or (
            self.below is not None and value >= self.below
        ):
            raise PydanticCustomError("wrong-value", "{expected}", {"expected": expected})
        return value


@dataclass(frozen=True, slots=True)
class OneNumber:
    """One integer and no other, nor a boolean or fraction that Python takes for it."""

    number: int

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "integer", "const": self.number}

    def check(self, value: Any) -> Any:
        """Return the value. Raises PydanticCustomError where it is another."""
        if type(value) is not int or value != self.number:
            raise PydanticCustomError("literal_error", "{expected}", {"expected": self.number})
        return value


@dataclass(frozen=True, slots=True)
class Plain:
    """A scalar of one of some types: `boolean`, `integer`, `number`, `string`."""

    expected: str
    types: tuple[str, ...]
    literal: bool = False

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        if not self.literal:
            return {"type": list(self.types)}
        message = "must be a literal value"
        return {
            "type": list(self.types),
            "pattern": LITERAL_PATTERN,
            "patternErrorMessage": message,
        }

    def check(self, value: Any) -> Any:
        """Return the value. Raises PydanticCustomError where it is of another type."""
        if isinstance(value, bool):
            fits = "boolean" in self.types
        elif isinstance(value, int | float):
            fits = "number" in self.types
        else:
            fits = isinstance(value, str) and "string" in self.types
        if not fits:
            raise PydanticCustomError("wrong-type", "{expected}", {"expected": self.expected})
        if self.literal and isinstance(value, str) and "${" in value:
            raise PydanticCustomError("wrong-value", "{expected}", {"expected": "a literal value"})
        return value


@dataclass(frozen=True, slots=True)
class Distinct:
    """A list whose entries differ; the mistake says which two are equal."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "uniqueItems": True}

    def check(self, value: list[Any]) -> list[Any]:
        """Return the list. Raises PydanticCustomError at the first entry that is there already."""
        first: dict[tuple[str, str], int] = {}
        for index, item in enumerate(value):
            seen = first.setdefault((type(item).__name__, repr(item)), index)
            if seen != index:
                raise PydanticCustomError(
                    "duplicate-entry", "{index}", {"index": index, "first": seen}
                )
        return value


def is_parameter(text: str) -> bool:
    """Say whether a Python function can have a parameter of this name."""
    return text.isidentifier() and not iskeyword(text)


def _is_entry_point(text: str) -> bool:
    module, _, function = text.partition(":")
    return all(is_parameter(part) for part in (*module.split("."), function))


def _is_module(text: str) -> bool:
    return all(is_parameter(part) for part in text.split("."))


AnyText = Annotated[str, Text("", "a text")]
CommandWord = Annotated[
    bool | int | float | str,
    Plain("a text, a number or a boolean", ("boolean", "number", "string")),
]
SomeText = Annotated[str, Text(r"\S", "a text that is not empty")]
PipelineName = Annotated[
    str, Text(r"^[a-z][a-z0-9-]*$", "a name of a-z, 0-9 and -, first a letter", "bad-name")
]
ItemName = Annotated[
    str, Text(NAME_PATTERN, "a name of a-z, 0-9 and _, first a letter", "bad-name")
]
AxisName = Annotated[
    str,
    Text(
        r"^(?!(?:include|exclude)$)[a-z][a-z0-9_]*$",
        "a name of a-z, 0-9 and _, first a letter",
        "bad-name",
    ),
]
ParameterName = Annotated[
    str, Text(IDENTIFIER_PATTERN, "a name that Python allows", "bad-name", is_parameter)
]
VariableName = Annotated[
    str, Text(IDENTIFIER_PATTERN, "a name of letters, digits and _", "bad-name")
]
EntryPoint = Annotated[
    str,
    Text(
        r"^[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*$",
        "`package.module:function`",
        "bad-entry-point",
        _is_entry_point,
    ),
]
ModuleName = Annotated[
    str,
    Text(r"^[A-Za-z_][A-Za-z0-9_.]*$", "the name of a Python module", "bad-name", _is_module),
]
ColumnType = Annotated[
    str,
    Text(
        r"^\s*(?:bool|u?int(?:8|16|32|64)|float(?:16|32|64)|string|binary|date|time|decimal\s*\(.*\)"
        r"|timestamp\s*\[.*\]|duration\s*\[.*\]|(?:list|struct|map)\s*<.*>)\s*$",
        "a column type",
        "bad-column-type",
        lambda text: column_type(text) is not None,
    ),
]
Memory = Annotated[
    str,
    Text(rf"^(?:{MEMORY_PATTERN})$|\$\{{", "an amount such as `512MiB` or `4GB`", "bad-unit"),
]
LiteralMemory = Annotated[
    str, Text(rf"^(?:{MEMORY_PATTERN})$", "an amount such as `512MiB` or `4GB`", "bad-unit")
]
NextMemory = Annotated[
    str,
    Text(
        rf"^(?:[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?x|{MEMORY_PATTERN})$",
        "a factor such as `2x`, or an amount such as `64GiB`",
        "bad-unit",
    ),
]
Duration = Annotated[
    str,
    Text(rf"^(?:{DURATION_PATTERN})$|\$\{{", "a duration such as `30s`, `10m` or `2h`", "bad-unit"),
]
LiteralDuration = Annotated[
    str, Text(rf"^(?:{DURATION_PATTERN})$", "a duration such as `30s`, `10m` or `2h`", "bad-unit")
]
Sha256 = Annotated[str, Text(r"^[0-9a-f]{64}$", "64 digits of 0-9 and a-f")]
FileFormat = Annotated[
    str, Text(r"^[A-Za-z0-9][A-Za-z0-9._+-]*$", "a suffix such as `png`, without a dot before it")
]
SourceText = Annotated[
    str,
    Text(
        r"^(?![A-Za-z][A-Za-z0-9+.-]*://)[\s\S]*\S",
        "a path relative to the file; URLs are not supported yet",
        "not-supported-yet",
    ),
]
Bound = Annotated[bool | int | float | str, Plain("a number or a text", ("number", "string"))]
AxisScalar = Annotated[
    bool | int | float | str,
    Plain("a boolean, a number or a text", ("boolean", "number", "string")),
]
LiteralScalar = Annotated[
    bool | int | float | str,
    Plain("a boolean, a number or a text", ("boolean", "number", "string"), literal=True),
]
MetricPath = Annotated[
    str,
    Text(r"^[^.]+(?:\.[^.]+)*$", "a dotted path such as `test.accuracy`", "bad-name"),
]
NumberBound = Annotated[int | float | str, Quantity("a number")]
RowBound = Annotated[int | str, Quantity("a whole number from 0", whole=True, minimum=0)]
Amount = Annotated[int | float | str, Quantity("a number from 0", minimum=0)]
Threads = Annotated[int | str, Quantity("a whole number from 1", whole=True, minimum=1)]
Attempts = Annotated[int, Quantity("a whole number from 1", whole=True, minimum=1, literal=True)]
TaskSeed = Annotated[
    int | str, Quantity("a whole number from 0 below 2**31", whole=True, minimum=0, below=2**31)
]
PipelineSeed = Annotated[
    int,
    Quantity("a whole number from 0 below 2**31", whole=True, minimum=0, below=2**31, literal=True),
]
