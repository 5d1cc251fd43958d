"""Names the features."""


def columns_of(table):
    return sorted(set(table.columns) - {"species"})
