"""What was settled outside of the command line: a settings file, a profile, the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..status import REFUSED, USAGE
from ..stop import Stop

if TYPE_CHECKING:
    from ...compiler.diagnostic import Diagnostic
    from .file import SettingsFile
    from .toml_places import TomlPlaces

EXECUTORS = ("ray", "inline")
KEYS: dict[str, str] = {
    "store": "where artifacts are kept",
    "executor": "what runs tasks",
    "address": "the cluster that runs tasks",
}
"""What may be set, at the top of the file and in each profile, and what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings that hold for a command; None where nothing was said.

    `file` is the settings file; `store` a path or URL, absolute where it came from the file.
    Flags are not in here: they win over all of this.
    """

    file: Path | None
    store: str | None
    executor: str | None
    address: str | None


def settings_for(*, spec: Path | None, profile: str | None) -> Settings:
    """Return the settings for a spec, or for the current folder without one.

    The later wins: the file, its profile that REPROCC_PROFILE names, REPROCC_STORE and
    REPROCC_ADDRESS, the profile that `profile` (the flag) names. Raises Stop with all that is
    wrong with the file.
    """
    file = _file(_start(spec))
    table = {} if file is None else file.table
    variables = {
        name: value for name in ("store", "address") if (value := _variable(name)) is not None
    }
    found: dict[str, Any] = {}
    found |= _placed(table, file)
    found |= _placed(_profile(table, None if profile else _variable("profile")), file)
    found |= variables
    found |= _placed(_profile(table, profile or None), file)
    return Settings(
        file=None if file is None else file.path,
        store=found.get("store"),
        executor=found.get("executor"),
        address=found.get("address"),
    )


def profiles(spec: Path | None) -> tuple[str, ...]:
    """Return the names of the profiles that may be chosen, sorted."""
    file = _file(_start(spec))
    return () if file is None else tuple(sorted(file.table.get("profile", {})))


def _variable(name: str) -> str | None:
    """Return a variable of the environment; an empty one counts as none."""
    return os.environ.get(f"REPROCC_{name.upper()}") or None


def _start(spec: Path | None) -> Path:
    return (Path.cwd() if spec is None else spec.parent).resolve()


def _file(start: Path) -> SettingsFile | None:
    from ...compiler.diagnostic import Diagnostic
    from .file import find_settings_file

    file = find_settings_file(start)
    if isinstance(file, Diagnostic):
        raise _stop([file])
    if file is not None:
        wrong = list(_check(file))
        if wrong:
            raise _stop(wrong)
    return file


def _profile(table: dict[str, Any], name: str | None) -> dict[str, Any]:
    if name is None:
        return {}
    known: dict[str, dict[str, Any]] = table.get("profile", {})
    if name in known:
        return known[name]
    names = ", ".join(f"`{one}`" for one in sorted(known))
    raise Stop(
        f"there is no profile `{name}`",
        status=USAGE,
        help=f"the settings have {names}"
        if names
        else f"write a table `[profile.{name}]` into `reprocc.toml`",
    )


def _placed(table: dict[str, Any], file: SettingsFile | None) -> dict[str, Any]:
    """Return settings whose store, if it is a path, does not depend on the current folder."""
    store = table.get("store")
    if store is None or file is None or "://" in store:
        return table
    return table | {"store": str(file.path.parent / os.path.expanduser(store))}


def _check(file: SettingsFile) -> Iterator[Diagnostic]:
    from .toml_places import TomlPlaces

    places = TomlPlaces(file.source)
    table = {key: value for key, value in file.table.items() if key != "profile"}
    yield from _check_table(table, file.prefix, places, (*KEYS, "profile"))
    named = file.table.get("profile", {})
    path = (*file.prefix, "profile")
    if not isinstance(named, dict):
        yield _invalid("`profile` must be a table of profiles", path, places)
        return
    for name, profile in named.items():
        if isinstance(profile, dict):
            yield from _check_table(profile, (*path, name), places, tuple(KEYS))
        else:
            message = f"the profile `{name}` must be a table"
            yield _invalid(message, (*path, name), places, help=f"write `[profile.{name}]`")


def _check_table(
    table: dict[str, Any], path: tuple[str, ...], places: TomlPlaces, known: tuple[str, ...]
) -> Iterator[Diagnostic]:
    for key, value in table.items():
        where = (*path, key)
        if key not in KEYS:
            yield _unknown(key, where, places, known)
        elif not isinstance(value, str) or not value.strip():
            yield _invalid(f"`{key}` must be a text: {KEYS[key]}", where, places)
        elif key == "executor" and value not in EXECUTORS:
            help = "use one of " + ", ".join(f"`{one}`" for one in EXECUTORS)
            yield _invalid(f"there is no executor `{value}`", where, places, help=help)


def _unknown(
    key: str, where: tuple[str, ...], places: TomlPlaces, known: tuple[str, ...]
) -> Diagnostic:
    from ...compiler.diagnostic import Diagnostic, Label
    from ...compiler.suggest import closest
    from .codes import UNKNOWN_SETTING

    near = closest(key, known)
    return Diagnostic(
        code=UNKNOWN_SETTING,
        message=f"there is no setting `{key}`",
        primary=Label(span=places.key(where)),
        help=f"did you mean `{near}`?"
        if near
        else "use one of " + ", ".join(f"`{one}`" for one in known),
    )


def _invalid(
    message: str, where: tuple[str, ...], places: TomlPlaces, *, help: str | None = None
) -> Diagnostic:
    from ...compiler.diagnostic import Diagnostic, Label
    from .codes import INVALID_SETTING

    primary = Label(span=places.value(where))
    return Diagnostic(code=INVALID_SETTING, message=message, primary=primary, help=help)


def _stop(diagnostics: list[Diagnostic]) -> Stop:
    """Return the end of a command whose settings are wrong."""
    from ...compiler.diagnostic import in_order

    return Stop("", status=REFUSED, diagnostics=in_order(diagnostics))
