"""Count what the model knows."""

import json


def evaluate(weights, table):
    model = json.loads((weights / "weights.json").read_text())
    return {
        "size": len(model["weights"]),
        "total": model["total"],
        "rows": table.num_rows,
        "first": model["weights"][0],
    }
