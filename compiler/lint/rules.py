"""Every rule, by the last part of the names of the calls that it looks at."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from .draws import global_draw
from .estimators import ESTIMATORS, unseeded_estimator, unseeded_sample
from .finding import Finding
from .generators import cached_draw, drawn_seed, unseeded_generator, unseeded_shuffle
from .orders import completion_order, set_order, unsorted_listing
from .outline import Piece
from .outside import (
    install_at_run_time,
    network_access,
    parallel_jobs,
    undeclared_file,
    undeclared_variable,
)
from .paths import changed_input, index_column
from .results import builtin_hash, clock_in_result, random_identifier
from .talk import last_name
from .view import View

CallRule = Callable[[View, Piece, ast.Call, str | None], Iterator[Finding]]
PieceRule = Callable[[View, Piece], Iterator[Finding]]

_NAMES: tuple[tuple[CallRule, str], ...] = (
    (
        unseeded_generator,
        "Random default_rng RandomState SeedSequence PCG64 PCG64DXSM MT19937 Philox SFC64 seed"
        " SystemRandom seed_all from_non_deterministic_state urandom getrandom token_bytes"
        " randbelow randbits choice manual_seed manual_seed_all set_seed set_random_seed PRNGKey"
        " key",
    ),
    (unseeded_shuffle, "shuffle permutation random_shuffle"),
    (unseeded_estimator, " ".join(sorted(ESTIMATORS))),
    (unseeded_sample, "sample"),
    (unsorted_listing, "listdir scandir walk glob iglob iterdir rglob"),
    (completion_order, "as_completed wait imap_unordered map_unordered"),
    (
        clock_in_result,
        "time time_ns perf_counter perf_counter_ns monotonic monotonic_ns process_time"
        " process_time_ns thread_time thread_time_ns ctime localtime gmtime asctime strftime now"
        " today utcnow to_datetime Timestamp datetime64",
    ),
    (random_identifier, "uuid1 uuid4 token_hex token_urlsafe mktemp"),
    (builtin_hash, "hash"),
    (
        undeclared_file,
        "read_csv read_parquet read_json read_excel read_feather read_pickle read_table read_fwf"
        " read_orc read_ndjson read_ipc scan_csv scan_parquet scan_ndjson scan_ipc load loadtxt"
        " genfromtxt fromfile open read_text read_bytes",
    ),
    (
        network_access,
        "get post request Session session stream Client ClientSession urlopen urlretrieve"
        " PoolManager download create_connection HTTPSConnection load_dataset load get_dataset"
        " snapshot_download hf_hub_download fetch_openml fetch_california_housing fetch_covtype"
        " fetch_20newsgroups fetch_20newsgroups_vectorized fetch_lfw_people fetch_lfw_pairs"
        " fetch_olivetti_faces fetch_kddcup99 fetch_rcv1 fetch_species_distributions",
    ),
    (
        install_at_run_time,
        "main run call check_call check_output Popen getoutput system popen",
    ),
    (
        changed_input,
        "open write_text write_bytes unlink rename replace rmdir mkdir touch chmod symlink_to"
        " remove rmtree move truncate makedirs dump save copy copyfile copy2 copytree write_table"
        " savez savez_compressed savetxt to_csv to_parquet to_pickle to_feather to_json to_excel",
    ),
    (index_column, "to_csv"),
)

_RULES: dict[str, tuple[CallRule, ...]] = {}
for _rule, _words in _NAMES:
    for _word in _words.split():
        _RULES[_word] = (*_RULES.get(_word, ()), _rule)

_ON_PIECES: tuple[PieceRule, ...] = (set_order, undeclared_variable)


def findings_of(view: View, piece: Piece) -> tuple[Finding, ...]:
    """Return what the rules find in a piece, in the order of the file."""
    view.current = piece
    found: list[Finding] = []
    try:
        _apply(view, piece, found)
    except RecursionError:
        # Values are followed from the inside out; what is nested this deeply nobody wrote.
        return ()
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.code.name)))


def _apply(view: View, piece: Piece, found: list[Finding]) -> None:
    for rule in _ON_PIECES:
        found.extend(rule(view, piece))
    may_draw = any(view.imports(package, piece) for package in ("random", "numpy", "torch"))
    for call in piece.calls:
        rules = _RULES.get(last_name(call.func), ())
        if rules or may_draw or call.keywords:
            _look(view, piece, call, rules, may_draw, found)


def _look(
    view: View,
    piece: Piece,
    call: ast.Call,
    rules: tuple[CallRule, ...],
    may_draw: bool,
    found: list[Finding],
) -> None:
    if call.keywords:
        found.extend(parallel_jobs(view, piece, call))
    if not rules and not may_draw:
        return
    name = view.name_of(call.func, piece)
    before = len(found)
    for rule in rules:
        found.extend(rule(view, piece, call, name))
    if may_draw:
        found.extend(drawn_seed(view, piece, call, name))
        found.extend(cached_draw(view, piece, call, name))
        if len(found) == before:
            found.extend(global_draw(view, piece, call, name))
