"""Takes what an attempt has produced into the store and makes versions of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...compiler.plan import CommandCall
from ..child.request import Produced
from ..clock import now_text
from ..content import Content
from ..contracts.accept import accept, has_rules, judge_table, refusal, warnings_of
from ..contracts.report import ContractReport
from ..events import Failure, PublishedOutput
from ..executor import Assignment, BoundOutput
from ..made_from import listed_bound
from ..sources.files import IngestError, SourceFile
from ..store import contracts, reuse, versions
from ..store.append import new_nonce
from ..store.backend import Backend
from ..store.records import ReuseRecord
from ..store.together import together

if TYPE_CHECKING:
    import pyarrow as pa

_BEGINNINGS = {".parquet": b"PAR1", ".arrow": b"ARROW1"}

Contents = tuple[tuple[str, Content], ...]
_Checked = tuple[Content, ContractReport | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What came of the outputs; with a `failure`, no version was made."""

    outputs: tuple[PublishedOutput, ...]
    warnings: tuple[str, ...]
    failure: Failure | None


def store_outputs(
    backend: Backend, assignment: Assignment, produced: Iterable[Produced]
) -> Contents | Failure:
    """Store the objects of all outputs and return their contents by name, sorted.

    Tables are checked while they are in hand; what came of it is kept too. Returns a failure where
    an output cannot be kept. Raises StoreError.
    """
    with together(backend):
        found = _stored_all(backend, assignment, produced)
    if isinstance(found, Failure):
        return found
    # Objects are durable by now, as they must be before a record says anything of them.
    for _, (_, report) in found:
        if report is not None:
            contracts.add(backend, report)
    return tuple((name, content) for name, (content, _) in found)


def _stored_all(
    backend: Backend, assignment: Assignment, produced: Iterable[Produced]
) -> list[tuple[str, _Checked]] | Failure:
    from ..codecs.unstorable import Unstorable

    bound = {output.name: output for output in assignment.outputs}
    found: list[tuple[str, _Checked]] = []
    for each in sorted(produced, key=lambda each: each["name"]):
        name = each["name"]
        try:
            found.append((name, _stored(backend, assignment, bound[name], each)))
        except IngestError as error:
            return _unreadable(assignment, each, error)
        except (Unstorable, OSError) as error:
            return _unstorable(assignment, name, error)
    return found


def publish_outputs(
    backend: Backend, assignment: Assignment, contents: Contents, *, log: str | None, seconds: float
) -> Published:
    """Check the contracts, then publish versions, then the reuse record.

    A refusal by a contract publishes no version, yet keeps the record: the same outputs need not
    be computed again where the contract changes. Raises StoreError.
    """
    bound = {output.name: output for output in assignment.outputs}
    reports = {name: accept(backend, bound[name].artifact, content) for name, content in contents}
    failure = _refusal(bound, reports)
    # Objects are durable by now. What names them may become so in any order.
    with together(backend):
        outputs = (
            ()
            if failure is not None
            else tuple(
                _publish(backend, assignment, bound[name], content, reports[name])
                for name, content in contents
            )
        )
        reuse.add(backend, _reuse_record(assignment, contents, log, seconds))
    warnings = tuple(
        line
        for name, report in reports.items()
        for line in warnings_of(bound[name].artifact.id, report)
    )
    return Published(outputs=outputs, warnings=warnings, failure=failure)


def _stored(
    backend: Backend, assignment: Assignment, output: BoundOutput, produced: Produced
) -> _Checked:
    from ..codecs.files import put_tree
    from ..codecs.metrics import put_metrics

    match produced["how"]:
        case "arrow":
            return _stored_result(backend, output, produced["value"])
        case "table":
            return _stored_file(backend, assignment, output, Path(produced["value"]))
        case "metrics":
            return put_metrics(backend, json.loads(produced["value"])), None
        case "path":
            artifact, path = output.artifact, Path(produced["value"])
            return put_tree(backend, path, kind=artifact.kind, suffix=artifact.suffix), None


def _stored_result(backend: Backend, output: BoundOutput, path: str) -> _Checked:
    """Store a table that a function or a query gave."""
    import pyarrow as pa

    with pa.memory_map(path) as source:
        return _stored_table(backend, output, pa.ipc.open_stream(source).read_all())


def _stored_file(
    backend: Backend, assignment: Assignment, output: BoundOutput, path: Path
) -> _Checked:
    """Store a table that a command wrote, read as a source of that form would be."""
    from ..codecs.readers import read_files

    call, contract = assignment.definition.call, output.artifact.contract
    assert isinstance(call, CommandCall)
    columns = [(column.name, column.type) for column in contract.columns]
    file = SourceFile(path=path, name=path.name)
    form = dict(call.outputs).get(output.name, "parquet")
    return _stored_table(backend, output, read_files([file], format=form, columns=columns))


def _stored_table(backend: Backend, output: BoundOutput, table: pa.Table) -> _Checked:
    """Store a table, and hold it against its contract where it has one."""
    from ..codecs.table import settled_table, write_settled, write_table

    key = output.artifact.contract.key
    if not has_rules(output.artifact):
        return write_table(backend, table, key=key), None
    table = settled_table(table, key=key)
    content = write_settled(backend, table, key=key)
    return content, judge_table(output.artifact, table, content.digest)


def _unreadable(assignment: Assignment, produced: Produced, error: IngestError) -> Failure:
    """Say what is wrong with the file of a table that a command wrote."""
    name = assignment.definition.name
    lines = [f"Output `{produced['name']}` of `{name}`: {error.message}.", error.detail]
    return Failure(
        reason="wrong-output",
        message=f"`{name}` wrote a `{produced['name']}` that cannot be read",
        detail="\n".join(line for line in lines if line),
        help=error.help or _wrong_form(Path(produced["value"])),
    )


def _wrong_form(path: Path) -> str | None:
    """Say what to do where a command has written text for what is no text."""
    with path.open("rb") as file:
        begins = file.read(6)
    if path.suffix not in _BEGINNINGS or begins.startswith(_BEGINNINGS[path.suffix]):
        return None
    return "where the command writes text, say `as: csv` or `as: jsonl` at the output"


def _unstorable(assignment: Assignment, name: str, error: Exception) -> Failure:
    return Failure(
        reason="wrong-output",
        message=f"`{assignment.definition.name}` made a `{name}` that cannot be stored",
        detail=f"Output `{name}`: {error}",
        help=None,
    )


def _refusal(
    bound: dict[str, BoundOutput], reports: dict[str, ContractReport | None]
) -> Failure | None:
    refused = [
        refusal(bound[name].artifact.id, report)
        for name, report in reports.items()
        if report is not None and report.is_refused
    ]
    if len(refused) <= 1:
        return refused[0] if refused else None
    detail = "\n\n".join(f"{each.message}\n{each.detail}" for each in refused)
    return Failure(reason="contract", message=refused[0].message, detail=detail, help=None)


def _publish(
    backend: Backend,
    assignment: Assignment,
    output: BoundOutput,
    content: Content,
    report: ContractReport | None,
) -> PublishedOutput:
    version, _ = versions.publish(
        backend,
        pipeline=assignment.pipeline,
        artifact=output.artifact.id,
        point=assignment.point,
        content=content,
        run=assignment.run,
        task=assignment.task,
        fingerprint=assignment.fingerprint,
        reused_from=None,
        contract=report,
        created=now_text(),
        inputs=listed_bound(assignment.inputs),
    )
    return PublishedOutput(
        name=output.name,
        artifact=output.artifact.id,
        version=version.number,
        digest=content.digest,
    )


def _reuse_record(
    assignment: Assignment, contents: Contents, log: str | None, seconds: float
) -> ReuseRecord:
    return ReuseRecord(
        fingerprint=assignment.fingerprint,
        identity=assignment.identity,
        outputs=contents,
        log=log,
        run=assignment.run,
        task=assignment.task,
        seconds=round(seconds, 3),
        created=now_text(),
        nonce=new_nonce(),
    )
