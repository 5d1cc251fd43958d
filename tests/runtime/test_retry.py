"""Which failures are tried again, when, and with what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprocc.compiler.plan import OnOutOfMemory, Resources, Retries
from reprocc.runtime.events import Failure, FailureReason
from reprocc.runtime.retry import LONGEST_BACKOFF, Retry, next_attempt

GIB = 2**30
ASKED = Resources(cpus=1, gpus=0, gpu_type=None, memory=GIB, labels=(), custom=())
RETRIES = Retries(attempts=3, causes=("worker-lost",), backoff=2.0)


def _next(
    reason: FailureReason,
    attempt: int,
    retries: Retries = RETRIES,
    escalation: OnOutOfMemory | None = None,
    resources: Resources = ASKED,
) -> Retry | None:
    return next_attempt(
        failure=Failure(reason=reason, message="m", detail="", help=None),
        attempt=attempt,
        resources=resources,
        retries=retries,
        escalation=escalation,
    )


def test_a_lost_worker_is_tried_again_with_growing_delays() -> None:
    assert _next("worker-lost", 1) == Retry(delay=2.0, resources=ASKED)
    assert _next("worker-lost", 2) == Retry(delay=4.0, resources=ASKED)


def test_attempts_end() -> None:
    assert _next("worker-lost", 3) is None


@pytest.mark.parametrize("reason", ["error", "timeout", "contract", "wrong-output", "infeasible"])
def test_what_the_spec_does_not_name_is_not_tried_again(reason: FailureReason) -> None:
    assert _next(reason, 1) is None


def test_the_spec_may_name_errors() -> None:
    retries = Retries(attempts=2, causes=("error", "timeout"), backoff=0.0)
    assert _next("error", 1, retries) == Retry(delay=0.0, resources=ASKED)
    assert _next("worker-lost", 1, retries) is None


def test_delays_are_bounded() -> None:
    retries = Retries(attempts=99, causes=("error",), backoff=60.0)
    found = _next("error", 50, retries)
    assert found is not None
    assert found.delay == LONGEST_BACKOFF


def test_memory_grows_by_its_factor_up_to_the_maximum_and_then_ends() -> None:
    escalation = OnOutOfMemory(factor=2.0, memory=None, maximum=3 * GIB)
    first = _next("out-of-memory", 1, escalation=escalation)
    assert first is not None
    assert first.resources == replace(ASKED, memory=2 * GIB)
    second = _next("out-of-memory", 2, escalation=escalation, resources=first.resources)
    assert second is not None
    assert second.resources.memory == 3 * GIB
    longer = replace(RETRIES, attempts=9)
    assert _next("out-of-memory", 3, longer, escalation, second.resources) is None


def test_memory_may_be_an_amount() -> None:
    escalation = OnOutOfMemory(factor=None, memory=8 * GIB, maximum=None)
    found = _next("out-of-memory", 1, escalation=escalation)
    assert found is not None
    assert found.resources.memory == 8 * GIB
