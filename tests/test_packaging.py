"""What is installed: the listed packages, wheel, sdist, version and locks."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import reprocc
from reprocc.cli import starter

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("cli", "cluster", "compiler", "runtime", "specs")
LOCKS = ("requirements.txt", "requirements-dev.txt")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NO_PACKAGES = {"examples", "template", "tests", "docs", "benchmarks"}
"""Folders whose Python files are no modules of ours; what `init` writes is installed as data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The two distributions, built from a copy of the tree."""

    wheel: Path
    sdist: Path


def packages() -> list[Path]:
    """Return the folders that are packages, relative to the repository."""
    found = [
        p.parent.relative_to(ROOT) for room in ROOMS for p in ROOT.glob(f"{room}/**/__init__.py")
    ]
    return sorted(p for p in found if not NO_PACKAGES & set(p.parts))


def build(tree: Path, what: str, into: Path) -> Path:
    """Build with the backend that pyproject.toml names, without any network."""
    code = f"import sys; from setuptools import build_meta; build_meta.build_{what}(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(into)], cwd=tree, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    (built,) = into.glob("*.whl" if what == "wheel" else "*.tar.gz")
    return built


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("built")
    tree = folder / "tree"
    tree.mkdir()
    for item in ROOT.iterdir():
        if item.name.startswith(".") or item.name in ("build", "dist", "reprocc.egg-info"):
            continue
        if item.is_dir():
            shutil.copytree(item, tree / item.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(item, tree / item.name)
    for name in ("wheel", "sdist"):
        (folder / name).mkdir()
    # The sdist first: a wheel's build leaves files behind that an sdist must not depend on.
    sdist = build(tree, "sdist", folder / "sdist")
    return Built(sdist=sdist, wheel=build(tree, "wheel", folder / "wheel"))


def wheel_names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_every_folder_of_code_is_listed_as_a_package() -> None:
    expected = ["reprocc", *("reprocc." + ".".join(p.parts) for p in packages())]
    assert PROJECT["tool"]["setuptools"]["packages"] == expected


def test_every_folder_with_python_files_is_a_package() -> None:
    folders = {p.parent.relative_to(ROOT) for room in ROOMS for p in (ROOT / room).rglob("*.py")}
    assert sorted(f for f in folders if not NO_PACKAGES & set(f.parts)) == packages()


def test_the_wheel_holds_the_package_and_nothing_else(built: Built) -> None:
    expected = {"reprocc/__init__.py", "reprocc/py.typed", "reprocc/runtime/child/matplotlibrc"}
    for package in packages():
        expected |= {
            f"reprocc/{p.relative_to(ROOT).as_posix()}" for p in (ROOT / package).glob("*.py")
        }
    expected |= {f"reprocc/specs/schema/{p.name}" for p in ROOT.glob("specs/schema/*.json")}
    expected |= {f"reprocc/specs/template/{name}" for name in starter.FILES.values()}
    assert wheel_names(built.wheel) == expected


def test_a_wheel_from_the_sdist_is_the_wheel_from_the_tree(built: Built, tmp_path: Path) -> None:
    with tarfile.open(built.sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.glob("reprocc-*")
    for name in (
        "tests/conftest.py",
        "specs/examples/penguins/data/penguins.csv",
        "docs",
        "LICENSE",
    ):
        assert (unpacked / name).exists(), name
    (tmp_path / "wheel").mkdir()
    again = build(unpacked, "wheel", tmp_path / "wheel")
    assert wheel_names(again) == wheel_names(built.wheel)


def test_an_installed_wheel_runs_without_the_repository(built: Built, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(built.wheel) as archive:
        archive.extractall(site)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import reprocc, reprocc.cli.__main__ as m; "
        "print(reprocc.__file__, callable(m.main))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(site)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stdout.split() == [str(site / "reprocc" / "__init__.py"), "True"], done.stderr


def test_the_wheel_has_the_version_of_the_package(built: Built) -> None:
    assert built.wheel.name == f"reprocc-{reprocc.__version__}-py3-none-any.whl"


# The locks


def pins(lock: str) -> dict[str, list[Requirement]]:
    """Return a lock's requirements by name, after checking that each is pinned and has hashes."""
    found: dict[str, list[Requirement]] = {}
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if not line or line.lstrip().startswith("#"):
            continue
        words, _, hashes = line.partition(" --hash=")
        assert re.fullmatch(r"(sha256:[0-9a-f]{64}(\s+--hash=|\s*$))+", hashes), line[:80]
        requirement = Requirement(words)
        assert [clause.operator for clause in requirement.specifier] == ["=="], words
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def applies(requirement: Requirement, python: str) -> bool:
    environment = {"python_version": python, "python_full_version": f"{python}.0"}
    return requirement.marker is None or requirement.marker.evaluate(environment)


def declared(lock: str) -> list[Requirement]:
    """Return what pyproject.toml asks for of what this lock is for."""
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    wanted = [
        *project["dependencies"],
        *project["optional-dependencies"]["examples"],
        *groups["build"],
    ]
    if lock == "requirements-dev.txt":
        wanted += [item for item in groups["dev"] if isinstance(item, str)]
    return [Requirement(item) for item in wanted]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"://|file:|--(?:index|extra|find|trusted|editable)|(?m:^-)| @ ", text) == []


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_what_the_project_asks_for(lock: str, python: str) -> None:
    locked = pins(lock)
    for wanted in declared(lock):
        found = [p for p in locked[canonicalize_name(wanted.name)] if applies(p, python)]
        assert len(found) == 1, wanted
        (clause,) = found[0].specifier
        assert wanted.specifier.contains(Version(clause.version)), f"{wanted}: make lock"


def test_the_demo_is_locked_to_what_the_tests_run_with() -> None:
    tested = pins("requirements-dev.txt")
    assert {k: v for k, v in pins("requirements.txt").items() if tested.get(k) != v} == {}
