"""Seeds the global random generators, those of libraries that are imported later included."""

from __future__ import annotations

import importlib.machinery
import random
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

from .request import Call

Seeder = Callable[[Any, Call], None]


def seed_everything(call: Call) -> None:
    """Seed every global generator that this process has."""
    random.seed(call["seed"])
    for name, seeder in _SEEDERS.items():
        module = sys.modules.get(name)
        if module is not None:
            seeder(module, call)


def seed_on_import(call: Call) -> None:
    """Seed a library at the moment it is first imported, wherever that happens."""
    sys.meta_path.insert(0, _SeedingFinder(call))


def _seed_numpy(module: Any, call: Call) -> None:
    module.seed(call["seed"])


def _seed_torch(torch: Any, call: Call) -> None:
    torch.set_num_threads(call["threads"])
    if call["deterministic"]:
        torch.use_deterministic_algorithms(True)
        torch.backends.cudnn.deterministic = True
        # NVIDIA_TF32_OVERRIDE turns TF32 off; torch has two ways to say so, which exclude another.
        torch.backends.cudnn.benchmark = False
    torch.manual_seed(call["seed"])


def _seed_tensorflow(tensorflow: Any, call: Call) -> None:
    if call["deterministic"]:
        tensorflow.config.experimental.enable_op_determinism()
        tensorflow.config.experimental.enable_tensor_float_32_execution(False)
    tensorflow.random.set_seed(call["seed"])


_SEEDERS: dict[str, Seeder] = {
    "numpy.random": _seed_numpy,
    "torch": _seed_torch,
    "tensorflow": _seed_tensorflow,
}


class _SeedingFinder:
    """Finds the libraries that have generators, and seeds them once they are loaded.

    A finder without a base class: that of `importlib.abc` brings a dozen modules, which every fork
    would carry.
    """

    def __init__(self, call: Call) -> None:
        self.call = call

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a module as the other finders do, and let its loader seed it afterwards."""
        if fullname not in _SEEDERS:
            return None
        for finder in sys.meta_path:
            if finder is self:
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                if spec.loader is not None:
                    _seed_after_load(spec.loader, _SEEDERS[fullname], self.call)
                return spec
        return None


def _seed_after_load(loader: Any, seeder: Seeder, call: Call) -> None:
    load = loader.exec_module

    def exec_module(module: types.ModuleType) -> None:
        load(module)
        seeder(module, call)

    loader.exec_module = exec_module
