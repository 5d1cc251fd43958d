"""The kinds of diagnostics that settings can have."""

from __future__ import annotations

from ...compiler.diagnostic import Code

SETTINGS_SYNTAX = Code(
    name="settings-syntax",
    severity="error",
    title="The settings cannot be read",
    explanation=(
        "`reprocc.toml`, or `[tool.reprocc]` in `pyproject.toml`, must be TOML. Going on without "
        "it could read from, or write to, another store than the one that is meant."
    ),
    example="store = ../store    # a text stands in quotes",
    mend='Write `store = "../store"`.',
)

UNKNOWN_SETTING = Code(
    name="unknown-setting",
    severity="error",
    title="The settings hold a key that means nothing",
    explanation=(
        "A misspelt setting would be passed over in silence, and the default used in its place."
    ),
    example='stores = "../store"',
    mend="Write one of the keys that there are: `store`, `executor`, `address`, `profile`.",
)

INVALID_SETTING = Code(
    name="invalid-setting",
    severity="error",
    title="A setting has a value that it cannot have",
    explanation="Every setting is a text, and `executor` is one of a few words.",
    example='executor = "dask"',
    mend='Write a value that the setting can have: `executor = "ray"` or `executor = "inline"`.',
)
