"""reprocc: a compiler for reproducible AI pipelines."""

__version__ = "0.1.0"
