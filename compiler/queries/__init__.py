"""Queries: values as literals, and what DuckDB's parser says of the text."""
