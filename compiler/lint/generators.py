"""Rules on random generators: their seeds, and who draws from those that everything shares."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..codes import determinism as codes
from .escaping import escapes
from .finding import Finding
from .outline import Piece
from .seeds import TAKE_A_SEED, is_missing, seed_mend
from .talk import last_name
from .view import Function, View, keyword, owner_of, short
from .words import words

_MADE = {
    "random.Random": "random.Random(seed)",
    "numpy.random.default_rng": "default_rng(seed)",
    "numpy.random.RandomState": "RandomState(seed)",
    "numpy.random.SeedSequence": "SeedSequence(seed)",
    "numpy.random.PCG64": "PCG64(seed)",
    "numpy.random.PCG64DXSM": "PCG64DXSM(seed)",
    "numpy.random.MT19937": "MT19937(seed)",
    "numpy.random.Philox": "Philox(seed)",
    "numpy.random.SFC64": "SFC64(seed)",
    "random.seed": "random.seed(seed)",
    "numpy.random.seed": "np.random.seed(seed)",
}
"""What takes its seed from the machine where none is given, and how to give one."""

_NEVER_SEEDED = frozenset(
    {
        "random.SystemRandom",
        "torch.seed",
        "torch.random.seed",
        "torch.cuda.seed",
        "torch.cuda.seed_all",
        "tensorflow.random.Generator.from_non_deterministic_state",
    }
)
_FROM_MACHINE = frozenset(
    {"os.urandom", "os.getrandom"}
    | {f"secrets.{n}" for n in ("token_bytes", "randbelow", "randbits", "choice", "SystemRandom")}
)
_SEEDERS = frozenset(
    {*_MADE, "torch.manual_seed", "torch.cuda.manual_seed", "torch.cuda.manual_seed_all"}
    | {"tensorflow.random.set_seed", "tensorflow.keras.utils.set_random_seed"}
    | {"keras.utils.set_random_seed", "jax.random.PRNGKey", "jax.random.key"}
)
_CLOCKS = frozenset({"time.time", "time.time_ns", "time.perf_counter", "time.monotonic"})
_SHUFFLES = {
    "random.shuffle": "random.Random(seed).shuffle(…)",
    "numpy.random.shuffle": "np.random.default_rng(seed).shuffle(…)",
    "numpy.random.permutation": "np.random.default_rng(seed).permutation(…)",
}
_DATASETS = ("tensorflow", "datasets", "ray", "webdataset")
_CACHES = frozenset({"functools.cache", "functools.lru_cache", "functools.cached_property"})
_NO_DRAWS = words(
    "seed default_rng RandomState Generator SeedSequence Random SystemRandom getstate"
    " setstate get_state set_state PCG64 PCG64DXSM MT19937 Philox SFC64 BitGenerator"
)


def unseeded_generator(
    view: View, piece: Piece, call: ast.Call, name: str | None
) -> Iterator[Finding]:
    """Find generators that take their seed from the machine or the clock."""
    owner = owner_of(piece)
    if name in _NEVER_SEEDED or (name in _FROM_MACHINE and escapes(view, call)):
        message = f"{owner} draws from `{short(name)}`, which cannot be seeded"
        mend = f"{TAKE_A_SEED}draw from `random.Random(seed)`"
        yield view.finding(codes.UNSEEDED_GENERATOR, call, message, mend=mend)
        return
    if name is None and _seeds_torch(view, piece, call):
        message = f"{owner} seeds a `torch.Generator` from the machine"
        mend = f"{TAKE_A_SEED}write `.manual_seed(seed)`"
        yield view.finding(codes.UNSEEDED_GENERATOR, call, message, mend=mend)
    if name is None or name not in _SEEDERS:
        return
    given = next(iter(call.args), None) or next((k.value for k in call.keywords), None)
    written = _MADE.get(name, f"{last_name(call.func)}(seed)")
    if given is not None and _is_clock(view, piece, given):
        message = f"{owner} takes the seed of `{short(name)}` from the clock"
        mend = f"{TAKE_A_SEED}write `{written}`"
        yield view.finding(codes.UNSEEDED_GENERATOR, call, message, mend=mend)
    elif name in _MADE and is_missing(given) and not _is_fallback(view, call):
        message = f"{owner} calls `{short(name)}` without a seed"
        mend, changes = seed_mend(view, call, None, written)
        yield view.finding(codes.UNSEEDED_GENERATOR, call, message, mend=mend, changes=changes)


def unseeded_shuffle(
    view: View, piece: Piece, call: ast.Call, name: str | None
) -> Iterator[Finding]:
    """Find shuffles by a global generator that the code does not seed itself."""
    owner = owner_of(piece)
    if name in _SHUFFLES:
        if not seeds_itself(view, name.rpartition(".")[0]):
            message = f"{owner} shuffles by `{short(name)}`, which everything shares"
            mend = f"{TAKE_A_SEED}write `{_SHUFFLES[name]}`"
            yield view.finding(codes.UNSEEDED_SHUFFLE, call, message, mend=mend)
        return
    # A generator's own `shuffle` works in place; that of a dataset returns another one.
    if not isinstance(call.func, ast.Attribute) or name or call.func.attr == "permutation":
        return
    if isinstance(view.parent(call), ast.Expr) or not is_missing(keyword(call, "seed")):
        return
    if any(k.arg is None or k.arg == "generator" for k in call.keywords) or len(call.args) > 1:
        return
    if call.args and view.imports("datasets", piece):
        return  # there the first argument is the seed, in TensorFlow the size of the buffer
    if any(view.imports(package, piece) for package in _DATASETS):
        message = f"{owner} shuffles a dataset without a seed"
        mend, changes = seed_mend(view, call, "seed", "seed=seed")
        yield view.finding(codes.UNSEEDED_SHUFFLE, call, message, mend=mend, changes=changes)


def drawn_seed(view: View, piece: Piece, call: ast.Call, name: str | None) -> Iterator[Finding]:
    """Find seeds that are drawn from a global generator."""
    if name is None or not draws(name):
        return
    child: ast.AST = call
    for outer in view.around(call):
        is_seed = False
        match outer:
            case ast.keyword(arg=str(word)):
                is_seed = _means_seed(word)
            case ast.Call() if outer is not call and view.name_of(outer.func, piece) in _SEEDERS:
                is_seed = child in outer.args
            case ast.Assign(targets=[ast.Name(id=word) | ast.Attribute(attr=word)]):
                is_seed = _means_seed(word)
            case ast.Dict(keys=keys, values=values) if child in values:
                key = keys[values.index(child)] if isinstance(child, ast.expr) else None
                is_seed = isinstance(key, ast.Constant) and _means_seed(str(key.value))
            case _:
                pass
        if is_seed:
            message = f"{owner_of(piece)} draws a seed by `{short(name)}`"
            mend = f"{TAKE_A_SEED}use that"
            yield view.finding(codes.DRAWN_SEED, call, message, mend=mend)
            return
        if isinstance(outer, ast.stmt):
            return
        child = outer


def cached_draw(view: View, piece: Piece, call: ast.Call, name: str | None) -> Iterator[Finding]:
    """Find draws from a global generator within a cached function."""
    if name is None or not draws(name):
        return
    for outer in view.around(call):
        if isinstance(outer, Function) and not isinstance(outer, ast.Lambda):
            for decorator in outer.decorator_list:
                made = decorator.func if isinstance(decorator, ast.Call) else decorator
                if view.name_of(made, piece) in _CACHES:
                    message = f"`{outer.name}` is cached, but draws from `{short(name)}`"
                    mend = "pass it a seed, and draw from a generator made of that"
                    yield view.finding(codes.CACHED_DRAW, call, message, mend=mend)
                    return


def draws(name: str) -> bool:
    """Say whether what a dotted name stands for draws from a global generator."""
    module, _, last = name.rpartition(".")
    return module in {"random", "numpy.random"} and last not in _NO_DRAWS


def seeds_itself(view: View, module: str) -> bool:
    """Say whether a module seeds a global generator with something that it is given."""
    for piece in view.outline.pieces:
        for call in piece.calls:
            given = next(iter(call.args), None) or next((k.value for k in call.keywords), None)
            is_seed = given is not None and last_name(call.func) == "seed"
            if is_seed and view.name_of(call.func, piece) == f"{module}.seed":
                return not is_missing(given) and not _is_clock(view, piece, given)
    return False


def _seeds_torch(view: View, piece: Piece, call: ast.Call) -> bool:
    """Say whether a call is `torch.Generator().seed()`."""
    match call.func:
        case ast.Attribute(value=ast.Call(func=made), attr="seed"):
            return not call.args and view.name_of(made, piece) == "torch.Generator"
        case _:
            return False


def _means_seed(word: str) -> bool:
    return "seed" in word.lower() or word == "random_state"


def _is_clock(view: View, piece: Piece, node: ast.expr | None) -> bool:
    if node is None:
        return False
    return any(
        isinstance(inner, ast.Call)
        and ((name := view.name_of(inner.func, piece)) in _CLOCKS or _is_now(name))
        for inner in ast.walk(node)
    )


def _is_now(name: str | None) -> bool:
    return name is not None and name.startswith("datetime.") and name.endswith((".now", ".utcnow"))


def _is_fallback(view: View, call: ast.Call) -> bool:
    """Say whether a call only stands in for a generator that was not given."""
    for outer in view.around(call):
        match outer:
            case ast.BoolOp(op=ast.Or()) | ast.IfExp():
                return True
            case ast.If(test=ast.Compare(ops=[ast.Is()])) | ast.If(test=ast.UnaryOp(op=ast.Not())):
                return True
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return False
            case _:
                pass
    return False


def is_seeding(view: View, piece: Piece, node: ast.AST) -> bool:
    """Say whether a node stands in the arguments of what seeds a generator."""
    return any(
        isinstance(outer, ast.Call) and view.name_of(outer.func, piece) in _SEEDERS
        for outer in view.around(node)
    )
