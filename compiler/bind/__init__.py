"""Document to spec: the shape of every item is judged, and what is right becomes frozen nouns."""

from .binder import bind

__all__ = ["bind"]
