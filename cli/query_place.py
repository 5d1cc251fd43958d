"""Where in a spec, or in the file of a query, a query failed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..compiler.driver import Compiled
    from ..compiler.plan import Task
    from ..compiler.queries.prepare import PreparedQuery
    from ..compiler.source import Span
    from ..compiler.spec import Query

_NAME = re.compile(r'(?:\w+|"(?:[^"]|"")*")(?:\.(?:\w+|"(?:[^"]|"")*"))*')


def query_place(compiled: Compiled, task: str, offset: int) -> Span | None:
    """Return where the name at an offset of a task's evaluated query is written.

    `offset` counts code points. None where that cannot be said: the task runs no query, or its
    file is not what ran any more.
    """
    from ..compiler.spec import Query

    assert compiled.plan is not None, "only what compiled runs"
    assert compiled.spec is not None, "there is no plan without a spec"
    found = next(one for one in compiled.plan.tasks if one.id == task)
    declared = next(
        one for one in compiled.spec.transformations if one.name.text == found.transformation
    )
    text = found.query
    if not isinstance(declared.body, Query) or text is None or not 0 <= offset <= len(text):
        return None
    query = _prepared(compiled, declared.body, found)
    literals = [] if query is None else _literals(compiled, query, found)
    if query is None or query.text(literals) != text:
        return None
    name = _NAME.match(text, offset)
    return query.span(literals, (offset, offset + 1 if name is None else name.end()))


def _prepared(compiled: Compiled, body: Query, task: Task) -> PreparedQuery | None:
    from ..compiler.document import Scalar
    from ..compiler.expression.scope import Names
    from ..compiler.queries.prepare import prepare_file, prepare_query

    if body.file is None:
        assert isinstance(body.text, Scalar), "what compiled has a text"
        assert compiled.plan is not None, "only what compiled runs"
        names = Names(
            place=f"`{task.transformation}`",
            parameters=frozenset(one.name for one in compiled.plan.parameters),
            axes=frozenset(axis for axis, _ in task.point),
            seed=True,
            broken=frozenset(),
        )
        return prepare_query(body.text, names)[0]
    from pathlib import PurePosixPath

    from ..compiler.code import CodeFolder
    from ..compiler.diagnostic import Diagnostic
    from ..compiler.queries.file import read_query
    from ..compiler.workspace import Workspace

    assert compiled.spec is not None, "there is no plan without a spec"
    assert compiled.code_folder is not None, "there is no plan without a code folder"
    beside = PurePosixPath(compiled.spec.span.source.path).parent
    code = compiled.spec.code
    shown = (beside if code is None else beside / code.text).as_posix()
    read = read_query(CodeFolder(Workspace(), compiled.code_folder, shown), body.file)
    return None if isinstance(read, Diagnostic) else prepare_file(read[0])


def _literals(compiled: Compiled, query: PreparedQuery, task: Task) -> list[str]:
    from ..compiler.diagnostic import Diagnostic
    from ..compiler.expression.expression import evaluate_expression
    from ..compiler.expression.scope import Scope
    from ..compiler.queries.literals import literal

    assert compiled.plan is not None, "only what compiled runs"
    scope = Scope(
        parameters={one.name: json.loads(one.value) for one in compiled.plan.parameters},
        matrix=dict(task.point),
        seed=task.seed,
    )
    found: list[str] = []
    for hole in query.holes():
        value = evaluate_expression(hole.expression, scope)
        assert not isinstance(value, Diagnostic), "what compiled has its values"
        found.append(literal(value))
    return found
