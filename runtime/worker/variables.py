"""The environment variables of user code: an allow-list, so that nothing else can reach it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from ..executor import BoundEnvironment
from .scratch import SETTLED_TIME

_FROM_HOST = frozenset(
    {
        "PATH",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        *(f"{scheme}_proxy" for scheme in ("http", "https", "ftp", "all", "no")),
        *(f"{scheme}_PROXY" for scheme in ("HTTP", "HTTPS", "FTP", "ALL", "NO")),
    }
)
_CONSTANT = {
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    # What puts a date into a file (figures, archives, documents) puts this one.
    "SOURCE_DATE_EPOCH": str(SETTLED_TIME),
    # The home is empty, so nothing else sets up matplotlib but a `matplotlibrc` beside a command.
    "MATPLOTLIBRC": str(Path(__file__).resolve().parent.parent / "child" / "matplotlibrc"),
}
_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "GOTO_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "ACCELERATE_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMEXPR_MAX_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "ARROW_IO_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "LOKY_MAX_CPU_COUNT",
)
_FIXED_TEAMS = {"OMP_DYNAMIC": "FALSE", "MKL_DYNAMIC": "FALSE"}
_NO_THREADS = {
    # The allocators of Arrow and polars start a thread when they are imported, and what has
    # threads cannot be imported before a fork.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "_RJEM_MALLOC_CONF": "background_thread:false",
}
_DETERMINISTIC = {
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    "NVIDIA_TF32_OVERRIDE": "0",
    "TF_DETERMINISTIC_OPS": "1",
}


def child_variables(
    host: Mapping[str, str],
    environment: BoundEnvironment,
    *,
    threads: int,
    numerics: Literal["deterministic", "fast"],
    gpus: float,
) -> dict[str, str]:
    """Return the variables of a task but HOME and TMPDIR, which each attempt has of its own.

    `host` is the worker's environment. What the environment declares wins over everything.
    """
    found = {
        name: host[name]
        for name in host
        if name in _FROM_HOST or name.startswith("CUDA") or name in environment.passed
    }
    found.update(_CONSTANT)
    found.update(dict.fromkeys(_THREADS, str(threads)))
    found.update(_FIXED_TEAMS)
    found.update(_NO_THREADS)
    if numerics == "deterministic":
        found.update(_DETERMINISTIC)
    if gpus == 0:
        found["CUDA_VISIBLE_DEVICES"] = ""
    found.update(environment.variables)
    return found
