"""Commands: their words, the quoting of what stands in them, and the files they name."""
