"""What one attempt finds around it, and that nothing of it reaches the next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attempts import Fit

from reprocc.runtime.store.backend import Backend
from reprocc.runtime.store.objects import get_bytes
from reprocc.runtime.worker.worker import Worker

POLLUTION = {
    "random state": ("import random", "random.seed(5)", "random.random()"),
    "numpy's state": ("import numpy", "numpy.random.seed(5)", "float(numpy.random.rand())"),
    "a module's global": ("import json", "json.mark = 1", "hasattr(json, 'mark')"),
    "its own global": ("mark = 0", "globals().update(mark=1)", "mark"),
    "a variable": ("import os", "os.environ['MARK'] = '1'", "os.environ.get('MARK', '')"),
    "the folder": ("import os", "os.chdir('/')", "os.getcwd() == '/'"),
    "a file there": ("import os", "open('mark', 'w').close()", "os.listdir()"),
    "a file at home": (
        "import os",
        "open(os.path.expanduser('~/mark'), 'w').close()",
        "os.listdir(os.path.expanduser('~'))",
    ),
    "the locale": (
        "import locale",
        "locale.setlocale(locale.LC_ALL, 'C')",
        "locale.setlocale(locale.LC_ALL)",
    ),
    "an open file": (
        "import os",
        "os.dup2(os.open('/dev/null', os.O_RDONLY), 50)",
        "os.path.exists('/proc/self/fd/50')",
    ),
    "the mask of modes": ("import os", "os.umask(0)", "os.umask(0)"),
    "a signal handler": (
        "import signal",
        "signal.signal(signal.SIGUSR1, signal.SIG_IGN)",
        "str(signal.getsignal(signal.SIGUSR1))",
    ),
    "the path": ("import sys", "sys.path.append('/mark')", "'/mark' in sys.path"),
}


@pytest.mark.parametrize("name", POLLUTION)
def test_nothing_of_an_attempt_reaches_the_next(metrics: Callable[..., Any], name: str) -> None:
    preamble, pollute, look = POLLUTION[name]
    source = f"""
        {preamble}
        def fit():
            seen = {look}
            {pollute}
            return {{"seen": seen, "after": {look}}}
        """
    first, second = (metrics(source, preload=("numpy", "json")) for _ in range(2))
    assert first == second
    assert first["seen"] != first["after"] or name == "the locale"


def test_a_change_of_the_shared_code_folder_does_not_reach_the_next_attempt(
    metrics: Callable[..., Any],
) -> None:
    source = """
        import os, pathlib
        def fit():
            folder = pathlib.Path(__file__).parent
            seen = (folder / "extra.py").exists()
            os.chmod(folder, 0o755)
            (folder / "extra.py").write_text("")
            return {"seen": seen}
        """
    assert [metrics(source)["seen"] for _ in range(2)] == [False, False]


def test_the_log_holds_everything_in_the_order_written(fit: Fit, local_store: Backend) -> None:
    outcome = fit("""
        import os, subprocess, sys
        print("at import")
        def fit():
            print("no end", end="; ")
            print("to stderr", file=sys.stderr)
            os.write(1, b"raw\\n")
            subprocess.run(["/bin/sh", "-c", "echo sub; echo sub-err >&2"])
            os.system("echo system")
            sys.stdout.buffer.write(b"bytes\\n")
            print("Größe 店")
            return {}
        """)
    assert outcome.log is not None
    assert get_bytes(local_store, outcome.log).decode() == (
        "at import\nno end; to stderr\nraw\nsub\nsub-err\nsystem\nbytes\nGröße 店\n"
    )


def test_what_c_code_printed_without_a_flush_is_in_the_log(fit: Fit, local_store: Backend) -> None:
    outcome = fit("""
        import ctypes
        def fit():
            ctypes.CDLL(None).printf(b"from c")
            return {}
        """)
    assert outcome.log is not None
    assert get_bytes(local_store, outcome.log) == b"from c"


def test_an_attempt_that_prints_nothing_has_no_log(fit: Fit) -> None:
    assert fit("def fit(): return {}").log is None


def test_the_surroundings_are_neutral(metrics: Callable[..., Any]) -> None:
    found = metrics(
        """
        import os, sys, tempfile
        def fit():
            main = sys.modules["__main__"]
            return {
                "argv": sys.argv,
                "main": sorted(set(vars(main)) - {"__builtins__"}),
                "stdin": sys.stdin.read(),
                "home": os.path.basename(os.environ["HOME"]),
                "tmp": tempfile.gettempdir() == os.environ["TMPDIR"],
                "empty": os.listdir(),
                "hash": hash("a") == hash("a") and sys.flags.hash_randomization,
                "variables": sorted(os.environ),
                "seed": os.environ["PYTHONHASHSEED"],
                "zone": os.environ["TZ"],
                "files": sorted(os.readlink(f"/proc/self/fd/{fd}").partition("/a-")[0]
                                for fd in range(3, 99) if os.path.exists(f"/proc/self/fd/{fd}")),
                "ours": [name for name in sys.modules if name.startswith("reprocc")],
            }
        """,
        variables=(("GIVEN", "1"),),
    )
    variables = found.pop("variables")
    assert found == {
        "argv": [""],
        "main": ["__doc__", "__loader__", "__name__", "__package__", "__spec__"],
        "stdin": "",
        "home": "home",
        "tmp": True,
        "empty": [],
        "hash": 0,
        "seed": "0",
        "zone": "UTC",
        "files": ["/memfd:report (deleted)"],
        "ours": [],
    }
    assert "GIVEN" in variables


def test_variables_of_the_host_stay_outside_unless_they_are_let_through(
    metrics: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_AUTH_TOKEN", "secret")
    monkeypatch.setenv("HF_HOME", "/models")
    monkeypatch.setenv("https_proxy", "http://proxy")
    source = "import os\ndef fit(): return dict(os.environ)"
    closed, opened = metrics(source), metrics(source, passed=("HF_HOME",))
    assert "RAY_AUTH_TOKEN" not in closed
    assert "HF_HOME" not in closed
    assert closed["https_proxy"] == "http://proxy"
    assert opened["HF_HOME"] == "/models"
    assert closed["CUDA_VISIBLE_DEVICES"] == ""


def test_threads_are_pinned_whatever_the_cpus(metrics: Callable[..., Any]) -> None:
    source = """
        import os, pyarrow
        def fit():
            names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"]
            return {"arrow": pyarrow.cpu_count(), "names": [os.environ[name] for name in names]}
        """
    for cpus in (1, 2):
        assert metrics(source, cpus=cpus, threads=1) == {"arrow": 1, "names": ["1"] * 3}
    assert metrics(source, cpus=1, threads=3) == {"arrow": 3, "names": ["3"] * 3}


SEEDED = """
    import random
    at_import = random.random()
    def fit(seed, rng):
        import numpy
        return {
            "import": at_import,
            "random": random.random(),
            "numpy": numpy.random.rand(),
            "rng": rng.random(),
            "seed": seed,
        }
    """


def test_equal_seeds_give_equal_bits_in_every_mode(
    metrics: Callable[..., Any], shared_worker: Worker, open_worker: Callable[..., Worker]
) -> None:
    found = [
        metrics(SEEDED, worker=worker, seed=seed, rng=True, preload=preload)
        for worker, seed, preload in (
            (shared_worker, 7, ()),
            (shared_worker, 7, ("numpy", "random")),
            (open_worker(forks=False), 7, ()),
            (shared_worker, 8, ()),
        )
    ]
    assert found[0] == found[1] == found[2]
    assert found[0]["seed"] == 7
    assert found[0]["rng"] == found[3]["rng"]
    for name in ("import", "random", "numpy"):
        assert found[0][name] != found[3][name]


def test_a_library_that_is_first_imported_in_a_function_is_seeded(
    metrics: Callable[..., Any],
) -> None:
    lazily = "def fit():\n    import numpy\n    return {'x': numpy.random.rand()}"
    at_once = "import numpy\ndef fit():\n    return {'x': numpy.random.rand()}"
    assert metrics(lazily) == metrics(at_once) == metrics(lazily, preload=("numpy",))


def test_torch_is_seeded_and_made_deterministic_when_it_is_imported(
    metrics: Callable[..., Any],
) -> None:
    fake = """
        from types import SimpleNamespace as Any
        calls = []
        backends = Any(cudnn=Any())
        def __getattr__(name):
            if name.startswith("_"):
                raise AttributeError(name)
            return lambda *given: calls.append([name, *given])
        """
    found = metrics(
        """
        def fit(seed):
            import torch
            return {"calls": torch.calls, "cudnn": vars(torch.backends.cudnn)}
        """,
        files={"torch.py": fake},
        seed=5,
        threads=2,
    )
    assert found == {
        "calls": [
            ["set_num_threads", 2],
            ["use_deterministic_algorithms", True],
            ["manual_seed", 5],
        ],
        "cudnn": {"deterministic": True, "benchmark": False},
    }


def test_arguments_arrive_decoded_in_the_child(metrics: Callable[..., Any]) -> None:
    arguments = {"a": 1, "b": 1.0, "c": [None, True, "x"], "d": {"k": "店"}}
    source = "def fit(a, b, c, d): return {'all': [a, type(b).__name__, c, d]}"
    assert metrics(source, arguments=arguments) == {
        "all": [1, "float", [None, True, "x"], {"k": "店"}]
    }


def test_a_users_module_stands_before_one_that_the_server_imported(
    metrics: Callable[..., Any],
) -> None:
    files = {"queue.py": "NAME = 'mine'", "frame.py": "NAME = 'mine too'"}
    source = "import frame, queue\ndef fit(): return {'names': [queue.NAME, frame.NAME]}"
    found = metrics(source, files=files, preload=("queue", "concurrent.futures"))
    assert found == {"names": ["mine", "mine too"]}


def test_modules_that_start_threads_are_not_preloaded(
    metrics: Callable[..., Any], tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "threading_one.py").write_text(
        "import threading\n"
        "stop = threading.Event()\n"
        "threading.Thread(target=stop.wait, daemon=True).start()\n"
    )
    (site / "quiet.py").write_text("import os\npid = os.getpid()\n")
    found = metrics(
        "import sys\nloaded = set(sys.modules)\ndef fit():\n"
        "    return {'quiet': 'quiet' in loaded, 'threads': 'threading_one' in loaded}",
        preload=("missing_module", "quiet", "threading_one"),
        variables=(("PYTHONPATH", str(site)),),
    )
    assert found == {"quiet": True, "threads": False}


def test_exit_functions_run_and_are_in_the_log(fit: Fit, local_store: Backend) -> None:
    outcome = fit("import atexit\ndef fit():\n    atexit.register(print, 'bye')\n    return {}")
    assert outcome.log is not None
    assert get_bytes(local_store, outcome.log) == b"bye\n"
