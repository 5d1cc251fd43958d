"""Whether a failed attempt is made again, when, and with which resources."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..compiler.plan import OnOutOfMemory, Resources, Retries
from .events import Failure

LONGEST_BACKOFF = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Another attempt, `delay` seconds from now, asking for `resources`."""

    delay: float
    resources: Resources


def next_attempt(
    *,
    failure: Failure,
    attempt: int,
    resources: Resources,
    retries: Retries,
    escalation: OnOutOfMemory | None,
) -> Retry | None:
    """Return the attempt that follows attempt number `attempt` (from 1), or None.

    Out of memory is tried again where the spec names it or says what to ask for then; it ends
    when what may be asked for no longer grows.
    """
    if attempt >= retries.attempts:
        return None
    delay = min(retries.backoff * 2 ** (attempt - 1), LONGEST_BACKOFF)
    if failure.reason == "out-of-memory" and escalation is not None:
        larger = _escalate(resources, escalation)
        return None if larger is None else Retry(delay=delay, resources=larger)
    if failure.reason in retries.causes:
        return Retry(delay=delay, resources=resources)
    return None


def _escalate(resources: Resources, escalation: OnOutOfMemory) -> Resources | None:
    asked = resources.memory or 0
    memory = int(asked * escalation.factor) if escalation.factor else escalation.memory or 0
    if escalation.maximum is not None:
        memory = min(memory, escalation.maximum)
    return replace(resources, memory=memory) if memory > asked else None
