"""A query that fails is shown at the place where it is written, however it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SPEC = r"""
reprocc: 1
name: places

parameters: {known: "Ada's cat", least: -40, days: [1, 22]}

artifacts:
  birds: {kind: table, source: birds.jsonl}
  a: {kind: table, key: [name]}
  b: {kind: table, key: [name]}
  c: {kind: table, key: [name]}
  d: {kind: table, key: [name]}
  e: {kind: table, key: [name]}
  f: {kind: table, key: [name]}

transformations:
  block:
    sql: |
      SELECT 'é' AS name
      FROM birds

      WHERE weigth > 2
    inputs: [birds]
    outputs: [a]
  double:
    sql: "SELECT name, \"weight\" AS \u0077, \
      birds.colour FROM birds"
    inputs: [birds]
    outputs: [b]
  filled:
    sql: >-
      SELECT name, ${parameters.known} AS cat,
      ${parameters.days} AS days
      FROM birds
      WHERE weight > ${parameters.least} AND wings
    inputs: [birds]
    outputs: [c]
  filed:
    sql: {file: queries/count.sql}
    inputs: [birds]
    outputs: [d]
  folded:
    sql: >
      SELECT name,
      sum(weight) AS heavy
      FROM birds
      GROUP BY nme
    inputs: [birds]
    outputs: [e]
  single:
    sql: 'SELECT ''it''''s'' AS name, "long name" FROM birds'
    inputs: [birds]
    outputs: [f]
"""
COUNT = "-- ${plain}\r\nSELECT name,\r\n  cuont(*) AS n\r\nFROM birds GROUP BY name\r\n"

BLOCK = r"""
error[task-failed]: `block` uses a column `weigth` that is not there
  --> p.yaml:21:13
   |
16 |   block:
   |   ----- in this transformation
...
21 |       WHERE weigth > 2
   |             ^^^^^^
   = help: did you mean `weight`?
    Referenced column "weigth" not found in FROM clause!
    Candidate bindings: "weight"
"""
DOUBLE = r"""
error[task-failed]: `double` uses a column `birds.colour` that is not there
  --> p.yaml:26:7
   |
24 |   double:
   |   ------ in this transformation
25 |     sql: "SELECT name, \"weight\" AS \u0077, \
26 |       birds.colour FROM birds"
   |       ^^^^^^^^^^^^
    1 | SELECT name, "weight" AS w, birds.colour FROM birds
      |                             ^
    Values list "birds" does not have a column named "colour"
"""
FILED = r"""
error[task-failed]: `filed` uses `cuont`, which DuckDB does not know
  --> queries/count.sql:3:3
   |
 3 |   cuont(*) AS n
   |   ^^^^^
   |
  ::: p.yaml:37:3
   |
37 |   filed:
   |   ----- in this transformation
   = help: did you mean `count`?
    Scalar Function with name cuont does not exist!
    Did you mean "count"?
"""
FILLED = r"""
error[task-failed]: `filled` uses a column `wings` that is not there
  --> p.yaml:34:46
   |
29 |   filled:
   |   ------ in this transformation
...
34 |       WHERE weight > ${parameters.least} AND wings
   |                                              ^^^^^
    1 | SELECT name, 'Ada''s cat' AS cat, [1, 22] AS days FROM birds WHERE weight > (-40) AND wings
      |                                                                                       ^
    Referenced column "wings" not found in FROM clause!
    Candidate bindings: "weight"
"""
FOLDED = r"""
error[task-failed]: `folded` uses a column `nme` that is not there
  --> p.yaml:46:16
   |
41 |   folded:
   |   ------ in this transformation
...
46 |       GROUP BY nme
   |                ^^^
   = help: did you mean `name`?
    Referenced column "nme" not found in FROM clause!
    Candidate bindings: "name", "weight"
"""
SINGLE = r"""
error[task-failed]: `single` uses a column `long name` that is not there
  --> p.yaml:50:39
   |
49 |   single:
   |   ------ in this transformation
50 |     sql: 'SELECT ''it''''s'' AS name, "long name" FROM birds'
   |                                       ^^^^^^^^^^^
   = help: did you mean `name`?
    1 | SELECT 'it''s' AS name, "long name" FROM birds
      |                         ^
    Referenced column "long name" not found in FROM clause!
    Candidate bindings: "name"
"""
SHOWN = (BLOCK, DOUBLE, FILED, FILLED, FOLDED, SINGLE)


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    (tmp_path / "queries").mkdir()
    (tmp_path / "p.yaml").write_text(SPEC[1:], encoding="utf-8")
    # Of a CSV file the columns are known by its header, and then no such query is ever run.
    (tmp_path / "birds.jsonl").write_text('{"name": "wren", "weight": 1}\n')
    (tmp_path / "queries" / "count.sql").write_bytes(COUNT.encode())
    return tmp_path


def test_a_query_that_fails_is_shown_where_it_is_written(
    birds: Path, reprocc: Callable[..., Any]
) -> None:
    submit = ("submit", "p.yaml", "--executor", "inline", "--keep-going", "-q")
    done = reprocc(*submit, cwd=birds)
    assert (done.rc, done.stdout) == (1, "")
    assert done.stderr == "\n".join(text[1:] for text in SHOWN)
    tasks = reprocc("show", "--json", cwd=birds).json["tasks"]
    offsets = {task["task"]: task["error"]["query_offset"] for task in tasks}
    assert offsets["block"] == len("SELECT 'é' AS name\nFROM birds\n\nWHERE ")
    assert offsets["filed"] == COUNT.index("cuont")
