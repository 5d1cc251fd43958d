"""Sources: what comes from outside is read, converted, checked, and kept like any other content."""

from __future__ import annotations

import json
import time
from bisect import bisect_left
from dataclasses import dataclass, replace
from pathlib import Path

from ...compiler.fingerprint import Fingerprint
from ...compiler.plan import Plan, SourceBinding
from ...compiler.point import with_point
from ..clock import now_text
from ..codecs.files import put_tree
from ..codecs.unstorable import Unstorable
from ..content import Content
from ..contracts.accept import accept, has_rules, judge_table
from ..contracts.report import ContractReport
from ..store import contracts, reuse
from ..store.append import new_nonce
from ..store.backend import Backend, Damaged, Missing
from ..store.records import ReuseRecord
from ..store.rewriting import Rewriting
from .files import IngestError, unreadable
from .intake import Intake, examine, kept_suffix

__all__ = ["IngestError", "Ingested", "convert", "examine", "ingest"]

_OUTPUT = "content"
Checked = tuple[Content, ContractReport | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """A source that was taken in.

    `report` is what came of its contract, None where it has none. Where the report refuses,
    nothing was stored and `content` has no parts. `location` is what the spec says; `was_reused`
    that these files were converted before; `seconds` what all of it took.
    """

    fingerprint: Fingerprint
    content: Content
    report: ContractReport | None
    location: str
    was_reused: bool
    seconds: float


def ingest(backend: Backend, *, plan: Plan, binding: SourceBinding, folder: Path) -> Ingested:
    """Take a source into the store; what was converted before is not converted again.

    `folder` is that of the spec. Raises IngestError for what is wrong with the source, StoreError
    for the store.
    """
    started = time.monotonic()
    # Artifacts are sorted by name, and there may be as many as there are sources.
    index = bisect_left(plan.artifacts, binding.artifact, key=lambda artifact: artifact.id)
    intake = examine(plan.artifacts[index], binding, folder=folder)
    known = _stored_before(backend, intake)
    if known is None:
        content, report = convert(backend, intake)
        if report is None or not report.is_refused:
            seconds = time.monotonic() - started
            reuse.add(backend, _reuse_record(intake, content, seconds))
    else:
        content, report = known
    return Ingested(
        fingerprint=intake.fingerprint,
        content=content,
        report=report,
        location=binding.location,
        was_reused=known is not None,
        seconds=time.monotonic() - started,
    )


def convert(backend: Backend, intake: Intake) -> Checked:
    """Convert a source, check it, and store it unless its contract refuses it.

    Raises IngestError, also where a file changed since it was examined; StoreError.
    """
    try:
        content, report = _convert(backend, intake)
    except Unstorable as error:
        location = intake.binding.location
        message = f"`{location}`: {error.message}"
        raise IngestError(message, help=None, place=location) from error
    except OSError as error:
        raise unreadable(intake.binding.location, error) from error
    for file in intake.files:
        if not file.is_unchanged:
            raise _changed(file.file.name)
    if intake.folder_digest is not None and content.digest != intake.folder_digest:
        raise _changed(intake.binding.location)
    return content, report


def _stored_before(backend: Backend, intake: Intake) -> Checked | None:
    record = reuse.find(backend, intake.fingerprint)
    if record is None:
        return None
    content = record.outputs[0][1]
    try:
        return content, accept(backend, intake.artifact, content, keeps_refusals=False)
    except (Missing, Damaged):
        # The contract is new and what it is about cannot be read: the files are still there.
        content, report = convert(Rewriting(backend), intake)
        return content, report


def _convert(backend: Backend, intake: Intake) -> Checked:
    artifact = intake.artifact
    if artifact.kind == "table":
        return _convert_table(backend, intake)
    if artifact.kind == "metrics":
        return _convert_metrics(backend, intake)
    path = intake.files[0].file.path if intake.folder is None else intake.folder
    suffix = kept_suffix(artifact, [hashed.file for hashed in intake.files])
    return put_tree(backend, path, kind=artifact.kind, suffix=suffix), None


def _convert_table(backend: Backend, intake: Intake) -> Checked:
    from ..codecs.readers import read_files
    from ..codecs.table import settled_table, table_content, write_settled

    contract = intake.artifact.contract
    columns = [(column.name, column.type) for column in contract.columns]
    files = [hashed.file for hashed in intake.files]
    table = read_files(files, format=intake.format or "csv", columns=columns)
    table = settled_table(table, key=contract.key)
    if not has_rules(intake.artifact):
        return write_settled(backend, table, key=contract.key), None
    content = table_content(table)
    report = judge_table(intake.artifact, table, content.digest)
    if not report.is_refused:
        content = write_settled(backend, table, key=contract.key, described=content)
        contracts.add(backend, report)
    return content, report


def _convert_metrics(backend: Backend, intake: Intake) -> Checked:
    from ..codecs.metrics import metrics_content, put_metrics
    from ..contracts.check import check_metrics, contract_digest

    (hashed,) = intake.files
    try:
        value = json.loads(hashed.file.path.read_bytes())
    except (ValueError, RecursionError) as error:
        name = hashed.file.name
        raise IngestError(f"`{name}` is not JSON", help=None, place=name) from error
    content = metrics_content(value)
    if not has_rules(intake.artifact):
        return put_metrics(backend, value), None
    contract = intake.artifact.contract
    report = ContractReport(
        contract=contract_digest(contract),
        content=content.digest,
        violations=check_metrics(value, contract),
    )
    if report.is_refused:
        return replace(content, parts=()), report
    contracts.add(backend, report)
    return put_metrics(backend, value), report


def _changed(name: str) -> IngestError:
    return IngestError(
        f"`{name}` changed while it was read", help="submit again when it is still", place=name
    )


def _reuse_record(intake: Intake, content: Content, seconds: float) -> ReuseRecord:
    return ReuseRecord(
        fingerprint=intake.fingerprint,
        identity=intake.identity,
        outputs=((_OUTPUT, content),),
        log=None,
        run="",
        task=with_point(intake.artifact.id, intake.binding.point),
        seconds=seconds,
        created=now_text(),
        nonce=new_nonce(),
    )
