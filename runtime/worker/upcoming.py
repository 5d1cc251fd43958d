"""Which servers the tasks that are still to come will want, as far as it can be known."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ...compiler.plan import Task, forms_of
from ..binding import BoundRun
from .call import modules_before
from .server_key import ServerKey
from .variables import child_variables

_Kind = tuple[str, int, str, bool]


def upcoming_servers(bound: BoundRun, tasks: Iterable[Task]) -> tuple[ServerKey, ...]:
    """Return the keys of servers with something to import, for a worker with the variables of this
    process; tasks with GPUs, whose variables only their worker knows, are left out."""
    found: dict[ServerKey, None] = {}
    variables: dict[_Kind, tuple[tuple[str, str], ...]] = {}
    for task in tasks:
        modules = _modules(bound, task)
        if not modules or task.resources.gpus:
            continue
        definition = bound.definitions[task.transformation]
        environment = bound.environments[task.transformation]
        kind = (environment.digest, task.threads, definition.numerics, False)
        if kind not in variables:
            said = child_variables(
                os.environ,
                environment,
                threads=task.threads,
                numerics=definition.numerics,
                gpus=0,
            )
            variables[kind] = tuple(sorted(said.items()))
        key = ServerKey(python=environment.python, variables=variables[kind], preload=modules)
        found[key] = None
    return tuple(found)


def _modules(bound: BoundRun, task: Task) -> tuple[str, ...]:
    definition = bound.definitions[task.transformation]
    forms = forms_of(definition.call)
    return modules_before(
        definition,
        forms={forms.get(wanted.parameter) for wanted in task.inputs},
        makes_tables=any(bound.artifacts[each.artifact].kind == "table" for each in task.outputs),
    )
