"""Mends of mistakes as text edits: which are certain, and the text with them applied."""
