"""Calls and decorators that do nothing but give a value, known by the names of libraries.

Whatever is not here may do anything when a module is imported, so it counts for whoever imports it.
"""

from __future__ import annotations

_BUILTINS = """
    abs bool bytes bytes.fromhex chr complex dict dict.fromkeys divmod enumerate float float.fromhex
    frozenset int isinstance issubclass len list max min object ord range repr reversed round set
    slice sorted str str.maketrans sum tuple type zip
"""

_CALLS = """
    abc.abstractmethod collections.Counter collections.OrderedDict collections.defaultdict
    collections.deque collections.namedtuple dataclasses.dataclass dataclasses.field
    datetime.date datetime.datetime datetime.time datetime.timedelta datetime.timezone
    decimal.Decimal enum.auto enum.unique fractions.Fraction functools.partial
    logging.getLogger operator.attrgetter operator.itemgetter os.path.abspath os.path.dirname
    os.path.join pathlib.Path pathlib.PurePath pathlib.PurePosixPath re.compile
    types.MappingProxyType typing.Literal typing.NamedTuple typing.NewType typing.ParamSpec
    typing.TypeVar typing.TypeVarTuple typing.TypedDict typing.cast zoneinfo.ZoneInfo
    numpy.array numpy.asarray numpy.float32 numpy.float64 numpy.int32 numpy.int64 numpy.dtype
    pyarrow.schema pyarrow.field
"""

_DECORATORS = """
    abc.abstractmethod contextlib.asynccontextmanager contextlib.contextmanager
    dataclasses.dataclass enum.unique functools.cache functools.cached_property
    functools.lru_cache functools.total_ordering functools.wraps typing.final typing.no_type_check
    typing.overload typing.override typing.runtime_checkable typing_extensions.override
    jax.jit jax.vmap numba.jit numba.njit numba.vectorize numba.guvectorize
    tensorflow.function torch.inference_mode torch.jit.script torch.no_grad
"""

BUILTIN_CALLS = frozenset(_BUILTINS.split())
BUILTIN_DECORATORS = frozenset({"classmethod", "property", "staticmethod"})
PURE_CALLS = frozenset(_CALLS.split())
PURE_DECORATORS = frozenset(_DECORATORS.split())
PROPERTY_PARTS = frozenset({"deleter", "getter", "setter"})
"""What a property gives to decorate the others of its three functions with."""

REGISTERING_BASES = frozenset(
    """
    django.db.models.Model luigi.ExternalTask luigi.Task luigi.WrapperTask peewee.Model
    sqlalchemy.orm.DeclarativeBase sqlmodel.SQLModel yaml.YAMLObject
    """.split()  # noqa: SIM905
)
"""Classes of libraries that keep a list of their subclasses, so that making one is an effect."""
