"""Document to spec: the shape of every item is judged, and what is right becomes frozen nouns."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, get_args

from ..codes.shape import (
    BAD_NAME,
    LANGUAGE_VERSION,
    MISSING_KEY,
    NOT_SUPPORTED_YET,
    UNKNOWN_KEY,
    WRONG_TYPE,
)
from ..collector import collector_paused
from ..diagnostic import Code, Diagnostic, Label, in_order
from ..document import Document, Entry, Mapping, Node, PlainValue, Scalar, Sequence
from ..fixing.rename import rename
from ..source import Span
from ..spec import Artifact, ArtifactKind, Environment, Name, Parameter, Spec, Transformation
from ..suggest import closest
from . import read
from .artifact import build_artifact
from .body import BODIES, misplaced_keys, outside_of, wrong_bodies
from .keys import meant_key
from .mistakes import wrong_choice
from .parameter import build_environment, build_parameter
from .place import Place
from .shape import Subject, Verdict, judge
from .transformation import build_transformation
from .unread import names_in_unread_sections
from .words import article, described

if TYPE_CHECKING:
    from ..model.items import Item

_SECTIONS = ("parameters", "environments", "artifacts", "transformations")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_LANGUAGE = 1
_KINDS: tuple[ArtifactKind, ...] = get_args(ArtifactKind)

_T = TypeVar("_T")


def bind(document: Document) -> tuple[Spec | None, tuple[Diagnostic, ...]]:
    """Bind a document: return the spec, and everything that is wrong with the file's shape.

    The spec holds all that is right, so that later stages can find further mistakes. It is None
    where the file is no mapping, or in another version of the language.
    """
    root = document.root
    if not isinstance(root, Mapping):
        message = f"a pipeline file must be a mapping, but is {described(root)}"
        span = root.span if isinstance(root, Scalar) else _first(root.span)
        return None, (Diagnostic(code=WRONG_TYPE, message=message, primary=Label(span=span)),)
    other_version = _other_version(root)
    if other_version is not None:
        return None, (other_version,)
    binder = _Binder(root)
    with collector_paused():
        binder.diagnostics.extend(_judge_top(root).diagnostics)
        spec = binder.spec()
    return spec, in_order(binder.diagnostics)


def _other_version(root: Mapping) -> Diagnostic | None:
    node = root.get("reprocc")
    version = read.whole(node)
    if node is None or version is None or version == _LANGUAGE:
        return None
    return Diagnostic(
        code=LANGUAGE_VERSION,
        message=f"the file is in version {version} of the language, and this reprocc knows 1",
        primary=Label(span=node.span),
    )


def _judge_top(root: Mapping) -> Verdict:
    """Judge the top level alone; its sections are looked into one item at a time."""
    shallow: dict[str, PlainValue] = {}
    for entry in root.entries:
        if entry.key == "$schema" or entry.key.startswith("x-"):
            continue
        match entry.value:
            case Mapping():
                shallow[entry.key] = {}
            case Sequence():
                shallow[entry.key] = []
            case Scalar(value=value):
                shallow[entry.key] = value
    subject = Subject(item="pipeline", words="the pipeline", key_span=_first(root.span), node=root)
    return judge(subject, shallow)


def _first(span: Span) -> Span:
    """Return the first character of a span: what is wrong with all of it is said there."""
    return Span(span.source, span.start, min(span.start + 1, span.end))


class _Binder:
    """Collects the items of one file, its diagnostics, and the names of what is broken."""

    def __init__(self, root: Mapping) -> None:
        self.root = root
        self.diagnostics: list[Diagnostic] = []
        self.broken: set[str] = set()
        self.makes_anything = False
        self.misnamed = frozenset(
            entry.key
            for section in _SECTIONS
            for entry in _entries(root, section)
            if not _NAME.match(entry.key)
        )

    def spec(self) -> Spec:
        top = read.fields(self.root)
        self.broken.update(names_in_unread_sections(self.root))
        parameters = self.items("parameters", self.parameter)
        environments = self.items("environments", self.environment)
        artifacts = self.items("artifacts", self.artifact)
        transformations = self.items("transformations", self.transformation)
        self.broken |= _misspelt_items(self.root)
        if self.makes_anything:
            self.broken.update(entry.key for entry in _entries(self.root, "artifacts"))
        return Spec(
            name=read.name(top["name"])
            if "name" in top
            else Name(text="", span=_first(self.root.span)),
            description=read.text(top.get("description")),
            seed=_seed(top.get("seed")),
            code=read.maybe_name(top.get("code")),
            parameters=parameters,
            environments=environments,
            artifacts=artifacts,
            transformations=transformations,
            broken=frozenset(self.broken),
            span=self.root.span,
        )

    def items(self, section: str, build: Callable[[Entry], _T | None]) -> tuple[_T, ...]:
        """Build the items of a section; those that are wrong are left out and noted."""
        found: list[_T] = []
        for entry in _entries(self.root, section):
            if not _NAME.match(entry.key):
                self.diagnostics.append(_bad_name(section, entry))
            item = build(entry)
            if item is None:
                self.broken.add(entry.key)
            else:
                found.append(item)
        return tuple(found)

    def judge(self, item: Item, entry: Entry) -> Node | None:
        """Judge the shape of an item, and return what of it can be built."""
        verdict = self.verdict(item, entry)
        self.diagnostics.extend(verdict.diagnostics)
        return verdict.remains

    def verdict(self, item: Item, entry: Entry) -> Verdict:
        """Judge the shape of an item."""
        noun = "artifact" if item in _KINDS else item
        subject = Subject(
            item=item,
            words=f"{noun} `{entry.key}`",
            key_span=entry.key_span,
            node=entry.value,
            misnamed=self.misnamed,
        )
        return judge(subject)

    def keep(self, built: tuple[_T, list[Diagnostic]]) -> _T:
        """Note what building an item found, and return the item."""
        item, found = built
        self.diagnostics.extend(found)
        return item

    def parameter(self, entry: Entry) -> Parameter | None:
        node = entry.value
        if isinstance(node, Scalar) and node.value is None:
            message = f"parameter `{entry.key}` must have a value, but is empty"
            self.diagnostics.append(_say(WRONG_TYPE, message, entry.key_span))
            return None
        if isinstance(node, Mapping):
            verdict = self.verdict("parameter", entry)
            self.diagnostics.extend(verdict.diagnostics)
            if verdict.diagnostics:  # a key that is misspelt there is missing
                return None
            if node.entry("type") is None and node.entry("default") is None:
                message = f"parameter `{entry.key}` has neither `type` nor `default`"
                self.diagnostics.append(_say(MISSING_KEY, message, entry.key_span))
                return None
        return build_parameter(_name(entry), node)

    def environment(self, entry: Entry) -> Environment | None:
        if self.judge("environment", entry) is None:
            return None
        return build_environment(_name(entry), entry.value)

    def artifact(self, entry: Entry) -> Artifact | None:
        kind = self.kind(entry)
        if kind is None:
            return None
        verdict = self.verdict(kind, entry)
        self.diagnostics.extend(verdict.diagnostics)
        if verdict.remains is None:
            return None
        has_source = "source" in {*verdict.meant, *read.fields(verdict.remains)}
        return self.keep(build_artifact(_name(entry), kind, verdict.remains, has_source=has_source))

    def kind(self, entry: Entry) -> ArtifactKind | None:
        """Return the kind of an artifact, by which its model is chosen."""
        node = entry.value
        words = f"artifact `{entry.key}`"
        if not isinstance(node, Mapping):
            message = f"{words} must be a mapping with a `kind`, but is {described(node)}"
            self.diagnostics.append(_say(WRONG_TYPE, message, entry.key_span))
            return None
        written = node.entry("kind")
        if written is None:
            self.diagnostics.append(_missing_kind(entry, words))
            return None
        for kind in _KINDS:
            if read.text(written.value) == kind:
                return kind
        place = Place(
            node=written.value,
            key="kind",
            key_span=written.key_span,
            words="`kind`",
            schema={},
        )
        self.diagnostics.append(wrong_choice(place, list(_KINDS)))
        return None

    def transformation(self, entry: Entry) -> Transformation | None:
        verdict = self.verdict("transformation", entry)
        is_later = any(d.code is NOT_SUPPORTED_YET for d in verdict.diagnostics)
        may_do = _may_do(entry, verdict)
        wrong = () if is_later or may_do else wrong_bodies(entry, verdict.meant)
        misplaced = misplaced_keys(entry)
        self.diagnostics.extend(outside_of(misplaced, entry, verdict.diagnostics))
        self.diagnostics.extend(wrong or misplaced)
        has_body = not wrong and not verdict.meant & BODIES and not may_do
        if verdict.remains is None or not has_body:
            made = self.outputs_of(entry.value)
            self.broken.update(made)
            self.makes_anything |= not made
            return None
        return self.keep(build_transformation(_name(entry), verdict.remains))

    def outputs_of(self, node: Node) -> set[str]:
        """Return what a broken transformation makes; nothing where that cannot be read.

        Nothing else produces these artifacts, and that is no mistake of theirs.
        """
        outputs = node.get("outputs") if isinstance(node, Mapping) else None
        made: tuple[Node, ...] = ()
        if isinstance(outputs, Sequence):
            made = outputs.items
        elif isinstance(outputs, Mapping):
            made = tuple(entry.value for entry in outputs.entries)
        names = {read.text(read.fields(item).get("artifact", item)) for item in made}
        return names if "" not in names else set()


def _missing_kind(entry: Entry, words: str) -> Diagnostic:
    """Say that an artifact has no kind, or that it is spelt otherwise."""
    from ..model.items import item_schema

    assert isinstance(entry.value, Mapping), "the caller has seen a mapping"
    for other in entry.value.entries:
        if closest(other.key, ["kind"]) is not None:
            keys = item_schema("table")["properties"]
            return Diagnostic(
                code=UNKNOWN_KEY,
                message=f"`{other.key}` is not a key of an artifact",
                primary=Label(span=other.key_span),
                help="did you mean `kind`?",
                fixes=rename(other.key_span, other.key, "kind", keys, of_language=True),
            )
    return Diagnostic(
        code=MISSING_KEY,
        message=f"{words} has no `kind`",
        primary=Label(span=entry.key_span),
        help="add `kind:`",
    )


def _may_do(entry: Entry, verdict: Verdict) -> bool:
    """Whether a transformation does nothing but what an unknown key, like no other, may mean."""
    keys = set(read.fields(entry.value))
    unknown = [d for d in verdict.diagnostics if d.code is UNKNOWN_KEY]
    return not BODIES & (keys | verdict.meant) and len(unknown) > len(verdict.meant)


def _seed(node: Node | None) -> int:
    """Return the seed, or the default where there is none or it has been refused."""
    seed = read.whole(node) or 0
    return seed if 0 <= seed < 2**31 and not isinstance(seed, bool) else 0


def _entries(root: Mapping, section: str) -> tuple[Entry, ...]:
    node = root.get(section)
    return node.entries if isinstance(node, Mapping) else ()


def _misspelt_items(root: Mapping) -> set[str]:
    """Return the names under a key that was meant for a section: they are known, if unread."""
    absent = [section for section in _SECTIONS if root.get(section) is None]
    return {
        inner.key
        for entry in root.entries
        if isinstance(entry.value, Mapping)
        and entry.key not in _SECTIONS
        and not entry.key.startswith("x-")
        and meant_key("pipeline", entry.key, absent) is not None
        for inner in entry.value.entries
    }


def _name(entry: Entry) -> Name:
    return Name(text=entry.key, span=entry.key_span)


def _say(code: Code, message: str, span: Span) -> Diagnostic:
    return Diagnostic(code=code, message=message, primary=Label(span=span))


def _bad_name(section: str, entry: Entry) -> Diagnostic:
    noun = section.removesuffix("s")
    better = re.sub(r"[^a-z0-9]+", "_", entry.key.lower()).strip("_")
    return Diagnostic(
        code=BAD_NAME,
        message=f"`{entry.key}` cannot be the name of {article(noun)}",
        primary=Label(span=entry.key_span),
        help=f"write `{better}`" if _NAME.match(better) else "use a-z, 0-9 and _",
    )
