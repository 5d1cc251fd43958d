"""Exit statuses; every verb uses these and no other."""

DONE = 0
REFUSED = 1
"""The user's spec, code or data."""
USAGE = 2
FAULT = 3
"""The world (store, cluster) or our own fault."""
INTERRUPTED = 130
