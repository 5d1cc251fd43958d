"""One line a point."""


def write(scores, title: str):
    lines = [f"{row['width']}: {row['size']} {row['total']}" for row in scores.to_pylist()]
    return "\n".join([title, *lines, ""])
