"""`fsck` and `gc` on the command line: what they print, and how they end."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reprocc.compiler.canonical import Digest, sha256_hex
from reprocc.compiler.fingerprint import Fingerprint
from reprocc.runtime.content import Content, Part
from reprocc.runtime.store import versions
from reprocc.runtime.store.objects import put_bytes
from reprocc.runtime.store.sealed import seal
from reprocc.runtime.store.store import Store

NONE = {"count": 0, "bytes": 0}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A store with three old versions of a source."""
    backend = Store.open(str(tmp_path / "kept")).backend
    for number in range(3):
        data = b"version %d" % number
        part = Part(
            sha256=put_bytes(backend, data), size=len(data), rows=None, path="", executable=False
        )
        versions.publish(
            backend,
            pipeline="p",
            artifact="a",
            point=(),
            content=Content(
                kind="file",
                layout="file",
                digest=Digest(f"sha256:{part.sha256}"),
                parts=(part,),
                rows=None,
                schema=None,
                suffix=".txt",
            ),
            run="20261122-172712-3f9a1c",
            task="",
            fingerprint=Fingerprint("ingest1:" + sha256_hex(data)),
            reused_from=None,
            contract=None,
            created="2026-11-22T17:27:12.000Z",
            location="a.txt",
        )
    for path in (tmp_path / "kept").rglob("*.*"):
        os.utime(path, (0, 0))
    for path in (tmp_path / "kept/objects").rglob("*"):
        os.utime(path, (0, 0))
    return tmp_path / "kept"


def _damage(kept: Path) -> str:
    """Remove the second object and damage the first manifest; return the object's name."""
    name = sha256_hex(b"version 1")
    (kept / "objects/sha256" / name[:2] / name).unlink()
    (kept / "pipelines/p/artifacts/a/0000000001.json").chmod(0o644)
    (kept / "pipelines/p/artifacts/a/0000000001.json").write_bytes(b"{}")
    return name


def test_a_whole_store_is_said_to_be(kept: Path, reprocc: Callable[..., Any]) -> None:
    done = reprocc("fsck", "--store", kept)
    assert (done.rc, done.stdout) == (0, "")
    assert done.stderr.startswith("4 records and 3 objects (27 B) looked at in ")
    assert done.stderr.endswith(": nothing is damaged\n")


def test_damage_is_listed_and_nothing_is_collected(kept: Path, reprocc: Callable[..., Any]) -> None:
    name = _damage(kept)
    done = reprocc("fsck", "--store", kept)
    assert done.rc == 1
    assert done.stdout.splitlines() == [
        "FOUND           WHERE                                    SIZE  "
        "WHAT                                  NEEDED BY  DONE",
        "damaged record  pipelines/p/artifacts/a/0000000001.json  2 B   "
        "the manifest of a version is damaged",
        f"missing object  {name[:12]}                             9 B   "
        "it is not there                       p/a@2      submit makes it again",
    ]
    assert done.stderr.endswith(
        ": 2 damaged\n"
        "1 of the objects (9 B) are needed by nothing; `reprocc gc` removes them when they are old "
        "enough\n"
        "  = help: `reprocc fsck --repair` takes what is damaged out of use\n"
    )
    refused = reprocc("gc", "--store", kept)
    assert refused.rc == 1
    assert refused.stderr.startswith(
        "error: `pipelines/p/artifacts/a/0000000001.json` cannot be read, so what it needs is "
    )


def test_what_was_mended_is_told_as_json(kept: Path, reprocc: Callable[..., Any]) -> None:
    name = _damage(kept)
    mended = reprocc("fsck", "--repair", "--json", "--store", kept)
    found = json.loads(mended.stdout)
    assert (mended.rc, mended.stderr) == (1, "")
    assert isinstance(found.pop("seconds"), float)
    assert found == {
        "store": f"file://{kept}",
        "is_whole": False,
        "deep": False,
        "repair": True,
        "records": 4,
        "objects": 2,
        "bytes": 18,
        "orphans": {"count": 1, "bytes": 9},
        "findings": [
            {
                "kind": "damaged-record",
                "severity": "damage",
                "key": "pipelines/p/artifacts/a/0000000001.json",
                "bytes": 2,
                "message": "the manifest of a version is damaged",
                "needed_by": [],
                "act": "set aside",
                "stays": False,
            },
            {
                "kind": "missing-object",
                "severity": "damage",
                "key": f"objects/sha256/{name[:2]}/{name}",
                "bytes": 9,
                "message": "it is not there",
                "needed_by": ["p/a@2"],
                "act": "",
                "stays": True,
            },
        ],
    }


def test_a_dry_run_removes_nothing_and_a_collection_what_it_said(
    kept: Path, reprocc: Callable[..., Any]
) -> None:
    dry = reprocc("gc", "--keep", "2", "--store", kept)
    assert dry.rc == 0
    assert dry.stdout.splitlines()[:2] == [
        "VERSION  SIZE  CREATED                  CAN BE MADE AGAIN",
        "p/a@1    9 B   2026-11-22 17:27:12 UTC  no: it came from outside: `a.txt`",
    ]
    assert [line.split("  ")[0] for line in dry.stdout.splitlines()[3:]] == [
        "WHAT GOES", "objects of what goes", "versions"
    ]  # fmt: skip
    assert dry.stderr.endswith(
        " would be freed; 2 versions stay\n  = help: this was a dry run; `--delete` removes it\n"
    )
    found = json.loads(reprocc("gc", "--keep", "2", "--delete", "--json", "--store", kept).stdout)
    assert isinstance(found.pop("seconds"), float)
    manifest = (kept / "pipelines/p/artifacts/a/0000000001.gone").stat().st_size
    assert found == {
        "store": f"file://{kept}",
        "deleted": True,
        "keep": 2,
        "bytes": 9 + manifest,
        "kept": 2,
        "under_way": [],
        "freed": {
            "objects": {"count": 1, "bytes": 9},
            "orphans": NONE,
            "logs": NONE,
            "manifests": {"count": 1, "bytes": manifest},
            "reuse": NONE,
            "contracts": NONE,
            "leftovers": NONE,
        },
        "versions": [
            {
                "pipeline": "p",
                "artifact": "a",
                "point": "",
                "version": 1,
                "digest": f"sha256:{sha256_hex(b'version 0')}",
                "run": "20261122-172712-3f9a1c",
                "created": "2026-11-22T17:27:12.000Z",
                "bytes": 9,
                "can_be_made_again": False,
                "obstacle": "it came from outside: `a.txt`",
            }
        ],
    }
    again = reprocc("gc", "--keep", "2", "--delete", "--store", kept)
    assert (again.rc, again.stdout) == (0, "")
    assert again.stderr == "there is nothing to remove; 2 versions stay\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--keep", "0"), "error: `--keep 0` keeps no version\n  = help: write 1 or more\n"),
        (("--grace", "soon"), "error: `--grace soon` is no age\n"),
        (("--logs", "-1d"), "error: `--logs -1d` is no age\n"),
    ],
)
def test_what_is_no_number_or_age_is_refused(
    kept: Path, reprocc: Callable[..., Any], arguments: tuple[str, ...], message: str
) -> None:
    done = reprocc("gc", *arguments, "--store", kept)
    assert done.rc == 2
    assert done.stderr.startswith(message)


def test_where_there_is_no_store_there_is_nothing_to_check(
    tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    for verb in ("fsck", "gc"):
        done = reprocc(verb, "--store", tmp_path / "nowhere")
        assert done.rc == 1
        assert done.stderr.startswith(f"error: there is no store at `{tmp_path}/nowhere`\n")
    assert not (tmp_path / "nowhere").exists()


def test_a_store_without_its_mark_is_checked_and_gets_it_back(
    kept: Path, reprocc: Callable[..., Any]
) -> None:
    (kept / "store.json").unlink()
    assert reprocc("fsck", "--repair", "--store", kept).rc == 0
    assert reprocc("fsck", "--store", kept).stdout == ""
    (kept / "store.json").unlink()
    (kept / "store.json").write_bytes(seal("store", {}).replace(b'"format":1', b'"format":2'))
    newer = reprocc("fsck", "--repair", "--store", kept)
    assert newer.rc == 3
    assert "format 2" in newer.stderr
