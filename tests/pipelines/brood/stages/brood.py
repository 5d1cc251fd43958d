"""Small work, and a grandchild each, known by nothing but its last argument."""

import os
import random
import subprocess
import sys
import time


def leave_a_process():
    subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", "import signal; signal.pause()", os.environ["TMPDIR"]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
        env={},
    )
    time.sleep(0.05)


def spoil(table):
    leave_a_process()
    values = [value + random.random() for value in table["value"].to_pylist()]
    return table.set_column(1, "value", [values])


def fit(table, width: int, seed: int, weights):
    leave_a_process()
    weights.mkdir()
    for layer in range(width):
        text = f"{random.Random(seed + layer).random()} {sum(table['value'].to_pylist())}"
        (weights / f"{layer}.txt").write_text(text)


def measure(weights):
    leave_a_process()
    return {"layers": len(list(weights.iterdir())), "first": (weights / "0.txt").read_text()}


def write(scores):
    leave_a_process()
    return "".join(f"{row['width']} {row['first']}\n" for row in scores.to_pylist())
