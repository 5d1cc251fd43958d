"""Rules on what no input records: files, environment variables, the network, packages, cores."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..codes import determinism as codes
from .finding import Finding, Need
from .outline import Piece
from .talk import last_name
from .view import View, constant, keyword, owner_of, short
from .words import words

_FILE_READS = words(
    "pandas.read_csv pandas.read_parquet pandas.read_json pandas.read_excel pandas.read_feather"
    " pandas.read_pickle pandas.read_table pandas.read_fwf pandas.read_orc polars.read_csv"
    " polars.read_parquet polars.read_json polars.read_ndjson polars.read_excel polars.read_ipc"
    " polars.scan_csv polars.scan_parquet polars.scan_ndjson polars.scan_ipc numpy.load"
    " numpy.loadtxt numpy.genfromtxt numpy.fromfile pyarrow.parquet.read_table"
    " pyarrow.csv.read_csv pyarrow.json.read_json joblib.load torch.load builtins.open"
)
_PATH_READS = frozenset({"read_text", "read_bytes", "open"})
_NETWORK = frozenset(
    {"requests.get", "requests.post", "requests.request", "requests.Session", "requests.session"}
    | {"httpx.get", "httpx.post", "httpx.stream", "httpx.Client", "aiohttp.ClientSession"}
    | {"urllib.request.urlopen", "urllib.request.urlretrieve", "urllib3.PoolManager"}
    | {"wget.download", "socket.create_connection", "http.client.HTTPSConnection"}
    | {"datasets.load_dataset", "torch.hub.load", "huggingface_hub.snapshot_download"}
    | {"huggingface_hub.hf_hub_download", "seaborn.load_dataset", "openml.datasets.get_dataset"}
)
_PROCESSES = words(
    "subprocess.run subprocess.call subprocess.check_call subprocess.check_output"
    " subprocess.Popen subprocess.getoutput os.system os.popen"
)
_INSTALLS = re.compile(r"\b(?:pip3?|conda|mamba|apt|apt-get|uv|poetry)\b.*\b(?:install|add)\b")
_GIVEN = re.compile(
    r"PATH|HOME|TMPDIR|LANG|LC_ALL|TZ|PYTHONHASHSEED|SOURCE_DATE_EPOCH|LD_LIBRARY_PATH|CUDA\w*"
    r"|\w+_(?:NUM|MAX)_THREADS|\w+_(?:proxy|PROXY)|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|LOKY_MAX_CPU_COUNT"
)
"""The variables that every task has: `runtime/worker/variables.py`."""

_LONGEST = 40  # characters of a path in a headline

_EMPTY = frozenset({"/dev/null", "/dev/stdin", "/dev/urandom", ""})


def undeclared_file(
    view: View, piece: Piece, call: ast.Call, name: str | None
) -> Iterator[Finding]:
    """Find reads of files that are named in the code and written nowhere in it."""
    path = _path_of(view, piece, call, name)
    if path is None or path in _EMPTY or _is_named_again(view, path):
        return
    shown = path if len(path) <= _LONGEST else f"…{path[1 - _LONGEST :]}"
    message = f"{owner_of(piece)} reads `{shown}`, which is no input"
    mend = "declare an artifact with that `source`, and take it as an input"
    need = Need(kind="file", name=path)
    yield view.finding(codes.UNDECLARED_FILE, call, message, mend=mend, need=need)


def undeclared_variable(view: View, piece: Piece) -> Iterator[Finding]:
    """Find reads of environment variables that a task does not have."""
    reads: list[tuple[ast.expr, ast.expr]] = []
    for item in piece.items:
        if isinstance(item.ctx, ast.Load) and view.name_of(item.value, piece) == "os.environ":
            reads.append((item, item.slice))
    for call in piece.calls:
        is_read = call.args and last_name(call.func) in {"get", "getenv"}
        if is_read and view.name_of(call.func, piece) in {"os.environ.get", "os.getenv"}:
            reads.append((call, call.args[0]))
    for node, word in reads:
        name = constant(word)
        if not isinstance(name, str) or _GIVEN.fullmatch(name) or _sets(view, name):
            continue
        message = f"{owner_of(piece)} reads `{name}`, which no environment gives"
        mend = "make it an argument, or name it under `variables` of an environment"
        need = Need(kind="variable", name=name)
        yield view.finding(codes.UNDECLARED_VARIABLE, node, message, mend=mend, need=need)


def network_access(view: View, piece: Piece, call: ast.Call, name: str | None) -> Iterator[Finding]:
    """Find reads from the network."""
    if name is None:
        return
    is_fetch = name.startswith("sklearn.datasets.fetch_")
    if name in _NETWORK or is_fetch:
        message = f"{owner_of(piece)} reads from the network, by `{short(name)}`"
        mend = "declare what it reads as an artifact with a `source`"
        yield view.finding(codes.NETWORK_ACCESS, call, message, mend=mend)


def install_at_run_time(
    view: View, piece: Piece, call: ast.Call, name: str | None
) -> Iterator[Finding]:
    """Find installations of packages."""
    is_pip = name in {"pip.main", "pip._internal.main", "pip._internal.cli.main.main"}
    if not is_pip and not (name in _PROCESSES and call.args and _installs(call.args[0])):
        return
    message = f"{owner_of(piece)} installs packages while it runs"
    mend = "install them beforehand"
    yield view.finding(codes.INSTALL_AT_RUN_TIME, call, message, mend=mend)


def parallel_jobs(view: View, piece: Piece, call: ast.Call) -> Iterator[Finding]:
    """Find numbers of cores that are written into the code."""
    jobs = keyword(call, "n_jobs")
    number = constant(jobs)
    if isinstance(number, bool) or not isinstance(number, int) or number in (0, 1):
        return
    assert jobs is not None
    what = "every core" if number == -1 else f"{number} cores" if number > 1 else "most cores"
    message = f"{owner_of(piece)} lets `{last_name(call.func) or 'a call'}` use {what}"
    mend = "write `n_jobs=1`, or take the number as an argument"
    yield view.finding(codes.PARALLEL_JOBS, jobs, message, mend=mend)


def _path_of(view: View, piece: Piece, call: ast.Call, name: str | None) -> str | None:
    if name in _FILE_READS and call.args:
        if name == "builtins.open":
            mode = call.args[1] if len(call.args) > 1 else keyword(call, "mode")
            if mode is not None and not str(constant(mode)).startswith("r"):
                return None
        return _text_of(view, piece, call.args[0])
    if last_name(call.func) in _PATH_READS and isinstance(call.func, ast.Attribute):
        made = call.func.value
        if isinstance(made, ast.Call) and view.name_of(made.func, piece) == "pathlib.Path":
            is_read = call.func.attr != "open" or not call.args
            if is_read and len(made.args) == 1:
                return _text_of(view, piece, made.args[0])
    return None


def _text_of(view: View, piece: Piece, node: ast.expr) -> str | None:
    """Return the text of a literal, or of a name that stands for one alone."""
    if isinstance(node, ast.Name):
        if node.id in piece.bound:
            return None
        given = view.assigned(node.id, view.tree)
        if len(given) != 1 or given[0] is None:
            return None
        node = given[0]
    text = constant(node)
    return text if isinstance(text, str) else None


def _is_named_again(view: View, path: str) -> bool:
    """Say whether a path stands twice in a module, which may write it first."""
    if view.texts()[path] > 1:
        return True
    for piece in view.outline.pieces:
        match piece.node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=text)):
                if text == path:
                    return len(list(view.uses(name, view.tree))) > 1
            case _:
                pass
    return False


def _sets(view: View, name: str) -> bool:
    """Say whether the module sets a variable itself."""
    return any(
        isinstance(item.ctx, ast.Store) and constant(item.slice) == name
        for other in view.outline.pieces
        for item in other.items
    )


def _installs(command: ast.expr) -> bool:
    match command:
        case ast.List(elts=items) | ast.Tuple(elts=items):
            texts = [str(c) for item in items if isinstance(c := constant(item), str)]
            return _INSTALLS.search(" ".join(texts)) is not None
        case ast.JoinedStr(values=items):
            texts = [str(c) for item in items if isinstance(c := constant(item), str)]
            return _INSTALLS.search(" ".join(texts)) is not None
        case _:
            return _INSTALLS.search(str(constant(command))) is not None
