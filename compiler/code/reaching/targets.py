"""What a name leads to: a definition, a whole module, or no one knows where."""

from __future__ import annotations

from dataclasses import dataclass

from ..folder import Located
from .parts import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A part of a module."""

    module: Located
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A module of which any part may be meant, and why."""

    module: Located
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Anything:
    """Whatever the project holds, and why."""

    reason: str


Target = Counted | Whole | Anything

UNKNOWING_BUILTINS = frozenset({"__builtins__", "eval", "exec", "globals"})
"""Builtins with which code reaches any name of its own module."""

LOCAL_BUILTINS = frozenset({"dir", "locals", "vars"})
"""Builtins that reach the names of where they stand: of the module, but in a function its own."""

UNKNOWING_ATTRIBUTES = frozenset({"__globals__", "__subclasses__", "f_back", "f_globals"})
"""Attributes that lead to modules and classes which nothing names."""

NAMES_OF_EVERY_MODULE = frozenset(
    {"__file__", "__loader__", "__name__", "__package__", "__path__", "__spec__", "__version__"}
)

_UNKNOWING = frozenset(
    """
    __main__ cloudpickle.load cloudpickle.loads dill.load dill.loads dill.load_session
    gc.get_objects gc.get_referrers hydra.utils importlib.reload importlib.util
    inspect.currentframe inspect.getmodule inspect.stack joblib.load jsonpickle.decode
    mlflow.pyfunc.load_model mlflow.sklearn.load_model pandas.read_pickle pickle.Unpickler
    pickle.load pickle.loads pkgutil.resolve_name pkgutil.walk_packages pkgutil.iter_modules
    pydoc.locate runpy shelve skops.io.load sys._getframe sys.modules torch.load
    yaml.full_load yaml.unsafe_load yaml.UnsafeLoader
    """.split()  # noqa: SIM905
)
"""Names of libraries that lead to modules by text, and those that read back pickled objects, whose
classes are in the project though nobody names them."""

_MODULES_OF_THEM = frozenset(name.partition(".")[0] for name in _UNKNOWING) - {
    "importlib",
    "inspect",
    "mlflow",
    "pandas",
    "pkgutil",
    "sys",
    "torch",
    "yaml",
}


def outside_targets(dotted: str) -> list[Target]:
    """Return what a name from outside leads to in the project: nothing, or anything."""
    parts = dotted.split(".")
    prefixes = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
    if dotted in _MODULES_OF_THEM or prefixes & _UNKNOWING:
        return [Anything(reason=f"`{dotted}` may lead to any definition")]
    return []
