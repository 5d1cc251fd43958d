"""Names to declarations: Spec → Graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from .codes import graph as codes
from .cycle import find_cycles, order
from .diagnostic import Code, Diagnostic, Label
from .fixing.rename import rename, rename_all
from .graph import Graph, reads_of
from .source import Span
from .spec import Artifact, Name, Output, Spec, Transformation
from .suggest import closest

_MOST_GUESSES = 30
"""For how many unknown artifacts a name is looked for that was meant: more are no slips."""

Makers = Mapping[str, tuple[tuple[Transformation, Output], ...]]


def resolve(spec: Spec) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """Resolve every name of a spec and report those that do not exist, origins and cycles."""
    artifacts = {artifact.name.text: artifact for artifact in spec.artifacts}
    makers = _makers(spec)
    found: list[Diagnostic] = []
    for transformation in spec.transformations:
        found.extend(_unknown_environment(transformation, spec))
    found.extend(_unknown_artifacts(spec, artifacts))
    # A transformation that could not be read, or an output that is misspelt, may be its producer.
    is_known = not spec.broken and all(name in artifacts for name in makers)
    for artifact in spec.artifacts:
        made = makers.get(artifact.name.text, ())
        found.extend(_origin_faults(artifact, made, is_known=is_known))
    # What has two origins is a mistake of its own, and no reason to speak of a cycle.
    flows = {
        name: made
        for name, made in makers.items()
        if len(made) == 1 and (name not in artifacts or artifacts[name].source is None)
    }
    ordered = order(spec, flows)
    if len(ordered) < len(spec.transformations):
        found.extend(find_cycles(spec, flows))
    return _graph(spec, artifacts, makers, ordered), tuple(found)


def _makers(spec: Spec) -> Makers:
    makers: dict[str, tuple[tuple[Transformation, Output], ...]] = {}
    for transformation in spec.transformations:
        for output in transformation.outputs:
            name = output.artifact.text
            before = makers.get(name, ())
            if all(maker is not transformation for maker, _ in before):
                makers[name] = (*before, (transformation, output))
    return makers


def _graph(
    spec: Spec,
    artifacts: Mapping[str, Artifact],
    makers: Makers,
    ordered: list[Transformation],
) -> Graph:
    sources = {
        name: artifact
        for name, artifact in artifacts.items()
        if artifact.source is not None and name not in makers
    }
    single = {name: made[0][0] for name, made in makers.items() if len(made) == 1}
    produced = {
        name: maker
        for name, maker in single.items()
        if name in artifacts and artifacts[name].source is None
    }
    sound: dict[str, Transformation] = {}
    for transformation in ordered:
        if all(output.artifact.text in produced for output in transformation.outputs) and all(
            read.artifact.text in sources
            or (read.artifact.text in produced and produced[read.artifact.text].name.text in sound)
            for read in reads_of(transformation)
        ):
            sound[transformation.name.text] = transformation
    return Graph(
        spec=spec,
        transformations=tuple(sound.values()),
        sources=tuple(sources[name] for name in sorted(sources)),
        producers=tuple(
            sorted(
                (name, maker.name.text)
                for name, maker in produced.items()
                if maker.name.text in sound
            )
        ),
    )


def _unknown_artifacts(spec: Spec, artifacts: Mapping[str, Artifact]) -> Iterator[Diagnostic]:
    """Report each name that is not declared once, where it is made or else first read."""
    made: dict[str, list[tuple[Name, str]]] = {}
    read: dict[str, list[tuple[Name, str]]] = {}
    for transformation in spec.transformations:
        owner = transformation.name.text
        for output in transformation.outputs:
            made.setdefault(output.artifact.text, []).append((output.artifact, owner))
        for use in reads_of(transformation):
            read.setdefault(use.artifact.text, []).append((use.artifact, owner))
    guesses = 0
    for name in {**made, **read}:
        if name in artifacts or name in spec.broken:
            continue
        uses = made.get(name, []) + read.get(name, [])
        (place, owner), others = uses[0], uses[1:]
        message = f"`{owner}` reads `{name}`, which nothing produces"
        if name in made:
            message = f"`{owner}` makes `{name}`, which is not declared"
        related = tuple(Label(span=other.span, message="also named here") for other, _ in others)
        guesses += 1
        candidates = artifacts if guesses <= _MOST_GUESSES else {}
        found = _unknown(codes.UNKNOWN_ARTIFACT, message, place, list(candidates))
        near = closest(name, candidates)
        is_doubtful = _taken(near, {owner for _, owner in uses}, made, read)
        is_doubtful |= name in made and (near in made or _has_source(near, artifacts))
        # A name that nothing else names may itself be the one that is misspelt.
        is_doubtful |= near not in made and near not in read
        spans = [use.span for use, _ in uses]
        fixes = (
            ()
            if near is None
            else rename_all(spans, name, near, artifacts, is_doubtful=is_doubtful)
        )
        yield replace(found, related=related, fixes=fixes)


def _taken(name: str | None, owners: set[str], *uses: Mapping[str, list[tuple[Name, str]]]) -> bool:
    """Whether a name stands in one of some transformations: it was hardly meant a second time."""
    return any(owner in owners for use in uses for _, owner in use.get(name or "", ()))


def _has_source(name: str | None, artifacts: Mapping[str, Artifact]) -> bool:
    return any(name == other and a.source is not None for other, a in artifacts.items())


def _unknown_environment(transformation: Transformation, spec: Spec) -> Iterator[Diagnostic]:
    named = transformation.environment
    if named is None:
        return
    known = [environment.name.text for environment in spec.environments]
    if named.text not in known and named.text not in spec.broken:
        message = (
            f"`{transformation.name.text}` names environment `{named.text}`, which is not declared"
        )
        yield _unknown(codes.UNKNOWN_ENVIRONMENT, message, named, known)


def _origin_faults(
    artifact: Artifact, made: tuple[tuple[Transformation, Output], ...], *, is_known: bool
) -> Iterator[Diagnostic]:
    name, source = artifact.name, artifact.source
    if source is None and not made:
        if is_known:
            message = f"nothing produces `{name.text}`"
            hint = "give it a `source`, or name it under the `outputs` of a transformation"
            yield Diagnostic(
                code=codes.NO_ORIGIN, message=message, primary=Label(span=name.span), help=hint
            )
        return
    places: list[tuple[Span, str]] = [] if source is None else [(source.span, "a source")]
    places += [
        (output.artifact.span, f"an output of `{maker.name.text}`") for maker, output in made
    ]
    (first, _), *others = places
    for span, what in others:
        yield Diagnostic(
            code=codes.TWO_ORIGINS,
            message=f"`{name.text}` has two origins",
            primary=Label(span=span, message=what),
            related=(Label(span=first, message=f"the other: {places[0][1]}"),),
        )


def _unknown(code: Code, message: str, name: Name, known: list[str]) -> Diagnostic:
    near = closest(name.text, known)
    hint = None if near is None else f"did you mean `{near}`?"
    fixes = rename(name.span, name.text, near, known)
    label = Label(span=name.span)
    return Diagnostic(code=code, message=message, primary=label, help=hint, fixes=fixes)
