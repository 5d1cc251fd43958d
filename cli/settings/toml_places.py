"""Where the keys of a TOML text stand, which `tomllib` does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...compiler.source import Source, Span, line_starts, line_text

Path = tuple[str, ...]
_PART = r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'"""
_DOTTED = rf"(?:{_PART})(?:\s*\.\s*(?:{_PART}))*"
_TABLE = re.compile(rf"\s*\[\s*(?P<key>{_DOTTED})\s*\]")
_SETTING = re.compile(rf"\s*(?P<key>{_DOTTED})\s*=\s*")
_VALUE = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^"'#])*""")
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


class TomlPlaces:
    """The spans of tables, keys and values of one text; a scan by lines, right but for what nobody
    writes (a line of a long string that looks like a setting)."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._keys: dict[Path, Span] = {}
        self._values: dict[Path, Span] = {}
        for key, name, value in _scan(source):
            self._keys.setdefault(key, name)
            if value is not None:
                self._values.setdefault(key, value)

    def key(self, path: Path) -> Span:
        """Return where a key or table is named: the nearest around it where it is not found."""
        while path and path not in self._keys:
            path = path[:-1]
        return self._keys.get(path, Span(self._source, 0, 0))

    def value(self, path: Path) -> Span:
        """Return where the value of a key stands, or else the key."""
        return self._values.get(path) or self.key(path)


def error_place(source: Source, words: str) -> Span:
    """Return the place that the words of a `TOMLDecodeError` name, up to the end of the line."""
    found = _PLACE.search(words)
    starts = line_starts(source.text)
    last = len(line_starts(source.text.rstrip()))
    line = last if found is None else min(int(found[1]), len(starts))
    text = line_text(source, line).rstrip()
    column = len(text) if found is None else int(found[2]) - 1
    if column >= len(text) - 1:  # what is wrong is seen at the end of the line, and is all of it
        column = len(text) - len(text.lstrip())
    start = starts[line - 1]
    return Span(source, start + column, start + len(text))


def _scan(source: Source) -> Iterator[tuple[Path, Span, Span | None]]:
    """Yield path, place of the name, and place of the value of each line that has a name."""
    table: Path = ()
    for number, start in enumerate(line_starts(source.text), 1):
        text = line_text(source, number)
        header = _TABLE.match(text)
        if header is not None:
            table = _parts(header["key"])
            yield table, _span(source, start, header), None
            continue
        setting = _SETTING.match(text)
        if setting is not None:
            value = _VALUE.match(text, setting.end())
            assert value is not None, "the pattern matches the empty text"
            begin, end = start + setting.end(), start + setting.end() + len(value[0].rstrip())
            key = (*table, *_parts(setting["key"]))
            yield key, _span(source, start, setting), Span(source, begin, end)


def _span(source: Source, start: int, match: re.Match[str]) -> Span:
    return Span(source, start + match.start("key"), start + match.end("key"))


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
