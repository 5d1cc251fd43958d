"""Under the variables of a task, what is imported beforehand starts no thread."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from reprocc.runtime.executor import BoundEnvironment
from reprocc.runtime.worker.variables import child_variables

COUNT = "import os, {module}; print(len(os.listdir('/proc/self/task')))"
ENVIRONMENT = BoundEnvironment(digest="e", python=sys.executable, variables=(), passed=())


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
@pytest.mark.parametrize("module", ["numpy", "pyarrow", "pandas", "sklearn.ensemble", "duckdb"])
def test_importing_it_starts_no_thread_so_that_it_can_be_preloaded(module: str) -> None:
    variables = child_variables(
        os.environ, ENVIRONMENT, threads=1, numerics="deterministic", gpus=0
    )
    done = subprocess.run(
        [sys.executable, "-c", COUNT.format(module=module)],
        env=variables,
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout == "1\n"
