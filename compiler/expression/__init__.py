"""Expressions: `${…}` parsed over an allow-list of syntax and evaluated totally."""
