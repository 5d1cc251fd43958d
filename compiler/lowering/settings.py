"""The settings of a transformation that may hold expressions, parsed and their names checked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..axes.grid import Grid
from ..diagnostic import Diagnostic
from ..document import Node
from ..expression.scope import Names
from ..expression.template import Template, prepare, references_of
from ..parameters import Values
from ..source import Span
from ..spec import Name, Transformation


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One value: what it is in words, how it is computed, where it stands."""

    what: str
    template: Template
    axes: frozenset[str]
    uses_seed: bool
    span: Span = field(compare=False)


Named = tuple[tuple[str, Setting], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of one transformation; None where the spec is silent.

    Where they are not whole, those that have no value were reported and are left out.
    """

    arguments: Named
    cpus: Setting | None
    gpus: Setting | None
    gpu_type: Setting | None
    memory: Setting | None
    labels: Named
    custom: Named
    timeout: Setting | None
    threads: Setting | None
    seed: Setting | None
    is_whole: bool


def prepare_settings(
    transformation: Transformation, grid: Grid | None, values: Values
) -> tuple[Settings, tuple[Diagnostic, ...]]:
    """Parse every setting; without a grid any axis may be named, and what names one is left out."""
    reader = _Reader(transformation, grid, values)
    resources = transformation.resources
    settings = Settings(
        arguments=reader.named(transformation.arguments, "argument"),
        cpus=reader.read("`cpus`", resources.cpus),
        gpus=reader.read("`gpus`", resources.gpus),
        gpu_type=reader.read("`gpu_type`", resources.gpu_type),
        memory=reader.read("`memory`", resources.memory),
        labels=reader.named(resources.labels, "label"),
        custom=reader.named(resources.custom, "resource"),
        timeout=reader.read("`timeout`", transformation.timeout),
        threads=reader.read("`threads`", transformation.threads),
        seed=reader.read("`seed`", transformation.seed),
        is_whole=True,
    )
    return replace(settings, is_whole=reader.is_whole), tuple(reader.found)


class _Reader:
    """Prepares settings; what is wrong gathers in `found`."""

    def __init__(self, transformation: Transformation, grid: Grid | None, values: Values) -> None:
        self.found: list[Diagnostic] = []
        self.is_whole = True
        self._knows_points = grid is not None
        self._names = Names(
            place=f"`{transformation.name.text}`",
            parameters=frozenset(values.values),
            axes=frozenset(() if grid is None else grid.axes),
            axes_are_known=grid is not None,
            seed=True,
            broken=values.broken,
        )

    def read(self, what: str, node: Node | None) -> Setting | None:
        if node is None:
            return None
        template, diagnostics = prepare(node, self._names)
        self.found.extend(diagnostics)
        references = () if template is None else references_of(template)
        if template is None or (
            not self._knows_points and any(r.root != "parameters" for r in references)
        ):
            self.is_whole = False
            return None
        return Setting(
            what=what,
            template=template,
            axes=frozenset(r.name for r in references if r.root == "matrix"),
            uses_seed=any(r.root == "seed" for r in references),
            span=node.span,
        )

    def named(self, pairs: tuple[tuple[Name, Node], ...], what: str) -> Named:
        """Return settings by name, sorted."""
        found: list[tuple[str, Setting]] = []
        for name, node in pairs:
            setting = self.read(f"{what} `{name.text}`", node)
            if setting is not None:
                found.append((name.text, setting))
        return tuple(sorted(found, key=lambda pair: pair[0]))
