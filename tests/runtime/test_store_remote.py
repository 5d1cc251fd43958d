"""The store in buckets, on real servers: the contract that every backend owes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reprocc.runtime.store.backend import Backend
from reprocc.runtime.store.open import open_backend

sys.path.insert(0, str(Path(__file__).parents[1]))
pytest.register_assert_rewrite("contracts.store")

from contracts.store import BackendContract, SharedBackendContract  # noqa: E402


class InBucket(BackendContract, SharedBackendContract):
    turns = 5

    @pytest.fixture
    def backend(self, cloud: str) -> Backend:
        return open_backend(cloud)


@pytest.mark.parametrize("cloud", ["gs"], indirect=True)
class TestGcs(InBucket):
    pass


@pytest.mark.parametrize("cloud", ["s3"], indirect=True)
class TestS3(InBucket):
    pass
