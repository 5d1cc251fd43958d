"""Assignments made by hand, as the tests of the worker make them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "runtime"))
