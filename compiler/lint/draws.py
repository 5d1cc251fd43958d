"""A rule on programs: what they draw from global generators that they never seed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..codes import determinism as codes
from .finding import Finding, Need
from .generators import draws
from .outline import Piece
from .seeds import TAKE_A_SEED
from .talk import last_name
from .view import View, owner_of, short
from .words import words

_TORCH = words(
    "rand randn randint randperm normal bernoulli multinomial poisson rand_like randn_like"
    " randint_like"
)
_SEEDS_ALL = re.compile(
    r"seed_everything|seed_all|set_all_seeds?|(?:set|fix)_(?:random_)?seeds?|(?:set|fix)Seed"
)
_SEEDERS = {
    "random.seed": "random",
    "numpy.random.seed": "numpy",
    "torch.manual_seed": "torch",
    "torch.random.manual_seed": "torch",
}
ALL = frozenset({"random", "numpy", "torch"})


def global_draw(view: View, piece: Piece, call: ast.Call, name: str | None) -> Iterator[Finding]:
    """Find draws from a global generator; whether a program never seeds it is seen later."""
    package = _package(name)
    if name is None or package is None or any(k.arg == "generator" for k in call.keywords):
        return
    seed = {"random": "random.seed", "numpy": "np.random.seed", "torch": "torch.manual_seed"}
    message = f"{owner_of(piece)} draws by `{short(name)}`, which nothing seeds"
    mend = f"{TAKE_A_SEED}begin with `{seed[package]}(seed)`"
    need = Need(kind="unseeded", name=package)
    yield view.finding(codes.UNSEEDED_GENERATOR, call, message, mend=mend, need=need)


def seeded_packages(view: View) -> frozenset[str]:
    """Return the packages whose global generators a module seeds, as far as it shows."""
    found: set[str] = set()
    for piece in view.outline.pieces:
        for call in piece.calls:
            if not (call.args or call.keywords):
                continue
            name = view.name_of(call.func, piece)
            if name in _SEEDERS:
                found.add(_SEEDERS[name])
            elif _SEEDS_ALL.search(last_name(call.func)):
                return ALL
    return frozenset(found)


def _package(name: str | None) -> str | None:
    """Return the package from whose global generator a dotted name draws, if it does."""
    if name is None:
        return None
    if draws(name):
        return name.partition(".")[0]
    return "torch" if name.startswith("torch.") and name.removeprefix("torch.") in _TORCH else None
