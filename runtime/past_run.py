"""What a run was: its code, its environments and its definitions, from the records it left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from .content import Content
from .store.backend import Backend, StoreError
from .store.objects import get_bytes
from .store.records import RunStart
from .store.runs import read
from .store.sealed import NewerFormat


class PastRun:
    """A run of the store; what is damaged or gone counts as never recorded."""

    def __init__(self, backend: Backend, run: str) -> None:
        self._backend = backend
        self._name = run

    def code(self, transformation: str) -> Content | None:
        """Return the snapshot of a transformation's code."""
        start = self._start
        return None if start is None else dict(start.code).get(transformation)

    def code_digests(self, transformation: str) -> Mapping[str, str]:
        """Return the digest of each file that counted, by path; as in the run's plan."""
        files = self._definition(transformation).get("code", {}).get("files", [])
        return {file["path"]: file["digest"] for file in files if file["digest"] is not None}

    def code_definitions(self, transformation: str) -> Mapping[str, frozenset[str]]:
        """Return the names that counted in each module, by path; as in the run's plan."""
        files = self._definition(transformation).get("code", {}).get("files", [])
        return {file["path"]: frozenset(file.get("definitions", ())) for file in files}

    def environment(self, transformation: str) -> Mapping[str, str]:
        """Return the distributions by name with their versions, and `python` with its own."""
        start = self._start
        found = {} if start is None else json.loads(start.environments).get(transformation, {})
        distributions: dict[str, str] = dict(found.get("distributions", []))
        return {"python": found["python"], **distributions} if "python" in found else {}

    def variables(self, transformation: str) -> Mapping[str, str]:
        """Return the variables that the spec set."""
        found: Mapping[str, str] = (
            self._definition(transformation).get("environment", {}).get("variables", {})
        )
        return found

    @cached_property
    def _start(self) -> RunStart | None:
        try:
            return read(self._backend, self._name)[0]
        except (StoreError, NewerFormat):
            return None

    def _definition(self, transformation: str) -> dict[str, Any]:
        return self._definitions.get(transformation, {})

    @cached_property
    def _definitions(self) -> dict[str, dict[str, Any]]:
        if self._start is None:
            return {}
        try:
            plan = json.loads(get_bytes(self._backend, self._start.plan_object))
        except (StoreError, ValueError):
            return {}
        return {one.get("transformation", ""): one for one in plan.get("transformations", [])}
