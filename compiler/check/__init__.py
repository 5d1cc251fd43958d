"""What is judged of a whole pipeline, in this order: one file, one code."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..diagnostic import Diagnostic
from ..pipeline import Pipeline
from .comment_in_command import comment_in_command
from .contradictory_bounds import contradictory_bounds
from .duplicate_output import duplicate_output
from .gpu_type_without_gpus import gpu_type_without_gpus
from .impossible_key import impossible_key
from .input_is_output import input_is_output
from .missing_argument import missing_argument
from .missing_source import missing_source
from .never_runs_again import never_runs_again
from .nothing_to_gather import nothing_to_gather
from .positional_only import positional_only
from .unknown_argument import unknown_argument
from .unknown_table_format import unknown_table_format
from .unsortable_key import unsortable_key
from .unsuited_annotation import unsuited_annotation
from .unsuited_artifact import unsuited_artifact
from .unsuited_form import unsuited_form
from .unsupported_form import unsupported_form
from .unused_parameter import unused_parameter
from .varying_code import varying_code

Check = Callable[[Pipeline], Iterator[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    duplicate_output,
    input_is_output,
    unknown_argument,
    missing_argument,
    positional_only,
    unsupported_form,
    unsuited_form,
    unsuited_artifact,
    unsuited_annotation,
    comment_in_command,
    missing_source,
    unknown_table_format,
    contradictory_bounds,
    impossible_key,
    unsortable_key,
    gpu_type_without_gpus,
    unused_parameter,
    never_runs_again,
    nothing_to_gather,
    varying_code,
)

__all__ = ["CHECKS", "Check"]
