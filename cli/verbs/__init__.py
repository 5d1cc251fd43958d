"""One verb a file; each has a function `run`."""
