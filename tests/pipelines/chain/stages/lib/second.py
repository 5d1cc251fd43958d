from .third import times

__all__ = ["times"]
