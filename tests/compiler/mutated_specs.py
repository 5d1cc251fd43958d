"""Mistakes in a valid pipeline: in its values, as a tree, and in its text, letter by letter."""

from __future__ import annotations

import copy
import random
from typing import Any

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31, 2.0, 0.5, 1e300, "", " ", "x", "no", "1", "2x", "30s",
    "${1}", "${", "${x", "${matrix.x}", "${parameters.count}", "a:b", "m:f", "../x", "s3://b/c",
    "4GB", "é", "class", "A", "a-b", "x\n", "table", "csv", [], {}, [None], [1, 1],
    "decimal(99, 1)", "list<x>", "m.class:f", "./x", "a.b", ".a", "é1", "_", "-", "10", "1.5GiB",
    ["a", "a"], [[1]], {"a": 1},
    {"artifact": "s0"}, {"artifact": "s0", "at": {"depth": 2}}, {"path": "x"}, {"type": "int64"},
    {"x": {}}, {"kind": "table"}, [{"depth": 2}], {"": 1}, {"1": None}, {"default": []},
)  # fmt: skip

KEYS = (
    "python", "command", "sql", "inputs", "outputs", "gather", "arguments", "matrix", "resources",
    "kind", "source", "columns", "require", "format", "key", "rows", "seed", "code", "name", "type",
    "default", "minimum", "values", "as", "at", "over", "artifact", "include", "exclude", "shards",
    "x-a", "x", "A", "a-b", "class", "", "1", "pyhton", "input", "effects", "lock", "on", "é",
)  # fmt: skip


def mutated(spec: Any, chance: random.Random) -> Any:
    """Return a copy of a value in which one to three things are changed somewhere."""
    found = copy.deepcopy(spec)
    for _ in range(chance.choice([1, 1, 2, 3])):
        places = list(_places(found))
        if places:
            _change(*chance.choice(places), chance=chance, others=places)
    return found


def mistyped(text: str, chance: random.Random) -> str:
    """Return a text with a few letters gone, doubled, moved or struck at random, or its end cut."""
    letters = list(text)
    signs = "\n\n  \t:-[]{},#&*!|>'\"%@`?$aA0é\r\x00\x1b\u2028\ufeff\U0001f600"
    for _ in range(chance.choice([1, 1, 2, 5])):
        if not letters:
            break
        at = chance.randrange(len(letters))
        match chance.randrange(6):
            case 0:
                del letters[at : at + chance.choice([1, 1, 2, 20])]
            case 1:
                letters.insert(at, chance.choice(signs))
            case 2:
                letters[at] = chance.choice(signs)
            case 3:
                del letters[at:]
            case 4:
                piece = letters[at : at + chance.randrange(1, 40)]
                to = chance.randrange(len(letters))
                letters[to:to] = piece
            case _:
                lines = "".join(letters).splitlines(keepends=True)
                chance.shuffle(lines)
                letters = list("".join(lines[: len(lines) // 2 + 1]))
    return "".join(letters)


def _places(value: Any) -> Any:
    """Go through every entry of every mapping and list: its holder, and its key or index."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield value, key
            yield from _places(item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield value, index
            yield from _places(item)


def _change(holder: Any, key: Any, *, chance: random.Random, others: list[Any]) -> None:
    is_there = key in holder if isinstance(holder, dict) else key < len(holder)
    if not is_there:
        return  # an earlier change took it
    match chance.randrange(6):
        case 0:
            del holder[key]
        case 1 | 2:
            holder[key] = copy.deepcopy(chance.choice(VALUES))
        case 3 if isinstance(holder, dict):
            name = chance.choice([*KEYS, str(key) + "s", str(key)[:-1], str(key).upper()])
            holder[name] = holder.pop(key)
        case 3 | 4 if isinstance(holder, list):
            holder.insert(key, copy.deepcopy(chance.choice([*VALUES, holder[key]])))
        case 4:
            holder[chance.choice(KEYS)] = copy.deepcopy(chance.choice(VALUES))
        case _:
            other, name = chance.choice(others)
            if name in other if isinstance(other, dict) else name < len(other):
                holder[key] = copy.deepcopy(other[name])
