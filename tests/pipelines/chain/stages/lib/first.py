from .second import times

__all__ = ["times"]
