"""Whether any node of a cluster could ever hold a task, and in words why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...compiler.plan import Resources

_OWN_WORDS = {"CPU": "cpus", "GPU": "gpus", "memory": "memory", "object_store_memory": None}
"""Resources that Ray counts itself, which it takes under no other name, and our key for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterNode:
    """What one live node has; memory in bytes."""

    name: str
    cpus: float
    gpus: float
    memory: float
    accelerators: frozenset[str]
    labels: tuple[tuple[str, str], ...]
    custom: tuple[tuple[str, float], ...]


def live_nodes(listing: Sequence[Mapping[str, Any]]) -> tuple[ClusterNode, ...]:
    """Read Ray's own listing of nodes."""
    return tuple(_node(entry) for entry in listing if entry["Alive"])


def _node(entry: Mapping[str, Any]) -> ClusterNode:
    resources: Mapping[str, float] = entry["Resources"]
    return ClusterNode(
        name=entry["NodeManagerHostname"],
        cpus=resources.get("CPU", 0.0),
        gpus=resources.get("GPU", 0.0),
        memory=resources.get("memory", 0.0),
        accelerators=frozenset(
            name.removeprefix("accelerator_type:")
            for name in resources
            if name.startswith("accelerator_type:")
        ),
        labels=tuple(sorted(entry.get("Labels", {}).items())),
        custom=tuple(sorted(resources.items())),
    )


def why_infeasible(wanted: Resources, nodes: Sequence[ClusterNode]) -> str | None:
    """Return what is lacking on the node that lacks least, or None where one node has it all."""
    for name, _ in wanted.custom:
        if name in _OWN_WORDS:
            key = _OWN_WORDS[name]
            said = f"`{name}` is no custom resource"
            return said if key is None else f"{said}: ask for `{key}`"
    lacks = [_lacks(wanted, node) for node in nodes]
    if any(not lack for lack in lacks):
        return None
    if not lacks:
        return "no node is alive"
    nearest = min(range(len(lacks)), key=lambda index: len(lacks[index]))
    return f"no node can hold it: {nodes[nearest].name} has {', '.join(lacks[nearest])}"


def _lacks(wanted: Resources, node: ClusterNode) -> list[str]:
    found: list[str] = []
    if wanted.cpus > node.cpus:
        found.append(f"{node.cpus:g} of {wanted.cpus:g} CPUs")
    if wanted.gpus > node.gpus:
        found.append(f"{node.gpus:g} of {wanted.gpus:g} GPUs")
    if wanted.gpu_type is not None and wanted.gpu_type not in node.accelerators:
        found.append(f"no GPU of type {wanted.gpu_type}")
    if wanted.memory is not None and wanted.memory > node.memory:
        found.append(f"{_gib(node.memory)} of {_gib(wanted.memory)} memory")
    labels = dict(node.labels)
    for name, value in wanted.labels:
        if labels.get(name) != value:
            found.append(f"no label {name}={value}")
    custom = dict(node.custom)
    for name, amount in wanted.custom:
        if amount > custom.get(name, 0.0):
            found.append(f"{custom.get(name, 0.0):g} of {amount:g} {name}")
    return found


def _gib(size: float) -> str:
    return f"{size / 2**30:.1f} GiB"
