"""A "model": random weights, the sum of the table, one file a row."""

import json
import random


def fit(table, width: int, seed: int, weights):
    weights.mkdir()
    own = random.Random(seed)
    values = [[random.random(), own.random()] for _ in range(width)]
    total = sum(table["value"].to_pylist())
    (weights / "weights.json").write_text(json.dumps({"weights": values, "total": total}))
    (weights / "rows").mkdir()
    for row in table["id"].to_pylist():
        (weights / "rows" / f"{row}.txt").write_text(str(row))
    print(f"fitted with width {width}")
