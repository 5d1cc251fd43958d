"""The settings of a transformation that may hold expressions, parsed and their names checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..axes.grid import Grid
from ..diagnostic import Diagnostic
from ..document import Node, Scalar
from ..expression.expression import Expression
from ..expression.scope import Names
from ..expression.template import Template, Whole, prepare, references_of
from ..parameters import Values
from ..source import Source, Span
from ..spec import CommandLine, Name, Query, Transformation

if TYPE_CHECKING:
    from ..commands.words import PreparedCommand
    from ..queries.prepare import PreparedQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One value: what it is in words, how it is computed, where it stands."""

    what: str
    template: Template
    axes: frozenset[str]
    uses_seed: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A command or a query, and a setting for each expression in it, in the order written."""

    form: PreparedCommand | PreparedQuery
    settings: tuple[Setting, ...]


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
    body: Filled | None
    is_whole: bool


def prepare_settings(
    transformation: Transformation,
    grid: Grid | None,
    values: Values,
    query_file: Source | None = None,
) -> tuple[Settings, tuple[Diagnostic, ...]]:
    """Parse every setting; without a grid any axis may be named, and what names one is left out.

    `query_file` is the text of a query that stands in a file of its own.
    """
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
        body=reader.body(transformation, query_file),
        is_whole=reader.is_whole,  # last: by now all have been read
    )
    return settings, tuple(reader.found)


class _Reader:
    """Prepares settings; what is wrong gathers in `found`."""

    def __init__(self, transformation: Transformation, grid: Grid | None, values: Values) -> None:
        self.found: list[Diagnostic] = []
        self.is_whole = True
        self._knows_points = grid is not None
        self._names = Names(
            place=f"`{transformation.name.text}`",
            parameters=values.values,
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
        if template is None:
            self.is_whole = False
            return None
        return self.setting(what, template, node.span)

    def setting(self, what: str, template: Template, span: Span) -> Setting | None:
        """Return a setting that can be computed, None where it needs points that are unknown."""
        references = references_of(template)
        if not self._knows_points and any(r.root != "parameters" for r in references):
            self.is_whole = False
            return None
        return Setting(
            what=what,
            template=template,
            axes=frozenset(r.name for r in references if r.root == "matrix"),
            uses_seed=any(r.root == "seed" for r in references),
            span=span,
        )

    def body(self, transformation: Transformation, query_file: Source | None) -> Filled | None:
        """Prepare a command or a query."""
        body = transformation.body
        form: PreparedCommand | PreparedQuery | None = None
        expressions: list[tuple[Expression, Span]] = []
        if isinstance(body, CommandLine):
            from ..commands.words import prepare_command

            form, diagnostics = prepare_command(transformation, body, self._names)
            self.found.extend(diagnostics)
            expressions = [] if form is None else [(p.expression, p.span) for p in form.holes()]
        elif isinstance(body, Query):
            from ..queries.prepare import prepare_file, prepare_query

            if query_file is not None:
                form = prepare_file(query_file)
            elif isinstance(body.text, Scalar):
                form, diagnostics = prepare_query(body.text, self._names)
                self.found.extend(diagnostics)
            expressions = [] if form is None else [(p.expression, p.span) for p in form.holes()]
        else:
            return None
        what = "a value in this command" if isinstance(body, CommandLine) else "a value in sql"
        settings = [
            self.setting(what, Whole(expression=expression), span)
            for expression, span in expressions
        ]
        kept = tuple(setting for setting in settings if setting is not None)
        if form is None or len(kept) < len(settings):
            self.is_whole = False
            return None
        return Filled(form=form, settings=kept)

    def named(self, pairs: tuple[tuple[Name, Node], ...], what: str) -> Named:
        """Return settings by name, sorted."""
        found: list[tuple[str, Setting]] = []
        for name, node in pairs:
            setting = self.read(f"{what} `{name.text}`", node)
            if setting is not None:
                found.append((name.text, setting))
        return tuple(sorted(found, key=lambda pair: pair[0]))
