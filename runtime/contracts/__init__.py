"""Contracts: a content is held against what its artifact declares, and the report is kept."""
