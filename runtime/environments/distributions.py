"""The distributions installed along a search path, read from their own files."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_FOLDER = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)(?:-py\d[^-]*)?\.(?:dist|egg)-info\Z")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_ONE_EXTRA = re.compile(r"""\s*extra\s*==\s*(['"])([A-Za-z0-9._-]+)\1\s*\Z""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One installed distribution: its normalised name, its version, its folder of metadata."""

    name: str
    version: str
    folder: str


class Installed:
    """The distributions along a search path; of two with one name the first counts."""

    __slots__ = ("_by_name", "_path", "_top_level")

    def __init__(self, path: Iterable[str]) -> None:
        self._path = tuple(path)
        self._by_name: dict[str, Distribution] = {}
        self._top_level: dict[str, list[Distribution]] = {}
        for found in _scan(self._path):
            self._by_name.setdefault(found.name, found)
        for found in self._by_name.values():
            for module in (_read(found, "top_level.txt") or "").split():
                self._top_level.setdefault(module, []).append(found)

    def named(self, name: str) -> Distribution | None:
        """Return the distribution of a name in any spelling, or None."""
        return self._by_name.get(normalised(name))

    def all(self) -> tuple[Distribution, ...]:
        """Return every distribution, sorted by name."""
        return tuple(self._by_name[name] for name in sorted(self._by_name))

    def owners(self, modules: Iterable[str]) -> dict[str, list[Distribution]]:
        """Return, for each top-level module that a distribution brings, those that bring it.

        A namespace may have many. What a distribution declares in `top_level.txt` is believed;
        else the list of its files is searched.
        """
        owners = {module: list(self._top_level.get(module, ())) for module in modules}
        open_ones = [name for name, found in owners.items() if not found or self._is_shared(name)]
        if open_ones:
            words = "|".join(re.escape(name) for name in open_ones)
            # A module is a folder, or a file of Python or of machine code, at the top.
            listed = re.compile(
                rf'^"?({words})(?:/|\.py,|(?:\.[\w-]+)?\.(?:so|pyd),)', re.MULTILINE
            )
            declared = {found for all_found in self._top_level.values() for found in all_found}
            for found in self._by_name.values():
                record = None if found in declared else _read(found, "RECORD")
                for module in sorted(set(listed.findall(record or ""))):
                    owners[module].append(found)
        return {module: found for module, found in owners.items() if found}

    def _is_shared(self, module: str) -> bool:
        folders = [os.path.join(entry, module) for entry in self._path]
        found = [folder for folder in folders if os.path.isdir(folder)]
        return bool(found) and not any(
            os.path.isfile(os.path.join(folder, "__init__.py")) for folder in found
        )


def normalised(name: str) -> str:
    """Return a distribution's name as all its spellings are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_editable(distribution: Distribution) -> bool:
    """Say whether its modules lie in a working tree, so that its version says little."""
    text = _read(distribution, "direct_url.json")
    try:
        record = json.loads(text) if text is not None else {}
    except ValueError:
        return False
    folder = record.get("dir_info") if isinstance(record, dict) else None
    return isinstance(folder, dict) and folder.get("editable") is True


def requirements(
    distribution: Distribution, extras: frozenset[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Go through what a distribution requires here, with extras of its own asked for.

    Yields normalised names and the extras that are asked of them.
    """
    for line in _required(distribution):
        match = _REQUIREMENT.match(line)
        if match is None or not _applies(_marker(line), extras):
            continue
        asked = (match[2] or "").split(",")
        yield (
            normalised(match[1]),
            frozenset(normalised(extra.strip()) for extra in asked if extra.strip()),
        )


def _scan(path: Iterable[str]) -> Iterator[Distribution]:
    for entry in path:
        try:
            names = sorted(os.listdir(entry or "."))
        except OSError:
            continue
        for name in names:
            match = _FOLDER.match(name)
            if match is not None:
                yield Distribution(
                    name=normalised(match["name"]),
                    version=match["version"],
                    folder=os.path.join(entry, name),
                )


def _read(distribution: Distribution, name: str) -> str | None:
    try:
        with open(os.path.join(distribution.folder, name), "rb") as file:
            return file.read().decode("utf-8", "replace")
    except OSError:
        return None


def _required(distribution: Distribution) -> Iterable[str]:
    if distribution.folder.endswith(".egg-info"):
        from importlib import metadata  # the old format is rare, and costly to import the reader of

        return metadata.Distribution.at(distribution.folder).requires or ()
    head = (_read(distribution, "METADATA") or "").replace("\r\n", "\n").partition("\n\n")[0]
    prefix = "requires-dist:"
    return [line[len(prefix) :] for line in head.split("\n") if line.lower().startswith(prefix)]


def _marker(line: str) -> str:
    # In `name @ url ; marker` only a semicolon after white space ends the address.
    before, separator, marker = line.partition(" ;" if "@" in line else ";")
    return marker if separator and before else ""


def _applies(marker: str, extras: frozenset[str]) -> bool:
    if not marker.strip():
        return True
    only = _ONE_EXTRA.match(marker)
    if only is not None:
        return normalised(only[2]) in extras
    from packaging.markers import InvalidMarker, Marker

    try:
        parsed = Marker(marker)
    except InvalidMarker:
        return True
    return any(parsed.evaluate({"extra": extra}) for extra in ("", *sorted(extras)))
