# pyarrow is untyped, and makes most of its names while it is imported: to a checker, anything goes.
from typing import Any

def __getattr__(name: str) -> Any: ...
