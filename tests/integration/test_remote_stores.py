"""Whole pipelines against stores in buckets: the same results, the same reuse, few requests."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..cli.conftest import run_many
from ..proxy import Answer, Asked, Break, Harm, Proxy
from ..servers import SERVICES, Server, Service, settle
from .chain import Chain, copy_chain, digests, ran, write_pipeline

Reprocc = Callable[..., Any]
QUICKER = {"penguins": ("-p", "trees=20"), "digits": ("-p", "folds=2")}
SAMPLE = ("penguins", "gs")
WHOLE = [
    pytest.param(
        example,
        service,
        marks=() if (example, service) == SAMPLE else pytest.mark.soak,
        id=f"{example}-{service}",
    )
    for example in ("digits", "flights", "penguins", "scripts")
    for service in SERVICES
]
ONE, OTHER = "gs", pytest.param("s3", marks=pytest.mark.soak)


@pytest.mark.parametrize(("example", "cloud"), WHOLE, indirect=["cloud"])
def test_an_example_runs_whole_and_then_not_again(
    example: str, cloud: str, examples: Path, reprocc: Reprocc, store: str
) -> None:
    pytest.importorskip("sklearn", reason="the examples need scikit-learn, pandas and matplotlib")
    folder = examples / example
    if example == "flights":
        subprocess.run([sys.executable, folder / "fetch.py"], check=True)
    chain = Chain(folder=folder, reprocc=reprocc)
    more = (*QUICKER.get(example, ()), "--store")
    there = chain.submit(*more, cloud, timeout=280)
    assert there["store"] == cloud
    again = chain.submit(*more, cloud, timeout=280)
    assert {task["state"] for task in again["tasks"]} == {"reused"}
    assert digests(again) == digests(there)
    if (example, cloud[:2]) != SAMPLE:
        assert digests(chain.submit(*more, store, timeout=280)) == digests(there)


@pytest.mark.ray
@pytest.mark.xdist_group("ray")
@pytest.mark.parametrize("cloud", ["s3"], indirect=True)
def test_workers_of_ray_reach_the_store_themselves(
    cloud: str, tmp_path: Path, reprocc: Reprocc
) -> None:
    chain = copy_chain(tmp_path / "chain", reprocc)
    there = chain.submit("--executor", "ray", "--store", cloud)
    assert ran(there) == {task["task"] for task in there["tasks"]}
    again = chain.submit("--store", cloud)
    assert ran(again) == set()
    assert digests(again) == digests(there)


VERBS = """
artifacts
versions chain/weights
get chain/report -o OUT/report.txt
get chain/scaled -o OUT/scaled.parquet
get chain/weights -o OUT/weights
show RUN
logs RUN clean
lineage chain/report
tag chain/report@1 good
diff chain/cleaned@1 chain/scaled@1
plan pipeline.yaml -p factor=3
why pipeline.yaml write -p title=New
"""


@pytest.mark.parametrize("cloud", [ONE, OTHER], indirect=True)
def test_every_verb_says_what_it_says_of_a_store_on_disk(
    cloud: str, tmp_path: Path, reprocc: Reprocc, store: str
) -> None:
    chain = copy_chain(tmp_path / "chain", reprocc)
    said = []
    for place in (store, cloud):
        out = tmp_path / f"out{len(said)}"
        out.mkdir()
        run = chain.submit("--store", place)["run"]
        commands = [
            [word.replace("OUT", str(out)).replace("RUN", run) for word in line.split()]
            for line in VERBS.strip().splitlines()
        ]
        found = run_many(
            [[*command, "--store", place] for command in commands],
            chain.folder,
            imports="import gcsfs.core, s3fs",
        )
        assert [rc for rc, _, _ in found] == [0] * len(commands), found
        said.append([_settled(text, place, out, run) for _, *both in found for text in both])
        files = {
            path.relative_to(out): path.read_bytes()
            for path in sorted(out.rglob("*"))
            if path.is_file() and path.suffix != ".html"
        }
        said[-1].append(str(files))
    assert said[1] == said[0]


def _settled(text: str, place: str, out: Path, run: str) -> str:
    """Leave out of what a verb said whatever differs from store to store."""
    words = text.replace(run, "RUN")
    words = words.replace(f"file://{place}", place).replace(place, "STORE").replace(str(out), "OUT")
    lines = (
        " ".join(word for word in line.split() if not _is_measured(word))
        for line in words.splitlines()
        if not line.startswith(("started", "command"))
    )
    # A range of times is told only where its ends differ.
    return "\n".join(line.replace(" (up to s of work)", "").replace(" to s", "") for line in lines)


def _is_measured(word: str) -> bool:
    return any(letter.isdigit() for letter in word) and ("." in word or ":" in word)


MANY = """
artifacts: {one: {kind: metrics}, all: {kind: metrics}}
transformations:
  make:
    python: "work:make"
    outputs: [one]
    arguments: {number: "${matrix.number}"}
    matrix: {number: [NUMBERS]}
  gather: {python: "work:gather", gather: {ones: one}, outputs: [all]}
"""
CODE = """
def make(number):
    return {"number": number}

def gather(ones):
    return {"count": len(ones)}
"""
TASKS = 12


@pytest.mark.parametrize("service", [ONE, OTHER])
def test_a_run_of_nothing_asks_little_and_much_of_it_at_once(
    service: Service,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    reprocc: Reprocc,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server: Server = request.getfixturevalue({"gs": "gcs_server", "s3": "s3_server"}[service])
    spec = MANY.replace("NUMBERS", ", ".join(map(str, range(TASKS))))
    chain = write_pipeline(tmp_path / "many", reprocc, spec=spec, code=CODE)
    with Proxy(server.address) as proxy:
        settle(monkeypatch, server.variables(proxy.address))
        store = f"{service}://{server.make_bucket()}"
        chain.submit("--store", store)
        proxy.asked.clear()
        # Eight requests for records of reuse wait for each other, so as many must be under way.
        meeting = threading.Barrier(8)
        records = [0]

        def meet(asked: Asked) -> Harm:
            if "/reuse/" in asked.what and asked.what.startswith("GET"):
                records[0] += 1
                if records[0] <= 8:
                    meeting.wait(timeout=30)
            return None

        proxy.rule = meet
        again = chain.submit("--store", store)
    assert ran(again) == set()
    assert not meeting.broken
    listings = [asked for asked in proxy.asked if "prefix=" in asked.what]
    assert len(listings) <= 3, [asked.what for asked in listings]
    # A task costs its record of reuse, whether there is a second, its object, its manifest.
    assert len(proxy.asked) <= 25 + 4 * (TASKS + 1), "\n".join(a.what for a in proxy.asked)


@pytest.mark.parametrize("service", [OTHER, ONE])
def test_a_run_through_a_bad_network_gives_what_a_good_one_does(
    service: Service,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    reprocc: Reprocc,
    store: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server: Server = request.getfixturevalue({"gs": "gcs_server", "s3": "s3_server"}[service])
    chain = copy_chain(tmp_path / "chain", reprocc)
    harms = itertools.cycle(
        [*[None] * 6, Answer(503), *[None] * 4, Break(asks=True), *[None] * 5, Break(asks=False)]
    )
    with Proxy(server.address) as proxy:
        settle(monkeypatch, server.variables(proxy.address))
        proxy.rule = lambda _: next(harms)
        bucket = f"{service}://{server.make_bucket()}"
        there = chain.submit("--store", bucket)
        assert ran(there) == {task["task"] for task in there["tasks"]}
        assert ran(chain.submit("--store", bucket)) == set()
    assert digests(there) == digests(chain.submit("--store", store))
    assert {out["version"] for task in there["tasks"] for out in task["outputs"].values()} == {1}


def test_a_store_that_cannot_be_is_a_wrong_use_and_a_bucket_that_is_not_there_is_said(
    tmp_path: Path, reprocc: Reprocc, monkeypatch: pytest.MonkeyPatch, s3_server: Server
) -> None:
    settle(monkeypatch, s3_server.variables())
    chain = copy_chain(tmp_path / "chain", reprocc)
    done = reprocc("submit", chain.spec, "--store", "s3://Not/A/bucket")
    assert done.rc == 2
    assert "must be followed by the name of a bucket" in done.stderr
    for verb in (("submit", chain.spec), ("runs",)):
        done = reprocc(*verb, "--store", "s3://no-such-bucket/place")
        assert done.rc == 3
        assert "there is no bucket `no-such-bucket`" in done.stderr
        assert "aws s3 mb s3://no-such-bucket" in done.stderr
        assert "Traceback" not in done.stderr
