"""Random pipelines that are valid: every kind of artifact, axes, gathers, contracts, settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

Spec = dict[str, Any]

AXES: dict[str, tuple[Any, list[Any]]] = {
    "depth": ([2, 4, 8], [2, 4, 8]),
    "fold": ("${range(3)}", [0, 1, 2]),
    "word": (["a", "b c", "no"], ["a", "b c", "no"]),
    "flag": ([True, False], [True, False]),
    "rate": ([0.5, 1e-3], [0.5, 1e-3]),
    "family": ({"small": {"grid": [1, 2]}, "large": {"grid": [3]}}, ["small", "large"]),
}
"""Axes as they are written, and their values; one name has the same values everywhere."""

PARAMETERS: dict[str, list[Any]] = {
    "count": [3, {"type": "integer", "default": 3, "minimum": 1, "maximum": 9}],
    "least": [0.25, {"default": 0.25, "description": "A number: at least."}],
    "title": ["a: b # c", {"type": "string", "default": "x", "values": ["x", "y"]}],
    "wanted": [True, {"type": "boolean", "default": False}],
    "names": [["a", "", "no", "1"], {"type": "list", "default": []}],
    "options": [{"type": "mapping", "default": {"a": [1, {"b": None}], "1": "${x}"}}],
}

SOURCES = {
    "table": ["rows.csv", "parts/*.parquet", {"path": "rows.csv", "sha256": "0" * 64}],
    "metrics": ["old.json"],
    "checkpoint": ["state"],
    "file": ["old.bin"],
    "directory": ["parts"],
    "figure": ["old.png"],
}

FILES = ("rows.csv", "parts/a.parquet", "parts/b.parquet", "old.json", "state/w.bin", "old.bin")
FILES += ("old.png", "extra/notes.txt", "query.sql", "rows-2.csv", "rows-4.csv", "rows-8.csv")

_CONTENTS = {".sql": "SELECT 1 AS one ORDER BY ALL\n", ".csv": "a,b c,no,1\n1,2,3,4\n"}

COLUMNS: list[Spec] = [
    {"type": "int64", "minimum": 0, "maximum": 10, "unique": True},
    {"type": "string", "values": ["a", "no", "1:30"], "nullable": False},
    {"type": "string", "pattern": "[a-z]+\\d*", "severity": "warning"},
    {"type": "timestamp[us, UTC]", "minimum": "2026-01-01T00:00:00Z"},
    {"type": "list<struct<a: int8, b: string>>", "description": "A # nested: one"},
    {"type": "float64", "minimum": "${1 / 2}", "maximum": 1e9},
    {"type": "decimal(10, 2)"},
    {"description": "é 😀\nsecond line\n"},
]

SETTINGS: dict[str, list[Any]] = {
    "description": ["", "two\nlines", "a: b # c ${x}", "- no", "\ttab", " spaces ", "é😀\u2028"],
    "threads": [1, 4, "${1 + 1}"],
    "seed": [7, "${seed}", "${seed // 2}"],
    "numerics": ["fast", "deterministic"],
    "isolation": ["process"],
    "timeout": ["30s", "2h", "${5}m"],
    "deterministic": [True, False],
    "retries": [{"attempts": 2}, {"on": ["error", "timeout"], "backoff": "500ms"}, {}],
    "on_out_of_memory": [{"memory": "2x", "maximum": "64GiB"}, {"memory": "8GiB"}],
    "code": [["extra/*.txt"]],
    "resources": [
        {},
        {"cpus": 2, "memory": "1GiB"},
        {"gpus": 0.5, "gpu_type": "A100", "labels": {"zone": "no", "1": "x"}},
        {"cpus": "${1 + 1}", "custom": {"licence": 1}, "memory": "${512}MiB"},
    ],
}

VALUES: list[Any] = [
    *(0, -1, 2.5, 1e300, True, None, "", "text", "no", "1:30", "010", "~", "2026-01-01", "a\tb"),
    *("a: b", "#", "- x", "$${x}", 'it\'s "so"\\', "line\nline\n", "\n", " ", "[a]", "{a", "<<"),
    *([], {}, [1, [2, []]], {"a": {"b": [None]}}, {"1": 1, "null": 2, "": 3}, "\u00e9\U0001f600"),
    *("${seed}", "${1 + 2}", "x${1}y", ["${seed}"], {"k": "${2 ** 3}"}, "${[1, 'a: b']}"),
]


@dataclass
class Made:
    """An artifact that may be read: its kind and its axes."""

    name: str
    kind: str
    axes: tuple[str, ...]
    columns: tuple[str, ...] = ()


@dataclass
class Drawn:
    """A pipeline, as plain values, and the text of its code."""

    spec: Spec
    code: str
    made: list[Made] = field(repr=False)


def lay_files(folder: Path) -> None:
    """Write every file that a drawn pipeline may name; the code is laid over `drawn.py`."""
    for name in (*FILES, "drawn.py"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_CONTENTS.get(path.suffix, "x\n"))


@st.composite
def pipelines(draw: st.DrawFn, *, most: int = 5) -> Drawn:
    """Draw a pipeline of up to `most` transformations."""
    return _Drawing(draw).pipeline(most)


class _Drawing:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.artifacts: Spec = {}
        self.transformations: Spec = {}
        self.parameters: list[str] = []
        self.environments: list[str] = []
        self.made: list[Made] = []
        self.code: list[str] = []

    def one(self, values: Any) -> Any:
        return self.draw(st.sampled_from(list(values)))

    def some(self, values: Any, most: int) -> list[Any]:
        unique = st.lists(st.sampled_from(list(values)), max_size=most, unique_by=repr)
        return self.draw(unique)

    def chance(self) -> bool:
        return bool(self.draw(st.booleans()))

    def pipeline(self, most: int) -> Drawn:
        spec: Spec = {"reprocc": 1, "name": self.one(["p", "a-pipeline", "no", "x1-2"])}
        if self.chance():
            spec["seed"] = self.one([0, 7, 2**31 - 1])
        if self.chance():
            spec["description"] = self.one(SETTINGS["description"])
        if self.chance():
            spec["x-defaults"] = self.one(VALUES)
        self.parameters = self.some(PARAMETERS, 4)
        if self.parameters or self.chance():
            spec["parameters"] = {name: self.one(PARAMETERS[name]) for name in self.parameters}
        self.environments = self.some(["default", "hub"], 2)
        if self.environments or self.chance():
            spec["environments"] = {name: self.environment() for name in self.environments}
        for number in range(self.draw(st.integers(1, 3))):
            self.source(f"s{number}")
        for number in range(self.draw(st.integers(0, most))):
            self.transformation(f"t{number}")
        spec |= {"artifacts": self.artifacts, "transformations": self.transformations}
        return Drawn(spec, "\n".join(self.code), self.made)

    def environment(self) -> Spec:
        found: Spec = {}
        if self.chance():
            found["variables"] = {"TOKENS": self.one(["false", "1", "", "${1}"]), "B_2": "x"}
        if self.chance():
            found["pass"] = ["HF_HOME", "no"]
        return found

    def source(self, name: str) -> None:
        kind = self.one(SOURCES)
        artifact: Spec = {"kind": kind, "source": self.one(SOURCES[kind])}
        axes: tuple[str, ...] = ()
        if kind == "table" and self.chance():
            artifact |= {"source": "rows-${matrix.depth}.csv", "matrix": {"depth": [2, 4, 8]}}
            axes = ("depth",)
        self.contract(artifact, is_text=".csv" in str(artifact["source"]))
        self.artifacts[name] = artifact
        self.made.append(Made(name, kind, axes, tuple(artifact.get("columns", ()))))

    def contract(self, artifact: Spec, *, is_text: bool) -> None:
        kind = artifact["kind"]
        if self.chance():
            artifact["description"] = self.one(SETTINGS["description"])
        if kind == "table" and self.chance():
            nested = ("list", "struct", "map", "binary")
            fits = [c for c in COLUMNS if not (is_text and c.get("type", "").startswith(nested))]
            columns = {name: self.one(fits) for name in self.some(["a", "b c", "no", "1"], 3)}
            artifact["columns"] = columns
            plain = [n for n, c in columns.items() if c.get("type") in ("int64", "string")]
            if plain and self.chance():
                artifact["key"] = plain[:2]
        if kind == "table" and self.chance():
            artifact["rows"] = self.one([{"minimum": 1}, {"maximum": "${9}", "minimum": 0}])
            artifact["additional_columns"] = "allow"
        if kind == "metrics" and self.chance():
            artifact["require"] = {"test.accuracy": {"minimum": 0.5}, "n": {}}
        if kind in ("table", "metrics") and self.chance():
            artifact["tolerance"] = self.one([{"relative": 1e-6}, {"absolute": "${0.5}"}, {}])
        if kind in ("figure", "file", "directory") and self.chance():
            artifact["format"] = self.one(["png", "tar.gz"])

    def transformation(self, name: str) -> None:
        body = self.one(["python", "python", "command", "sql"])
        readable = [m for m in self.made if body != "sql" or m.kind == "table"]
        if body == "sql" and not readable:
            body, readable = "python", self.made
        item: Spec = {}
        read, axes = self.reads(item, readable, body)
        own = [axis for axis in self.some(AXES, 2) if axis not in axes][: max(0, 3 - len(axes))]
        if own:
            item["matrix"] = {axis: AXES[axis][0] for axis in own}
        axes = sorted({*axes, *own})
        if own and "fold" in own and self.chance():
            item["matrix"]["exclude"] = [{"fold": 1}]
            item["matrix"]["fold"] = [0, 1, 2]
            axes = [axis for axis in axes if axis != "fold"] + ["fold"]
        kinds = ["table"] if body == "sql" else self.some(SOURCES, 2) or ["metrics"]
        made = [f"{name}_{kind}" for kind in kinds]
        for output, kind in zip(made, kinds, strict=True):
            self.artifacts[output] = {"kind": kind}
            if body != "sql":
                self.contract(self.artifacts[output], is_text=body == "command")
        item["outputs"] = made if self.chance() else {output: output for output in made}
        if body == "python":
            self.as_python(name, item, read, axes)
        elif body == "command":
            self.as_command(item, read, made, axes)
        else:
            self.as_sql(name, item, read)
        self.settings(item)
        self.transformations[name] = item
        if "exclude" not in item.get("matrix", {}):
            self.made += [
                Made(o, k, tuple(axes), tuple(self.artifacts[o].get("columns", ())))
                for o, k in zip(made, kinds, strict=True)
            ]

    def reads(self, item: Spec, readable: list[Made], body: str) -> tuple[list[str], set[str]]:
        """Add `inputs` and `gather`; return the names that they give, and the axes that flow."""
        names: list[str] = []
        axes: set[str] = set()
        mapping: Spec = {}
        for number, artifact in enumerate(self.some_made(readable, 1 if body == "sql" else 2)):
            name = artifact.name if body == "sql" else f"in_{number}"
            written: Any = artifact.name
            left = set(artifact.axes)
            if left and self.chance():
                axis = self.one(sorted(left))
                written = {"artifact": artifact.name, "at": {axis: self.one(AXES[axis][1])}}
                left.discard(axis)
            if len(axes | left) > 3:
                continue
            axes |= left
            mapping[name] = written
            names.append(name)
        if mapping:
            item["inputs"] = mapping
        wide = [m for m in readable if m.axes and m.name not in names]
        if wide and body != "sql" and self.chance():
            artifact = self.one(wide)
            item["gather"] = {"all_of": artifact.name}
            names.append("all_of")
            if self.chance():
                over = self.one(artifact.axes)
                rest = set(artifact.axes) - {over}
                if len(axes | rest) <= 3:
                    item["gather"] = {"all_of": {"artifact": artifact.name, "over": [over]}}
                    axes |= rest
        return names, axes

    def some_made(self, readable: list[Made], most: int) -> list[Made]:
        drawn = st.lists(st.sampled_from(readable), min_size=1, max_size=most, unique_by=id)
        return self.draw(drawn) if readable else []

    def as_python(self, name: str, item: Spec, read: list[str], axes: list[str]) -> None:
        item["python"] = f"drawn:{name}"
        arguments = {f"arg_{n}": self.value(axes) for n in range(self.draw(st.integers(0, 3)))}
        if arguments or self.chance():
            item["arguments"] = arguments
        if self.chance():
            item["preload"] = ["numpy"]
        named = ", ".join([*read, *arguments, "seed=None", "**rest"])
        self.code.append(f"def {name}({named}):\n    return {len(self.code)}\n")

    def as_command(self, item: Spec, read: list[str], made: list[str], axes: list[str]) -> None:
        words = ["tool", *(f"--in=${{inputs.{each}}}" for each in read)]
        words += [f"${{outputs.{each}}}" for each in made]
        words += [f"${{matrix.{axis}}}" for axis in axes if axis != "family"]
        if self.chance():
            item["arguments"] = {"x": self.value(axes)}
            words.append("${arguments}")
        item["command"] = words if self.chance() else " ".join(words)
        tables = [m for m in made if m.endswith("_table")]
        if tables and isinstance(item["outputs"], dict) and self.chance():
            item["outputs"][tables[0]] = {"artifact": tables[0], "as": self.one(["csv", "arrow"])}

    def as_sql(self, name: str, item: Spec, read: list[str]) -> None:
        item["sql"] = f"SELECT *, ${{{len(name)}}} AS n_{name}\nFROM {read[0]}\nORDER BY ALL\n"
        if self.chance():
            item["sql"] = {"file": "query.sql"}

    def value(self, axes: list[str]) -> Any:
        known = [f"${{parameters.{name}}}" for name in self.parameters]
        known += [f"${{matrix.{axis}}}" for axis in axes]
        return self.one(known if known and self.chance() else VALUES)

    def settings(self, item: Spec) -> None:
        for key in self.some(SETTINGS, 4):
            item[key] = self.one(SETTINGS[key])
        if "on_out_of_memory" in item:
            item["resources"] = {"memory": "4GiB"}
        if self.environments and self.chance():
            item["environment"] = self.one(self.environments)
