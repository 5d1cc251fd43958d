"""Everything that is known of a pipeline before it is lowered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .axes.layout import Grids
from .bind.doubtful import Doubtful
from .code.entries import Entries
from .graph import Graph
from .lowering.settings import Settings
from .parameters import Values
from .plan import Artifact, SourceBinding
from .spec import ArtifactKind, Spec
from .workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A resolved spec with values, points and code, as far as each is sound.

    `artifacts` are all that are declared, sorted; `settings` those of every transformation,
    as far as their expressions can be evaluated; `kinds` says the kind of every artifact that is
    declared. What is missing has been reported. `doubtful`
    names the items in which a key may be missing that was misspelt. `folder` is the spec's, to
    which sources are relative.
    """

    graph: Graph
    values: Values
    grids: Grids
    entries: Entries
    artifacts: tuple[Artifact, ...]
    sources: tuple[SourceBinding, ...]
    settings: Mapping[str, Settings]
    kinds: Mapping[str, ArtifactKind]
    doubtful: Doubtful
    folder: Path
    workspace: Workspace = field(compare=False)

    @property
    def spec(self) -> Spec:
        return self.graph.spec
