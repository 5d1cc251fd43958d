"""Text to plan: reads, checks and lowers a pipeline file without running any user code."""
