"""Bytes to a tree of nodes, each with its place."""

from .reader import decode, read

__all__ = ["decode", "read"]
