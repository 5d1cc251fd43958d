"""What stands at the cursor: a verb, an option, or the value of an option or argument."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .line import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """`verb` is the command typed so far, None at the root; `parameter` the one whose value is
    being typed, None for a verb or an option. `given` maps the names of parameters to what was
    typed for them, nothing for a flag. `prefix` stands before the value in the same word
    (`--store=`)."""

    verb: Any
    parameter: Any
    given: dict[str, list[str]]
    typed: str
    prefix: str = ""


def situation_of(root: Any, line: Line) -> Situation | None:
    """Find out what is being typed, None where that is beyond us; `root` is the command tree."""
    words = list(line.words)
    while words and words[0].startswith("-"):
        words.pop(0)
    if not words:
        return Situation(verb=None, parameter=None, given={}, typed=line.typed)
    verb = root.commands.get(words[0])
    return None if verb is None else _in_verb(verb, words[1:], line.typed)


def _in_verb(verb: Any, words: list[str], typed: str) -> Situation:
    options = {
        name: one for one in verb.params if one.param_type_name == "option" for name in one.opts
    }
    arguments = [one for one in verb.params if one.param_type_name == "argument"]
    given: dict[str, list[str]] = {}
    count, pending = 0, None
    for word in words:
        name, equals, value = word.partition("=")
        if pending is not None:
            given.setdefault(pending.name, []).append(word)
            pending = None
        elif name in options:
            if equals:
                given.setdefault(options[name].name, []).append(value)
            elif options[name].is_flag:
                given.setdefault(options[name].name, [])
            else:
                pending = options[name]
        elif arguments and not (word.startswith("-") and len(word) > 1):
            place = arguments[min(count, len(arguments) - 1)]
            given.setdefault(place.name, []).append(word)
            count += 1
    if pending is not None:
        return Situation(verb=verb, parameter=pending, given=given, typed=typed)
    if typed.startswith("-"):
        return _in_option(verb, options, given, typed)
    return Situation(verb=verb, parameter=_argument(arguments, count), given=given, typed=typed)


def _in_option(
    verb: Any, options: dict[str, Any], given: dict[str, list[str]], typed: str
) -> Situation:
    name, equals, value = typed.partition("=")
    if equals and name in options and not options[name].is_flag:
        return Situation(
            verb=verb, parameter=options[name], given=given, typed=value, prefix=f"{name}="
        )
    return Situation(verb=verb, parameter=None, given=given, typed=typed)


def _argument(arguments: list[Any], count: int) -> Any:
    """Return the argument that comes after so many; the last may take any number."""
    if count < len(arguments):
        return arguments[count]
    return arguments[-1] if arguments and arguments[-1].nargs == -1 else None
