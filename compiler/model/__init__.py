"""The pipeline language as pydantic models: what shapes are right, and the source of the schema."""
