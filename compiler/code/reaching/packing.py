"""A module's parts as bytes, and back: what they say, without their trees."""

from __future__ import annotations

import marshal
from typing import Any

from ..imports import Import
from .data import NO_DATA, DataUse, Placed
from .effect import Effects, Making
from .parts import NO_EFFECTS, Part, Parts, Said, assembled
from .use import BoundImport, Use

_Plain = Any
"""Tuples, texts, numbers and booleans."""


def packed_parts(parts: Parts) -> bytes:
    """Return a module's parts as bytes that this version of Python reads back."""
    return marshal.dumps(
        (
            tuple(map(_part, parts.parts)),
            tuple(
                (i.module, i.level, i.names, i.is_guarded, i.is_certain, i.place)
                for i in parts.imported
            ),
            parts.exported,
            parts.names_files,
            parts.declares_globals,
        )
    )


def unpacked(data: bytes) -> Parts:
    """Return the parts that `packed_parts` wrote."""
    parts, imported, exported, names_files, declares_globals = marshal.loads(data)
    return assembled(
        tuple(_part_back(*one) for one in parts),
        imported=tuple(
            Import(
                module=module,
                level=level,
                names=names,
                is_guarded=is_guarded,
                is_certain=is_certain,
                place=place,
            )
            for module, level, names, is_guarded, is_certain, place in imported
        ),
        exported=exported,
        names_files=names_files,
        declares_globals=declares_globals,
    )


def _part(part: Part) -> _Plain:
    return (
        part.index,
        None if part.bound is None else _bound(part.bound),
        part.defines,
        tuple(map(_bound, part.imports)),
        (part.is_function, part.is_script, part.is_lazy),
        None if part.node is None else _said(part),
    )


def _part_back(
    index: int, bound: _Plain, defines: frozenset[str], imports: _Plain, is_: _Plain, said: _Plain
) -> Part:
    is_function, is_script, is_lazy = is_
    own = None if bound is None else _bound_back(bound)
    return Part(
        index=index,
        node=None if said is None else _said_back(*said),
        bound=own,
        defines=defines,
        imports=(own,) if own is not None else tuple(map(_bound_back, imports)),
        is_function=is_function,
        is_script=is_script,
        is_lazy=is_lazy,
    )


def _bound(one: BoundImport) -> _Plain:
    return (
        (one.name, one.stands_for, one.module, one.level),
        (one.taken, one.is_in_function, one.is_global),
    )


def _bound_back(plain: _Plain) -> BoundImport:
    (name, stands_for, module, level), (taken, is_in_function, is_global) = plain
    return BoundImport(
        name=name,
        stands_for=stands_for,
        module=module,
        level=level,
        taken=taken,
        is_in_function=is_in_function,
        is_global=is_global,
    )


def _said(part: Part) -> _Plain:
    use, effects, data = part.use, part.effects, part.data
    used = (use.chains, tuple(map(_bound, use.imports)), use.calls, use.computed, use.attributes)
    return used, _effects(effects), None if data == NO_DATA else _data(data), part.digest


def _said_back(used: _Plain, effects: _Plain, data: _Plain, digest: str) -> Said:
    chains, imports, calls, computed, attributes = used
    return Said(
        use=Use(
            chains=chains,
            imports=tuple(map(_bound_back, imports)),
            calls=calls,
            computed=computed,
            attributes=attributes,
        ),
        effects=NO_EFFECTS if effects is None else _effects_back(*effects),
        data=NO_DATA if data is None else _data_back(*data),
        digest=digest,
    )


def _effects(effects: Effects) -> _Plain:
    if effects == NO_EFFECTS:
        return None
    makes = tuple((one.bases, one.has_metaclass, one.is_told) for one in effects.makes)
    named = effects.called, effects.decorating, effects.evaluated, effects.aliases
    does = effects.acts, effects.operates, effects.has_calls, effects.has_code, effects.assigns
    return makes, named, does


def _effects_back(makes: _Plain, named: _Plain, does: _Plain) -> Effects:
    called, decorating, evaluated, aliases = named
    acts, operates, has_calls, has_code, assigns = does
    return Effects(
        acts=acts,
        called=called,
        decorating=decorating,
        evaluated=evaluated,
        operates=operates,
        has_calls=has_calls,
        has_code=has_code,
        makes=tuple(
            Making(bases=bases, has_metaclass=has_metaclass, is_told=is_told)
            for bases, has_metaclass, is_told in makes
        ),
        aliases=aliases,
        assigns=assigns,
    )


def _data(data: DataUse) -> _Plain:
    return (
        tuple((one.base, one.below) for one in data.files),
        tuple((one.base, one.below) for one in data.globs),
        tuple(((one.base, one.below), place) for one, place in data.computed),
        None if data.gives is None else (data.gives.base, data.gives.below),
    )


def _data_back(files: _Plain, globs: _Plain, computed: _Plain, gives: _Plain) -> DataUse:
    return DataUse(
        files=tuple(Placed(*one) for one in files),
        globs=tuple(Placed(*one) for one in globs),
        computed=tuple((Placed(*one), place) for one, place in computed),
        gives=None if gives is None else Placed(*gives),
    )
