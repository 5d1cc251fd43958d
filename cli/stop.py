"""The end of a verb before its time, with words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..compiler.diagnostic import Diagnostic


class Stop(Exception):
    """End the command with `status`; `message` is said on stderr, then `help`, an action.

    Where there is no message, `diagnostics` say why.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        help: str | None = None,
        diagnostics: tuple[Diagnostic, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.help = help
        self.diagnostics = diagnostics
