"""Runs a plan against a store through an executor; never Ray."""
