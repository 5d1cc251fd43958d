"""The points that everything has: matrices, joins, gathers, and what arrives where."""
