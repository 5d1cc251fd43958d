"""The implicit lock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from reprocc.runtime.environments import lock
from reprocc.runtime.environments.distributions import Installed, normalised
from reprocc.runtime.environments.lock import Lock, capture, capture_all, lock_digest

Install = Callable[..., Path]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that is all the search path there is."""
    folder = tmp_path / "site"
    folder.mkdir()
    # The tests' own packages stay within reach behind it; made-up names hide none of them.
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    return folder


def install(
    site: Path,
    name: str,
    version: str,
    *,
    modules: tuple[str, ...] = (),
    top_level: bool = True,
    requires: tuple[str, ...] = (),
    editable: bool = False,
) -> Path:
    """Lay out a distribution as an installer would; modules that end in `/` are namespaces."""
    folder = site / f"{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    record = [f"{folder.name}/METADATA,,", f"{folder.name}/RECORD,,"]
    for module in modules:
        path = module if module.endswith((".py", ".so")) else f"{module}/__init__.py"
        if module.endswith("/"):
            path = f"{module}{name}.py"
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text("raise SystemExit('a module was imported')\n")
        record.append(f"{path},sha256=x,1")
    if top_level:
        tops = sorted({module.rstrip("/").partition(".")[0] for module in modules})
        (folder / "top_level.txt").write_text("\n".join(tops) + "\n")
    if editable:
        link = {"url": "file:///x", "dir_info": {"editable": True}}
        (folder / "direct_url.json").write_text(json.dumps(link))
    lines = [f"Requires-Dist: {line}" for line in requires]
    head = "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines])
    (folder / "METADATA").write_text(f"{head}\n\nRequires-Dist: body-is-no-header\n")
    (folder / "RECORD").write_text("\n".join(record) + "\n")
    return folder


def locked(*imports: str) -> Lock:
    return capture(imports, tables=False)


def test_imports_are_locked_with_all_that_they_require(site: Path) -> None:
    install(site, "Zz_Learn", "1.2.3", modules=("zzlearn",), requires=("zz.numeric>=1", "zz-jobs"))
    install(site, "zz_numeric", "2.0+cpu", modules=("zznumeric",))
    install(site, "zz_jobs", "3.0", modules=("zzjobs.py",), requires=("Zz-Learn (>=1)",))
    install(site, "zz_unrelated", "1.0", modules=("zzunrelated",))
    lock = locked("zzlearn")
    assert lock.distributions == (
        ("zz-jobs", "3.0"),
        ("zz-learn", "1.2.3"),
        ("zz-numeric", "2.0+cpu"),
    )
    assert (lock.local, lock.missing) == ((), ())
    assert lock.python == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert lock.implementation == sys.implementation.name


def test_markers_and_extras_decide_what_is_required(site: Path) -> None:
    install(
        site,
        "zz_top",
        "1",
        modules=("zztop",),
        requires=(
            'zz_old; python_version < "3"',
            'zz_new >= 1 ; python_version >= "3" and sys_platform != "nowhere"',
            'zz_extra; extra == "plots"',
            'zz_both; extra == "plots" and python_version >= "3"',
            "zz_lib[fast, slow-er]>=2",
            "zz_link @ https://example.org/a;b.whl ; python_version >= '3'",
            "zz_absent",
        ),
    )
    install(
        site,
        "zz_lib",
        "2",
        modules=("zzlib",),
        requires=(
            "zz_fast; extra == 'fast'",
            "zz_slower; python_version > '3' and extra == 'slow_er'",
            "zz_never; extra == 'never'",
        ),
    )
    for name in ("old", "new", "extra", "both", "fast", "slower", "never", "link"):
        install(site, f"zz_{name}", "1")
    names = [name for name, _ in locked("zztop").distributions]
    assert names == ["zz-fast", "zz-lib", "zz-link", "zz-new", "zz-slower", "zz-top"]


def test_modules_are_found_by_the_list_of_files_where_nothing_declares_them(site: Path) -> None:
    install(site, "zz_flit", "1", modules=("zzflit",), top_level=False)
    install(site, "zz_single", "1", modules=("zzsingle.py",), top_level=False)
    install(
        site,
        "zz_native",
        "1",
        modules=("zznative.cpython-311-x86_64-linux-gnu.so",),
        top_level=False,
    )
    install(site, "zz_prefix", "1", modules=("zzflitter", "other/zzflit"), top_level=False)
    found = locked("zzflit", "zzsingle", "zznative").distributions
    assert [name for name, _ in found] == ["zz-flit", "zz-native", "zz-single"]


def test_a_namespace_belongs_to_all_that_share_it(site: Path) -> None:
    install(site, "zz_cloud_a", "1", modules=("zzcloud/",))
    install(site, "zz_cloud_b", "1", modules=("zzcloud/",), top_level=False)
    found = locked("zzcloud").distributions
    assert [name for name, _ in found] == ["zz-cloud-a", "zz-cloud-b"]


def test_the_first_of_two_with_one_name_counts(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "zz_twice", "1", modules=("zztwice",))
    install(tmp_path / "later", "zz-twice", "2", modules=("zztwice",))
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "later")])
    assert locked("zztwice").distributions == (("zz-twice", "1"),)


def test_modules_without_a_version_that_tells_are_named(site: Path) -> None:
    (site / "zzloose.py").write_text("raise SystemExit('a module was imported')\n")
    install(site, "zz_dev", "1", modules=("zzdev",), requires=("zz_dep",), editable=True)
    install(site, "zz_dep", "1", modules=("zzdep",))
    lock = locked("zzloose", "zzdev", "zznowhere")
    assert lock.local == ("zzdev", "zzloose")
    assert lock.missing == ("zznowhere",)
    assert lock.distributions == (("zz-dep", "1"), ("zz-dev", "1"))


def test_the_running_standard_library_is_part_of_the_version(site: Path) -> None:
    assert site.is_dir()
    only_here = sorted(sys.stdlib_module_names & {"asyncore", "audioop", "imp", "_colorize"})
    lock = locked("json", *only_here)
    assert (lock.distributions, lock.local, lock.missing) == ((), (), ())


def test_tables_bring_pyarrow() -> None:
    lock = capture((), tables=True)
    assert ("pyarrow", metadata.version("pyarrow")) in lock.distributions
    assert lock == capture(("pyarrow",), tables=False)


def test_folders_that_are_no_site_and_broken_metadata_are_passed_over(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "x.zip"
    archive.write_bytes(b"PK")
    broken = install(site, "zz_broken", "1", modules=("zzbroken",), requires=("zz ; what",))
    (broken / "direct_url.json").write_text("{")
    (site / "zz_empty-1.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", [str(archive), str(tmp_path / "none"), *sys.path])
    assert locked("zzbroken").distributions == (("zz-broken", "1"),)


def test_the_old_format_is_read(site: Path) -> None:
    folder = site / "zz_egg-1.5-py3.11.egg-info"
    folder.mkdir()
    (folder / "PKG-INFO").write_text("Name: zz_egg\nVersion: 1.5\n")
    (folder / "top_level.txt").write_text("zzegg\n")
    (folder / "requires.txt").write_text("zz_yolk>=1\n\n[extra]\nzz_white\n")
    install(site, "zz_yolk", "1")
    install(site, "zz_white", "1")
    assert locked("zzegg").distributions == (("zz-egg", "1.5"), ("zz-yolk", "1"))


def test_what_is_really_installed_is_what_the_standard_library_says() -> None:
    expected = {
        module: sorted({normalised(name) for name in names})
        for module, names in metadata.packages_distributions().items()
        if module.isidentifier()
    }
    owners = Installed(sys.path).owners(sorted(expected))
    assert {
        module: sorted(found.name for found in all_found) for module, all_found in owners.items()
    } == expected
    installed = Installed(sys.path)
    for distribution in metadata.distributions():
        found = installed.named(distribution.metadata["Name"])
        assert found is not None
        assert found.version == metadata.version(found.name)


def test_the_digest_covers_the_lock_and_the_variables(site: Path) -> None:
    install(site, "zz_one", "1", modules=("zzone",))
    lock, other = locked("zzone"), locked()
    digest = lock_digest(lock, (("A", "1"), ("B", "2")))
    assert digest.startswith("environment1:")
    assert digest == lock_digest(lock, (("B", "2"), ("A", "1")))
    assert (
        len(
            {
                digest,
                lock_digest(lock, ()),
                lock_digest(other, ()),
                lock_digest(lock, (("A", "2"),)),
            }
        )
        == 4
    )


def test_nothing_is_imported_and_little_time_is_spent() -> None:
    program = (
        "import sys, time\n"
        "from reprocc.runtime.environments.lock import capture\n"
        "began = time.process_time()\n"
        "lock = capture(('numpy', 'yaml'), tables=True)\n"
        "spent = time.process_time() - began\n"
        "slow = {'numpy', 'pyarrow', 'yaml', 'importlib.metadata'}\n"
        "print(spent, sorted(slow & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ
    )
    spent, _, imported = done.stdout.strip().partition(" ")
    assert imported == "[]"
    # 50 ms on a quiet machine; a machine that is not must not fail for that.
    assert float(spent) < 0.5


def test_a_command_locks_everything_installed_but_reprocc(site: Path) -> None:
    before = dict(capture_all().distributions)
    install(site, "alpha_one", "1.0", requires=("absent",))
    install(site, "beta", "2.0", editable=True)
    distributions_are_read_again()
    found = capture_all()
    assert set(found.distributions) == {*before.items(), ("alpha-one", "1.0"), ("beta", "2.0")}
    assert "beta" in found.local
    assert found.distributions == tuple(sorted(found.distributions))
    assert "reprocc" not in dict(found.distributions)


def distributions_are_read_again() -> None:
    """Forget what this process has seen of the search path."""
    for cached in (lock._installed, lock._capture_all):
        cached.cache_clear()
