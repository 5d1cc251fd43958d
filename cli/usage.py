"""A wrong use of the command line, in our own words."""

from __future__ import annotations

import re
from typing import Any

from typer.exceptions import TyperException

from .terminal import error_text

_CHOICE = re.compile(r"'(?P<given>.*)' is not one of (?P<choices>'.*')\.?\Z", re.DOTALL)
_COMMAND = re.compile(r"No such command '(?P<given>.*?)'\.(?: Did you mean '(?P<near>[^']*)')?")
_EXTRA = re.compile(r"unexpected extra arguments?(?:\(s\))? \((?P<given>.*)\)\Z", re.DOTALL)


def usage_message(error: Exception) -> str | None:
    """Return what to print for a wrong use of the command line, or None for any other error."""
    if not isinstance(error, TyperException):
        return None
    if type(error).__name__ == "NoArgsIsHelpError":
        return f"{error.message}\n"
    message, help = _said(error)
    context: Any = getattr(error, "ctx", None)
    path = "reprocc" if context is None else context.command_path
    return error_text(message, help=help or f"`{path} --help` lists the options")


def _said(error: Any) -> tuple[str, str | None]:
    match type(error).__name__:
        case "NoSuchOption":
            near = _closest(error.option_name, error.possibilities or ())
            return f"there is no option `{error.option_name}`", _meant(near)
        case "MissingParameter":
            return f"`{_shown(error.param)}` is missing", f"write `{_usage(error)}`"
        case "BadOptionUsage":
            lacks = "requires" in error.message
            says = "needs a value" if lacks else "takes no value"
            return f"`{error.option_name}` {says}", None
        case "BadParameter":
            return _bad_value(error)
        case _:
            return _other(error)


def _bad_value(error: Any) -> tuple[str, str | None]:
    name = _shown(error.param)
    choice = _CHOICE.search(error.message)
    if choice is None:
        needed = "must be a whole number" if "integer" in error.message else "cannot be used"
        return f"the value of `{name}` {needed}", None
    choices = choice["choices"].replace("'", "`")
    return f"`{choice['given']}` is not a value of `{name}`", f"use one of {choices}"


def _other(error: Any) -> tuple[str, str | None]:
    command = _COMMAND.match(error.message)
    if command is not None:
        help = _meant(command["near"]) or "`reprocc --help` lists the verbs"
        return f"there is no verb `{command['given']}`", help
    extra = _EXTRA.search(error.message)
    if extra is not None:
        return f"`{extra['given']}` is more than the verb takes", f"write `{_usage(error)}`"
    return "the command line cannot be understood", None


def _usage(error: Any) -> str:
    """Return how the verb is written, without the marks that typer puts around arguments."""
    text = " ".join(error.ctx.get_usage().split())
    return re.sub(r"\{([^}]*)\}(\.\.\.)?", r"\1", text).removeprefix("Usage: ")


def _shown(parameter: Any) -> str:
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name.upper())


def _closest(word: str, candidates: Any) -> str | None:
    from ..compiler.suggest import closest

    return closest(word, candidates)


def _meant(word: str | None) -> str | None:
    return f"did you mean `{word}`?" if word else None
