"""A user's code, read as text and never imported: functions, signatures, and what they reach."""

from .entry import Entry, find_entry
from .files import code_files
from .folder import CodeFolder
from .reach import reach
from .signature import ParameterSign, Signature

__all__ = [
    "CodeFolder",
    "Entry",
    "ParameterSign",
    "Signature",
    "code_files",
    "find_entry",
    "reach",
]
