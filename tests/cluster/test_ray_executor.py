"""Requests as Ray gets them, and Ray's failures in our words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reprocc.cluster.engine.executor import RayExecutor, failure_of, ray_options
from reprocc.cluster.engine.session import EmbeddedSession, Machine
from reprocc.compiler.plan import Resources

pytestmark = [pytest.mark.ray, pytest.mark.xdist_group("ray")]

ASKED = Resources(cpus=1, gpus=0, gpu_type=None, memory=None, labels=(), custom=())
MACHINE = Machine(cpus=2, gpus=4, labels=(("zone", "a"),), custom=(("widgets", 3.0),))


@pytest.fixture(scope="module")
def session() -> Iterator[EmbeddedSession]:
    opened = EmbeddedSession(MACHINE)
    yield opened
    opened.close()


@pytest.fixture
def executor(session: EmbeddedSession, tmp_path: Path) -> RayExecutor:
    return RayExecutor(session.ray, folder=str(tmp_path), slots=None, close=lambda: None)


def test_every_kind_of_request_reaches_ray(session: EmbeddedSession) -> None:
    wanted = replace(
        ASKED, gpus=0.5, memory=2**20, labels=(("zone", "a"),), custom=(("widgets", 2.0),)
    )

    def place() -> tuple[dict[str, float], list[int]]:
        import ray

        context = ray.get_runtime_context()
        return context.get_assigned_resources(), ray.get_gpu_ids()

    run = session.ray.remote(place).options(**ray_options(wanted))
    resources, gpus = session.ray.get(run.remote())
    assert resources == {"CPU": 1.0, "GPU": 0.5, "memory": float(2**20), "widgets": 2.0}
    assert len(gpus) == 1


def test_an_amount_finer_than_ray_counts_in_reaches_ray(session: EmbeddedSession) -> None:
    wanted = replace(ASKED, cpus=0.00001, gpus=0.33333, custom=(("widgets", 0.123456),))

    def place() -> dict[str, float]:
        import ray

        found: dict[str, float] = ray.get_runtime_context().get_assigned_resources()
        return found

    run = session.ray.remote(place).options(**ray_options(wanted))
    assert session.ray.get(run.remote()) == {"CPU": 0.0001, "GPU": 0.3333, "widgets": 0.1235}


def test_a_request_beyond_the_machine_is_infeasible_before_anything_starts(
    executor: RayExecutor,
) -> None:
    assert executor.infeasible(ASKED) is None
    assert executor.infeasible(replace(ASKED, gpus=4)) is None
    said = executor.infeasible(replace(ASKED, gpus=5))
    assert said is not None
    assert said.endswith("4 of 5 GPUs")
    assert executor.infeasible(replace(ASKED, labels=(("zone", "b"),))) is not None


def test_a_worker_that_dies_is_lost_and_may_be_tried_again(session: EmbeddedSession) -> None:
    def die() -> None:
        import os

        os._exit(1)

    ray = session.ray
    with pytest.raises(ray.exceptions.RayError) as caught:
        ray.get(ray.remote(max_retries=0)(die).remote())
    failure = failure_of(ray, caught.value)
    assert failure.reason == "worker-lost"


def test_nothing_to_wait_for_is_no_outcome(executor: RayExecutor) -> None:
    assert executor.wait(0) == []
