"""Circles among transformations, and the order of those that lie on none."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Mapping

from .codes import graph as codes
from .diagnostic import Diagnostic, Label
from .graph import reads_of
from .spec import Output, Spec, Transformation

Makers = Mapping[str, tuple[tuple[Transformation, Output], ...]]
Edges = dict[str, list[str]]


def order(spec: Spec, makers: Makers) -> list[Transformation]:
    """Return the transformations that no cycle holds back, producers first, equals by name."""
    by_name = {transformation.name.text: transformation for transformation in spec.transformations}
    upstream = _upstream(spec, makers)
    consumers = _backwards(upstream)
    waiting = {name: len(producers) for name, producers in upstream.items()}
    ready = [name for name, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    ordered: list[Transformation] = []
    while ready:
        name = heapq.heappop(ready)
        ordered.append(by_name[name])
        for consumer in consumers[name]:
            waiting[consumer] -= 1
            if waiting[consumer] == 0:
                heapq.heappush(ready, consumer)
    return ordered


def find_cycles(spec: Spec, makers: Makers) -> tuple[Diagnostic, ...]:
    """Report the shortest circle through each group of transformations that need each other."""
    upstream = _upstream(spec, makers)
    left = _on_cycles(upstream)
    found: list[Diagnostic] = []
    while left:
        first = min(left)
        path = _shortest_circle(first, upstream, left)
        if path is None:
            left.discard(first)
            continue
        found.append(_cycle(path, spec, makers))
        group = _reachable(first, upstream) & _reachable(first, _backwards(upstream))
        left -= group
    return tuple(found)


def _upstream(spec: Spec, makers: Makers) -> Edges:
    return {
        transformation.name.text: sorted(
            {
                maker.name.text
                for read in reads_of(transformation)
                for maker, _ in makers.get(read.artifact.text, ())
            }
        )
        for transformation in spec.transformations
    }


def _on_cycles(upstream: Edges) -> set[str]:
    """Return what lies on circles or between two of them."""
    left = _stripped(upstream, set(upstream))
    return _stripped(_backwards(upstream), left)


def _stripped(edges: Edges, within: set[str]) -> set[str]:
    """Take away, again and again, what has no edge left."""
    back = _backwards(edges)
    waiting = {name: sum(target in within for target in edges[name]) for name in within}
    ready = [name for name, count in waiting.items() if count == 0]
    left = set(within)
    while ready:
        name = ready.pop()
        left.discard(name)
        for other in back[name]:
            if other in left:
                waiting[other] -= 1
                if waiting[other] == 0:
                    ready.append(other)
    return left


def _shortest_circle(start: str, upstream: Edges, within: set[str]) -> list[str] | None:
    came_from: dict[str, str] = {}
    pending = deque([start])
    while pending:
        name = pending.popleft()
        for producer in upstream[name]:
            if producer == start:
                path = [name]
                while path[-1] != start:
                    path.append(came_from[path[-1]])
                return path
            if producer in within and producer not in came_from:
                came_from[producer] = name
                pending.append(producer)
    return None


def _reachable(start: str, edges: Edges) -> set[str]:
    seen, pending = {start}, [start]
    while pending:
        for name in edges[pending.pop()]:
            if name not in seen:
                seen.add(name)
                pending.append(name)
    return seen


def _backwards(edges: Edges) -> Edges:
    back: Edges = {name: [] for name in edges}
    for name, targets in edges.items():
        for target in targets:
            back[target].append(name)
    return back


def _cycle(path: list[str], spec: Spec, makers: Makers) -> Diagnostic:
    """Build the diagnostic of a circle, `path` in the order in which outputs flow, start last."""
    by_name = {transformation.name.text: transformation for transformation in spec.transformations}
    flow = [path[-1], *path[:-1]]
    labels = []
    for index, name in enumerate(flow):
        following = flow[(index + 1) % len(flow)]
        read = next(
            read
            for read in reads_of(by_name[following])
            if any(m.name.text == name for m, _ in makers.get(read.artifact.text, ()))
        )
        words = f"`{following}` reads `{read.artifact.text}`, which `{name}` makes"
        labels.append(Label(span=read.artifact.span, message=words))
    shown = " → ".join(f"`{name}`" for name in (*flow, flow[0]))
    if len(shown) > 60:
        shown = f"`{flow[0]}` → … → `{flow[0]}`, {len(flow)} transformations"
    first, *others = labels
    return Diagnostic(
        code=codes.CYCLE,
        message=f"a cycle: {shown}",
        primary=first,
        related=tuple(others),
    )
