"""Keeping a store: finding what is damaged in it, and removing what nobody needs any more."""
