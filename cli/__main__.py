"""The `reprocc` command: runs a verb and turns what goes wrong into words and an exit status."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from .interruption import Interruption
from .status import FAULT, INTERRUPTED, USAGE
from .streams import insist_on_utf8, mute, prepare_streams
from .terminal import lost_data, tell_error, tell_text, wants_colour

if TYPE_CHECKING:
    from ..compiler.diagnostic import Diagnostic

_LASTING = frozenset({"submit", "fsck", "gc"})
"""Verbs that may go on for hours, or look through a whole store."""


def main() -> None:
    """Run the command line of this process and exit."""
    if _LASTING.isdisjoint(sys.argv[1:2]):
        # What a verb imports and makes stays till it ends, and has hardly a cycle: looking for
        # garbage in it, again and again, would take a quarter of the time.
        gc.disable()
    insist_on_utf8()
    interruption = Interruption()
    try:
        prepare_streams()
        status = interruption.close(_run())
    except KeyboardInterrupt:
        status = interruption.close(INTERRUPTED)
    try:
        sys.stdout.flush()
    except OSError:
        mute(sys.stdout)
    lost = lost_data()
    if lost is not None:
        status = _explain_system(lost, "standard output")
    sys.exit(status)


def _run() -> int:
    if "_REPROCC_COMPLETE" in os.environ:
        from .completing.answer import VARIABLE, answer

        answer(os.environ[VARIABLE])
        return 0
    from .app import VERBS, build_app, is_abort
    from .usage import usage_message

    verb = sys.argv[1:2]
    app = build_app(verb if verb and verb[0] in VERBS else VERBS)
    try:
        result = app(prog_name="reprocc", standalone_mode=False)
    except SystemExit as ended:
        return _status_of_exit(ended)
    except Exception as error:
        if is_abort(error):
            return INTERRUPTED
        message = usage_message(error)
        if message is not None:
            tell_text(message)
            return USAGE
        return _explain(error)
    return result if isinstance(result, int) else 0


def _status_of_exit(ended: SystemExit) -> int:
    """Return the status where typer exits by itself: its help or completion was written, or cut."""
    if isinstance(ended.__context__, BrokenPipeError):
        return 0
    return ended.code if isinstance(ended.code, int) else 0


def _explain(error: Exception) -> int:
    from ..runtime.store.backend import StoreError
    from .stop import Stop

    match error:
        case Stop():
            if error.message:
                tell_error(error.message, help=error.help)
            if error.diagnostics:
                _tell_diagnostics(error.diagnostics)
            return error.status
        case StoreError():
            tell_error(error.message, place=error.place, help=error.remedy)
            return FAULT
        case OSError():
            return _explain_system(error, str(error.filename or ""))
        case _:
            return _confess(error)


def _tell_diagnostics(diagnostics: tuple[Diagnostic, ...]) -> None:
    from ..compiler.render.full import render_full

    tell_text(render_full(diagnostics, colour=wants_colour(sys.stderr)))


def _explain_system(error: OSError, place: str) -> int:
    """Say what the system refused, in the words that the store has for it."""
    from ..compiler.workspace import ChangedFile
    from ..runtime.store.oserrors import store_error

    if isinstance(error, ChangedFile):
        tell_error(str(error), help="run the command again")
        return FAULT
    if "temporary directory" in str(error):  # tempfile's, which names no file
        message = "there is no folder for temporary files"
        tell_error(message, help="set `TMPDIR` to a folder that can be written to")
        return FAULT
    said = store_error(error, place, verb="write", side="local")
    tell_error(said.message, place=place, help=said.remedy if error.filename else None)
    if os.environ.get("REPROCC_TRACEBACK"):
        import traceback

        tell_text("".join(traceback.format_exception(error)))
    return FAULT


def _confess(error: Exception) -> int:
    import tempfile
    import traceback

    text = "".join(traceback.format_exception(error))
    message = f"reprocc itself failed: {type(error).__name__}: {error}"
    if os.environ.get("REPROCC_TRACEBACK"):
        tell_error(message)
        tell_text(text)
        return FAULT
    try:
        handle, path = tempfile.mkstemp(prefix="reprocc-defect-", suffix=".txt")
        os.write(handle, text.encode(errors="backslashreplace"))
        os.close(handle)
        tell_error(message, help=f"please report this defect with the file {path}")
    except OSError:
        tell_error(message)
        tell_text(text)
    return FAULT


if __name__ == "__main__":
    main()
