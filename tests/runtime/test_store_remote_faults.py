"""What stores in buckets do when servers, networks, rights fail: go on, or say what to do."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from reprocc.runtime.store import gcs, objects, remote, s3, versions
from reprocc.runtime.store.backend import Backend, Damaged, Missing, StoreError
from reprocc.runtime.store.open import open_backend
from reprocc.runtime.store.store import Store

from ..proxy import Answer, Asked, Break, Harm, Proxy, Rule, Unconditional
from ..servers import Server, settle

sys.path.insert(0, str(Path(__file__).parents[1]))

from contracts import samples


class Harmed(NamedTuple):
    """A store whose every request goes through a proxy."""

    backend: Backend
    proxy: Proxy
    server: Server

    @property
    def bucket(self) -> str:
        return self.backend.url.split("/")[2]

    def place(self, key: str) -> str:
        return f"{self.backend.url}/{key}"


@pytest.fixture(scope="module")
def proxies(gcs_server: Server, s3_server: Server) -> Iterator[dict[str, Proxy]]:
    with Proxy(gcs_server.address) as gs, Proxy(s3_server.address) as s3:
        yield {"gs": gs, "s3": s3}


@pytest.fixture(params=["gs", "s3"])
def harmed(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    proxies: dict[str, Proxy],
) -> Iterator[Harmed]:
    server: Server = request.getfixturevalue({"gs": "gcs_server", "s3": "s3_server"}[request.param])
    monkeypatch.setattr(remote, "PAUSES", (0.001,) * 4)
    monkeypatch.setattr(remote, "FIRST_PAUSES", 2)
    proxy = proxies[request.param]
    proxy.asked.clear()
    settle(monkeypatch, server.variables(proxy.address))
    url = f"{server.service}://{server.make_bucket()}/some/place"
    yield Harmed(open_backend(url), proxy, server)
    proxy.rule = lambda _: None


def first(count: int, harm: Harm, *, where: Callable[[Asked], bool] = lambda _: True) -> Rule:
    """Return a rule that does harm to the first requests of a kind."""
    left = [harm] * count
    return lambda asked: left.pop() if left and where(asked) else None


def error_of(act: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as caught:
        act()
    assert not isinstance(caught.value, Missing)
    return caught.value


def every_method(backend: Backend, folder: Path) -> dict[str, Callable[[], object]]:
    (folder / "source").write_bytes(b"file")
    return {
        "create": lambda: backend.create("a/new", b"new"),
        "put": lambda: backend.put("a/put", b"put"),
        "put_file": lambda: backend.put_file("a/file", folder / "source"),
        "get": lambda: backend.get("a/key"),
        "get_file": lambda: backend.get_file("a/key", folder / "copy"),
        "range": lambda: backend.range("a/key", 1, 2),
        "stat": lambda: backend.stat("a/key"),
        "list": lambda: list(backend.list("a/")),
        "children": lambda: backend.children("a/"),
        "delete": lambda: backend.delete("a/gone"),
    }


def test_opening_a_store_asks_nothing(harmed: Harmed) -> None:
    assert harmed.proxy.asked == []


@pytest.mark.parametrize("harm", [Answer(503), Answer(429), Break(asks=False), Break(asks=True)])
def test_every_method_rides_out_a_storm(harmed: Harmed, harm: Harm, tmp_path: Path) -> None:
    harmed.backend.put("a/key", b"12345")
    found = {}
    for name, act in every_method(harmed.backend, tmp_path).items():
        harmed.proxy.rule = first(4, harm)
        found[name] = act()
    assert found["create"] is True, "the writer is told of its own write"
    assert (found["get"], found["range"]) == (b"12345", b"23")
    assert (tmp_path / "copy").read_bytes() == b"12345"
    assert harmed.backend.children("a/") == ("file", "key", "new", "put")
    assert [harmed.backend.get(f"a/{name}") for name in ("new", "put", "file")] == [
        b"new",
        b"put",
        b"file",
    ]


@pytest.mark.parametrize(
    ("harm", "said"), [(Answer(503), "was busy and stayed so (HTTP 503)"), (Break(asks=False), "")]
)
def test_a_storm_that_does_not_end_is_an_error_that_may_be_tried_again(
    harmed: Harmed, harm: Harm, said: str, tmp_path: Path
) -> None:
    harmed.backend.put("a/key", b"12345")
    harmed.proxy.rule = lambda _: harm
    for name, act in every_method(harmed.backend, tmp_path).items():
        harmed.proxy.asked.clear()
        error = error_of(act)
        assert error.can_retry, name
        assert said in error.message
        assert error.remedy is not None
        assert "try again" in error.remedy
        assert error.place.startswith(harmed.backend.url)
        tries = 1 + len(remote.PAUSES)
        assert tries <= len(harmed.proxy.asked) <= 2 * tries, "the client may ask twice a try"
    assert not (tmp_path / "copy").exists()


def test_a_server_that_never_answered_is_not_waited_for_long(harmed: Harmed) -> None:
    harmed.proxy.rule = lambda _: Break(asks=False)
    assert error_of(lambda: harmed.backend.get("a")).can_retry
    assert len(harmed.proxy.asked) <= 2 * (1 + remote.FIRST_PAUSES)


@pytest.mark.parametrize("server", ["gcs_server", "s3_server"])
@pytest.mark.parametrize("address", ["127.0.0.1:PORT", "no such host"])
def test_an_address_at_which_nobody_answers_is_said(
    server: str,
    address: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    free_port: int,
) -> None:
    monkeypatch.setattr(remote, "PAUSES", (0.001,) * 4)
    found: Server = request.getfixturevalue(server)
    settle(monkeypatch, found.variables(address.replace("PORT", str(free_port))))
    error = error_of(lambda: open_backend(f"{found.service}://some-bucket/place").get("a"))
    assert error.message.endswith("could not be reached, or broke off")
    assert error.remedy is not None
    assert "the address of the server" in error.remedy


def test_half_an_answer_is_never_taken_for_a_whole_one(harmed: Harmed, tmp_path: Path) -> None:
    data = os.urandom(300_000)
    harmed.backend.put("a/key", data)
    for act in (
        lambda: harmed.backend.get("a/key"),
        lambda: harmed.backend.range("a/key", 0, len(data)),
    ):
        harmed.proxy.rule = first(3, Break(asks=True, part=0.5))
        assert act() == data
    harmed.proxy.rule = first(3, Break(asks=True, part=0.9))
    harmed.backend.get_file("a/key", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == data
    harmed.proxy.rule = lambda _: Break(asks=True, part=0.5)
    assert error_of(lambda: harmed.backend.get("a/key")).can_retry
    assert error_of(lambda: harmed.backend.get_file("a/key", tmp_path / "other")).can_retry
    assert not (tmp_path / "other").exists()


def test_a_create_whose_answer_was_lost_tells_apart_who_wrote(harmed: Harmed) -> None:
    harmed.proxy.rule = first(1, Break(asks=True), where=lambda asked: asked.is_conditional)
    assert harmed.backend.create("a/mine", b"mine")

    def another_is_faster(asked: Asked) -> Harm:
        if asked.is_conditional:
            harmed.proxy.rule = lambda _: None
            assert harmed.backend.create("a/theirs", b"theirs")
            return Break(asks=False)
        return None

    harmed.proxy.rule = another_is_faster
    assert not harmed.backend.create("a/theirs", b"ours")
    assert harmed.backend.get("a/theirs") == b"theirs"


def test_a_server_that_ignores_conditions_is_no_place_for_a_store(harmed: Harmed) -> None:
    harmed.proxy.rule = lambda asked: Unconditional() if asked.is_conditional else None
    for make in (Store.open, lambda url: Store.for_writing(url).backend.put("a", b"")):
        error = error_of(lambda make=make: make(harmed.backend.url))
        assert "this server ignores conditions on writes" in error.message
        assert list(harmed.backend.list("")) == [], "and nothing is left that looks like one"
    harmed.proxy.rule = lambda _: None
    assert Store.open(harmed.backend.url).url == harmed.backend.url


def test_a_create_that_is_answered_costs_one_request(harmed: Harmed) -> None:
    assert harmed.backend.create("a", b"1")
    assert len(harmed.proxy.asked) == 1
    assert not harmed.backend.create("a", b"2")
    assert len(harmed.proxy.asked) == 3, "what is there is read back: it could be ours"


def test_versions_have_no_gap_and_no_twin_when_answers_are_lost(harmed: Harmed) -> None:
    harms = itertools.cycle((None, None, Break(asks=True)))
    harmed.proxy.rule = lambda _: next(harms)
    for number in range(1, 9):
        version, is_new = publish(harmed.backend, b"%d" % number)
        assert (version.number, is_new) == (number, True)
    harmed.proxy.rule = lambda _: None
    found = versions.history(harmed.backend, "p", "a", ())
    assert [version.number for version in found] == list(range(1, 9))
    assert len({version.content.digest for version in found}) == 8


def publish(backend: Backend, data: bytes) -> tuple[versions.Version, bool]:
    return versions.publish(
        backend,
        pipeline="p",
        artifact="a",
        point=(),
        content=samples.stored(backend, data),
        run="r",
        task="t",
        fingerprint=samples.FINGERPRINT,
        reused_from=None,
        contract=None,
        created="",
    )


DENIED = {
    "gs": {"read": "storage.objects.get", "write": "objects.create", "list": "objects.list"},
    "s3": {"read": "s3:GetObject", "write": "s3:PutObject", "list": "s3:ListBucket"},
}


def test_a_right_that_was_taken_away_is_named_with_bucket_and_key(
    harmed: Harmed, tmp_path: Path
) -> None:
    harmed.backend.put("a/key", b"12345")
    harmed.proxy.rule = lambda _: Answer(403, b"<Error><Code>AccessDenied</Code></Error>")
    rights = DENIED[harmed.server.service]
    for name, act in every_method(harmed.backend, tmp_path).items():
        harmed.proxy.asked.clear()
        error = error_of(act)
        verb = {"list": "list", "children": "list", "delete": "delete"}.get(
            name, "write" if name.startswith(("put", "create")) else "read"
        )
        assert error.message == f"there is no permission to {verb} here"
        assert error.place.startswith(harmed.place("a/"))
        assert error.remedy is not None
        assert f"`{harmed.bucket}`" in error.remedy
        assert rights.get(verb, "") in error.remedy
        assert not error.can_retry
        assert len(harmed.proxy.asked) == 1, "asking again does not help"


def test_credentials_that_are_refused_say_how_to_log_in(harmed: Harmed) -> None:
    code = b"<Error><Code>InvalidAccessKeyId</Code><Message>no</Message></Error>"
    status = 401 if harmed.server.service == "gs" else 403
    harmed.proxy.rule = lambda _: Answer(status, code)
    error = error_of(lambda: harmed.backend.get("a"))
    assert "does not accept the credentials" in error.message
    assert error.remedy is not None
    assert "log in with" in error.remedy
    assert not error.can_retry


def test_a_bucket_that_is_not_there_is_not_an_empty_one(harmed: Harmed, tmp_path: Path) -> None:
    nowhere = open_backend(f"{harmed.server.service}://no-such-bucket-here/some/place")
    for name, act in every_method(nowhere, tmp_path).items():
        error = error_of(act)
        assert error.message == "there is no bucket `no-such-bucket-here`", name
        assert error.place.startswith(nowhere.url)
        assert error.remedy is not None
        assert "no-such-bucket-here`, or choose another store with `--store`" in error.remedy


def test_what_is_missing_in_a_bucket_that_is_there_is_looked_for_once(harmed: Harmed) -> None:
    for _ in range(3):
        with pytest.raises(Missing):
            harmed.backend.get("a")
    assert len(harmed.proxy.asked) == 3 + 1, "the first time it could have been the bucket"


def test_bytes_that_changed_on_the_way_are_damage(harmed: Harmed) -> None:
    name = objects.put_bytes(harmed.backend, b"the truth" * 100)
    harmed.proxy.rule = lambda _: Answer(200, b"the t\x72uth" * 99 + b"the lie!!")
    with pytest.raises(Damaged):
        objects.get_bytes(harmed.backend, name)


def test_a_large_file_goes_up_and_comes_down_in_pieces_through_a_storm(
    harmed: Harmed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "LARGE", 1 << 20)
    monkeypatch.setattr(remote, "_PIECE", 1 << 20)
    monkeypatch.setattr(gcs, "_CHUNK", 1 << 20)
    monkeypatch.setattr(s3, "_LEAST_PIECE", 5 << 20)  # S3 takes no smaller ones
    (tmp_path / "large").write_bytes(os.urandom(11 << 20))
    harms = itertools.cycle((None, Answer(503), None, None))
    harmed.proxy.rule = lambda _: next(harms)
    sha256, size = objects.put_path(harmed.backend, tmp_path / "large")
    assert size == 11 << 20
    assert max(asked.size for asked in harmed.proxy.asked) <= 6 << 20
    assert objects.is_whole(harmed.backend, sha256, size)
    objects.fetch(harmed.backend, sha256, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == (tmp_path / "large").read_bytes()


def test_an_upload_in_pieces_that_fails_leaves_nothing_under_the_name(
    harmed: Harmed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "LARGE", 1 << 20)
    monkeypatch.setattr(gcs, "_CHUNK", 1 << 20)
    monkeypatch.setattr(s3, "_LEAST_PIECE", 5 << 20)
    (tmp_path / "large").write_bytes(os.urandom(11 << 20))
    harmed.proxy.rule = lambda asked: Answer(503) if asked.size > 500_000 else None
    assert error_of(lambda: harmed.backend.put_file("a", tmp_path / "large")).can_retry
    harmed.proxy.rule = lambda _: None
    assert harmed.backend.stat("a") is None


NOBODY = {
    "gs": {"GOOGLE_APPLICATION_CREDENTIALS": "/nowhere/credentials.json"},
    "s3": {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull},
}


@pytest.mark.parametrize("service", ["gs", "s3"])
def test_without_credentials_one_is_told_how_to_log_in(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch, NOBODY[service] | {"AWS_SHARED_CREDENTIALS_FILE": os.devnull})
    error = error_of(lambda: open_backend(f"{service}://some-bucket/place").get("a"))
    assert "there are no credentials for" in error.message
    assert error.place == f"{service}://some-bucket/place/a"
    assert error.remedy is not None
    assert "log in with" in error.remedy


@pytest.mark.parametrize(("scheme", "package"), [("gs", "gcsfs"), ("s3", "s3fs")])
def test_a_package_that_lacks_is_named_with_the_command_that_installs_it(
    scheme: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    error = error_of(lambda: open_backend(f"{scheme}://some-bucket/place"))
    assert error.message == f"stores at `{scheme}://` need the package `{package}`"
    assert error.remedy is not None
    assert error.remedy.startswith("install it: `pip install ")


def test_a_name_too_long_for_a_bucket_is_named() -> None:
    backend = open_backend("gs://some-bucket/place")
    error = error_of(lambda: backend.create("x/" * 510 + "long", b""))
    assert "the name is too long" in error.message
