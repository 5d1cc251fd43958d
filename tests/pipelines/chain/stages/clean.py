"""Keep the rows that have a value."""


def clean(raw):
    return raw.filter(raw["value"].is_valid())
